"""What the pages of expectations and of error rates show: failing rows with their findings, and rates with their limits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from expectations.docs.pages import Finding, Report
from expectations.suite_rates import FEWEST, HARD_LIMIT, SOFT_LIMIT
from expectations.tables import DIMENSIONS, GX_SEVERITIES
from schemas.taxonomy.load import equations

SHOWN_ROWS = 200
"""Failing rows on one page, and rates in one table; the number of the others is told."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row that fails an expectation: the report that it names, where it has a page, and its finding."""

    report: Report | None
    finding: Finding | None
    report_id: str
    message: str
    residual: str
    bound: str


@dataclass(frozen=True, slots=True)
class Failed:
    """One expectation that was not met, with the rows that fail it."""

    page: str
    suite: str
    expectation: str
    description: str
    severity: str
    evaluated: int
    failing: int
    error: str
    rows: tuple[Row, ...]

    @property
    def more(self) -> int:
        """Failing rows that the page does not show."""
        return self.failing - len(self.rows)


def read_failed(results: pl.DataFrame, failures: pl.DataFrame, reports: Sequence[Report]) -> list[Failed]:
    """The expectations that broke or failed, the gravest first."""
    pages = {report.report_id: report for report in reports}
    rank = pl.col("severity").replace_strict({name: place for place, name in enumerate(GX_SEVERITIES)}, default=9)
    failed = results.filter(~pl.col("success") | pl.col("error").is_not_null())
    failed = failed.sort(pl.col("error").is_null(), rank, maintain_order=True)
    rows = failures.partition_by("suite", "expectation", as_dict=True)
    nothing = failures.clear()
    return [
        Failed(
            page=f"{row['suite']}.{row['expectation']}.html",
            **{name: row[name] for name in ("suite", "expectation", "description", "severity", "evaluated", "failing")},
            error=row["error"] or "",
            rows=tuple(_rows(rows.get((row["suite"], row["expectation"]), nothing), pages)),
        )
        for row in failed.iter_rows(named=True)
    ]


def _rows(failures: pl.DataFrame, pages: dict[str, Report]) -> list[Row]:
    rows = []
    for row in failures.head(SHOWN_ROWS).iter_rows(named=True):
        report = pages.get(row["report_id"])
        finding = next((each for each in report.findings if each.finding == row["finding"]), None) if report else None
        rows.append(
            Row(
                report,
                finding,
                row["report_id"] or "",
                row["message"],
                "" if finding else row["residual"] or "",
                "" if finding else row["bound"] or "",
            )
        )
    return rows


def read_rates(rates: pl.DataFrame) -> dict[str, list[dict[str, Any]]]:
    """By grouping, the rows of audit.rates, the highest rate first: all of the run, elsewhere those that are violated."""
    titles = equations().select("equation", "title")
    limit = pl.when(pl.col("severity") == "H").then(HARD_LIMIT).otherwise(SOFT_LIMIT)
    told = (
        rates.join(titles, on="equation", how="left")
        .with_columns(pl.col("title").fill_null(""), limit=limit)
        .with_columns(suspect=(pl.col("evaluated") >= FEWEST) & (pl.col("rate") > limit))
        .sort("suspect", "rate", "violated", "equation", descending=[True, True, True, False])
    )
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in told.iter_rows(named=True):
        if row["dimension"] == DIMENSIONS[0] or row["violated"] or row["acknowledged"]:
            groups[row["dimension"]].append(row)
    return {name: groups[name] for name in DIMENSIONS if groups[name]}
