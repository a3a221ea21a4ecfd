"""What a release has to show: its tables as far as pages tell them, with the name of each page."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl

from schemas.marts import BY_NAME
from tasks.publish import package
from tasks.publish.identity import slot
from tasks.publish.reports import HEADLINES

Row = dict[str, Any]

_IDENTITY = ("report_id", "fiscal_year", "region_code", "region_name", "entity", "entity_key", "kind", "url", "status")
_FINDING = (
    "report_id", "finding", "equation", "instance", "severity", "verdict", "unit_kind",
    "lhs", "rhs", "residual", "bound", "message",
)  # fmt: skip
_EXPECTED = ("fiscal_year", "region_code", "entity", "kind", "url", "status", "report_id", "why", "late")
_PUBLISHER = ("region_code", "entity", "kind")


@dataclass(frozen=True, slots=True)
class Shelf:
    """A release in frames.

    reports: one row per published or held report, with `entity_id` (the name of its publisher's page) and headline amounts,
    which held ones have none of. coverage: the mart, with `entity_id` where any report of the publisher is shown. findings:
    what is violated or acknowledged, with its report's identity. functions and components: first levels of
    `spending_by_function` and rows of `three_public`. package: the release's description.
    """

    release: Path
    package: Row
    reports: pl.DataFrame
    coverage: pl.DataFrame
    findings: pl.DataFrame
    functions: pl.DataFrame
    components: pl.DataFrame


def shelf(release: Path) -> Shelf:
    """The shelf of the release in that folder."""
    marts = {name: pl.scan_parquet(release / f"{name}.parquet") for name in BY_NAME}
    published = marts["reports"].select(*_IDENTITY, *HEADLINES, "facts", "evaluated").collect()
    all_findings = marts["findings"]
    held = all_findings.filter(pl.col("status") == "held").select(_IDENTITY).unique("report_id").collect()
    reports = pl.concat([published, held], how="diagonal").sort("region_code", "entity_key", "kind", "fiscal_year")
    reports = reports.with_columns(entity_id=_ids(reports))
    findings = all_findings.filter(pl.col("verdict") != "not_evaluated").select(_FINDING).collect()
    known = reports.select("report_id", "fiscal_year", "region_name", "entity", "kind", "entity_id")
    functions = marts["spending_by_function"].filter(pl.col("budget") == "general", pl.col("level") == "类")
    return Shelf(
        release,
        package.read(release),
        reports,
        _coverage(marts["coverage"].select(_EXPECTED).collect(), reports),
        findings.join(known, on="report_id", how="inner", maintain_order="left"),
        functions.select("report_id", "fiscal_year", "code", "name", "amount", "share").collect(),
        marts["three_public"].select("report_id", "fiscal_year", "component", "part_of", "amount").collect(),
    )


def _ids(reports: pl.DataFrame) -> pl.Series:
    """Names of publishers' pages: the same for every year of one publisher, and of nobody else."""
    # What a slot is beside its year; a report whose publisher is not known is alone in its own.
    timeless = reports.with_columns(fiscal_year=pl.lit("")).select(slot()).to_series()
    names = {each: sha256(each.encode()).hexdigest()[:12] for each in timeless.unique()}
    return timeless.replace_strict(names, return_dtype=pl.String)


def _coverage(coverage: pl.DataFrame, reports: pl.DataFrame) -> pl.DataFrame:
    """Coverage with the publishers' pages: a report that is missing has that of the same name's other years."""
    told = coverage.join(reports.select("report_id", "entity_id"), on="report_id", how="left", maintain_order="left")
    named = told.drop_nulls("entity_id").unique(_PUBLISHER, maintain_order=True).select(*_PUBLISHER, other="entity_id")
    joined = told.join(named, on=_PUBLISHER, how="left", nulls_equal=False, maintain_order="left")
    return joined.with_columns(pl.coalesce("entity_id", "other").alias("entity_id")).drop("other")
