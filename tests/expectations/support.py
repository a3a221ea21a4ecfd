"""What the tests of the suites have in common."""

import polars as pl

from expectations.runner import Audit

GROUNDWORK = {"decided", "known-rule"}


def report_id(number: int) -> str:
    return f"{number:016x}"


def met(audited: Audit) -> set[str]:
    """The expectations that looked at something and were met."""
    return set(audited.results.filter(pl.col("success") & (pl.col("evaluated") > 0))["expectation"])


def failing(audited: Audit) -> set[tuple[str, str | None]]:
    """Expectation and report of every failing row."""
    return set(audited.failures.select("expectation", "report_id").rows())
