"""Each expectation of a release is met by one that kept everything, and fails where one thing got lost on the way."""

from decimal import Decimal

import polars as pl
import pytest

from expectations import suite_releases
from expectations.runner import audit
from expectations.tables import Tables
from schemas.marts import BY_NAME, TABLES
from tests.expectations.support import GROUNDWORK, fails_each, mart, met, report_id, told

KNOWN = {"entity": "某局", "entity_key": "某局", "region_code": "510403", "fiscal_year": 2023}
FILES = {
    "role": "staged",
    "release": "2026-02-01-b",
    "name": "facts",
    "hash": "sha256:1",
    "rows": 1,
    "found_hash": "sha256:1",
    "found_rows": 1,
    "columns": ["report_id string", "amount_cny number"],
    "version": 1,
}
BEFORE = {"role": "previous", "release": "2026-01-01-a"}


def files(*changes: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame([FILES | change for change in changes], infer_schema_length=None)


def hundred(name: str, fewer: int = 0, report: str = report_id(0)) -> pl.DataFrame:
    """A mart with a hundred rows about one report, less some."""
    return pl.concat([mart(BY_NAME[name], {"report_id": report})] * (100 - fewer))


@pytest.fixture
def good(reports) -> Tables:
    """A release with one report, and the same before."""
    of_report = KNOWN | {"report_id": report_id(0), "facts": 100, "revenue_total": Decimal(5)}
    tables = {}
    for layer in ("marts", "previous"):
        for table in TABLES:
            tables[f"{layer}.{table.name}"] = hundred(table.name)
        tables[f"{layer}.reports"] = mart(BY_NAME["reports"], of_report)
    return tables | {
        "release.files": files({}, BEFORE),
        "audit.held": pl.DataFrame({"report_id": []}, {"report_id": pl.String}),
        "curated.reports": reports(KNOWN | {"report_id": report_id(0), "kind": "部门"}),
    }


def published(*changes: dict[str, object]) -> pl.DataFrame:
    of_report = KNOWN | {"report_id": report_id(0), "facts": 100, "revenue_total": Decimal(5)}
    return mart(BY_NAME["reports"], *(of_report | change for change in changes))


def test_each_expectation_fails(good) -> None:
    nothing = good["marts.reports"].clear()
    changes = {
        "manifest-true": {"release.files": files({"found_hash": "sha256:2"}, BEFORE)},
        "columns-kept": {"release.files": files({"columns": ["report_id string"]}, BEFORE)},
        "rows-kept": {"marts.three_public": hundred("three_public", 2)},
        "rows-lost": {"marts.three_public": hundred("three_public", 51)},
        "report-kept": {"marts.reports": nothing},
        "report-not-withdrawn": {
            "marts.reports": nothing,
            "audit.held": pl.DataFrame({"report_id": [report_id(0)]}),
        },
        "figure-kept": {"marts.reports": published({"revenue_total": Decimal("5.0001")})},
        "facts-kept": {"marts.reports": published({"facts": 94})},
    }
    broken = fails_each(suite_releases, good, changes)
    assert broken["figure-kept"] == {
        (
            report_id(0),
            "revenue_total was 5.0000 and is 5.0001 yuan, and the document is the same: the reading of it has changed",
        )
    }
    assert broken["rows-lost"] == {
        (None, "marts.three_public: 49 rows where the previous release has 100 about the same reports")
    }
    assert broken["columns-kept"] == {
        (
            None,
            "marts.facts: amount_cny number was there in 2026-01-01-a, and the version of the tables is still 1",
        )
    }
    assert {report for report, _ in broken["report-not-withdrawn"] | broken["facts-kept"]} == {report_id(0)}


def test_at_the_limit_nothing_is_told(good) -> None:
    tables = {"marts.facts": hundred("facts", 1), "marts.reports": published({"facts": 95})}
    assert not told(suite_releases, {**good, **tables})


def test_a_first_release_is_compared_with_its_manifest_only(good) -> None:
    first = {name: table for name, table in good.items() if not name.startswith("previous.")}
    audited = audit(first | {"release.files": files({})}, [suite_releases])
    assert audited.passed
    assert met(audited) == {"manifest-true"} | GROUNDWORK
    idle = audited.results.filter(pl.col("evaluated") == 0)["expectation"]
    assert set(idle) == {each.name for each in suite_releases.RULES} - {"manifest-true"}


@pytest.mark.parametrize("change", [{"found_hash": None, "found_rows": None}, {"found_rows": 2}])
@pytest.mark.parametrize("role", [{}, BEFORE])
def test_both_releases_are_compared_with_their_manifests(good, change, role) -> None:
    others = [BEFORE] if not role else [{}]
    broken = told(suite_releases, {**good, "release.files": files(role | change, *others)})
    assert {(rule, report) for rule, report, _ in broken} == {("manifest-true", None)}


@pytest.mark.parametrize(
    "change", [{"columns": ["amount_cny number", "report_id string", "new string"]}, {"columns": [], "version": 2}]
)
def test_new_columns_and_a_new_version_are_no_loss(good, change) -> None:
    assert not told(suite_releases, {**good, "release.files": files(change, BEFORE)})


def test_a_newer_document_of_the_same_publication_replaces_the_report(good) -> None:
    """Its rows and figures are another document's: there is nothing to compare."""
    tables = {"marts.reports": published({"report_id": report_id(1), "facts": 1, "revenue_total": Decimal(9)})}
    tables |= {f"marts.{table.name}": hundred(table.name, 90, report_id(1)) for table in TABLES[1:-1]}
    assert not told(suite_releases, {**good, **tables})


def test_namesakes_of_an_unknown_region_replace_nobody(good) -> None:
    unknown = {"region_code": "000000"}
    tables = {"previous.reports": published(unknown), "marts.reports": published(unknown | {"report_id": report_id(1)})}
    assert {rule for rule, _, _ in told(suite_releases, {**good, **tables})} == {"report-kept"}


def test_a_newer_document_that_is_held_withdraws_the_report(good, reports) -> None:
    newer = KNOWN | {"report_id": report_id(1), "kind": "部门"}
    tables = {
        "marts.reports": good["marts.reports"].clear(),
        "curated.reports": reports(newer),
        "audit.held": pl.DataFrame({"report_id": [report_id(1)]}),
    }
    assert {row[:2] for row in told(suite_releases, {**good, **tables})} == {("report-not-withdrawn", report_id(1))}
