"""How well a percentage agrees with its part and whole: intervals and verdicts.

All rests on the multiples f = 100 · x − (p + s) · (y − k · x), which are 0 where the percentage p is exactly what part x and
whole y give. f is linear in each of p, x and y, so that its values over their intervals lie between those at the
corners, and the intervals agree where 0 is among them. No quotient decides, so that nothing is lost in dividing.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import product

import polars as pl

from schemas.taxonomy import load
from tasks.reconcile.verdicts import ORDER

HUNDRED = Decimal(100)
SIGNS = (-1, 1)
CONVENTIONS = (Decimal(0), HUNDRED, -HUNDRED)
"""What is printed for a percentage of nothing."""


def judge(cases: pl.DataFrame) -> pl.DataFrame:
    """Adds rhs, residual, verdict, zero (whether the whole is 0) and fits_strictly to pairs (`tasks.reconcile.proportion_pairs`).

    Rules, the first that applies:

    1. Part or whole is not printed: not_evaluated.
    2. The whole is 0. The percentage of nothing is exact where it is 0 or 100 by convention, else violated. A part of
      nothing that is not 0: violated for growth, unless rounding explains it, and for a completion rate other than
      0 or 100; else not_evaluated, for then the amounts are wrong.
    3. What the amounts give, rounded half up to the last place of the section, is the percentage: exact.
    4. The intervals of all three agree: rounding. So they do where the percentage shows fewer decimals than its section,
      and agrees as far as it shows.
    5. Else violated, or not_evaluated where the case is not decisive.
    """
    p, x = pl.col("p"), pl.col("x")
    divisor = pl.col("y") - pl.col("k") * x
    cases = cases.with_columns(zero=(divisor == 0).fill_null(False), divisor=divisor)
    cases = cases.with_columns(
        rhs=HUNDRED * x / pl.when(~pl.col("zero")).then("divisor") - pl.col("s"), rounds=_rounds()
    )
    cases = _agreement(cases)
    conventional = p.is_in(CONVENTIONS)
    grows = pl.col("kind").is_in(["growth", "prior"])
    of_nothing = (
        pl.when(x == 0)
        .then(_either(conventional, "exact", "violated"))
        .when(grows)
        .then(_either(pl.col("fits"), "rounding", "violated"))
        .when((pl.col("kind") == "completion") & (pl.col("of") == load.INITIAL))
        .then(_either(conventional, "exact", "violated"))
        .otherwise(pl.lit("not_evaluated"))
    )
    verdict = (
        pl.when(divisor.is_null())
        .then(pl.lit("not_evaluated"))
        .when(pl.col("zero"))
        .then(of_nothing)
        .when(pl.col("rounds"))
        .then(pl.lit("exact"))
        .otherwise(_either(pl.col("fits"), "rounding", "violated"))
    )
    undecided = (verdict == "violated") & ~pl.col("decisive")
    return cases.with_columns(
        residual=p - pl.col("rhs"),
        verdict=pl.when(undecided).then(pl.lit("not_evaluated")).otherwise(verdict).cast(ORDER),
    ).drop("fits", "rounds")


def bounded(cases: pl.DataFrame) -> pl.DataFrame:
    """Adds bound to judged pairs: how far the percentage may be off."""
    half = pl.when("fits_strictly").then("strict").otherwise("loose")
    low, high = _range()
    room = pl.when(pl.col("residual") >= 0).then(high - pl.col("rhs")).otherwise(pl.col("rhs") - low) + half
    return cases.with_columns(bound=room)


def agree(**other: pl.Expr) -> pl.Expr:
    """Whether the intervals of percentage, part and whole agree; by name, other values than those of the columns.

    The names are p with half a unit `loose`, x with hx, y with hy, and k and s of the formula.
    """
    p, loose, x, hx, y, hy, k, s = (
        other.get(name, pl.col(name)) for name in ("p", "loose", "x", "hx", "y", "hy", "k", "s")
    )
    multiples = [
        HUNDRED * part - (p + sign * loose + s) * (whole - k * part)
        for sign, (part, whole) in product(SIGNS, _corners(x, hx, y, hy))
    ]
    return ((pl.min_horizontal(multiples) <= 0) & (pl.max_horizontal(multiples) >= 0)).fill_null(False)


def _agreement(cases: pl.DataFrame) -> pl.DataFrame:
    """Adds fits and fits_strictly: whether the intervals agree, with half a unit of the shown place and of the section's.

    Most percentages are what their amounts round to, and agree without being looked at.
    """
    cases = cases.with_row_index("row")
    doubtful = cases.filter(~pl.col("rounds")).select("row", fits=agree(), fits_strictly=agree(loose=pl.col("strict")))
    return (
        cases.join(doubtful, on="row", how="left", maintain_order="left")
        .with_columns(pl.col("fits", "fits_strictly").fill_null(True))
        .drop("row")
    )


def _corners(x: pl.Expr, hx: pl.Expr, y: pl.Expr, hy: pl.Expr) -> list[tuple[pl.Expr, pl.Expr]]:
    """The ends of the intervals of part and whole."""
    return [(x + sign * hx, y + other * hy) for sign, other in product(SIGNS, SIGNS)]


def _range() -> tuple[pl.Expr, pl.Expr]:
    """The least and the largest percentage that the amounts admit; null where they admit a whole of 0."""
    corners = _corners(*(pl.col(name) for name in ("x", "hx", "y", "hy")))
    divisors = [y - pl.col("k") * x for x, y in corners]
    sound = pl.min_horizontal(divisors) > 0
    given = [
        HUNDRED * x / pl.when(divisor > 0).then(divisor) - pl.col("s")
        for (x, _), divisor in zip(corners, divisors, strict=True)
    ]
    return pl.when(sound).then(pl.min_horizontal(given)), pl.when(sound).then(pl.max_horizontal(given))


def _rounds() -> pl.Expr:
    """Whether what the amounts give is the percentage, rounded half up to the last place of its section."""
    excess = HUNDRED * pl.col("x") - (pl.col("p") + pl.col("s")) * pl.col("divisor")
    reach = pl.col("strict") * pl.col("divisor")
    inside = (excess < reach) & (excess > -reach)
    # Half up is away from 0: the edge that is nearer to 0 rounds to the percentage.
    edge = pl.when(pl.col("p") > 0).then(excess == -reach).when(pl.col("p") < 0).then(excess == reach).otherwise(False)
    return (pl.col("divisor") > 0) & (inside | edge)


def _either(condition: pl.Expr, yes: str, no: str) -> pl.Expr:
    return pl.when(condition).then(pl.lit(yes)).otherwise(pl.lit(no))
