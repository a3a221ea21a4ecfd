"""Which function of expenditure (支出功能分类科目) a printed label means.

The classification has three levels: 类 (3 digits), 款 (5) and 项 (7). Reports print names, seldom codes, and the
name of a 项 alone is not enough: 行政运行 stands under most 款. The `FunctionTable` walks the names of a label down
the tree of schemas/taxonomy/functions.csv.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from enum import IntEnum
from functools import cache, lru_cache
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from tasks.extract.data import TAXONOMY, TaxonomyError, rows, whole

LEVELS = "类款项"
LENGTHS = (3, 5, 7)
"""How many digits the codes of the three levels have."""

_PARENT_LENGTHS = (0, 3, 5)
_NEAR_FROM = 4
"""Shorter names differ by one character too easily to be taken for each other."""

_COLUMNS = ("code", "name", "valid_from", "valid_to", "aliases")
_PLAIN_MARK = re.compile(r"([类款项])(?:级?科目)?")
_DROPPED = str.maketrans("", "", "的与和及、,，.·()（）[]《》<>“”\"‘’' \u3000\t")


def normalised(name: str) -> str:
    """`name` without what publishers vary: brackets, spaces, 的/与/和/及, 其它 for 其他, a final 支出."""
    return name.translate(_DROPPED).replace("其它", "其他").removesuffix("支出")


def parent_of(code: str) -> str:
    """The code one level up; "" above a 类."""
    return code[:-2] if len(code) > LENGTHS[0] else ""


class Function(NamedTuple):
    """One name of one code, valid from `valid_from` to `valid_to` inclusive (None: still valid).

    The table begins with 2018: a name valid from that year may be older.
    """

    code: str
    name: str
    valid_from: int
    valid_to: int | None
    aliases: tuple[str, ...]

    def years_from(self, year: int) -> int:
        """How many years `year` lies outside the validity; 0 within it."""
        return max(self.valid_from - year, 0 if self.valid_to is None else year - self.valid_to, 0)


class Label(NamedTuple):
    """One name of a label path: level 类, 款, 项 or None where none is printed; printed name and digits, "" if none."""

    level: str | None
    name: str
    code: str = ""


class Resolved(NamedTuple):
    """The code a label means, its parent and its official name in the year.

    `code` is None where the label means none that is known; `parent_code` is then the deepest ancestor that is.
    `official_name` is None where the code is printed in full but not in the table.
    """

    code: str | None
    parent_code: str | None
    official_name: str | None


class _Leniency(IntEnum):
    """What a name may be resolved by; each step is tried only when the ones before lead nowhere."""

    NAME = 0
    NEAR_NAME = 1
    LISTED_CODE = 2
    NAME_ELSEWHERE = 3
    ANY_CODE = 4


class FunctionTable:
    """The classification by function, all years. Built once by `function_table`."""

    def __init__(self, functions: Iterable[Function]) -> None:
        """Takes the rows of functions.csv."""
        self._functions: dict[str, list[Function]] = defaultdict(list)
        self._named: dict[tuple[int, str], list[Function]] = defaultdict(list)
        self._children: dict[str, dict[str, list[Function]]] = defaultdict(lambda: defaultdict(list))
        self._codes: dict[str, set[str]] = defaultdict(set)
        for function in functions:
            code = function.code
            self._functions[code].append(function)
            for key in {normalised(name) for name in (function.name, *function.aliases)}:
                self._named[LENGTHS.index(len(code)), key].append(function)
                self._children[parent_of(code)][key].append(function)
                self._codes[key].add(code)
        self._longest = max(map(len, self._codes))
        self._cached = lru_cache(maxsize=1 << 16)(self._resolve)

    def official_name(self, code: str, year: int) -> str | None:
        """The name of `code` in `year`, or of the nearest year that has one; None where the code is unknown."""
        names = self._functions.get(code)
        return min(names, key=lambda function: function.years_from(year)).name if names else None

    def resolve(
        self, labels: Sequence[Label], year: int, carried: tuple[str | None, str | None] = (None, None)
    ) -> Resolved:
        """What `labels` (highest level first) mean in fiscal `year`.

        `carried` are the codes of the 类 and the 款 of the item before; a label inherits the levels it does not
        name. The name decides, at the deepest level named: of this year before another year, spelled out before
        with one character lost, added or moved, in its place before anywhere else; then a printed code.
        """
        return self._cached(tuple(labels), year, carried)

    def chain(self, text: str, start: int = 0, above: frozenset[str] = frozenset()) -> tuple[tuple[int, int, str], ...]:
        """Splits names printed without anything between: (start, end, level or "") each; empty where it cannot."""
        for end in range(min(len(text), start + 2 * self._longest), start + 1, -1):
            codes = self._codes.get(normalised(text[start:end]), ())
            below = frozenset(code for code in codes if not above or above & {code[:-2], code[:-4]})
            if not below:
                continue
            mark = _PLAIN_MARK.match(text, end)
            after, level = (mark.end(), mark[1]) if mark else (end, "")
            if after == len(text):
                return ((start, end, level),)
            if rest := self.chain(text, after, below):
                return ((start, end, level), *rest)
        return ()

    def knows(self, name: str) -> bool:
        """Whether `name` is a name of some level in some year."""
        return normalised(name) in self._codes

    def _resolve(self, labels: tuple[Label, ...], year: int, carried: tuple[str | None, str | None]) -> Resolved:
        best = Resolved(None, None, None)
        readings = list(_readings(labels, inherits=carried[1] is not None))
        for leniency in _Leniency:
            for levels in readings:
                found = self._walk(labels, levels, year, carried, leniency)
                if found.code is not None:
                    return found
                if len(found.parent_code or "") > len(best.parent_code or ""):
                    best = found
        return best

    def _walk(
        self,
        labels: tuple[Label, ...],
        levels: tuple[int, ...],
        year: int,
        carried: tuple[str | None, str | None],
        leniency: _Leniency,
    ) -> Resolved:
        at = ""
        for position, (label, level) in enumerate(zip(labels, levels, strict=True)):
            parents = _parents(label, level, at, carried if position == 0 else None, carried[1])
            code = next(
                (code for parent in parents if (code := self._step(parent, label, level, year, leniency))), None
            )
            if code is not None:
                at = code
            elif level > 0 or leniency < _Leniency.NAME_ELSEWHERE or not any(below.level for below in labels[1:]):
                # Below an unknown 类, a 款 may still be the only one of its name.
                return Resolved(None, at or next(filter(None, parents), None), None)
        return Resolved(at, parent_of(at) or None, self.official_name(at, year))

    def _step(self, parent: str, label: Label, level: int, year: int, leniency: _Leniency) -> str | None:
        """The code of `label` at `level` below `parent` ("" is the root), by the means that `leniency` allows."""
        name = normalised(label.name)
        if code := self._named_below(parent, name, level, year):
            return code
        if leniency >= _Leniency.NEAR_NAME and (code := self._nearly_named(parent, name, level)):
            return code
        printed = self._printed_code(parent, label, level)
        if leniency >= _Leniency.LISTED_CODE and printed in self._functions:
            return printed
        if leniency >= _Leniency.NAME_ELSEWHERE and (code := self._named_elsewhere(parent, name, level, year)):
            return code
        is_item = len(printed) == LENGTHS[2] and parent_of(printed) in self._functions
        return printed if leniency >= _Leniency.ANY_CODE and is_item else None

    def _named_below(self, parent: str, name: str, level: int, year: int) -> str | None:
        """The function of that name below `parent`, a level left out in between included."""
        if not parent and level > 0:
            return None
        named = self._named.get((level, name), ())
        return _only_code([function for function in named if function.code.startswith(parent)], year)

    def _nearly_named(self, parent: str, name: str, level: int) -> str | None:
        """The one child of `parent` whose name differs by a character lost, added or moved."""
        if len(parent) != _PARENT_LENGTHS[level] or len(name) < _NEAR_FROM:
            return None
        siblings = self._children.get(parent, {}).items()
        return _only_code([function for key, named in siblings if _is_near(name, key) for function in named], None)

    def _named_elsewhere(self, parent: str, name: str, level: int, year: int) -> str | None:
        """The only 款 of that name, or the only 项 where nothing is known above it.

        The name of a 类 is no proof of a 款: 教育 is also a 款 of 援助其他地区支出.
        """
        if level == 0 or (level == 2 and parent) or (0, name) in self._named:
            return None
        return _only_code(self._named.get((level, name), ()), year)

    def _printed_code(self, parent: str, label: Label, level: int) -> str:
        """The code that the printed digits say: whole, or two digits below `parent`; "" for none or a doubtful one."""
        if len(label.code) == LENGTHS[level]:
            return label.code
        # Two digits beside the name of something else speak of another parent.
        doubtful = self.knows(label.name) or len(parent) != _PARENT_LENGTHS[level]
        return "" if doubtful or not label.code else parent + label.code


def _only_code(functions: Sequence[Function], year: int | None) -> str | None:
    """The one code of those nearest to `year` (None: of all), or None where several compete."""
    if len(functions) > 1 and year is not None:
        nearest = min(function.years_from(year) for function in functions)
        functions = [function for function in functions if function.years_from(year) == nearest]
    codes = {function.code for function in functions}
    return codes.pop() if len(codes) == 1 else None


def _readings(labels: tuple[Label, ...], inherits: bool) -> Iterator[tuple[int, ...]]:
    """The levels that the labels can stand for; an unmarked lone name is a 项 first where 类 and 款 are inherited."""
    readings = combinations(range(len(LEVELS)), len(labels)) if labels else ()
    for levels in sorted(readings, reverse=inherits):
        if all(label.level in (None, LEVELS[level]) for label, level in zip(labels, levels, strict=True)):
            yield levels


def _parents(
    label: Label, level: int, at: str, inherited: tuple[str | None, str | None] | None, group: str | None
) -> list[str]:
    """Where to look for `label`, best first: below what its code says, what it follows, or what it inherits."""
    if level == 0:
        return [""]
    if len(label.code) == LENGTHS[level]:
        return [label.code[:-2]]
    if inherited is not None:
        return [code for code in reversed(inherited[:level]) if code] or [""]
    if level == 2 and len(at) == 3 and group is not None and group.startswith(at):
        return [group, at]
    return [at]


def _is_near(one: str, other: str) -> bool:
    """Whether one character lost, added or moved turns one name into the other."""
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1:
        return False
    head = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    if len(one) < len(other):
        return one[head:] == other[head + 1 :]
    tail = next((i for i, (a, b) in enumerate(zip(one[::-1], other[::-1], strict=True)) if a != b), 0)
    a, b = one[head : len(one) - tail], other[head : len(other) - tail]
    return a[1:] + a[:1] == b or a[-1:] + a[:-1] == b


@cache
def function_table() -> FunctionTable:
    """The classification of functions.csv, read once. Raises TaxonomyError where a row cannot be used."""
    return FunctionTable(read_functions())


def read_functions(folder: Path = TAXONOMY) -> Iterator[Function]:
    """The rows of functions.csv: code, name, first and last year (empty: open), aliases parted by `|`; by code."""
    name = "functions.csv"
    known = {""}
    for line, row in rows(name, *_COLUMNS, folder=folder):
        code = row["code"]
        if len(code) not in LENGTHS or not code.isdecimal() or not row["name"]:
            raise TaxonomyError(f"{name}, line {line}: a row needs a code of 3, 5 or 7 digits and a name")
        if parent_of(code) not in known:
            raise TaxonomyError(f"{name}, line {line}: {code} stands before its parent {code[:-2]}; sort by code")
        known.add(code)
        valid_to = whole(name, line, row["valid_to"]) if row["valid_to"] else None
        aliases = tuple(filter(None, row["aliases"].split("|")))
        yield Function(code, row["name"], whole(name, line, row["valid_from"]), valid_to, aliases)
