"""One sentence per check: English with the Chinese terms, money in 万元."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from schemas.table import NUMBER
from schemas.taxonomy import load

NAMED_PARTS = 2
"""Up to this many parts are named; more are counted, where the equation has a noun for them."""


def describe_sums(cases: pl.DataFrame) -> pl.DataFrame:
    """Adds message to judged cases of the network (`tasks.reconcile.sums`, `.verdicts`)."""
    words = load.equations().select("equation", "title", "noun")
    table = cases.join(words, on="equation", maintain_order="left").with_columns(
        absent_labels=pl.col("absent").list.join(", ").pipe(_labels, cases["absent"])
    )
    many = (pl.col("noun") != "") & (pl.col("parts") > NAMED_PARTS)
    right = pl.when(many).then(pl.format("the sum of its {} {}", "parts", "noun")).otherwise("right")
    at_most = pl.col("kind") == "at_most"
    sign = (
        pl.when(pl.col("verdict") == "not_evaluated")
        .then(pl.lit("against"))
        .when(at_most & (pl.col("residual") >= 0))
        .then(pl.lit("≥"))
        .when(at_most & (pl.col("verdict") == "violated"))
        .then(pl.lit("<"))
        .otherwise(_sign())
    )
    sides = pl.format("{} {} {} {} {}, {}", "equation", "left", figure("lhs"), sign, figure("rhs"), right)
    bare = pl.format("{} {}", "equation", "title")
    computed = pl.col("residual").is_not_null()
    told = [
        table.filter(~computed).with_columns(message=bare + _rest(_why())),
        table.filter(computed).with_columns(message=sides + _rest(_why())),
    ]
    return pl.concat(told).drop("title", "noun", "absent_labels")


def describe_repeats(cases: pl.DataFrame) -> pl.DataFrame:
    """Adds message to judged cases of repeated statements (`tasks.reconcile.repeats`)."""
    labels = load.concepts().select("concept", "label_zh")
    name = pl.concat_str("label_zh", "title", separator=" ", ignore_nulls=True)
    stated = pl.format(
        "{} {} {} in {} {} {} in {}, stated {} times",
        "equation",
        name,
        figure("lhs"),
        "first_place",
        _sign(),
        figure("rhs"),
        "other_place",
        "statements",
    )
    return cases.join(labels, on="concept", maintain_order="left").with_columns(message=stated + _rest(pl.lit("")))


def figure(column: str, unit_kind: str = "unit_kind") -> pl.Expr:
    """A number of the base unit as people read it: 97.93万元, 12.5%, 3. Takes its kind from a column."""
    money = pl.col(unit_kind) == "money"
    number = pl.when(money).then(pl.col(column) * Decimal("0.0001")).otherwise(pl.col(column)).cast(NUMBER)
    unit = pl.when(money).then(pl.lit("万元")).when(pl.col(unit_kind) == "percent").then(pl.lit("%"))
    return number.cast(pl.String).str.strip_chars_end("0").str.strip_chars_end(".") + unit.otherwise(pl.lit(""))


def _sign() -> pl.Expr:
    return (
        pl.col("verdict").cast(pl.String).replace_strict({"exact": "=", "rounding": "≈", "violated": "≠"}, default="")
    )


def _rest(why: pl.Expr) -> pl.Expr:
    """How far the sides are apart and what rounding explains, or why nothing can be said."""
    apart = pl.format("; off by {}, rounding explains at most {}", figure_of_gap(), figure("bound"))
    return (
        pl.when(pl.col("verdict") == "exact")
        .then(pl.lit(""))
        .when(pl.col("verdict") == "not_evaluated")
        .then(pl.lit("; not evaluated: ") + why)
        .otherwise(apart)
    )


def figure_of_gap() -> pl.Expr:
    """The size of the residual as people read it."""
    return figure("residual").str.strip_prefix("-")


def _labels(joined: pl.Expr, absent: pl.Series) -> pl.Expr:
    """The Chinese labels of concepts that are joined by commas. There are few different lists among many cases."""
    concepts = dict(load.concepts().select("concept", "label_zh").iter_rows())
    lists = [names for names in absent.unique().to_list() if names]
    labels = {", ".join(names): ", ".join(concepts[name] for name in names) for names in lists}
    return joined.replace_strict(labels, default=None, return_dtype=pl.String)


def _why() -> pl.Expr:
    """Why a case is not evaluated, in words."""
    return (
        pl.when(pl.col("diagnosis") == "unread_figures")
        .then(pl.lit("figures in a section that takes part could not be read"))
        .when(pl.col("diagnosis") == "unclassified_items")
        .then(pl.lit("an item tells no functional class"))
        .when(pl.col("diagnosis") == "some_items")
        .then(pl.lit("the report lists some items only"))
        .otherwise(pl.col("absent_labels") + " not printed")
    )
