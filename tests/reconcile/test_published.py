"""What the network says about published reports: their real errors, and nothing of what only looks like one.

The figures are those of published final accounts; hand-checked facts of three of them are read from the shared folder.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from schemas.curated import MENTIONS
from tasks.reconcile import reconcile

One = Callable[..., dict[str, Any]]
ANNEX = {"section": "绩效报告"}
FUNDS = "government_fund_expenditure"


@pytest.mark.parametrize(
    ("name", "violated"), [("000", [("S14", "208"), ("S15", "")]), ("002", []), ("004", [])], ids=["000", "002", "004"]
)
def test_hand_checked_reports(gold: Any, name: str, violated: list[tuple[str, str]]) -> None:
    """An item is missing from the list of 000; all other equations that can be computed hold."""
    checks = reconcile(*gold(name), MENTIONS.frame())
    held = checks.filter(pl.col("verdict") == "violated", pl.col("severity") == "H")
    assert held.select("equation", "instance").rows() == violated
    assert held["diagnosis"].to_list() == ["missing_item"] * len(violated)
    assert checks.filter(pl.col("verdict").is_in(["exact", "rounding"])).height > 30


def test_total_of_procurement_left_at_zero(one: One) -> None:
    kinds = [("procurement_goods", "13.36"), ("procurement_works", "0"), ("procurement_services", "0")]
    found = one("S24", ("procurement_expenditure", "0"), *kinds)
    assert (found["verdict"], found["residual"], found["diagnosis"]) == (
        "violated",
        -133_600,
        "missing_item: procurement_goods",
    )


def test_fiscal_revenue_of_the_form_and_of_the_performance_report(one: One) -> None:
    found = one("T01", ("fiscal_revenue_total", "383.93"), ("fiscal_revenue_total", "381.75", ANNEX))
    assert (found["verdict"], found["severity"], found["residual"]) == ("violated", "H", 21_800)


def test_fiscal_expenditure_of_the_performance_report(one: One) -> None:
    rows = [("gpb_expenditure", "332.77"), (FUNDS, "44"), ("state_capital_expenditure", "0")]
    found = one("S10", ("fiscal_expenditure_current_year", "376.05", ANNEX), *rows)
    assert (found["verdict"], found["residual"]) == ("violated", -7_200)


def test_a_list_of_projects_beyond_what_projects_cost(one: One) -> None:
    """Executed amounts, and one budget that was not spent."""
    amounts = ("27.49", "48.8", "7.1", "9.99", "0.5", "5", "4.6", "5")
    rows = [("project_stated_amount", value, {"member_name": f"项目{n}"}) for n, value in enumerate(amounts)]
    found = one("S30", ("expenditure_project", "103.89"), *rows, instance="listed")
    assert (found["verdict"], found["severity"], found["residual"]) == ("violated", "S", -45_900)


def test_one_amount_with_two_different_years_before(one: One) -> None:
    agency, public_use = "agency_operating_expenditure", "gpb_public_use_expenditure"
    rows: list[Any] = [(agency, "79.1"), (public_use, "79.1")]
    rows += [(f"{agency}_yoy_change", "4.94", {"period": "change"})]
    rows += [(f"{public_use}_yoy_change", "4.45", {"period": "change"})]
    found = one("S27", *rows, instance="change")
    assert (found["verdict"], found["severity"], found["residual"]) == ("violated", "S", 4_900)


def test_seconded_people_are_in_no_posts(check: Callable[..., pl.DataFrame]) -> None:
    posts = {"合计": "47", "行政": "21", "事业": "24", "机关工勤": "2"}
    people = {"合计": "56", "在编在职工作人员": "46", "下派": "3", "借用": "6", "大学生志愿者": "1"}
    rows = [("staff_authorized", number, {"member_name": name}) for name, number in posts.items()]
    rows += [("staff_actual", number, {"member_name": name}) for name, number in people.items()]
    found = check(*rows).filter(pl.col("equation") == "S28")
    assert found["verdict"].to_list() == ["exact", "exact"]


def classes(total: str, *values: str) -> list[Any]:
    members = [{"member_code": str(201 + n), "section": "五（二）"} for n in range(len(values))]
    return [("gpb_expenditure", total), *zip(["gpb_function_expenditure"] * len(values), values, members, strict=True)]


@pytest.mark.parametrize(
    ("equation", "rows"),
    [
        ("S13", classes("797.02", "591.88", "97.93", "43.91", "63.28")),
        ("S13", classes("939.98", "663.69", "136.65", "74.85", "64.8")),
        ("S13", classes("332.77", "281.99", "16", "13.93", "20.86")),
        (
            "S10",
            [("fiscal_expenditure_current_year", "872.12", ANNEX), ("gpb_expenditure", "797.02"), (FUNDS, "75.09")],
        ),
        (
            "S01",
            [
                ("revenue_current_year", "1014.51"),
                ("revenue_general_budget", "939.98"),
                ("revenue_government_fund", "74.52"),
            ],
        ),
        (
            "S02",
            [
                ("expenditure_current_year", "1014.51"),
                ("expenditure_basic", "939.98"),
                ("expenditure_project", "74.52"),
            ],
        ),
        (
            "S17",
            [
                ("gpb_basic_expenditure", "939.98"),
                ("gpb_personnel_expenditure", "860.89"),
                ("gpb_public_use_expenditure", "79.1"),
            ],
        ),
        (
            "S17",
            [
                ("gpb_basic_expenditure", "735.01"),
                ("gpb_personnel_expenditure", "667.27"),
                ("gpb_public_use_expenditure", "67.73"),
            ],
        ),
    ],
)
def test_residuals_that_rounding_explains(one: One, equation: str, rows: list[Any]) -> None:
    assert one(equation, *rows)["verdict"] == "rounding"


def test_a_class_whose_items_were_rounded(one: One) -> None:
    items = {"2080501": "15.36", "2080505": "84.17", "2080506": "12.54", "2080801": "24.57"}
    rows = [
        ("gpb_function_expenditure", value, {"member_code": code, "section": "五（三）"})
        for code, value in items.items()
    ]
    whole = ("gpb_function_expenditure", "136.65", {"member_code": "208", "section": "五（二）"})
    assert one("S14", whole, *rows, instance="208")["verdict"] == "rounding"


def test_expenditure_paid_from_the_opening_balances(check: Callable[..., pl.DataFrame]) -> None:
    """No fund revenue but fund expenditure, and more expenditure than revenue of the year: the balances paid for it."""
    rows = [("revenue_total", "894"), ("expenditure_total", "894"), ("revenue_current_year", "776.73")]
    rows += [("revenue_government_fund", "0"), (FUNDS, "75.09"), ("expenditure_current_year", "872.17")]
    rows += [("gpb_expenditure", "797.02"), ("revenue_general_budget", "776.26"), ("revenue_other", "0.47")]
    assert "violated" not in set(check(*rows)["verdict"])
