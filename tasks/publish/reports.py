"""The marts `reports` and `facts`: identity, status, headline amounts and counts of published reports."""

from __future__ import annotations

import polars as pl

from schemas import marts
from tasks.publish.statements import is_total, stated

HEADLINES = tuple(column.name for column in marts.REPORTS.columns if column.unit == "yuan")
"""Headline columns bear the names of their concepts."""

_COUNTS = ("checks", "evaluated", "violated", "acknowledged")


def reports(reports: pl.DataFrame, facts: pl.LazyFrame, checks: pl.LazyFrame, statuses: pl.DataFrame) -> pl.DataFrame:
    """marts.reports from curated.reports of the reports to publish, their facts, checks and statuses."""
    return (
        reports.join(statuses, on="report_id", validate="1:1")
        .join(_headlines(facts), on="report_id", how="left", validate="1:1")
        .join(_verdicts(checks), on="report_id", how="left", validate="1:1")
        .with_columns(pl.col(_COUNTS).fill_null(0))
        .select(marts.REPORTS.schema.names())
        .cast(marts.REPORTS.schema)
    )


def _headlines(facts: pl.LazyFrame) -> pl.DataFrame:
    amounts = stated(facts, HEADLINES).filter(is_total(), pl.col("period") == "current")
    return (
        amounts.group_by("report_id", maintain_order=True)
        .agg(pl.col("amount_cny").filter(pl.col("concept") == name).first().alias(name) for name in HEADLINES)
        .collect(engine="streaming")
    )


def _verdicts(checks: pl.LazyFrame) -> pl.DataFrame:
    verdict = pl.col("verdict")
    return (
        checks.group_by("report_id")
        .agg(
            checks=pl.len(),
            evaluated=(verdict != "not_evaluated").sum(),
            violated=(verdict == "violated").sum(),
            acknowledged=(verdict == "acknowledged").sum(),
        )
        .collect(engine="streaming")
    )
