"""Worded claims: words that figures can deny (决算数小于预算数), and words that say nobody filled in or looked (比2018年, XX万元).

What such words are is data: claims.csv. One pattern finds the triggers of all rows in the whole document, and only
where one is found the words around it are looked at.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from tasks.extract.data import TaxonomyError, clause, rows
from tasks.extract.document import Document
from tasks.extract.lexicon import Lexicon
from tasks.extract.quantities import DIGIT
from tasks.extract.rows import ReportRows, Told
from tasks.extract.sections import Placed

COLUMNS = ("kind", "value", "scope", "trigger", "before", "behind", "unless", "description")
NOTHING = "-"
"""Kind of words that claim nothing, though they look like it."""

ABOUT_FIGURES = ("budget", "no_change")
PROSE_OF_FORM = "第一部分"
"""Where staff and organisation are told: its figures are not those of the accounts."""

SENTENCE_END = re.compile(r"[。;]")
YEARS = re.compile(r"\d{4}年")


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of claims.csv: `before` ends at the trigger, `behind` begins behind it, `unless` is nowhere in the sentence."""

    kind: str
    value: str
    scopes: frozenset[str]
    before: re.Pattern[str] | None
    behind: re.Pattern[str] | None
    unless: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Found:
    """A claim at start:end of a paragraph's compact text, in the sentence that begins at `begin`."""

    kind: str
    value: str
    basis: str | None
    begin: int
    start: int
    end: int


def read_claims(document: Document, placed: Sequence[Placed], lexicon: Lexicon, report: ReportRows) -> None:
    """Appends the claims of a document whose facts are all told. `placed` are its paragraphs, in order."""
    trigger, rules = _rules()
    texts = [each.paragraph.text for each in placed]
    # One position between paragraphs, as in the compact form itself.
    starts = [0, *accumulate(len(text) + 1 for text in texts)]
    told: list[Told] | None = None
    for hit in trigger.finditer("\n".join(texts)):
        number = bisect_right(starts, hit.start()) - 1
        one = placed[number]
        group = int((hit.lastgroup or "T0")[1:])
        start, end = hit.start() - starts[number], hit.end() - starts[number]
        for found in _fitting(rules[group], one, start, end):
            facts: list[int] = []
            if found.kind in ABOUT_FIGURES:
                told = report.told() if told is None else told
                facts = _about(found, one, told, document, lexicon)
            report.claim(found, one, facts)


def _fitting(rules: Sequence[Rule], placed: Placed, start: int, end: int) -> Iterator[Found]:
    """The claim of each kind that the words around a trigger make: the first row of a kind that fits."""
    text, scopes = placed.paragraph.text, _scopes(placed)
    begin = max(text.rfind("。", 0, start), text.rfind(";", 0, start)) + 1
    kinds: set[str] = set()
    for rule in rules:
        if rule.kind in kinds or scopes.isdisjoint(rule.scopes):
            continue
        before = rule.before.search(text[begin:start]) if rule.before else None
        behind = rule.behind.match(text, end) if rule.behind else None
        if (rule.before and not before) or (rule.behind and not behind):
            continue
        if rule.unless and rule.unless.search(text, begin, _sentence_end(text, end)):
            continue
        if rule.kind == NOTHING:
            return
        kinds.add(rule.kind)
        groups = {name: each for match in (before, behind) if match for name, each in match.groupdict().items() if each}
        first = start if before is None else begin + before.start()
        last = end
        value = rule.value or text[first:end]
        if rule.value == "@year":
            value = text[start:end].rstrip("年")
        elif rule.value == "@name":
            value = groups["name"]
            first = text.find(value, first)
            last = first + len(value)
        elif behind is not None and rule.kind == "budget":
            last = behind.end()
        if rule.kind == "statement_year":
            first = start
        yield Found(rule.kind, value, groups.get("basis"), begin, first, max(last, first + 1))


def _scopes(placed: Placed) -> frozenset[str]:
    if placed.paragraph.is_cell:
        return frozenset({"cell"})
    scope = "form" if placed.scope == "core" and placed.section != PROSE_OF_FORM else placed.scope
    return frozenset({scope, placed.section})


def _sentence_end(text: str, start: int) -> int:
    found = SENTENCE_END.search(text, start)
    return found.start() if found else len(text)


def _about(found: Found, placed: Placed, told: Sequence[Told], document: Document, lexicon: Lexicon) -> list[int]:
    """The facts before the claim, in its paragraph, that it speaks of: an amount and what is derived from it.

    The amount is the one whose label the claim's own clause names; without one it is that of the figure right before.
    No facts where the clause names something else, or where a number between them is nobody's.
    """
    paragraph = placed.paragraph
    first, here = document.printed_span(paragraph.start, paragraph.start + max(found.start, 1))
    before = [each for each in told if first <= each.start and each.end <= here]
    if not before:
        return []
    words = clause("claim_lead").split(paragraph.text[: found.start])[-1]
    named = lexicon.matcher(placed.section, "万元", "").last_in(words)
    if named is not None:
        amounts = [each for each in before if each.concept in named[0].concepts and each.is_amount]
    elif clause("claim_filler").fullmatch(words):
        amounts = _right_before(before, paragraph.text, paragraph.start, found.start, document, lexicon)
    else:
        amounts = []
    if not amounts:
        return []
    subject = amounts[-1]
    family = _family(subject.concept, lexicon)
    return [each.fact for each in before if each.concept in family and each.member == subject.member]


def _right_before(
    before: Sequence[Told], text: str, offset: int, start: int, document: Document, lexicon: Lexicon
) -> list[Told]:
    """The amount that the last figure is, or is derived from."""
    last = before[-1]
    behind = bisect_left(range(start), last.end, key=lambda position: document.printed_at(offset + position))
    if DIGIT.search(YEARS.sub("", text[behind:start])):
        return []
    for each in reversed(before):
        if each.is_amount and each.member == last.member and last.concept in _family(each.concept, lexicon):
            return [each]
    return []


def _family(concept: str, lexicon: Lexicon) -> frozenset[str]:
    """A concept and the figures that are derived from it."""
    stem = lexicon.stem(concept)
    budgets = {stem.budget, stem.initial_budget, stem.full_year_budget} - {""}
    changes = {stem.change_in("money"), stem.change_in("percent")}
    return frozenset({concept, stem.completion, stem.share} | budgets | changes)


@cache
def _rules() -> tuple[re.Pattern[str], tuple[tuple[Rule, ...], ...]]:
    """One pattern with a group T0, T1, … for each distinct trigger, and the rules of each. Raises TaxonomyError."""
    triggers: dict[str, list[Rule]] = {}
    for line, row in rows("claims.csv", *COLUMNS):
        try:
            patterns = [re.compile(row[name]) if row[name] else None for name in ("before", "behind", "unless")]
            re.compile(row["trigger"])
        except re.error as error:
            raise TaxonomyError(f"claims.csv, line {line}: no regular expression: {error}") from None
        rule = Rule(row["kind"], row["value"], frozenset(row["scope"].split()), *patterns)
        triggers.setdefault(row["trigger"], []).append(rule)
    joined = "|".join(f"(?P<T{number}>{pattern})" for number, pattern in enumerate(triggers))
    return re.compile(joined), tuple(tuple(each) for each in triggers.values())
