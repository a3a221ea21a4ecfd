"""The checks of reports as text for people."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import polars as pl

from expectations.docs.pages import figure, split_quote
from flows.report import Checked
from schemas.taxonomy.load import equations

HEADER = ("equation", "verdict", "", "left side", "right side", "difference", "rounding")
SHOWN_QUOTES = 12


def print_checks(reports: Sequence[Checked]) -> None:
    """Prints each report's checks as a table, the violated first and with their sentences."""
    for number, checked in enumerate(reports):
        if number:
            print()
        for line in lines(checked):
            print(line)


def lines(checked: Checked) -> Iterator[str]:
    """The lines of one report."""
    identity = checked.report.reports.row(0, named=True)
    year = identity["fiscal_year"] or "year unknown"
    yield f"{checked.report.file}: {identity['entity']} {year} {identity['kind']}"
    counts = dict(checked.checks["verdict"].value_counts().iter_rows())
    order = ("violated", "rounding", "exact", "not_evaluated")
    told = ", ".join(f"{counts.get(verdict, 0)} {verdict.replace('_', ' ')}" for verdict in order)
    yield f"{identity['facts']} facts; checks: {told}"
    yield ""
    checks = list(checked.checks.iter_rows(named=True))
    violated = [check for check in checks if check["verdict"] == "violated"]
    for check in violated:
        yield from explain(check, checked.facts, checked.claims)
    yield from _table([HEADER, *map(_row, checks)])


def explain(
    check: dict[str, Any], facts: dict[int, dict[str, Any]], claims: dict[int, dict[str, Any]]
) -> Iterator[str]:
    """One violated check: its sentence, its likely cause, what would be right, and the printed fragments."""
    yield f"  {check['severity']} {check['message']}"
    if check["diagnosis"]:
        yield f"    likely cause: {check['diagnosis'].replace('_', ' ')}"
    if check["equation"] in _with_one_right_value():
        yield f"    right would be {figure(check['rhs'], check['unit_kind'])}, if the other figures are right"
    for number in check["claims"][:SHOWN_QUOTES]:
        claim = claims[number]
        before, words, after = (" ".join(part.split()) for part in claim["quote"].partition(claim["words"]))
        yield f"    {claim['section']}, characters {claim['start']}–{claim['end']}: {before}[{words}]{after}"
    for number in check["facts"][:SHOWN_QUOTES]:
        fact = facts[number]
        before, printed, after = split_quote(" ".join(fact["quote"].split()), fact["value"])
        yield f"    {fact['section']}, {fact['place']}: {before}{f'[{printed}]' if printed else ''}{after}"
    if len(check["claims"]) > SHOWN_QUOTES:
        yield f"    and {len(check['claims']) - SHOWN_QUOTES} places more"
    if len(check["facts"]) > SHOWN_QUOTES:
        yield f"    and {len(check['facts']) - SHOWN_QUOTES} figures more"
    yield ""


@cache
def _with_one_right_value() -> frozenset[str]:
    """Equations whose right side says what the left one should be: not limits, not repeated statements, not words."""
    return frozenset(equations().filter(~pl.col("kind").is_in(["at_most", "repeat", "words"]))["equation"])


def _row(check: dict[str, Any]) -> tuple[str, ...]:
    sides = (figure(check[side], check["unit_kind"]) for side in ("lhs", "rhs", "residual", "bound"))
    name = f"{check['equation']} {check['instance']}".strip()
    return name, check["verdict"].replace("_", " "), check["severity"], *sides


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Rows in columns as wide as they need; the first column gives way to the width of the terminal."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    room = shutil.get_terminal_size((200, 24)).columns - sum(widths[1:]) - 2 * len(widths)
    widths[0] = max(20, min(widths[0], room))
    for row in rows:
        first = _cut(row[0], widths[0])
        cells = [_pad(first, widths[0]), _pad(row[1], widths[1]), _pad(row[2], widths[2])]
        cells += [" " * (width - _width(cell)) + cell for cell, width in zip(row[3:], widths[3:], strict=True)]
        yield "  " + "  ".join(cells).rstrip()


def _width(text: str) -> int:
    """Columns that a text takes: Chinese characters take two."""
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)


def _pad(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _cut(text: str, width: int) -> str:
    if _width(text) <= width:
        return text
    while _width(text) >= width:
        text = text[:-1]
    return text + "…"
