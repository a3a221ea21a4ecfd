"""The sentence of a check: what people read first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

One = Callable[..., dict[str, Any]]

CLASS = (
    "gpb_function_expenditure",
    "97.93",
    {"member_code": "208", "member_name": "社会保障和就业支出", "section": "五（二）"},
)
ITEMS = [("2080501", "18.94"), ("2080505", "46.88"), ("2080506", "3.81"), ("2080801", "28.03")]


def items(values: list[tuple[str, str]]) -> list[Any]:
    return [
        ("gpb_function_expenditure", value, {"member_code": code, "member_name": f"项{code}", "section": "五（三）"})
        for code, value in values
    ]


def test_violated_sum(one: One) -> None:
    assert one("S14", CLASS, *items(ITEMS), instance="208")["message"] == (
        "S14 社会保障和就业支出 97.93万元 ≠ 97.66万元, the sum of its 4 items; "
        "off by 0.27万元, rounding explains at most 0.025万元"
    )


def test_one_item_is_named(one: One) -> None:
    assert one("S14", CLASS, *items([("2080501", "97.93")]), instance="208")["message"] == (
        "S14 社会保障和就业支出 97.93万元 = 97.93万元, 项2080501"
    )


def test_rounding(one: One) -> None:
    rows = [
        ("gpb_basic_expenditure", "735.01"),
        ("gpb_personnel_expenditure", "667.27"),
        ("gpb_public_use_expenditure", "67.73"),
    ]
    assert one("S17", *rows)["message"] == (
        "S17 一般公共预算财政拨款基本支出 735.01万元 ≈ 735万元, 人员经费 + （日常）公用经费; "
        "off by 0.01万元, rounding explains at most 0.015万元"
    )


def test_parts_beyond_the_total(one: One) -> None:
    rows = [("procurement_sme_contract", "5.00"), ("procurement_micro_contract", "6.00")]
    assert one("S25", *rows, instance="procurement_sme_contract")["message"] == (
        "S25 授予中小企业合同金额 5万元 < 6万元, 授予小微企业合同金额; off by 1万元, rounding explains at most 0.01万元"
    )


def test_a_part_that_is_taken_off(one: One) -> None:
    rows = [("expenditure_project", "30.00"), ("gpb_expenditure", "25.00"), ("gpb_basic_expenditure", "5.00")]
    assert one("S19", *rows)["message"] == (
        "S19 项目支出 30万元 ≥ 20万元, 一般公共预算财政拨款支出 − 一般公共预算财政拨款基本支出"
    )


def test_counts(one: One) -> None:
    kinds = [
        ("vehicle_use_count", value, {"member_name": name})
        for name, value in (("机要通信用车", "1"), ("其他用车", "3"))
    ]
    assert one("S26", ("vehicle_count", "3"), *kinds, instance="vehicle_count")["message"] == (
        "S26 共有车辆 3 ≠ 4, 机要通信用车 + 其他用车; off by 1, rounding explains at most 0"
    )


def test_absent(one: One) -> None:
    assert one("S17", ("gpb_basic_expenditure", "5.00"))["message"] == (
        "S17 Basic expenditure is personnel and public-use expenditure; not evaluated: 人员经费, （日常）公用经费 not printed"
    )


def test_balancing_figure_absent(one: One) -> None:
    assert one("S08", ("fiscal_expenditure_total", "5.00"), ("fiscal_expenditure_current_year", "4.00"))["message"] == (
        "S08 财政拨款支出总计 5万元 against 4万元, 财政拨款支出本年合计; not evaluated: 年末财政拨款结转和结余 not printed"
    )


def test_unread(one: One) -> None:
    rows = [("procurement_expenditure", "10.00"), ("procurement_goods", "6.00")]
    assert one("S24", *rows, unread=[("十（二）", "4万元")])["message"] == (
        "S24 政府采购支出总额 10万元 against 6万元, 政府采购货物支出; "
        "not evaluated: figures in a section that takes part could not be read"
    )


def test_repeated_statements(one: One) -> None:
    rows = [("fiscal_revenue_total", "383.93"), ("fiscal_revenue_total", "381.75", {"section": "绩效报告"})]
    assert one("T01", *rows)["message"] == (
        "T01 财政拨款收入总计 383.93万元 in 四 ≠ 381.75万元 in 绩效报告, stated 2 times; "
        "off by 2.18万元, rounding explains at most 0.01万元"
    )


def test_repeated_percentages(one: One) -> None:
    rows = [("expenditure_basic_share", "92.7"), ("expenditure_basic_share", "92.7")]
    assert one("T01", *rows)["message"] == "T01 基本支出占比 92.7% in 三 = 92.7% in 三, stated 2 times"
