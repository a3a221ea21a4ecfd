"""What the lines of a score table claim: weights and scores, by groups of indicators and in all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tasks.extract.data import clause
from tasks.extract.score_tables import is_score, score_tables

if TYPE_CHECKING:
    from tasks.extract.document import Paragraph

BELOW = "/"
"""Stands between the parts of a line's address: its table, the lines where its groups begin, and its own line."""


@dataclass(frozen=True, slots=True)
class Line:
    """What a cell claims: a weight, a score, the weight of a group of lines, or the total score; `at` is its address."""

    kind: str
    number: str
    at: str
    cell: Paragraph


def score_lines(cells: Iterable[Paragraph]) -> Iterator[Line]:
    """What the lines of the score tables among consecutive cells claim, of those that have a column of weights.

    A cell left of the weight names a group, which goes on until another one begins in its column or left of it. Group
    weights stand in brackets beside their names.
    """
    for rows in score_tables(cells):
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


def _lines(rows: list[list[Paragraph]], weight: int, score: int) -> Iterator[Line]:
    """The lines below the head, whose weights stand in one column and whose scores so many cells from the end."""
    groups: list[str] = []
    for row in rows:
        label = next((cell for cell in row if cell.text), None)
        table, own = str(row[0].table), str(row[0].row)
        points = row[score] if len(row) > weight - score and is_score(row[score]) else None
        if label is not None and clause("score_total").fullmatch(label.text):
            if points:
                yield Line("score_total", points.text, table, points)
            return
        weighed = row[weight] if len(row) > weight and is_score(row[weight]) else None
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
