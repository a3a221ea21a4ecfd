"""Public tables of which a dump has left lines and spaces: `本年收入合计 24 451.78 本年支出合计 52 452.78`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tasks.extract.line_tables import IsHeading, Word, WordsOf
from tasks.extract.public_tables.align import Aligner
from tasks.extract.public_tables.layout import Layout, plain
from tasks.extract.public_tables.recognise import MOST_HEADS, Part, is_head, is_numbers, recognised, title_of
from tasks.extract.public_tables.segments import AMOUNT, is_number

TITLE_MARK = "表"
"""What the title of every table says."""

HEAD_LINES = 10
"""Within so many lines of its title a table has its first amount."""

LONGEST_NAME = 30
"""Characters of a word. Lines with longer ones are prose."""

WRAPPED = 12
"""Characters. The rest of a name that did not fit on its line is shorter."""

PROSE = re.compile(r"[，,。;](?!\d)|^注|^第.部分")
"""What no row of a table says: a clause, a note below the table, the heading of a part."""

PAGE_NUMBER = re.compile(r"[-—]*\d{1,4}[-—]*|第\d{1,4}页(?:,?共\d{1,4}页)?")


class LaidTable(NamedTuple):
    """Lines `begin` to `end` (exclusive) are a table; its rows tell each cell's line, word and column."""

    begin: int
    end: int
    rows: list[list[tuple[int, int, int]]]


def laid_tables(lines: Sequence[str], words_of: WordsOf, is_heading: IsHeading) -> Iterator[LaidTable]:
    """The public tables among lines of text, each below its title, which is none of its lines.

    A row whose amounts cannot be told apart has no cells: it may be any of several.
    """
    position = 0
    while position < len(lines):
        title = title_of(lines[position]) if TITLE_MARK in lines[position] else ""
        table = _Finder(lines, words_of, is_heading).below(position + 1, title) if title else None
        if table is not None:
            yield table
        position = table.end if table else position + 1


@dataclass(frozen=True, slots=True)
class _Finder:
    """Finds the table below a title."""

    lines: Sequence[str]
    words_of: WordsOf
    is_heading: IsHeading

    def below(self, first: int, title: str) -> LaidTable | None:
        """The table whose title stands above the line `first`."""
        heads, begin = self._heads(first)
        layout = _layout([self.words_of(head) for head in heads], title)
        if layout is None:
            return None
        data = list(self._data(begin))
        aligner = Aligner(layout, [self.words_of(row) for row in data])
        rows = [[(head, word, word) for word in range(len(self.words_of(head)))] for head in heads]
        for row in data:
            columns = aligner.columns(self.words_of(row))
            if columns is not None:
                rows.append([(row, word, column) for word, column in enumerate(columns)])
        return LaidTable(heads[0], data[-1] + 1, rows) if len(rows) > len(heads) else None

    def _heads(self, first: int) -> tuple[list[int], int]:
        """The lines that head the columns, and the first line of amounts; no heads where they lead to no amounts."""
        heads: list[int] = []
        for number in range(first, min(first + HEAD_LINES, len(self.lines))):
            line = self.lines[number]
            if title_of(line) or PROSE.search(line) or len(heads) == MOST_HEADS:
                break
            texts = [word.text for word in self.words_of(number)]
            if is_numbers(texts) or (not heads and (is_head(texts) or is_head([line]))):
                continue
            if any(map(AMOUNT.fullmatch, texts)):
                return heads, number
            heads.append(number)
        return [], first

    def _data(self, begin: int) -> Iterator[int]:
        """The lines of the table from its first row on that hold numbers."""
        for number in range(begin, len(self.lines)):
            line = self.lines[number]
            if title_of(line) or PROSE.search(line):
                return
            texts = [word.text for word in self.words_of(number)]
            if PAGE_NUMBER.fullmatch(line) or is_numbers(texts):
                continue
            longest = max(map(len, texts))
            if any(map(is_number, texts)) and longest <= LONGEST_NAME:
                yield number
            elif longest > WRAPPED or self.is_heading(line):
                return


def _layout(heads: list[Sequence[Word]], title: str) -> Layout | None:
    if not heads:
        return None
    part = Part(heads=[{number: plain(word.text, None) for number, word in enumerate(head)} for head in heads])
    found = recognised(part, title, None)
    return found if found is not None and found.names_rows else None
