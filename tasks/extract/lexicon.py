"""The lexicon: labels, headings, cues and units of the taxonomy, compiled once.

Everything that the genre says about a number is a row of `schemas/taxonomy/`; this module turns rows
into compiled patterns and knows no label by itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path

from schemas.taxonomy.load import concepts
from tasks.extract.data import MOST_LINES, TAXONOMY, TaxonomyError, clause, remembered, rows

NARRATED = "项目"
"""What the beginning of a project's narrative opens, for the column `after`."""

OUTSIDE = "-"
"""Concept of a label whose figure is known, but is none of the taxonomy."""


@dataclass(frozen=True, slots=True)
class Label:
    """One row of labels.csv: what a number is when this label stands before it (or `right` behind it)."""

    sections: tuple[str, ...]
    after: tuple[str, ...]
    units: tuple[str, ...]
    pattern: str
    right: re.Pattern[str] | None
    concepts: tuple[str, ...]
    member: str
    opens: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """Whether the label is free text (its words are the member's name), to be tried last."""
        return "(?<m>" in self.pattern and "[^" in self.pattern


@dataclass(frozen=True, slots=True)
class Heading:
    """One row of sections.csv: the section that begins at a heading with these words."""

    section: str
    within: str
    part: str
    is_part: bool
    scope: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Stem:
    """How the figures derived from a concept are named; empty where the taxonomy has none."""

    stem: str
    completion: str
    budget: str
    initial_budget: str
    full_year_budget: str

    @property
    def share(self) -> str:
        """Concept of the share of a whole."""
        return f"{self.stem}_share"

    def change_in(self, unit_kind: str) -> str:
        """Concept of the change against the prior year: an amount, or a rate in percent."""
        return f"{self.stem}_yoy_rate" if unit_kind == "percent" else f"{self.stem}_yoy_change"

    def budget_of(self, basis: str | None) -> str:
        """Concept of the budget: the initial one (年初), the adjusted one of the full year, or one of no said basis."""
        if basis is None:
            return self.budget
        return (self.initial_budget if basis.startswith("年初") else self.full_year_budget) or self.budget


@dataclass(slots=True, eq=False)
class Matcher:
    """The labels that can apply at one place (section, unit, context), as one pattern each for fixed and open ones."""

    right: tuple[Label, ...]
    fixed: tuple[Label, ...]
    open: tuple[Label, ...]
    _patterns: dict[str, re.Pattern[str] | None] = field(default_factory=dict)

    def by_right(self, before: str, behind: str) -> tuple[Label, int, str] | None:
        """A label told by the words behind the number: (label, where its words before begin, member)."""
        for label in self.right:
            if label.right is not None and (right := label.right.match(behind)):
                found = _compiled(label.pattern).search(before)
                if found is not None:
                    return label, found.start(), found.groupdict().get("m") or right.groupdict().get("m") or ""
        return None

    @remembered
    def fixed_before(self, before: str) -> tuple[Label, int, str] | None:
        """The longest fixed label that ends right before the number."""
        return self._before(before, "fixed", self.fixed, "filler")

    @remembered
    def open_before(self, before: str) -> tuple[Label, int, str] | None:
        """The free-text label right before the number."""
        return self._before(before, "open", self.open, "open_filler")

    @remembered
    def last_in(self, text: str) -> tuple[Label, int, str] | None:
        """The last fixed label anywhere in the text: whom a change or a rate is about."""
        if not self.fixed:
            return None
        everywhere = self._pattern("inside", self.fixed, "").finditer(text)
        found = [each for each in everywhere if each.end() - each.start() > 1]  # a comma names nobody
        return self._result(found[-1], self.fixed) if found else None

    def _before(self, text: str, name: str, labels: tuple[Label, ...], filler: str) -> tuple[Label, int, str] | None:
        if not labels:
            return None
        found = self._pattern(name, labels, clause(filler).pattern + "$").search(text)
        return None if found is None else self._result(found, labels)

    def _pattern(self, name: str, labels: tuple[Label, ...], tail: str) -> re.Pattern[str]:
        pattern = self._patterns.get(name)
        if pattern is None:
            branches = (f"(?P<L{i}>{label.pattern.replace('(?<m>', f'(?P<m{i}>')})" for i, label in enumerate(labels))
            pattern = self._patterns[name] = re.compile(f"(?:{'|'.join(branches)}){tail}")
        return pattern

    @staticmethod
    def _result(found: re.Match[str], labels: tuple[Label, ...]) -> tuple[Label, int, str]:
        index = int((found.lastgroup or "")[1:])
        return labels[index], found.start(), found.groupdict().get(f"m{index}") or ""


class Lexicon:
    """All rows, loaded and checked once; ask for a matcher per place."""

    def __init__(self, folder: Path = TAXONOMY) -> None:
        """Loads labels, sections, cues, units, stems, directions and reasons. Raises TaxonomyError."""
        self.concept_names: dict[str, str] = dict(concepts().select("concept", "label_zh").iter_rows())
        self.concept_kinds: dict[str, str] = dict(concepts().select("concept", "unit_kind").iter_rows())
        units = rows("units.csv", "unit", "kind", "yuan", folder=folder)
        self.unit_kinds = {row["unit"]: row["kind"] for _, row in units}
        self.yuan = {row["unit"]: Decimal(row["yuan"]) for _, row in units if row["yuan"]}
        self.zeros = {unit: len(str(yuan)) - 1 for unit, yuan in self.yuan.items()}
        labels = rows(
            "labels.csv", "section", "after", "unit", "label", "right", "concepts", "member", "opens", folder=folder
        )
        opened = {NARRATED} | {row["opens"] for _, row in labels if row["opens"]}
        self.labels = [self._label(line, row, opened) for line, row in labels]
        self.anchors = opened.union(*(label.after for label in self.labels))
        headings = rows("sections.csv", "section", "within", "part", "level", "scope", "heading", folder=folder)
        self.headings = [_heading(line, row) for line, row in headings]
        # Most lines are none: one pattern tells that before each heading is asked.
        self._any_heading = _framed("|".join(row["heading"] for _, row in headings))
        self.signs = {row["word"]: int(row["sign"]) for _, row in rows("directions.csv", "word", "sign", folder=folder)}
        # One character is part of many words: those that take it for a direction say themselves what stands before it.
        directions = "|".join(sorted((word for word in self.signs if len(word) > 1), key=len, reverse=True))
        self.headings_of = lru_cache(MOST_LINES)(self._headings_of)
        self.cues: dict[tuple[str, str], list[re.Pattern[str]]] = {}
        for line, row in rows("cues.csv", "role", "unit_kind", "cue", "description", folder=folder):
            words = row["cue"].replace("{direction}", f"(?P<direction>{directions})")
            cue = _pattern("cues.csv", line, words + clause("cue_filler").pattern + "$")
            self.cues.setdefault((row["role"], row["unit_kind"]), []).append(cue)
        names = ("stem", "completion", "budget", "initial_budget", "full_year_budget")
        stems = rows("stems.csv", "concept", *names, folder=folder)
        self.stems = {row["concept"]: Stem(*(row[name] for name in names)) for _, row in stems}
        self.spent = {
            row[name]: row["concept"]
            for _, row in reversed(stems)
            for name in names[2:]
            if row[name] not in ("", row["concept"])
        }
        self.budgets = frozenset(row[name] for _, row in stems for name in names[2:]) - {"", *self.stems}
        reasons = [row for _, row in rows("reasons.csv", "reason", "begins", "pattern", "description", folder=folder)]
        # Few characters can begin one: one look at each character tells that before each pattern is asked.
        begins = "".join(row["begins"] for row in reasons)
        patterns = "|".join(f"(?P<{row['reason']}>{row['pattern']})" for row in reasons)
        self.asides = re.compile(rf"(?=[{begins}])(?:{patterns})")
        by_length = sorted(self.unit_kinds, key=len, reverse=True)
        self.quantity = re.compile(
            r"(?=[-.\d])(?<![\dA-Za-z.])(?P<number>-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+)"
            rf"(?P<unit>{'|'.join(map(re.escape, by_length))})?"
        )
        self._matchers: dict[tuple[str, str, str], Matcher] = {}

    def _headings_of(self, words: str) -> tuple[Heading, ...]:
        """The headings that consist of these words."""
        if not self._any_heading.fullmatch(words):
            return ()
        return tuple(heading for heading in self.headings if heading.pattern.fullmatch(words))

    def stem(self, concept: str) -> Stem:
        """Names of the figures derived from a concept; regular ones carry the concept's own name."""
        return self.stems.get(concept) or Stem(concept, f"{concept}_budget_completion_rate", "", "", "")

    def staff_kind(self, words: str) -> str:
        """The kind of staff in the words before a head-count; 合计 where they name none."""
        kind = clause("staff_lead").sub("", words)
        if posted := clause("staff_posted").match(kind):
            return f"{posted['post']}（{posted['sender']}）"
        return "合计" if clause("staff_total").fullmatch(kind) else kind

    @remembered
    def cue(self, role: str, kind: str, text: str) -> re.Match[str] | None:
        """The cue of a role at the end of the text before a number, if it stands there."""
        for pattern in self.cues.get((role, kind), ()):
            found = pattern.search(text)
            if found is not None:
                return found
        return None

    def matcher(self, section: str, unit: str, anchor: str) -> Matcher:
        """The labels that can apply in a section to a number with this unit, behind this anchor concept."""
        key = (section, unit, anchor)
        matcher = self._matchers.get(key)
        if matcher is None:
            kind = self.unit_kinds.get(unit, unit)
            fitting = [
                label
                for label in self.labels
                if section in label.sections
                and (unit in label.units or kind in label.units)
                and (not label.after or anchor in label.after)
            ]
            # A longer pattern is the more specific one: it goes first where several begin at one place.
            fitting.sort(key=lambda label: (not label.after, -len(label.pattern)))
            matcher = self._matchers[key] = Matcher(
                tuple(label for label in fitting if label.right is not None),
                tuple(label for label in fitting if label.right is None and label.pattern and not label.is_open),
                tuple(label for label in fitting if label.right is None and (label.is_open or not label.pattern)),
            )
        return matcher

    def _label(self, line: int, row: dict[str, str], opened: set[str]) -> Label:
        units, after, stated = (
            tuple(row["unit"].split()),
            tuple(row["after"].split()),
            tuple(row["concepts"].split("+")),
        )
        if not units or not {*self.unit_kinds, *self.unit_kinds.values()}.issuperset(units):
            raise TaxonomyError(f"labels.csv, line {line}: unknown unit {row['unit']!r}")
        if unknown := sorted({*stated, *after} - self.concept_names.keys() - {OUTSIDE} - opened):
            raise TaxonomyError(f"labels.csv, line {line}: unknown concept {', '.join(unknown)}")
        _pattern("labels.csv", line, row["label"])
        right = _pattern("labels.csv", line, row["right"]) if row["right"] else None
        opens = (row["opens"],) if row["opens"] else stated
        return Label(tuple(row["section"].split()), after, units, row["label"], right, stated, row["member"], opens)


def _heading(line: int, row: dict[str, str]) -> Heading:
    _pattern("sections.csv", line, row["heading"])
    pattern = _framed(row["heading"])
    return Heading(row["section"], row["within"], row["part"], row["level"] == "part", row["scope"], pattern)


def _framed(words: str) -> re.Pattern[str]:
    """The words of headings with what may stand before and behind them."""
    return re.compile(f"{clause('before_heading').pattern}(?:{words}){clause('behind_heading').pattern}")


def _pattern(file: str, line: int, text: str) -> re.Pattern[str]:
    try:
        return re.compile(text.replace("(?<m>", "(?P<m>"))
    except re.error as error:
        raise TaxonomyError(f"{file}, line {line}: {text!r} is not a regular expression: {error}") from None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(f"(?:{pattern.replace('(?<m>', '(?P<m>')}){clause('filler').pattern}$")


@cache
def lexicon() -> Lexicon:
    """The lexicon of the project's taxonomy."""
    return Lexicon()
