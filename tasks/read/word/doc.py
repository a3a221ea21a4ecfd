"""Word 97-2003 documents (DOC, and WPS of Kingsoft), as they are printed, as `tasks.read.word.docx` reads their successors."""

from __future__ import annotations

import re
import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from tasks.read.archives.ole import damaged
from tasks.read.blocks import LONG_CELL, Blocks, Unreadable
from tasks.read.word.doc_file import WordFile
from tasks.read.word.doc_lists import lists
from tasks.read.word.doc_properties import Paragraph, Properties

SAME_EDGE = 40
"""Twentieths of a point. Edges of cells that are drawn nearer to each other are one column's."""

_FIELD = re.compile("[\x13-\x15]")
_MARKS = "\r\x07\f"
_MARK = re.compile(f"[{_MARKS}]")
_SURROGATE = re.compile("[\ud800-\udfff]")

_SIGNS = dict.fromkeys(range(32)) | {ord("\t"): "\t", 0x0B: "\n", 0x0C: "\n", 0x0E: "\n", 0x1E: "-"}
"""What becomes of control characters: line, page and column breaks are line breaks, objects and note marks nothing."""

_FAULTS = (struct.error, IndexError, ValueError, OverflowError)


@dataclass(slots=True)
class _Row:
    """The cells of a row, each a sequence of paragraphs and tables, and what the end of the row tells of them."""

    cells: list[list[str | _Table]]
    end: Paragraph


@dataclass(slots=True)
class _Table:
    """The rows of a table; `cells` and `cell` are those of the row that is still open."""

    rows: list[_Row] = field(default_factory=list)
    cells: list[list[str | _Table]] = field(default_factory=list)
    cell: list[str | _Table] = field(default_factory=list)

    def close_cell(self) -> None:
        self.cells.append(self.cell)
        self.cell = []

    def close_row(self, end: Paragraph) -> None:
        if self.cell:
            self.close_cell()
        if self.cells:
            self.rows.append(_Row(self.cells, end))
        self.cells = []


def read_doc(content: bytes, name: str) -> Blocks:
    """The paragraphs and cells of a document, then its text boxes and notes; the text of each ends with a line break.

    A cell stands at its column of the table's grid; the positions that it is merged with are empty cells.
    """
    try:
        reader = _Reader(WordFile(content, name))
        texts = reader.file.texts
        for first, behind in (texts.main, texts.boxes, texts.footnotes, texts.endnotes):
            reader.write(reader.flow(first, behind))
    except Unreadable:
        raise
    except _FAULTS as error:
        raise damaged(name) from error
    return reader.blocks


class _Reader:
    """Collects the blocks of one document in their order."""

    def __init__(self, file: WordFile) -> None:
        self.file = file
        self.blocks = Blocks()
        self._properties = Properties(file)
        self._lists = lists(file)
        self._tables = 0
        self._text = self._shown()

    def flow(self, first: int, behind: int) -> list[str | _Table]:
        """The paragraphs and tables between two CPs."""
        found: list[str | _Table] = []
        open_tables: list[_Table] = []

        def close(depth: int) -> None:
            while len(open_tables) > depth:
                table = open_tables.pop()
                table.close_row(Paragraph())
                (open_tables[-1].cell if open_tables else found).append(table)

        for text, mark, properties in self._paragraphs(first, behind):
            depth = max(properties.depth, 1) if mark == "\x07" else properties.depth
            close(depth)
            while len(open_tables) < depth:
                open_tables.append(_Table())
            if not depth:
                found.append(text)
            elif properties.row_end:
                open_tables[-1].close_row(properties)
            else:
                open_tables[-1].cell.append(text)
                if mark == "\x07" or properties.cell_end:
                    open_tables[-1].close_cell()
        close(0)
        return found

    def write(self, flow: list[str | _Table]) -> None:
        """Appends paragraphs and tables to the blocks."""
        for each in flow:
            if isinstance(each, _Table):
                self._write_table(each)
            elif each.strip():
                self.blocks.paragraph(each + "\n")

    def _write_table(self, table: _Table) -> None:
        if not _is_data(table):
            for row in table.rows:
                for cell in row.cells:
                    self.write(cell)
            return
        grid = _grid(table)
        for number, row in enumerate(table.rows):
            column = -1
            for position, cell in enumerate(row.cells):
                edges = row.end.edges
                column = max(column + 1, bisect_right(grid, edges[position]) - 1 if position < len(edges) else 0)
                text = "" if position in row.end.merged else _cell_text(cell)
                self.blocks.cell(text + "\n", self._tables, number, column)
        self._tables += 1

    def _paragraphs(self, first: int, behind: int) -> Iterator[tuple[str, str, Paragraph]]:
        """Text, mark and properties of each paragraph between two CPs; a page break within one is a line break."""
        begin = first
        for mark in _MARK.finditer(self._text, first, behind):
            at = mark.start()
            offset, end = self.file.offsets(at)
            if mark[0] == "\f" and not self._properties.ends_paragraph(end):
                continue
            properties = self._properties.paragraph(offset, self.file.changes(at))
            label = "" if properties.row_end else self._lists.label(properties.list, properties.level)
            # A number that ends in a letter (第一部分) is set apart, one that ends in a mark (一、) is not.
            yield label + " " * label[-1:].isalnum() + self._printed(begin, at), mark[0], properties
            begin = at + 1
        if begin < behind:  # the last mark is missing
            yield self._printed(begin, behind), "", Paragraph()

    def _printed(self, first: int, behind: int) -> str:
        """The characters between two CPs as they are printed."""
        text = self._text[first:behind].translate(_SIGNS)
        if _SURROGATE.search(text):
            text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        return text

    def _shown(self) -> str:
        """The text without codes of fields and without what is hidden or deleted; the marks of paragraphs stay."""
        characters = list(self.file.text)
        for begin, end, sign in self._properties.symbols():
            for first, behind in self.file.spans(begin, end):
                characters[first:behind] = sign * (behind - first)
        dropped = [span for run in self._properties.dropped() for span in self.file.spans(*run)]
        done = 0
        for first, behind in sorted([*dropped, *_codes(self.file.text)]):
            for at in range(max(first, done), behind):
                if characters[at] not in _MARKS:
                    characters[at] = "\0"
            done = max(done, behind)
        return "".join(characters)


def _codes(text: str) -> Iterator[tuple[int, int]]:
    """First and last CP of the code of each field; what shows is its result. A field without an end has none."""
    open_fields: list[tuple[int, int | None]] = []
    for sign in _FIELD.finditer(text):
        at = sign.start()
        if sign[0] == "\x13":
            open_fields.append((at, None))
        elif open_fields:
            begin, result = open_fields.pop()
            if sign[0] == "\x14":
                open_fields.append((begin, at))
            else:
                yield begin, at if result is None else result


def _is_data(table: _Table) -> bool:
    """Tells a table of data from a frame: one with a table or a long text in it, or of one column only."""
    cells = [cell for row in table.rows for cell in row.cells]
    if any(isinstance(each, _Table) for cell in cells for each in cell):
        return False
    if max((len(row.cells) for row in table.rows), default=0) < 2:
        return False
    return all(len(_cell_text(cell)) <= LONG_CELL for cell in cells)


def _grid(table: _Table) -> list[int]:
    """Where the columns begin that the rows of a table have together."""
    grid: list[int] = []
    before = None
    for edge in sorted({edge for row in table.rows for edge in row.end.edges}):
        if before is None or edge - before > SAME_EDGE:
            grid.append(edge)
        before = edge
    return grid


def _cell_text(cell: list[str | _Table]) -> str:
    return "\n".join(each for each in cell if isinstance(each, str) and each.strip())
