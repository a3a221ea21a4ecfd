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
    claims: pl.LazyFrame,
    checks: pl.LazyFrame,
    acknowledgements: pl.DataFrame,
) -> pl.DataFrame:
    """marts.findings of published and held reports.

    `reports`, `facts`, `claims`, `checks`: curated. `acknowledgements`: finding, by, reason (texts), date, until (a date
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
        .join(_sentences(told, facts, claims), on=_CHECK, how="left", validate="1:1")
        .join(reviewed, on=["finding", "verdict"], how="left", validate="m:1")
        .with_columns(pl.col("sentence").fill_null(""))
        .select(marts.FINDINGS_TABLE.schema.names())
        .sort(marts.FINDINGS_TABLE.key)
    )


def _sentences(told: pl.DataFrame, facts: pl.LazyFrame, claims: pl.LazyFrame) -> pl.DataFrame:
    """Per check the sentences of its claims, or without any the quotes of its facts, in reading order.

    A fragment that states two figures, and a sentence with two claims, stands once.
    """
    of_claims = _quotes(told, claims, "claims", "claim")
    of_facts = _quotes(told.filter(pl.col("claims").list.len() == 0), facts, "facts", "fact")
    return pl.concat([of_claims, of_facts])


def _quotes(told: pl.DataFrame, rows: pl.LazyFrame, numbers: str, number: str) -> pl.DataFrame:
    """Per check the quotes of the rows that its column `numbers` names."""
    parts = told.select(*_CHECK, pl.col(numbers).alias(number)).explode(number).drop_nulls(number)
    return (
        parts.lazy()
        .join(rows.select("report_id", number, "start", "end", "quote"), on=["report_id", number])
        .sort(*_CHECK, "start", "end")
        .unique([*_CHECK, "quote"], keep="first", maintain_order=True)
        .group_by(_CHECK, maintain_order=True)
        .agg(sentence=pl.col("quote").str.join(" ｜ "))
        .collect(engine="streaming")
    )
