"""Tables without upright lines: their columns are found by the white between them, their rows by the amounts in them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

from tasks.read.pdf.bands import MAX_COLUMNS, bands_of, over, placed
from tasks.read.pdf.lines import Line, lines_of
from tasks.read.pdf.page import Ruling
from tasks.read.pdf.rows import BETWEEN, OVERLAPPED, TIGHT, bottom_of, rows_of, top_of
from tasks.read.pdf.table import Band, Cell, Row, Table
from tasks.read.pdf.words import LEADERS, LETTER_GAP, is_amount, words_of

MAX_WORDS = 5_000
"""Words of one table on one page. The fullest pages have fifteen hundred."""

BESIDE = 1.2
"""Of the height of a line: a wider gap makes one line look like cells of a table."""

FAR = 3.0
"""Of the height: a wider gap between two lines ends a table."""

ALIGNED = 0.25
"""Of the height: words of one row of neighbouring columns are on one level, give or take this."""

SIDE_BY_SIDE = 0.85
"""Where a smaller share of the words on both sides of a gap is on one level, two tables stand beside each other."""

HEAD = 3
"""Lines that may stand above a table that goes on from the page before."""

_LABELLED = re.compile(r"[^：:]{1,12}[：:].*")

_SENTENCE_END = ("。", "；", ";")


def unruled_tables(
    lines: Sequence[Line], level: Sequence[Ruling], before: Sequence[Band] = ()
) -> list[tuple[int, int, list[Table]]]:
    """The tables among the lines of a page: the lines from which to which (exclusive) they reach, and what they say.

    `level` are the level lines of the page; they may part rows. `before` are the columns of the table that the page
    before ends with, which may go on.
    """
    found: list[tuple[int, int, list[Table]]] = []
    for begin, end in _stretches(lines):
        while begin < end and all(_LABELLED.fullmatch(word.text) for word in words_of(lines[begin])):
            begin += 1
        tables = _tables(lines[begin:end], level, () if found or begin > HEAD else before)
        if tables:
            found.append((begin, end, tables))
    return found


def _stretches(lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """Where several lines in a row have words beside each other."""
    begin, last, end, loose = None, 0, 0, 0
    for index, line in enumerate(lines):
        leads = LEADERS.search(line.text) is not None
        beside = not leads and len(line.parted(BESIDE * line.size)) > 1
        loose += begin is not None and not _is_near(lines, index, last)
        if begin is not None and (
            loose > BETWEEN
            or line.top - lines[index - 1].bottom > FAR * max(line.size, lines[index - 1].size)
            or (not beside and (leads or line.text.endswith(_SENTENCE_END)))
        ):
            behind = _behind(lines, begin, last, index)
            yield _before(lines, begin, end), behind
            begin, end = None, behind
        if beside or (begin is not None and is_amount(line)):
            begin, last, loose = index if begin is None else begin, index, 0
    if begin is not None:
        yield _before(lines, begin, end), _behind(lines, begin, last, len(lines))


def _is_near(lines: Sequence[Line], index: int, last: int) -> bool:
    """Whether a line may be the rest of a long name: close below another, and under one word of a row above."""
    line = lines[index]
    close = line.top - lines[index - 1].bottom <= TIGHT * line.size
    return close and sum(over(line, (word.left, word.right)) for word in words_of(lines[last])) < 2


def _before(lines: Sequence[Line], begin: int, end: int) -> int:
    """The first line of a table: words of its first row may stand a little above the others."""
    while begin > end and lines[begin].top - lines[begin - 1].bottom < -OVERLAPPED * lines[begin].size:
        begin -= 1
    return begin


def _behind(lines: Sequence[Line], begin: int, last: int, end: int) -> int:
    """The line behind a table whose first line, and last one with words beside each other, are given.

    The name of the last row may go on below it, and rows may follow that hold a name in a later column only.
    """
    words = [words_of(line) for line in lines[begin : last + 1]]
    first = min(word.left for line in words for word in line)
    starts = {word.left for line in words for word in line if word.left > first + word.size}
    behind = last + 1
    while behind < end:
        line = lines[behind]
        rest = line.top - lines[behind - 1].bottom <= TIGHT * line.size and line.right <= words[-1][-1].left
        if not rest and not any(abs(line.left - start) <= ALIGNED * line.size for start in starts):
            break
        behind += 1
    return behind


def _tables(lines: Sequence[Line], level: Sequence[Ruling], before: Sequence[Band] = ()) -> list[Table]:
    """The table that lines make, or several that stand beside each other; none where they are no table."""
    words = [words_of(line) for line in lines]
    if sum(map(len, words)) > MAX_WORDS:
        return []
    beside = [line for line in words if len(line) > 1]
    amounts = sum(is_amount(word) for line in beside for word in line)
    if not beside or (len(beside) < 3 and amounts < 2):
        return []
    between = _gap_between_tables(words)
    if between is not None:
        chars = [char for line in lines for char in line.chars]
        left = _tables(lines_of(char for char in chars if char.right <= between), level)
        right = _tables(lines_of(char for char in chars if char.right > between), level)
        if left and right:
            return left + right
    bands, words = bands_of(words, before)
    if not 1 < len(bands) <= MAX_COLUMNS:
        return []
    rows = rows_of([placed(line, bands) for line in words], bands, level)
    return [_filled(rows, bands)]


def _gap_between_tables(lines: Sequence[Sequence[Line]]) -> float | None:
    """Where a gap runs down between two tables whose rows are not on one level."""
    words = sorted((word for line in lines for word in line), key=lambda word: word.left)
    reach = words[0].right
    gaps = []
    for index, word in enumerate(words):
        if word.left - reach > 2 * BESIDE * word.size and _has_columns(words[:index]) and _has_columns(words[index:]):
            gaps.append((_aligned(words[:index], words[index:]), (reach + word.left) / 2))
        reach = max(reach, word.right)
    share, gap = min(gaps, default=(1.0, None))
    return gap if share < SIDE_BY_SIDE else None


def _aligned(left: Sequence[Line], right: Sequence[Line]) -> float:
    """The share of the words at the right that are on one level with one at the left, where those reach."""
    levels = sorted(word.middle for word in left)
    inside = [word for word in right if levels[0] - word.size < word.middle < levels[-1] + word.size]
    return sum(_near(levels, word.middle, ALIGNED * word.size) for word in inside) / max(len(inside), 1)


def _near(levels: Sequence[float], level: float, tolerance: float) -> bool:
    at = bisect_left(levels, level - tolerance)
    return at < len(levels) and levels[at] <= level + tolerance


def _has_columns(words: Sequence[Line]) -> bool:
    """Whether a part of a table can be one by itself: several amounts, and at its left a column of names."""
    left = min(word.left for word in words)
    first = [word for word in words if word.left - left <= LETTER_GAP * word.size]
    names = sum(not is_amount(word) for word in first)
    return sum(map(is_amount, words)) > 1 and names > max(1, len(first) / 2)


def _filled(rows: Sequence[Row], bands: Sequence[Band]) -> Table:
    """The table of rows, with empty cells where nothing stands."""
    edges = [bands[0][0], *((before[1] + after[0]) / 2 for before, after in pairwise(bands)), bands[-1][1]]
    table = Table(edges[0], top_of(rows[0]), edges[-1], bottom_of(rows[-1]), edges, len(rows), bands=list(bands))
    for number, row in enumerate(rows):
        for column, (_, right) in enumerate(bands):
            box = (edges[column], top_of(row), edges[column + 1], bottom_of(row))
            table.cells.append(Cell(number, column, row.get(column, []), right, box))
    return table
