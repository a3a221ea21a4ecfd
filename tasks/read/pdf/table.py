"""Tables as they stand on one page."""

from __future__ import annotations

from dataclasses import dataclass, field

from tasks.read.pdf.lines import Line, is_full, joined

Band = tuple[float, float]
"""From where to where a column reaches, in points."""

Row = dict[int, list[Line]]
"""One row: the lines of each of its columns, from the top."""


@dataclass(slots=True)
class Cell:
    """A cell with its place in the table, its lines, how far they can reach, and its box in points.

    The box is left, top, right, bottom.
    """

    row: int
    column: int
    lines: list[Line]
    reach: float
    box: tuple[float, float, float, float]

    @property
    def text(self) -> str:
        """What it says."""
        return joined(self.lines, self.reach)

    def goes_on_in(self, other: Cell) -> bool:
        """Whether its last line is full, so that another cell on the next page may be the rest of it."""
        return bool(self.lines and other.lines) and is_full(self.lines[-1], other.lines[0], self.reach)


@dataclass(slots=True)
class Table:
    """The cells of a table on one page in reading order, its box, and where its columns begin and end.

    `bands` is what the columns cover of the page where no lines part them.
    """

    left: float
    top: float
    right: float
    bottom: float
    edges: list[float]
    rows: int
    cells: list[Cell] = field(default_factory=list)
    bands: list[Band] = field(default_factory=list)
