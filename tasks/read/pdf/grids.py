"""Ruled tables: the grid that level and upright lines draw, and the text in its cells."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tasks.read.blocks import LONG_CELL
from tasks.read.pdf.lines import Line, lines_of
from tasks.read.pdf.page import Char, Ruling
from tasks.read.pdf.rows import rows_of_fields
from tasks.read.pdf.table import Cell, Row, Table

TOUCH = 3.0
"""Points within which lines meet, and pieces of one line follow each other."""

SAME = 1.5
"""Points within which pieces belong to one line."""

NARROW = 4.0
"""Points. No column and no row is narrower; lines nearer than this are one edge, e.g. a double line."""

OPEN = 6.0
"""Points by which lines run beyond the last edge where a table has no line at its side."""

PADDING = 6.0
"""Points between the side of a cell and its text, at most."""

WALL = 0.5
"""Share of the side of a cell that must be drawn to part it from its neighbour."""

MAX_CROSSINGS = 250_000
"""Pairs of lines of one page that are looked at; a page with more is a drawing."""


@dataclass(slots=True)
class Grid:
    """The edges of a ruled table and which of its fields are one cell: `cell[row][column]` is the first of them."""

    columns: list[float]
    rows: list[float]
    cell: list[list[tuple[int, int]]]

    def field_of(self, char: Char) -> tuple[int, int] | None:
        """Row and column of the cell that a character stands in."""
        row = bisect_right(self.rows, (char.top + char.bottom) / 2) - 1
        column = bisect_right(self.columns, (char.left + char.right) / 2) - 1
        inside = 0 <= row < len(self.rows) - 1 and 0 <= column < len(self.columns) - 1
        return self.cell[row][column] if inside else None

    def without(self, edge: int) -> Grid:
        """The grid without its first row (0) or its last one (-1), e.g. what a frame encloses up to the page's end."""
        if edge:
            return Grid(self.columns, self.rows[:-1], self.cell[:-1])
        return Grid(
            self.columns, self.rows[1:], [[(row - 1, column) for row, column in line] for line in self.cell[1:]]
        )


class _Sets:
    """Numbers that belong together; each set is known by its lowest."""

    def __init__(self, count: int) -> None:
        self._parent = list(range(count))

    def first(self, number: int) -> int:
        while self._parent[number] != number:
            self._parent[number] = self._parent[self._parent[number]]
            number = self._parent[number]
        return number

    def unite(self, one: int, other: int) -> None:
        low, high = sorted((self.first(one), self.first(other)))
        self._parent[high] = low


def grids(level: Sequence[Ruling], upright: Sequence[Ruling]) -> list[Grid]:
    """The grids of at least two columns that whole lines make, the smaller ones first: they may stand in a frame."""
    if len(level) * len(upright) > MAX_CROSSINGS:
        return []
    found = [grid for pair in _connected(level, upright) if (grid := _grid(*pair)) is not None]
    return sorted(found, key=lambda grid: (grid.columns[-1] - grid.columns[0]) * (grid.rows[-1] - grid.rows[0]))


def table_of(grid: Grid, chars: Iterable[Char]) -> tuple[Table | None, list[Char]]:
    """The table that a grid makes of the characters in it, and the characters outside; None where it is a frame."""
    fields: dict[tuple[int, int], list[Char]] = {}
    outside: list[Char] = []
    everything = list(chars)
    for char in everything:
        place = grid.field_of(char)
        if place is None:
            outside.append(char)
        else:
            fields.setdefault(place, []).append(char)
    if len(fields) < 2 or max(map(len, fields.values())) > LONG_CELL:
        return None, everything
    for edge in (0, -1):
        if len(set(grid.cell[edge])) == 1 and grid.cell[edge][0] not in fields:
            grid = grid.without(edge)
            fields = {(row - (not edge), column): chars for (row, column), chars in fields.items()}
    xs, ys = grid.columns, grid.rows
    table = Table(xs[0], ys[0], xs[-1], ys[-1], xs, 0)
    spans = _spans(grid)
    added = 0
    for row in range(len(ys) - 1):
        cells = {column: spans[row, column] for column in range(len(xs) - 1) if (row, column) in spans}
        rows = _unparted(row, cells, fields, xs)
        for column, (below, behind) in cells.items():
            if rows:
                for number, each in enumerate(rows):
                    lines = each.get(column, [])
                    box = (xs[column], _edge(rows, number, ys[row]), xs[behind], _edge(rows, number + 1, ys[below]))
                    table.cells.append(Cell(row + added + number, column, lines, xs[behind], box))
            else:
                lines = lines_of(fields.get((row, column), []))
                box = (xs[column], ys[row], xs[behind], ys[below])
                table.cells.append(Cell(row + added, column, lines, _reach(lines, xs[column], xs[behind]), box))
        added += max(len(rows) - 1, 0)
    table.rows = len(ys) - 1 + added
    table.cells.sort(key=lambda cell: (cell.row, cell.column))
    return table, outside


def _unparted(
    row: int,
    cells: dict[int, tuple[int, int]],
    fields: dict[tuple[int, int], list[Char]],
    edges: list[float],
) -> list[Row]:
    """The rows within a row of the grid, where only upright lines are drawn; none where it is one row."""
    columns = sorted(cells)
    if len(columns) < 2 or columns[0] != 0 or any(below != row + 1 for below, _ in cells.values()):
        return []
    chars = {column: fields.get((row, column), []) for column in columns}
    return rows_of_fields(chars, {column: (edges[column], edges[cells[column][1]]) for column in columns})


def _edge(rows: list[Row], number: int, otherwise: float) -> float:
    """The upper edge of a row that no line is drawn above, but for the first and the one behind the last."""
    inside = 0 < number < len(rows)
    return min(lines[0].top for lines in rows[number].values()) if inside else otherwise


def _reach(lines: list[Line], left: float, right: float) -> float:
    """How far the lines of a cell can go: its padding is the same on both sides, and seldom wide."""
    margin = min((line.left for line in lines), default=left) - left
    return right - max(min(margin, PADDING), 0.0)


def _spans(grid: Grid) -> dict[tuple[int, int], tuple[int, int]]:
    """For the first field of each cell the edges below and behind its last one."""
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    for row, line in enumerate(grid.cell):
        for column, place in enumerate(line):
            below, behind = spans.get(place, (0, 0))
            spans[place] = max(below, row + 1), max(behind, column + 1)
    return spans


def whole(rulings: Iterable[Ruling]) -> list[Ruling]:
    """Lines put together of the pieces that they are drawn in."""
    groups: list[list[Ruling]] = []
    for ruling in sorted(rulings):
        if groups and ruling.at - groups[-1][-1].at <= SAME and ruling.at - groups[-1][0].at <= NARROW:
            groups[-1].append(ruling)
        else:
            groups.append([ruling])
    whole = []
    for group in groups:
        at = sum(ruling.at for ruling in group) / len(group)
        for start, end in _covered(group):
            if end - start > NARROW:
                whole.append(Ruling(at, start, end))
    return whole


def _covered(rulings: Iterable[Ruling]) -> list[tuple[float, float]]:
    """The stretches that rulings of one edge cover."""
    stretches: list[tuple[float, float]] = []
    for start, end in sorted((ruling.start, ruling.end) for ruling in rulings):
        if stretches and start - stretches[-1][1] <= TOUCH:
            stretches[-1] = stretches[-1][0], max(stretches[-1][1], end)
        else:
            stretches.append((start, end))
    return stretches


def _connected(level: Sequence[Ruling], upright: Sequence[Ruling]) -> list[tuple[list[Ruling], list[Ruling]]]:
    """The lines that hang together, each group as its level and its upright ones."""
    sets = _Sets(len(level) + len(upright))
    for first, across in enumerate(level):
        for second, down in enumerate(upright, start=len(level)):
            if (
                across.start - TOUCH <= down.at <= across.end + TOUCH
                and down.start - TOUCH <= across.at <= down.end + TOUCH
            ):
                sets.unite(first, second)
    groups: dict[int, tuple[list[Ruling], list[Ruling]]] = {}
    for index, ruling in enumerate([*level, *upright]):
        groups.setdefault(sets.first(index), ([], []))[index >= len(level)].append(ruling)
    return [group for group in groups.values() if all(group)]


def _grid(level: list[Ruling], upright: list[Ruling]) -> Grid | None:
    xs, ys = _edges(upright, level), _edges(level, upright)
    if len(xs) < 3 or len(ys) < 2:
        return None
    across, down = len(xs) - 1, len(ys) - 1
    walls = _walls(xs, ys, upright)
    floors = _walls(ys, xs, level)
    sets = _Sets(across * down)
    for row in range(down):
        for column in range(across):
            here = row * across + column
            if column and not walls[column][row]:
                sets.unite(here - 1, here)
            if row and not floors[row][column]:
                sets.unite(here - across, here)
    return Grid(
        xs, ys, [[divmod(sets.first(row * across + column), across) for column in range(across)] for row in range(down)]
    )


def _edges(rulings: list[Ruling], crossing: list[Ruling]) -> list[float]:
    """Where cells begin and end: at the rulings, and at the ends of those that cross them where a side is open."""
    edges: list[list[float]] = []
    for at in sorted(ruling.at for ruling in rulings):
        if edges and at - edges[-1][-1] <= NARROW:
            edges[-1].append(at)
        else:
            edges.append([at])
    places = [sum(edge) / len(edge) for edge in edges]
    first, last = min(ruling.start for ruling in crossing), max(ruling.end for ruling in crossing)
    return [*([first] if places[0] - first > OPEN else []), *places, *([last] if last - places[-1] > OPEN else [])]


def _walls(edges: list[float], across: list[float], rulings: list[Ruling]) -> list[list[bool]]:
    """For each edge, and each field along it, whether a line is drawn there."""
    at_edge: list[list[Ruling]] = [[] for _ in edges]
    for ruling in rulings:
        nearest = min(range(len(edges)), key=lambda index: abs(edges[index] - ruling.at))
        at_edge[nearest].append(ruling)
    walls = []
    for near in at_edge:
        stretches = _covered(near)
        walls.append(
            [
                sum(max(0.0, min(end, stop) - max(begin, start)) for begin, end in stretches) >= WALL * (stop - start)
                for start, stop in pairwise(across)
            ]
        )
    return walls
