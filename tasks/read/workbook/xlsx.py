"""Workbooks of Excel and WPS (XLSX, XLSM, ET as a package)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from lxml import etree  # type: ignore[import-untyped]

from tasks.read.archives.package import Package
from tasks.read.blocks import Blocks, Unreadable
from tasks.read.workbook.number_format import BUILT_IN, shown
from tasks.read.workbook.sheets import Merged, Sheets

_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_MAX_COLUMNS = 16_384
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def read_xlsx(content: bytes, name: str) -> Blocks:
    """The visible sheets of a workbook. A merged cell stands at its first position; formulas are read as their last result."""
    package = Package(content, name)
    main = package.related("officeDocument") or "xl/workbook.xml"
    if not main.endswith(".xml") or not package.has(main):
        raise Unreadable(f"{name}: the Office file holds no Excel workbook in XML: save it as .xlsx.")
    workbook = package.xml(main)
    parts = {relation.identity: relation.part for relation in package.relations(main) if relation.kind == "worksheet"}
    strings, styles = package.related("sharedStrings", main), package.related("styles", main)
    properties = workbook.find(f"{_S}workbookPr")
    reader = _Reader(
        package,
        [_text(item) for item in package.elements(strings, f"{_S}si")] if strings else [],
        _formats(package.xml(styles)) if styles else [],
        properties is not None and properties.get("date1904") in ("1", "true"),
    )
    sheets = Sheets(name)
    for sheet in workbook.iterfind(f"{_S}sheets/{_S}sheet"):
        part = parts.get(next((value for key, value in sheet.attrib.items() if key.endswith("}id")), ""))
        if part and sheet.get("state", "visible") == "visible":
            sheets.add(sheet.get("name", ""), reader.rows(part), reader.merged)
    return sheets.blocks


class _Reader:
    """Reads the sheets of one workbook. `merged` are the merged cells of the last one."""

    def __init__(self, package: Package, strings: list[str], formats: list[str], epoch_1904: bool) -> None:
        self.merged: list[Merged] = []
        self._package = package
        self._strings = strings
        self._formats = formats
        self._epoch_1904 = epoch_1904

    def rows(self, part: str) -> dict[int, dict[int, str]]:
        """Row → column → text, without hidden rows."""
        rows: dict[int, dict[int, str]] = {}
        self.merged = []
        number = -1
        for element in self._package.elements(part, f"{_S}row", f"{_S}mergeCell"):
            if element.tag == f"{_S}mergeCell":
                self.merged += _range(element.get("ref", ""))
                continue
            given = element.get("r", "")
            number = int(given) - 1 if given.isdecimal() and len(given) < 8 else number + 1
            if element.get("hidden") not in ("1", "true"):
                rows[number] = dict(self._cells(element))
        return rows

    def _cells(self, row: etree._Element) -> Iterator[tuple[int, str]]:
        column = -1
        for cell in row.iterchildren(f"{_S}c"):
            place = _place(cell.get("r", ""))
            column = place[1] if place else column + 1
            text = self._cell(cell)
            if text and column < _MAX_COLUMNS:
                yield column, text

    def _cell(self, cell: etree._Element) -> str:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            inline = cell.find(f"{_S}is")
            return "" if inline is None else _text(inline)
        value = cell.findtext(f"{_S}v") or ""
        match kind:
            case "s":
                return self._strings[int(value)] if value.isdecimal() and int(value) < len(self._strings) else ""
            case "b":
                return {"1": "TRUE", "0": "FALSE"}.get(value, value)
            case "n" if value:
                return self._number(value, cell.get("s", "0"))
        return _unescaped(value)

    def _number(self, value: str, style: str) -> str:
        try:
            number = Decimal(value)
        except InvalidOperation:
            return value
        known = style.isdecimal() and int(style) < len(self._formats)
        return shown(number, self._formats[int(style)] if known else "General", self._epoch_1904)


def _formats(styles: etree._Element) -> list[str]:
    """The number format of each cell style."""
    own = {
        element.get("numFmtId", ""): element.get("formatCode", "General")
        for element in styles.iterfind(f"{_S}numFmts/{_S}numFmt")
    }
    named = {str(number): code for number, code in BUILT_IN.items()} | own
    return [named.get(style.get("numFmtId", "0"), "General") for style in styles.iterfind(f"{_S}cellXfs/{_S}xf")]


def _text(item: etree._Element) -> str:
    """The text of a shared or inline string without its phonetic guide."""
    runs = (item.iterchildren(f"{_S}t"), item.iterfind(f"{_S}r/{_S}t"))
    return _unescaped("".join(text.text or "" for texts in runs for text in texts))


def _unescaped(text: str) -> str:
    """Control characters are written by their codes."""
    if "_x" in text:
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _range(reference: str) -> list[Merged]:
    first, _, last = reference.partition(":")
    begin, end = _place(first), _place(last)
    return [Merged(*begin, *end)] if begin and end else []


def _place(reference: str) -> tuple[int, int] | None:
    """Row and column, both from 0, of a reference such as B7."""
    found = _REFERENCE.fullmatch(reference)
    if not found:
        return None
    column = 0
    for letter in found[1]:
        column = 26 * column + ord(letter) - 64
    return int(found[2]) - 1, column - 1
