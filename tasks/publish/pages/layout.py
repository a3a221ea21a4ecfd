"""The blocks of a document as what a page draws: paragraphs and tables, cut where marks begin and end."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Any

import polars as pl

from tasks.publish.places import Mark, Places

WIDEST = 1_000
"""Columns; browsers let no cell span more."""

NUMBER = re.compile(r"[-+−]?[\d,，.]+%?")

Row = dict[str, Any]
Place = tuple[str | None, str | None, int | None]
"""File, sheet and page."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text with at most one mark; `id` is the mark's, where it begins."""

    text: str
    mark: Mark | None = None
    id: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """Pieces that the same words of checks cover: their keys, parted by spaces, and the key of those that begin here."""

    pieces: list[Piece]
    words: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table: how many columns it takes, and whether it holds nothing but a number."""

    runs: list[Run]
    columns: int
    number: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph (`runs`) or a table (`rows`), below the headings that tell a new file, page or sheet."""

    headings: list[str]
    runs: list[Run] = field(default_factory=list)
    rows: list[list[Cell]] = field(default_factory=list)
    name: str = ""


def parts(blocks: pl.DataFrame, found: Places) -> Iterator[Part]:
    """The paragraphs and tables of one document (raw.blocks) in reading order. Blank paragraphs are left out."""
    cutter = _Cutter(found)
    columns = ["text", "start", "file", "page", "sheet", "table", "row", "column"]
    before: Place = (None, None, None)
    for (table, _), group in groupby(blocks.select(columns).iter_rows(named=True), key=_part):
        own = list(group)
        place = (own[0]["file"], own[0]["sheet"], own[0]["page"])
        headings = _headings(before, place)
        before = (*place[:2], own[-1]["page"])
        if table is None:
            for block in own:
                if block["text"].strip():
                    yield Part(headings, runs=cutter.runs(block))
                    headings = []
        else:
            yield Part(headings, rows=list(_rows(own, cutter)), name=f"Table {table + 1}")


def _part(block: Row) -> tuple[int | None, Place | None]:
    """What blocks are drawn together: the cells of one table, though it runs over pages, or the paragraphs of a page."""
    place = (block["file"], block["sheet"], block["page"])
    return block["table"], place if block["table"] is None else None


def _headings(before: Place, place: Place) -> list[str]:
    forms = ("File {}", "Sheet {}", "Page {}")
    pairs = zip(forms, before, place, strict=True)
    return [form.format(new) for form, old, new in pairs if new is not None and new != old]


def _rows(cells: Iterable[Row], cutter: _Cutter) -> Iterator[list[Cell]]:
    """The rows of a table. A cell reaches to the next one of its row: positions that cells span are free in blocks."""
    grid = {number: list(row) for number, row in groupby(cells, key=itemgetter("row"))}
    width = min(WIDEST, 1 + max(cell["column"] for row in grid.values() for cell in row))
    for row in grid.values():
        first = row[0]["column"]
        line = [Cell([], first, False)] if 0 < first < width else []
        for cell, behind in zip(row, [*(each["column"] for each in row[1:]), width], strict=True):
            number = NUMBER.fullmatch(cell["text"].strip()) is not None
            line.append(Cell(cutter.runs(cell), max(1, min(behind - cell["column"], WIDEST)), number))
        yield line


class _Cutter:
    """Cuts the texts of blocks at the marks and at the words that checks name."""

    def __init__(self, found: Places) -> None:
        """Prepares the places for look-ups."""
        self._marks = found.marks
        self._starts = [mark.start for mark in found.marks]
        self._ends = [mark.end for mark in found.marks]
        self._words = [(*self._whole(*span), key) for span, key in found.words.items()]

    def runs(self, block: Row) -> list[Run]:
        """The block's text without the blanks around it."""
        text, start = block["text"], block["start"]
        first = start + len(text) - len(text.lstrip())
        end = start + len(text.rstrip())
        words = [each for each in self._words if each[0] < end and first < each[1]]
        edges = sorted({first, end, *(min(max(edge, first), end) for each in words for edge in each[:2])})
        runs = []
        for left, right in pairwise(edges):
            keys = [key for begin, stop, key in words if begin < right and left < stop]
            own = next((key for begin, _, key in words if begin == left), "")
            runs.append(Run(list(self._pieces(text, start, left, right)), " ".join(keys), own))
        return runs

    def _pieces(self, text: str, start: int, left: int, right: int) -> Iterator[Piece]:
        position = left
        for mark in self._marks[bisect_right(self._ends, left) : bisect_left(self._starts, right)]:
            begin, stop = max(mark.start, left), min(mark.end, right)
            if position < begin:
                yield Piece(text[position - start : begin - start])
            yield Piece(text[begin - start : stop - start], mark, mark.id if mark.start >= left else "")
            position = stop
        if position < right:
            yield Piece(text[position - start : right - start])

    def _whole(self, start: int, end: int) -> tuple[int, int]:
        """A stretch of words with the whole of the marks at its edges."""
        for mark in self._marks[bisect_right(self._ends, start) : bisect_left(self._starts, end)]:
            start, end = min(start, mark.start), max(end, mark.end)
        return start, end
