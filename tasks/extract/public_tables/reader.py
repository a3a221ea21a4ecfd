"""The public tables of one document, table by table in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from schemas.taxonomy.load import OUTSIDE
from tasks.extract.document import Paragraph
from tasks.extract.items import LATEST_YEAR
from tasks.extract.lexicon import Lexicon
from tasks.extract.public_tables.grid import Row, rows_of
from tasks.extract.public_tables.labels import RowLabel, economic, function, row_label
from tasks.extract.public_tables.layout import Column, Layout
from tasks.extract.public_tables.met import TablesMet
from tasks.extract.public_tables.recognise import Part, line_of, parts, recognised
from tasks.extract.public_tables.segments import AMOUNT, segments
from tasks.extract.public_tables.words import Rule, rules_named
from tasks.extract.table_figure import TableFigure

DEFAULT_UNIT = "万元"
REACH = 2
"""So many lines that are no part of a table's head may stand between its title and the table."""
COUNTED = re.compile(r"\(([^()]+)\)")
"""What the name of a row says is counted: 国内公务接待批次(批)."""

PRINTED = re.compile(r"\d[.,]\d")
"""What shows that a cell holds an amount, though none that can be read."""

CODE = re.compile(r"\d{2,3}|\d{5}|\d{7}")

CLASSES_ONLY = ("01", "04")
"""Tables that name functions without codes, and only classes."""


@dataclass(slots=True)
class Amount:
    """An amount cell of a public table: what it states; None where nothing is known, OUTSIDE where no concept has it."""

    cell: Paragraph
    number: str
    unit: str
    section: str
    outcome: TableFigure | str | None


@dataclass(slots=True)
class _Rows:
    """What rows inherit from the rows above them, also across pages."""

    unit: str = DEFAULT_UNIT
    code: str = ""
    recent: dict[int, str] = field(default_factory=dict)


class PublicTables:
    """Reads the tables of one document; `note` tells it the lines between them."""

    def __init__(self, fiscal_year: int | None, lexicon: Lexicon) -> None:
        """Takes the year whose classification is current, and the lexicon for the kinds of units."""
        self._fiscal_year = fiscal_year
        self._year = fiscal_year or LATEST_YEAR
        self._kinds = lexicon.concept_kinds
        self._units = lexicon.unit_kinds
        self._title = self._unit = ""
        self._lines = 0
        self._layout: Layout | None = None
        self._rows = _Rows()
        self.met = TablesMet()

    def note(self, paragraph: Paragraph) -> None:
        """A line of prose: the title or the unit of the next table, or neither."""
        title, unit, is_head = line_of(paragraph.text)
        self.met.line(paragraph, title)
        if title:
            self._title, self._unit, self._lines = title, "", 0
        if unit:
            self._unit = unit
        elif not title and not is_head:
            self._lines += 1
            if self._lines > REACH:
                self._title = self._unit = ""
                self._layout = None

    def read(self, cells: list[Paragraph]) -> list[Amount] | None:
        """The amounts of one table in reading order; None where it is no public table."""
        amounts: list[Amount] = []
        is_public = False
        self.met.table(cells)
        for part in parts(rows_of(cells), self._fiscal_year):
            self.met.titled(part.title)
            found = recognised(part, self._title, self._layout)
            if found is None:
                self._await(part)
                continue
            is_public = True
            if self._layout is None or found.table != self._layout.table:
                self._rows = _Rows(self._rows.unit)
            self._layout = found
            self._rows.unit = part.unit or self._unit or self._rows.unit
            self._title, self._unit, self._lines = "", "", 0
            told = len(amounts)
            for row in part.data:
                amounts.extend(self._amounts(row, found))
            below = [cell for row in part.data for cell in row.values()]
            is_empty = all(map(_is_code, amounts[told:])) and not any(PRINTED.search(cell.text) for cell in below)
            self.met.recognised(found.table, below, is_empty=is_empty)
        if not is_public:
            self._layout = None
        return amounts if is_public else None

    def _await(self, part: Part) -> None:
        """A table that is none: title and unit of the next one may stand in it, or it is the one that was announced."""
        is_head = not part.heads and not part.data
        self._title = part.title or self._title if is_head else ""
        self._unit = part.unit or self._unit if is_head else ""

    def _amounts(self, row: Row, layout: Layout) -> Iterator[Amount]:
        """The amounts of one row, each with the label on its left."""
        for segment in segments(row, layout):
            label = row_label(segment.names, segment.kind, self._rows.code)
            recent = self._meet(label, segment.begin, layout)
            for column, cell in segment.amounts:
                if amount := AMOUNT.fullmatch(cell.text):
                    yield self._amount(amount, cell, label, recent, column, layout)

    def _meet(self, label: RowLabel, begin: int, layout: Layout) -> str:
        """Remembers what the rows below may refer to, and returns what this one refers to."""
        if label.code:
            self._rows.code = label.code
        recent = self._rows.recent.get(begin, "")
        for rule in () if label.code else rules_named(layout.table, label.name):
            if rule.follows(recent) and rule.concept != OUTSIDE:
                self._rows.recent[begin] = rule.concept
                break
        return recent

    def _amount(
        self, amount: re.Match[str], cell: Paragraph, label: RowLabel, recent: str, column: Column, layout: Layout
    ) -> Amount:
        section = f"表{layout.table}"
        unit = amount["unit"] or self._rows.unit
        found = Amount(cell, amount["number"], unit, section, None)
        stated = self._stated(label, recent, column, layout)
        if stated is None:
            return found
        concept, code, name = stated
        if self._kinds.get(concept) == "count":
            unit = next((word for word in COUNTED.findall(label.name) if self._units.get(word) == "count"), "")
        if concept == OUTSIDE:
            found.outcome = OUTSIDE
        elif self._units.get(unit) == self._kinds[concept]:
            first = label.cells[0] if label.cells else cell
            printed = bool(amount["unit"])
            found.outcome = TableFigure(concept, code, name, amount["number"], unit, printed, section, first, cell)
        return found

    def _stated(
        self, label: RowLabel, recent: str, column: Column, layout: Layout
    ) -> tuple[str, str | None, str | None] | None:
        """Concept and member of an amount by the first rule that fits."""
        for rule in column.rules:
            member = self._row_member(rule, label, recent, layout)
            if member is None:
                continue
            if rule.member == "@column":
                member = column.member or (None, None)
            elif rule.member != "@row":
                member = (None, rule.member or None)
            return (rule.concept, *member)
        return None

    def _row_member(
        self, rule: Rule, label: RowLabel, recent: str, layout: Layout
    ) -> tuple[str | None, str | None] | None:
        """The member that the row is about where the rule fits the row, None where it does not."""
        if rule.kind == "@project":
            return (None, label.name) if label.kind == "project" else None
        if rule.kind == "@function":
            return function(label, self._year, layout.table in CLASSES_ONLY) if label.kind == "function" else None
        if rule.kind == "@economic":
            return economic(label) if label.kind == "economic" else None
        named = not label.code and rule in rules_named(layout.table, label.name)
        fits = rule.any_row or (named and rule.follows(recent))
        return (None, None) if fits else None


def _is_code(amount: Amount) -> bool:
    """Whether what stands where an amount may stand is the code of a function."""
    return amount.outcome is None and CODE.fullmatch(amount.number) is not None
