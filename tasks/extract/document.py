"""The document as extraction sees it: paragraphs of compact text that know where each character came from.

Published text is full of noise that carries no meaning: spaces inside words, bookmarks and image
placeholders of a Word dump, full-width digits, curly quotes. Patterns are matched on a compact form
without it; every position of the compact form maps back to the untouched document.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

NOISE = re.compile(r"\[(?:bookmark|image):[^\]\n]*\]|[\s\u00ad\u200b-\u200f\u2028-\u202f\ufeff\"“”„‟＂'‘’「」『』]+")
"""What compact text leaves out: placeholders of a Word dump, white space, invisible characters, quotation marks."""

FORMS = str.maketrans(
    "０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ％（）：；．＝＜＞－−–—＊／〔〕【】｛｝",
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ%():;.=<>----*/()[]{}",
)
"""One character for one: full-width forms become their plain ones, so that no offset moves.

Commas keep their width: `，` separates clauses, `,` may group thousands.
"""


@dataclass(slots=True)
class Paragraph:
    """One paragraph or table cell: compact text from `start` to `end` of the document's compact form."""

    text: str
    start: int
    end: int
    block: int
    table: int | None = None
    row: int | None = None
    column: int | None = None

    @property
    def is_cell(self) -> bool:
        """Whether it is a cell of a table."""
        return self.table is not None


class Document:
    """One document: its text, its paragraphs, and the way back from compact to printed positions."""

    __slots__ = ("_compact_starts", "_text_starts", "id", "paragraphs", "text")

    def __init__(self, document: str, blocks: pl.DataFrame) -> None:
        """Takes the SHA-256 of the document and its blocks (table raw.blocks) in reading order."""
        self.id = document
        texts = blocks["text"].to_list()
        self.text = "".join(texts)
        self.paragraphs: list[Paragraph] = []
        self._compact_starts = array("l")
        self._text_starts = array("l")
        forms = self.text.translate(FORMS)
        places = zip(
            blocks["start"].to_list(),
            blocks["end"].to_list(),
            blocks["block"].to_list(),
            blocks["table"].to_list(),
            blocks["row"].to_list(),
            blocks["column"].to_list(),
            strict=True,
        )
        position = 0
        for start, end, block, table, row, column in places:
            pieces = []
            begin = position
            for piece_start, piece_end in _kept(forms, start, end):
                self._compact_starts.append(position)
                self._text_starts.append(piece_start)
                pieces.append(forms[piece_start:piece_end])
                position += piece_end - piece_start
            if pieces or table is not None:
                self.paragraphs.append(Paragraph("".join(pieces), begin, position, block, table, row, column))
            # One position between paragraphs that belongs to none, so that spans never touch.
            position += 1

    def printed_span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the document's text of compact positions `start` to `end` (end exclusive, at least one character)."""
        return self._printed(start), self._printed(end - 1) + 1

    def _printed(self, position: int) -> int:
        run = bisect_right(self._compact_starts, position) - 1
        return self._text_starts[run] + position - self._compact_starts[run]


def _kept(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretches of text[start:end] that are not noise."""
    for noise in NOISE.finditer(text, start, end):
        if noise.start() > start:
            yield start, noise.start()
        start = noise.end()
    if start < end:
        yield start, end
