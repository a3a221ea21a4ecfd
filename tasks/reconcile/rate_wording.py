"""One sentence per derived figure: English with the Chinese terms, money in 万元, percentages with their printed places."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from schemas.taxonomy import load

CAUSES = {
    "truncated": "it is cut off, not rounded",
    "plugged": "it is adjusted so that the shares add up to 100",
    "sign": "it has the wrong sign",
    "scale_slip": "a decimal point or a unit is off",
    "transposed_digits": "two digits of a figure have changed places",
    "zero_base": "nothing is a percentage of zero",
}
REASONS = {
    "whole_is_zero": "the whole is 0, but not the part",
    "other_whole": "it may be the percentage of a whole that is not printed",
    "absent: parts": "not all figures that it needs are printed",
}
SIGNS = {"exact": "=", "rounding": "≈", "violated": "≠", "not_evaluated": "against"}


def describe_proportions(cases: pl.DataFrame) -> pl.DataFrame:
    """Adds message to judged pairs (`tasks.reconcile.proportions`)."""
    place = 2 * pl.col("strict")
    right = (pl.col("rhs") / place).round(0, mode="half_away_from_zero") * place
    name = pl.concat_str("equation", "percent_label", "title", percent("p"), separator=" ", ignore_nulls=True)
    growth, prior = pl.col("kind") == "growth", pl.col("kind") == "prior"
    amounts = pl.format(
        "{} {} {} {}",
        money("x"),
        pl.when(growth).then(pl.lit("on")).when(prior).then(pl.lit("after")).otherwise(pl.lit("of")),
        money(pl.when(growth).then("divisor").otherwise("y")),
        pl.when(growth)
        .then(pl.lit("of the prior year"))
        .when(prior)
        .then(pl.lit("in the prior year"))
        .otherwise("whole_label"),
    )
    table = cases.with_columns(subject=name, amounts=amounts).with_columns(
        told=pl.coalesce(
            pl.format("{} {} {}, {}", "subject", _sign(), percent(right), "amounts"),
            pl.format("{}, {}", "subject", "amounts"),
            "subject",
        )
    )
    cause = (
        pl.when(pl.col("diagnosis") != "wrong_base")
        .then(pl.col("diagnosis").replace_strict(CAUSES, default=None, return_dtype=pl.String))
        .when(pl.col("kind") == "growth")
        .then(pl.lit("the change is divided by this year's figure"))
        .otherwise(pl.format("it is the share of {}", "other"))
    )
    unprinted = pl.when(pl.col("x").is_null()).then("part_label").when(pl.col("y").is_null()).then("whole_label")
    reason = pl.coalesce(unprinted + " not printed", _reason())
    return _told(table, cause, reason).drop("subject", "amounts")


def describe_splits(cases: pl.DataFrame) -> pl.DataFrame:
    """Adds message to judged splits (`tasks.reconcile.splits`, `.changes`)."""
    titles = load.equations().select("equation", "title")
    shown = pl.when(pl.col("unit_kind") == "money").then(money("lhs")).otherwise(percent("lhs"))
    other = pl.when(pl.col("unit_kind") == "money").then(money("rhs")).otherwise(percent(pl.col("rhs").round(2)))
    name = pl.format("{} {}: {}", "equation", "total_label", "title")
    told = pl.coalesce(pl.format("{}; {} {} {}", name, shown, _sign(), other), name)
    table = cases.join(titles, on="equation", maintain_order="left").with_columns(told=told)
    return _told(table, pl.lit(None, pl.String), _reason())


def _told(cases: pl.DataFrame, cause: pl.Expr, reason: pl.Expr) -> pl.DataFrame:
    """Adds message; of what is exact nothing more is to say than what was found (column told)."""
    exact = pl.col("verdict") == "exact"
    rest = cases.filter(~exact).with_columns(message=_sentence(pl.col("told"), cause, reason))
    return pl.concat([cases.filter(exact).with_columns(message="told"), rest]).drop("told")


def money(amount: str | pl.Expr) -> pl.Expr:
    """Yuan in 万元."""
    return _plain((pl.col(amount) if isinstance(amount, str) else amount) * Decimal("0.0001")) + "万元"


def percent(number: str | pl.Expr) -> pl.Expr:
    """A percentage without trailing zeros."""
    return _plain(pl.col(number) if isinstance(number, str) else number) + "%"


def _plain(number: pl.Expr) -> pl.Expr:
    return number.cast(pl.String).str.strip_chars_end("0").str.strip_chars_end(".")


def _sign() -> pl.Expr:
    return pl.col("verdict").cast(pl.String).replace_strict(SIGNS)


def _sentence(told: pl.Expr, cause: pl.Expr, reason: pl.Expr) -> pl.Expr:
    """What was found, the cause of a misfit, how far it goes and what rounding explains, or why nothing can be said."""
    size = pl.when(pl.col("unit_kind") == "money").then(money(_size("residual"))).otherwise(_points("residual"))
    room = pl.when(pl.col("unit_kind") == "money").then(money("bound")).otherwise(_points("bound"))
    apart = pl.format("; off by {}, rounding explains at most {}", size, room)
    why = pl.format("; not evaluated: {}", reason)
    return (
        told
        + pl.when(pl.col("verdict") == "violated").then("; " + cause).fill_null("")
        + pl.when(pl.col("verdict") == "not_evaluated").then(why).otherwise(apart).fill_null("")
    )


def _reason() -> pl.Expr:
    """Why a case is not evaluated, in words."""
    return pl.col("diagnosis").replace_strict(REASONS, default=None, return_dtype=pl.String)


def _points(column: str) -> pl.Expr:
    return _plain(_size(column)) + " percentage points"


def _size(column: str) -> pl.Expr:
    """The size of a number to four decimals."""
    return pl.col(column).abs().round(4)
