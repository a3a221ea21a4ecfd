"""What a report says of the year before: by its changes, by growth rates, and as it prints it."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from schemas.table import NUMBER
from schemas.taxonomy import load
from tasks.reconcile.across.pairs import OFFICIAL

MICRO = 1_000_000
WHOLE = 100 * MICRO
"""100 % in millionths of a percent."""


def totals(figures: pl.DataFrame, period: str) -> pl.DataFrame:
    """Of the figures (`tasks.reconcile.figures`) those of one period, without a member, of the statutory form and its
    tables or of the concept's own section: report_id, concept, unit_kind, base, half, fact; the first of a report and concept takes precedence.
    """
    return (
        figures.filter(
            pl.col("member") == "", pl.col("period") == period, (pl.col("rank") <= OFFICIAL) | ~pl.col("away")
        )
        .select("report_id", "concept", "unit_kind", "base", "half", "fact")
        .unique(["report_id", "concept", "base", "half"], keep="first", maintain_order=True)
    )


def priors(figures: pl.DataFrame) -> pl.DataFrame:
    """The amounts of the year before that reports imply: report_id, concept, unit_kind, how, lhs, low, high, facts.

    `lhs` is the amount in yuan, `low` and `high` what it can be as far as the figures are printed. `how`: `printed`, `change`
    (current less change), or, where a report has neither for the concept, `rate` (current by 100 % and the growth rate). A
    figure that is stated in several ways gives several rows.
    """
    kinds = load.changes()

    def of(column: str, period: str, suffix: str) -> pl.DataFrame:
        named = totals(figures, period).rename({"concept": "source"})
        own = named.join(kinds.filter(column=column), on="source", maintain_order="left").drop("source")
        return own.rename({name: name + suffix for name in ("base", "half", "fact")}).drop("unit_kind")

    current, key = of("current", "current", ""), ["report_id", "concept"]
    printed = of("current", "prior", "").with_columns(how=pl.lit("printed"), facts=pl.concat_list("fact"))
    by_change = current.join(of("published_change", "change", "_c"), on=key, maintain_order="left").with_columns(
        how=pl.lit("change"),
        facts=pl.concat_list("fact", "fact_c"),
        base=(pl.col("base") - pl.col("base_c")).cast(NUMBER),
        half=(pl.col("half") + pl.col("half_c")).cast(NUMBER),
    )
    columns = [*key, "how", "base", "half", "facts"]
    stated = pl.concat([printed.select(columns), by_change.select(columns)]).select(
        *key,
        "how",
        "facts",
        lhs="base",
        low=(pl.col("base") - pl.col("half")).cast(NUMBER),
        high=(pl.col("base") + pl.col("half")).cast(NUMBER),
    )
    rated = current.join(of("published_rate", "change", "_r"), on=key, maintain_order="left")
    by_rate = _by_rate(rated.join(stated, on=key, how="anti", maintain_order="left"))
    return pl.concat([stated, by_rate.select(stated.columns)]).with_columns(unit_kind=pl.lit("money"))


def _by_rate(rated: pl.DataFrame) -> pl.DataFrame:
    """Current and growth rate → how, lhs, low, high, facts; nothing where all or more of it is said to have gone.

    A rate of 0 implies nothing: it may stand for less than it can print.
    """
    high_rate, low_rate = pl.col("base_r") + pl.col("half_r"), pl.col("base_r") - pl.col("half_r")
    return (
        rated.filter(low_rate > -100, pl.col("base_r") != 0)
        .with_columns(
            how=pl.lit("rate"),
            facts=pl.concat_list("fact", "fact_r"),
            lhs=_before(pl.col("base"), pl.col("base_r")),
            low=_before(pl.col("base") - pl.col("half"), high_rate),
            high=_before(pl.col("base") + pl.col("half"), low_rate),
        )
        # What is cut off below a millionth of a yuan belongs to the interval.
        .with_columns(high=(pl.col("high") + pl.lit(Decimal(1) / MICRO, NUMBER)).cast(NUMBER))
    )


def _before(amount: pl.Expr, rate: pl.Expr) -> pl.Expr:
    """The amount / (1 + rate / 100), cut off behind the sixth decimal: decimal division would round."""
    millionths = _whole(amount) * WHOLE // (_whole(rate) + WHOLE)
    return (
        millionths.cast(pl.Decimal(38, 0)).cast(pl.Decimal(38, 6)) * pl.lit(Decimal(1) / MICRO, pl.Decimal(7, 6))
    ).cast(NUMBER)


def _whole(number: pl.Expr) -> pl.Expr:
    """A number in millionths."""
    return (number.cast(pl.Decimal(38, 6)) * MICRO).cast(pl.Int128)
