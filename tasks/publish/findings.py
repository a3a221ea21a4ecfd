"""The mart `findings`: what an auditor reads."""

from __future__ import annotations

import polars as pl

from schemas import marts
from schemas.taxonomy.load import equations

_CHECK = ["report_id", "equation", "instance"]


def findings(
    reports: pl.DataFrame,
    statuses: pl.DataFrame,
    facts: pl.LazyFrame,
    checks: pl.LazyFrame,
    acknowledgements: pl.DataFrame,
) -> pl.DataFrame:
    """marts.findings of published and held reports.

    `reports`, `facts`, `checks`: curated. `acknowledgements`: finding, by, reason (texts), date, until (a date
    or null).
    """
    told = checks.filter(pl.col("verdict").is_in(marts.FINDINGS)).collect(engine="streaming")
    identity = ["region_name", "entity", "entity_key", "kind", "url"]
    reviewed = acknowledgements.select(
        "finding",
        acknowledged_by="by",
        acknowledged_reason="reason",
        acknowledged_date="date",
        acknowledged_until="until",
    ).with_columns(verdict=pl.lit("acknowledged"))
    return (
        told.join(reports.select("report_id", *identity), on="report_id", validate="m:1")
        .join(statuses, on="report_id", validate="m:1")
        .join(equations().select("equation", "formula"), on="equation", how="left", validate="m:1")
        .join(_sentences(told, facts), on=_CHECK, how="left", validate="1:1")
        .join(reviewed, on=["finding", "verdict"], how="left", validate="m:1")
        .with_columns(pl.col("sentence").fill_null(""))
        .select(marts.FINDINGS_TABLE.schema.names())
        .sort(marts.FINDINGS_TABLE.key)
    )


def _sentences(told: pl.DataFrame, facts: pl.LazyFrame) -> pl.DataFrame:
    """Per check the quotes of its facts in reading order; a fragment that states two figures stands once."""
    parts = told.select(*_CHECK, fact="facts").explode("fact").drop_nulls("fact")
    wanted = facts.select("report_id", "fact", "start", "end", "quote")
    return (
        parts.lazy()
        .join(wanted, on=["report_id", "fact"])
        .unique([*_CHECK, "start", "end"])
        .sort(*_CHECK, "start", "end")
        .group_by(_CHECK, maintain_order=True)
        .agg(sentence=pl.col("quote").str.join(" ｜ "))
        .collect(engine="streaming")
    )
