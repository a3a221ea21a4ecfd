"""What figures alone tell of words that are lost: W07."""

from __future__ import annotations

import polars as pl

from schemas.sections import PUBLIC_TABLE
from tasks.reconcile.claims.rows import NO_NUMBERS, check_rows, name_of

HALF = 0.5


def lost_units(facts: pl.DataFrame) -> pl.DataFrame:
    """W07: an amount in a sentence whose unit is not printed, where most amounts of its section have theirs.

    Where most have none, the unit is said once for all of them, or lost by whatever made the document.
    """
    bare = pl.col("unit") == ""
    amounts = facts.filter(pl.col("unit_kind") == "money", ~pl.col("section").str.contains(PUBLIC_TABLE)).unique(
        ["report_id", "start", "end"], keep="first", maintain_order=True
    )
    lost = amounts.filter(bare.mean().over("report_id", "section") < HALF).filter("unit_inferred", bare)
    cases = (
        lost.with_columns(what=name_of("concept", "member_name"))
        .group_by("report_id", "section", "what", maintain_order=True)
        .agg(pl.col("value").first(), facts="fact")
    )
    places = pl.col("facts").list.len()
    more = pl.when(places > 1).then(pl.format("; so in {} places", places)).otherwise(pl.lit(""))
    told = pl.format("{} {} has no unit: right would be 万元 behind it, or the unit that is meant", "what", "value")
    return check_rows(
        cases.with_columns(
            verdict=pl.lit("violated"), diagnosis=pl.lit("typing_error"), message=told + more, claims=NO_NUMBERS
        ),
        "W07",
    )
