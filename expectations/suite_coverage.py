"""Everything that was collected is accounted for, and every number met was read.

Missing is never a pass: a report without facts or without one evaluated equation is held.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from expectations.suite import Rule, collected, judged, limited_suite, sentence
from expectations.tables import Tables, table
from schemas.table import NUMBER

if TYPE_CHECKING:
    from great_expectations import ExpectationSuite

NAME = "coverage"

UNMAPPED_OF_REPORT = 10
"""Percent of a report's numbers that may resolve to no concept. A new province's wording starts above it, and a
person should then look at what the taxonomy lacks; what was read is sound all the same, so it holds nothing."""

UNMAPPED_OF_RUN = 50
"""Percent of all numbers of a run that may resolve to no concept. Above it the larger part was not read: the totals
that add up are then too few to speak for the run, and nothing of it is published."""


RULES = (
    Rule("location-told", "Every source location that was fetched has an outcome", "critical", at_least=1),
    Rule("location-ended", "Every location became a report, or says why it did not", "critical", at_least=1),
    Rule("report-read", "Every report has facts", "critical", at_least=1),
    Rule("report-checked", "Every report has an equation that could be evaluated", "critical", at_least=1),
    Rule("facts-complete", "As many facts arrived as the reports count", "critical", 0, 0),
    Rule("mentions-complete", "As many mentions arrived as the reports count", "critical", 0, 0),
    Rule(
        "unmapped-of-report",
        f"At most {UNMAPPED_OF_REPORT} % of a report's numbers resolve to no concept",
        "warning",
        at_most=UNMAPPED_OF_REPORT,
    ),
    Rule(
        "unmapped-of-run",
        f"At most {UNMAPPED_OF_RUN} % of the run's numbers resolve to no concept",
        "critical",
        at_most=UNMAPPED_OF_RUN,
    ),
)

_RULES = {each.name: each for each in RULES}


def build_suite() -> ExpectationSuite:
    """Locations, reports and numbers, each counted against where they should have arrived."""
    return limited_suite(NAME, RULES)


def evidence(tables: Tables) -> pl.DataFrame:
    """EVIDENCE with `value`, from `raw.fetches` and the curated reports, facts, mentions, checks and outcomes.

    What keeps a rule is one row with the value that comes closest to breaking it. The outcomes are those of the stages before the audit.
    """
    reports = table(tables, "curated.reports")
    frames = [
        *_locations(reports, table(tables, "raw.fetches"), table(tables, "curated.outcomes")),
        _read(reports),
        _checked(reports, table(tables, "curated.checks")),
        _complete(reports, "facts", table(tables, "curated.facts")),
        _complete(reports, "mentions", table(tables, "curated.mentions")),
        *_unmapped(reports),
    ]
    return collected(RULES, frames)


def _locations(reports: pl.LazyFrame, fetches: pl.LazyFrame, outcomes: pl.LazyFrame) -> list[pl.LazyFrame]:
    """How many outcomes each fetched location has; how many ends: a report of its document, or a reason."""
    reports = reports.select("document", "report_id")
    fetched = fetches.group_by("url").agg(pl.col("document").drop_nulls().last()).join(reports, "document", how="left")
    told = outcomes.group_by("url").agg(told=pl.len(), reasons=(pl.col("outcome") != "done").sum())
    located = fetched.join(told, "url", how="left").with_columns(pl.col("told", "reasons").fill_null(0)).sort("url")
    ends = pl.col("reasons") + pl.col("report_id").is_not_null()
    return [
        judged(_RULES["location-told"], located, pl.col("told"), sentence("{} was fetched, but has no outcome", "url")),
        judged(
            _RULES["location-ended"],
            located.filter(pl.col("told") > 0),
            ends,
            sentence("{} is told to be done, but there is no report of its document", "url"),
        ),
    ]


def _read(reports: pl.LazyFrame) -> pl.LazyFrame:
    return judged(_RULES["report-read"], reports, pl.col("facts"), sentence("the report of {} has no facts", "entity"))


def _checked(reports: pl.LazyFrame, checks: pl.LazyFrame) -> pl.LazyFrame:
    evaluated = checks.filter(pl.col("verdict") != "not_evaluated").group_by("report_id").agg(evaluated=pl.len())
    return judged(
        _RULES["report-checked"],
        reports.join(evaluated, "report_id", how="left", maintain_order="left"),
        pl.col("evaluated").fill_null(0),
        sentence("none of the equations of {} could be evaluated", "entity"),
    )


def _complete(reports: pl.LazyFrame, name: str, rows: pl.LazyFrame) -> pl.LazyFrame:
    """Rows that arrived less rows that the report counts; rows of unknown reports count as too many."""
    arrived = rows.group_by("report_id").agg(arrived=pl.len().cast(pl.Int64))
    counted = reports.select("report_id", counted=pl.col(name).cast(pl.Int64))
    both = counted.join(arrived, "report_id", how="full", coalesce=True).with_columns(
        pl.col("arrived", "counted").fill_null(0)
    )
    return judged(
        _RULES[f"{name}-complete"],
        both.sort("report_id"),
        pl.col("arrived") - pl.col("counted"),
        sentence("the report counts {} " + name + ", and {} arrived", "counted", "arrived"),
    )


def _unmapped(reports: pl.LazyFrame) -> list[pl.LazyFrame]:
    """Unmapped mentions in percent; where no number was met at all, nothing was read: 100 percent."""
    unmapped, mentions = (pl.col(name).cast(NUMBER) for name in ("unmapped", "mentions"))
    share = pl.when(mentions > 0).then(100 * unmapped / mentions).otherwise(100)
    told = sentence("{} of {} numbers resolve to no concept", "unmapped", "mentions")
    run = reports.select(
        report_id=pl.lit(None, pl.String),
        reports=pl.len(),
        unmapped=pl.col("unmapped").sum(),
        mentions=pl.col("mentions").sum(),
    ).filter(pl.col("reports") > 0)
    not_read = sentence("{} of {} numbers of the run resolve to no concept: it was not read", "unmapped", "mentions")
    return [
        judged(_RULES["unmapped-of-report"], reports, share, told),
        judged(_RULES["unmapped-of-run"], run, share, not_read),
    ]
