"""Whose staff a head-count is: reports of several units count posts and people unit by unit."""

from __future__ import annotations

from collections.abc import Iterable

from tasks.extract.data import clause


class Units:
    """The units that one part of a report counts staff for."""

    def __init__(self, texts: Iterable[str]) -> None:
        """Takes the compact paragraphs of one section."""
        self._several = len({found[1] for text in texts for found in clause("staff_unit").finditer(text)}) > 1

    def at(self, text: str, position: int) -> str | None:
        """The unit that a number at this position counts for; None for the whole, or where there is only one unit.

        A unit is spoken of until the next one; a new sentence behind several units sums them up.
        """
        if not self._several:
            return None
        before = [found for found in clause("staff_unit").finditer(text, 0, position)]
        if not before:
            return None
        summed_up = len({found[1] for found in before}) > 1 and "。" in text[before[-1].end() : position]
        return None if summed_up else before[-1][1]
