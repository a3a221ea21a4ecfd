r"""Plain text, and in it the tables of Word as its text export writes them.

Each cell is a line that begins with a tab, one blank line ends a row, a second one the table:

    \t项目名称
    \t纪检监察工作经费
    (blank)
    \t预算单位
    …

A cell may hold line breaks, even an empty line: what follows without a tab belongs to it. Lines that tabs part into cells
are rows of a table, too (`tabbed`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from tasks.read.blocks import Blocks
from tasks.read.encoding import decode
from tasks.read.tabbed import PROSE_CELL, begins_row, cells_of, goes_on

LONGEST_REST = 8
"""Lines. What a cell may go on with after an empty line; more than that is text between two tables."""

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


@dataclass(frozen=True, slots=True)
class _Lines:
    """The lines that are not blank, or that begin with a tab: offset in the text, tab, blank lines before."""

    text: str
    begin: list[int]
    tabbed: list[bool]
    gap: list[int]

    def part(self, first: int, behind: int) -> str:
        """The text from one line up to another, which is left out."""
        return self.text[self.begin[first] : self.begin[behind] if behind < len(self.begin) else None]


@dataclass(slots=True)
class _Row:
    """The cells of a row, each by its first line; `behind` is the line behind the row."""

    cells: list[int]
    behind: int


def read_text(content: bytes, name: str) -> Blocks:
    """Every line that is not blank is a paragraph, unless it belongs to the cell of a table.

    A block reaches up to the next one, so that the texts of all blocks are the decoded file, untouched.
    """
    text = decode(content, name)
    lines = _lines(text)
    blocks = Blocks()
    starts = []
    for start, table, row, column in _places(lines):
        starts.append(start)
        blocks.cell("", table, row, column)
    if starts:
        starts[0] = 0
        blocks.text = [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]
    return blocks


def _lines(text: str) -> _Lines:
    lines = _Lines(text, [], [], [])
    offset = 1 if text.startswith("\ufeff") else 0
    gap = 0
    for line in _LINE.findall(text, offset):
        tabbed = line[0] == "\t"
        if tabbed or not line.isspace():
            lines.begin.append(offset)
            lines.tabbed.append(tabbed)
            lines.gap.append(gap)
            gap = 0
        else:
            gap += 1
        offset += len(line)
    return lines


def _places(lines: _Lines) -> Iterator[tuple[int, int | None, int | None, int | None]]:
    """Where each block begins in the text, with table, row and column where it is a cell."""
    line, table = 0, 0
    while line < len(lines.begin):
        if not lines.tabbed[line]:
            behind, grid = _grid(lines, line)
            for number, cells in enumerate(grid or ()):
                yield from ((start, table, number, column) for column, start in enumerate(cells))
            table += grid is not None
            if grid is None:
                yield from _prose(lines, line, behind)
            line = behind
            continue
        for rows in _tables(lines, line):
            behind = rows[-1].behind
            if _is_table(lines, rows):
                for number, row in enumerate(rows):
                    for column, cell in enumerate(row.cells):
                        yield lines.begin[cell], table, number, column
                table += 1
            else:
                yield from _prose(lines, line, behind)
            line = behind


def _prose(lines: _Lines, first: int, behind: int) -> Iterator[tuple[int, None, None, None]]:
    """Each line that says something, as a paragraph."""
    for line in range(first, behind):
        if not lines.part(line, line + 1).isspace():
            yield lines.begin[line], None, None, None


def _grid(lines: _Lines, first: int) -> tuple[int, list[list[int]] | None]:
    """The line behind those from `first` on that can be rows of one table, and where its cells begin if they are."""
    behind = first + 1
    if not begins_row(lines.part(first, behind)):
        return behind, None
    while behind < len(lines.begin) and not lines.gap[behind] and goes_on(lines.part(behind, behind + 1)):
        behind += 1
    cells = cells_of([lines.part(row, row + 1) for row in range(first, behind)])
    if cells is None:
        return behind, None
    return behind, [[lines.begin[first + row] + cell for cell in begins] for row, begins in enumerate(cells)]


def _tables(lines: _Lines, first: int) -> list[list[_Row]]:
    """The rows of all tables from a line on up to the next text outside of tables.

    A row of one cell that repeats the title of the table, or that stands after two blank lines, begins
    the next table. Wider rows after blank lines carry on: the cell before them ends with empty lines.
    """
    tables: list[list[_Row]] = []
    title: list[str] | None = None
    for row in _rows(lines, first):
        words = lines.part(row.cells[0], row.behind).split() if len(row.cells) == 1 else None
        if not tables or (words is not None and (words == title or lines.gap[row.cells[0]] > 1)):
            tables.append([row])
            title = words
        else:
            tables[-1].append(row)
    return [_rejoined(lines, table) for table in tables]


def _rows(lines: _Lines, first: int) -> list[_Row]:
    rows: list[_Row] = []
    for line in range(first, len(lines.begin)):
        if lines.tabbed[line]:
            if not rows or lines.gap[line]:
                rows.append(_Row([], line))
            rows[-1].cells.append(line)
        elif not _goes_on(lines, line):
            break
        rows[-1].behind = line + 1
    return rows


def _goes_on(lines: _Lines, line: int) -> bool:
    """Whether a line without a tab behind a cell is still a part of that cell."""
    if lines.gap[line] != 1:
        return lines.gap[line] == 0
    if len(lines.part(line, line + 1).strip()) > PROSE_CELL:
        return False
    for following in range(line + 1, min(line + 1 + LONGEST_REST, len(lines.begin))):
        if lines.gap[following] > 1:
            return False
        if lines.tabbed[following]:
            return True
    return False


def _rejoined(lines: _Lines, rows: list[_Row]) -> list[_Row]:
    """Mends rows that an empty line at the end of their first cell cuts in two.

    Such a cell spans the rows below it, which begin with an empty cell and have as many cells as both
    parts together. The first row is left alone: it is the title, above a header of any width.
    """
    joined = rows[:1]
    for position in range(1, len(rows)):
        row, above = rows[position], joined[-1]
        below = rows[position + 1] if position + 1 < len(rows) else None
        if (
            len(joined) > 1
            and below
            and len(above.cells) == 1
            and len(below.cells) == len(row.cells) + 1 > 2
            and lines.part(below.cells[0], below.cells[1]).isspace()
        ):
            joined[-1] = _Row(above.cells + row.cells, row.behind)
        else:
            joined.append(row)
    return joined


def _is_table(lines: _Lines, rows: list[_Row]) -> bool:
    """Tells a table from paragraphs that a tab indents."""
    if len(rows) < 2 or max(len(row.cells) for row in rows) < 2:
        return False
    cells = [cell for row in rows for cell in row.cells]
    lengths = [
        len(words)
        for cell, behind in zip(cells, [*cells[1:], rows[-1].behind], strict=True)
        if (words := lines.part(cell, behind).strip())
    ]
    return bool(lengths) and median(lengths) < PROSE_CELL
