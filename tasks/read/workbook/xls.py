"""Workbooks of Excel 5 to 2003 and of WPS (XLS, ET), all of them compound files."""

from __future__ import annotations

import io

import xlrd  # type: ignore[import-untyped]

from tasks.read.blocks import Blocks, Unreadable
from tasks.read.workbook.number_format import shown
from tasks.read.workbook.sheets import Merged, Sheets

MAX_BYTES = 16 * 1024**2
"""A million cells have about as many; the tables of a report are below one."""

_DATES_FROM_1904 = 1


def read_xls(content: bytes, name: str) -> Blocks:
    """The visible sheets of a workbook. A merged cell stands at its first position; formulas are read as their last result."""
    if len(content) > MAX_BYTES:
        raise Unreadable(f"{name}: the workbook is larger than {MAX_BYTES:,} bytes: save it as .xlsx, or split it.")
    try:
        book = _open(content)
        sheets = Sheets(name)
        for number in range(book.nsheets):
            # Loaded one after the other, so that only one is in memory.
            sheet = book.sheet_by_index(number)
            if not sheet.visibility:
                merged = [Merged(top, left, bottom - 1, right - 1) for top, bottom, left, right in sheet.merged_cells]
                sheets.add(sheet.name, _rows(book, sheet), merged)
            book.unload_sheet(number)
    except Unreadable:
        raise
    except Exception as error:  # damaged bytes end up anywhere in the library
        if "encrypted" in str(error):
            raise Unreadable(f"{name}: the workbook is encrypted: remove its password.") from error
        raise Unreadable(f"{name}: the workbook is damaged or cut short: fetch it again.") from error
    return sheets.blocks


def _open(content: bytes) -> xlrd.book.Book:
    """Excel 5 names the code page of its texts; Chinese programs that wrote none meant GBK."""
    options = {"formatting_info": True, "on_demand": True, "logfile": io.StringIO(), "ignore_workbook_corruption": True}
    book = xlrd.open_workbook(file_contents=content, **options)
    if book.biff_version < 80 and book.codepage is None:
        book = xlrd.open_workbook(file_contents=content, encoding_override="gb18030", **options)
    return book


def _rows(book: xlrd.book.Book, sheet: xlrd.sheet.Sheet) -> dict[int, dict[int, str]]:
    """Row → column → text, without hidden rows."""
    hidden = {row for row, information in sheet.rowinfo_map.items() if information.hidden}
    return {
        row: {column: text for column, cell in enumerate(sheet.row(row)) if (text := _text(book, cell))}
        for row in range(sheet.nrows)
        if row not in hidden
    }


def _text(book: xlrd.book.Book, cell: xlrd.sheet.Cell) -> str:
    match cell.ctype:
        case xlrd.XL_CELL_TEXT:
            return str(cell.value).replace("\r\n", "\n").replace("\r", "\n")
        case xlrd.XL_CELL_NUMBER | xlrd.XL_CELL_DATE:
            key = book.xf_list[cell.xf_index].format_key
            number_format = book.format_map[key].format_str if key in book.format_map else "General"
            return shown(cell.value, number_format, book.datemode == _DATES_FROM_1904)
        case xlrd.XL_CELL_BOOLEAN:
            return "TRUE" if cell.value else "FALSE"
        case xlrd.XL_CELL_ERROR:
            return str(xlrd.error_text_from_code.get(cell.value, "#ERR!"))
    return ""
