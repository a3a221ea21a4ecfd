"""Each expectation of the marts is met by tables built rightly, and stops the switch where one is not."""

import polars as pl
import pytest

from expectations import suite_marts
from expectations.runner import audit
from expectations.tables import AuditError
from schemas.marts import TABLES
from tests.expectations.support import GROUNDWORK, failing, mart, met, report_id


def staged() -> dict[str, pl.DataFrame]:
    """Every mart with one row, and one held report."""
    marts = {f"marts.{table.name}": mart(table) for table in TABLES}
    return marts | {"audit.held": pl.DataFrame({"report_id": [report_id(9)]})}


BY_NAME = {table.name: table for table in TABLES}


def test_marts_that_are_built_rightly_meet_every_expectation() -> None:
    audited = audit(staged(), [suite_marts])
    assert audited.passed
    assert met(audited) == {name for name, _, _ in suite_marts.RULES} | GROUNDWORK


def broken(rows: pl.DataFrame) -> set[tuple[str, str]]:
    """Rule and message of the rows of evidence above the limit."""
    return set(rows.filter(pl.col("value") > 0).select("rule", "message").rows())


MISBUILT: list[tuple[str, str, list[dict[str, object]], str]] = [
    ("key-present", "facts", [{"fact": None}], "marts.facts: 1 of 1 rows lack a part of their key"),
    ("key-unique", "facts", [{}, {}, {"fact": 2}], "marts.facts: 1 of 3 rows repeat a key"),
    ("key-unique", "spending_by_function", [{}, {}], "marts.spending_by_function: 1 of 2 rows repeat a key"),
    ("in-order", "facts", [{"report_id": report_id(1)}, {}], "marts.facts: 1 of 2 rows follow a row that they should precede"),
    ("report-exists", "three_public", [{"fiscal_year": 2}], "marts.three_public: 1 of 1 rows belong to no report of the release"),
    ("amount-present", "facts", [{"amount_cny": None}], "marts.facts: 1 of 1 rows state money without an amount"),
    ("row-says-something", "three_public", [{"amount": None, "budget": None}], "marts.three_public: 1 of 1 rows have no figure"),
    ("held-absent", "reports", [{}, {"report_id": report_id(9)}], "marts.reports: 1 of 2 rows publish a held report"),
    ("held-absent", "coverage", [{"report_id": report_id(9), "status": "published"}], "marts.coverage: 1 of 1 rows publish a held report"),
    ("report-exists", "facts", [{"report_id": report_id(7)}], "marts.facts: 1 of 1 rows belong to no report of the release"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "name", "rows", "message"), MISBUILT)
def test_what_was_built_wrongly_is_counted(rule, name, rows, message) -> None:
    assert (rule, message) in broken(suite_marts.evidence(staged() | {f"marts.{name}": mart(BY_NAME[name], *rows)}))


def test_each_expectation_of_the_marts_fails_and_stops_the_switch() -> None:
    tables = staged()
    for _, name, rows, _ in MISBUILT:
        tables[f"marts.{name}"] = pl.concat([tables[f"marts.{name}"], mart(BY_NAME[name], *rows)])
    audited = audit(tables, [suite_marts])
    assert {name for name, _ in failing(audited)} == {name for name, _, _ in suite_marts.RULES}
    assert audited.held == ()
    assert len(audited.blocked) == audited.failures.filter(pl.col("severity") == "critical").height


def test_held_reports_may_be_told_of() -> None:
    held = {"report_id": report_id(9), "status": "held"}
    tables = staged() | {
        "marts.coverage": mart(BY_NAME["coverage"], {}, held | {"url": "9"}),
        "marts.findings": mart(BY_NAME["findings"], {}, held),
    }
    assert broken(suite_marts.evidence(tables)) == set()


def test_a_missing_table_is_told() -> None:
    with pytest.raises(AuditError, match=r"the audit needs the table audit.held; it was handed none"):
        suite_marts.evidence({})
