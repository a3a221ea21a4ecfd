"""The geometry of charts: columns over years, and bars beside the numbers of a table.

Both are drawn into the page as SVG, in its colours and without scripts (docs/decisions/0026).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from schemas.shown import MONEY_SCALE

STEP, WIDE, HIGH = 56, 30, 84
"""Pixels: from one column to the next, the width of a column, and the height of the highest one."""

ABOVE, BELOW = 16, 18
"""Pixels for the number above a column and the year below it."""

Amount = Decimal | None


@dataclass(frozen=True, slots=True)
class Column:
    """One year: its column from `x`, `y` down to the axis. Without an amount there is no column; `shown` says so."""

    year: int
    x: int
    middle: int
    y: int
    height: int
    shown: str


@dataclass(frozen=True, slots=True)
class Columns:
    """A chart of one amount over years, in pixels."""

    width: int
    height: int
    axis: int
    columns: list[Column]


def columns(amounts: Sequence[tuple[int, Amount]]) -> Columns:
    """The chart of amounts in yuan by year. What is negative has no height: its number tells it."""
    top = max((amount for _, amount in amounts if amount is not None), default=Decimal(0))
    axis = ABOVE + HIGH
    drawn = []
    for number, (year, amount) in enumerate(amounts):
        height = max(1, int(HIGH * share(amount, top))) if amount is not None else 0
        x = number * STEP + (STEP - WIDE) // 2
        drawn.append(Column(year, x, x + WIDE // 2, axis - height, height, short(amount)))
    return Columns(STEP * len(drawn), axis + BELOW, axis, drawn)


def share(amount: Amount, whole: Amount) -> float:
    """How much of the whole an amount is, from 0 to 1."""
    if amount is None or not whole or whole < 0:
        return 0.0
    return float(min(max(amount / whole, Decimal(0)), Decimal(1)))


def short(amount: Amount) -> str:
    """An amount in yuan as a chart has room for: in 万元 to four digits or so, in 亿元 above 1,000,000 万元."""
    if amount is None:
        return "–"
    money = amount / MONEY_SCALE
    if abs(money) >= 1_000_000:
        return f"{money / MONEY_SCALE:,.1f}亿"
    return f"{money:,.0f}" if abs(money) >= 100 or not money else f"{money:,.2f}"
