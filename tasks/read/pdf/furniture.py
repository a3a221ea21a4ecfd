"""Heads, feet and numbers of pages, which are no text of the document."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import takewhile

from tasks.read.pdf.lines import Line
from tasks.read.pdf.sheet import Sheet

MARGIN = 0.12
"""Share of the height of a page at its top and bottom in which heads and page numbers stand."""

REPEATED = 3
"""Pages on which a line must stand at least, and on a third of those that hold prose, to be the head of pages."""

PAGE_NUMBER = re.compile(
    r"[-—–－·\s]*\d{1,4}[-—–－·\s]*|第\s?\d{1,4}\s?页(?:[,，/\s]*共\s?\d{1,4}\s?页)?|\d{1,4}\s?/\s?\d{1,4}"
)

_DIGITS = re.compile(r"\d+")


def drop_furniture(sheets: Sequence[Sheet]) -> None:
    """Takes out the heads and feet of pages but for the first of each, which begins the document or is put aside.

    They are known from pages of prose: above a table its title and its unit may stand again and again.
    """
    heads: Counter[str] = Counter()
    for sheet in sheets:
        heads.update({_form(line) for line, prose in _marginal(sheet) if prose})
    least = max(REPEATED, sum(any(isinstance(item, Line) for item in sheet.items) for sheet in sheets) / 3)
    told: set[str] = set()
    for sheet in sheets:
        dropped = set()
        for line, _ in _marginal(sheet):
            form = _form(line)
            if heads[form] < least:
                continue
            begins = sheet is sheets[0] and line.bottom < MARGIN * sheet.height
            if not begins:
                dropped.add(id(line))
                if form not in told:
                    sheet.aside.append(line.text)
            told.add(form)
        sheet.items = [item for item in sheet.items if id(item) not in dropped]


def _marginal(sheet: Sheet) -> list[tuple[Line, bool]]:
    """The lines at the top and the bottom of a page, outside of which nothing stands but others of them.

    With each whether prose is what they stand above or below.
    """
    found: dict[int, tuple[Line, bool]] = {}
    for items in (sheet.items, sheet.items[::-1]):
        outer = list(takewhile(lambda item: isinstance(item, Line) and is_marginal(item, sheet.height), items[:3]))
        prose = len(items) > len(outer) and isinstance(items[len(outer)], Line)
        for line in outer:
            if isinstance(line, Line):
                found.setdefault(id(line), (line, prose))
    return list(found.values())


def is_marginal(line: Line, height: float) -> bool:
    """Whether a line stands where a page of this height in points has its head and its foot."""
    return line.bottom < MARGIN * height or line.top > (1 - MARGIN) * height


def _form(line: Line) -> str:
    """What a head says on every page, whatever the page's number is."""
    return _DIGITS.sub("0", line.text) if len(line.text) < 40 else line.text
