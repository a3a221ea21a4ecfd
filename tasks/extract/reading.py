"""One report from paragraphs to facts and mentions: walks the sections and lets the resolver state each number."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, pairwise

from schemas.sections import PROJECT_TABLE, PUBLIC_TABLE
from tasks.extract.claims import Found, read_claims
from tasks.extract.context import Context, Statement
from tasks.extract.data import clause
from tasks.extract.document import Document
from tasks.extract.items import Items
from tasks.extract.lexicon import NARRATED, Lexicon
from tasks.extract.members import Members
from tasks.extract.project_tables import table_figures
from tasks.extract.projects import ProjectNames
from tasks.extract.public_tables import Amount, PublicTables
from tasks.extract.quantities import DIGIT, Quantity, quantities
from tasks.extract.rows import ReportRows
from tasks.extract.score_lines import Line, score_lines
from tasks.extract.score_tables import form_totals, score_figures
from tasks.extract.sections import Placed, place
from tasks.extract.staff import Units
from tasks.extract.staff_tables import staff_figures
from tasks.extract.statements import Resolver
from tasks.extract.table_figure import TableFigure

FRESH_SECTIONS = ("第一部分", "绩效报告")
"""Where a paragraph does not go on with the subject of the one before it."""

COMPARING_SECTIONS = tuple("一二三四五六七八九十")
"""Sections of the statutory form that compare figures with the year before begin with one of these."""

CLAUSE_ENDS = "，,；;。"

PROJECT_SECTIONS = ("十", "十（四）")
NARRATING_SECTIONS = (*PROJECT_SECTIONS, "绩效报告")
NUMBERS = "0123456789.、()．"
"""What a numbered line begins with."""


class ReportReader:
    """Reads the figures of one document into its rows."""

    def __init__(self, document: Document, fiscal_year: int | None, lexicon: Lexicon, rows: ReportRows) -> None:
        """Places the paragraphs and collects what later sentences refer to: projects' names and units' names."""
        self._document = document
        self._lexicon = lexicon
        self._rows = rows
        self._placed = place(document.paragraphs, lexicon)
        self._prose = prose = [placed for placed in self._placed if not placed.paragraph.is_cell]
        intro = (placed.paragraph for placed in prose if placed.section in PROJECT_SECTIONS)
        self._names = ProjectNames(document, document.paragraphs, intro)
        self._units = {
            section: Units(placed.paragraph.text for placed in prose if placed.section == section)
            for section in FRESH_SECTIONS
        }
        self._public = PublicTables(fiscal_year, lexicon)
        self._scores: list[Line] = []
        self._resolver = Resolver(lexicon, fiscal_year, Items(fiscal_year), Members(lexicon, self._names.full))

    def read(self) -> None:
        """Appends all facts, mentions and claims."""
        context = Context("")
        for group, after in pairwise([*_groups(self._placed), []]):
            if group[0].paragraph.is_cell:
                self._tables(group, context)
            else:
                self._public.note(group[0].paragraph)
                context = self._paragraph(group[0], after, context)
        read_claims(self._document, self._placed, self._lexicon, self._rows)
        for kind, table, paragraph in self._public.met.told():
            found = Found(kind, table, None, 0, 0, len(paragraph.text))
            self._rows.claim(found, Placed(paragraph, f"{PUBLIC_TABLE}{table}", "closed", 0, False), [])
        for line in self._scores:
            found = Found(line.kind, line.number, line.at, 0, 0, len(line.cell.text))
            self._rows.claim(found, Placed(line.cell, PROJECT_TABLE, "closed", 0, False), [])

    def restated(self) -> str | None:
        """The first clause that says, where figures are compared with the year before, why the years are not comparable."""
        for placed in self._prose:
            paragraph = placed.paragraph
            if not placed.section.startswith(COMPARING_SECTIONS):
                continue
            found = clause("restated").search(paragraph.text, placed.body)
            if found and any(clause(role).search(paragraph.text) for role in ("against_prior", "reason")):
                start = max(paragraph.text.rfind(end, 0, found.start()) for end in CLAUSE_ENDS) + 1
                behind = [at for end in CLAUSE_ENDS if (at := paragraph.text.find(end, found.end())) >= 0]
                stop = min([*behind, len(paragraph.text)])
                a, b = self._document.printed_span(paragraph.start + start, paragraph.start + stop)
                return self._document.text[a:b]
        return None

    def _paragraph(self, placed: Placed, after: list[Placed], context: Context) -> Context:
        """The quantities of one paragraph, one after the other; returns what the next paragraph goes on from."""
        text = placed.paragraph.text
        context = self._context(placed, context)
        goes_on = after and not after[0].opens and clause("goes_on").match(after[0].paragraph.text)
        context.following = after[0].paragraph.text if goes_on else ""
        if placed.scope == "closed" or placed.body >= len(text):
            return context
        units = self._units.get(placed.section)
        gap, stated = placed.body, False
        narratives = self._narratives(placed)
        for quantity in quantities(text, self._lexicon, placed.body):
            while narratives and narratives[0][0] <= quantity.start:
                context.project, context.anchor = self._names.full(narratives.pop(0)[1]), NARRATED
            outcome: Statement | str = quantity.reason
            if not quantity.reason or quantity.unit == "date":
                context.unit = units.at(text, quantity.start) if units else None
                outcome = self._resolver.resolve(text, quantity, gap, context) or quantity.reason
                if quantity.unit != "date":
                    gap, stated = quantity.end, True
            if not outcome and context.project and placed.section in PROJECT_SECTIONS:
                outcome = "achievement"
            self._tell(outcome, quantity, placed)
        if not stated and placed.scope == "core":
            self._resolver.announce(text[placed.body :].rstrip("。:"), context)
        return context

    def _context(self, placed: Placed, context: Context) -> Context:
        """What a paragraph goes on from: nothing behind a heading, else the paragraph before."""
        text = placed.paragraph.text
        context.reasoned, context.listed = False, ()
        if placed.opens:
            context = Context(placed.section, project=self._names.in_title(text))
        elif placed.section in FRESH_SECTIONS:
            context = Context(placed.section, project=context.project)
        if clause("narrative_mark").search(text) and (narrative := clause("project_narrative").match(text)):
            context.project = self._names.full(narrative[1])
            context.anchor = NARRATED
        if lead := clause("lead").match(text):
            context.lead = lead[1]
        return context

    @staticmethod
    def _narratives(placed: Placed) -> list[tuple[int, str]]:
        """Where narratives of projects begin within a paragraph, and the projects' names."""
        if placed.section not in NARRATING_SECTIONS:
            return []
        found = clause("narrative_within").finditer(placed.paragraph.text, placed.body)
        return [(each.start(), each[1]) for each in found]

    def _tell(self, outcome: Statement | str, quantity: Quantity, placed: Placed) -> None:
        """One mention, and the facts that it states."""
        told, reason = "unmapped", None
        if isinstance(outcome, Statement):
            told = "fact"
            self._rows.stated(outcome, quantity, placed)
        elif outcome or placed.scope == "prose":
            told, reason = "set_aside", outcome or "prose"
        self._rows.mention(quantity, placed.paragraph, placed.section, told, reason)

    def _tables(self, cells: list[Placed], context: Context) -> None:
        """The amounts of the public tables among consecutive cells, and the numbers of the other tables there."""
        others: list[Placed] = []
        for _, group in groupby(cells, key=lambda placed: placed.paragraph.table):
            table = list(group)
            amounts = self._public.read([placed.paragraph for placed in table])
            if amounts is None:
                others += table
                continue
            self._other_tables(others, context)
            others = []
            self._public_table(amounts)
        self._other_tables(others, context)

    def _public_table(self, amounts: list[Amount]) -> None:
        """The figures of one public table; an amount that states nothing known is a mention without a concept."""
        for amount in amounts:
            told, reason = "unmapped", None
            if isinstance(amount.outcome, TableFigure):
                told = "fact"
                self._rows.tabulated(amount.outcome)
            elif amount.outcome:
                told, reason = "set_aside", "outside"
            quantity = Quantity(0, len(amount.cell.text), amount.number, amount.unit, "")
            self._rows.mention(quantity, amount.cell, amount.section, told, reason)

    def _other_tables(self, cells: list[Placed], context: Context) -> None:
        """The figures of project, score and staff tables; other numbers are set aside as indicators."""
        if not cells or cells[0].scope == "closed":
            return
        stated = set()
        paragraphs = [placed.paragraph for placed in cells]
        self._scores += score_lines(paragraphs)
        section = cells[0].section
        figures = [*table_figures(self._document, paragraphs), *form_totals(self._document, paragraphs)]
        figures += score_figures(paragraphs, context.project or "")
        if section in self._units:
            figures += staff_figures(paragraphs, section)
        for figure in figures:
            stated.add(figure.cell.start)
            self._rows.tabulated(figure)
        for placed in cells:
            paragraph = placed.paragraph
            if not DIGIT.search(paragraph.text):
                continue
            for quantity in quantities(paragraph.text, self._lexicon):
                if paragraph.start in stated:
                    self._rows.mention(quantity, paragraph, PROJECT_TABLE, "fact", None)
                else:
                    self._rows.mention(quantity, paragraph, PROJECT_TABLE, "set_aside", quantity.reason or "indicator")


def _groups(placed: list[Placed]) -> Iterator[list[Placed]]:
    """Paragraphs one by one, cells of one stretch of tables together."""
    cells: list[Placed] = []
    for one in placed:
        if one.paragraph.is_cell:
            cells.append(one)
            continue
        if cells:
            yield cells
            cells = []
        yield [one]
    if cells:
        yield cells
