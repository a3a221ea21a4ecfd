"""Text with separated values: CSV, and the tab-separated text that many an .xls really is."""

from __future__ import annotations

import csv
import io
from collections import Counter

from tasks.read.blocks import Blocks, Unreadable
from tasks.read.encoding import decode
from tasks.read.workbook.sheets import MAX_CELLS, Sheets

MIN_ROWS = 3
ALIKE = 0.7
"""Share of the lines with as many separators as most of them have. Programs write the same number in every line."""

PROSE_CELL = 40
"""Characters on average. A text whose sentences are parted by commas has longer ones, or a space behind each comma."""

_SAMPLE = 20_000
"""Characters that are looked at; `detect` decodes no more of a file than holds them in any encoding."""

_SEPARATORS = {"\t": 1, ",": 2}
"""With the fewest of them in a line: one comma in each line may be that of an amount."""


def separator(text: str) -> str | None:
    """The character that separates values, where a text is a table of them from beginning to end."""
    lines = [line for line in text.removeprefix("\ufeff")[:_SAMPLE].splitlines() if line.strip()]
    for mark, fewest in _SEPARATORS.items():
        # Word's own text export puts a tab before each cell, and a cell on each line.
        inside = sum(mark in line.strip(mark) for line in lines)
        if 2 * inside < len(lines):
            continue
        rows = [row for row in csv.reader(lines, delimiter=mark) if row]
        if len(rows) < MIN_ROWS:
            continue
        width, alike = Counter(map(len, rows)).most_common(1)[0]
        cells = [cell for row in rows for cell in row if cell]
        prose = sum(map(len, cells)) > PROSE_CELL * len(cells) or 2 * sum(cell[0] == " " for cell in cells) > len(cells)
        if width > fewest and alike >= ALIKE * len(rows) and not prose:
            return mark
    return None


def read_separated(content: bytes, name: str) -> Blocks:
    """The cells of one table."""
    text = decode(content, name).removeprefix("\ufeff")
    mark = separator(text) or "\t"
    sheets = Sheets(name)
    rows: dict[int, dict[int, str]] = {}
    count = 0
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=mark)):
            cells = {column: cell.replace("\r\n", "\n") for column, cell in enumerate(row) if cell.strip()}
            count += len(cells)
            if count > MAX_CELLS:
                raise Unreadable(f"{name}: the file holds more than {MAX_CELLS:,} cells: split it.")
            rows[number] = cells
    except csv.Error as error:
        raise Unreadable(f"{name}: the separated values are damaged ({error}): save the file as XLSX.") from error
    sheets.add("", rows)
    return sheets.blocks
