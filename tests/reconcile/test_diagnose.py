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
        ("82.00", [("gpb_expenditure", "0.70")], "missing_item: gpb_expenditure"),
        ("82.00", [("gpb_expenditure", "0.70"), ("expenditure_basic", "0.70")], "missing_item"),
        (
            "82.00",
            [("gpb_function_expenditure", "0.70", {"member_code": "208"})],
            "missing_item: gpb_function_expenditure 208",
        ),
        ("20.00", [], "missing_item: procurement_goods"),
        ("75.00", [("expenditure_basic", "75.00")], "copied_figure: expenditure_basic"),
        ("75.00", [("expenditure_basic", "81.30")], "copied_figure: expenditure_basic"),
        ("82.00", [], "missing_item"),
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


def test_repeated_statements(one: One) -> None:
    rows = [("official_reception_expenditure", "5.05"), ("official_reception_expenditure", "50.50")]
    assert one("T01", *rows)["diagnosis"] == "scale_slip"


def test_small_counts_are_equal_by_chance(one: One) -> None:
    rows = [("staff_authorized", "8"), ("staff_authorized", "14", {"section": "绩效报告"}), ("vehicle_count", "8")]
    assert one("T01", *rows)["diagnosis"] is None


def test_no_diagnosis_without_a_violation(one: One) -> None:
    assert one("S24", (TOTAL, "81.30"), *PARTS)["diagnosis"] is None
