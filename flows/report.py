"""Single reports: read, extracted and checked in memory, without a pipeline or a data folder."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from schemas.raw import DOCUMENTS

if TYPE_CHECKING:
    from tasks.publish.pages import ReportRows


CONSISTENT, VIOLATED, UNCHECKED = "consistent", "violated", "unchecked"


class ReportError(ValueError):
    """A file is no readable report. The message is one sentence."""


@dataclass(frozen=True, slots=True)
class Report:
    """One report: where it came from, and its rows of raw.blocks and of curated.reports, facts, mentions and claims.

    `notes` say what of the file could not be read.
    """

    file: Path
    blocks: pl.DataFrame
    reports: pl.DataFrame
    facts: pl.DataFrame
    mentions: pl.DataFrame
    claims: pl.DataFrame
    notes: list[str]


@dataclass(frozen=True, slots=True)
class Checked:
    """A report with its rows of curated.checks, the worst first."""

    report: Report
    checks: pl.DataFrame

    @property
    def status(self) -> str:
        """`violated`: by a check that holds a report; `unchecked`: nothing could be recomputed, which is no pass."""
        if not self.checks.filter(verdict="violated", severity="H").is_empty():
            return VIOLATED
        return UNCHECKED if self.checks.filter(pl.col("verdict") != "not_evaluated").is_empty() else CONSISTENT

    @property
    def rows(self) -> ReportRows:
        """What a page of the report is made of."""
        from tasks.publish.pages import ReportRows

        own = self.report
        return ReportRows(own.reports, own.blocks, own.facts, own.mentions, self.checks, own.notes, own.claims)


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
    return Report(file, blocks, done.reports, done.facts, done.mentions, done.claims, notes)


def check(reports: Sequence[Report]) -> list[Checked]:
    """The reports with every equation that their figures take part in, held against each other where they are of
    one publisher and follow each other; of two files of one publication the later one is a witness.
    """
    from tasks.reconcile import reconcile

    across = _across(reports)
    checked = []
    for each in reports:
        own = reconcile(each.reports, each.facts, each.mentions, each.claims)
        checks = pl.concat([own, across.join(each.reports, "report_id", "semi")])
        checked.append(Checked(each, worst_first(checks)))
    return checked


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


def worst_first(checks: pl.DataFrame) -> pl.DataFrame:
    """Rows of curated.checks as people read them: what is violated before what cannot be evaluated, and what holds last."""
    rank = {"violated": 0, "not_evaluated": 1, "rounding": 2, "exact": 3}
    order = (
        pl.col("verdict").replace_strict(rank, default=4),
        pl.col("severity").replace_strict({"H": 0, "D": 1}, default=2),
    )
    return checks.sort(*order, "equation", "instance")
