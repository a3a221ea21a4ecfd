"""Whose staff a head-count is: reports of several units count posts and people unit by unit."""

from __future__ import annotations

import re
from collections.abc import Iterable

UNIT = re.compile(
    r"(?:^|[;,，。])(?:[^;,，。()]{0,40}?(?:事业单位|直属|下属|所属|代管))?"
    r"([\u4e00-\u9fff]{1,14}?(?:办公室|中心|局|院|所|站|大队|支队|队|校|馆|委员会))(?:\([^()]*\))?"
    r"(?:机关)?(?:内设|共设|设|核定|现有|有|编制)"
)
"""A unit at the beginning of a clause that goes on to count what it has."""


class Units:
    """The units that one part of a report counts staff for."""

    def __init__(self, texts: Iterable[str]) -> None:
        """Takes the compact paragraphs of one section."""
        self._several = len({found[1] for text in texts for found in UNIT.finditer(text)}) > 1

    def at(self, text: str, position: int) -> str | None:
        """The unit that a number at this position counts for; None for the whole, or where there is only one unit.

        A unit is spoken of until the next one; a new sentence behind several units sums them up.
        """
        if not self._several:
            return None
        before = [found for found in UNIT.finditer(text, 0, position)]
        if not before:
            return None
        summed_up = len({found[1] for found in before}) > 1 and "。" in text[before[-1].end() : position]
        return None if summed_up else before[-1][1]
