"""Where lines of prose begin and end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from tasks.read.pdf.lines import NOT_FIRST, Line
from tasks.read.pdf.sheet import Sheet

INDENT = 1.0
"""Of the height of a line: one that begins so far behind the margin, or further, begins a paragraph."""

PROSE = 0.4
"""Share of the width of a page: where no lines are longer there is no prose, and lines do not go on."""

STOP = ("。", "！", "？", "!", "?")


class Margins:
    """Where the lines of prose begin and end, per size of page."""

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self._sides: dict[tuple[int, int], tuple[float, float]] = {}
        lines: dict[tuple[int, int], list[Line]] = {}
        for sheet in sheets:
            lines.setdefault(_size(sheet), []).extend(item for item in sheet.items if isinstance(item, Line))
        for size, each in lines.items():
            if each:
                ends = [_reach(line) for line in each]
                left, right = _common([line.left for line in each], 1), _common(ends, -1)
                # Few lines of a wide page are long; the longest tells where they end.
                self._sides[size] = (left, right if right - left > PROSE * size[0] else max(ends))
        self.indents = self._indents([line for each in lines.values() for line in each])

    def of(self, sheet: Sheet) -> tuple[float, float]:
        """The left and the right margin in points."""
        left, right = self._sides.get(_size(sheet), (0.0, sheet.width))
        return (left, right) if right - left > PROSE * sheet.width else (0.0, sheet.width)

    def _indents(self, lines: Sequence[Line]) -> bool:
        """Whether paragraphs begin with an indent: then a line at the margin behind a full stop goes on."""
        left = min((side for side, _ in self._sides.values()), default=0.0)
        behind = [after for before, after in pairwise(lines) if before.text.endswith(STOP)]
        return sum(line.left - left > INDENT * line.size for line in behind) > len(behind) / 3


def _size(sheet: Sheet) -> tuple[int, int]:
    return round(sheet.width), round(sheet.height)


def _reach(line: Line) -> float:
    """Where a line ends but for a mark, which may hang over the margin."""
    last = line.chars[-1]
    return last.left if NOT_FIRST.match(last.text) else line.right


def _common(sides: Sequence[float], outward: int) -> float:
    """The outermost place at which a fair share of lines begins or ends."""
    counts = Counter(round(side / 3) for side in sides)
    near = {place: count + counts[place - 1] + counts[place + 1] for place, count in counts.items()}
    least = max(near.values()) / 5
    places = [place for place, count in near.items() if count >= least and count > 1] or list(counts)
    outer = min(places) if outward > 0 else max(places)
    inside = [side for side in sides if abs(side / 3 - outer) <= 1.5]
    return min(inside) if outward > 0 else max(inside)
