"""Table 08, basic expenditure by economic class, and table 13, the three-public expenses, in the layouts met."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Read = Callable[..., Any]

PAIRS = [
    ["301", "工资福利支出", "10.5", "302", "商品和服务支出", "4", "310", "资本性支出", "1.00"],
    ["30101", "基本工资", "10", "30201", "办公费", "3", "31002", "办公设备购置", "1.00"],
    ["30102", "津贴补贴", "0.5", "30202", "印刷费", "1", "31003", "专用设备购置", ""],
    ["303", "对个人和家庭的补助", "2", "", "", "", "399", "其他支出", ""],
    ["30305", "生活补助", "2", "", "", "", "", "", ""],
]
CLASSES = {
    ("economic_class_expenditure", code): value
    for code, value in {
        **{"301": "10.5", "30101": "10", "30102": "0.5", "302": "4", "30201": "3", "30202": "1"},
        **{"303": "2", "30305": "2", "310": "1.00", "31002": "1.00"},
    }.items()
}
SUMS = {("gpb_personnel_expenditure", None): "12.5", ("gpb_public_use_expenditure", None): "5.00"}
TITLE = "一般公共预算财政拨款基本支出决算表"


@pytest.mark.parametrize(
    "footer",
    [
        [("人员经费合计", 2), "12.5", ("公用经费合计", 5), "5.00"],
        ["", "人员经费合计", "12.5", "", "公用经费合计", "", "", "", "5.00"],
    ],
    ids=["spanning", "with empty cells"],
)
def test_three_pairs_side_by_side(read_page: Read, footer: list[Any]) -> None:
    head = [[("人员经费", 3), ("公用经费", 6)], ["经济分类科目编码", "科目名称", "金额"] * 3]
    assert read_page(TITLE, "单位：万元", [*head, *PAIRS, footer]).figures == CLASSES | SUMS


def test_three_pairs_of_a_dump(read_tables: Read) -> None:
    """There, cells that span columns leave the amounts of the footer in columns of names."""
    head = [["科目编码", "科目名称", "金额"] * 3]
    footer: list[Any] = [("人员经费合计", 2), "12.5", ("公用经费合计", 5), "5.00"]
    assert read_tables(TITLE, [*head, *PAIRS, footer]).figures == CLASSES | SUMS


def test_a_list_with_columns_by_purpose(read_tables: Read) -> None:
    """The purpose of a class repeats its amount."""
    table = [
        ["经济分类科目编码", "科目名称", "合计", "人员经费", "公用经费"],
        ["", "合计", "17.5", "12.5", "5.00"],
        ["301", "工资福利支出", "12.5", "12.5", ""],
        ["302", "商品和服务支出", "5.00", "", "5.00"],
    ]
    stated = read_tables(TITLE, table)
    assert stated.figures == SUMS | {
        ("gpb_basic_expenditure", None): "17.5",
        ("economic_class_expenditure", "301"): "12.5",
        ("economic_class_expenditure", "302"): "5.00",
    }
    assert stated.left == [("12.5", "set_aside"), ("5.00", "set_aside")]


BUDGET = {
    "three_public_budget": "9.00",
    "overseas_travel_budget": "0",
    "official_vehicle_budget": "5.00",
    "vehicle_operation_budget": "5.00",
    "official_reception_budget": "4.00",
}
ACTUAL = {
    "three_public_expenditure": "8",
    "official_vehicle_expenditure": "5",
    "vehicle_operation_expenditure": "5",
    "official_reception_expenditure": "3",
}
THREE_PUBLIC = {(concept, None): value for concept, value in (BUDGET | ACTUAL).items()}
THIRTEEN = "财政拨款“三公”经费支出决算表"
AMOUNTS = ["9.00", "0", "5.00", "", "5.00", "4.00", "8", "", "5", "", "5", "3"]


def test_a_block_of_budgets_and_one_of_actual_amounts(read_tables: Read) -> None:
    table: list[list[Any]] = [
        [("预算数", 6), ("决算数", 6)],
        [("合计", 1, 2), ("因公出国（境）费", 1, 2), ("公务用车购置及运行维护费", 3), ("公务接待费", 1, 2)] * 2,
        ["小计", "公务用车购置费", "公务用车运行维护费"] * 2,
        [str(number) for number in range(1, 13)],
        AMOUNTS,
    ]
    stated = read_tables("公开13表", THIRTEEN, "单位：万元", table)
    assert stated.figures == THREE_PUBLIC
    assert {fact[4] for fact in stated.facts} == {"表13"}


def test_budget_and_actual_amount_of_each_item_side_by_side(read_page: Read) -> None:
    both = ["预算数", "决算数"]
    table: list[list[Any]] = [
        [("合计", 2, 2), ("因公出国（境）费", 2, 2), ("公务用车购置及运行费", 6), ("公务接待费", 2, 2)],
        [("小计", 2), ("购置费", 2), ("运行费", 2)],
        both * 6,
        [amount for pair in zip(AMOUNTS[:6], AMOUNTS[6:], strict=True) for amount in pair],
    ]
    assert read_page(THIRTEEN, table).figures == THREE_PUBLIC


def test_one_item_per_row(read_tables: Read) -> None:
    table = [
        ["项目", "年初预算数", "决算数"],
        ["合计", "9.00", "8"],
        ["1．因公出国（境）费", "0", ""],
        ["2．公务用车购置及运行维护费", "5.00", "5"],
        ["（1）公务用车购置费", "", ""],
        ["（2）公务用车运行维护费", "5.00", "5"],
        ["3．公务接待费", "4.00", "3"],
        ["其中：国内接待费", "", "3"],
        ["国内公务接待批次（个）", "", "12"],
        ["培训费", "", "1.5"],
    ]
    expected = {
        **THREE_PUBLIC,
        ("three_public_initial_budget", None): "9.00",
        ("domestic_reception_expenditure", None): "3",
        ("domestic_reception_batch_count", None): "12",
        ("training_expenditure", None): "1.5",
    }
    del expected["three_public_budget", None]
    assert read_tables(THIRTEEN, table).figures == expected


def test_another_year_beside_the_report_s_own(read_tables: Read) -> None:
    """Amounts of the year before are none of this one."""
    table = [
        ["项目", "2021年决算数", "2022年预算数", "2022年决算数"],
        ["合计", "10", "9.00", "8"],
        ["公务接待费", "10", "9.00", "8"],
    ]
    stated = read_tables(THIRTEEN, table)
    assert stated.figures == {
        ("three_public_budget", None): "9.00",
        ("three_public_expenditure", None): "8",
        ("official_reception_budget", None): "9.00",
        ("official_reception_expenditure", None): "8",
    }
    assert stated.left == [("10", "set_aside")] * 2


def test_meetings_and_training_are_outside_the_three(read_page: Read) -> None:
    table: list[list[Any]] = [
        [("“三公”经费", 6), ("会议费", 1, 3), ("培训费", 1, 3)],
        [("合计", 1, 2), ("因公出国（境）费", 1, 2), ("公务用车购置及运行维护费", 3), ("公务接待费", 1, 2)],
        ["小计", "购置费", "运行维护费"],
        ["8", "", "5", "", "5", "3", "0.7", "1.5"],
    ]
    expected = {(concept, None): value for concept, value in ACTUAL.items()}
    stated = read_page("“三公”经费、会议费、培训费支出决算表", table)
    assert stated.figures == expected | {("meeting_expenditure", None): "0.7", ("training_expenditure", None): "1.5"}


def test_expenses_paid_from_funds_are_others(read_page: Read) -> None:
    """They have no concept, and must not be taken for those of the general budget."""
    table = [["合计", "因公出国（境）费", "公务接待费"], ["3", "", "3"]]
    stated = read_page("政府性基金预算财政拨款“三公”经费支出决算表", [[("预算数", 3)], *table])
    assert stated.facts == []
