"""The lines of all pages to paragraphs, and tables that go on over pages to one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from tasks.read.blocks import Blocks
from tasks.read.pdf.furniture import drop_furniture
from tasks.read.pdf.lines import Line, is_full
from tasks.read.pdf.margins import INDENT, STOP, Margins
from tasks.read.pdf.sheet import Sheet
from tasks.read.pdf.table import Cell, Table
from tasks.read.pdf.words import LEADERS, is_amount

LEADING = 0.7
"""Of the height of a line: a gap so much wider than the usual one parts paragraphs."""

OTHER_SIZE = 0.12
"""By how much, as a share, the letters of two lines of one paragraph may differ in height."""

EDGE = 3.0
"""Points by which the columns of a table may move from page to page."""

NUMBERED = re.compile(
    r"第[一二三四五六七八九十\d]+部分|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[.．、](?!\d)"
)
"""How a heading or an item of a list begins."""

_CONTINUED = re.compile(r"[(（]?续表?[)）]?\d*$")

_ENDS = (*STOP, "；", ";", "：", ":")


def flow(sheets: Sequence[Sheet]) -> Blocks:
    """The blocks of a document: paragraphs put together over lines and pages, tables over pages."""
    drop_furniture(sheets)
    writer = _Writer(Margins(sheets))
    for sheet in sheets:
        writer.sheet(sheet)
    writer.end()
    return writer.blocks


class _Writer:
    """Appends the blocks of one page after the other."""

    def __init__(self, margins: Margins) -> None:
        self.blocks = Blocks()
        self._margins = margins
        self._open: list[Line] = []
        self._sheet: Sheet | None = None
        self._page = 0
        self._box: list[int] = []
        self._tables = -1
        self._before: _Open | None = None
        self._titles: list[str] = []
        self._aside: list[tuple[str, int]] = []
        self._told: set[str] = set()

    def sheet(self, sheet: Sheet) -> None:
        """Goes on with a page."""
        items = sheet.items
        first = next((index for index, item in enumerate(items) if isinstance(item, Table)), None)
        if first is not None and self._before and not self._open and self._repeats(items[:first], items[first]):
            items = items[first:]
        for index, item in enumerate(items):
            if isinstance(item, Table):
                self._table(sheet, item, index == 0)
            else:
                self._line(sheet, item)
        self._aside += [(text, sheet.number) for text in sheet.aside if text not in self._told]
        self._told.update(sheet.aside)

    def end(self) -> None:
        """Writes what is left."""
        self._close()
        self._write_aside()

    def _write_aside(self) -> None:
        """Writes what stands beside the text of the pages before, where it breaks neither a paragraph nor a table."""
        for text, page in self._aside:
            self.blocks.paragraph(text + "\n", page=page)
        self._aside = []

    def _close(self) -> None:
        """Writes the open paragraph."""
        if self._open:
            text = "".join(
                (" " if index and _spaced(self._open[index - 1], line) else "") + line.text
                for index, line in enumerate(self._open)
            )
            self.blocks.paragraph(text + "\n", page=self._page, box=self._box)
            self._titles += [line.text for line in self._open]
        self._open = []

    def _line(self, sheet: Sheet, line: Line) -> None:
        if not (self._open and self._goes_on(sheet, line)):
            self._close()
            self._write_aside()
            self._page, self._box = sheet.number, _box((line.left, line.top, line.right, line.bottom))
        elif sheet.number == self._page:
            box = _box((line.left, line.top, line.right, line.bottom))
            self._box = [*map(min, self._box[:2], box[:2]), *map(max, self._box[2:], box[2:])]
        self._open.append(line)
        self._sheet = sheet
        self._before = None

    def _goes_on(self, sheet: Sheet, line: Line) -> bool:
        """Whether a line belongs to the open paragraph."""
        before, origin = self._open[-1], self._sheet or sheet
        left, right = self._margins.of(origin)
        if abs(line.size - before.size) > OTHER_SIZE * max(line.size, before.size) or LEADERS.search(before.text):
            return False
        if not is_full(before, line, right) or before.left - left > 4 * before.size:
            return False
        if NUMBERED.match(line.text) and (before.text.endswith(_ENDS) or not self._margins.indents):
            return False
        if line.left - self._margins.of(sheet)[0] > INDENT * line.size:
            return False
        if sheet is origin and line.top - before.bottom > sheet.gap + LEADING * line.size:
            return False
        return self._margins.indents or not before.text.endswith(STOP)

    def _table(self, sheet: Sheet, table: Table, leads: bool) -> None:
        """Writes a table, or goes on with the one that the page before ends with; `leads` tells the first of a page."""
        self._close()
        before = self._before
        columns = None
        if leads and before and before.number == sheet.number - 1:
            columns = before.columns(table)
            wider = None if columns else before.widened(table)
            if wider:
                columns = list(range(len(table.edges)))
                for block in range(before.begin, len(self.blocks.text)):
                    self.blocks.column[block] = wider[self.blocks.column[block] or 0]
        if before is None or columns is None:
            self._tables += 1
            before, columns = _Open(table, self._titles[-3:], len(self.blocks.text)), list(range(len(table.edges)))
            skipped = 0
        else:
            skipped = before.repeated(table, columns)
        cells = [replace(cell, column=columns[cell.column]) for cell in table.cells if cell.row >= skipped]
        first = [cell for cell in cells if cell.row == skipped]
        if before.last and before.is_rest(first):
            self._append(before, first)
            cells = cells[len(first) :]
            skipped += 1
        shift = before.rows - skipped
        before.number, before.rows = sheet.number, shift + table.rows
        before.last = before.last if not cells else {}
        for cell in cells:
            self.blocks.cell(
                cell.text + "\n", self._tables, cell.row + shift, cell.column, page=sheet.number, box=_box(cell.box)
            )
            if cell.row + shift == before.rows - 1:
                before.last[cell.column] = cell, len(self.blocks.text) - 1
        self._before = before
        self._titles = []

    def _append(self, before: _Open, rest: Sequence[Cell]) -> None:
        """Adds the rest of a row to the cells of it that the page before ends with."""
        for cell in rest:
            if cell.lines:
                above, block = before.last[cell.column]
                above.lines.extend(cell.lines)
                self.blocks.text[block] = above.text + "\n"

    def _repeats(self, lines: Sequence[Line | Table], table: Line | Table) -> bool:
        """Whether the lines above the first table of a page say once more what stands above the one that it continues."""
        before = self._before
        if before is None or not isinstance(table, Table) or before.columns(table) is None or len(lines) > 3:
            return False
        titles = {_title(title) for title in before.titles}
        return all(isinstance(line, Line) and _title(line.text) in titles for line in lines)


class _Open:
    """A table that may go on over the next page: its header, its columns, and how many rows it has so far.

    `begin` is its first block; `titles` are the lines above it.
    """

    def __init__(self, table: Table, titles: list[str], begin: int) -> None:
        self.titles = titles
        self.begin = begin
        self.number = self.rows = 0
        self.last: dict[int, tuple[Cell, int]] = {}
        self._edges, self._bands = table.edges, table.bands
        self._head = _texts(table)

    def columns(self, table: Table) -> list[int] | None:
        """The column of this table that each one of another is; None where that has other columns.

        Ruled columns may have moved sideways as a whole, and a page that shows wide cells only lacks some;
        without lines each must stand where just one stood.
        """
        if bool(table.bands) != bool(self._bands):
            return None
        if not table.bands:
            return _among(table.edges, self._edges)
        columns = []
        for left, right in table.bands:
            met = [index for index, (start, end) in enumerate(self._bands) if left < end - 1 and start + 1 < right]
            if len(met) != 1 or met[0] in columns:
                return None
            columns.append(met[0])
        return columns

    def widened(self, table: Table) -> list[int] | None:
        """The column of another table that each one of this is, where that shows more of them; they are taken over."""
        wider = None if table.bands or self._bands else _among(self._edges, table.edges)
        if wider is not None:
            self._edges = table.edges
            self._head = {row: [(wider[column], text) for column, text in each] for row, each in self._head.items()}
            self.last = {wider[column]: last for column, last in self.last.items()}
        return wider

    def is_rest(self, row: Sequence[Cell]) -> bool:
        """Whether a row at the top of a page is the rest of the last one, whose names go on; or nothing is left of it."""
        filled = [cell for cell in row if cell.lines]
        above = {column for column, (cell, _) in self.last.items() if cell.lines}
        return not filled or (
            {cell.column for cell in filled} < above
            and not any(is_amount(line) for cell in filled for line in cell.lines)
            and any(self.last[cell.column][0].goes_on_in(cell) for cell in filled)
        )

    def repeated(self, table: Table, columns: Sequence[int]) -> int:
        """How many rows at its beginning repeat the header."""
        rows = _texts(table, columns)
        count = 0
        while rows.get(count) and rows[count] == self._head.get(count):
            count += 1
        return count


def _among(edges: Sequence[float], others: Sequence[float]) -> list[int] | None:
    """The places of edges among others, where all are found there and the first and the last are the same."""
    shift = edges[0] - others[0]
    places = []
    for edge in edges:
        near = [index for index, other in enumerate(others) if abs(edge - other - shift) <= EDGE]
        if not near:
            return None
        places.append(near[0])
    return places if places[-1] == len(others) - 1 else None


def _texts(table: Table, columns: Sequence[int] | None = None) -> dict[int, list[tuple[int, str]]]:
    """Per row the columns and texts of the cells that are not empty, without white space."""
    rows: dict[int, list[tuple[int, str]]] = {}
    for cell in table.cells:
        if cell.text:
            column = columns[cell.column] if columns else cell.column
            rows.setdefault(cell.row, []).append((column, "".join(cell.text.split())))
    return rows


def _title(text: str) -> str:
    return _CONTINUED.sub("", "".join(text.split()))


def _spaced(before: Line, line: Line) -> bool:
    """Whether a line break stands for a space: between two words in Latin letters."""
    last, first = before.chars[-1].text, line.chars[0].text
    return last.isascii() and last.isalpha() and first.isascii() and first.isalpha()


def _box(box: tuple[float, float, float, float]) -> list[int]:
    return [round(side) for side in box]
