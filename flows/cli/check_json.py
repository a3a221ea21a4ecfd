"""`juesuan check --format json`: documented in docs/check.md, and kept stable. Amounts are texts, which stay exact."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from flows.report import CONSISTENT, Checked
from schemas.curated import VERDICTS
from tasks.publish.explain import diagnosis, formula, right_value, title
from tasks.publish.places import claim_spans, number_spans, word_spans

FACT = ("fact", "concept", "member_code", "member_name", "period", "value", "unit", "amount_cny", "section", "quote",
        "start", "end", "place")  # fmt: skip


def as_json(files: Sequence[Path], checked: Sequence[Checked], unreadable: dict[Path, str]) -> list[dict[str, Any]]:
    """One object per file, in the order they were named."""
    reports = {each.report.file: _report(each) for each in checked}
    return [reports[file] if file in reports else _unreadable(file, unreadable[file]) for file in files]


def _report(checked: Checked) -> dict[str, Any]:
    report = checked.report
    facts = {row["fact"]: row for row in _plain(report.facts.select(FACT))}
    for number, (start, end) in number_spans(report.facts, report.mentions).items():
        facts[number] |= {"number_start": start, "number_end": end}
    text, claims = "".join(report.blocks["text"]), claim_spans(checked.rows.claims)
    checks = []
    for check, row in zip(checked.checks.iter_rows(named=True), _plain(checked.checks.drop("claims")), strict=True):
        right, why = right_value(check), diagnosis(check)
        told = {
            "title": title(check),
            "formula": formula(check),
            "right": None if right is None else str(right),
            "cause": str(why) if why else None,
            "advice": why.advice if why else None,
            "facts": [facts[number] for number in check["facts"] if number in facts],
            "spans": [
                {"start": start, "end": end, "quote": text[start:end]} for start, end in word_spans(check, claims)
            ],
        }
        checks.append(row | told)
    counts = Counter(checked.checks["verdict"].to_list())
    return {
        "file": str(report.file),
        "status": checked.status,
        "consistent": checked.status == CONSISTENT,
        "error": None,
        "notes": list(report.notes),
        "report": _plain(report.reports)[0],
        "counts": {verdict: counts[verdict] for verdict in VERDICTS},
        "checks": checks,
    }


def _unreadable(file: Path, error: str) -> dict[str, Any]:
    return {
        "file": str(file),
        "status": "unreadable",
        "consistent": False,
        "error": error,
        "notes": [],
        "report": None,
        "counts": dict.fromkeys(VERDICTS, 0),
        "checks": [],
    }


def _plain(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """The rows as JSON has them: decimals as texts."""
    rows: list[dict[str, Any]] = json.loads(frame.write_json())
    return rows
