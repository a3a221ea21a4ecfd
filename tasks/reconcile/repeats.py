"""Figures that a report states several times: every statement is compared with the one that takes precedence."""

from __future__ import annotations

from functools import cache

import polars as pl

from schemas.table import NUMBER
from schemas.taxonomy import load
from tasks.reconcile.figures import homes
from tasks.reconcile.verdicts import ORDER

KEY = ("report_id", "concept", "member", "period", "basis")
"""What makes two statements speak of the same figure; `basis` is the budget that a completion rate refers to."""


def repeats(figures: pl.DataFrame) -> pl.DataFrame:
    """One case per figure that sections of like scope state at least twice, with its verdict.

    lhs is the statement with the highest precedence, rhs the one that lies furthest outside what rounding explains.
    Each statement is as exact as it is printed: 894 and 893.96 agree, 894.00 and 893.96 do not. Which sections may
    be compared for which concept is data: network_repeats.csv and network_sections.csv.

    Columns: report_id, equation, instance, severity, unit_kind, concept, title, lhs, rhs, residual, bound,
    first_place, other_place, statements, facts, verdict, kind, fills_zero, diagnosis.
    """
    others = (
        figures.join(_scopes(), on=["concept", "top"], maintain_order="left")
        .filter(~pl.col("coded_only") | pl.col("code").is_not_null())
        .with_columns(statements=pl.len().over(KEY))
        .filter(pl.col("statements") > 1)
        .with_columns(
            lhs=pl.col("base").first().over(KEY),
            lhs_half=pl.col("own_half").first().over(KEY),
            first_place=pl.col("section").first().over(KEY),
            number=pl.int_range(pl.len()).over(KEY),
        )
        .with_columns(
            residual=(pl.col("lhs") - pl.col("base")).cast(NUMBER),
            bound=(pl.col("lhs_half") + pl.col("own_half")).cast(NUMBER),
        )
    )
    excess = pl.col("residual").abs() - pl.col("bound")
    furthest = (
        others.filter(pl.col("number") > 0)
        .sort(excess, pl.col("residual").abs(), descending=True, maintain_order=True)
        .unique(KEY, keep="first", maintain_order=True)
    )
    facts = others.group_by(KEY).agg(facts=pl.col("fact").sort())
    gap = pl.col("residual").abs()
    return furthest.join(facts, on=KEY, maintain_order="left").select(
        "report_id",
        "severity",
        "unit_kind",
        "concept",
        "title",
        "lhs",
        "residual",
        "bound",
        "first_place",
        "statements",
        "facts",
        equation="equation",
        instance=pl.concat_str(
            "concept", *(pl.when(pl.col(part) != "").then("/" + pl.col(part)) for part in KEY[2:]), ignore_nulls=True
        ),
        rhs="base",
        kind=pl.lit("repeat"),
        fills_zero=pl.lit(False),
        other_place="section",
        verdict=pl.when(gap == 0)
        .then(pl.lit("exact"))
        .when(gap <= pl.col("bound"))
        .then(pl.lit("rounding"))
        .otherwise(pl.lit("violated"))
        .cast(ORDER),
        diagnosis=pl.lit(None, pl.String),
    )


@cache
def _scopes() -> pl.DataFrame:
    """The main sections whose statements of a concept may be compared: concept, top, coded_only, equation, severity."""
    rule = load.equations().filter(pl.col("kind") == "repeat").row(0, named=True)
    table = (
        load.concepts()
        .select("concept")
        .join(homes().group_by("concept").agg(home="top"), on="concept")
        .join(load.repeats(), on="concept", how="left")
        .filter(pl.col("compared").fill_null("yes") != "never")
        .with_columns(
            equation=pl.lit(rule["equation"]),
            severity=pl.col("severity").replace("", None).fill_null(rule["severity"]),
            coded_only=(pl.col("compared") == "coded").fill_null(False),
        )
    )
    always = load.sections().filter(pl.col("repeats") == "always")["section"].to_list()
    extra = pl.col("sections").fill_null("").str.split(" ")
    return (
        table.select(
            "concept",
            "equation",
            "severity",
            "coded_only",
            top=pl.concat_list("home", extra, pl.lit(always)).list.unique(),
        )
        .explode("top")
        .filter(pl.col("top") != "")
    )
