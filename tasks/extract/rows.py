"""Rows of facts and mentions under construction.

Plain tuples, of which one frame is made per batch: a report yields hundreds of rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import polars as pl

from schemas.curated import FACTS, MENTIONS
from schemas.table import Table
from tasks.extract.context import Statement
from tasks.extract.document import FORMS, Document, Paragraph
from tasks.extract.lexicon import Lexicon
from tasks.extract.quantities import Quantity
from tasks.extract.sections import Placed
from tasks.extract.table_figure import TableFigure

PRINTED_BRACKETS = str.maketrans("()", "（）")
"""Names come from compact text, where brackets are plain; Chinese names are written with full-width ones."""


@dataclass(slots=True)
class Rows:
    """Facts and mentions of many reports, each a tuple in the order of its table's columns."""

    facts: list[tuple[object, ...]] = field(default_factory=list)
    mentions: list[tuple[object, ...]] = field(default_factory=list)

    def frames(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The frames of the tables curated.facts and curated.mentions."""
        return _frame(FACTS, self.facts), _frame(MENTIONS, self.mentions)


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
        self.facts = self.mentions = self.unmapped = 0

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
        start, end = self._document.printed_span(paragraph.start + quantity.start, paragraph.start + quantity.end)
        text = self._document.text[start:end]
        unit_kind = self._lexicon.unit_kinds.get(quantity.unit, "count")
        row = (self._report_id, self.mentions, *self._place, section, text, start, end, unit_kind, outcome, reason)
        self._rows.mentions.append(row)
        self.mentions += 1
        self.unmapped += outcome == "unmapped"

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
