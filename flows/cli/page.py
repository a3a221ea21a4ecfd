"""The checks of reports as one page that needs nothing else: findings, and the text with every figure marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from expectations.docs.pages import figure
from flows.report import Checked

STYLE = """
body { font: 16px/1.6 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222; }
pre { white-space: pre-wrap; font: inherit; border-top: 1px solid #ccc; padding-top: 1rem; }
mark { background: #e3eefc; border-radius: 2px; }
mark.violated { background: #fbd3d0; }
table { border-collapse: collapse; } td, th { padding: .2rem .6rem; text-align: left; border-bottom: 1px solid #ddd; }
td.figure { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
tr.violated td { background: #fdeceb; }
"""


def page(reports: Sequence[Checked]) -> str:
    """The page. Whatever comes from a report is escaped, and the page allows neither scripts nor requests."""
    return (
        '<!doctype html>\n<html lang="zh"><head><meta charset="utf-8"><title>juesuan check</title>\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<style>{STYLE}</style></head><body>\n" + "\n".join(map(_report, reports)) + "\n</body></html>"
    )


def _report(checked: Checked) -> str:
    identity = checked.report.reports.row(0, named=True)
    year = identity["fiscal_year"] or "year unknown"
    violated = [check for check in checked.checks.iter_rows(named=True) if check["verdict"] == "violated"]
    findings = "".join(f"<li>{escape(check['message'])}{_cause(check)}</li>" for check in violated)
    wrong = {number for check in violated for number in check["facts"]}
    said = {number: check["message"] for check in violated for number in check["claims"]}
    rows = "".join(map(_row, checked.checks.iter_rows(named=True)))
    return (
        f"<h1>{escape(identity['entity'])} {year} {escape(identity['kind'])}</h1>"
        f"<p>{escape(str(checked.report.file))}: {identity['facts']} facts, {checked.checks.height} checks, "
        f"{len(violated)} violated</p>\n<ul>{findings}</ul>\n"
        "<details><summary>All checks</summary><table><tr><th>Equation<th>Verdict<th>Left side<th>Right side"
        f"<th>Difference<th>Rounding explains</tr>{rows}</table></details>\n"
        f"<pre>{''.join(_marked(checked, wrong, said))}</pre>"
    )


def _cause(check: dict[str, Any]) -> str:
    return f"<br>likely cause: {escape(check['diagnosis'].replace('_', ' '))}" if check["diagnosis"] else ""


def _row(check: dict[str, Any]) -> str:
    sides = (figure(check[side], check["unit_kind"]) for side in ("lhs", "rhs", "residual", "bound"))
    cells = "".join(f'<td class="figure">{escape(side)}</td>' for side in sides)
    name = escape(f"{check['equation']} {check['instance']}".strip())
    return f'<tr class="{check["verdict"]}"><td>{name}</td><td>{check["verdict"].replace("_", " ")}</td>{cells}</tr>'


def _marked(checked: Checked, wrong: set[int], said: dict[int, str]) -> Iterator[str]:
    """The text with every fact's fragment marked, and the words of violated claims (`said`: their messages).

    One mark for all that is said of a fragment; of two that overlap the words of a claim, else the first.
    """
    facts, claims, text = checked.facts, checked.claims, checked.report.text
    spans: dict[tuple[int, int], tuple[list[str], bool]] = {}
    words = sorted((claims[number]["start"], claims[number]["end"]) for number in said)
    for number, message in said.items():
        spans.setdefault((claims[number]["start"], claims[number]["end"]), ([], True))[0].append(message)
    for number, fact in sorted(facts.items(), key=lambda each: (each[1]["start"], -each[1]["end"])):
        span = fact["start"], fact["end"]
        if span in spans or not any(start < span[1] and span[0] < end for start, end in words):
            titles, violated = spans.get(span, ([], False))
            spans[span] = [*titles, _title(fact)], violated or number in wrong
    position = 0
    for (start, end), (titles, violated) in sorted(spans.items(), key=lambda each: (each[0][0], -each[0][1])):
        if start < position:
            continue
        kind = ' class="violated"' if violated else ""
        yield escape(text[position:start])
        yield f'<mark{kind} title="{escape("; ".join(titles))}">{escape(text[start:end])}</mark>'
        position = end
    yield escape(text[position:])


def _title(fact: dict[str, Any]) -> str:
    parts = (fact["concept"], fact["member_name"], "" if fact["period"] == "current" else fact["period"])
    return " · ".join(part for part in parts if part)
