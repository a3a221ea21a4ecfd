"""The rows of a table whose columns are known: which lines are one row, told by distance and by amounts."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise

from tasks.read.pdf.lines import Line, is_full, line_of, lines_of
from tasks.read.pdf.page import Char, Ruling
from tasks.read.pdf.table import Band, Row
from tasks.read.pdf.words import is_amount

BETWEEN = 4
"""Lines of one word that may stand between two rows: names without amounts, or the rest of a long name."""

TIGHT = 0.45
"""Of the height: lines of one cell are not further apart where the rows tell nothing better."""

NEARER = 0.75
"""Lines of one cell are nearer to each other than rows are, at most by this share."""

OVERLAPPED = 0.12
"""Of the height: lines that overlap more stand in one row, however cells are aligned."""

UNPARTED = 3
"""Lines in each of two fields of a grid, amounts in one of them: so many are rows that no line parts."""

ALIKE = 0.7
"""Share of the amounts of a column that have the same number of decimals, at least."""


def rows_of_fields(fields: Mapping[int, Sequence[Char]], sides: Mapping[int, Band]) -> list[Row]:
    """The rows of fields beside each other, given by column, where several amounts stand in each without lines
    between them; none else. `sides` is from where to where the columns reach.
    """
    column_of = {id(char): column for column, chars in fields.items() for char in chars}
    lines: list[Row] = []
    for line in lines_of(char for chars in fields.values() for char in chars):
        row: dict[int, list[Char]] = {}
        for char in line.chars:
            row.setdefault(column_of[id(char)], []).append(char)
        lines.append({column: [line_of(chars)] for column, chars in row.items()})
    each = {column: [line[column][0] for line in lines if column in line] for column in fields}
    many = {column for column, found in each.items() if len(found) >= UNPARTED}
    if len(many) < 2 or not any(_is_list(each[column], sides[column]) for column in many):
        return []
    return together(lines, {column: right for column, (_, right) in sides.items()})


def _is_list(lines: Sequence[Line], side: Band) -> bool:
    """Whether the lines of a field are amounts below each other, and not one that is broken for want of room."""
    roomy = sum(side[1] - side[0] - (line.right - line.left) > 2 * line.size for line in lines)
    decimals = Counter(len(line.text.rstrip("%％)）").replace("．", ".").partition(".")[2]) for line in lines)
    alike = max(decimals.values(), default=0) > ALIKE * len(lines)
    return all(map(is_amount, lines)) and roomy > len(lines) / 2 and alike


def rows_of(lines: list[Row], bands: Sequence[Band], level: Sequence[Ruling]) -> list[Row]:
    """Rows of the lines of a table: between two level lines, or else by distance and by amounts."""
    left, right = bands[0][0], bands[-1][1]
    floors = [ruling.at for ruling in level if min(ruling.end, right) - max(ruling.start, left) > (right - left) / 2]
    parts: dict[int, list[Row]] = {}
    for line in lines:
        parts.setdefault(bisect_left(floors, (top_of(line) + bottom_of(line)) / 2), []).append(line)
    single = {
        band for band, part in parts.items() if not any(_clash(*pair) for pair in combinations(part[:BETWEEN], 2))
    }
    rights = {column: right for column, (_, right) in enumerate(bands)}
    rows: list[Row] = []
    for band, part in parts.items():
        if len(parts) > 2 and len(single) > len(parts) / 2 and band in single and len(part) <= BETWEEN:
            rows.append(_one(part))
        else:
            rows += together(part, rights)
    return rows


def together(lines: Sequence[Row], rights: Mapping[int, float]) -> list[Row]:
    """Joins lines that are one row: names that go on below or around the line with the amounts.

    Rows that are known to be two, because an amount stands in each below the other, tell how far apart rows are.
    """
    size = max((line.size for row in lines[:5] for each in row.values() for line in each), default=0.0)
    apart = [min(_gaps(*pair)) for pair in pairwise(lines) if _clash(*pair)]
    limit = TIGHT * size if not apart else NEARER * min(apart)
    padded = limit > NEARER * TIGHT * size or any(_tight(*pair, limit) for pair in pairwise(lines))
    rows: list[Row] = []
    for line in lines:
        gap = _gap(rows[-1], line) if rows else 0.0
        near = gap < -OVERLAPPED * size or (padded and gap <= limit)
        level = rows and top_of(line) < bottom_of(rows[-1])
        if (
            rows
            and not _clash(rows[-1], line)
            and (near or ((level or not padded) and _goes_on(rows[-1], line, rights)))
        ):
            rows[-1] = _one([rows[-1], line])
            continue
        rest = _rest(rows[-1], line, rights, limit) if rows and padded else {}
        if rest:
            rows[-1] = _one([rows[-1], rest])
        rows.append({column: each for column, each in line.items() if column not in rest})
    return rows


def _one(lines: Sequence[Row]) -> Row:
    """One row of several lines."""
    row: Row = {}
    for line in lines:
        for column, each in line.items():
            row.setdefault(column, []).extend(each)
    return row


def top_of(row: Row) -> float:
    """Where a row begins, in points from the top."""
    return min(lines[0].top for lines in row.values())


def bottom_of(row: Row) -> float:
    """Where a row ends, in points from the top."""
    return max(lines[-1].bottom for lines in row.values())


def _gap(above: Row, below: Row) -> float:
    """How far two lines are apart in points, in the columns that both have."""
    return max(_gaps(above, below), default=top_of(below) - bottom_of(above))


def _gaps(above: Row, below: Row) -> list[float]:
    return [below[column][0].top - above[column][-1].bottom for column in above if column in below]


def _rest(above: Row, line: Row, rights: Mapping[int, float], limit: float) -> Row:
    """The cells of a line that go on with full ones of the row above while others begin a new row."""
    rest = {
        column: lines
        for column, lines in line.items()
        if column in above
        and lines[0].top - above[column][-1].bottom <= limit
        and _goes_on(above, {column: lines}, rights)
    }
    return rest if len(rest) < len(line) else {}


def _tight(above: Row, below: Row, limit: float) -> bool:
    """Whether two lines share a column and are nearer than rows are."""
    return not _clash(above, below) and any(column in above for column in below) and _gap(above, below) <= limit


def _clash(above: Row, below: Row) -> bool:
    """Whether amounts stand below each other, so that the two cannot be one row."""
    return any(
        column in above and any(map(is_amount, lines)) and any(map(is_amount, above[column]))
        for column, lines in below.items()
    )


def _goes_on(above: Row, line: Row, rights: Mapping[int, float]) -> bool:
    """Whether a line without amounts goes on with full lines above it, or full lines without amounts go on in it."""
    if not _has_amount(line):
        shared = set(line)
    elif not _has_amount(above):
        shared = set(above)
    else:
        return False
    return all(
        column in above and column in line and is_full(above[column][-1], line[column][0], rights[column])
        for column in shared
    )


def _has_amount(row: Row) -> bool:
    return any(is_amount(line) for lines in row.values() for line in lines)
