"""The step as a whole: reports, facts and mentions in, checks out."""

from __future__ import annotations

from hashlib import sha256

import polars as pl

from schemas.curated import CHECKS
from tasks.reconcile.diagnose import diagnose
from tasks.reconcile.figures import figures as comparable
from tasks.reconcile.identity import identity
from tasks.reconcile.names import names
from tasks.reconcile.repeats import repeats
from tasks.reconcile.sums import choose, sides, unclassified
from tasks.reconcile.verdicts import best_reading, excuse, judge
from tasks.reconcile.wording import describe_repeats, describe_sums

FINDING_DIGITS = 12
TABLE = "表"
"""Sections of public tables begin with it."""


def reconcile(reports: pl.DataFrame, facts: pl.DataFrame, mentions: pl.DataFrame) -> pl.DataFrame:
    """The checks (table curated.checks) of all reports of a batch, ordered by report, equation and instance.

    Takes frames of the tables curated.reports, curated.facts and curated.mentions. Every equation of the network gives at
    least one row per report, `not_evaluated` where a figure it needs is absent (one row for all of its instances where
    it is about tables that the report does not have); T01 gives one row for each figure that is stated at least twice, I01
    one for each report that the catalogue names otherwise than its text. Raises ValueError for a section that
    network_sections.csv does not list.
    """
    known = comparable(facts)
    chosen = choose(known)
    sums = excuse(best_reading(judge(sides(reports, chosen))), mentions, unclassified(chosen)).pipe(_absent_tables_once)
    sums = sums.with_columns(
        instance=pl.concat_str(pl.col("instance", "group").replace("", None), separator="/", ignore_nulls=True),
    )
    again = repeats(known)
    checks = pl.concat(
        [
            describe_sums(diagnose(sums, known)).pipe(columns),
            describe_repeats(diagnose(again, known)).pipe(columns),
            identity(reports).pipe(columns),
            names(facts).pipe(columns),
        ]
    )
    return identified(checks, reports).sort("report_id", "equation", "instance").select(CHECKS.schema.names())


def _absent_tables_once(cases: pl.DataFrame) -> pl.DataFrame:
    """Leaves one row of an equation about tables where no instance of it has any figure."""
    in_tables = pl.col("sections").list.eval(pl.element().str.starts_with(TABLE)).list.all()
    absent = in_tables & (pl.col("facts").list.len() == 0)
    instances = ["report_id", "equation"]
    number = pl.int_range(pl.len()).over(instances)
    return cases.filter(~absent.all().over(instances) | (number == 0))


def columns(cases: pl.DataFrame) -> pl.DataFrame:
    """The columns of curated.checks but those that name publisher, year and finding."""
    return cases.select(
        "report_id",
        "equation",
        "instance",
        "severity",
        "unit_kind",
        "lhs",
        "rhs",
        "residual",
        "bound",
        pl.col("verdict").cast(pl.String),
        "diagnosis",
        "message",
        "facts",
    )


def identified(checks: pl.DataFrame, reports: pl.DataFrame) -> pl.DataFrame:
    """Adds finding, fiscal_year and region_code.

    A finding is the same across runs and formats while publisher, year, equation, instance and figures are the same.
    """
    table = checks.join(
        reports.select("report_id", "region_code", "entity_key", "kind", "fiscal_year"),
        on="report_id",
        maintain_order="left",
    )
    identity = table.select(
        pl.concat_str(
            pl.col("region_code", "entity_key", "kind", "fiscal_year", "equation", "instance", "lhs", "rhs")
            .cast(pl.String)
            .fill_null(""),
            separator="|",
        )
    ).to_series()
    digests = [sha256(text.encode()).hexdigest()[:FINDING_DIGITS] for text in identity]
    return table.with_columns(finding=pl.Series(digests, dtype=pl.String))
