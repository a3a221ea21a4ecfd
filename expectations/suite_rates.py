"""How often each equation is violated: a rule that fails too often is more likely wrong than all of its publishers.

Rates name no report and hold nothing. They tell where to look first, before publishers are blamed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from expectations.suite import Rule, collected, judged, limited_suite, plain, sentence
from expectations.tables import DIMENSIONS, RATES, Tables, table
from schemas.table import NUMBER

if TYPE_CHECKING:
    from great_expectations import ExpectationSuite

NAME = "rates"

FEWEST = 20
"""Reports in which an equation must have been evaluated before its rate says anything: of fewer, five in error are
chance."""

HARD_LIMIT = 25
"""Percent of the reports that may violate an equation of severity H. Published totals are printed by accounting software
and checked by a second office; where a quarter of them does not add up, the reading of them is at fault, or the
equation does not hold for that form of report."""

SOFT_LIMIT = 50
"""Percent for severities D and S. Percentages, comparisons and lists are typed by hand and often wrong, but not in every
other report."""

LOOK = {
    "run": "look at the equation first",
    "province": "look at the reading of this province first",
    "region": "look at the reading of this region first",
    "fiscal_year": "look at the reading of this year's form first",
}
"""What is more likely wrong than the publishers, by what the reports are grouped by."""

WORDS = {"run": "of the run", "province": "of a province", "region": "of a region", "fiscal_year": "of a fiscal year"}

RULES = tuple(
    Rule(
        f"{weight}-{dimension}".replace("_", "-"),
        f"At most {limit} % of the reports {WORDS[dimension]} violate an equation {which}, where {FEWEST} or more were evaluated",
        "warning",
        at_most=limit,
    )
    for weight, limit, which in (("hard", HARD_LIMIT, "of severity H"), ("soft", SOFT_LIMIT, "of severity D or S"))
    for dimension in DIMENSIONS
)

_RULES = {each.name: each for each in RULES}


def build_suite() -> ExpectationSuite:
    """One expectation per weight of equation and grouping of reports."""
    return limited_suite(NAME, RULES)


def evidence(tables: Tables) -> pl.DataFrame:
    """EVIDENCE with `value`, the rate in percent, from `audit.rates`: one row per equation and group that says anything."""
    rates = table(tables, "audit.rates").filter(pl.col("evaluated") >= FEWEST).collect()
    told = rates.with_columns(percent=plain(pl.col("rate").round(1))).lazy()
    frames = []
    for dimension in DIMENSIONS:
        for weight, severities in (("hard", ["H"]), ("soft", ["D", "S"])):
            rows = told.filter(pl.col("dimension") == dimension, pl.col("severity").is_in(severities))
            message = sentence(
                f"{{}}: {{}} of {{}} evaluated reports of {{}} violate it ({{}} %): {LOOK[dimension]}",
                "equation", "violated", "evaluated", "name", "percent",
            )  # fmt: skip
            frames.append(judged(_RULES[f"{weight}-{dimension}".replace("_", "-")], rows, pl.col("rate"), message))
    return collected(RULES, frames)


def rates(checks: pl.LazyFrame, reports: pl.LazyFrame) -> pl.DataFrame:
    """audit.rates from curated.checks, with what people acknowledged, and curated.reports.

    A report counts once for each equation and severity, however many instances it has. What people reviewed does not
    speak against the reading. A province is told of where it has more than one region.
    """
    verdict = pl.col("verdict")
    of_report = (
        checks.filter(verdict != "not_evaluated")
        .group_by("report_id", "region_code", "fiscal_year", "equation", "severity")
        .agg(violated=(verdict == "violated").any(), acknowledged=(verdict == "acknowledged").any())
    )
    counted = (
        of_report.group_by("region_code", "fiscal_year", "equation", "severity")
        .agg(
            evaluated=pl.len(),
            violated=pl.col("violated").sum(),
            acknowledged=(pl.col("acknowledged") & ~pl.col("violated")).sum(),
        )
        .collect(engine="streaming")
    )
    regions = reports.group_by("region_code").agg(name=pl.col("region_name").drop_nulls().first()).collect()
    names = dict(regions.drop_nulls("name").iter_rows())
    province = pl.col("region_code").str.slice(0, 2)
    several = counted.filter(pl.col("region_code").n_unique().over(province) > 1)
    region = pl.col("region_code")
    named = sentence(
        "region {} {}", region, region.replace_strict(names, default="", return_dtype=pl.String)
    ).str.strip_chars()
    grouped = {
        "run": (counted, pl.lit(""), pl.lit("the run")),
        "province": (several, province + "0000", sentence("province {}", province + "0000")),
        "region": (counted, region, named),
        "fiscal_year": (counted, pl.col("fiscal_year").cast(pl.String), pl.col("fiscal_year").cast(pl.String)),
    }
    parts = [_rates(frame, dimension, place, name) for dimension, (frame, place, name) in grouped.items()]
    return pl.concat(parts)


def _rates(counted: pl.DataFrame, dimension: str, place: pl.Expr, name: pl.Expr) -> pl.DataFrame:
    evaluated, violated = pl.col("evaluated"), pl.col("violated")
    return (
        counted.group_by(place.alias("place"), name.alias("name"), "equation", "severity")
        .agg(pl.col("evaluated", "violated", "acknowledged").cast(pl.Int64).sum())
        .with_columns(dimension=pl.lit(dimension), rate=100 * violated.cast(NUMBER) / evaluated.cast(NUMBER))
        .select(pl.col(column).cast(dtype) for column, dtype in RATES.schema.items())
        .sort(RATES.key)
    )
