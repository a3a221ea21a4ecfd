"""The columns of a table without upright lines: bands that its words leave white between them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

from tasks.read.pdf.lines import Line, line_of
from tasks.read.pdf.table import Band, Row
from tasks.read.pdf.words import LETTER_GAP

MAX_COLUMNS = 60
"""No page is wide enough for more."""

FITTING = 0.8
"""Share of words that must stand in the columns of the table before to go on with it."""


def bands_of(lines: Sequence[Sequence[Line]], before: Sequence[Band]) -> tuple[list[Band], list[list[Line]]]:
    """Where the columns begin and end, and the lines with words that are spaced out put together.

    Where nearly all words stand in columns of the table before, those are the columns.

    Narrow words show columns best. Wider ones that reach over two of them are titles over several columns, unless
    the two never stand in one line: then they are a word at the left and one at the right of one column.
    """
    words = [word for line in lines for word in line]
    known = sum(sum(over(word, band) for band in before) == 1 for word in words) > FITTING * len(words)
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
        met = [next((band[0] for band in bands if over(word, band)), None) for word in run]
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
        met = [band for band in bands if over(word, band)]
        if not met:
            bands.append([word.left, word.right])
        elif len(met) == 1:
            met[0][:] = min(met[0][0], word.left), max(met[0][1], word.right)
        bands.sort()


def over(word: Line, band: Sequence[float]) -> bool:
    """Whether a word stands in a column, if only with a part of it."""
    return word.left < band[1] - 1 and band[0] + 1 < word.right


def _beside(lines: Sequence[Sequence[Line]], before: Sequence[float], after: Sequence[float]) -> bool:
    """Whether more lines have a word in each of two columns than have one that reaches over both."""
    apart = across = 0
    for line in lines:
        first = [word for word in line if over(word, before)]
        second = [word for word in line if over(word, after)]
        if any(word is other for word in first for other in second):
            across += 1
        elif first and second:
            apart += 1
    return apart > across if apart < 2 else apart >= across


def placed(words: Sequence[Line], bands: Sequence[Band]) -> Row:
    """The words of a line by column; one that reaches over several stands in the first."""
    cells: dict[int, list[Line]] = {}
    ends = [right for _, right in bands]
    for word in words:
        cells.setdefault(min(bisect_left(ends, word.left + 1), len(bands) - 1), []).append(word)
    return {column: [line_of([char for word in each for char in word.chars])] for column, each in cells.items()}
