"""PDF files with a text layer: paragraphs and tables, put together by where the letters and lines stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tasks.read.blocks import Blocks, Unreadable
from tasks.read.pdf.columns import unruled_tables
from tasks.read.pdf.flow import flow
from tasks.read.pdf.furniture import PAGE_NUMBER, is_marginal
from tasks.read.pdf.grids import grids, table_of, whole
from tasks.read.pdf.lines import Line, lines_of
from tasks.read.pdf.page import Page, pages
from tasks.read.pdf.sheet import Sheet
from tasks.read.pdf.table import Table
from tasks.read.pdf.words import is_amount

MAX_PICTURES = 200
"""Pages whose text is recognised; each takes some seconds."""

TOLD = 10
"""Pages that a note names."""

BROAD = 4.0
"""Of the height of a line: what a wider gap parts is no sentence."""


def read_pdf(content: bytes, name: str) -> Blocks:
    """The paragraphs and cells of a PDF in reading order; the text of each ends with a line break.

    A cell that spans stands at its first position; a table that goes on over pages is one table. Pages that are
    turned are read upright. Page numbers are left out, heads of pages stand once.
    """
    return read_pages(pages(content, name), name)


def read_pages(pages: Iterable[Page], name: str) -> Blocks:
    """The paragraphs and cells of pages; the text of those that are pictures is recognised, and a note says so."""
    sheets: list[Sheet] = []
    pictures: list[int] = []
    unsure = 0
    for page in pages:
        last = sheets[-1].items[-1] if sheets and sheets[-1].items else None
        before = last.bands if isinstance(last, Table) else ()
        if page.picture is None:
            sheets.append(sheet_of(page, before))
            continue
        pictures.append(page.number)
        if len(pictures) > MAX_PICTURES:
            raise Unreadable(f"{name}: more than {MAX_PICTURES} pages are pictures: split it.")
        # Imported when the first picture is met: few documents have any, and this takes some seconds.
        from tasks.read.scan.scan import read_scan

        sheet, count = read_scan(page, before)
        sheets.append(sheet)
        unsure += count
    blocks = flow(sheets)
    if pictures:
        blocks.recognised = True
        blocks.notes.append(f"{name}: {_pages(pictures)} recognised from pictures and may be wrong.")
    if unsure:
        figures = f"{unsure:,} figures that are not sure are" if unsure > 1 else "a figure that is not sure is"
        blocks.notes.append(f"{name}: {figures} left out, □ stands instead: look at the pages.")
    return blocks


def _pages(numbers: Sequence[int]) -> str:
    """Says of pages that their text was; the first few by number."""
    few = ", ".join(map(str, numbers[:TOLD])) + (" …" if len(numbers) > TOLD else "")
    return f"the text of page {few} was" if len(numbers) == 1 else f"the text of {len(numbers)} pages ({few}) was"


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
