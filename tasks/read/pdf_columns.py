"""Tables without upright lines: their columns are found by the white between them, their rows by the amounts in them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tasks.read.pdf_grids import NARROW, Cell, Table
from tasks.read.pdf_lines import Line, is_full, joined, line_of, lines_of
from tasks.read.pdf_page import Char, Ruling

BESIDE = 1.2
"""Of the height of a line: a wider gap makes one line look like cells of a table."""

APART = 0.5
"""The same within a table."""

LETTER_GAP = 4.0
"""Of the height: single letters no further apart are one word that is spaced out, such as 合　计."""

BETWEEN = 2
"""Lines of one cell that may stand between two rows: a title within the table, or the rest of a long name."""

TIGHT = 0.45
"""Of the height: lines of one cell are not further apart where the rows tell nothing better."""

NEARER = 0.75
"""Lines of one cell are nearer to each other than rows are, at most by this share."""

FAR = 3.0
"""Of the height: a wider gap between two lines ends a table."""

AMOUNT = re.compile(r"[-−－+]?[(（]?[-−]?\d[\d,，]*(?:[.．]\d+)?[)）]?[%％]?|[-—]{1,2}")
"""What stands in a column of amounts, codes or counts."""

LEADERS = re.compile(r"[.…·．]{4,}|(?:\. ){4,}")
"""What leads the eye to the page in a table of contents."""

_LABELLED = re.compile(r"[^：:]{1,12}[：:].*")
_SENTENCE_END = "。；;"


@dataclass(slots=True)
class Row:
    """One row: the lines of each of its columns."""

    cells: dict[int, list[Line]]

    @property
    def top(self) -> float:
        """The upper edge in points."""
        return min(line.top for lines in self.cells.values() for line in lines)

    @property
    def bottom(self) -> float:
        """The lower edge in points."""
        return max(line.bottom for lines in self.cells.values() for line in lines)

    @property
    def has_amount(self) -> bool:
        """Whether a number stands in it."""
        return any(_is_amount(line) for lines in self.cells.values() for line in lines)

    def take(self, other: Row) -> None:
        """Adds what stands in another row, below what stands here where that is above."""
        for column, lines in other.cells.items():
            self.cells[column] = sorted([*self.cells.get(column, []), *lines], key=lambda line: line.top)


def unruled_tables(lines: Sequence[Line], level: Sequence[Ruling]) -> list[tuple[int, int, Table]]:
    """The tables among the lines of a page: the lines from which to which (exclusive) they reach, and what they say.

    `level` are the level lines that belong to no grid; they may part rows.
    """
    found = []
    for begin, end in _stretches(lines):
        table = _table(lines[begin:end], level)
        if table is not None:
            found.append((begin, end, table))
    return found


def _stretches(lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """Where several lines in a row have words beside each other."""
    begin, last = None, 0
    for index, line in enumerate(lines):
        beside = len(_words(line, BESIDE)) > 1 and not LEADERS.search(line.text)
        if begin is not None and (
            index - last > BETWEEN + (not beside)
            or line.top - lines[index - 1].bottom > FAR * line.size
            or (not beside and (line.text.endswith(tuple(_SENTENCE_END)) or LEADERS.search(line.text)))
        ):
            yield begin, last + 1
            begin = None
        if beside:
            begin, last = index if begin is None else begin, index
    if begin is not None:
        yield begin, last + 1


def _table(lines: Sequence[Line], level: Sequence[Ruling]) -> Table | None:
    words = [_words(line, APART) for line in lines]
    while len(words) > 1 and all(_LABELLED.fullmatch(word.text) for word in words[0]):
        return None if len(words) < 3 else _table(lines[1:], level)
    beside = [line for line in words if len(line) > 1]
    amounts = sum(_is_amount(word) for line in beside for word in line)
    if len(beside) < 2 or (len(beside) < 3 and not amounts):
        return None
    bands = _bands(words)
    if len(bands) < 2:
        return None
    rows = [Row(_placed(line, bands)) for line in words]
    return _filled(_rows(rows, bands, level), bands)


def rows_by_lines(columns: list[list[Char]]) -> list[Row]:
    """The rows of fields that stand beside each other without lines between their rows, one field per column."""
    lines = lines_of([char for chars in columns for char in chars])
    column_of = {id(char): column for column, chars in enumerate(columns) for char in chars}
    rows = []
    for line in lines:
        cells: dict[int, list[Char]] = {}
        for char in line.chars:
            cells.setdefault(column_of[id(char)], []).append(char)
        rows.append(Row({column: [line_of(chars)] for column, chars in cells.items()}))
    return rows


def _words(line: Line, gap: float) -> list[Line]:
    """The parts of a line that are further apart than `gap` times its height; letters spaced out stay together."""
    parts = line.parted(gap * line.size)
    words = parts[:1]
    for part in parts[1:]:
        near = part.left - words[-1].right <= LETTER_GAP * line.size
        if near and _is_spaced(words[-1]) and len(part.chars) == 1 and not part.chars[0].text.isascii():
            words[-1] = line_of([*words[-1].chars, *part.chars])
        else:
            words.append(part)
    return words


def _is_spaced(line: Line) -> bool:
    """Whether it is one letter, or several that are spaced out."""
    return all(not char.text.isascii() and not char.text.isnumeric() for char in line.chars) and all(
        char.left - before.right > APART * line.size for before, char in pairwise(line.chars)
    )


def _is_amount(line: Line) -> bool:
    return AMOUNT.fullmatch(line.text.replace(" ", "")) is not None


def _bands(lines: Sequence[Sequence[Line]]) -> list[tuple[float, float]]:
    """Where the columns begin and end.

    Narrow words show them best. Wider ones that reach over two of them are titles over several columns, unless
    the two never stand in one line: then they are a word at the left and one at the right of one column.
    """
    bands: list[list[float]] = []
    for word in sorted((word for line in lines for word in line), key=lambda word: word.right - word.left):
        met = [band for band in bands if band[0] < word.right - 1 and word.left + 1 < band[1]]
        if not met:
            bands.append([word.left, word.right])
        elif len(met) == 1:
            met[0][:] = min(met[0][0], word.left), max(met[0][1], word.right)
            bands.sort()
    bands.sort()
    while len(bands) > 1:
        near = [
            (after[0] - before[1], index)
            for index, (before, after) in enumerate(pairwise(bands))
            if not _beside(lines, before, after)
        ]
        if not near:
            break
        index = min(near)[1]
        bands[index : index + 2] = [[bands[index][0], max(bands[index][1], bands[index + 1][1])]]
    return [(left, right) for left, right in bands]


def _beside(lines: Sequence[Sequence[Line]], before: Sequence[float], after: Sequence[float]) -> bool:
    """Whether more lines have a word in each of two columns than have one that reaches over both."""
    apart = across = 0
    for line in lines:
        first = [word for word in line if word.left < before[1] - 1 and before[0] + 1 < word.right]
        second = [word for word in line if word.left < after[1] - 1 and after[0] + 1 < word.right]
        if any(word is other for word in first for other in second):
            across += 1
        elif first and second:
            apart += 1
    return apart > across if apart < 2 else apart >= across


def _placed(words: Sequence[Line], bands: Sequence[tuple[float, float]]) -> dict[int, list[Line]]:
    """The words of a line by column; one that reaches over several stands in the first."""
    cells: dict[int, list[Line]] = {}
    starts = [right for _, right in bands]
    for word in words:
        column = min(bisect_left(starts, word.left + 1), len(bands) - 1)
        cells.setdefault(column, []).append(word)
    return {column: [line_of([char for word in each for char in word.chars])] for column, each in cells.items()}


def _rows(lines: list[Row], bands: Sequence[tuple[float, float]], level: Sequence[Ruling]) -> list[Row]:
    """Rows of the lines of a table: between two level lines, or else by distance and by amounts."""
    left, right = bands[0][0], bands[-1][1]
    floors = [ruling.at for ruling in level if min(ruling.end, right) - max(ruling.start, left) > (right - left) / 2]
    parts: list[list[Row]] = []
    before = None
    for line in lines:
        band = bisect_left(floors, (line.top + line.bottom) / 2)
        if before != band:
            parts.append([])
        before = band
        parts[-1].append(line)
    ruled = len(floors) > 2 and len(parts) > len(lines) / 3
    rows: list[Row] = []
    for part in parts:
        if ruled and sum(line.has_amount for line in part) <= 1:
            for line in part[1:]:
                part[0].take(line)
            rows.append(part[0])
        else:
            rows += together(part, [right for _, right in bands])
    return rows


def together(lines: list[Row], rights: Sequence[float]) -> list[Row]:
    """Joins lines that are one row: names that go on below or around the line with the amounts."""
    gaps = [after.top - before.bottom for before, after in pairwise(lines)]
    apart = [
        gap for gap, (before, after) in zip(gaps, pairwise(lines), strict=True) if before.has_amount and after.has_amount
    ]
    size = max((line.size for row in lines[:3] for each in row.cells.values() for line in each), default=0.0)
    limit = NEARER * min(apart) if apart and min(apart) > 0 else TIGHT * size
    padded = not apart or min(apart) > 1.5 * min(gaps, default=0.0) + 1
    rows: list[Row] = []
    for index, line in enumerate(lines):
        if rows and gaps[index - 1] <= limit and padded and _one_row(rows[-1], line, lines[index + 1 :], limit):
            rows[-1].take(line)
        elif rows and not padded and _goes_on(rows[-1], line, rights):
            rows[-1].take(line)
        else:
            rows.append(Row(dict(line.cells)))
    return rows


def _one_row(above: Row, line: Row, below: Sequence[Row], limit: float) -> bool:
    """Whether a line that is near to a row belongs to it, and not rather to the row below."""
    if above.has_amount and line.has_amount:
        return False
    if above.has_amount and below and below[0].top - line.bottom < min(limit, line.top - above.bottom - 1):
        return False
    return True


def _goes_on(above: Row, line: Row, rights: Sequence[float]) -> bool:
    """Whether all cells of a line go on with full lines of the row above."""
    if line.has_amount:
        return False
    return all(
        column in above.cells and is_full(above.cells[column][-1], lines[0], rights[column])
        for column, lines in line.cells.items()
    )


def _filled(rows: Sequence[Row], bands: Sequence[tuple[float, float]]) -> Table:
    """The table of rows, with empty cells where nothing stands."""
    edges = [bands[0][0], *((before[1] + after[0]) / 2 for before, after in pairwise(bands)), bands[-1][1]]
    table = Table(edges[0], rows[0].top, edges[-1], rows[-1].bottom, edges, len(rows))
    for number, row in enumerate(rows):
        for column, (_, right) in enumerate(bands):
            text = joined(row.cells.get(column, []), max(right, edges[column] + NARROW))
            box = (edges[column], row.top, edges[column + 1], row.bottom)
            table.cells.append(Cell(number, column, text, box))
    return table
