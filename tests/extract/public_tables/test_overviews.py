"""The overview tables of all revenue and expenditure (01) and of fiscal appropriations (04): two halves side by side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Read = Callable[..., Any]

REVENUE = [
    ("一、一般公共预算财政拨款收入", "1,900.00"),
    ("二、政府性基金预算财政拨款收入", "0.00"),
    ("三、国有资本经营预算财政拨款收入", ""),
    ("四、上级补助收入", ""),
    ("五、事业收入", "40.5"),
    ("六、经营收入", ""),
    ("七、附属单位上缴收入", ""),
    ("八、其他收入", "9.5"),
    ("本年收入合计", "1,950.00"),
    ("使用非财政拨款结余（含专用结余）", "1"),
    ("年初结转和结余", "49"),
    ("总计", "2,000.00"),
]
EXPENDITURE = [
    ("一、一般公共服务支出", "1,500.00"),
    ("二、外交支出", ""),
    ("五、教育支出", "0"),
    ("八、社会保障和就业支出", "300.00"),
    ("九、卫生健康支出", "100.00"),
    ("二十三、其他支出", "50"),
    ("", ""),
    ("", ""),
    ("本年支出合计", "1,950.00"),
    ("结余分配", ""),
    ("年末结转和结余", "50"),
    ("总计", "2,000.00"),
]
ALL_FIGURES = {
    ("revenue_general_budget", None): "1900.00",
    ("revenue_government_fund", None): "0.00",
    ("revenue_institutional", None): "40.5",
    ("revenue_other", None): "9.5",
    ("revenue_current_year", None): "1950.00",
    ("non_fiscal_balance_used", None): "1",
    ("carryover_opening", None): "49",
    ("revenue_total", None): "2000.00",
    ("function_expenditure", "201"): "1500.00",
    ("function_expenditure", "205"): "0",
    ("function_expenditure", "208"): "300.00",
    ("function_expenditure", "210"): "100.00",
    ("function_expenditure", "229"): "50",
    ("expenditure_current_year", None): "1950.00",
    ("carryover_closing", None): "50",
    ("expenditure_total", None): "2000.00",
}


def halves(left: list[tuple[str, str]], right: list[tuple[str, ...]], *, lines: bool) -> list[list[str]]:
    rows = []
    for number, (one, other) in enumerate(zip(left, right, strict=True), 1):
        numbers = [str(number)], [str(30 + number)]
        rows.append([one[0], *numbers[0], one[1], other[0], *numbers[1], *other[1:]] if lines else [*one, *other])
    return rows


@pytest.mark.parametrize("lines", [True, False], ids=["numbered", "plain"])
def test_both_halves(read_tables: Read, lines: bool) -> None:
    """Blank is no fact, a printed zero is one; numbers of lines and columns are none."""
    names = ["项目", "行次", "决算数"] if lines else ["项目", "决算数"]
    numbering = [["栏次", "", "1", "栏次", "", "2"]] if lines else []
    head = [[("收入", len(names)), ("支出", len(names))], [*names, *names], *numbering]
    stated = read_tables(
        "公开01表", "收入支出决算总表", "编制单位：某局 单位：万元", [*head, *halves(REVENUE, EXPENDITURE, lines=lines)]
    )
    assert stated.figures == ALL_FIGURES
    assert {fact[3:] for fact in stated.facts} == {("万元", "表01")}
    assert stated.left == []


def test_title_and_unit_in_the_first_rows(read_page: Read) -> None:
    """Sheets hold their title, form and unit themselves. The number of the form says nothing."""
    head = [
        [("2022年度部门收入支出决算总表", 4)],
        [("", 3), "公开07表"],
        [("部门：某局", 3), "金额单位：元"],
        [("收 入", 2), ("支 出", 2)],
        ["项目", "金额", "项目（按功能分类）", "金额"],
    ]
    stated = read_page([*head, *halves(REVENUE, EXPENDITURE, lines=False)])
    assert stated.figures == ALL_FIGURES
    assert {fact[3:] for fact in stated.facts} == {("元", "表01")}
    assert stated.extraction.facts["amount_cny"][0] == 1900


def test_a_third_block_by_kind_and_economic_class(read_page: Read) -> None:
    """其他支出 is a function in one block and an economic class in the other."""
    table = [
        [("收入", 2), ("支出", 4)],
        ["项目", "决算数", "项目（按功能分类）", "决算数", "项目（按支出性质和经济分类）", "决算数"],
        ["一、一般公共预算财政拨款收入", "100", "一、一般公共服务支出", "90", "一、基本支出", "70"],
        ["", "", "二十三、其他支出", "10", "其中：人员经费", "60"],
        ["", "", "", "", "二、项目支出", "30"],
        ["", "", "", "", "工资福利支出", "95"],
        ["", "", "", "", "其他支出", "5"],
        ["本年收入合计", "100", ("本年支出合计", 3), "100"],
    ]
    assert read_page("收入支出决算总表", table).figures == {
        ("revenue_general_budget", None): "100",
        ("function_expenditure", "201"): "90",
        ("function_expenditure", "229"): "10",
        ("expenditure_basic", None): "70",
        ("expenditure_project", None): "30",
        ("economic_class_expenditure", "301"): "95",
        ("economic_class_expenditure", "399"): "5",
        ("revenue_current_year", None): "100",
        ("expenditure_current_year", None): "100",
    }


FISCAL_REVENUE = [
    ("一、一般公共预算财政拨款", "190"),
    ("二、政府性基金预算财政拨款", "10"),
    ("三、国有资本经营预算财政拨款", ""),
    ("本年收入合计", "200"),
    ("年初财政拨款结转和结余", "7"),
    ("一般公共预算财政拨款", "5"),
    ("政府性基金预算财政拨款", "2"),
    ("国有资本经营预算财政拨款", ""),
    ("总计", "207"),
]
FISCAL_EXPENDITURE = [
    ("一、一般公共服务支出", "188", "188", "", ""),
    ("十一、城乡社区支出", "12", "2", "10", ""),
    ("二十三、国有资本经营预算支出", "3", "", "", "3"),
    ("本年支出合计", "203", "190", "10", "3"),
    ("年末财政拨款结转和结余", "4", "4", "0", ""),
    ("", "", "", "", ""),
    ("", "", "", "", ""),
    ("", "", "", "", ""),
    ("总计", "207", "194", "10", "3"),
]
FISCAL_FIGURES = {
    ("revenue_general_budget", None): "190",
    ("revenue_government_fund", None): "10",
    ("fiscal_revenue_current_year", None): "200",
    ("fiscal_carryover_opening", None): "7",
    ("fiscal_carryover_opening", "一般公共预算财政拨款"): "5",
    ("fiscal_carryover_opening", "政府性基金预算财政拨款"): "2",
    ("fiscal_revenue_total", None): "207",
    ("fiscal_function_expenditure", "201"): "188",
    ("gpb_function_expenditure", "201"): "188",
    ("fiscal_function_expenditure", "212"): "12",
    ("gpb_function_expenditure", "212"): "2",
    ("government_fund_function_expenditure", "212"): "10",
    ("fiscal_function_expenditure", "223"): "3",
    ("fiscal_expenditure_current_year", None): "203",
    ("gpb_expenditure", None): "190",
    ("government_fund_expenditure", None): "10",
    ("state_capital_expenditure", None): "3",
    ("fiscal_carryover_closing", None): "4",
    ("fiscal_carryover_closing", "一般公共预算财政拨款"): "4",
    ("fiscal_carryover_closing", "政府性基金预算财政拨款"): "0",
    ("fiscal_expenditure_total", None): "207",
}


@pytest.mark.parametrize("lines", [True, False], ids=["numbered", "plain"])
def test_fiscal_appropriations(read_page: Read, lines: bool) -> None:
    budgets = ["合计", "一般公共预算财政拨款", "政府性基金预算财政拨款", "国有资本经营预算财政拨款"]
    number: list[Any] = [("行次", 1, 2)] if lines else []
    head = [
        [("收入", 3 if lines else 2), ("支出", 6 if lines else 5)],
        [("项目", 1, 2), *number, ("金额", 1, 2), ("项目", 1, 2), *number, ("决算数", 4)],
        budgets,
    ]
    stated = read_page(
        "财政拨款收入支出决算总表", "单位：万元", [*head, *halves(FISCAL_REVENUE, FISCAL_EXPENDITURE, lines=lines)]
    )
    assert stated.figures == FISCAL_FIGURES
    assert {fact[4] for fact in stated.facts} == {"表04"}
    assert stated.left == [(value, "set_aside") for value in ("3", "194", "10", "3")]


def test_fiscal_appropriations_of_a_dump(read_tables: Read) -> None:
    """A dump tells no columns; one row of headings needs none."""
    budgets = ["合计", "一般公共预算财政拨款", "政府性基金预算财政拨款", "国有资本经营预算财政拨款"]
    head = [["项目", "决算数", "项目", *budgets]]
    stated = read_tables("财政拨款收入支出决算总表", [*head, *halves(FISCAL_REVENUE, FISCAL_EXPENDITURE, lines=False)])
    assert stated.figures == FISCAL_FIGURES
