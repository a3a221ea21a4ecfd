"""Tables without upright lines: their columns are found by the white between them, their rows by the amounts in them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, pairwise

from tasks.read.pdf.lines import Line, is_full, line_of, lines_of
from tasks.read.pdf.page import Char, Ruling
from tasks.read.pdf.table import Cell, Table

MAX_WORDS = 5_000
"""Words of one table on one page. The fullest pages have fifteen hundred."""

MAX_COLUMNS = 60
"""No page is wide enough for more."""

BESIDE = 1.2
"""Of the height of a line: a wider gap makes one line look like cells of a table."""

APART = 0.45
"""The same within a table."""

EVEN = 0.15
"""Of the height: gaps between digits that are spaced out are alike, give or take this."""

LETTER_GAP = 4.0
"""Of the height: single letters no further apart are one word that is spaced out, such as 合　计."""

BETWEEN = 4
"""Lines of one word that may stand between two rows: names without amounts, or the rest of a long name."""

TIGHT = 0.45
"""Of the height: lines of one cell are not further apart where the rows tell nothing better."""

NEARER = 0.75
"""Lines of one cell are nearer to each other than rows are, at most by this share."""

FAR = 3.0
"""Of the height: a wider gap between two lines ends a table."""

OVERLAPPED = 0.12
"""Of the height: lines that overlap more stand in one row, however cells are aligned."""

ALIGNED = 0.25
"""Of the height: words of one row of neighbouring columns are on one level, give or take this."""

SIDE_BY_SIDE = 0.85
"""Where a smaller share of the words on both sides of a gap is on one level, two tables stand beside each other."""

HEAD = 3
"""Lines that may stand above a table that goes on from the page before."""

FITTING = 0.8
"""Share of words that must stand in the columns of the table before to go on with it."""

UNPARTED = 3
"""Lines in each of two fields of a grid, amounts in one of them: so many are rows that no line parts."""

ALIKE = 0.7
"""Share of the amounts of a column that have the same number of decimals, at least."""

AMOUNT = re.compile(r"[-−－+]?[(（]?[-−]?\d[\d,，]*(?:[.．]\d+)?[)）]?[%％]?|[-—]{1,2}")
"""What stands in a column of amounts, codes or counts."""

LEADERS = re.compile(r"[.…·．]{4,}|(?:\. ){4,}")
"""What leads the eye to the page in a table of contents."""

_LABELLED = re.compile(r"[^：:]{1,12}[：:].*")
_SENTENCE_END = ("。", "；", ";")


Band = tuple[float, float]
"""From where to where a column reaches, in points."""

Row = dict[int, list[Line]]
"""One row: the lines of each of its columns, from the top."""


def unruled_tables(
    lines: Sequence[Line], level: Sequence[Ruling], before: Sequence[Band] = ()
) -> list[tuple[int, int, list[Table]]]:
    """The tables among the lines of a page: the lines from which to which (exclusive) they reach, and what they say.

    `level` are the level lines of the page; they may part rows. `before` are the columns of the table that the page
    before ends with, which may go on.
    """
    found: list[tuple[int, int, list[Table]]] = []
    for begin, end in _stretches(lines):
        while begin < end and all(_LABELLED.fullmatch(word.text) for word in _words(lines[begin])):
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
    return close and sum(_over(line, (word.left, word.right)) for word in _words(lines[last])) < 2


def _before(lines: Sequence[Line], begin: int, end: int) -> int:
    """The first line of a table: words of its first row may stand a little above the others."""
    while begin > end and lines[begin].top - lines[begin - 1].bottom < -OVERLAPPED * lines[begin].size:
        begin -= 1
    return begin


def _behind(lines: Sequence[Line], begin: int, last: int, end: int) -> int:
    """The line behind a table whose first line, and last one with words beside each other, are given.

    The name of the last row may go on below it, and rows may follow that hold a name in a later column only.
    """
    words = [_words(line) for line in lines[begin : last + 1]]
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
    words = [_words(line) for line in lines]
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
    bands, words = _bands(words, before)
    if not 1 < len(bands) <= MAX_COLUMNS:
        return []
    rows = _rows([_placed(line, bands) for line in words], bands, level)
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


def _words(line: Line) -> list[Line]:
    """The words of a line of a table. Digits that are spaced out evenly stay together."""
    words: list[Line] = []
    gap = 0.0
    for part in line.parted(APART * line.size):
        wide = part.left - words[-1].right if words else 0.0
        even = _is_digit(part.chars[0]) and wide <= line.size and (not gap or abs(wide - gap) <= EVEN * line.size)
        if words and even and len(part.chars) == 1 and _is_digit(words[-1].chars[-1]):
            words[-1] = line_of([*words[-1].chars, *part.chars])
            gap = wide
        else:
            words.append(part)
            gap = 0.0
    return words


def _is_digit(char: Char) -> bool:
    return char.text in "0123456789.,，．"


def is_amount(line: Line) -> bool:
    """Whether a word is what stands in a column of amounts, codes or counts."""
    return AMOUNT.fullmatch(line.text.replace(" ", "")) is not None


def _bands(lines: Sequence[Sequence[Line]], before: Sequence[Band]) -> tuple[list[Band], list[list[Line]]]:
    """Where the columns begin and end, and the lines with words that are spaced out put together.

    Where nearly all words stand in columns of the table before, those are the columns.

    Narrow words show columns best. Wider ones that reach over two of them are titles over several columns, unless
    the two never stand in one line: then they are a word at the left and one at the right of one column.
    """
    words = [word for line in lines for word in line]
    known = sum(sum(_over(word, band) for band in before) == 1 for word in words) > FITTING * len(words)
    bands = [list(band) for band in before] if known else []
    whole: list[list[Line]] = []
    spaced: list[tuple[list[Line], list[Line]]] = []
    for line in lines:
        whole.append([])
        for run in _runs(line):
            if len(run) == 1:
                whole[-1] += run
            else:
                spaced.append((whole[-1], run))
    _widen(bands, [word for line in whole for word in line])
    for line, run in spaced:
        met = [next((band[0] for band in bands if _over(word, band)), None) for word in run]
        if None in met or len(set(met)) < len(met):
            run = [line_of([char for word in run for char in word.chars])]
        line += run
        line.sort(key=lambda word: word.left)
        _widen(bands, run)
    while 1 < len(bands) <= MAX_COLUMNS and not known:
        near = [
            (after[0] - before[1], index)
            for index, (before, after) in enumerate(pairwise(bands))
            if not _beside(whole, before, after)
        ]
        if not near:
            break
        index = min(near)[1]
        bands[index : index + 2] = [[bands[index][0], max(bands[index][1], bands[index + 1][1])]]
    return [(left, right) for left, right in bands], whole


def _runs(line: Sequence[Line]) -> Iterator[list[Line]]:
    """The words of a line, single letters that may be one word spaced out together."""
    run: list[Line] = []
    for word in line:
        near = run and word.left - run[-1].right <= LETTER_GAP * word.size
        if run and not (near and _is_letter(run[-1]) and _is_letter(word)):
            yield run
            run = []
        run.append(word)
    if run:
        yield run


def _is_letter(word: Line) -> bool:
    return len(word.chars) == 1 and word.chars[0].text.isalpha() and not word.chars[0].text.isascii()


def _widen(bands: list[list[float]], words: Sequence[Line]) -> None:
    """Makes room for words, narrow ones first; those that reach over several columns change nothing."""
    for word in sorted(words, key=lambda word: word.right - word.left):
        met = [band for band in bands if _over(word, band)]
        if not met:
            bands.append([word.left, word.right])
        elif len(met) == 1:
            met[0][:] = min(met[0][0], word.left), max(met[0][1], word.right)
        bands.sort()


def _over(word: Line, band: Sequence[float]) -> bool:
    return word.left < band[1] - 1 and band[0] + 1 < word.right


def _beside(lines: Sequence[Sequence[Line]], before: Sequence[float], after: Sequence[float]) -> bool:
    """Whether more lines have a word in each of two columns than have one that reaches over both."""
    apart = across = 0
    for line in lines:
        first = [word for word in line if _over(word, before)]
        second = [word for word in line if _over(word, after)]
        if any(word is other for word in first for other in second):
            across += 1
        elif first and second:
            apart += 1
    return apart > across if apart < 2 else apart >= across


def _placed(words: Sequence[Line], bands: Sequence[Band]) -> Row:
    """The words of a line by column; one that reaches over several stands in the first."""
    cells: dict[int, list[Line]] = {}
    ends = [right for _, right in bands]
    for word in words:
        cells.setdefault(min(bisect_left(ends, word.left + 1), len(bands) - 1), []).append(word)
    return {column: [line_of([char for word in each for char in word.chars])] for column, each in cells.items()}


def _rows(lines: list[Row], bands: Sequence[Band], level: Sequence[Ruling]) -> list[Row]:
    """Rows of the lines of a table: between two level lines, or else by distance and by amounts."""
    left, right = bands[0][0], bands[-1][1]
    floors = [ruling.at for ruling in level if min(ruling.end, right) - max(ruling.start, left) > (right - left) / 2]
    parts: dict[int, list[Row]] = {}
    for line in lines:
        parts.setdefault(bisect_left(floors, (_top(line) + _bottom(line)) / 2), []).append(line)
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
        level = rows and _top(line) < _bottom(rows[-1])
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


def _top(row: Row) -> float:
    return min(lines[0].top for lines in row.values())


def _bottom(row: Row) -> float:
    return max(lines[-1].bottom for lines in row.values())


def _gap(above: Row, below: Row) -> float:
    """How far two lines are apart in points, in the columns that both have."""
    return max(_gaps(above, below), default=_top(below) - _bottom(above))


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


def _filled(rows: Sequence[Row], bands: Sequence[Band]) -> Table:
    """The table of rows, with empty cells where nothing stands."""
    edges = [bands[0][0], *((before[1] + after[0]) / 2 for before, after in pairwise(bands)), bands[-1][1]]
    table = Table(edges[0], _top(rows[0]), edges[-1], _bottom(rows[-1]), edges, len(rows), bands=list(bands))
    for number, row in enumerate(rows):
        for column, (_, right) in enumerate(bands):
            box = (edges[column], _top(row), edges[column + 1], _bottom(row))
            table.cells.append(Cell(number, column, row.get(column, []), right, box))
    return table
