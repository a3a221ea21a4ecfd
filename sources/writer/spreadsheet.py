"""The public tables as a workbook, as offices publish them: amounts as numbers with a format, merged headers."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import datetime
from random import Random
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from sources.writer.report import Cell, PublicTable

EPOCH = datetime(2000, 1, 1)
AMOUNT = re.compile(r"-?[\d,]+\.\d\d")
CODE = re.compile(r"0*[1-9]\d*")
AMOUNT_FORMATS = ("#,##0.00", "0.00", "#,##0.00_ ", '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ')
SHEET_NAME = 31
"""Characters that Excel allows."""


def xlsx(tables: Sequence[PublicTable], one_sheet: bool = False, seed: int = 0) -> bytes:
    """A workbook with one sheet per table, or with all tables below each other on one sheet.

    The seed decides whether sheets are named by title or number, and whether amounts and codes are stored as
    numbers or as text. Equal tables are equal byte for byte.
    """
    rng = Random(f"workbook {seed}")
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    book.set_properties({"created": EPOCH})
    pen = _Pen(book, rng)
    named = rng.choice(("title", "number", "generic"))
    sheet, row = None, 0
    for number, table in enumerate(tables, start=1):
        if sheet is None or not one_sheet:
            name = {"title": table.title, "number": f"Z{number:02} {table.title}", "generic": f"Sheet{number}"}[named]
            sheet, row = book.add_worksheet(name[:SHEET_NAME]), 0
        row = pen.table(sheet, row, table) + 1
    book.close()
    return content.getvalue()


class _Pen:
    """Writes tables into the sheets of one workbook."""

    def __init__(self, book: Any, rng: Random) -> None:
        self._amounts_as_text = rng.random() < 0.2
        self._codes_as_numbers = rng.random() < 0.3
        self._amount = book.add_format({"num_format": rng.choice(AMOUNT_FORMATS)})
        self._codes = {digits: book.add_format({"num_format": "0" * digits}) for digits in (1, 2, 3, 5, 7)}

    def table(self, sheet: Any, top: int, table: PublicTable) -> int:
        """Writes a table and returns the row behind it."""
        grid = table.grid()
        for row, column, cell in grid.placed():
            if cell.colspan > 1 or cell.rowspan > 1:
                last = top + row + cell.rowspan - 1, column + cell.colspan - 1
                sheet.merge_range(top + row, column, *last, "")
            self._cell(sheet, top + row, column, cell)
        return top + len(grid.rows)

    def _cell(self, sheet: Any, row: int, column: int, cell: Cell) -> None:
        text = cell.text
        if AMOUNT.fullmatch(text) and not self._amounts_as_text:
            sheet.write_number(row, column, float(text.replace(",", "")), self._amount)
        elif CODE.fullmatch(text) and len(text) in self._codes and self._codes_as_numbers:
            sheet.write_number(row, column, int(text), self._codes[len(text)])
        elif text:
            sheet.write_string(row, column, text)
