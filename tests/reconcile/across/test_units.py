"""A department against its units."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from schemas.curated import FACTS, REPORTS
from tasks.reconcile.across import compared_facts, families, units
from tests.reconcile.across.conftest import YEAR, fact, report

TEXTS = ("region_code", "entity", "kind")
ROSTER = pl.Schema(
    {"fiscal_year": pl.Int16} | dict.fromkeys(TEXTS, pl.String) | dict.fromkeys(("keys", "parents"), pl.List(pl.String))
)
HEAD, STATION, SCHOOL = ("某局", "本级"), ("某站", "单位"), ("某校", "单位")


def listed(*who: tuple[str, str], year: int = YEAR) -> pl.DataFrame:
    """A roster of these units of 某局, and the department itself."""
    rows = [(year, "510403", name, kind, [name, name + "（旧名）"], ["某局"]) for name, kind in who]
    return pl.DataFrame([(year, "510403", "某局", "部门", ["某局"], []), *rows], schema=ROSTER, orient="row")


Check = Callable[..., pl.DataFrame]


@pytest.fixture
def check() -> Check:
    """The checks of a department and units, each from rows (concept, value)."""

    def run(department: Any, stated: dict[tuple[str, str], Any], roster: pl.DataFrame) -> pl.DataFrame:
        told = {("某局", "部门"): department} | stated
        reports, rows = [], []
        for number, ((name, kind), figures) in enumerate(told.items()):
            own = f"{number:016x}"
            reports.append(report(own, YEAR, entity=name, entity_key=name, kind=kind, url=f"{name}{kind}.txt"))
            rows += [fact(own, n, *row) for n, row in enumerate(figures)]
        known = pl.DataFrame(reports, schema=REPORTS.schema, strict=True)
        facts = pl.DataFrame(rows, schema=FACTS.schema, strict=True)
        return units(known, families(known, roster), compared_facts(facts.lazy()).collect())

    return run


def outcome(checks: pl.DataFrame) -> list[tuple[Any, ...]]:
    assert set(checks["severity"]) <= {"S"} and set(checks["equation"]) <= {"U01"}
    return checks.select("report_id", "instance", "verdict", "diagnosis").rows()


@pytest.mark.parametrize(
    ("total", "verdict"),
    [("30.00", "exact"), ("30.02", "rounding"), ("30.03", "violated"), ("29.98", "rounding"), ("29.97", "violated")],
)
def test_the_sum_where_all_units_publish(check: Check, total: str, verdict: str) -> None:
    """Four figures of 0.01 explain 0.02."""
    stated = {each: [("gpb_expenditure", "10.00")] for each in (HEAD, STATION, SCHOOL)}
    checks = check([("gpb_expenditure", total)], stated, listed(HEAD, STATION, SCHOOL))
    assert outcome(checks) == [("0" * 16, "gpb_expenditure", verdict, None)]
    assert checks["facts"].to_list() == [[0]]


@pytest.mark.parametrize(
    ("total", "verdict"), [("25.00", "exact"), ("30.00", "exact"), ("30.03", "violated"), ("9.00", "violated")]
)
def test_money_that_moves_between_units_is_not_in_the_total(check: Check, total: str, verdict: str) -> None:
    stated = {each: [("revenue_total", "10.00")] for each in (HEAD, STATION, SCHOOL)}
    (found,) = outcome(check([("revenue_total", total)], stated, listed(HEAD, STATION, SCHOOL)))
    assert found[2:] == (verdict, "unit_exceeds" if total == "9.00" else None)


@pytest.mark.parametrize(
    ("unit", "verdict"), [("30.00", "exact"), ("30.01", "rounding"), ("30.02", "violated"), ("5.00", "exact")]
)
def test_a_unit_does_not_exceed_its_department(check: Check, unit: str, verdict: str) -> None:
    """One unit of two publishes: what the other one has is not known."""
    checks = check(
        [("three_public_expenditure", "30.00")],
        {STATION: [("three_public_expenditure", unit)]},
        listed(STATION, SCHOOL),
    )
    (found,) = outcome(checks)
    assert found[2:] == (verdict, "unit_exceeds" if verdict == "violated" else None)
    assert "某站单位.txt" in checks["message"][0]


def test_units_that_another_year_or_nobody_lists_are_not_compared(check: Check) -> None:
    own = [("gpb_expenditure", "1.00")]
    stated = {STATION: [("gpb_expenditure", "10.00")]}
    assert check(own, stated, listed(SCHOOL)).is_empty()
    assert check(own, stated, listed(STATION, year=YEAR - 1)).is_empty()
    assert check(own, stated, listed()).is_empty()
    assert check(own, {("某站（旧名）", "单位"): stated[STATION]}, listed(STATION))["verdict"].to_list() == ["violated"]
