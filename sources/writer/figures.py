"""The published figures of one report: what is stated, of whom, for which year."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path

ROOM = Path(__file__).parent
FUNCTIONS = ROOM.parents[1] / "schemas" / "taxonomy" / "functions.csv"
FIGURE_COLUMNS = ("concept", "member", "place", "value")

Value = Decimal | str
Key = tuple[str, str, str]


@dataclass(frozen=True)
class Publisher:
    """Who publishes: GB/T 2260 code, name of the organisation, its short name, and whose accounts these are."""

    region_code: str
    entity: str
    short: str
    kind: str = "部门"


@dataclass(frozen=True)
class Figures:
    """The figures that one report states, in the order in which their members are listed.

    `stated` maps (concept, member, place) to the published number: 万元 or percent as decimals with the
    published precision, counts as integers, dates as text; changes and rates carry their sign. A member
    is a function code or a name. The place is empty, or the section in which alone this number stands.
    A figure of the prior year has `@prior` behind its concept, one on another base the base (`@initial`, `@sme`).
    """

    publisher: Publisher
    year: int
    stated: Mapping[Key, Value]

    def value(self, concept: str, member: str = "", place: str = "") -> Value | None:
        """The number that stands in `place`, None where the report states none."""
        own = self.stated.get((concept, member, place))
        return self.stated.get((concept, member, "")) if own is None else own

    def members(self, concept: str) -> list[str]:
        """The members for which a concept is stated, in order."""
        return list(dict.fromkeys(member for name, member, _ in self.stated if name == concept))


@cache
def function_names(year: int) -> dict[str, str]:
    """Function code → name in the classification of one fiscal year."""
    return {
        row["code"]: row["name"]
        for row in rows(FUNCTIONS)
        if int(row["valid_from"]) <= year <= int(row["valid_to"] or year)
    }


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def read_stated(path: Path) -> dict[Key, Value]:
    """The stated figures of a CSV file with FIGURE_COLUMNS; numbers keep their printed decimals."""
    return {(row["concept"], row["member"], row["place"]): _value(row["value"]) for row in rows(path)}


def percent(part: Decimal | int, whole: Decimal | int, places: int) -> Decimal:
    """100·part/whole, rounded half up; 0 of nothing is 0."""
    exact = Decimal(100) * part / whole if whole else Decimal(0)
    return exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _value(text: str) -> Value:
    return text if "年" in text else Decimal(text)
