"""The document as extraction sees it: paragraphs of compact text that know where each character came from.

Published text is full of noise that carries no meaning: spaces inside words, bookmarks and image
placeholders of a Word dump, full-width digits, curly quotes. Patterns are matched on a compact form
without it; every position of the compact form maps back to the untouched document.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

import polars as pl

from tasks.extract.flat_tables import FlatTable, can_begin_table, flat_tables, rows_of
from tasks.extract.reflow import layout_of, paragraphs_of

VOID = r"\s\u00ad\u200b-\u200f\u2028-\u202f\ufeff\"“”„‟＂'‘’「」『』"
NOISE = re.compile(rf"\[(?:bookmark|image):[^\]\n]*\]|[{VOID}]+")
"""What compact text leaves out: placeholders of a Word dump, white space, invisible characters, quotation marks."""

SOLID = re.compile(rf"[{VOID}]*([^\[{VOID}]*)[{VOID}]*")
"""A block with noise only around what it says, as most are."""

WIDE_THOUSANDS = re.compile(r"，(?<=[０-９]，)(?=[０-９]{3}(?![０-９]))")
"""A comma between full-width digits groups them. (The comma goes first, as it is what to look for.)"""

WHITE = re.compile(r"\s")

FORMS = str.maketrans(
    "０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ％（）：；．＝＜＞－−＊／〔〕【】｛｝",
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ%():;.=<>--*/()[]{}",
)
"""One character for one: full-width forms become their plain ones, so that no offset moves.

Commas keep their width: `，` separates clauses, `,` may group thousands.
"""


_OFFSETS = array("l", range(1 << 16))
"""0, 1, 2, …: a stretch of these is copied many times faster than it is counted. Few documents are longer."""


@dataclass(slots=True)
class Paragraph:
    """One paragraph or table cell: compact text from `start` to `end` of the document's compact form."""

    text: str
    start: int
    end: int
    table: int | None = None
    row: int | None = None
    column: int | None = None

    @property
    def is_cell(self) -> bool:
        """Whether it is a cell of a table."""
        return self.table is not None


class _Line(NamedTuple):
    """One block: its kept stretches in the document's text, what they say, and table, row and column of a cell."""

    stretches: list[tuple[int, int]]
    text: str
    place: tuple[int | None, int | None, int | None]


class Document:
    """One document: its text, its paragraphs, and the way back from compact to printed positions."""

    __slots__ = ("_block_starts", "_printed", "id", "paragraphs", "text")

    def __init__(
        self, document: str, blocks: pl.DataFrame, is_heading: Callable[[str], bool] = lambda line: False
    ) -> None:
        """Takes the SHA-256 of the document and its blocks (table raw.blocks) in reading order.

        `is_heading` tells a heading from the beginning of a sentence, for documents whose lines are broken.
        """
        self.id = document
        self.text = "".join(blocks["text"].to_list())
        self.paragraphs: list[Paragraph] = []
        self._printed = array("l")
        self._block_starts: list[int] = blocks["start"].to_list()
        forms = plain_forms(WIDE_THOUSANDS.sub(",", self.text))
        position = 0
        for lines in _grouped(forms, _lines(forms, blocks), is_heading):
            begin = position
            for line in lines:
                for start, end in line.stretches:
                    self._printed.extend(_OFFSETS[start:end] if end <= len(_OFFSETS) else range(start, end))
                    position += end - start
            text = lines[0].text if len(lines) == 1 else "".join(line.text for line in lines)
            self.paragraphs.append(Paragraph(text, begin, position, *lines[0].place))
            # One position between paragraphs that belongs to none, so that spans never touch.
            self._printed.append(-1)
            position += 1

    def block_at(self, offset: int) -> int:
        """The block that the character at this offset of the text belongs to."""
        return bisect_right(self._block_starts, offset) - 1

    def printed_at(self, position: int) -> int:
        """Offset in the document's text of a compact position."""
        return self._printed[position]

    def printed_span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the document's text of compact positions `start` to `end` (end exclusive, at least one character)."""
        return self._printed[start], self._printed[end - 1] + 1


def plain_forms(text: str) -> str:
    """A long text with plain forms for full-width ones: few of them occur, so each is replaced at once."""
    for wide, plain in FORMS.items():
        text = text.replace(chr(wide), chr(plain))
    return text


def _lines(forms: str, blocks: pl.DataFrame) -> Iterator[_Line]:
    """The blocks that say something; cells also where they are empty, because columns count them."""
    spans = zip(blocks["start"].to_list(), blocks["end"].to_list(), strict=True)
    places = zip(blocks["table"].to_list(), blocks["row"].to_list(), blocks["column"].to_list(), strict=True)
    for (start, end), place in zip(spans, places, strict=True):
        stretches = _kept(forms, start, end)
        if len(stretches) == 1:
            yield _Line(stretches, forms[slice(*stretches[0])], place)
        elif stretches:
            yield _Line(stretches, "".join([forms[a:b] for a, b in stretches]), place)
        elif place[0] is not None:
            yield _Line(stretches, "", place)


def _grouped(text: str, lines: Iterable[_Line], is_heading: Callable[[str], bool]) -> Iterator[list[_Line]]:
    """Cells by themselves, the lines of prose between tables in paragraphs; flattened tables as cells, too."""
    lines = list(lines)
    layout = layout_of([line.text for line in lines if line.place[0] is None], is_heading)
    first = True

    def paragraphs(prose: list[_Line]) -> Iterator[list[_Line]]:
        nonlocal first
        for group in paragraphs_of([line.text for line in prose], is_heading, layout, first=first):
            yield [prose[index] for index in group]
        first = first and not prose

    for is_cell, stretch in groupby(lines, key=lambda line: line.place[0] is not None):
        each = list(stretch)
        if is_cell:
            yield from ([line] for line in each)
            continue
        begin = 0
        for flat in _flat_tables(text, each, is_heading):
            yield from paragraphs(each[begin : flat.begin])
            yield from ([cell] for cell in _cells(text, each, flat))
            begin = flat.end
        yield from paragraphs(each[begin:])


def _flat_tables(text: str, lines: list[_Line], is_heading: Callable[[str], bool]) -> Iterable[FlatTable]:
    if not any(can_begin_table(line.text) for line in lines):
        return ()  # as in most documents, so that no line need be parted
    return flat_tables([[word.text for word in _words(text, line)] for line in lines], is_heading)


def _cells(text: str, lines: list[_Line], flat: FlatTable) -> Iterator[_Line]:
    """The cells of a flattened table; its number is negative, as those of real tables never are."""
    table = lines[flat.begin : flat.end]
    if flat.by_row:
        cells = [(row, cell) for row, line in enumerate(table) for cell in _words(text, line)]
    else:
        cells = list(zip(rows_of([line.text for line in table]), table, strict=True))
    for column, (row, cell) in enumerate(cells):
        yield cell._replace(place=(-1 - flat.begin, row, column))


def _words(text: str, line: _Line) -> list[_Line]:
    """The parts of a line between white space."""
    if len(line.stretches) == 1:
        return [line]
    words: list[list[tuple[int, int]]] = []
    for start, end in line.stretches:
        if words and not WHITE.search(text, words[-1][-1][1], start):
            words[-1].append((start, end))
        else:
            words.append([(start, end)])
    return [_Line(word, "".join([text[a:b] for a, b in word]), line.place) for word in words]


def _kept(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The stretches of text[start:end] that are not noise."""
    if solid := SOLID.fullmatch(text, start, end):
        return [solid.span(1)] if solid[1] else []
    kept = []
    for noise in NOISE.finditer(text, start, end):
        if noise.start() > start:
            kept.append((start, noise.start()))
        start = noise.end()
    if start < end:
        kept.append((start, end))
    return kept
