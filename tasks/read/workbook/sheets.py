"""What all spreadsheet formats have in common: how sheets become blocks, and how much of them is read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from operator import itemgetter
from typing import NamedTuple

from tasks.read.blocks import MAX_CHARACTERS, Blocks, Unreadable

MAX_CELLS = 1_000_000
"""Cells of one file, blank ones among others included. The widest public table has a hundred columns and as many rows."""

MAX_MERGED = 200
"""Merged cells that are heeded in one row; a table has fewer columns, and merged cells do not overlap."""

_GENERIC = re.compile(r"(?:sheet|工作表|表)?\s*\d*\s*(?:\(\d+\))?", re.IGNORECASE)


class Merged(NamedTuple):
    """A range of cells that is shown as one; first and last row and column, both inside."""

    top: int
    left: int
    bottom: int
    right: int


class Sheets:
    """Collects the sheets of one file as blocks.

    Every sheet is one table, in the sheet's own rows and columns from 0. A sheet's name stands before its
    cells, as the title of the table that it often is, unless it only counts (Sheet1). A row reaches to its last
    cell with a text; its blank cells are cells, positions covered by a merged cell are none. Blank and hidden rows
    are left out. The text of a cell ends with a tab, that of the last one of a row with a line break.
    """

    def __init__(self, name: str) -> None:
        self.blocks = Blocks()
        self._name = name
        self._tables = 0
        self._characters = 0

    def add(self, sheet: str, rows: Mapping[int, Mapping[int, str]], merged: Iterable[Merged] = ()) -> None:
        """Adds a sheet given as row → column → text. Raises Unreadable where all sheets together are too large."""
        shown = {
            row: texts
            for row, cells in rows.items()
            if (texts := {at: text for at, text in cells.items() if text.strip()})
        }
        if not shown:
            return
        first = min(min(cells) for cells in shown.values())
        if not _GENERIC.fullmatch(sheet.strip()):
            self.blocks.paragraph(sheet.strip() + "\n")
        covered = _covered(merged, sorted(shown))
        for row, spans in covered:
            cells = shown[row]
            last = max(cells)
            if len(self.blocks.text) + last - first > MAX_CELLS:
                raise Unreadable(f"{self._name}: the sheets hold more than {MAX_CELLS:,} cells: split the file.")
            for column in _columns(first, last, cells, spans):
                text = cells.get(column, "")
                self._characters += len(text) + 1
                self.blocks.cell(
                    text + ("\n" if column == last else "\t"), self._tables, row, column, sheet=sheet or None
                )
            if self._characters > MAX_CHARACTERS:
                raise Unreadable(f"{self._name}: the text is longer than {MAX_CHARACTERS:,} characters: split it.")
        self._tables += 1


def _covered(merged: Iterable[Merged], rows: list[int]) -> Iterator[tuple[int, list[tuple[int, int]]]]:
    """Each row with the positions in it that belong to merged cells, as first and last column."""
    waiting = sorted(merged, key=itemgetter(0), reverse=True)
    active: list[Merged] = []
    for row in rows:
        while waiting and waiting[-1].top <= row:
            active.append(waiting.pop())
        active = [each for each in active if each.bottom >= row][:MAX_MERGED]
        yield row, [(each.left + (each.top == row), each.right) for each in active]


def _columns(first: int, last: int, cells: Mapping[int, str], spans: list[tuple[int, int]]) -> Iterator[int]:
    """The columns of a row that are cells of their own; a text is one wherever it stands."""
    column = first
    for left, right in sorted(spans):
        yield from range(column, min(left, last + 1))
        yield from (at for at in range(max(left, column), min(right, last) + 1) if at in cells)
        column = max(column, right + 1)
    yield from range(column, last + 1)
