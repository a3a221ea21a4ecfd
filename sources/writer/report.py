"""A report in neutral form: paragraphs and tables, and the facts that a perfect reader would find in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from sources.writer.figures import Publisher


@dataclass(frozen=True, slots=True)
class Fact:
    """One stated figure: value and unit as printed (no thousands separators), `negative` by its direction word.

    `place` counts the printings of the same concept and member, from 0.
    """

    concept: str
    member_code: str
    member_name: str
    period: str
    value: str
    unit: str
    section: str
    negative: bool
    place: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of text. `marks` are what a text dump of Word shows besides: (offset, bookmark or image placeholder)."""

    text: str
    marks: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; rows are of different length where cells are merged."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table with merged cells, and the facts that its number states: none in headers and blanks."""

    text: str
    colspan: int = 1
    rowspan: int = 1
    facts: tuple[Fact, ...] = ()


Rows = tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of cells that may span columns and rows; a row lists the cells that begin in it."""

    rows: Rows

    @property
    def width(self) -> int:
        """Number of columns."""
        return sum(cell.colspan for cell in self.rows[0])

    def placed(self) -> Iterator[tuple[int, int, Cell]]:
        """Row and column of each cell, both from 0."""
        taken: set[tuple[int, int]] = set()
        for number, row in enumerate(self.rows):
            column = 0
            for cell in row:
                while (number, column) in taken:
                    column += 1
                yield number, column, cell
                below = range(number + 1, number + cell.rowspan)
                taken.update((other, column + beside) for other in below for beside in range(cell.colspan))
                column += cell.colspan


@dataclass(frozen=True, slots=True)
class PublicTable:
    """One of the public tables. `id` is its name in this project (table_01), `number` the printed one (公开01表).

    `rows` are header, totals and data. Title, number, unit and note are rows of the table where `inside`,
    and paragraphs around it elsewhere.
    """

    id: str
    number: str
    title: str
    entity: str
    unit: str
    note: str
    rows: Rows
    inside: bool = False

    @property
    def facts(self) -> list[Fact]:
        """What the cells state, in order."""
        return [fact for row in self.rows for cell in row for fact in cell.facts]

    def grid(self) -> Grid:
        """The whole table with title, number, unit and note as rows of it."""
        width = Grid(self.rows).width
        head = [(Cell(text, width),) for text in (self.title, self.number) if text]
        unit = Cell(f"部门：{self.entity}", width - 1), Cell(f"单位：{self.unit}")
        note = [(Cell(self.note, width),)] if self.note else []
        return Grid((*head, unit, *self.rows, *note))

    def blocks(self) -> list[Paragraph | Table | Grid]:
        """What a document prints of it."""
        if self.inside:
            return [self.grid()]
        before = [self.title, self.number, f"部门：{self.entity}    单位：{self.unit}"]
        after = [self.note]
        return [
            *(Paragraph(text) for text in before if text),
            Grid(self.rows),
            *(Paragraph(text) for text in after if text),
        ]


@dataclass
class Report:
    """One written report. `tables` are the public tables, where it prints them; their blocks are among `blocks`."""

    publisher: Publisher
    year: int
    blocks: list[Paragraph | Table | Grid] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    tables: list[PublicTable] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Change:
    """One printed figure that is `by` more than the accounts say: at its nth printing, or wherever it is printed."""

    concept: str
    by: Decimal
    member: str = ""
    place: int | None = None
