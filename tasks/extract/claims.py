"""Worded claims: words that figures can deny (决算数小于预算数), and words that say nobody filled in or looked (比2018年, XX万元).

What such words are is data: claims.csv. The triggers of its rows are looked for in the whole document at once, and only
where one is found the words around it are looked at.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from operator import itemgetter

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
TOLD_BEHIND = ("budget", "none", "explained")
"""Kinds of claims whose words go on behind the trigger."""

PROSE_OF_FORM = "第一部分"
"""Where staff and organisation are told: its figures are not those of the accounts."""

REACH = 60
"""So many characters before a trigger are looked at."""

YEARS = re.compile(r"\d{4}年")


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of claims.csv.

    `before` ends at the trigger, within the part of the sentence that no semicolon parts off; `behind` begins behind it; `unless`
    is found nowhere from the sentence's beginning to there.
    """

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
    texts = [each.paragraph.text for each in placed]
    # One position between paragraphs, as in the compact form itself.
    text = "\n".join(texts)
    hits = [(hit.start(), hit.end(), rules) for trigger, rules in _rules() for hit in trigger.finditer(text)]
    if not hits:
        return
    hits.sort(key=itemgetter(0, 1))
    starts = [0, *accumulate(len(each) + 1 for each in texts)]
    for start, end, rules in hits:
        number = bisect_right(starts, start) - 1
        one, offset = placed[number], starts[number]
        for found in _fitting(rules, one, start - offset, end - offset):
            about = _about(found, one, report, document, lexicon) if found.kind in ABOUT_FIGURES else []
            report.claim(found, one, about)


def _fitting(rules: Sequence[Rule], placed: Placed, start: int, end: int) -> Iterator[Found]:
    """The claim of each kind that the words around a trigger make: the first row of a kind that fits."""
    text = placed.paragraph.text
    scopes = _scopes(placed.section, placed.scope, is_cell=placed.paragraph.is_cell)
    kinds: set[str] = set()
    sentence = begin = -1
    for rule in rules:
        if scopes.isdisjoint(rule.scopes) or rule.kind in kinds:
            continue
        behind = rule.behind.match(text, end) if rule.behind else None
        if rule.behind and not behind:
            continue
        if sentence < 0:
            sentence = text.rfind("。", 0, start) + 1
            begin = max(sentence, text.rfind(";", 0, start) + 1)
            nearby = max(begin, start - REACH)
            words = text[nearby:start]
        before = rule.before.search(words) if rule.before else None
        if rule.before and not before:
            continue
        if rule.unless and rule.unless.search(text, sentence, behind.end() if behind else end):
            continue
        if rule.kind == NOTHING:
            return
        kinds.add(rule.kind)
        yield _found(rule, text, begin, (start, end), before and nearby + before.start(), before, behind)


def _found(
    rule: Rule,
    text: str,
    begin: int,
    trigger: tuple[int, int],
    first: int | None,
    before: re.Match[str] | None,
    behind: re.Match[str] | None,
) -> Found:
    """The claim that a row makes of a trigger and the words around it, which begin at `first`."""
    start, end = trigger
    groups = {name: each for match in (before, behind) if match for name, each in match.groupdict().items() if each}
    first = start if first is None or rule.kind == "statement_year" else first
    if rule.value == "@name":
        first = text.find(groups["name"], first)
        end = first + len(groups["name"])
    elif rule.kind in TOLD_BEHIND and behind is not None:
        end = behind.end()
    match rule.value:
        case "@year":
            value = text[start:end].rstrip("年")
        case "@name":
            value = groups["name"]
        case _:
            value = rule.value or text[first:end]
    return Found(rule.kind, value, groups.get("basis"), begin, first, end)


@cache
def _scopes(section: str, scope: str, *, is_cell: bool) -> frozenset[str]:
    """What a row of claims.csv may name as its scope: the section, and core, form (core without PROSE_OF_FORM), prose, …"""
    if is_cell:
        return frozenset({"cell"})
    return frozenset({"form" if scope == "core" and section != PROSE_OF_FORM else scope, section})


def _about(found: Found, placed: Placed, report: ReportRows, document: Document, lexicon: Lexicon) -> list[int]:
    """The facts before the claim, in its paragraph, that it speaks of: an amount and what is derived from it.

    The amount is the one whose label the claim's own clause names; without one it is that of the figure right before.
    No facts where the clause names something else, or where a number between them is nobody's.
    """
    paragraph = placed.paragraph
    before = report.told(*document.printed_span(paragraph.start, paragraph.start + max(found.start, 1)))
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
def _rules() -> tuple[tuple[re.Pattern[str], tuple[Rule, ...]], ...]:
    """Each trigger with its rules. Raises TaxonomyError.

    Triggers are looked for one after the other: a pattern that begins with a character of its own is found in a
    microsecond or two, all of them together in one pattern took seven times as long as one by one.
    """
    triggers: dict[str, list[Rule]] = {}
    for line, row in rows("claims.csv", *COLUMNS):
        try:
            before, behind, unless = (
                re.compile(row[name]) if row[name] else None for name in ("before", "behind", "unless")
            )
            re.compile(row["trigger"])
        except re.error as error:
            raise TaxonomyError(f"claims.csv, line {line}: no regular expression: {error}") from None
        rule = Rule(row["kind"], row["value"], frozenset(row["scope"].split()), before, behind, unless)
        triggers.setdefault(row["trigger"], []).append(rule)
    return tuple((re.compile(trigger), tuple(each)) for trigger, each in triggers.items())
