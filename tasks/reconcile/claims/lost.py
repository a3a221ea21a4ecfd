"""What figures alone tell of words that are lost: W07."""

from __future__ import annotations

import polars as pl

from tasks.reconcile.claims.rows import NO_NUMBERS, check_rows, name_of

HALF = 0.5
TABLE = "表"
"""Sections of tables bear it."""


def lost_units(facts: pl.DataFrame) -> pl.DataFrame:
    """W07: an amount in a sentence whose unit is not printed, where most amounts of its section have theirs.

    Where most have none, the unit is said once for all of them, or lost by whatever made the document.
    """
    bare = pl.col("unit") == ""
    amounts = facts.filter(pl.col("unit_kind") == "money", ~pl.col("section").str.contains(TABLE)).unique(
        ["report_id", "start", "end"], keep="first", maintain_order=True
    )
    lost = amounts.filter(bare.mean().over("report_id", "section") < HALF).filter("unit_inferred", bare)
    name = name_of("concept", "member_name")
    return check_rows(
        lost.with_columns(
            what=name,
            verdict=pl.lit("violated"),
            diagnosis=pl.lit("typing_error"),
            message=pl.format(
                "{} {} has no unit: right would be 万元 behind it, or the unit that is meant", name, "value"
            ),
            facts=pl.concat_list("fact"),
            claims=NO_NUMBERS,
        ),
        "W07",
    )
