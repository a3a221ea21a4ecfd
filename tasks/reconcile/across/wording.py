"""One sentence per comparison of two years, with the report that the other figure stands in."""

from __future__ import annotations

import polars as pl

from schemas.table import NUMBER
from schemas.taxonomy import load
from tasks.reconcile.across.readings import readings, rule
from tasks.reconcile.wording import figure, figure_of_gap

HOW = {"printed": "as printed", "change": "current less change", "rate": "by the growth rate"}
SIGNS = {"exact": "=", "rounding": "≈", "violated": "≠"}


def describe(cases: pl.DataFrame) -> pl.DataFrame:
    """The cases with instance and message."""
    same = pl.col("concept") == pl.col("witness")
    here = pl.concat_str(label("concept"), pl.lit(" "), figure("lhs"))
    there = pl.format(
        "{}{} in the report of {} ({})",
        pl.when(same).then(pl.lit("")).otherwise(label("witness") + " "),
        figure("rhs"),
        pl.col("fiscal_year") - 1,
        "prior_url",
    )
    how = pl.format(" for {} ({})", pl.col("fiscal_year") - 1, pl.col("how").replace_strict(HOW, default=""))
    prior, moved = (pl.col("equation") == rule(kind)["equation"] for kind in ("earlier", "plausible"))
    sign = pl.col("verdict").replace_strict(SIGNS, default="", return_dtype=pl.String)
    words = pl.when(moved).then(pl.lit("after")).otherwise(sign)
    bound = (
        pl.when(moved & (pl.col("verdict") == "violated"))
        .then(pl.format("; it moved by {}, {} would be plausible", figure_of_gap(), figure("bound")))
        .when(~moved & (pl.col("verdict") != "exact"))
        .then(pl.format("; off by {}, rounding explains at most {}", figure_of_gap(), figure("bound")))
        .otherwise(pl.lit(""))
    )
    why = pl.when(pl.col("diagnosis") == "restated").then(
        pl.format("; the report says: {}", pl.col("restated").str.replace_all(r"\s+", ""))
    )
    message = pl.format(
        "{} {}{} {} {}{}{}",
        "equation",
        here,
        pl.when(prior).then(how).otherwise(pl.lit("")),
        words,
        there,
        bound,
        why.otherwise(pl.lit("")),
    )
    return cases.with_columns(instance="concept", message=message)


def label(column: str) -> pl.Expr:
    """The Chinese name of a concept, or of a sum of concepts."""
    names = dict(load.concepts().select("concept", "label_zh").iter_rows())
    sums = [each for each in readings()["witness"] if load.PLUS in each]
    names |= {each: load.PLUS.join(names[part] for part in each.split(load.PLUS)) for each in sums}
    return pl.col(column).replace_strict(names, default=None, return_dtype=pl.String)


def absent_rows(cases: pl.DataFrame) -> pl.DataFrame:
    """One row per report and equation for the concepts that the report of the year before does not state."""
    silent = cases.filter(pl.col("verdict") == "not_evaluated").with_columns(label=label("absent"))
    grouped = silent.group_by("report_id", "equation", maintain_order=True).agg(
        pl.first("severity", "unit_kind", "fiscal_year", "prior_url", "verdict"),
        pl.col("absent").unique().sort(),
        pl.col("label").sort_by("absent").unique(maintain_order=True),
        facts=pl.col("facts").explode().unique().sort(),
    )
    nothing = [pl.lit(None, NUMBER).alias(name) for name in ("lhs", "rhs", "residual", "bound")]
    return grouped.with_columns(
        *nothing,
        instance=pl.lit(""),
        diagnosis="absent: " + pl.col("absent").list.join(", "),
        message=pl.format(
            "{}: not evaluated: the report of {} ({}) does not print {}",
            "equation",
            pl.col("fiscal_year") - 1,
            "prior_url",
            pl.col("label").list.join(", "),
        ),
    )
