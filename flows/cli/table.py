"""The checks of reports as text for people."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, TextIO
from unicodedata import combining, east_asian_width

import polars as pl

from flows.cli.colour import BAD, GOOD, SOFT, STRONG, Paint, paint
from flows.report import CONSISTENT, Checked
from schemas.shown import figure
from tasks.extract.places import with_places
from tasks.publish.explain import FINDINGS, diagnosis, right_value, title
from tasks.publish.places import Sentences, Span, claim_spans, number_spans, word_spans

HEADER = ("check", "verdict", "", "left side", "right side", "difference", "rounding", "what it says")
ORDER = ("violated", "rounding", "exact", "not_evaluated")
SHOWN_QUOTES = 12
GAP = 24
"""Characters of a sentence that stand between two of its figures before they are left out."""

UNKNOWN_WIDTH = 200
"""Columns where the output is no terminal."""


def print_checks(
    reports: Sequence[Checked], unreadable: Sequence[str], out: TextIO, *, everything: bool, on_terminal: bool
) -> None:
    """Writes each report's checks, the violated first and with their sentences; of several files a summary at the end.

    `everything` lists the checks that could not be evaluated, which are else counted. `unreadable` are sentences.
    """
    colours = paint(on_terminal)
    for number, checked in enumerate(reports):
        print(*[""] * bool(number), *lines(checked, colours, everything), sep="\n", file=out)
    if len(reports) + len(unreadable) > 1:
        print("", *_summary(reports, unreadable, colours), sep="\n", file=out)


def lines(checked: Checked, colours: Paint, everything: bool) -> Iterator[str]:
    """The lines of one report."""
    yield colours(f"{checked.report.file}: {_name(checked)}", STRONG)
    yield f"{checked.report.facts.height} facts; checks: {_counts(checked)}"
    yield ""
    checks = list(checked.checks.iter_rows(named=True))
    for check in checks:
        if check["verdict"] in FINDINGS:
            yield from explain(check, checked, colours)
    idle = [check for check in checks if check["verdict"] == "not_evaluated"]
    listed = checks if everything else [check for check in checks if check not in idle]
    if listed:
        yield from _table([HEADER, *map(_row, listed)], colours)
        yield ""
    if idle and not everything:
        yield f"  {len(idle)} not evaluated (--all lists them): {_reasons(idle)}"


def explain(check: dict[str, Any], checked: Checked, colours: Paint) -> Iterator[str]:
    """One violated check: its sentence, its likely cause, what would be right, and the printed sentences."""
    yield f"  {colours(check['severity'], BAD)} {colours(check['message'], STRONG)}"
    cause, right = diagnosis(check), right_value(check)
    if cause:
        yield f"    likely cause: {cause}"
        yield f"    what to do: {cause.advice}"
    if right is not None:
        yield f"    right would be {figure(right, check['unit_kind'])}, if the other figures are right"
    quotes = list(_quotes(check, checked, colours))
    yield from quotes[:SHOWN_QUOTES]
    if len(quotes) > SHOWN_QUOTES:
        yield f"    and {len(quotes) - SHOWN_QUOTES} sentences more"
    yield ""


def _quotes(check: dict[str, Any], checked: Checked, colours: Paint) -> Iterator[str]:
    """The sentences and cells that the check is about, in reading order, with its figures and words in brackets."""
    report = checked.report
    sentences = Sentences(report.blocks)
    facts = report.facts.filter(pl.col("fact").is_in(check["facts"]))
    numbers = number_spans(facts, report.mentions)
    places = {numbers[fact["fact"]]: fact for fact in facts.iter_rows(named=True)}
    told = report.claims.filter(pl.col("claim").is_in(check["claims"]))
    of_claim = claim_spans(told)
    words = with_places(told.with_columns(place=pl.lit("")), report.blocks)
    said = {of_claim[claim["claim"]]: claim for claim in words.iter_rows(named=True)}
    spans = sorted({*places, *word_spans(check, of_claim)})
    for _, group in groupby(spans, key=lambda span: sentences.around(span)[0]):
        within = list(group)
        fact = next((places[span] for span in within if span in places), None)
        # What a number in a table means stands in other cells; the quote of its fact reaches there.
        first = sentences.around(within[0])[0]
        first = min(first, fact["start"]) if fact else first
        about = fact or said[within[0]]
        where = f"{about['section']}, {about['place']}: "
        yield f"    {colours(where, SOFT)}{_marked(sentences, first, within, colours)}"


def _marked(sentences: Sentences, first: int, spans: Sequence[Span], colours: Paint) -> str:
    """The sentence with brackets around the spans; long stretches without any are left out."""
    text, told, position = sentences.text, "", first
    for start, end in spans:
        between = " ".join(text[position:start].split())
        told += between if len(between) <= 2 * GAP else between[:GAP] * bool(told) + "…" + between[-GAP:]
        told += colours(f"[{text[start:end].strip()}]", STRONG)
        position = end
    rest = " ".join(text[position : sentences.around(spans[-1])[1]].split())
    return told + rest[:GAP] + "…" * (len(rest) > GAP)


def _name(checked: Checked) -> str:
    identity = checked.report.reports.row(0, named=True)
    return f"{identity['entity']} {identity['fiscal_year'] or 'year unknown'} {identity['kind']}"


def _counts(checked: Checked) -> str:
    counts = Counter(checked.checks["verdict"].to_list())
    return ", ".join(f"{counts[verdict]} {verdict.replace('_', ' ')}" for verdict in ORDER)


def _reasons(checks: Sequence[dict[str, Any]]) -> str:
    """Why checks are not evaluated, with how many there are for each reason."""
    reasons = Counter(why.meaning or why.name if (why := diagnosis(check)) else "no reason" for check in checks)
    return "; ".join(f"{count} × {reason}" for reason, count in reasons.most_common())


def _summary(reports: Sequence[Checked], unreadable: Sequence[str], colours: Paint) -> Iterator[str]:
    """One line for each file, those that need something done first."""
    counts = Counter(checked.status for checked in reports) + Counter(unreadable=len(unreadable))
    told = ", ".join(f"{count} {status}" for status, count in counts.items())
    yield colours(f"{counts.total()} files: {told}", STRONG)
    for sentence in unreadable:
        yield f"  {colours('unreadable  ', BAD)}  {sentence}"
    for checked in sorted(reports, key=lambda each: each.status == CONSISTENT):
        colour = GOOD if checked.status == CONSISTENT else BAD
        yield f"  {colours(checked.status.ljust(12), colour)}  {checked.report.file}: {_name(checked)}; {_counts(checked)}"


def _row(check: dict[str, Any]) -> tuple[str, ...]:
    sides = (figure(check[side], check["unit_kind"]) for side in ("lhs", "rhs", "residual", "bound"))
    name = f"{check['equation']} {check['instance']}".strip()
    return name, check["verdict"].replace("_", " "), check["severity"], *sides, title(check)


def _table(rows: Sequence[Sequence[str]], colours: Paint) -> Iterator[str]:
    """Rows in columns as wide as they need; the first and the last column give way to the width of the terminal."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    room = shutil.get_terminal_size((UNKNOWN_WIDTH, 24)).columns - sum(widths[1:-1]) - 2 * len(widths)
    widths[0] = max(16, min(widths[0], room))
    widths[-1] = max(0, min(widths[-1], room - widths[0]))
    for number, row in enumerate(rows):
        cells = [_pad(_cut(row[0], widths[0]), widths[0])]
        cells += [_pad(cell, width) for cell, width in zip(row[1:3], widths[1:3], strict=True)]
        cells += [" " * (width - _width(cell)) + cell for cell, width in zip(row[3:-1], widths[3:-1], strict=True)]
        line = "  " + "  ".join([*cells, _cut(row[-1], widths[-1])]).rstrip()
        colour = SOFT if number == 0 or row[1] == "not evaluated" else BAD if row[1] in FINDINGS else ""
        yield colours(line, colour) if colour else line


def _width(text: str) -> int:
    """Columns that a text takes: Chinese characters and full-width signs take two, accents none."""
    return sum(0 if combining(each) else 2 if east_asian_width(each) in "WF" else 1 for each in text)


def _pad(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _cut(text: str, width: int) -> str:
    if _width(text) <= width:
        return text
    while text and _width(text) >= width:
        text = text[:-1]
    return text + "…" * (width > 0)
