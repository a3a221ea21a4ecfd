"""Every quantity of a paragraph: numbers with their units, and those that are something else and why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tasks.extract.lexicon import Lexicon

HAN = re.compile(r"[\u4e00-\u9fff]")
DIGIT = re.compile(r"\d")
LIST_NUMBER = re.compile(
    r"(?:^|(?<=[。;；:]))(?:\(\d{1,2}\)|\d{1,2}[.、．](?:(?!\d)|(?=2[0-3]\d(?:\d{2}){0,2}[-—:.]?[一-龥]|\d{4}年))|\d{1,2}\))"
)


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
            yield Quantity(at, behind, found["number"], found["unit"] or "", reason)
