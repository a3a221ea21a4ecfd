"""The total of a score table: the table of an evaluation report that scores one project indicator by indicator."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from schemas.sections import PROJECT_TABLE
from tasks.extract.data import clause
from tasks.extract.project_tables import AMOUNT
from tasks.extract.table_figure import TableFigure

if TYPE_CHECKING:
    from tasks.extract.document import Paragraph

TOTAL_MEMBER = "总分"


def score_totals(cells: list[Paragraph], project: str) -> list[TableFigure]:
    """The total score of each score table among consecutive cells; `project` is what the report before them is about.

    A score table has a column for the score and a row for the total, whose last number is the score. Tables that
    name a project of their own are the forms of projects, whose totals are a part of the form.
    """
    found = []
    for _, group in groupby(cells, key=lambda cell: cell.table):
        table = list(group)
        heads = [cell for cell in table if clause("score_head").fullmatch(cell.text)]
        if heads and not any(clause("project_name_label").fullmatch(cell.text) for cell in table):
            rows = (list(row) for _, row in groupby(table, key=lambda cell: cell.row))
            found += [figure for row in rows if (figure := _total(row, project))]
    return found


def _total(row: list[Paragraph], project: str) -> TableFigure | None:
    label = next((cell for cell in row if cell.text), None)
    if label is None or not clause("score_total").fullmatch(label.text):
        return None
    scores = [cell for cell in row if (number := AMOUNT.fullmatch(cell.text)) and not number[2]]
    if not scores:
        return None
    member = "·".join(filter(None, (project, TOTAL_MEMBER)))
    return TableFigure(
        "performance_score", None, member, scores[-1].text, "分", False, PROJECT_TABLE, label, scores[-1]
    )
