"""What a page shows of one report, in the words and units that people read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from schemas.shown import figure, plain
from tasks.publish.explain import FINDINGS, Check, concept_labels, diagnosis, formula, kind, right_value, title
from tasks.publish.pages.layout import Part, parts
from tasks.publish.pages.scale import Scale, scale
from tasks.publish.places import Places, Sentences, places, word_spans

SIDES = {"repeat": ("stated here", "stated there"), "at_most": ("printed", "at least")}
"""What the sides of an equation are, by its kind."""

PRINTED_AND_RIGHT = ("printed", "recomputed")
VERDICTS = ("violated", "acknowledged", "rounding", "exact", "not_evaluated")
SHOWN = 12
"""Figures of a finding that are listed at once; the others are folded away."""

CONTEXT = 60
"""Characters of a line around its figure that are quoted at most."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ReportRows:
    """The rows of one report: its row of curated.reports, and those of raw.blocks and curated.facts, mentions and checks.

    The checks are shown in their order. `notes` are sentences on what could not be read of it. `claims` are the worded
    claims that checks name in a column `claims`: claim, start, end.
    """

    report: pl.DataFrame
    blocks: pl.DataFrame
    facts: pl.DataFrame
    mentions: pl.DataFrame
    checks: pl.DataFrame
    notes: Sequence[str] = ()
    claims: pl.DataFrame | None = None


@dataclass(frozen=True, slots=True)
class Quoted:
    """A place that a check is about: the line's words around the figure, what it states, and a link to it."""

    key: str
    before: str
    figure: str
    after: str
    states: str
    place: str


@dataclass(frozen=True, slots=True)
class Told:
    """One check: `key` is its anchor, `places` are those of its figures, `wrong` tells that it is a finding.

    `sides` are what its two figures are called; `compared` is false where it has none.
    """

    key: str
    finding: str
    equation: str
    name: str
    title: str
    formula: str
    severity: str
    verdict: str
    sign: str
    message: str
    reason: str
    cause: str
    advice: str
    right: str
    sides: tuple[str, str]
    compared: bool
    lhs: str
    rhs: str
    residual: str
    bound: str
    places: list[str]
    wrong: bool
    quotes: list[Quoted]
    scale: Scale | None


@dataclass(frozen=True, slots=True)
class Figure:
    """One fact as the list of figures tells it; `mark` is the id of its number in the text, `checks` who uses it."""

    number: int
    mark: str
    printed: str
    label_zh: str
    label_en: str
    member: str
    period: str
    exact: str
    section: str
    place: str
    checks: list[Told]


@dataclass(frozen=True, slots=True)
class View:
    """One report on a page. `prefix` keeps the anchors of several reports apart."""

    prefix: str
    identity: Row
    notes: Sequence[str]
    counts: dict[str, int]
    held: bool
    unchecked: bool
    findings: list[Told]
    holding: list[Told]
    not_evaluated: list[tuple[str, list[Told]]]
    unmapped: list[tuple[str, str]]
    figures: list[Figure]
    parts: Iterable[Part]


def view(rows: ReportRows, prefix: str) -> View:
    """The view of one report."""
    checks, mentions = rows.checks, rows.mentions
    identity = rows.report.row(0, named=True)
    found = places(rows.facts, mentions, checks, rows.claims)
    known = {row["fact"]: row for row in rows.facts.iter_rows(named=True)}
    sentences = Sentences(rows.blocks)
    quote = _quoter(sentences, identity["fiscal_year"])
    told = [_told(check, known, found, quote) for check in checks.iter_rows(named=True)]
    using: dict[str, list[Told]] = {}
    for check in told:
        for key in check.places:
            using.setdefault(key, []).append(check)
    counts = Counter(checks["verdict"].to_list())
    unmapped = mentions.filter(pl.col("outcome") == "unmapped").select("mention", "text").iter_rows()
    return View(
        prefix=prefix,
        identity=identity,
        notes=rows.notes,
        counts={verdict: counts[verdict] for verdict in VERDICTS if counts[verdict] or verdict != "acknowledged"},
        held=not checks.filter(verdict="violated", severity="H").is_empty(),
        unchecked=checks.filter(pl.col("verdict") != "not_evaluated").is_empty(),
        findings=[check for check in told if check.wrong],
        holding=[check for check in told if check.verdict in ("rounding", "exact")],
        not_evaluated=_by_reason(check for check in told if check.verdict == "not_evaluated"),
        unmapped=[(f"u{mention}", text) for mention, text in unmapped],
        figures=[_figure(fact, found, using, sentences.text, identity["fiscal_year"]) for fact in known.values()],
        parts=parts(rows.blocks, found),
    )


def states(fact: Row, year: int | None) -> str:
    """What a fact states in Chinese: concept, member, and the period where it is not the report's year."""
    period = "" if fact["period"] == "current" else _period(fact["period"], year)
    return " · ".join(filter(None, (concept_labels(fact["concept"])[0], _member(fact), period)))


Quoter = Callable[[int, int, str, Row | None], Quoted]


def _told(check: Check, known: dict[int, Row], found: Places, quote: Quoter) -> Told:
    wrong = check["verdict"] in FINDINGS
    why = diagnosis(check)
    right = right_value(check)
    numbers = sorted({number for number in check["facts"] if number in known}, key=lambda each: known[each]["start"])
    marks = [(found.of_fact[number], known[number]) for number in numbers if wrong]
    quotes = [quote(mark.start, mark.end, mark.id, fact) for mark, fact in marks]
    quotes += [quote(*span, found.words[span], None) for span in word_spans(check, found.of_claim) if wrong]
    return Told(
        key=check["finding"],
        finding=check["finding"],
        equation=check["equation"],
        name=f"{check['equation']} {check['instance']}".strip(),
        title=title(check),
        formula=formula(check),
        severity=check["severity"],
        verdict=check["verdict"],
        sign={"exact": "=", "rounding": "≈", "not_evaluated": "?"}.get(check["verdict"], "≠"),
        message=check["message"].removeprefix(check["equation"]).strip(),
        reason=(why.meaning or why.name) if why else "no reason is told",
        cause=str(why) if why else "",
        advice=why.advice if why else "",
        right="" if right is None else figure(right, check["unit_kind"]),
        sides=SIDES.get(kind(check), PRINTED_AND_RIGHT),
        compared=check["lhs"] is not None or check["rhs"] is not None,
        **{side: figure(check[side], check["unit_kind"]) for side in ("lhs", "rhs", "residual", "bound")},
        places=found.of_check(check),
        wrong=wrong,
        quotes=quotes,
        scale=scale(check) if wrong else None,
    )


def _figure(fact: Row, found: Places, using: dict[str, list[Told]], text: str, year: int | None) -> Figure:
    label_zh, label_en = concept_labels(fact["concept"])
    mark = found.of_fact[fact["fact"]]
    return Figure(
        number=fact["fact"],
        mark=mark.id,
        printed=text[mark.start : mark.end],
        label_zh=label_zh,
        label_en=label_en,
        member=_member(fact),
        period=_period(fact["period"], year),
        exact=_exact(fact),
        section=fact["section"],
        place=fact["place"],
        checks=using.get(mark.id, []),
    )


def _exact(fact: Row) -> str:
    if fact["amount_cny"] is not None:
        return f"{plain(fact['amount_cny'])} 元"
    return fact["value"] if fact["number"] is None else f"{plain(fact['number'])} {fact['unit']}".strip()


def _member(fact: Row) -> str:
    return " ".join(filter(None, (fact["member_code"], fact["member_name"])))


def _period(period: str, year: int | None) -> str:
    if year is None:
        return {"current": "the report's year", "prior": "the year before"}.get(period, "change on the year before")
    return {"current": str(year), "prior": str(year - 1)}.get(period, f"change on {year - 1}")


def _by_reason(checks: Iterable[Told]) -> list[tuple[str, list[Told]]]:
    """The checks by why they are not evaluated, the most frequent reason first."""
    groups: dict[str, list[Told]] = {}
    for check in checks:
        groups.setdefault(check.reason, []).append(check)
    return sorted(groups.items(), key=lambda group: -len(group[1]))


def _quoter(sentences: Sentences, year: int | None) -> Quoter:
    """Quotes places of the document: the words of the sentence before and behind, as far as CONTEXT reaches."""
    text = sentences.text

    def quote(start: int, end: int, key: str, fact: Row | None) -> Quoted:
        first, last = sentences.around((start, end))
        # The words that say what a number in a table is stand in other cells.
        first = min(first, fact["start"]) if fact else first
        before, after = text[first:start], text[end:last]
        return Quoted(
            key=key,
            before="…" * (len(before) > CONTEXT) + " ".join(before[-CONTEXT:].split()),
            figure=text[start:end],
            after=" ".join(after[:CONTEXT].split()) + "…" * (len(after) > CONTEXT),
            states=states(fact, year) if fact else "",
            place=f"section {fact['section']}, {fact['place']}" if fact else "",
        )

    return quote
