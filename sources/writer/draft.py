"""Figures while they are being invented: integers of 0.01 万元 in, published numbers out."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from random import Random

from sources.writer.figures import Key, Value, percent


class Draft:
    """Collects what a report states. Amounts are integers of 0.01 万元, counts are counts.

    `before` is the draft of the year before, where there is one: comparisons are then made with what it states.
    """

    def __init__(self, rng: Random, year: int, percent_places: int, before: Draft | None = None) -> None:
        self.rng = rng
        self.before = before
        self.year = year
        self.percent_places = percent_places
        self.stated: dict[Key, Value] = {}

    def amount(self, concept: str, hundredths: int, member: str = "") -> None:
        """States money."""
        self.stated[concept, member, ""] = Decimal(hundredths).scaleb(-2)

    def count(self, concept: str, number: int, member: str = "") -> None:
        """States a number of things."""
        self.stated[concept, member, ""] = Decimal(number)

    def text(self, concept: str, text: str) -> None:
        """States a date."""
        self.stated[concept, "", ""] = text

    def percent(self, concept: str, part: int, whole: int, member: str = "") -> None:
        """States part/whole in percent."""
        self.stated[concept, member, ""] = percent(part, whole, self.percent_places)

    def split(self, total: str, parts: Mapping[str, int]) -> int:
        """States a total, its parts and their shares. Returns the total."""
        whole = sum(parts.values())
        self.amount(total, whole)
        for concept, hundredths in parts.items():
            self.amount(concept, hundredths)
            self.percent(concept.removesuffix("_expenditure") + "_share", hundredths, whole)
        return whole

    def total(self, concept: str, current: int, prior: int, against: str = "") -> None:
        """States an amount and its growth against the same, or another, concept."""
        self.amount(concept, current)
        self.growth(concept, current, prior, against)

    def growth(self, stem: str, current: int, prior: int, against: str = "") -> None:
        """States the change against the prior year; a rate where there was something to grow from.

        `prior` is the amount of a year before that nobody has drafted.
        """
        prior = self.last(against or stem, prior)
        self.amount(f"{stem}_yoy_change", current - prior)
        if prior:
            self.percent(f"{stem}_yoy_rate", current - prior, prior)

    def last(self, stem: str, unknown: int, member: str = "") -> int:
        """The amount of the year before, as an integer of 0.01 万元, or `unknown` where nobody has drafted it."""
        if self.before is None:
            return unknown
        stated = self.before.stated
        own = (stem, member, "")
        return int(Decimal(stated[own if own in stated else (f"{stem}_expenditure", member, "")]).scaleb(2))

    def members(self, concept: str) -> dict[str, Decimal]:
        """What is stated of each member of a concept."""
        return {member: Decimal(value) for (name, member, _), value in self.stated.items() if name == concept}

    def hundredths(self, concept: str) -> int:
        """A stated amount, as an integer of 0.01 万元."""
        return int(Decimal(self.stated[concept, "", ""]).scaleb(2))

    def number(self, concept: str) -> int:
        """A stated count."""
        return int(self.stated[concept, "", ""])
