"""Single reports: read, extracted and checked in memory, without a pipeline or a data folder."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from schemas.raw import DOCUMENTS


class ReportError(ValueError):
    """A file is no readable report. The message is one sentence."""


@dataclass(frozen=True, slots=True)
class Report:
    """One report: where it came from, its text, and its rows of curated.reports, facts and mentions.

    `notes` say what of the file could not be read.
    """

    file: Path
    text: str
    reports: pl.DataFrame
    facts: pl.DataFrame
    mentions: pl.DataFrame
    notes: list[str]


@dataclass(frozen=True, slots=True)
class Checked:
    """A report with its rows of curated.checks, the worst first."""

    report: Report
    checks: pl.DataFrame

    @property
    def violated(self) -> bool:
        """Whether a check that holds a report is violated."""
        return not self.checks.filter(verdict="violated", severity="H").is_empty()

    @property
    def facts(self) -> dict[int, dict[str, Any]]:
        """The report's facts by number."""
        return {row["fact"]: row for row in self.report.facts.iter_rows(named=True)}

    def as_json(self) -> dict[str, Any]:
        """Identity and checks with the facts that took part; amounts as texts, which stay exact."""
        known = self.facts
        rows = json.loads(self.checks.write_json())
        for row in rows:
            row["facts"] = [
                {
                    name: known[number][name]
                    for name in ("concept", "member_name", "period", "value", "unit", "quote", "start", "end", "place")
                }
                for number in row["facts"]
            ]
        identity = json.loads(self.report.reports.write_json())[0]
        return {"file": str(self.report.file), "report": identity, "consistent": not self.violated, "checks": rows}


def open_report(file: Path) -> Report:
    """The figures of one report. A text that names no year is read all the same. Raises ReportError."""
    from tasks.extract import extract
    from tasks.read import Unreadable, read

    try:
        content = file.read_bytes()
    except OSError as error:
        raise ReportError(f"{file}: cannot be read: {error.strerror}") from None
    document = hashlib.sha256(content).hexdigest()
    try:
        format_name, blocks, notes = read(content, document, str(file))
    except Unreadable as error:
        raise ReportError(str(error)) from None
    known = DOCUMENTS.frame(
        {name: [None] for name in DOCUMENTS.schema}
        | {"document": [document], "source": [str(file)], "url": [str(file)]}
    )
    done = extract(blocks, known.with_columns(format=pl.lit(format_name)), require_year=False)
    if done.reports.is_empty():
        raise ReportError(done.outcomes["message"][0])
    return Report(file, "".join(blocks["text"]), done.reports, done.facts, done.mentions, notes)


def check(reports: Sequence[Report]) -> list[Checked]:
    """The reports with every equation that their figures take part in, held against each other where they are of
    one publisher and follow each other; of two files of one publication the later one is a witness.
    """
    from tasks.reconcile import reconcile

    across = _across(reports)
    return [
        Checked(
            each,
            _worst_first(
                pl.concat(
                    [reconcile(each.reports, each.facts, each.mentions), across.join(each.reports, "report_id", "semi")]
                )
            ),
        )
        for each in reports
    ]


def _across(reports: Sequence[Report]) -> pl.DataFrame:
    """The checks (table curated.checks) that need two reports."""
    from schemas.curated import CHECKS
    from tasks.publish.identity import slot
    from tasks.reconcile.across import consecutive, years

    last = {each.reports["report_id"][0]: each for each in reports}
    known = pl.concat(each.reports for each in last.values())
    counting = known.with_columns(slot()).unique("slot", keep="last", maintain_order=True).drop("slot")
    pairs = consecutive(counting)
    if pairs.is_empty():
        return CHECKS.frame()
    return years(counting, pairs, pl.concat(each.facts for each in last.values()))


def _worst_first(checks: pl.DataFrame) -> pl.DataFrame:
    rank = {"violated": 0, "not_evaluated": 1, "rounding": 2, "exact": 3}
    order = (
        pl.col("verdict").replace_strict(rank, default=4),
        pl.col("severity").replace_strict({"H": 0, "D": 1}, default=2),
    )
    return checks.sort(*order, "equation", "instance")
