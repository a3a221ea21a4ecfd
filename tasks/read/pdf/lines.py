"""Characters of a page to lines and words, by their places alone: the order in the file says nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from tasks.read.pdf.page import Char

WORD_GAP = 0.35
"""Of the height of a line: a wider gap is printed as a space. The gap that Word puts between 年 and 2024 is narrower."""

SLACK = 0.6
"""Of the height: a line that could reach no further than this behind what stood on it is full."""

LATIN_GAP = 0.15
"""The same between two Latin letters."""

SPACED_OUT = 1.8
"""A gap so many times as wide as the usual one of its line parts words, in text whose letters are spaced out."""

DOUBLED = 0.6
"""Share of its width that a letter covers of an equal one drawn before it, to look bold."""

NOT_FIRST = re.compile(r"[，。、；：？！）〕】》”’％,.;:?!)\]}%…—]")
"""Marks that do not begin a line; they stay with what stands before them."""

_WORD = "[\x21-\x7e０-９．]"
_TOKEN = re.compile(rf"[（〔【《“‘「『(\[]*(?:{_WORD}+|.)?(?:{NOT_FIRST.pattern}{_WORD}*)*")
"""What stands together on a line: a number or a word, or a letter, with the marks around it."""


@dataclass(slots=True)
class Line:
    """Characters beside each other, from left to right, and the box around them in points."""

    chars: list[Char]
    left: float
    top: float
    right: float
    bottom: float

    @property
    def size(self) -> float:
        """The height of its letters in points."""
        return median(char.bottom - char.top for char in self.chars)

    @property
    def middle(self) -> float:
        """Half way between top and bottom."""
        return (self.top + self.bottom) / 2

    @property
    def text(self) -> str:
        """What it says, with a space where there is a gap between words."""
        wide = _wide(self)
        parts = [self.chars[0].text]
        for before, char in pairwise(self.chars):
            latin = _latin(before.text) and _latin(char.text)
            if char.left - before.right > (min(wide, LATIN_GAP * self.size) if latin else wide):
                parts.append(" ")
            parts.append(char.text)
        return "".join(parts)

    def parted(self, gap: float) -> list[Line]:
        """The stretches between gaps that are wider than this, in points."""
        parts = [[self.chars[0]]]
        reach = self.chars[0].right
        for char in self.chars[1:]:
            if char.left - reach > gap:
                parts.append([])
            parts[-1].append(char)
            reach = max(reach, char.right)
        return [line_of(part) for part in parts]

    def first_token(self) -> float:
        """The width of what must stand together at its beginning, e.g. of a number."""
        token = _TOKEN.match("".join(char.text[0] for char in self.chars))
        last = max(token.end(), 1) if token else 1
        return self.chars[last - 1].right - self.left


def line_of(chars: Sequence[Char]) -> Line:
    """A line of characters that are in order."""
    return Line(
        list(chars),
        min(char.left for char in chars),
        min(char.top for char in chars),
        max(char.right for char in chars),
        max(char.bottom for char in chars),
    )


def lines_of(chars: Iterable[Char]) -> list[Line]:
    """The lines of a stretch of text, from the top. Letters on slightly different baselines share a line."""
    groups: list[list[Char]] = []
    middle = height = 0.0
    for char in sorted(chars, key=lambda char: char.top + char.bottom):
        own = (char.top + char.bottom) / 2
        tall = char.bottom - char.top
        if groups and own - middle <= min(height, tall) / 2:
            count = len(groups[-1])
            middle = (middle * count + own) / (count + 1)
            height = max(height, tall)
            groups[-1].append(char)
        else:
            groups.append([char])
            middle, height = own, tall
    return [line_of(_single(sorted(group, key=lambda char: char.left))) for group in groups]


def joined(lines: Sequence[Line], right: float) -> str:
    """The text of a cell of several lines. Lines that end where no more would fit go on in the next one.

    `right` is how far the lines of the cell can reach.
    """
    parts = [lines[0].text] if lines else []
    for before, line in pairwise(lines):
        if not is_full(before, line, right):
            parts.append("\n")
        elif _latin(before.chars[-1].text) and _latin(line.chars[0].text):
            parts.append(" ")
        parts.append(line.text)
    return "".join(parts)


def is_full(line: Line, following: Line, right: float) -> bool:
    """Whether the beginning of the following line would not have fit behind a line that can reach to `right`."""
    return right - line.right < following.first_token() + SLACK * line.size


def _wide(line: Line) -> float:
    """The gap in points that parts words."""
    gaps = [max(char.left - before.right, 0.0) for before, char in pairwise(line.chars)]
    return max(WORD_GAP * line.size, SPACED_OUT * median(gaps) if gaps else 0.0)


def _single(chars: list[Char]) -> list[Char]:
    """Without letters that are drawn twice in nearly the same place."""
    kept: list[Char] = []
    for char in chars:
        twice = any(
            other.text == char.text and other.right - char.left > DOUBLED * (char.right - char.left)
            for other in kept[-3:]
        )
        if not twice:
            kept.append(char)
    return kept


def _latin(text: str) -> bool:
    return text.isascii() and text.isalpha()
