"""Each expectation of coverage is met by a run that lost nothing, and fails where one thing is lost."""

from decimal import Decimal

import polars as pl
import pytest

from expectations import suite_coverage
from expectations.runner import audit
from expectations.tables import AuditError
from tests.expectations.support import GROUNDWORK, failing, met, report_id


@pytest.fixture
def collected(reports, facts, mentions, checks, fetches, outcomes) -> dict[str, pl.DataFrame]:
    """One location, one report with two facts and one check."""
    return {
        "raw.fetches": fetches({}),
        "curated.outcomes": outcomes({}),
        "curated.reports": reports({}),
        "curated.facts": facts({}, {"fact": 1}),
        "curated.mentions": mentions({}, {"mention": 1}),
        "curated.checks": checks({}),
    }


COVERAGE = {each.name for each in suite_coverage.RULES}


def test_a_run_that_lost_nothing_meets_every_expectation_of_coverage(collected: dict[str, pl.DataFrame]) -> None:
    audited = audit(collected, [suite_coverage])
    assert audited.passed
    assert met(audited) == COVERAGE | GROUNDWORK


def test_each_expectation_of_coverage_fails(collected, reports, facts, fetches, outcomes, checks) -> None:
    """Seven reports besides the good one, and three locations that are no report."""
    wrong: list[dict[str, object]] = [
        {"facts": 0},  # 1 has no facts
        {},  # 2 has no check that was evaluated
        {"facts": 3},  # 3 lost a fact
        {"facts": 1},  # 4 has one too many
        {"mentions": 1000, "unmapped": 998},  # 5 was not read
        {},  # 6 lost a mention
        {"mentions": 20, "unmapped": 2},  # 7 is at the limit, which is right
    ]
    others = [
        {"report_id": report_id(number), "document": f"{number:064x}", "url": f"samples/{number}.txt"} | change
        for number, change in enumerate(wrong, start=1)
    ]
    frames = {
        "raw.fetches": fetches(
            {},
            *(dict(document=each["document"], url=each["url"]) for each in others),
            {"url": "untold", "document": None},
            {"url": "lost", "document": "f" * 64},
            {"url": "unreadable", "document": "e" * 64},
        ),
        "curated.outcomes": outcomes(
            {},
            *({"url": each["url"]} for each in others),
            {"url": "lost"},
            {"url": "unreadable"},
            {"url": "unreadable", "stage": "extract", "outcome": "unreadable"},
        ),
        "curated.reports": reports({}, *others),
        "curated.facts": facts(
            *({"report_id": report_id(number), "fact": fact} for number in (0, *range(2, 8)) for fact in (0, 1)),
            {"report_id": "f" * 16},
        ),
        "curated.mentions": pl.concat(
            pl.DataFrame({"report_id": [report_id(number)] * count})
            for number, count in enumerate((2, 2, 2, 2, 2, 1000, 1, 20))
        ),
        "curated.checks": checks(
            {"verdict": "violated"},
            {"report_id": report_id(2), "verdict": "not_evaluated"},
            *({"report_id": report_id(number)} for number in (1, 3, 4, 5, 6, 7)),
        ),
    }
    audited = audit(frames, [suite_coverage])
    assert failing(audited) == {
        ("location-told", None),
        ("location-ended", None),
        ("report-read", report_id(1)),
        ("report-checked", report_id(2)),
        ("facts-complete", report_id(3)),
        ("facts-complete", report_id(4)),
        ("facts-complete", "f" * 16),
        ("unmapped-of-report", report_id(5)),
        ("mentions-complete", report_id(6)),
        ("unmapped-of-run", None),
    }
    assert set(audited.held) == {*map(report_id, (1, 2, 3, 4, 6)), "f" * 16}
    assert set(audited.blocked) == {
        "untold was fetched, but has no outcome",
        "lost is told to be done, but there is no report of its document",
        "1000 of 1032 numbers of the run resolve to no concept: it was not read",
    }


def test_what_keeps_a_rule_is_one_row_with_the_value_nearest_to_its_limit(collected, reports) -> None:
    others = ({"report_id": report_id(number), "unmapped": number, "mentions": 100} for number in (3, 9, 11))
    rows = suite_coverage.evidence(collected | {"curated.reports": reports({}, *others)})
    told = rows.filter(rule="unmapped-of-report").select("report_id", "count", "value").rows()
    assert told == [(report_id(11), 1, Decimal(11)), (None, 3, Decimal(9))]
    assert rows.filter(rule="report-read").select("count", "value").rows() == [(4, Decimal(2))]


def test_a_share_is_judged_exactly(collected, reports) -> None:
    above = reports({"mentions": 1_000_000, "unmapped": 100_001})
    rows = suite_coverage.evidence(collected | {"curated.reports": above}).filter(rule="unmapped-of-report")
    assert rows.select("report_id", "value").rows() == [(report_id(0), Decimal("10.0001"))]


def test_a_report_without_any_number_was_not_read(collected, reports) -> None:
    frames = collected | {"curated.reports": reports({"mentions": 0, "facts": 2})}
    rows = suite_coverage.evidence(frames).filter(pl.col("rule").str.starts_with("unmapped"))
    assert rows.select("rule", "value").rows() == [("unmapped-of-report", 100.0), ("unmapped-of-run", 100.0)]


def test_a_run_without_reports_is_no_pass_and_no_failure(collected) -> None:
    frames = {name: frame.clear() for name, frame in collected.items()}
    assert suite_coverage.evidence(frames).is_empty()


def test_a_missing_table_is_told() -> None:
    with pytest.raises(AuditError, match=r"the audit needs the table curated.reports; it was handed none"):
        suite_coverage.evidence({})
