"""Everything that was collected is accounted for, and every number met was read.

Missing is never a pass: a report without facts or without one evaluated equation is held.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from expectations.suite import named_suite, rule
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


_MIN_1 = {"min_value": 1}
_ZERO = {"min_value": 0, "max_value": 0}

_VALUE = NUMBER
"""Counts, and percents to the sixth decimal: exact as long as a million numbers are met."""

RULES: tuple[tuple[str, str, str, dict[str, int]], ...] = (
    ("location-told", "Every source location that was fetched has an outcome", "critical", _MIN_1),
    ("location-ended", "Every location became a report, or says why it did not", "critical", _MIN_1),
    ("report-read", "Every report has facts", "critical", _MIN_1),
    ("report-checked", "Every report has an equation that could be evaluated", "critical", _MIN_1),
    ("facts-complete", "As many facts arrived as the reports count", "critical", _ZERO),
    ("mentions-complete", "As many mentions arrived as the reports count", "critical", _ZERO),
    (
        "unmapped-of-report",
        f"At most {UNMAPPED_OF_REPORT} % of a report's numbers resolve to no concept",
        "warning",
        {"max_value": UNMAPPED_OF_REPORT},
    ),
    (
        "unmapped-of-run",
        f"At most {UNMAPPED_OF_RUN} % of the run's numbers resolve to no concept",
        "critical",
        {"max_value": UNMAPPED_OF_RUN},
    ),
)
"""Name, description, severity, and the limits of the value."""

_LIMITS = {name: limits for name, _, _, limits in RULES}


def build_suite() -> ExpectationSuite:
    """Locations, reports and numbers, each counted against where they should have arrived."""
    from great_expectations.expectations.core.expect_column_values_to_be_between import ExpectColumnValuesToBeBetween

    return named_suite(
        NAME,
        "value",
        [
            rule(ExpectColumnValuesToBeBetween, name, description, severity, column="value", **limits)
            for name, description, severity, limits in RULES
        ],
    )


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
    return pl.concat(pl.collect_all(frames, engine="streaming"))


def _locations(reports: pl.LazyFrame, fetches: pl.LazyFrame, outcomes: pl.LazyFrame) -> list[pl.LazyFrame]:
    """How many outcomes each fetched location has; how many ends: a report of its document, or a reason."""
    reports = reports.select("document", "report_id")
    fetched = fetches.group_by("url").agg(pl.col("document").drop_nulls().last()).join(reports, "document", how="left")
    told = outcomes.group_by("url").agg(told=pl.len(), reasons=(pl.col("outcome") != "done").sum())
    located = fetched.join(told, "url", how="left").with_columns(pl.col("told", "reasons").fill_null(0)).sort("url")
    ends = pl.col("reasons") + pl.col("report_id").is_not_null()
    return [
        _evidence(located, "location-told", pl.col("told"), pl.format("{} was fetched, but has no outcome", "url")),
        _evidence(
            located.filter(pl.col("told") > 0),
            "location-ended",
            ends,
            pl.format("{} is told to be done, but there is no report of its document", "url"),
        ),
    ]


def _read(reports: pl.LazyFrame) -> pl.LazyFrame:
    return _evidence(reports, "report-read", pl.col("facts"), pl.format("the report of {} has no facts", "entity"))


def _checked(reports: pl.LazyFrame, checks: pl.LazyFrame) -> pl.LazyFrame:
    evaluated = checks.filter(pl.col("verdict") != "not_evaluated").group_by("report_id").agg(evaluated=pl.len())
    return _evidence(
        reports.join(evaluated, "report_id", how="left", maintain_order="left"),
        "report-checked",
        pl.col("evaluated").fill_null(0),
        pl.format("none of the equations of {} could be evaluated", "entity"),
    )


def _complete(reports: pl.LazyFrame, name: str, rows: pl.LazyFrame) -> pl.LazyFrame:
    """Rows that arrived less rows that the report counts; rows of unknown reports count as too many."""
    arrived = rows.group_by("report_id").agg(arrived=pl.len().cast(pl.Int64))
    counted = reports.select("report_id", counted=pl.col(name).cast(pl.Int64))
    both = counted.join(arrived, "report_id", how="full", coalesce=True).with_columns(
        pl.col("arrived", "counted").fill_null(0)
    )
    return _evidence(
        both.sort("report_id"),
        f"{name}-complete",
        pl.col("arrived") - pl.col("counted"),
        pl.format("the report counts {} " + name + ", and {} arrived", "counted", "arrived"),
    )


def _unmapped(reports: pl.LazyFrame) -> list[pl.LazyFrame]:
    """Unmapped mentions in percent; where no number was met at all, nothing was read: 100 percent."""
    unmapped, mentions = (pl.col(name).cast(_VALUE) for name in ("unmapped", "mentions"))
    share = pl.when(mentions > 0).then(100 * unmapped / mentions).otherwise(100)
    told = pl.format("{} of {} numbers resolve to no concept", "unmapped", "mentions")
    run = reports.select(
        report_id=pl.lit(None, pl.String),
        reports=pl.len(),
        unmapped=pl.col("unmapped").sum(),
        mentions=pl.col("mentions").sum(),
    ).filter(pl.col("reports") > 0)
    not_read = pl.format("{} of {} numbers of the run resolve to no concept: it was not read", "unmapped", "mentions")
    return [_evidence(reports, "unmapped-of-report", share, told), _evidence(run, "unmapped-of-run", share, not_read)]


def _evidence(frame: pl.LazyFrame, rule_name: str, value: pl.Expr, message: pl.Expr) -> pl.LazyFrame:
    """The rows of one rule: those that break it with the sentence that is told then, all others counted in one."""
    limits = _LIMITS[rule_name]
    column = pl.col("value")
    within = column.is_between(limits.get("min_value", column), limits.get("max_value", column)).fill_null(False)
    columns = [pl.lit(rule_name).alias("rule"), pl.col("report_id"), pl.lit(None, pl.String).alias("finding")]
    rows = frame.with_columns(value=value.cast(_VALUE), message=message)
    alone = rows.filter(~within).select(*columns, pl.lit(1, pl.Int64).alias("count"), "message", "value")
    together = (
        rows.filter(within)
        .select(
            report_id=pl.lit(None, pl.String),
            count=pl.len().cast(pl.Int64),
            message=pl.lit(""),
            value=column.min() if "min_value" in limits else column.max(),
        )
        .filter(pl.col("count") > 0)
        .select(*columns, "count", "message", "value")
    )
    return pl.concat([alone, together])
