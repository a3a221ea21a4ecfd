"""Likely causes of a violation: small functions from violations and figures to a hint, none of them proof."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

import polars as pl

from tasks.reconcile.sums import components

WIDE = pl.Decimal(38, 6)
SLIPS = (1, 2, 3, 4, 8)
"""Powers of ten by which units and decimal points slip: digits, 元 for 万元 (4), 万元 for 亿元 (4), 元 for 亿元 (8)."""

NEIGHBOURS_SWAPPED = tuple(str(9 * digit) for digit in range(1, 10))
"""Two neighbouring digits that change places change a number by 9 × their difference × a power of ten."""


def diagnose(cases: pl.DataFrame, figures: pl.DataFrame) -> pl.DataFrame:
    """Fills diagnosis for the violated cases, the most specific hint first.

    `scale_slip`: one side is the other one times a power of ten. `transposed_digits`: neighbouring digits of a side
    changed places. `missing_item: CONCEPT MEMBER`: the gap is exactly one known figure. `copied_figure: CONCEPT`: a
    side is the figure of another concept. `missing_item`: the total is larger, and the form leaves out zero items.
    Only amounts are compared with other figures: small counts are equal by chance.
    """
    violated = cases.with_row_index("case").filter(pl.col("verdict") == "violated")
    if not violated.height:
        return cases
    amounts = (pl.col("period") == "current", pl.col("base") != 0, pl.col("unit_kind") == "money")
    known = figures.filter(*amounts)
    hints = (
        violated.join(_missing_item(violated, known), on="case", how="left", maintain_order="left")
        .join(_copied_figure(violated, known), on="case", how="left", maintain_order="left")
        .select(
            "case",
            hint=pl.when(scale_slip())
            .then(pl.lit("scale_slip"))
            .when(transposed_digits())
            .then(pl.lit("transposed_digits"))
            .when(pl.col("item").is_not_null())
            .then("missing_item: " + pl.col("item"))
            .when(pl.col("copied").is_not_null())
            .then("copied_figure: " + pl.col("copied"))
            .when(pl.col("fills_zero") & (pl.col("residual") > 0) & pl.col("kind").is_in(["sum", "equal"]))
            .then(pl.lit("missing_item")),
        )
    )
    return (
        cases.with_row_index("case")
        .join(hints, on="case", how="left", maintain_order="left")
        .with_columns(diagnosis=pl.coalesce("hint", "diagnosis"))
        .drop("case", "hint")
    )


def scale_slip() -> pl.Expr:
    """Whether lhs is rhs times a power of ten, or the reverse, as far as rounding lets one tell."""
    lhs, rhs, bound = (pl.col(column).cast(WIDE) for column in ("lhs", "rhs", "bound"))
    slips = []
    for factor in (Decimal(10) ** power for power in SLIPS):
        slips += [(lhs - rhs * factor).abs() <= bound * factor, (rhs - lhs * factor).abs() <= bound * factor]
    return (pl.col("lhs") != 0) & (pl.col("rhs") != 0) & pl.any_horizontal(slips)


def transposed_digits() -> pl.Expr:
    """Whether lhs and rhs consist of the same digits, two neighbours of which changed places."""
    gap = pl.col("residual").abs().cast(pl.String).str.replace(".", "", literal=True).str.strip_chars("0")
    return _digits("lhs").eq(_digits("rhs")) & gap.is_in(NEIGHBOURS_SWAPPED)


def _digits(column: str) -> pl.Expr:
    """The digits of a number in ascending order."""
    return pl.col(column).cast(pl.String).str.extract_all(r"\d").list.sort().list.join("")


def _missing_item(violated: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """The one figure of the report that equals the gap, where there is exactly one: case, item."""
    gaps = violated.filter(pl.col("kind").is_in(["sum", "equal"])).select(
        "case", "report_id", "unit_kind", base=pl.col("residual").abs()
    )
    item = pl.concat_str("concept", pl.coalesce("code", "name"), separator=" ", ignore_nulls=True)
    return (
        gaps.join(known.with_columns(item=item), on=["report_id", "unit_kind", "base"])
        .group_by("case")
        .agg(items=pl.col("item").unique())
        .filter(pl.col("items").list.len() == 1)
        .select("case", item=pl.col("items").list.first())
    )


def _copied_figure(violated: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """The first other concept whose figure equals a side: case, copied.

    Concepts that an equation ties to the case's own are left out: they are often equal for good reason.
    """
    both = pl.concat(
        [violated.select("case", "report_id", "unit_kind", "concept", base=side) for side in ("lhs", "rhs")]
    )
    return (
        both.join(known, on=["report_id", "unit_kind", "base"], suffix="_other")
        .filter(pl.col("concept") != pl.col("concept_other"))
        .join(_tied(), on=["concept", "concept_other"], how="anti")
        .sort("case", "fact")
        .unique("case", keep="first", maintain_order=True)
        .select("case", copied="concept_other")
    )


@cache
def _tied() -> pl.DataFrame:
    """The pairs of concepts that stand in one equation: concept, concept_other."""
    rows = components().select("equation", "concept")
    return rows.join(rows, on="equation", suffix="_other").select("concept", "concept_other").unique()
