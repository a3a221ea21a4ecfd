"""Pairs of figures that explain each other: where money is spent there is something that it was spent on."""

from __future__ import annotations

from functools import cache

import polars as pl

from schemas.table import NUMBER
from schemas.taxonomy import load
from tasks.reconcile.columns import OWN
from tasks.reconcile.wording import figure

CHANGE = "_yoy_change"
"""Ends the name of the change of a concept."""

FIGURE = ("concept", "unit_kind", "base", "half", "fact", "label")


def pairs(reports: pl.DataFrame, figures: pl.DataFrame) -> pl.DataFrame:
    """One judged case for each pair (network_pairs.csv) and member of which a report states both figures.

    An equation of which a report states no pair gets one case `not_evaluated`, but for `same_change`, which adds a rule
    to an equation of the network. Where one of the figures must not be 0, the sides have no common unit: lhs is the
    figure that is 0, and there is no right side. Returns the columns of curated.checks but those that name publisher, year
    and finding.
    """
    known = (
        figures.filter(pl.col("concept").is_in(_concepts()))
        .unique(["report_id", "concept", "member", "period"], keep="first", maintain_order=True)
        .join(load.concepts().select("concept", label="label_zh"), on="concept", maintain_order="left")
        .select("report_id", "member", "title", "period", *FIGURE)
    )
    current = known.filter(pl.col("period") == "current").drop("period")
    both = (
        _rules()
        .join(current.rename(_named("first")), on="first")
        .join(current.drop("title").rename(_named("second")), on=["report_id", "second", "member"])
    )
    changes = known.filter(pl.col("period") == "change").with_columns(pl.col("concept").str.strip_suffix(CHANGE))
    judged = pl.concat([_both_or_none(both), _at_most(both), _same_change(both, changes)]).with_columns(
        instance=pl.concat_str("instance", pl.col("title"), separator="/", ignore_nulls=True)
    )
    return pl.concat([judged.drop("title"), _absent(reports, judged)], how="diagonal")


@cache
def _rules() -> pl.DataFrame:
    """The pairs with the severity of their equation."""
    return load.pairs().join(load.equations().select("equation", "severity"), on="equation", maintain_order="left")


@cache
def _concepts() -> list[str]:
    changing = load.pairs().filter(pl.col("relation") == "same_change")
    plain = pl.concat([load.pairs()["first"], load.pairs()["second"]])
    return [*plain.unique(), *(f"{name}{CHANGE}" for side in ("first", "second") for name in changing[side])]


def _named(side: str) -> dict[str, str]:
    return {name: side if name == "concept" else f"{name}_{side}" for name in FIGURE}


def _both_or_none(both: pl.DataFrame) -> pl.DataFrame:
    """`together` and `needs`: no figure is 0 where the other one needs it."""
    first_is_zero, second_is_zero = pl.col("base_first") == 0, pl.col("base_second") == 0
    at_fault = (
        pl.when(second_is_zero & ~first_is_zero)
        .then(pl.lit("second"))
        .when(first_is_zero & ~second_is_zero & (pl.col("relation") == "together"))
        .then(pl.lit("first"))
    )
    rows = both.filter(pl.col("relation").is_in(["together", "needs"])).with_columns(at_fault=at_fault)
    first = pl.col("at_fault") == "first"
    zero = pl.when(first).then("label_first").otherwise("label_second")
    other = pl.when(first).then("label_second").otherwise("label_first")
    amount = pl.when(first).then(_figure("second")).otherwise(_figure("first"))
    sides = pl.format("{} {} {}, {} {}", "equation", "label_first", _figure("first"), "label_second", _figure("second"))
    return rows.with_columns(
        unit_kind=pl.when(first).then("unit_kind_first").otherwise("unit_kind_second"),
        lhs=pl.when(first).then("base_first").otherwise("base_second"),
        rhs=pl.lit(None, NUMBER),
        residual=pl.lit(None, NUMBER),
        bound=pl.lit(None, NUMBER),
        verdict=pl.when(pl.col("at_fault").is_null()).then(pl.lit("exact")).otherwise(pl.lit("violated")),
        message=pl.when(pl.col("at_fault").is_null())
        .then(sides)
        .otherwise(pl.format("{} {} is 0, but {} {}", "equation", zero, other, amount)),
    ).pipe(_columns)


def _at_most(both: pl.DataFrame) -> pl.DataFrame:
    """`at_most`: the second figure is not larger than the first. They are counts, and exact."""
    holds = pl.col("residual") >= 0
    sign = pl.when(holds).then(pl.lit("≥")).otherwise(pl.lit("<"))
    return (
        both.filter(pl.col("relation") == "at_most")
        .with_columns(
            unit_kind="unit_kind_first",
            lhs="base_first",
            rhs="base_second",
            residual=(pl.col("base_first") - pl.col("base_second")).cast(NUMBER),
            bound=pl.lit(0, NUMBER),
        )
        .with_columns(
            verdict=pl.when(holds).then(pl.lit("exact")).otherwise(pl.lit("violated")),
            message=pl.format(
                "{} {} {} {} {}, {}",
                "equation",
                "label_first",
                _figure("first"),
                sign,
                _figure("second"),
                "label_second",
            ),
        )
        .pipe(_columns)
    )


def _same_change(both: pl.DataFrame, changes: pl.DataFrame) -> pl.DataFrame:
    """`same_change`: two figures that are equal this year and have changed alike were equal the year before."""
    equal = (pl.col("relation") == "same_change") & (pl.col("base_first") == pl.col("base_second"))
    rows = both.filter(equal & (pl.col("base_first") != 0))
    for side in ("first", "second"):
        change = changes.select("report_id", "member", **{side: "concept"}, **_change(side))
        rows = rows.join(change, on=["report_id", "member", side])
    gap = pl.col("residual").abs()
    said = pl.format("{} and {} are {}", "label_first", "label_second", _figure("first"))
    return (
        rows.with_columns(
            unit_kind="unit_kind_first",
            residual=(pl.col("lhs") - pl.col("rhs")).cast(NUMBER),
            bound=(pl.col("lhs_half") + pl.col("rhs_half")).cast(NUMBER),
        )
        .with_columns(
            verdict=pl.when(gap == 0)
            .then(pl.lit("exact"))
            .when(gap <= pl.col("bound"))
            .then(pl.lit("rounding"))
            .otherwise(pl.lit("violated"))
        )
        .with_columns(
            message=pl.format("{} {}; they changed by {} and {}", "equation", said, figure("lhs"), figure("rhs")),
        )
        .pipe(_columns, ("fact_first", "fact_second", "lhs_fact", "rhs_fact"))
    )


def _change(side: str) -> dict[str, str]:
    prefix = "lhs" if side == "first" else "rhs"
    return {prefix: "base", f"{prefix}_half": "half", f"{prefix}_fact": "fact"}


def _figure(side: str) -> pl.Expr:
    return figure(f"base_{side}", f"unit_kind_{side}")


def _columns(judged: pl.DataFrame, facts: tuple[str, ...] = ("fact_first", "fact_second")) -> pl.DataFrame:
    told = judged.with_columns(diagnosis=pl.lit(None, pl.String), facts=pl.concat_list(*facts).list.sort())
    return told.select(*OWN, "title")


def _absent(reports: pl.DataFrame, judged: pl.DataFrame) -> pl.DataFrame:
    """One case for each report and equation of pairs without any."""
    labels = load.concepts().select(first="concept", label="label_zh")
    rules = (
        _rules()
        .filter(pl.col("relation") != "same_change")
        .unique("equation", keep="first", maintain_order=True)
        .join(labels, on="first", maintain_order="left")
    )
    return (
        reports.select("report_id")
        .join(rules, how="cross")
        .join(judged, on=["report_id", "equation"], how="anti")
        .select(
            "report_id",
            "equation",
            "instance",
            "severity",
            unit_kind=pl.lit("count"),
            verdict=pl.lit("not_evaluated"),
            diagnosis=pl.lit("absent: ") + pl.col("first"),
            message=pl.format("{} {}; not evaluated: {} not printed or stated alone", "equation", "instance", "label"),
            facts=pl.lit([], pl.List(pl.Int32)),
        )
    )
