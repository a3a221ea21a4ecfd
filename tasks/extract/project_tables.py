"""The figures of the tables that report one project each, in both generations of the form.

Until fiscal year 2020 labels and amounts stand side by side (预算数: | 5 | 执行数: | 5). From 2021 on budgets and
execution are columns, and the sources of the money are rows (总额 | 财政资金 | 其他资金).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from schemas.sections import PROJECT_TABLE
from tasks.extract.data import MOST_LINES, clause, rows
from tasks.extract.projects import table_project
from tasks.extract.table_figure import TableFigure

if TYPE_CHECKING:
    from tasks.extract.document import Document, Paragraph

TABLE_UNIT = re.compile(r"\((?:单位:)?(亿元|万元|元)\)")
AMOUNT = re.compile(r"(\d+(?:,\d{3})*(?:\.\d+)?|\.\d+)(亿元|万元|元|%)?")
NOTHING = "-"
"""What a cell says that has no amount."""
INDICATORS = [""]
"""Concepts of the columns where a form goes on with its indicators: none."""

RATE = "project_execution_rate"
FUNDED = ("project_budget", "project_executed")
"""Concepts that the form splits by source of the money."""


def table_figures(document: Document, cells: list[Paragraph]) -> Iterator[TableFigure]:
    """The figures of the project tables among consecutive cells, in reading order; nothing for other tables."""
    project, unit = "", "万元"
    header: list[str] = []
    for _, group in groupby(cells, key=lambda cell: (cell.table, cell.row)):
        row = list(group)
        for label, cell in pairwise(row):
            if clause("project_name_label").fullmatch(label.text):
                project, header = table_project(document, cell), []
        for cell in row:
            if found := TABLE_UNIT.search(cell.text):
                unit = found[1]
        if project:
            header = _header(row) or (INDICATORS if header and _heads_indicators(row) else header)
            yield from _tabulated(row, header, project, unit) if header else _beside(row, project, unit)


def _header(row: list[Paragraph]) -> list[str]:
    """Concepts of the columns from the first budget on, "" for those that state none; empty for any other row."""
    concepts = [label_concepts("column", cell.text) for cell in row]
    if sum(map(bool, concepts)) < 2:
        return []
    return concepts[next(position for position, concept in enumerate(concepts) if concept) :]


def _heads_indicators(row: list[Paragraph]) -> bool:
    """Whether the indicators begin below a row: their total is one of weights and scores."""
    return all(any(clause(role).fullmatch(cell.text) for cell in row) for role in ("weight_head", "score_head"))


def _beside(row: list[Paragraph], project: str, unit: str) -> Iterator[TableFigure]:
    """First generation: each label is followed by its amount; the second label of a kind in a row is of execution."""
    seen: dict[str, int] = {}
    for label, cell in pairwise(row):
        concepts = label_concepts("label", label.text).split("|")
        occurrence = seen.get(concepts[0], 0)
        seen[concepts[0]] = occurrence + 1
        amount = AMOUNT.fullmatch(cell.text)
        if concepts[0] and amount and occurrence < len(concepts):
            yield _figure(concepts[occurrence], amount, unit, project, label, cell)


def _tabulated(row: list[Paragraph], header: list[str], project: str, unit: str) -> Iterator[TableFigure]:
    """Second generation: the amounts behind the name of a source stand in the order of the header's columns."""
    for position, label in enumerate(row):
        funds = label_concepts("row", label.text)
        if funds:
            columns = list(zip(header, row[position + 1 :], strict=False))
            if label.table is not None and label.table < 0 and not _unshifted(header, columns):
                return
            for concept, cell in columns:
                amount = AMOUNT.fullmatch(cell.text)
                if concept and amount and (funds == "total" or concept in FUNDED):
                    name = concept if funds == "total" else f"{concept}_{funds}"
                    yield _figure(name, amount, unit, project, label, cell)
            return


def _unshifted(header: list[str], columns: list[tuple[str, Paragraph]]) -> bool:
    """Whether a row of a flattened table, which has lost its empty cells, has an amount under each head of money."""
    amounts = {concept for concept, cell in columns if cell.text == NOTHING or AMOUNT.fullmatch(cell.text)}
    misplaced = any(concept and concept != RATE and cell.text.endswith("%") for concept, cell in columns)
    return not misplaced and amounts >= {concept for concept in header if concept and concept != RATE}


def _figure(
    concept: str, amount: re.Match[str], unit: str, project: str, label: Paragraph, cell: Paragraph
) -> TableFigure:
    if concept == RATE:
        unit = "%"
    unit_printed = bool(amount[2])
    return TableFigure(concept, None, project, amount[1], amount[2] or unit, unit_printed, PROJECT_TABLE, label, cell)


@cache
def _labels(role: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    table = rows("project_table.csv", "role", "label", "concepts")
    return tuple((re.compile(row["label"]), row["concepts"]) for _, row in table if row["role"] == role)


@lru_cache(MOST_LINES)
def label_concepts(role: str, text: str) -> str:
    """What a cell's words mean as a `label`, a `column`'s head or a `row`'s head; empty for anything else."""
    words = text.rstrip(":")
    return next((concepts for pattern, concepts in _labels(role) if pattern.fullmatch(words)), "")
