"""The mart `project_performance`: budget, execution and indicators of single projects."""

from __future__ import annotations

import polars as pl

from schemas import marts
from tasks.publish.statements import TOTALS, first, of_reports, source, stated

AMOUNTS = {
    "project_initial_budget": "initial_budget",
    "project_budget": "budget",
    "project_budget_fiscal": "budget_fiscal",
    "project_budget_other": "budget_other",
    "project_executed": "executed",
    "project_executed_fiscal": "executed_fiscal",
    "project_executed_other": "executed_other",
}
RATE = "project_execution_rate"
TARGET, ACTUAL = "indicator_target", "indicator_actual"

_LEVELS = "·"
"""Separates the project from the levels of its indicator in a member's name."""

_GOAL = r"^(?P<sign>[≥≤><])?(?P<number>[0-9]+(?:\.[0-9]+)?)(?P<unit>.*)$"


def project_performance(reports: pl.DataFrame, facts: pl.LazyFrame) -> pl.DataFrame:
    """marts.project_performance of marts.reports from their facts; a project is told by its name."""
    name = pl.col("member_name")
    rows = (
        stated(facts, [*AMOUNTS, RATE])
        .filter(name.is_not_null(), ~name.is_in(TOTALS), pl.col("period") == "current")
        .with_columns(column=pl.col("concept"))
        .group_by("report_id", name.alias("name"), maintain_order=True)
        .agg(
            *(first(concept, column) for concept, column in AMOUNTS.items()),
            first(RATE, "execution_rate", "number"),
            source("project_executed", "project_budget", *AMOUNTS, RATE),
            pl.col("fact").min().alias("begins"),
        )
        .collect(engine="streaming")
        .sort("report_id", "begins")
        .with_columns(project=pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over("report_id"))
    )
    return (
        of_reports(rows, reports)
        .join(_indicators(facts), on=["report_id", "name"], how="left", validate="1:1")
        .select(marts.PROJECT_PERFORMANCE.schema.names())
        .sort(marts.PROJECT_PERFORMANCE.key)
    )


def _indicators(facts: pl.LazyFrame) -> pl.DataFrame:
    """report_id, name, indicators, indicators_met of each project that lists indicators."""
    cells = (
        facts.filter(pl.col("concept").is_in([TARGET, ACTUAL]), pl.col("member_name").str.contains(_LEVELS))
        .select("report_id", "fact", "concept", "member_name", "value")
        .collect(engine="streaming")
        .sort("report_id", "fact")
        .with_columns(copy=pl.int_range(pl.len()).over("report_id", "concept", "member_name"))
    )
    indicator = ["report_id", "member_name", "copy"]
    pairs = cells.filter(pl.col("concept") == TARGET).join(
        cells.filter(pl.col("concept") == ACTUAL).select(*indicator, actual="value"),
        on=indicator,
        how="left",
        validate="1:1",
    )
    met = pairs.select(
        "report_id",
        pl.col("member_name").str.splitn(_LEVELS, 2).struct.field("field_0").alias("name"),
        _met(pl.col("value").str.strip_chars(), pl.col("actual").str.strip_chars()).alias("met"),
    )
    return met.group_by("report_id", "name").agg(
        indicators=pl.len().cast(pl.Int64),
        indicators_met=pl.when(pl.col("met").is_not_null().all()).then(pl.col("met").sum().cast(pl.Int64)),
    )


def _met(target: pl.Expr, actual: pl.Expr) -> pl.Expr:
    """Whether an actual value meets its target; null where the words do not tell."""
    goal, result = target.str.extract_groups(_GOAL), actual.str.extract_groups(_GOAL)
    sign = goal.struct.field("sign")
    wanted, reached = (side.struct.field("number").cast(pl.Decimal(38, 6)) for side in (goal, result))
    comparable = (goal.struct.field("unit") == result.struct.field("unit")) & result.struct.field("sign").is_null()
    return (
        pl.when(target == actual)
        .then(pl.lit(True))
        .when(comparable & (sign == "≥"))
        .then(reached >= wanted)
        .when(comparable & (sign == "≤"))
        .then(reached <= wanted)
        .when(comparable & (sign == ">"))
        .then(reached > wanted)
        .when(comparable & (sign == "<"))
        .then(reached < wanted)
    )
