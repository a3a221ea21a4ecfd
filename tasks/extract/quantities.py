"""Every quantity of a paragraph: numbers with their units, and those that are something else and why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from schemas.table import MONEY, NUMBER
from tasks.extract.lexicon import Lexicon

MOST_DIGITS = 15
"""Of whole yuan, or of a number of another kind. No account has so many, and their sums still fit their columns."""

HAN = re.compile(r"[\u4e00-\u9fff]")
DIGIT = re.compile(r"\d")
LIST_NUMBER = re.compile(
    r"(?=[(\d])(?:^|(?<=[。;；:]))(?:\(\d{1,2}\)|\d{1,2}[.、．](?:(?!\d)|(?=2[0-3]\d(?:\d{2}){0,2}[-—:.]?[一-龥]|\d{4}年))|\d{1,2}\))"
)

OVERLONG = "overlong"
"""The reason why a number is set aside that has more digits than any account: a serial number, or what a program left over."""


@dataclass(slots=True)
class Quantity:
    """A number at start:end of a paragraph's compact text. `reason` says why it can be no fact, where it cannot."""

    start: int
    end: int
    number: str
    unit: str
    reason: str


def quantities(text: str, lexicon: Lexicon, begin: int = 0) -> Iterator[Quantity]:
    """All quantities of a compact text from offset `begin` on, in order; a date is one, with the unit `date`."""
    if not DIGIT.search(text, begin):
        return
    if not HAN.search(text, begin):
        asides = [(begin, len(text), "figure")]
    else:
        asides = [(m.start(), m.end(), m.lastgroup or "") for m in lexicon.asides.finditer(text, begin)]
        asides += [(m.start(), m.end(), "list_number") for m in LIST_NUMBER.finditer(text, begin)]
        asides.sort()
    position, end = 0, begin
    for found in lexicon.quantity.finditer(text, begin):
        at, behind = found.span()
        if at < end:
            continue
        while position < len(asides) and asides[position][1] <= at:
            position += 1
        start, end, reason = 0, behind, ""
        if position < len(asides) and asides[position][0] <= at:
            around = (aside for aside in asides[position : position + 3] if aside[0] <= at < aside[1])
            start, end, reason = next(around, (0, behind, ""))
        if reason == "date":
            yield Quantity(start, end, text[start:end], "date", reason)
        else:
            end = behind
            number, unit = found["number"], found["unit"] or ""
            yield Quantity(at, behind, number, unit, reason or ("" if fits(number, unit, lexicon) else OVERLONG))


def fits(number: str, unit: str, lexicon: Lexicon) -> bool:
    """Whether the tables hold a printed number, and what it is in yuan, to its last digit."""
    whole, _, places = number.replace(",", "").partition(".")
    zeros = lexicon.zeros.get(unit, 0)
    return len(whole) + zeros <= MOST_DIGITS and len(places) <= min(NUMBER.scale, MONEY.scale + zeros)
