"""Slips of the hand: the decimal point or the unit, and two neighbouring digits that changed places.

The columns of a suspect are `base` (the printed number), `half` (half a unit of its last place), `residual` and `bound` of the
equation, and `sign`: 1 where the figure adds to the residual, −1 where it is taken off.
"""

from __future__ import annotations

from decimal import Decimal

import polars as pl

WIDE = pl.Decimal(38, 6)
SLIPS = (1, 2, 3, 4, 8)
"""Powers of ten by which units and decimal points slip: digits, 元 for 万元 (4), 万元 for 亿元 (4), 元 for 亿元 (8)."""

NEIGHBOURS_SWAPPED = tuple(str(9 * digit) for digit in range(1, 10))
"""Two neighbouring digits that change places change a number by 9 × their difference × a power of ten."""

DIGITS = 9
"""So many digits of a printed number, from the last one, are looked at for neighbours that changed places."""


def scale_slip() -> pl.Expr:
    """Whether a figure times a power of ten makes the sides equal, as far as rounding lets one tell."""
    base, half = pl.col("base").cast(WIDE), pl.col("half").cast(WIDE)
    slips = []
    for factor in (Decimal(10) ** power for power in SLIPS):
        smaller, larger = (right() * factor - base).abs(), (right() - base * factor).abs()
        slips += [smaller <= _bound() * factor, larger <= _bound() + half * factor]
    return (base != 0) & (right() > 0) & pl.any_horizontal(slips)


def transposed_digits() -> pl.Expr:
    """Whether a figure and the right one consist of the same digits, two neighbours of which changed places."""
    gap = pl.col("residual").abs().cast(pl.String).str.replace(".", "", literal=True).str.strip_chars("0")
    return _digits(pl.col("base")).eq(_digits(right())) & gap.is_in(NEIGHBOURS_SWAPPED)


def neighbours_swapped(number: pl.Expr, half: pl.Expr) -> list[pl.Expr]:
    """The numbers that become a printed one where two neighbouring digits change places; null where the two are equal.

    `half` is half a unit of the printed number's last place, and not 0.
    """
    place = half * 2
    units = (number / pl.when(place != 0).then(place)).round(0).cast(pl.Int64)
    digits = [(units.abs() // 10**power) % 10 for power in range(DIGITS)]
    gaps = [9 * (digits[power] - digits[power + 1]) * 10**power for power in range(DIGITS - 1)]
    # A number begins with 0 neither before nor after the slip.
    inside = [
        (units.abs() >= 10 ** (power + 1)) & ((units.abs() >= 10 ** (power + 2)) | (digits[power] != 0))
        for power in range(DIGITS - 1)
    ]
    return [
        pl.when(known & (gap != 0)).then((units + units.sign() * gap).cast(WIDE) * place)
        for gap, known in zip(gaps, inside, strict=True)
    ]


def right() -> pl.Expr:
    """What a figure would have to be for the sides to be equal."""
    return pl.col("base").cast(WIDE) - pl.col("sign") * pl.col("residual").cast(WIDE)


def one_digit(column: str) -> pl.Expr:
    """Whether a number has one digit that is not 0: so much is a number off of which one digit is wrong."""
    return pl.col(column).abs().cast(pl.String).str.replace_all(r"[.0]", "").str.len_chars() <= 1


def _bound() -> pl.Expr:
    return pl.col("bound").cast(WIDE)


def _digits(number: pl.Expr) -> pl.Expr:
    """The digits of a number in ascending order."""
    return number.cast(WIDE).cast(pl.String).str.extract_all(r"\d").list.sort().list.join("")
