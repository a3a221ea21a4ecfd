"""PDF files with a text layer: paragraphs and tables, put together by where the letters and lines stand."""

from __future__ import annotations

from collections.abc import Sequence

from tasks.read.blocks import Blocks, Unreadable
from tasks.read.pdf_columns import is_amount, unruled_tables
from tasks.read.pdf_flow import PAGE_NUMBER, Sheet, flow, is_marginal
from tasks.read.pdf_grids import grids, table_of, whole
from tasks.read.pdf_lines import Line, lines_of
from tasks.read.pdf_page import Page, pages
from tasks.read.pdf_table import Table

BROAD = 4.0
"""Of the height of a line: what a wider gap parts is no sentence."""


def read_pdf(content: bytes, name: str) -> Blocks:
    """The paragraphs and cells of a PDF in reading order; the text of each ends with a line break.

    A cell that spans stands at its first position; a table that goes on over pages is one table. Pages that are
    turned are read upright. Page numbers are left out, heads of pages stand once.
    """
    sheets: list[Sheet] = []
    scanned = True
    for page in pages(content, name):
        scanned = scanned and page.scanned
        last = sheets[-1].items[-1] if sheets and sheets[-1].items else None
        sheets.append(sheet_of(page, last.bands if isinstance(last, Table) else ()))
    if scanned:
        raise Unreadable(f"{name}: the PDF holds no text, only images: ask its publisher for the text.")
    return flow(sheets)


def sheet_of(page: Page, before: Sequence[tuple[float, float]] = ()) -> Sheet:
    """The lines and tables of a page, from its top; `before` are the columns that the page before ends with."""
    chars = page.chars
    level = whole(page.level)
    items: list[Line | Table] = []
    for grid in grids(level, whole(page.upright)):
        table, chars = table_of(grid, chars)
        if table is not None:
            items.append(table)
    lines = _unnumbered(lines_of(chars), page.height)
    begin = 0
    for first, end, tables in unruled_tables(lines, level, before):
        items += [*lines[begin:first], *tables]
        begin = end
    items += lines[begin:]
    items.sort(key=lambda item: (item.top, item.left))
    items = [part for item in items for part in (_parts(item) if isinstance(item, Line) else [item])]
    return Sheet(page.number, page.width, page.height, items, page.aside)


def _parts(line: Line) -> list[Line]:
    """What stands at the left and at the right of a page on one line, such as a publisher and a unit."""
    parts = line.parted(BROAD * line.size)
    return parts if all(len(part.chars) > 2 and not is_amount(part) for part in parts) else [line]


def _unnumbered(lines: list[Line], height: float) -> list[Line]:
    """The lines without the number of the page, which may look like a row of a table."""
    outer = [
        line for line in (lines[:1] + lines[-1:]) if is_marginal(line, height) and PAGE_NUMBER.fullmatch(line.text)
    ]
    return [line for line in lines if not any(line is other for other in outer)]
