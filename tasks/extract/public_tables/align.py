"""The words of a row that a dump laid out with spaces, and the columns that they stand in.

A row has as many words as columns only where no cell is empty. Else a name tells which half of the table it begins, the
number of its line where there are such, and the place on the line which amounts are missing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import comb
from statistics import fmean
from typing import NamedTuple

from tasks.extract.line_tables import Word
from tasks.extract.public_tables.layout import LABELS, Layout
from tasks.extract.public_tables.segments import is_number

LINE = re.compile(r"\d{1,3}")
CODE = re.compile(r"\d{3}|\d{5}|\d{7}")
MOST_WAYS = 200
"""Ways to spread the amounts of a row over its columns; tables with more are none that a dump can be told apart in."""

CLEARLY = 2
"""So many times as far must the second-best way be, else neither is taken."""


class _Half(NamedTuple):
    """The columns of one of the tables that stand side by side."""

    names: tuple[int, ...]
    line: int | None
    amounts: tuple[int, ...]


@dataclass(slots=True)
class _Segment:
    """Words that name a part of a row, and the numbers behind them."""

    names: list[Word] = field(default_factory=list)
    numbers: list[Word] = field(default_factory=list)


class Aligner:
    """Gives the words of each row of one table their columns; rows are asked for from the top."""

    def __init__(self, layout: Layout, rows: Sequence[Sequence[Word]]) -> None:
        """Learns from the rows without empty cells where the columns stand."""
        self._halves = _halves(layout)
        self._last = [0] * len(self._halves)
        places: dict[int, list[float]] = {}
        for row in rows:
            segments = _segments(row)
            if len(segments) == len(self._halves) and all(map(_is_full, segments, self._halves)):
                for segment, half in zip(segments, self._halves, strict=True):
                    for column, word in zip(half.names, segment.names, strict=False):
                        places.setdefault(column, []).append(word.begin)
                    for column, word in zip(half.amounts, _amounts(segment, half), strict=True):
                        places.setdefault(column, []).append(_middle(word))
        self._places = {column: fmean(found) for column, found in places.items()}

    def columns(self, row: Sequence[Word]) -> list[int] | None:
        """The column of each word; None where that cannot be told."""
        segments = _segments(row)
        chosen = self._chosen(segments)
        columns: list[int] = []
        for segment, number in zip(segments, chosen, strict=False):
            half = self._halves[number]
            amounts = self._spread(_amounts(segment, half), half.amounts)
            if not segment.names or len(segment.names) > len(half.names) or amounts is None:
                return None
            columns += half.names[: len(segment.names)]
            if half.line is not None and len(amounts) < len(segment.numbers):
                columns.append(half.line)
                self._last[number] = int(segment.numbers[0].text)
            columns += amounts
        return columns if len(columns) == len(row) else None

    def _chosen(self, segments: list[_Segment]) -> list[int]:
        """The half of each segment; nothing where that cannot be told."""
        if len(segments) == len(self._halves):
            return list(range(len(segments)))
        if len(segments) != 1 or not segments[0].names:
            return []
        numbers = segments[0].numbers
        if all(half.line is not None for half in self._halves) and numbers and LINE.fullmatch(numbers[0].text):
            ahead = [(int(numbers[0].text) - last, half) for half, last in enumerate(self._last)]
            return [half for distance, half in sorted(ahead) if distance > 0][:1]
        firsts = [(half.names[0],) for half in self._halves if half.names and half.names[0] in self._places]
        found = self._nearest([segments[0].names[0].begin], firsts) if len(firsts) == len(self._halves) else None
        return [firsts.index((found[0],))] if found else []

    def _spread(self, words: list[Word], columns: tuple[int, ...]) -> list[int] | None:
        """The columns of these amounts; None where that cannot be told."""
        if len(words) in (0, len(columns)):
            return list(columns[: len(words)])
        if (
            len(words) > len(columns)
            or comb(len(columns), len(words)) > MOST_WAYS
            or not self._places.keys() >= {*columns}
        ):
            return None
        return self._nearest([_middle(word) for word in words], list(combinations(columns, len(words))))

    def _nearest(self, places: list[float] | list[int], ways: Sequence[tuple[int, ...]]) -> list[int] | None:
        """The way to choose columns that is by far the nearest to these places."""
        costs = sorted(
            (sum(abs(place - self._places[column]) for place, column in zip(places, way, strict=True)), way)
            for way in ways
        )
        is_clear = len(costs) == 1 or costs[1][0] >= CLEARLY * max(costs[0][0], 1)
        return list(costs[0][1]) if costs and is_clear else None


def _halves(layout: Layout) -> list[_Half]:
    halves: list[tuple[list[int], list[int], list[int]]] = []
    for number in sorted(layout.columns):
        role = layout.column(number).role
        if not halves or (role in LABELS and (halves[-1][1] or halves[-1][2])):
            halves.append(([], [], []))
        halves[-1][0 if role in LABELS else 1 if role == "line" else 2].append(number)
    return [_Half(tuple(names), lines[0] if lines else None, tuple(amounts)) for names, lines, amounts in halves]


def _segments(row: Sequence[Word]) -> list[_Segment]:
    """The row, parted before each name that stands behind a number."""
    segments: list[_Segment] = []
    for position, word in enumerate(row):
        following = row[position + 1] if position + 1 < len(row) else None
        is_code = CODE.fullmatch(word.text) and following is not None and not is_number(following.text)
        is_name = not is_number(word.text) or (
            is_code and not (segments and segments[-1].names and not segments[-1].numbers)
        )
        if not segments or (is_name and segments[-1].numbers):
            segments.append(_Segment())
        (segments[-1].names if is_name else segments[-1].numbers).append(word)
    return segments


def _amounts(segment: _Segment, half: _Half) -> list[Word]:
    """The numbers of a segment without that of its line."""
    has_line = half.line is not None and segment.numbers and LINE.fullmatch(segment.numbers[0].text)
    return segment.numbers[1:] if has_line else segment.numbers


def _is_full(segment: _Segment, half: _Half) -> bool:
    return 0 < len(segment.names) <= len(half.names) and len(_amounts(segment, half)) == len(half.amounts)


def _middle(word: Word) -> float:
    return (word.begin + word.end) / 2
