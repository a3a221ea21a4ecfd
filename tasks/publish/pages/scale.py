"""A drawn scale: where the printed figure stands, where the recomputed one, and what rounding explains between them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from tasks.publish.explain import Check, kind

WIDTH = 320
MARGIN = 24
THINNEST = 3
"""Pixels: an interval that is narrow beside the gap is still seen."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Positions in pixels from the left; `low` and `high` are the legitimate interval, `open` tells that it has no upper end."""

    lhs: int
    rhs: int
    low: int
    high: int
    open: bool

    def anchor(self, position: int) -> str:
        """Where a text below a position must begin so that it does not leave the drawing."""
        return "start" if position < WIDTH / 3 else "end" if position > 2 * WIDTH / 3 else "middle"


def scale(check: Check) -> Scale | None:
    """The scale of a check whose sides differ; None where a side is missing or the sides are equal."""
    lhs, rhs, bound = check["lhs"], check["rhs"], check["bound"]
    if lhs is None or rhs is None or bound is None or lhs == rhs:
        return None
    low, high = min(lhs, rhs - bound), max(lhs, rhs + bound)

    def pixel(value: Decimal) -> int:
        return MARGIN + int((WIDTH - 2 * MARGIN) * (value - low) / (high - low))

    left, right = pixel(rhs - bound), pixel(rhs + bound)
    middle = pixel(rhs)
    if right - left < THINNEST:
        left, right = middle - 1, middle + THINNEST - 1
    limit = kind(check) == "at_most"
    return Scale(pixel(lhs), middle, left, WIDTH if limit else right, limit)
