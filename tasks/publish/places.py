"""Where the figures and checks of one report stand in its text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from tasks.publish.explain import FINDINGS

Span = tuple[int, int]
"""From here to there in the document's text, in characters."""

SENTENCE_END = re.compile(r"[。；;\n]")


@dataclass(frozen=True, slots=True)
class Mark:
    """A number in the text: a `figure` that facts state, an `unmapped` number, or one that was set `aside`.

    `id` is how others refer to it; numbers that were set aside have none. `reason` says why they were. `wrong` is
    what a finding is about.
    """

    start: int
    end: int
    kind: str
    id: str = ""
    reason: str = ""
    wrong: bool = False


@dataclass(frozen=True, slots=True)
class Places:
    """The marks of one report in reading order, none within another, and the stretches of words that findings are about.

    `of_fact` gives the mark of each fact, `of_claim` the stretch of each claim, and `words` the key of each stretch:
    stretches may overlap whatever they like.
    """

    marks: list[Mark]
    of_fact: dict[int, Mark]
    of_claim: dict[int, Span] = field(default_factory=dict)
    words: dict[Span, str] = field(default_factory=dict)

    def of_check(self, check: Mapping[str, Any]) -> list[str]:
        """The ids of the figures and the keys of the words that a check is about, in reading order, each once."""
        spans = [(mark.start, mark.id) for number in check["facts"] if (mark := self.of_fact.get(number))]
        spans += [(span[0], self.words[span]) for span in word_spans(check, self.of_claim) if span in self.words]
        return list(dict.fromkeys(key for _, key in sorted(spans)))


def claim_spans(claims: pl.DataFrame | None) -> dict[int, Span]:
    """Where worded claims stand, by number: from a table with claim, start and end; nothing where there is none."""
    if claims is None:
        return {}
    return {number: (start, end) for number, start, end in claims.select("claim", "start", "end").iter_rows()}


def word_spans(check: Mapping[str, Any], of_claim: Mapping[int, Span]) -> list[Span]:
    """The stretches of words that a check is about beside its facts: those of the claims that its column `claims` names."""
    return sorted({of_claim[number] for number in check.get("claims") or () if number in of_claim})


def places(
    facts: pl.DataFrame, mentions: pl.DataFrame, checks: pl.DataFrame, claims: pl.DataFrame | None = None
) -> Places:
    """The places of one report's rows of curated.facts, mentions and checks, and of its worded claims."""
    rows = list(checks.iter_rows(named=True))
    wrong = {number for check in rows if check["verdict"] in FINDINGS for number in check["facts"]}
    numbers = number_spans(facts, mentions)
    stated: dict[Span, list[int]] = {}
    for number, span in numbers.items():
        stated.setdefault(span, []).append(number)
    found = [
        Mark(*span, "figure", f"f{own[0]}", wrong=not wrong.isdisjoint(own)) for span, own in sorted(stated.items())
    ]
    others = mentions.filter(pl.col("outcome") != "fact").select("start", "end", "outcome", "mention", "reason")
    for start, end, outcome, mention, reason in others.iter_rows():
        unmapped = outcome == "unmapped"
        found.append(Mark(start, end, "unmapped" if unmapped else "aside", f"u{mention}" * unmapped, reason or ""))
    marks, stands_for = _disjoint(found)
    of_fact = {number: stands_for[span] for span, own in stated.items() for number in own}
    of_claim = claim_spans(claims)
    stretches = sorted({span for check in rows if check["verdict"] in FINDINGS for span in word_spans(check, of_claim)})
    return Places(marks, of_fact, of_claim, {span: f"w{number}" for number, span in enumerate(stretches)})


def number_spans(facts: pl.DataFrame, mentions: pl.DataFrame) -> dict[int, Span]:
    """Where the number of each fact stands: the mention in its fragment, or the fragment where it has none."""
    read = mentions.filter(pl.col("outcome") == "fact").sort("end")
    starts, ends = read["start"].to_list(), read["end"].to_list()
    spans = {}
    for number, start, end in facts.select("fact", "start", "end").iter_rows():
        last = bisect_right(ends, end) - 1
        within = last >= 0 and starts[last] >= start
        spans[number] = (starts[last], ends[last]) if within else (start, end)
    return spans


class Sentences:
    """Finds the sentences of one document (raw.blocks) that places stand in."""

    def __init__(self, blocks: pl.DataFrame) -> None:
        """Puts the text together."""
        self.text = "".join(blocks["text"])
        self._starts, self._ends = blocks["start"].to_list(), blocks["end"].to_list()

    def around(self, span: Span) -> Span:
        """The sentence that a place begins in, without the blanks around it and no further than its paragraph or cell."""
        block = bisect_right(self._starts, span[0]) - 1
        first, last = self._starts[block], max(span[1], self._ends[block])
        for end in SENTENCE_END.finditer(self.text, first, span[0]):
            first = end.end()
        stop = SENTENCE_END.search(self.text, span[1], last)
        words = self.text[first : stop.start() if stop else last]
        return first + len(words) - len(words.lstrip()), first + len(words.rstrip())


def _disjoint(marks: list[Mark]) -> tuple[list[Mark], dict[Span, Mark]]:
    """The marks in order, of two that overlap the figure or else the first; and for the span of each figure the mark that stands for it."""
    kept: list[Mark] = []
    stands_for = {}
    for mark in sorted(marks, key=lambda each: (each.start, each.kind != "figure", -each.end)):
        if not kept or mark.start >= kept[-1].end:
            kept.append(mark)
        elif mark.kind == "figure" and kept[-1].kind != "figure":
            kept[-1] = mark
        if mark.kind == "figure":
            stands_for[mark.start, mark.end] = kept[-1]
    return kept, stands_for
