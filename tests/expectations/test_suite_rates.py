"""Error rates: how they are counted, and from where on the reading is suspected rather than the publishers."""

from decimal import Decimal

import polars as pl
import pytest

from expectations import suite_rates
from expectations.suite_rates import FEWEST, HARD_LIMIT, SOFT_LIMIT, rates
from expectations.tables import RATES
from schemas.validate import validate
from tests.expectations.support import fails_each, report_id, told


def rate(dimension: str, severity: str, evaluated: int, violated: int) -> dict[str, object]:
    return {
        "dimension": dimension,
        "place": "510403",
        "name": "region 510403",
        "equation": "S14",
        "severity": severity,
        "evaluated": evaluated,
        "violated": violated,
        "acknowledged": 0,
        "rate": 100 * Decimal(violated) / evaluated,
    }


def table(*rows: dict[str, object]) -> dict[str, pl.DataFrame]:
    return {"audit.rates": RATES.frame({name: [row[name] for row in rows] for name in RATES.schema})}


def all_of(evaluated: int, hard: int, soft: int) -> dict[str, pl.DataFrame]:
    """Rates of every grouping, at or beyond the limits."""
    rows = [(dimension, severity) for dimension in suite_rates.DIMENSIONS for severity in ("H", "S")]
    return table(*(rate(dimension, letter, evaluated, hard if letter == "H" else soft) for dimension, letter in rows))


def test_each_expectation_fails_beyond_its_limit_and_not_at_it() -> None:
    at, beyond = all_of(1000, 10 * HARD_LIMIT, 10 * SOFT_LIMIT), all_of(1000, 10 * HARD_LIMIT + 1, 10 * SOFT_LIMIT + 1)
    broken = fails_each(suite_rates, at, {each.name: beyond for each in suite_rates.RULES})
    assert broken["hard-region"] == {
        (
            None,
            "S14: 251 of 1000 evaluated reports of region 510403 violate it (25.1 %): "
            "look at the reading of this region first",
        )
    }


def test_few_reports_say_nothing() -> None:
    assert not told(suite_rates, all_of(FEWEST - 1, FEWEST - 1, FEWEST - 1))
    assert told(suite_rates, all_of(FEWEST, FEWEST, FEWEST))


@pytest.fixture(scope="module")
def counted(checks, reports) -> dict[tuple[str, str, str, str], tuple[int, int, int, Decimal]]:
    """By dimension, place, equation and severity: evaluated, violated, acknowledged and rate of three reports."""
    a, b, c = map(report_id, range(3))
    elsewhere = {"report_id": c, "region_code": "510700", "fiscal_year": 2022}
    frame = checks(
        {"report_id": a, "verdict": "violated"},
        {"report_id": a, "instance": "2", "verdict": "violated"},
        {"report_id": a, "instance": "3", "verdict": "acknowledged"},
        {"report_id": b, "verdict": "acknowledged"},
        {"report_id": b, "instance": "2"},
        elsewhere | {"verdict": "rounding"},
        elsewhere | {"equation": "S04", "verdict": "not_evaluated"},
        elsewhere | {"equation": "T01", "severity": "S", "verdict": "violated"},
        elsewhere | {"equation": "T01", "instance": "2"},
    )
    known = reports({"report_id": a}, {"report_id": b}, elsewhere | {"region_name": None})
    rows = validate(rates(frame.lazy(), known.lazy()), RATES)
    return {row[:4]: row[4:] for row in rows.drop("name").iter_rows()}


def test_a_report_counts_once_for_each_equation_and_severity(counted) -> None:
    assert counted["run", "", "S03", "H"] == (3, 1, 1, Decimal("33.333333"))
    assert counted["run", "", "T01", "S"] == (1, 1, 0, Decimal(100))
    assert counted["run", "", "T01", "H"] == (1, 0, 0, Decimal(0))
    assert not [key for key in counted if "S04" in key]


def test_reports_are_grouped_by_province_region_and_year(counted) -> None:
    assert counted["province", "510000", "S03", "H"] == counted["run", "", "S03", "H"]
    assert counted["region", "510403", "S03", "H"] == (2, 1, 1, Decimal(50))
    assert counted["region", "510700", "S03", "H"] == (1, 0, 0, Decimal(0))
    assert counted["fiscal_year", "2023", "S03", "H"] == (2, 1, 1, Decimal(50))


def test_a_province_of_one_region_is_told_once(checks, reports) -> None:
    told_of = rates(checks({}).lazy(), reports({}).lazy())
    assert set(told_of["dimension"]) == {"run", "region", "fiscal_year"}
    assert told_of.filter(dimension="region")["name"].to_list() == ["region 510403 四川省攀枝花市西区"]


def test_a_run_without_reports_has_no_rates(checks, reports) -> None:
    assert rates(checks({}).clear().lazy(), reports({}).clear().lazy()).is_empty()
