"""How the extractor reads phrasings that it was not written for: composed fragments with the facts a perfect reader tells.

`phrases/*.toml` hold the fragments of one family of reports each. A fact is concept, member (a code, a name, both,
or nothing), period, value and unit. `set_aside` names numbers that are no facts, `either` numbers that may be told
or left out (the taxonomy does not settle their concept). Facts match as published gold facts do: same concept,
period, number and kind of unit, and the member by code or by containment.

By hand, from the repository's root: python tests/extract/test_phrases.py [FAMILY] [--misses] [--id FRAGMENT]
"""

import argparse
import re
import sys
import tomllib
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path

import pytest

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from schemas.curated import PERIODS
from schemas.taxonomy.load import concepts
from tests.extract.conftest import extraction_of

PHRASES = Path(__file__).parent / "phrases"
FLOORS = {
    "sichuan": (1.0, 1.0),
    "front_tables": (0.995, 1.0),
    "damage": (1.0, 1.0),
    "two_part": (1.0, 1.0),
    "scattered": (0.995, 0.995),
    "provinces": (0.995, 0.995),
    "eastern": (0.99, 0.995),
    "northern": (0.995, 0.995),
    "mixed": (0.995, 0.995),
    "whole_reports": (0.99, 0.995),
    "more_reports": (0.985, 0.995),
    "further_reports": (0.99, 0.995),
    "variants": (0.995, 0.995),
    "last_reports": (0.985, 0.995),
    "fresh_reports": (0.99, 0.995),
    "fresh_departments": (0.99, 0.995),
    "fresh_fragments": (0.99, 0.995),
    "second_hand": (0.985, 0.995),
}
"""Least recall and precision per family."""

HELD_OUT: frozenset[str] = frozenset()
"""Families that are only measured: tests print their figures, never their fragments, so that no rule is fitted to them."""

DERIVED = re.compile(r"_(?:share|yoy_change|yoy_rate|budget|budget_completion_rate)$")
KEYS = {"id", "text", "facts", "set_aside", "either"}
TOTALS = {"合计", "总计"}
MONEY = {"万元", "元", "亿元"}
PERCENT = {"%", "百分点", "个百分点"}


@dataclass(frozen=True, slots=True)
class Fact:
    """One stated figure, in the form in which two are compared."""

    concept: str
    code: str
    name: str
    period: str
    value: Decimal | str
    kind: str

    @classmethod
    def of(cls, concept: str, code: str, name: str, period: str, value: str, unit: str) -> "Fact":
        """The fact with its number and its kind of unit."""
        return cls(concept, code, name, period, _number(value), _unit_kind(unit))

    @property
    def key(self) -> tuple[object, ...]:
        """What must agree between two facts, except the member."""
        return self.concept, self.period, self.value, self.kind

    def has_member_of(self, other: "Fact") -> bool:
        """Whether `other` speaks of the same member as this expected fact; one without a member admits any."""
        if self.code and other.code:
            return self.code == other.code
        mine = [part for part in _parts(self.name) if part not in TOTALS]
        theirs = _parts(other.name)
        if not mine and not self.code:
            return not self.name or all(part in TOTALS for part in theirs)
        return any(a in b or b in a for a in mine for b in theirs)


@dataclass(frozen=True, slots=True)
class Fragment:
    """A composed text and what it tells."""

    id: str
    text: str
    facts: tuple[Fact, ...]
    either: frozenset[Decimal | str]


@dataclass(slots=True)
class Score:
    """Facts found, missed and wrongly told."""

    found: int
    missed: list[str]
    wrong: list[str]

    @property
    def recall(self) -> float:
        """Share of the expected facts that were found."""
        return self.found / (self.found + len(self.missed)) if self.found or self.missed else 1.0

    @property
    def precision(self) -> float:
        """Share of the told facts that were expected; repeats of a fact count once."""
        return self.found / (self.found + len(self.wrong)) if self.found or self.wrong else 1.0

    def __str__(self) -> str:
        expected = self.found + len(self.missed)
        counts = f"{self.found}/{expected} facts, {len(self.wrong)} wrong"
        lines = [f"recall {self.recall:.3f}  precision {self.precision:.3f}  {counts}", *self.missed, *self.wrong]
        return "\n".join(lines)


def _number(value: str) -> Decimal | str:
    text = unicodedata.normalize("NFKC", value).replace(",", "").strip().lstrip("+-")
    try:
        return Decimal(text).normalize()
    except InvalidOperation:
        return text


def _unit_kind(unit: str) -> str:
    text = unicodedata.normalize("NFKC", unit).strip()
    if text in MONEY or text == "date":
        return text
    return "%" if text in PERCENT else "count"


def _parts(name: str) -> list[str]:
    plain = re.sub(r"[“”\"'（）()]", "", unicodedata.normalize("NFKC", name))
    return [part for part in re.split(r"[·•/|、,，\s]+", plain) if part]


@cache
def known_concepts() -> frozenset[str]:
    """All concepts of the taxonomy."""
    return frozenset(concepts()["concept"])


def _expected(fragment: str, row: list[str]) -> Fact:
    if len(row) != 5 or not all(isinstance(cell, str) for cell in row):
        raise ValueError(f"{fragment}: {row} is not concept, member, period, value, unit")
    concept, member, period, value, unit = row
    base = DERIVED.sub("", concept)
    if known_concepts().isdisjoint({concept, base, f"{base}_expenditure"}):
        raise ValueError(f"{fragment}: {concept} is no concept and is derived from none")
    if period not in PERIODS:
        raise ValueError(f"{fragment}: {period!r} is not one of {', '.join(PERIODS)}")
    code, name = re.fullmatch(r"(\d{3,7}(?!\d))?\s*(.*)", member, re.S).groups()  # type: ignore[union-attr]
    return Fact.of(concept, code or "", name, period, value, unit)


def fragments(family: str) -> list[Fragment]:
    """The fragments of one file. Raises ValueError where an entry is not of the form."""
    read: dict[str, Fragment] = {}
    for entry in tomllib.loads((PHRASES / f"{family}.toml").read_text(encoding="utf-8"))["fragment"]:
        name = entry["id"]
        if unknown := entry.keys() - KEYS:
            raise ValueError(f"{name}: unknown keys {', '.join(sorted(unknown))}")
        if name in read:
            raise ValueError(f"{name}: two fragments bear this id")
        text = entry["text"]
        plain = re.sub(r"\s|,", "", unicodedata.normalize("NFKC", text))
        facts = tuple(_expected(name, row) for row in entry["facts"])
        for printed in [*(row[3] for row in entry["facts"]), *entry.get("set_aside", ())]:
            if re.sub(r"\s|,", "", unicodedata.normalize("NFKC", printed)) not in plain:
                raise ValueError(f"{name}: {printed} does not stand in the text")
        either = frozenset(_number(value) for value in entry.get("either", ()))
        read[name] = Fragment(name, text, facts, either)
    return list(read.values())


def told(text: str) -> list[Fact]:
    """The facts that the extractor tells of a text."""
    columns = ("concept", "member_code", "member_name", "period", "value", "unit")
    rows = extraction_of(text).facts.select(columns).iter_rows()
    return [Fact.of(*(cell or "" for cell in row)) for row in rows]


def score(fragment: Fragment) -> Score:
    """Compares what is told with what is expected."""
    waiting = list(fragment.facts)
    wrong = []
    for fact in told(fragment.text):
        same = [one for one in fragment.facts if one.key == fact.key and one.has_member_of(fact)]
        if hit := next((one for one in same if one in waiting), None):
            waiting.remove(hit)
        elif not same and fact.value not in fragment.either:
            wrong.append(_line("wrong ", fragment, fact))
    missed = [_line("missed", fragment, fact) for fact in waiting]
    return Score(len(fragment.facts) - len(waiting), missed, wrong)


def _line(what: str, fragment: Fragment, fact: Fact) -> str:
    member = f"{fact.code} {fact.name}".strip()
    value = format(fact.value, "f") if isinstance(fact.value, Decimal) else fact.value
    return f"  {what} {fragment.id}: {fact.concept} [{member}] {fact.period} {value} {fact.kind}"


def total(family: str, only: str = "") -> Score:
    """The sum over a family's fragments."""
    sums = Score(0, [], [])
    for fragment in fragments(family):
        if only in fragment.id:
            one = score(fragment)
            sums.found += one.found
            sums.missed += one.missed
            sums.wrong += one.wrong
    return sums


@pytest.mark.parametrize("family", FLOORS)
def test_recall_and_precision(family: str) -> None:
    reached = total(family)
    print(f"{family}: {str(reached).splitlines()[0] if family in HELD_OUT else reached}")
    recall, precision = FLOORS[family]
    assert reached.recall >= recall, f"{family}: recall"
    assert reached.precision >= precision, f"{family}: precision"


def test_every_family_has_a_floor() -> None:
    assert {path.stem for path in PHRASES.glob("*.toml")} == FLOORS.keys()


def main() -> None:
    """Prints recall and precision of one family or of all."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("family", nargs="?", help="a file's stem; all where none is given")
    parser.add_argument(
        "--misses", action="store_true", help="list missed and wrong facts; of a held-out family only where it is named"
    )
    parser.add_argument("--id", default="", help="only the fragments whose id contains this")
    args = parser.parse_args()
    for family in [args.family.removesuffix(".toml")] if args.family else FLOORS:
        lines = str(total(family, args.id)).splitlines()
        told_of = args.misses and (args.family or family not in HELD_OUT)
        print(f"{family:18} {lines[0]}", *(lines[1:] if told_of else ()), sep="\n")


if __name__ == "__main__":
    main()
