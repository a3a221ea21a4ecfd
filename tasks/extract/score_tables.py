"""Scores in tables: those of an evaluation report that score one project, and the total at the foot of a project's form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from schemas.sections import PROJECT_TABLE
from tasks.extract.data import clause
from tasks.extract.project_tables import AMOUNT
from tasks.extract.projects import table_project
from tasks.extract.table_figure import TableFigure

if TYPE_CHECKING:
    from tasks.extract.document import Document, Paragraph

TOTAL_MEMBER = "总分"
SCORE, WEIGHT = "performance_score", "performance_score_weight"


def score_figures(cells: list[Paragraph], project: str) -> Iterator[TableFigure]:
    """The scores of each score table among consecutive cells; `project` is what the report before them is about.

    A score table has a column for the score and a row for the total, whose last number is the score. Where it has nothing
    but indicators of the first level, their weights and their scores, all of them are told; the indicators of a deeper table
    are too many under one name. Tables that name a project of their own are the forms of projects (`form_totals`).
    """
    for rows in score_tables(cells):
        head = next(row for row in rows if any(clause("score_head").fullmatch(cell.text) for cell in row))
        columns = _columns(head)
        for row in rows:
            yield from _each(row, columns, project) if columns else _total(row, project)


def score_tables(cells: Iterable[Paragraph]) -> Iterator[list[list[Paragraph]]]:
    """The rows of each table among consecutive cells that has a column for the score, and names no project of its own."""
    for _, group in groupby(cells, key=lambda cell: cell.table):
        table = list(group)
        heads = [cell for cell in table if clause("score_head").fullmatch(cell.text)]
        if heads and not any(clause("project_name_label").fullmatch(cell.text) for cell in table):
            yield [list(row) for _, row in groupby(table, key=lambda cell: cell.row)]


def form_totals(document: Document, cells: list[Paragraph]) -> Iterator[TableFigure]:
    """What each project's form among consecutive cells has at its foot: 总分 with the weights in all and the score.

    Only where the form has columns for both, and the row no further number.
    """
    project = ""
    heads: set[str] = set()
    for _, group in groupby(cells, key=lambda cell: (cell.table, cell.row)):
        row = [cell for cell in group if cell.text]
        for label, cell in pairwise(row):
            if clause("project_name_label").fullmatch(label.text):
                project, heads = table_project(document, cell), set()
        heads |= {role for role in ("weight_head", "score_head") for cell in row if clause(role).fullmatch(cell.text)}
        figures = row[1:]
        is_total = len(figures) == 2 and clause("score_total").fullmatch(row[0].text) is not None
        if project and len(heads) == 2 and is_total and all(map(is_score, figures)):
            yield _figure(WEIGHT, TOTAL_MEMBER, project, row[0], figures[0])
            yield _figure(SCORE, TOTAL_MEMBER, project, row[0], figures[1])


def _columns(head: list[Paragraph]) -> dict[int | None, str]:
    """Concepts of the columns of a table of the first level, "" for that of the indicators; nothing for a deeper one."""
    roles = (("score_indicator", ""), ("weight_head", WEIGHT), ("score_head", SCORE))
    said = [cell for cell in head if cell.text]
    columns = {cell.column: concept for cell in said for role, concept in roles if clause(role).fullmatch(cell.text)}
    return (
        columns if len(columns) == len(said) and sorted(columns.values()) == sorted(name for _, name in roles) else {}
    )


def _each(row: list[Paragraph], columns: dict[int | None, str], project: str) -> Iterator[TableFigure]:
    label = next((cell for cell in row if columns.get(cell.column) == ""), None)
    if label is None or not label.text:
        return
    name = TOTAL_MEMBER if clause("score_total").fullmatch(label.text) else label.text
    for cell in row:
        if (concept := columns.get(cell.column)) and is_score(cell):
            yield _figure(concept, name, project, label, cell)


def _total(row: list[Paragraph], project: str) -> Iterator[TableFigure]:
    label = next((cell for cell in row if cell.text), None)
    scores = [cell for cell in row if is_score(cell)]
    if label is not None and scores and clause("score_total").fullmatch(label.text):
        yield _figure(SCORE, TOTAL_MEMBER, project, label, scores[-1])


def is_score(cell: Paragraph) -> bool:
    """Whether a cell holds a number without a unit."""
    number = AMOUNT.fullmatch(cell.text)
    return number is not None and not number[2]


def _figure(concept: str, name: str, project: str, label: Paragraph, cell: Paragraph) -> TableFigure:
    member = "·".join(filter(None, (project, name)))
    return TableFigure(concept, None, member, cell.text, "分", False, PROJECT_TABLE, label, cell)
