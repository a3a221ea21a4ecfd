"""A report against that of the year before: what must be found, and what must not."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_FLOOR, Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.table import NUMBER
from tasks.reconcile.across.priors import _before, priors
from tasks.reconcile.figures import figures
from tests.reconcile.across.conftest import compared, pairs_of_accounts, read_back, written

Two = Callable[..., pl.DataFrame]

TOTAL = [("gpb_expenditure", "100.00"), ("gpb_expenditure_yoy_change", "10.00")]


def only(checks: pl.DataFrame, equation: str, instance: str) -> dict[str, Any]:
    found = checks.filter(equation=equation, instance=instance)
    assert found.height == 1, checks.select("equation", "instance", "verdict")
    return found.row(0, named=True)


@pytest.mark.parametrize(
    ("before", "verdict"),
    [("90.00", "exact"), ("90.01", "rounding"), ("89.99", "rounding"), ("90.02", "violated"), ("89.98", "violated")],
)
def test_current_less_change_is_what_last_year_published(two: Two, before: str, verdict: str) -> None:
    """Three figures of 0.01 explain 0.015: one unit in the last place, not two."""
    found = only(two(TOTAL, [("gpb_expenditure", before)]), "Y01", "gpb_expenditure")
    assert (found["verdict"], found["severity"], found["bound"]) == (verdict, "D", 150)
    assert (found["lhs"], found["rhs"]) == (900_000, Decimal(before) * 10_000)
    assert "2022.txt" in found["message"] and found["facts"] == [0, 1]


def test_a_printed_prior_figure_is_compared_too(two: Two) -> None:
    now = [("agency_operating_expenditure", "12.00"), ("agency_operating_expenditure", "11.00", {"period": "prior"})]
    found = only(two(now, [("agency_operating_expenditure", "11.02")]), "Y01", "agency_operating_expenditure")
    assert (found["verdict"], found["residual"], found["bound"]) == ("violated", -200, 100)


@pytest.mark.parametrize(("before", "verdict"), [("80.00", "rounding"), ("80.01", "rounding"), ("80.02", "violated")])
def test_a_growth_rate_alone_implies_an_interval(two: Two, before: str, verdict: str) -> None:
    """100.00 after 25.00 % is 80.00 within (99.995, 100.005) / (1.24995, 1.25005) = (79.993, 80.007)."""
    now = [("gpb_expenditure", "100.00"), ("gpb_expenditure_yoy_rate", "25.00")]
    found = only(two(now, [("gpb_expenditure", before)]), "Y01", "gpb_expenditure")
    assert found["verdict"] == (verdict if before != "80.00" else "exact")


def test_what_any_statement_explains_is_no_finding(two: Two) -> None:
    """A figure that is stated twice, once wrongly, agrees: T01 tells the contradiction."""
    again = ("gpb_expenditure", "95.00", {"section": "表06"})
    found = only(two(TOTAL, [again, ("gpb_expenditure", "90.00")]), "Y01", "gpb_expenditure")
    assert found["verdict"] == "exact"


def test_a_total_that_is_compared_with_the_spending_of_the_year_is_no_finding(two: Two) -> None:
    now = [("expenditure_total", "100.00"), ("expenditure_total_yoy_change", "10.00")]
    before = [("expenditure_total", "97.00"), ("expenditure_current_year", "90.00")]
    found = only(two(now, before), "Y01", "expenditure_total")
    assert (found["verdict"], found["diagnosis"]) == ("exact", "other_scope: expenditure_current_year")
    wrong = only(two(now, [*before[:1], ("expenditure_current_year", "91.00")]), "Y01", "expenditure_total")
    assert (wrong["verdict"], wrong["rhs"]) == ("violated", 970_000)


def test_where_the_other_scope_is_not_printed_nothing_can_be_said(two: Two) -> None:
    now = [("expenditure_total", "100.00"), ("expenditure_total_yoy_change", "10.00")]
    found = two(now, [("expenditure_total", "97.00")])
    assert found.select("instance", "verdict", "diagnosis").rows() == [
        ("", "not_evaluated", "absent: expenditure_current_year")
    ]


def test_the_parts_stand_for_fiscal_spending_of_the_year(two: Two) -> None:
    now = [("fiscal_expenditure_total", "100.00"), ("fiscal_expenditure_total_yoy_change", "10.00")]
    before = [
        ("fiscal_expenditure_total", "97.00"),
        ("gpb_expenditure", "80.00"),
        ("government_fund_expenditure", "10.00"),
    ]
    assert only(two(now, before), "Y01", "fiscal_expenditure_total")["verdict"] == "exact"


def test_words_of_a_reorganisation_tell_a_restatement_from_an_error(two: Two) -> None:
    found = only(two(TOTAL, [("gpb_expenditure", "70.00")], restated="机构改革后\n人员划入"), "Y01", "gpb_expenditure")
    assert (found["verdict"], found["severity"], found["diagnosis"]) == ("violated", "S", "restated")
    assert found["message"].endswith("; the report says: 机构改革后人员划入")
    agrees = only(two(TOTAL, [("gpb_expenditure", "90.00")], restated="并入"), "Y01", "gpb_expenditure")
    assert (agrees["verdict"], agrees["severity"], agrees["diagnosis"]) == ("exact", "D", None)


def test_a_slip_of_the_unit_is_told(two: Two) -> None:
    assert only(two(TOTAL, [("gpb_expenditure", "900.00")]), "Y01", "gpb_expenditure")["diagnosis"] == "scale_slip"


@pytest.mark.parametrize(
    "before", [None, []], ids=["no report of the year before", "one that states nothing that is asked for"]
)
def test_without_a_witness_there_is_no_row_and_without_its_figure_there_is_one(two: Two, before: Any) -> None:
    now = [*TOTAL, ("gpb_personnel_expenditure", "5.00"), ("gpb_personnel_expenditure_yoy_change", "1.00")]
    checks = two(now, before if before is None else [("meeting_expenditure", "1.00")])
    told = [("Y01", "", "not_evaluated", "absent: gpb_expenditure, gpb_personnel_expenditure")]
    assert checks.select("equation", "instance", "verdict", "diagnosis").rows() == ([] if before is None else told)


def test_reports_of_other_publishers_and_kinds_are_no_witnesses(two: Two) -> None:
    for other in ({"kind": "单位"}, {"region_code": "510402"}, {"entity_key": "某某局"}, {"entity_key": ""}):
        assert two(TOTAL, [("gpb_expenditure", "50.00")], **other).is_empty()


@pytest.mark.parametrize(("closing", "verdict"), [("7.70", "exact"), ("7.71", "rounding"), ("7.72", "violated")])
def test_opening_balances_are_the_closing_ones(two: Two, closing: str, verdict: str) -> None:
    found = only(two([("carryover_opening", "7.70")], [("carryover_closing", closing)]), "Y02", "carryover_opening")
    assert (found["verdict"], found["severity"], found["bound"]) == (verdict, "S", 100)


@pytest.mark.parametrize(
    ("concept", "now", "before", "verdict"),
    [
        ("vehicle_count", "30", "10", "exact"),
        ("vehicle_count", "31", "10", "violated"),
        ("vehicle_count", "12", "2", "exact"),  # ten vehicles are a handover
        ("staff_actual", "34", "120", "violated"),
        ("staff_actual", "40", "120", "exact"),
        ("fixed_asset_gross", "12000.00", "1200.00", "violated"),
    ],
)
def test_what_moves_slowly(two: Two, concept: str, now: str, before: str, verdict: str) -> None:
    found = only(two([(concept, now)], [(concept, before)]), "Y03", concept)
    assert (found["verdict"], found["severity"]) == (verdict, "S")
    assert ("would be plausible" in found["message"]) == (verdict == "violated")


def test_a_fleet_that_comes_from_or_goes_to_nothing_is_not_judged(two: Two) -> None:
    assert two([("vehicle_count", "50")], [("vehicle_count", "0")]).is_empty()


@given(
    st.integers(0, 10**14),
    st.integers(-99_999_999, 10**10),
)
def test_the_year_before_by_a_rate(amount: int, rate: int) -> None:
    """Against the decimal module: millionths of a yuan and of a percent."""
    yuan, percent = Decimal(amount).scaleb(-2), Decimal(rate).scaleb(-6)
    frame = pl.DataFrame({"a": [yuan], "r": [percent]}, schema={"a": NUMBER, "r": NUMBER})
    exact = (yuan / (1 + percent / 100)).quantize(Decimal("0.000001"), ROUND_FLOOR)
    if exact < 10**17:
        assert abs(frame.select(_before(pl.col("a"), pl.col("r"))).item() - exact) <= Decimal("0.000001")


SEEDS = {
    "000": {"revenue_total": "564.19", "fiscal_revenue_total": "563.78", "gpb_expenditure": "544.15"}
    | {"agency_operating_expenditure": "43.26"},
    "001": {"revenue_total": "806.25", "fiscal_revenue_total": "806.25", "gpb_expenditure": "731.65"}
    | {"gpb_personnel_expenditure": "657.02", "gpb_public_use_expenditure": "74.65"}
    | {"agency_operating_expenditure": "74.16"},
    "002": {"revenue_total": "543.14", "fiscal_revenue_total": "542.97", "gpb_expenditure": "527.72"}
    | {"agency_operating_expenditure": "40.61", "official_reception_expenditure": "0.51"},
    "003": {"revenue_total": "367.44", "fiscal_revenue_total": "366.88", "gpb_expenditure": "224.71"}
    | {"agency_operating_expenditure": "15.67"},
    "004": {"revenue_total": "717.05", "expenditure_total": "709.35", "gpb_expenditure": "709.35"}
    | {"agency_operating_expenditure": "76.42", "official_vehicle_expenditure": "5.20"},
}


@pytest.fixture(scope="module")
def published(real_reports: Path) -> Any:
    files = sorted(real_reports.glob("*.txt"))
    return read_back([(file.name, file.read_bytes()) for file in files])


@pytest.mark.parametrize("name", SEEDS)
def test_the_year_before_as_published_reports_imply_it(published: Any, name: str) -> None:
    (report_id,) = published.reports.filter(pl.col("url").str.starts_with(name))["report_id"]
    implied = priors(figures(published.facts.filter(report_id=report_id)))
    found = {row["concept"]: row["lhs"] / 10_000 for row in implied.iter_rows(named=True)}
    assert {concept: found[concept] for concept in SEEDS[name]} == {c: Decimal(v) for c, v in SEEDS[name].items()}


def test_published_reports_of_years_that_do_not_follow_each_other_are_not_compared(published: Any) -> None:
    assert compared(published).is_empty()
    told = dict(published.reports.select(pl.col("url").str.head(3), "restated").iter_rows())
    assert [name for name, words in told.items() if words] == ["000", "001"]


def test_written_years_agree() -> None:
    """No finding in 300 pairs of reports in all forms, and in 40 with public tables."""
    for number, more in ((300, {}), (40, {"tables": "sichuan"})):
        texts = [
            written(each, seed * 10 + each.year % 10, **more)
            for seed, accounts in enumerate(pairs_of_accounts(number))
            for each in accounts
        ]
        checks = compared(read_back(texts))
        assert checks.filter(verdict="violated")["message"].to_list() == []
        assert checks.filter(verdict="not_evaluated").group_by("report_id", "equation").len()["len"].max() == 1
        assert checks.filter(pl.col("verdict").is_in(["exact", "rounding"]))["report_id"].n_unique() == number
