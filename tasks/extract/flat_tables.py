"""Project tables that a dump has flattened: no mark of a table is left, but one cell, or one row, per line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from tasks.extract.data import clause
from tasks.extract.project_tables import label_concepts

REACH = 16
"""Within so many lines of its name a project's table tells an amount, else the name heads no table."""


class FlatTable(NamedTuple):
    """Lines `begin` to `end` (exclusive) are a table; `by_row` tells that each of them is a row and not a cell."""

    begin: int
    end: int
    by_row: bool


def flat_tables(lines: Sequence[Sequence[str]], is_heading: Callable[[str], bool]) -> Iterator[FlatTable]:
    """The project tables among lines of prose, each given as its words: compact, parted where white space stood."""
    begin = 0
    while begin < len(lines):
        end = begin + 1
        if _names_project(lines[begin]):
            cells = [cell for line in lines[begin : begin + REACH] for cell in line]
            if any(label_concepts(role, cell) for role in ("label", "row") for cell in cells):
                while end < len(lines) and not _ends(lines[end], is_heading):
                    end += 1
                yield FlatTable(begin, end, by_row=len(lines[begin]) > 1)
        begin = end


def can_begin_table(line: str) -> bool:
    """Whether a compact line begins as the first line of a flattened table does."""
    return clause("project_name_label").match(line) is not None


def rows_of(cells: Sequence[str]) -> Iterator[int]:
    """The row that each of the cells of one flattened table stands in.

    The first generation of the form can be read without rows; in the second the source of the money begins one.
    """
    row, heads = 0, 0
    for cell in cells:
        heads += bool(label_concepts("column", cell))
        row += heads > 1 and bool(label_concepts("row", cell))
        yield row


def _names_project(line: Sequence[str]) -> bool:
    return clause("project_name_label").fullmatch(line[0]) is not None


def _ends(line: Sequence[str], is_heading: Callable[[str], bool]) -> bool:
    text = "".join(line)
    return _names_project(line) or is_heading(text) or clause("project_narrative").match(text) is not None
