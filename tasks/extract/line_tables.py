"""Tables among lines of text: the cells of project tables and public tables of which a dump has left only words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from tasks.extract.flat_tables import FlatTable, can_begin_table, flat_tables, rows_of

if TYPE_CHECKING:
    from tasks.extract.public_tables.laid import LaidTable

WHITE = re.compile(r"\s")

WIDE = re.compile(r"[\u2e80-\uffef]")
"""A character that takes two columns of the screen."""


class Line(NamedTuple):
    """One block: its kept stretches in the document's text, what they say, and table, row and column of a cell."""

    stretches: list[tuple[int, int]]
    text: str
    place: tuple[int | None, int | None, int | None]


class Word(NamedTuple):
    """A word of a line, from `begin` to `end` on the screen, where a Chinese character is two columns wide."""

    text: str
    begin: int
    end: int


IsHeading = Callable[[str], bool]
WordsOf = Callable[[int], Sequence[Word]]
"""The words of the line with this number, parted when they are asked for: most documents have no such table."""

LaidOut = Callable[[Sequence[str], WordsOf, IsHeading], Iterable["LaidTable"]]


def line_tables(
    text: str, lines: list[Line], is_heading: IsHeading, laid_out: LaidOut
) -> Iterator[tuple[int, int, Iterator[Line]]]:
    """The tables among these lines: where each begins and ends (exclusive) and its cells, which have places.

    `text` has plain forms for full-width ones. Numbers of tables are negative, as those of real tables never are.
    """
    tables = [(flat.begin, flat.end, _cells(text, lines, flat)) for flat in _flat_tables(text, lines, is_heading)]
    words_of = cache(lambda number: _placed_words(text, lines[number]))
    laid_tables = laid_out([line.text for line in lines], words_of, is_heading)
    tables += [(laid.begin, laid.end, _laid_cells(text, lines, laid)) for laid in laid_tables]
    behind = 0
    for table in sorted(tables, key=lambda table: table[0]):
        if table[0] >= behind:
            yield table
            behind = table[1]


def _flat_tables(text: str, lines: list[Line], is_heading: IsHeading) -> Iterable[FlatTable]:
    if not any(can_begin_table(line.text) for line in lines):
        return ()  # as in most documents, so that no line need be parted
    return flat_tables([[word.text for word in _words(text, line)] for line in lines], is_heading)


def _cells(text: str, lines: list[Line], flat: FlatTable) -> Iterator[Line]:
    """The cells of a flattened table."""
    table = lines[flat.begin : flat.end]
    if flat.by_row:
        cells = [(row, cell) for row, line in enumerate(table) for cell in _words(text, line)]
    else:
        cells = list(zip(rows_of([line.text for line in table]), table, strict=True))
    for column, (row, cell) in enumerate(cells):
        yield cell._replace(place=(-1 - flat.begin, row, column))


def _words(text: str, line: Line) -> list[Line]:
    """The parts of a line between white space."""
    if len(line.stretches) == 1:
        return [line]
    words: list[list[tuple[int, int]]] = []
    for start, end in line.stretches:
        if words and not WHITE.search(text, words[-1][-1][1], start):
            words[-1].append((start, end))
        else:
            words.append([(start, end)])
    return [Line(word, "".join([text[a:b] for a, b in word]), line.place) for word in words]


def _placed_words(text: str, line: Line) -> list[Word]:
    """The words of a line and where they stand on the screen."""
    begin = text.rfind("\n", 0, line.stretches[0][0]) + 1
    words = _words(text, line)
    return [
        Word(word.text, _wide(text, begin, word.stretches[0][0]), _wide(text, begin, word.stretches[-1][1]))
        for word in words
    ]


def _wide(text: str, start: int, end: int) -> int:
    return end - start + len(WIDE.findall(text, start, end))


def _laid_cells(text: str, lines: list[Line], laid: LaidTable) -> Iterator[Line]:
    """The cells of a table that spaces lay out, empty ones among them."""
    table = -1 - laid.begin
    for number, row in enumerate(laid.rows):
        told = {column: (line, word) for line, word, column in row}
        for column in range(1 + max(told)):
            if column in told:
                line, word = told[column]
                yield _words(text, lines[line])[word]._replace(place=(table, number, column))
            else:
                yield Line([], "", (table, number, column))
