"""The words of a line, and which of them are amounts."""

from __future__ import annotations

import re

from tasks.read.pdf.lines import Line, line_of
from tasks.read.pdf.page import Char

APART = 0.45
"""The same within a table."""

EVEN = 0.15
"""Of the height: gaps between digits that are spaced out are alike, give or take this."""

LETTER_GAP = 4.0
"""Of the height: single letters no further apart are one word that is spaced out, such as 合　计."""

AMOUNT = re.compile(r"[-−－+]?[(（]?[-−]?\d[\d,，]*(?:[.．]\d+)?[)）]?[%％]?|[-—]{1,2}")
"""What stands in a column of amounts, codes or counts."""

LEADERS = re.compile(r"[.…·．]{4,}|(?:\. ){4,}")
"""What leads the eye to the page in a table of contents."""


def words_of(line: Line) -> list[Line]:
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
