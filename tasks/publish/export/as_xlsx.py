"""Excel workbooks: one per table, with a sheet that tells what the columns mean and what Excel cannot hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from tasks.publish.export.source import Source

SHEET_ROWS = 1_048_576
"""Rows of a sheet; what is more goes on in the next one, under the same heading."""

CELL = 32_767
"""Characters of a cell; what is more is cut off."""

DIGITS = 15
"""Digits that Excel keeps of a number; the others become zeros."""

_CUT, _ROUNDED = "cut", "rounded"
_MONEY = "#,##0.00##"

Put = Callable[[Worksheet, int, int, Any], None]


def write_xlsx(source: Source, path: Path) -> None:
    """Writes a table as a workbook. Text stays text, whatever it begins with; numbers are numbers."""
    # Rows go to the disk as they come; what Excel would take for a formula or an address is text all the same.
    settings = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "tmpdir": str(path.parent),
    }
    with xlsxwriter.Workbook(str(path), settings) as book:
        lost: Counter[str] = Counter()
        writers = _writers(source, book, lost)
        sheets = _sheets(source, book)
        sheet, row = next(sheets), 1
        for part in source.parts():
            for values in part.iter_rows():
                if row == SHEET_ROWS:
                    sheet, row = next(sheets), 1
                for column, (put, value) in enumerate(zip(writers, values, strict=True)):
                    if value is not None:
                        put(sheet, row, column, value)
                row += 1
        _about(source, book, lost)


def _sheets(source: Source, book: xlsxwriter.Workbook) -> Any:
    """One sheet after the other, each with the heading in its first row."""
    bold = book.add_format({"bold": True})
    for number in count(1):
        sheet = book.add_worksheet(source.name if number == 1 else f"{source.name} {number}")
        sheet.freeze_panes(1, 0)
        for column, field in enumerate(source.fields):
            sheet.set_column(column, column, max(10, min(len(field["name"]) + 2, 40)))
            sheet.write_string(0, column, field["name"], bold)
        yield sheet


def _writers(source: Source, book: xlsxwriter.Workbook, lost: Counter[str]) -> list[Put]:
    """By column what writes a cell. `lost` counts what Excel cannot hold."""
    text, day = book.add_format({"quote_prefix": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    money = book.add_format({"num_format": _MONEY})
    writers: list[Put] = []
    for field in source.fields:
        if field["type"] == "number":
            writers.append(_number(money if field.get("unit") == "yuan" else None, lost))
        elif field["type"] == "integer":
            writers.append(lambda sheet, row, column, value: sheet.write_number(row, column, value))
        elif field["type"] == "date":
            writers.append(_day(day))
        elif field["type"] == "boolean":
            writers.append(lambda sheet, row, column, value: sheet.write_boolean(row, column, value))
        else:
            writers.append(_text(text, lost))
    return writers


def _number(shown: Format | None, lost: Counter[str]) -> Put:
    def put(sheet: Worksheet, row: int, column: int, value: Decimal) -> None:
        lost[_ROUNDED] += len(value.normalize().as_tuple().digits) > DIGITS
        sheet.write_number(row, column, float(value), shown)

    return put


def _day(shown: Format) -> Put:
    def put(sheet: Worksheet, row: int, column: int, value: date) -> None:
        sheet.write_datetime(row, column, value, shown)

    return put


def _text(shown: Format, lost: Counter[str]) -> Put:
    def put(sheet: Worksheet, row: int, column: int, value: str) -> None:
        lost[_CUT] += len(value) > CELL
        sheet.write_string(row, column, value[:CELL], shown)

    return put


def _about(source: Source, book: xlsxwriter.Workbook, lost: Counter[str]) -> None:
    """The last sheet: release, grain, what Excel cannot hold, and the columns."""
    sheet = book.add_worksheet("about")
    lines = [
        (f"Table {source.name} of the release {source.release.name}",),
        (source.grain,),
        ("An empty cell says that the report does not state it, which is never zero.",),
        (
            f"Excel keeps {DIGITS} digits of a number: {lost[_ROUNDED]} numbers of this table have more and are rounded here. "
            "Parquet, CSV and DuckDB have all digits.",
        ),
        (f"A cell holds {CELL:,} characters: {lost[_CUT]} texts of this table are longer and cut off here.",),
        (),
        ("column", "type", "unit", "meaning"),
        *((field["name"], field["type"], field.get("unit", ""), field["description"]) for field in source.fields),
    ]
    for row, cells in enumerate(lines):
        for column, cell in enumerate(cells):
            sheet.write_string(row, column, cell)
