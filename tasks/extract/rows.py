"""Rows of facts, mentions and claims under construction.

Plain tuples, of which one frame is made per batch: a report yields hundreds of rows.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from schemas.curated import CLAIMS, FACTS, MENTIONS
from schemas.table import Table
from tasks.extract.context import Statement
from tasks.extract.document import FORMS, Document, Paragraph
from tasks.extract.lexicon import Lexicon
from tasks.extract.quantities import OVERLONG, Quantity, fits
from tasks.extract.sections import Placed
from tasks.extract.table_figure import TableFigure

if TYPE_CHECKING:
    from tasks.extract.claims import Found

PRINTED_BRACKETS = str.maketrans("()", "（）")
"""Names come from compact text, where brackets are plain; Chinese names are written with full-width ones."""


SHOWN = 80
"""Characters of a sentence that are shown before the words of a claim, and behind them."""

CLAUSE_END = re.compile(r"[，,。;\n]")

START, END, CONCEPT, PERIOD, KIND, CODE, NAME = (
    FACTS.schema.names().index(name)
    for name in ("start", "end", "concept", "period", "unit_kind", "member_code", "member_name")
)
"""Where these columns stand in a row of facts."""


class Told(NamedTuple):
    """A fact of the text as claims refer to it. `is_amount`: of the year itself, and no budget."""

    fact: int
    concept: str
    member: tuple[str | None, str | None]
    end: int
    is_amount: bool


@dataclass(slots=True)
class Rows:
    """Facts, mentions and claims of many reports, each a tuple in the order of its table's columns."""

    facts: list[tuple[Any, ...]] = field(default_factory=list)
    mentions: list[tuple[object, ...]] = field(default_factory=list)
    claims: list[tuple[object, ...]] = field(default_factory=list)

    def frames(self) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
        """The frames of the tables curated.facts, curated.mentions and curated.claims."""
        return _frame(FACTS, self.facts), _frame(MENTIONS, self.mentions), _frame(CLAIMS, self.claims)


def _frame(table: Table, rows: list[tuple[object, ...]]) -> pl.DataFrame:
    """The rows as a frame; decimals come as text, which polars reads many times faster than Python's decimals."""
    if not rows:
        return table.frame()
    columns: dict[str, Sequence[object] | pl.Series] = dict(zip(table.schema, zip(*rows, strict=True), strict=True))
    for name, dtype in table.schema.items():
        if dtype.is_decimal():
            columns[name] = pl.Series(name, columns[name], pl.String).cast(dtype)
    return table.frame(columns)


class ReportRows:
    """Appends the rows of one report, and counts them."""

    def __init__(self, rows: Rows, document: Document, lexicon: Lexicon, identity: Mapping[str, object]) -> None:
        """`identity` are the columns that all rows share: report_id, fiscal_year, region_code."""
        self._rows = rows
        self._document = document
        self._lexicon = lexicon
        self._report_id = identity["report_id"]
        self._place = identity["fiscal_year"], identity["region_code"]
        self.facts = self.mentions = self.unmapped = self.claims = 0
        self._first = len(rows.facts)
        self._by_start: list[tuple[int, int]] | None = None

    def stated(self, statement: Statement, quantity: Quantity, placed: Placed) -> None:
        """The facts that one quantity states: one per concept."""
        paragraph = placed.paragraph
        for concept in statement.concepts:
            self._fact(
                concept=concept,
                subject=(statement.subject.member_code, statement.subject.member_name, statement.subject.parent_code),
                period=statement.period,
                number=quantity.number,
                unit=statement.unit,
                printed_unit=self._printed_unit(quantity, paragraph),
                sign=statement.sign,
                basis=statement.basis,
                section=placed.section,
                span=(paragraph.start + statement.start, paragraph.start + quantity.end),
            )

    def tabulated(self, figure: TableFigure) -> None:
        """The fact that one cell of a table states. Its unit stands in the cell or in the table's head."""
        if not fits(figure.number, figure.unit, self._lexicon):
            span = self._document.printed_span(figure.cell.start, figure.cell.end)
            self._mention(span, figure.unit, figure.section, "set_aside", OVERLONG)
            return
        self._fact(
            concept=figure.concept,
            subject=(figure.member_code, figure.member_name, None),
            period="current",
            number=figure.number,
            unit=figure.unit,
            printed_unit=figure.unit,
            sign=1,
            basis=None,
            section=figure.section,
            span=(figure.label.start, figure.cell.end),
            inferred=not figure.unit_printed,
        )

    def mention(self, quantity: Quantity, paragraph: Paragraph, section: str, outcome: str, reason: str | None) -> None:
        """One quantity and what became of it."""
        span = self._document.printed_span(paragraph.start + quantity.start, paragraph.start + quantity.end)
        self._mention(span, quantity.unit, section, outcome, reason)

    def _mention(self, span: tuple[int, int], unit: str, section: str, outcome: str, reason: str | None) -> None:
        start, end = span
        text = self._document.text[start:end]
        unit_kind = self._lexicon.unit_kinds.get(unit, "count")
        row = (self._report_id, self.mentions, *self._place, section, text, start, end, unit_kind, outcome, reason)
        self._rows.mentions.append(row)
        self.mentions += 1
        self.unmapped += outcome == "unmapped"

    def claim(self, found: Found, placed: Placed, facts: list[int]) -> None:
        """One worded claim, and the facts that it is about."""
        paragraph = placed.paragraph
        start, end = self._document.printed_span(paragraph.start + found.start, paragraph.start + found.end)
        stop = CLAUSE_END.search(paragraph.text, found.end)
        first = max(found.begin, found.start - SHOWN)
        last = min(stop.end() if stop else len(paragraph.text), found.end + SHOWN)
        begin, behind = self._document.printed_span(paragraph.start + first, paragraph.start + last)
        self._rows.claims.append((
            self._report_id, self.claims, *self._place, found.kind, found.value, found.basis,
            self._document.text[start:end], facts, placed.section, start, end,
            self._document.text[begin:behind], self._document.block_at(end - 1),
        ))  # fmt: skip
        self.claims += 1

    def told(self, first: int, last: int) -> list[Told]:
        """The report's facts whose fragments lie between two offsets of its text, in reading order."""
        if self._by_start is None:
            own = self._rows.facts[self._first :]
            self._by_start = sorted(((row[START], number) for number, row in enumerate(own)))
        told = []
        for _, number in self._by_start[
            bisect_left(self._by_start, (first, 0)) : bisect_left(self._by_start, (last, 0))
        ]:
            row = self._rows.facts[self._first + number]
            if row[END] <= last:
                is_amount = (
                    row[KIND] == "money" and row[PERIOD] == "current" and row[CONCEPT] not in self._lexicon.budgets
                )
                told.append(Told(number, row[CONCEPT], (row[CODE], row[NAME]), row[END], is_amount))
        return told

    def _fact(
        self,
        *,
        concept: str,
        subject: tuple[str | None, str | None, str | None],
        period: str,
        number: str,
        unit: str,
        printed_unit: str,
        sign: int,
        basis: str | None,
        section: str,
        span: tuple[int, int],
        inferred: bool | None = None,
    ) -> None:
        kind = self._lexicon.unit_kinds[unit]
        value = number.replace(",", "")
        exact = None if kind == "date" else Decimal(value) * sign
        start, end = self._document.printed_span(*span)
        member_code, member_name, parent_code = subject
        row = {
            "report_id": self._report_id,
            "fact": self.facts,
            "fiscal_year": self._place[0],
            "region_code": self._place[1],
            "concept": concept,
            "member_code": member_code,
            "member_name": member_name and member_name.translate(PRINTED_BRACKETS),
            "parent_code": parent_code,
            "period": period,
            "value": value,
            "unit": printed_unit,
            "unit_kind": kind,
            "unit_inferred": not printed_unit if inferred is None else inferred,
            "decimals": None if exact is None else len(value.partition(".")[2]),
            "amount_cny": f"{exact * self._lexicon.yuan[unit]:f}" if exact is not None and kind == "money" else None,
            "number": None if exact is None else f"{exact:f}",
            "state": "reported",
            "budget_basis": basis,
            "section": section,
            "quote": self._document.text[start:end],
            "start": start,
            "end": end,
            "block": self._document.block_at(end - 1),
            "place": "",  # told for the whole batch at once: places.py
        }
        self._rows.facts.append(tuple(row.values()))
        self.facts += 1

    def _printed_unit(self, quantity: Quantity, paragraph: Paragraph) -> str:
        """The unit as printed, e.g. 台（套）; empty where none is."""
        if not quantity.unit or quantity.unit == "date":
            return quantity.unit
        end = paragraph.start + quantity.end
        start, end = self._document.printed_span(end - len(quantity.unit), end)
        printed = self._document.text[start:end]
        if printed == quantity.unit:
            return printed
        printed = "".join(printed.split())
        # A page number may stand inside a unit that a line break cut.
        return printed.replace("％", "%") if printed.translate(FORMS) == quantity.unit else quantity.unit
