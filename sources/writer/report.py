"""A report in neutral form: paragraphs and tables, and the facts that a perfect reader would find in it."""

from __future__ import annotations

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


@dataclass
class Report:
    """One written report."""

    publisher: Publisher
    year: int
    blocks: list[Paragraph | Table] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Change:
    """One printed figure that is `by` more than the accounts say: at its nth printing, or wherever it is printed."""

    concept: str
    by: Decimal
    member: str = ""
    place: int | None = None
