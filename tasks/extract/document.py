"""The document as extraction sees it: paragraphs of compact text that know where each character came from.

Published text is full of noise that carries no meaning: spaces inside words, bookmarks and image
placeholders of a Word dump, full-width digits, curly quotes. Patterns are matched on a compact form
without it; every position of the compact form maps back to the untouched document.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

import polars as pl

from tasks.extract.line_tables import IsHeading, LaidOut, Line, line_tables
from tasks.extract.reflow import layout_of, paragraphs_of

VOID = r"\s\u00ad\u200b-\u200f\u2028-\u202f\ufeff\"“”„‟＂'‘’「」『』"
NOISE = re.compile(rf"\[(?:bookmark|image):[^\]\n]*\]|[{VOID}]+")
"""What compact text leaves out: placeholders of a Word dump, white space, invisible characters, quotation marks."""

SOLID = re.compile(rf"[{VOID}]*([^\[{VOID}]*)[{VOID}]*")
"""A block with noise only around what it says, as most are."""

WIDE_THOUSANDS = re.compile(r"，(?<=[０-９]，)(?=[０-９]{3}(?![０-９]))")
"""A comma between full-width digits groups them. (The comma goes first, as it is what to look for.)"""

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


class Document:
    """One document: its text, its paragraphs, and the way back from compact to printed positions."""

    __slots__ = ("_block_starts", "_printed", "id", "paragraphs", "text")

    def __init__(
        self,
        document: str,
        blocks: pl.DataFrame,
        is_heading: IsHeading = lambda line: False,
        laid_out: LaidOut = lambda lines, words_of, is_heading: (),
    ) -> None:
        """Takes the SHA-256 of the document and its blocks (table raw.blocks) in reading order.

        `is_heading` tells a heading from the beginning of a sentence, for documents whose lines are broken; `laid_out`
        finds the public tables among lines of words.
        """
        self.id = document
        self.text = "".join(blocks["text"].to_list())
        self.paragraphs: list[Paragraph] = []
        self._printed = array("l")
        self._block_starts: list[int] = blocks["start"].to_list()
        forms = plain_forms(WIDE_THOUSANDS.sub(",", self.text))
        position = 0
        for lines in _grouped(forms, _lines(forms, blocks), is_heading, laid_out):
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


def _lines(forms: str, blocks: pl.DataFrame) -> Iterator[Line]:
    """The blocks that say something; cells also where they are empty, because columns count them."""
    spans = zip(blocks["start"].to_list(), blocks["end"].to_list(), strict=True)
    places = zip(blocks["table"].to_list(), blocks["row"].to_list(), blocks["column"].to_list(), strict=True)
    for (start, end), place in zip(spans, places, strict=True):
        stretches = _kept(forms, start, end)
        if len(stretches) == 1:
            yield Line(stretches, forms[slice(*stretches[0])], place)
        elif stretches:
            yield Line(stretches, "".join([forms[a:b] for a, b in stretches]), place)
        elif place[0] is not None:
            yield Line(stretches, "", place)


def _grouped(text: str, lines: Iterable[Line], is_heading: IsHeading, laid_out: LaidOut) -> Iterator[list[Line]]:
    """Cells by themselves, the lines of prose between tables in paragraphs; flattened tables as cells, too."""
    lines = list(lines)
    layout = layout_of([line.text for line in lines if line.place[0] is None], is_heading)
    first = True

    def paragraphs(prose: list[Line]) -> Iterator[list[Line]]:
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
        for top, behind, cells in line_tables(text, each, is_heading, laid_out):
            yield from paragraphs(each[begin:top])
            yield from ([cell] for cell in cells)
            begin = behind
        yield from paragraphs(each[begin:])


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
