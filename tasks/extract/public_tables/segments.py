"""A row of a public table, taken apart: names and the amounts on their right, several times where tables stand side by side."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from tasks.extract.data import MOST_LINES
from tasks.extract.document import Paragraph
from tasks.extract.public_tables.grid import Row
from tasks.extract.public_tables.labels import bare
from tasks.extract.public_tables.layout import LABELS, Column, Layout
from tasks.extract.public_tables.words import words

AMOUNT = re.compile(r"(?P<number>-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|-?\.\d+)(?P<unit>亿元|万元|元|%)?")
NOTHING = re.compile(r"[-—–―/]*")
"""What stands in a cell that has no amount."""


@dataclass(slots=True)
class Segment:
    """The cells that name a part of a row, each with its position from column `begin` on, and the cells of amounts.

    `kind` is the role of the last column with a name: function, economic or project; "" where nothing names the row.
    """

    begin: int
    names: list[tuple[int, Paragraph]] = field(default_factory=list)
    amounts: list[tuple[Column, Paragraph]] = field(default_factory=list)
    kind: str = ""
    told: bool = False
    """The name of a footer spans columns: behind it, any column may hold its amount, and the next name."""


def is_number(text: str) -> bool:
    """Whether a cell holds an amount, or the mark of one that has none."""
    return text != "" and (AMOUNT.fullmatch(text) is not None or NOTHING.fullmatch(text) is not None)


def segments(row: Row, layout: Layout) -> list[Segment]:
    """The parts of one row in reading order."""
    found = [Segment(min(row, default=0))]
    for number, cell in _aligned(row, layout).items():
        column = layout.column(number)
        if column.role == "line":
            continue
        last = found[-1]
        is_amount = AMOUNT.fullmatch(cell.text) is not None
        in_label = column.role in LABELS
        says_all = not is_amount and cell.text != "" and _says_all(cell.text, layout.table)
        if says_all or (in_label and not (is_amount and last.told)):
            if last.amounts and (cell.text or not last.told):
                found.append(last := Segment(number))
            if cell.text:
                last.names.append((number - last.begin, cell))
                last.kind = column.role
                last.told = last.told or says_all
        else:
            last.amounts.append((layout.anywhere if in_label else column, cell))
    return found


def _aligned(row: Row, layout: Layout) -> Row:
    """The row with its amounts in their columns, where a dump shows a name that spans columns as one cell.

    Then the amounts stand too far to the left, the first of them in a column of names.
    """
    first, second = row.get(0), row.get(1)
    short = max(layout.columns) + 1 - len(row)
    if short < 1 or first is None or second is None or max(row) != len(row) - 1:
        return row
    displaced = AMOUNT.fullmatch(second.text) or NOTHING.fullmatch(second.text)
    if layout.column(1).role not in LABELS or not displaced or not first.text or AMOUNT.fullmatch(first.text):
        return row
    return {number + short if number else 0: cell for number, cell in row.items()}


@lru_cache(MOST_LINES)
def _says_all(name: str, table: str) -> bool:
    """Whether a row of this name needs no heading to tell what its amount states."""
    return words().alone[table].fullmatch(bare(name)) is not None
