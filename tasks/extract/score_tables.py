"""Score tables of evaluation reports, which score one project indicator by indicator: the total, and what its lines claim."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from schemas.sections import PROJECT_TABLE
from tasks.extract.data import clause
from tasks.extract.project_tables import AMOUNT
from tasks.extract.table_figure import TableFigure

if TYPE_CHECKING:
    from tasks.extract.document import Paragraph

TOTAL_MEMBER = "总分"
BELOW = "/"
"""Stands between the parts of a line's address: its table, the lines where its groups begin, and its own line."""


@dataclass(frozen=True, slots=True)
class Line:
    """What a cell claims: a weight, a score, the weight of a group of lines, or the total score; `at` is its address."""

    kind: str
    number: str
    at: str
    cell: Paragraph


def score_totals(cells: Iterable[Paragraph], project: str) -> list[TableFigure]:
    """The total score of each score table among consecutive cells; `project` is what the report before them is about."""
    return [figure for table in _score_tables(cells) for row in _rows(table) if (figure := _total(row, project))]


def score_lines(cells: Iterable[Paragraph]) -> Iterator[Line]:
    """What the lines of the score tables among consecutive cells claim, of those that have a column of weights.

    A cell left of the weight names a group, which goes on until another one begins in its column or left of it. Group
    weights stand in brackets beside their names.
    """
    for table in _score_tables(cells):
        rows = list(_rows(table))
        found = (
            (number, place)
            for number, row in enumerate(rows)
            for place, cell in enumerate(row)
            if clause("weight_head").fullmatch(cell.text)
        )
        head, weight = next(found, (None, 0))
        if head is not None:
            behind = [bool(clause("score_head").fullmatch(cell.text)) for cell in reversed(rows[head])]
            if any(behind):
                yield from _lines(rows[head + 1 :], weight, -1 - behind.index(True))


def _score_tables(cells: Iterable[Paragraph]) -> Iterator[list[Paragraph]]:
    """The tables with a column for the score.

    Tables that name a project of their own are the forms of projects, whose totals are a part of the form.
    """
    for _, group in groupby(cells, key=lambda cell: cell.table):
        table = list(group)
        heads = [cell for cell in table if clause("score_head").fullmatch(cell.text)]
        if heads and not any(clause("project_name_label").fullmatch(cell.text) for cell in table):
            yield table


def _rows(table: Iterable[Paragraph]) -> Iterator[list[Paragraph]]:
    return (list(row) for _, row in groupby(table, key=lambda cell: cell.row))


def _total(row: list[Paragraph], project: str) -> TableFigure | None:
    label = next((cell for cell in row if cell.text), None)
    if label is None or not clause("score_total").fullmatch(label.text):
        return None
    scores = [cell for cell in row if _number(cell)]
    if not scores:
        return None
    member = "·".join(filter(None, (project, TOTAL_MEMBER)))
    return TableFigure(
        "performance_score", None, member, scores[-1].text, "分", False, PROJECT_TABLE, label, scores[-1]
    )


def _lines(rows: list[list[Paragraph]], weight: int, score: int) -> Iterator[Line]:
    """The lines below the head, whose weights stand in one column and whose scores so many cells from the end."""
    groups: list[str] = []
    for row in rows:
        label = next((cell for cell in row if cell.text), None)
        table, own = str(row[0].table), str(row[0].row)
        points = row[score] if len(row) > weight - score and _number(row[score]) else None
        if label is not None and clause("score_total").fullmatch(label.text):
            if points:
                yield Line("score_total", points.text, table, points)
            return
        weighed = row[weight] if len(row) > weight and _number(row[weight]) else None
        if not (groups or weighed):
            continue
        for place, cell in enumerate(row[:weight]):
            if cell.text:
                groups = [*groups[:place], *[own] * (place - len(groups)), own]
                if named := clause("group_weight").search(cell.text):
                    yield Line("group_weight", named[1], BELOW.join((table, *groups)), cell)
        at = BELOW.join((table, *groups, own))
        yield from (Line("score_weight", cell.text, at, cell) for cell in (weighed,) if cell)
        yield from (Line("score", cell.text, at, cell) for cell in (points,) if cell)


def _number(cell: Paragraph) -> bool:
    found = AMOUNT.fullmatch(cell.text)
    return bool(found and not found[2])
