"""Tables of staff: one row for each unit of a report, columns for its posts and its people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

from tasks.extract.data import MOST_LINES, rows
from tasks.extract.table_figure import TableFigure

if TYPE_CHECKING:
    from tasks.extract.document import Paragraph

UNIT = "人"
"""What heads are counted in where nothing is printed."""

UNIT_NOTE = re.compile(r"\((?:单位:)?[人名个]\)$")
COUNT = re.compile(r"\d{1,3}(?:,\d{3})+|\d+")

Heading = tuple[str, str]
"""Concept of a column and the kind of staff that it counts; the column of the units has the concept ""."""


def staff_figures(cells: list[Paragraph], section: str) -> Iterator[TableFigure]:
    """The head-counts of the staff tables among consecutive cells, which stand in this section of the report.

    Nothing is told of a table whose head does not name the units and at least one count.
    """
    for _, table in groupby(cells, key=lambda cell: cell.table):
        headings: dict[int | None, Heading] = {}
        for _, group in groupby(table, key=lambda cell: cell.row):
            row = list(group)
            headings = _header(row) or headings
            unit = next((cell for cell in row if headings.get(cell.column) == ("", "")), None)
            if unit is None or not unit.text or COUNT.fullmatch(unit.text):
                continue
            for cell in row:
                concept, kind = headings.get(cell.column, ("", ""))
                if concept and COUNT.fullmatch(cell.text):
                    member = "·".join(filter(None, (unit.text, kind)))
                    yield TableFigure(concept, None, member, cell.text, UNIT, False, section, unit, cell)


def _header(row: list[Paragraph]) -> dict[int | None, Heading]:
    """The columns that a row names; nothing where it is no head of a staff table."""
    named = {cell.column: heading for cell in row if (heading := _heading(cell.text))}
    concepts = [concept for concept, _ in named.values()]
    return named if concepts.count("") == 1 and len(concepts) > 1 else {}


@lru_cache(MOST_LINES)
def _heading(text: str) -> Heading | None:
    words = UNIT_NOTE.sub("", text)
    return next((heading for pattern, heading in _headings() if pattern.fullmatch(words)), None)


@cache
def _headings() -> tuple[tuple[re.Pattern[str], Heading], ...]:
    table = rows("staff_table.csv", "heading", "concept", "kind")
    return tuple((re.compile(row["heading"]), (row["concept"], row["kind"])) for _, row in table)
