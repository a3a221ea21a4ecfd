"""What every format is read into, and what all of them agree on."""

from __future__ import annotations

from dataclasses import dataclass, field

MAX_CHARACTERS = 50_000_000
"""The longest reports with all annexes are below two million; offsets stay far inside 32 bits."""

MAX_BLOCKS = 2_000_000
"""Paragraphs and cells; a report with all annexes has some ten thousand."""

MAX_NOTES = 5

LONG_CELL = 2_000
"""Characters. Pages are laid out with tables: what holds longer texts than an achievement of a project is layout."""


class Unreadable(ValueError):
    """A document cannot be read. The message is one sentence that names it and says what to do."""


class Lacking(Unreadable):
    """The machine lacks a part that reading takes. The message says which; with it, another try may succeed."""


def told(notes: list[str]) -> str:
    """Notes as one message: the first few, and how many more there are."""
    more = len(notes) - MAX_NOTES
    return " ".join(notes[:MAX_NOTES]) + (f" And {more:,} more like these." if more > 0 else "")


@dataclass(slots=True)
class Blocks:
    """The blocks of one document, column by column; `table`, `row` and `column` are None in paragraphs.

    `notes` are sentences on what of the document could not be read; `recognised` tells that text of it was read
    from pictures.
    """

    text: list[str] = field(default_factory=list)
    table: list[int | None] = field(default_factory=list)
    row: list[int | None] = field(default_factory=list)
    column: list[int | None] = field(default_factory=list)
    page: list[int | None] = field(default_factory=list)
    sheet: list[str | None] = field(default_factory=list)
    file: list[str | None] = field(default_factory=list)
    box: list[list[int] | None] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    recognised: bool = False

    def paragraph(self, text: str, page: int | None = None, box: list[int] | None = None) -> None:
        """Appends a paragraph; `page` counts from 1, `box` is left, top, right, bottom on it in points."""
        self.cell(text, None, None, None, page=page, box=box)

    def cell(
        self,
        text: str,
        table: int | None,
        row: int | None,
        column: int | None,
        *,
        page: int | None = None,
        sheet: str | None = None,
        box: list[int] | None = None,
    ) -> None:
        """Appends a cell of the table with this number, all counted from 0; in a spreadsheet also of this sheet."""
        self.text.append(text)
        self.table.append(table)
        self.row.append(row)
        self.column.append(column)
        self.page.append(page)
        self.sheet.append(sheet)
        self.file.append(None)
        self.box.append(box)

    def append(self, other: Blocks, file: str) -> None:
        """Appends all blocks of another document, which is a file of this one; numbers of tables go on."""
        if not other.text:
            return
        before = 1 + max((table for table in self.table if table is not None), default=-1)
        first, last = other.text[0].removeprefix("\ufeff"), other.text[-1]
        texts = [first, *other.text[1:]]
        # Texts end as their files do, and the next file begins a line.
        texts[-1] += "" if last.endswith("\n") else "\n"
        self.text += texts
        self.table += [None if table is None else before + table for table in other.table]
        self.file += [file if within is None else f"{file}/{within}" for within in other.file]
        for own, others in ((self.row, other.row), (self.column, other.column), (self.page, other.page)):
            own += others
        self.sheet += other.sheet
        self.box += other.box
        self.notes += other.notes
        self.recognised = self.recognised or other.recognised
