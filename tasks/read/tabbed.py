"""Tables in plain text whose rows are lines and whose cells are parted by tabs, as a copy from a page or a sheet is.

    单位名称\t人员编制数\t在职人数
    某市档案馆\t22\t21

An empty cell is two tabs in a row. Rows that end before the last column are filled up, so that columns can be counted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median

LEAST_COLUMNS = 3
"""Of the widest row. In two columns stand lists with their numbers, names with their page, and what is signed by whom."""

PROSE_CELL = 60
"""Characters. Half of the cells of a table are far shorter; sentences that tabs part are longer."""

MOST_CELLS = 100_000
"""Of one table, those that fill up rows among them."""

PAGE = re.compile(r"\d{1,3}")
"""What every line of a table of contents ends with."""


def begins_row(line: str) -> bool:
    """Whether a line with its end can be the first row of a table: a tab parts its words."""
    return line[0] != "\t" and "\t" in line.strip()


def goes_on(line: str) -> bool:
    """Whether a line can be a further row. One that begins with its only tab is a cell of Word's text export."""
    return line.count("\t") >= 1 + (line[0] == "\t")


def cells_of(rows: Sequence[str]) -> list[list[int]] | None:
    """Where each cell begins in its row, row by row and as many for each; None where the lines are no table.

    A cell reaches up to the next one, with the tab behind it; those that fill up a row begin at its end.
    """
    parted = [row.rstrip("\r\n").split("\t") for row in rows]
    width = max(map(len, parted))
    if len(rows) < 2 or not LEAST_COLUMNS <= width <= MOST_CELLS / len(rows):
        return None
    said = [cell.strip() for row in parted for cell in row if cell.strip()]
    if median(map(len, said)) >= PROSE_CELL or _is_contents(parted):
        return None
    return [[*_begins(cells), *[len(row)] * (width - len(cells))] for row, cells in zip(rows, parted, strict=True)]


def _begins(cells: Sequence[str]) -> list[int]:
    begins = [0]
    for cell in cells[:-1]:
        begins.append(begins[-1] + len(cell) + 1)
    return begins


def _is_contents(rows: Sequence[Sequence[str]]) -> bool:
    return all(PAGE.fullmatch("".join(row[-1:]).strip()) for row in rows)
