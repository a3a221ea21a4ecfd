"""The runner decides by severity, and never takes a broken expectation for a pass or for bad data."""

from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest

from expectations import suite_coverage, suite_totals
from expectations.runner import audit
from expectations.suite import named_suite, rule
from expectations.tables import FAILURES, RESULTS

A, B, C = ("a" * 16, "b" * 16, "c" * 16)


def suite(severity: str, column: str = "value") -> SimpleNamespace:
    """A suite of one rule, “at most 1”, over the table `rows`."""

    def build_suite():
        from great_expectations.expectations.core.expect_column_values_to_be_between import (
            ExpectColumnValuesToBeBetween,
        )

        return named_suite(
            "few",
            "value",
            [rule(ExpectColumnValuesToBeBetween, "few", "At most one", severity, column=column, max_value=1)],
        )

    return SimpleNamespace(NAME=f"few-{severity}", build_suite=build_suite, evidence=lambda tables: tables["rows"])


def rows(*values: tuple[str | None, float | None, str]) -> dict[str, pl.DataFrame]:
    return {
        "rows": pl.DataFrame(
            [("few", report, None, 1, message, value) for report, value, message in values],
            ["rule", "report_id", "finding", "count", "message", "value"],
            orient="row",
            schema_overrides={"report_id": pl.String, "finding": pl.String, "count": pl.Int64, "value": pl.Float64},
        )
    }


TABLES = rows((A, 1.0, ""), (B, 2.0, "b has 2"), (None, 3.0, "the run has 3"))


def test_critical_rows_hold_their_report_or_stop_the_publication() -> None:
    audited = audit(TABLES, [suite("critical")])
    assert (audited.passed, audited.held, audited.blocked) == (False, (B,), ("the run has 3",))


@pytest.mark.parametrize("severity", ["warning", "info"])
def test_softer_rows_are_recorded_and_hold_nothing(severity: str) -> None:
    audited = audit(TABLES, [suite(severity)])
    assert (audited.passed, audited.held, audited.blocked) == (True, (), ())
    result = audited.results.filter(pl.col("expectation") == "few").row(0, named=True)
    assert (result["success"], result["evaluated"], result["failing"], result["error"]) == (False, 3, 2, None)
    assert audited.failures.select("severity", "report_id", "message").rows() == [
        (severity, B, "b has 2"),
        (severity, None, "the run has 3"),
    ]


def test_what_is_neither_a_finding_nor_critical_is_a_warning() -> None:
    soft = [suite("info"), suite("warning"), suite("critical")]
    assert audit(TABLES, soft).warnings.select("severity", "message").rows() == [
        ("warning", "b has 2"),
        ("warning", "the run has 3"),
        ("info", "b has 2"),
        ("info", "the run has 3"),
    ]


def test_an_expectation_that_breaks_stops_the_publication_whatever_its_severity() -> None:
    audited = audit(rows((A, 1.0, "")), [suite("info", column="no_such_column")])
    assert audited.held == ()
    assert not audited.passed
    (reason,) = audited.blocked
    assert reason.startswith("the expectation few of suite few-info broke: ")
    assert "no_such_column" in reason
    assert audited.results.filter(pl.col("expectation") == "few")["error"].is_not_null().all()


def test_a_value_that_is_missing_is_a_failure_of_its_own() -> None:
    audited = audit(rows((A, 1.0, ""), (C, None, "c has no value")), [suite("info")])
    assert audited.failures.select("expectation", "severity", "report_id").rows() == [("decided", "critical", C)]
    assert audited.held == (C,)


def test_nothing_to_look_at_is_told_as_such() -> None:
    audited = audit(rows(), [suite("critical")])
    assert audited.passed
    assert audited.results["evaluated"].to_list() == [0, 0, 0]


def test_a_later_audit_of_the_run_knows_what_is_held_and_keeps_the_results() -> None:
    seen = {}
    later = suite("warning")
    later.evidence = lambda tables: seen.update(tables) or tables["rows"]
    first = audit(TABLES, [suite("critical")])
    both = audit(rows((A, 1.0, "")), [later], earlier=first)
    assert seen["audit.held"]["report_id"].to_list() == [B]
    assert both.held == first.held
    assert both.results["suite"].unique(maintain_order=True).to_list() == ["few-critical", "few-warning"]


def test_an_inconsistent_total_holds_exactly_its_report(
    tmp_path: Path, reports, facts, mentions, checks, fetches, outcomes
) -> None:
    """Also from lazy frames, with the pages rendered."""
    identities = [{"report_id": report_id, "document": report_id * 4, "url": report_id[0]} for report_id in (A, B, C)]
    violated = {"verdict": "violated", "finding": "1" * 12, "message": "the total is short by 2.69 万元"}
    frames = {
        "raw.fetches": fetches(*({"url": each["url"], "document": each["document"]} for each in identities)),
        "curated.outcomes": outcomes(*({"url": each["url"]} for each in identities)),
        "curated.reports": reports(*identities),
        "curated.facts": facts(*({"report_id": each, "fact": fact} for each in (A, B, C) for fact in (0, 1))),
        "curated.mentions": mentions(*({"report_id": each, "mention": n} for each in (A, B, C) for n in (0, 1))),
        "curated.checks": checks({"report_id": A}, {"report_id": B} | violated, {"report_id": C}),
    }
    audited = audit(
        {name: frame.lazy() for name, frame in frames.items()}, [suite_totals, suite_coverage], docs=tmp_path / "docs"
    )
    assert (audited.passed, audited.held, audited.blocked) == (False, (B,), ())
    assert audited.failures.rows() == [
        ("totals", "S03", "critical", B, "1" * 12, "the total is short by 2.69 万元", "0.000000", "100.000000"),
    ]
    assert audited.results.schema == RESULTS.schema
    assert audited.failures.schema == FAILURES.schema
    assert "the total is short by 2.69 万元" in (tmp_path / "docs" / "index.html").read_text("utf-8")
