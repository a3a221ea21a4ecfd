"""What figures alone tell of words that are lost or mean nothing: W04 and W07."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from schemas.table import NUMBER
from schemas.taxonomy import load
from tasks.reconcile.claims.rows import NO_NUMBERS, check_rows, derived, name_of, roles
from tasks.reconcile.wording import figure

ZERO = pl.lit(Decimal(0), NUMBER)
HALF = 0.5
TABLE = "表"
"""Sections of tables bear it."""


def percent_of_zero(facts: pl.DataFrame, figures: pl.DataFrame) -> pl.DataFrame:
    """W04: a growth rate where the year before was 0, and a completion rate of a budget that is printed as 0.

    The year before was 0 where the change is the whole amount of the year. A percentage of 0 is no claim. The initial
    budget is another rule's (C05).
    """
    key = ["report_id", "member", "section"]
    current = figures.filter(pl.col("period") == "current")
    amounts = current.filter(pl.col("unit_kind") == "money").select(
        *key, "concept", "title", amount="base", fact="fact"
    )
    changes = figures.filter(pl.col("period") == "change", pl.col("base") > 0)
    names = derived()
    grown = (
        amounts.join(names, on="concept")
        .join(changes.select(*key, change="concept", by="base"), on=[*key, "change"])
        .filter(pl.col("amount") == pl.col("by"))
        .join(changes.select(*key, growth="concept", lhs="base", rate_fact="fact"), on=[*key, "growth"])
        .with_columns(told=pl.lit("the year before was 0"))
    )
    known = roles().filter(pl.col("role") == "budget", pl.col("of_budget") != "年初").select("concept")
    stems = load.stems()
    of_budget = pl.concat(
        stems.filter(pl.col(name) != "").select("concept", "completion", budget=name)
        for name in ("budget", "full_year_budget")
    ).join(known.rename({"concept": "budget"}), on="budget", how="semi")
    unbudgeted = (
        amounts.filter(pl.col("amount") > 0)
        .join(of_budget, on="concept")
        .join(current.filter(pl.col("base") == 0).select(*key, budget="concept"), on=[*key, "budget"])
        .join(
            current.filter(pl.col("base") > 0).select(*key, completion="concept", lhs="base", rate_fact="fact"),
            on=[*key, "completion"],
        )
        .with_columns(told=pl.lit("the budget is 0"))
    )
    columns = ["report_id", "section", "concept", "title", "fact", "rate_fact", "lhs", "told"]
    found = pl.concat([grown.select(columns), unbudgeted.select(columns)]).unique(
        ["report_id", "rate_fact"], keep="first", maintain_order=True
    )
    name = name_of("concept", "title")
    return check_rows(
        found.sort("report_id", "rate_fact").with_columns(
            what=name,
            verdict=pl.lit("violated"),
            diagnosis=pl.lit("zero_base"),
            unit_kind=pl.lit("percent"),
            facts=pl.concat_list("fact", "rate_fact").list.sort(),
            claims=NO_NUMBERS,
        ).with_columns(
            message=pl.format("{} is given as {}, but {}: right would be no percentage", name, figure("lhs"), "told")
        ),
        "W04",
    )  # fmt: skip


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
