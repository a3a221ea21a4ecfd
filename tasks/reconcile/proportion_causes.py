"""Likely causes of percentages that misfit their amounts, the first that fits."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from tasks.reconcile.proportions import agree
from tasks.reconcile.slips import neighbours_swapped

HALVES = {"p": "loose", "x": "hx", "y": "hy"}
"""The percentage, the part and the whole, each with half a unit of its last place."""
POWERS = (1, 2, 4)
"""Powers of ten by which decimal points slip, and 元 for 万元."""

TELLING = 10
"""So many times what rounding explains a percentage must be off before a slip of the hand is looked for."""


def causes(violated: pl.DataFrame) -> pl.DataFrame:
    """Fills diagnosis for violated pairs (`tasks.reconcile.proportions`, with bound), null where no cause fits; adds slipped.

    `zero_base`: there is nothing to be a percentage of. `sign`: it fits with the other sign. `scale_slip`: it fits where the
    percentage or an amount is so many tens larger or smaller. `truncated`: cut off, not rounded. `plugged`: less than a
    unit of the last place off, and the shares of the split (column plugs) add up to exactly 100. `wrong_base`: a rate that
    is the part of the current year's figure, or a share of another whole (column other). `transposed_digits`: it fits
    where two neighbouring digits of one figure change places.

    slipped: the number of the percentage, where a slip of it alone explains the misfit.
    """
    p, rhs, loose = pl.col("p"), pl.col("rhs"), pl.col("loose")
    cut = (rhs.abs() - p.abs()).is_between(0, 2 * loose, closed="left") & ((p * rhs) >= 0)
    current_year = agree(k=pl.col("k") - 1) & (pl.col("kind") == "growth")
    telling = (pl.col("residual").abs() > TELLING * pl.col("bound")).fill_null(True)
    table = violated.with_columns(
        **{f"{role}_scaled": telling & _scaled(role) for role in HALVES},
        **{f"{role}_swapped": telling & _swapped(role) for role in HALVES},
    )
    hint = (
        pl.when(pl.col("zero"))
        .then(pl.lit("zero_base"))
        .when((p != 0) & agree(p=-p))
        .then(pl.lit("sign"))
        .when(pl.any_horizontal(f"{role}_scaled" for role in HALVES))
        .then(pl.lit("scale_slip"))
        .when(cut)
        .then(pl.lit("truncated"))
        .when(((p - rhs).abs() < 2 * loose) & pl.col("plugs"))
        .then(pl.lit("plugged"))
        .when(current_year | pl.col("other").is_not_null())
        .then(pl.lit("wrong_base"))
        .when(pl.any_horizontal(f"{role}_swapped" for role in HALVES))
        .then(pl.lit("transposed_digits"))
    )
    own = ((hint == "scale_slip") & pl.col("p_scaled")) | ((hint == "transposed_digits") & pl.col("p_swapped"))
    return table.with_columns(diagnosis=hint, slipped=pl.when(own).then("fact")).drop(
        f"{role}_{slip}" for role in HALVES for slip in ("scaled", "swapped")
    )


def _scaled(role: str) -> pl.Expr:
    """Whether a figure with its decimal point elsewhere fits the others."""
    number, half = pl.col(role), pl.col(HALVES[role])
    factors = [Decimal(10) ** power for power in POWERS]
    moved = [(number * factor, half * factor) for factor in factors]
    # A percentage keeps its printed places, wherever its point slipped to: 900% for 90%.
    moved += [(number / factor, half if role == "p" else half / factor) for factor in factors]
    return (number != 0) & pl.any_horizontal(_fits(role, *each) for each in moved)


def _swapped(role: str) -> pl.Expr:
    """Whether a figure fits the others where two of its neighbouring digits change places."""
    half = pl.col(HALVES[role])
    return pl.any_horizontal(_fits(role, number, half) for number in neighbours_swapped(pl.col(role), half))


def _fits(role: str, number: pl.Expr, half: pl.Expr) -> pl.Expr:
    return agree(**{role: number, HALVES[role]: half})
