"""Likely causes of a violation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

One = Callable[..., dict[str, Any]]
TOTAL = "procurement_expenditure"
PARTS = (("procurement_goods", "61.30"), ("procurement_works", "20.00"))


@pytest.mark.parametrize(
    ("total", "more", "diagnosis"),
    [
        ("813.00", [], "scale_slip"),
        ("8.13", [], "scale_slip"),
        ("813000.00", [], "scale_slip"),
        ("81.03", [], "transposed_digits"),
        ("18.30", [], "transposed_digits"),
        ("82.03", [("gpb_expenditure", "0.73")], "missing_item: gpb_expenditure"),
        ("82.03", [("gpb_expenditure", "0.73"), ("expenditure_basic", "0.73")], "missing_item"),
        (
            "82.03",
            [("gpb_function_expenditure", "0.73", {"member_code": "208"})],
            "missing_item: gpb_function_expenditure 208",
        ),
        ("40.00", [("procurement_services", "20.00")], "missing_item: procurement_goods"),
        ("20.00", [], None),  # the total may be the works', or the works the total
        ("75.12", [("expenditure_basic", "75.12")], "copied_figure: expenditure_basic"),
        ("75.12", [("expenditure_basic", "81.30")], None),
        ("75.12", [("gpb_budget", "75.12")], None),  # budgets are often kept to exactly
        ("75.00", [("expenditure_basic", "75.00")], None),  # two digits are equal by chance
        ("82.03", [], "missing_item"),
        ("82.30", [], None),  # one digit is wrong somewhere
        ("75.00", [], None),
        ("0", [], None),
    ],
)
def test_diagnosis(one: One, total: str, more: list[Any], diagnosis: str | None) -> None:
    found = one("S24", (TOTAL, total), *PARTS, *more)
    assert (found["verdict"], found["diagnosis"]) == ("violated", diagnosis)


def test_a_figure_of_a_concept_that_is_often_equal_is_no_copy(one: One) -> None:
    rows = [
        ("fiscal_revenue_total", "10.00"),
        ("fiscal_revenue_current_year", "12.00"),
        ("fiscal_expenditure_total", "10.00"),
    ]
    assert one("S07", *rows)["diagnosis"] is None


def test_the_slip_of_one_part(one: One) -> None:
    parts = [("procurement_goods", "613.00"), ("procurement_works", "20.07")]
    assert one("S24", (TOTAL, "81.37"), *parts)["diagnosis"] == "scale_slip"


FUNCTION = "gpb_function_expenditure"


def listed(section: str, **members: str) -> list[Any]:
    return [(FUNCTION, value, {"member_code": code[1:], "section": section}) for code, value in members.items()]


def test_a_figure_that_another_equation_confirms_is_no_suspect(one: One) -> None:
    """The classes are the sums of their items, so that the total is wrong; that 61.30 stands elsewhere too is chance."""
    classes = listed("五（二）", _201="61.30", _208="20.00") + listed("五（三）", _2010101="61.30", _2080505="20.00")
    rows = [("gpb_expenditure", "75.12"), *classes, ("procurement_goods", "61.30"), ("procurement_works", "75.12")]
    assert one("S13", *rows)["diagnosis"] == "copied_figure: procurement_works"


def test_the_figure_that_breaks_two_equations(one: One) -> None:
    """208 is off in the sum of classes and against its only item: what else the class list may lack does not matter."""
    classes = listed("五（二）", _201="61.30", _208="20.14") + listed("五（三）", _2010101="61.30", _2080505="20.41")
    assert one("S13", ("gpb_expenditure", "81.71"), *classes)["diagnosis"] == "transposed_digits"


def test_a_list_without_one_of_its_items(one: One) -> None:
    items = listed("五（三）", _2080501="18.94", _2080505="46.88", _2080506="3.81")
    whole = listed("五（二）", _208="69.90")
    assert one("S14", *whole, *items)["diagnosis"] == "missing_item"


def test_a_limit_tells_no_right_figure(one: One) -> None:
    rows = [("expenditure_project", "10.00"), ("project_stated_amount", "100.00", {"member_name": "甲"})]
    assert one("S30", *rows, instance="listed")["diagnosis"] is None


def test_repeated_statements(one: One) -> None:
    rows = [("official_reception_expenditure", "5.05"), ("official_reception_expenditure", "50.50")]
    assert one("T01", *rows)["diagnosis"] == "scale_slip"


def test_small_counts_are_equal_by_chance(one: One) -> None:
    rows = [("staff_authorized", "8"), ("staff_authorized", "14", {"section": "绩效报告"}), ("vehicle_count", "8")]
    assert one("T01", *rows)["diagnosis"] == "inconsistent"


@pytest.mark.parametrize(("total", "diagnosis"), [("40", "scale_slip"), ("31", "transposed_digits"), ("14", None)])
def test_counts_slip_too(one: One, total: str, diagnosis: str | None) -> None:
    kinds = [("vehicle_use_count", number, {"member_name": name}) for name, number in (("甲", "1"), ("乙", "3"))]
    if diagnosis == "transposed_digits":
        kinds.append(("vehicle_use_count", "9", {"member_name": "丙"}))
    found = one("S26", ("vehicle_count", total), *kinds, instance="vehicle_count")
    assert (found["verdict"], found["diagnosis"]) == ("violated", diagnosis)


def test_the_total_of_a_whole_slips_too(one: One) -> None:
    kinds = [("staff_actual", number, {"member_name": name}) for name, number in (("合计", "73"), ("行政", "20"))]
    assert one("S28", *kinds, ("staff_actual", "17", {"member_name": "事业"}))["diagnosis"] == "transposed_digits"


def test_parts_that_exceed_their_total(one: One) -> None:
    """Nothing is missing from them; 20.02 is the one of which two digits make up the gap."""
    parts = [("procurement_goods", "61.30"), ("procurement_works", "20.20")]
    assert one("S24", (TOTAL, "81.32"), *parts)["diagnosis"] == "transposed_digits"


def test_one_number_that_states_two_figures_confirms_neither(one: One) -> None:
    """收、支总计 are equal, as they are one number; the sum of the year and the balance tells what it should be."""
    rows = [("revenue_total", "81.37"), ("expenditure_total", "81.37"), ("carryover_opening", "20.00")]
    assert one("S04", *rows, ("revenue_current_year", "61.73"))["diagnosis"] == "transposed_digits"


def test_a_limit_that_is_broken_tells_the_suspect(one: One) -> None:
    """20.14 breaks the sum of the classes, and the limit of what the three budgets spend, too."""
    classes = listed("表04", _201="61.30", _208="20.41")
    rows = [(concept.replace("gpb_", "fiscal_"), *more) for concept, *more in classes]
    rows += [("function_expenditure", "20.14", {"member_code": "208", "section": "表01"})]
    total = ("fiscal_expenditure_current_year", "81.44", {"section": "表04"})
    found = one("B04", total, *rows, instance="fiscal_expenditure_current_year")
    assert found["diagnosis"] == "transposed_digits"


class TestInconsistent:
    """Parts of the report that were drawn up one by one."""

    FORM = (("gpb_expenditure", "33.77"), ("government_fund_expenditure", "43.60"), ("state_capital_expenditure", "0"))

    def test_statements_that_disagree(self, one: One) -> None:
        rows = [("fiscal_revenue_total", "38.93"), ("fiscal_revenue_total", "36.75", {"section": "绩效报告"})]
        assert one("T01", *rows)["diagnosis"] == "inconsistent"

    def test_a_total_that_another_part_states(self, one: One) -> None:
        total = ("fiscal_expenditure_current_year", "76.65", {"section": "绩效报告"})
        assert one("S10", total, *self.FORM)["diagnosis"] == "inconsistent"

    def test_a_total_that_the_same_part_states(self, one: One) -> None:
        assert (
            one("S10", ("fiscal_expenditure_current_year", "76.65", {"section": "四"}), *self.FORM)["diagnosis"] is None
        )

    def test_a_better_explanation_stands(self, one: One) -> None:
        total = ("fiscal_expenditure_current_year", "73.77", {"section": "绩效报告"})
        assert one("S10", total, *self.FORM)["diagnosis"] == "transposed_digits"


def test_no_diagnosis_without_a_violation(one: One) -> None:
    assert one("S24", (TOTAL, "81.30"), *PARTS)["diagnosis"] is None
