"""The lines of all pages to paragraphs, and tables that go on over pages to one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise, takewhile

from tasks.read.blocks import Blocks
from tasks.read.pdf.columns import LEADERS, is_amount
from tasks.read.pdf.lines import NOT_FIRST, Line, is_full
from tasks.read.pdf.table import Cell, Table

MARGIN = 0.12
"""Share of the height of a page at its top and bottom in which heads and page numbers stand."""

REPEATED = 3
"""Pages on which a line must stand at least, and on a third of those that hold prose, to be the head of pages."""

INDENT = 1.0
"""Of the height of a line: one that begins so far behind the margin, or further, begins a paragraph."""

LEADING = 0.7
"""Of the height of a line: a gap so much wider than the usual one parts paragraphs."""

OTHER_SIZE = 0.12
"""By how much, as a share, the letters of two lines of one paragraph may differ in height."""

PROSE = 0.4
"""Share of the width of a page: where no lines are longer there is no prose, and lines do not go on."""

EDGE = 3.0
"""Points by which the columns of a table may move from page to page."""

NUMBERED = re.compile(
    r"第[一二三四五六七八九十\d]+部分|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[.．、](?!\d)"
)
"""How a heading or an item of a list begins."""

PAGE_NUMBER = re.compile(
    r"[-—–－·\s]*\d{1,4}[-—–－·\s]*|第\s?\d{1,4}\s?页(?:[,，/\s]*共\s?\d{1,4}\s?页)?|\d{1,4}\s?/\s?\d{1,4}"
)

_CONTINUED = re.compile(r"[(（]?续表?[)）]?\d*$")
_STOP = ("。", "！", "？", "!", "?")
_ENDS = (*_STOP, "；", ";", "：", ":")
_DIGITS = re.compile(r"\d+")


@dataclass
class Sheet:
    """What stands on a page, from its top: lines and tables; `aside` is what stands beside them, such as a watermark."""

    number: int
    width: float
    height: float
    items: list[Line | Table] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)

    @cached_property
    def gap(self) -> float:
        """The usual gap between two lines in points."""
        lines = [
            (item, after) for item, after in pairwise(self.items) if isinstance(item, Line) and isinstance(after, Line)
        ]
        gaps = sorted(gap for before, after in lines if (gap := after.top - before.bottom) > 0)
        return gaps[len(gaps) // 3] if gaps else 0.0


def flow(sheets: Sequence[Sheet]) -> Blocks:
    """The blocks of a document: paragraphs put together over lines and pages, tables over pages."""
    _drop_furniture(sheets)
    writer = _Writer(_Margins(sheets))
    for sheet in sheets:
        writer.sheet(sheet)
    writer.end()
    return writer.blocks


def _drop_furniture(sheets: Sequence[Sheet]) -> None:
    """Takes out the heads and feet of pages but for the first of each, which begins the document or is put aside.

    They are known from pages of prose: above a table its title and its unit may stand again and again.
    """
    heads: Counter[str] = Counter()
    for sheet in sheets:
        heads.update({_form(line) for line, prose in _marginal(sheet) if prose})
    least = max(REPEATED, sum(any(isinstance(item, Line) for item in sheet.items) for sheet in sheets) / 3)
    told: set[str] = set()
    for sheet in sheets:
        dropped = set()
        for line, _ in _marginal(sheet):
            form = _form(line)
            if heads[form] < least:
                continue
            begins = sheet is sheets[0] and line.bottom < MARGIN * sheet.height
            if not begins:
                dropped.add(id(line))
                if form not in told:
                    sheet.aside.append(line.text)
            told.add(form)
        sheet.items = [item for item in sheet.items if id(item) not in dropped]


def _marginal(sheet: Sheet) -> list[tuple[Line, bool]]:
    """The lines at the top and the bottom of a page, outside of which nothing stands but others of them.

    With each whether prose is what they stand above or below.
    """
    found: dict[int, tuple[Line, bool]] = {}
    for items in (sheet.items, sheet.items[::-1]):
        outer = list(takewhile(lambda item: isinstance(item, Line) and is_marginal(item, sheet.height), items[:3]))
        prose = len(items) > len(outer) and isinstance(items[len(outer)], Line)
        for line in outer:
            if isinstance(line, Line):
                found.setdefault(id(line), (line, prose))
    return list(found.values())


def is_marginal(line: Line, height: float) -> bool:
    """Whether a line stands where a page of this height in points has its head and its foot."""
    return line.bottom < MARGIN * height or line.top > (1 - MARGIN) * height


def _form(line: Line) -> str:
    """What a head says on every page, whatever the page's number is."""
    return _DIGITS.sub("0", line.text) if len(line.text) < 40 else line.text


class _Margins:
    """Where the lines of prose begin and end, per size of page."""

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self._sides: dict[tuple[int, int], tuple[float, float]] = {}
        lines: dict[tuple[int, int], list[Line]] = {}
        for sheet in sheets:
            lines.setdefault(_size(sheet), []).extend(item for item in sheet.items if isinstance(item, Line))
        for size, each in lines.items():
            if each:
                ends = [_reach(line) for line in each]
                left, right = _common([line.left for line in each], 1), _common(ends, -1)
                # Few lines of a wide page are long; the longest tells where they end.
                self._sides[size] = (left, right if right - left > PROSE * size[0] else max(ends))
        self.indents = self._indents([line for each in lines.values() for line in each])

    def of(self, sheet: Sheet) -> tuple[float, float]:
        """The left and the right margin in points."""
        left, right = self._sides.get(_size(sheet), (0.0, sheet.width))
        return (left, right) if right - left > PROSE * sheet.width else (0.0, sheet.width)

    def _indents(self, lines: Sequence[Line]) -> bool:
        """Whether paragraphs begin with an indent: then a line at the margin behind a full stop goes on."""
        left = min((side for side, _ in self._sides.values()), default=0.0)
        behind = [after for before, after in pairwise(lines) if before.text.endswith(_STOP)]
        return sum(line.left - left > INDENT * line.size for line in behind) > len(behind) / 3


def _size(sheet: Sheet) -> tuple[int, int]:
    return round(sheet.width), round(sheet.height)


def _reach(line: Line) -> float:
    """Where a line ends but for a mark, which may hang over the margin."""
    last = line.chars[-1]
    return last.left if NOT_FIRST.match(last.text) else line.right


def _common(sides: Sequence[float], outward: int) -> float:
    """The outermost place at which a fair share of lines begins or ends."""
    counts = Counter(round(side / 3) for side in sides)
    near = {place: count + counts[place - 1] + counts[place + 1] for place, count in counts.items()}
    least = max(near.values()) / 5
    places = [place for place, count in near.items() if count >= least and count > 1] or list(counts)
    outer = min(places) if outward > 0 else max(places)
    inside = [side for side in sides if abs(side / 3 - outer) <= 1.5]
    return min(inside) if outward > 0 else max(inside)


class _Writer:
    """Appends the blocks of one page after the other."""

    def __init__(self, margins: _Margins) -> None:
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
        return self._margins.indents or not before.text.endswith(_STOP)

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
