"""Tables as they stand on one page."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Cell:
    """A cell with its place in the table; its box is left, top, right, bottom in points."""

    row: int
    column: int
    text: str
    box: tuple[float, float, float, float]


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
    bands: list[tuple[float, float]] = field(default_factory=list)
