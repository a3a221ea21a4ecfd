"""How well a percentage agrees with its part and whole: intervals, verdicts and likely causes.

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


def agree(p: pl.Expr | None = None, half: pl.Expr | None = None, k: pl.Expr | None = None) -> pl.Expr:
    """Whether the intervals of percentage, part and whole agree; by name, other ones than those of the columns."""
    p = pl.col("p") if p is None else p
    half = pl.col("loose") if half is None else half
    k = pl.col("k") if k is None else k
    multiples = [
        HUNDRED * x - (p + sign * half + pl.col("s")) * (y - k * x) for sign, (x, y) in product(SIGNS, _corners())
    ]
    return ((pl.min_horizontal(multiples) <= 0) & (pl.max_horizontal(multiples) >= 0)).fill_null(False)


def causes(violated: pl.DataFrame) -> pl.DataFrame:
    """Fills diagnosis for violated cases, the first that fits; null where none does.

    `zero_base`: there is nothing to be a percentage of. `sign`: it fits with the other sign. `scale_slip`: it fits a
    hundred times or a hundredth. `truncated`: cut off, not rounded. `plugged`: less than a unit of the last place off, and the
    shares of the split (column plugs) add up to exactly 100. `wrong_base`: a rate that is the part of the current year's
    figure, or a share of another whole (column other).
    """
    p, rhs, loose = pl.col("p"), pl.col("rhs"), pl.col("loose")
    cut = (rhs.abs() - p.abs()).is_between(0, 2 * loose, closed="left") & ((p * rhs) >= 0)
    current_year = agree(k=pl.col("k") - 1) & (pl.col("kind") == "growth")
    hint = (
        pl.when(pl.col("zero"))
        .then(pl.lit("zero_base"))
        .when((p != 0) & agree(-p))
        .then(pl.lit("sign"))
        .when((p != 0) & (agree(p * 100, loose * 100) | agree(p / 100, loose / 100)))
        .then(pl.lit("scale_slip"))
        .when(cut)
        .then(pl.lit("truncated"))
        .when(((p - rhs).abs() < 2 * loose) & pl.col("plugs"))
        .then(pl.lit("plugged"))
        .when(current_year | pl.col("other").is_not_null())
        .then(pl.lit("wrong_base"))
    )
    return violated.with_columns(diagnosis=hint)


def _agreement(cases: pl.DataFrame) -> pl.DataFrame:
    """Adds fits and fits_strictly: whether the intervals agree, with half a unit of the shown place and of the section's.

    Most percentages are what their amounts round to, and agree without being looked at.
    """
    cases = cases.with_row_index("row")
    doubtful = cases.filter(~pl.col("rounds")).select("row", fits=agree(), fits_strictly=agree(half=pl.col("strict")))
    return (
        cases.join(doubtful, on="row", how="left", maintain_order="left")
        .with_columns(pl.col("fits", "fits_strictly").fill_null(True))
        .drop("row")
    )


def _corners() -> list[tuple[pl.Expr, pl.Expr]]:
    """The ends of the intervals of part and whole."""
    x, hx, y, hy = (pl.col(name) for name in ("x", "hx", "y", "hy"))
    return [(x + sign * hx, y + other * hy) for sign, other in product(SIGNS, SIGNS)]


def _range() -> tuple[pl.Expr, pl.Expr]:
    """The least and the largest percentage that the amounts admit; null where they admit a whole of 0."""
    divisors = [y - pl.col("k") * x for x, y in _corners()]
    sound = pl.min_horizontal(divisors) > 0
    given = [
        HUNDRED * x / pl.when(divisor > 0).then(divisor) - pl.col("s")
        for (x, _), divisor in zip(_corners(), divisors, strict=True)
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
