"""Workbooks of LibreOffice and other programs (ODS), which hold the text that each cell shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from lxml import etree  # type: ignore[import-untyped]

from tasks.read.archives.package import Package
from tasks.read.blocks import Blocks, Unreadable
from tasks.read.workbook.number_format import shown
from tasks.read.workbook.sheets import MAX_CELLS, Merged, Sheets

_NAMES = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_OFFICE, _STYLE, _TABLE, _TEXT = (_NAMES % name for name in ("office", "style", "table", "text"))
_NUMBER = re.compile(r"-?(?:0|[1-9][\d,]*)(?:\.(\d+))?")
_HIDDEN = ("collapse", "filter")


def read_ods(content: bytes, name: str) -> Blocks:
    """The visible sheets of a workbook. A merged cell stands at its first position."""
    package = Package(content, name)
    root = package.xml("content.xml")
    hidden = {
        style.get(f"{_STYLE}name")
        for style in root.iterfind(f"{_OFFICE}automatic-styles/{_STYLE}style")
        if any(each.get(f"{_TABLE}display") == "false" for each in style.iter(f"{_STYLE}table-properties"))
    }
    book = root.find(f"{_OFFICE}body/{_OFFICE}spreadsheet")
    if book is None:
        raise Unreadable(f"{name}: the OpenDocument file is no spreadsheet: save it as DOCX, XLSX or text.")
    sheets = Sheets(name)
    for table in book.iterchildren(f"{_TABLE}table"):
        if table.get(f"{_TABLE}style-name") not in hidden:
            reader = _Reader(name)
            reader.table(table)
            sheets.add(table.get(f"{_TABLE}name", ""), reader.rows, reader.merged)
    return sheets.blocks


class _Reader:
    """Collects the rows of one sheet. Equal rows and cells are written once with a number of repetitions."""

    def __init__(self, name: str) -> None:
        self.rows: dict[int, dict[int, str]] = {}
        self.merged: list[Merged] = []
        self._name = name
        self._cells = 0

    def table(self, table: etree._Element) -> None:
        """Reads a sheet."""
        number = 0
        for row in table.iter(f"{_TABLE}table-row"):
            repeated = _count(row, "number-rows-repeated")
            cells = dict(self._row(row, number))
            if cells and row.get(f"{_TABLE}visibility") not in _HIDDEN:
                self._count(len(cells) * repeated)
                self.rows.update(dict.fromkeys(range(number, number + repeated), cells))
            number += repeated

    def _row(self, row: etree._Element, number: int) -> Iterator[tuple[int, str]]:
        column = 0
        for cell in row.iterchildren(f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            repeated = _count(cell, "number-columns-repeated")
            down, right = _count(cell, "number-rows-spanned"), _count(cell, "number-columns-spanned")
            if down > 1 or right > 1:
                self.merged.append(Merged(number, column, number + down - 1, column + right - 1))
            text = "" if cell.tag == f"{_TABLE}covered-table-cell" else _text(cell)
            if text:
                self._count(repeated)
                yield from ((at, text) for at in range(column, column + repeated))
            column += repeated

    def _count(self, cells: int) -> None:
        self._cells += cells
        if self._cells > 2 * MAX_CELLS:
            raise Unreadable(f"{self._name}: the sheets hold more than {MAX_CELLS:,} cells: split the file.")


def _count(element: etree._Element, name: str) -> int:
    given = element.get(f"{_TABLE}{name}", "1")
    return max(int(given), 1) if given.isdecimal() and len(given) < 8 else 1


def _text(cell: etree._Element) -> str:
    """What a cell shows; numbers with all their stored decimals, see number_format."""
    text = "\n".join(_line(line) for line in cell.iterchildren(f"{_TEXT}p"))
    value = cell.get(f"{_OFFICE}value")
    if not text:
        # A program that wrote no text at all; one that shows none wrote an empty line.
        unshown = cell.find(f"{_TEXT}p") is None
        return next(
            (cell.get(_OFFICE + kind, "") for kind in ("value", "date-value") if unshown and cell.get(_OFFICE + kind)),
            "",
        )
    if value is None:
        return text
    text = text.strip()
    plain = _NUMBER.fullmatch(text)
    if plain is None or cell.get(f"{_OFFICE}value-type") == "percentage":
        return text
    try:
        return shown(Decimal(value), "0." + "0" * len(plain[1]) if plain[1] else "0")
    except InvalidOperation:
        return text


def _line(paragraph: etree._Element) -> str:
    parts = [paragraph.text or ""]
    for element in paragraph.iterdescendants():
        if element.tag == f"{_TEXT}s":
            spaces = element.get(f"{_TEXT}c", "1")
            parts.append(" " * min(int(spaces), 100) if spaces.isdecimal() and len(spaces) < 4 else " ")
        elif element.tag == f"{_TEXT}tab":
            parts.append("\t")
        elif element.tag == f"{_TEXT}line-break":
            parts.append("\n")
        else:
            parts.append(element.text or "")
        parts.append(element.tail or "")
    return "".join(parts)
