"""Tables whose rows are functions: 02, 03, 06, 09, 10, 11, 12, and the wide ones by economic class, 05 and 07."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Read = Callable[..., Any]

ITEMS = [
    ("208", "社会保障和就业支出"),
    ("20805", "行政事业单位养老支出"),
    ("2080505", "机关事业单位基本养老保险缴费支出"),
]


def rows(parted: bool, *amounts: str, items: list[tuple[str, str]] = ITEMS) -> list[list[Any]]:
    """A row for each item with the same amounts; the code in one column or in three."""
    codes = [[code[:3], code[3:5], code[5:]] if parted else [code] for code, _ in items]
    return [[*code, name, *amounts] for code, (_, name) in zip(codes, items, strict=True)]


@pytest.mark.parametrize("parted", [True, False], ids=["three columns", "one column"])
def test_revenue(read_page: Read, parted: bool) -> None:
    code = 3 if parted else 1
    head: list[list[Any]] = [
        [
            ("项目", code + 1),
            ("本年收入合计", 1, 2),
            ("财政拨款收入", 1, 2),
            ("上级补助收入", 1, 2),
            ("事业收入", 2),
            ("经营收入", 1, 2),
            ("附属单位上缴收入", 1, 2),
            ("其他收入", 1, 2),
        ],
        [("功能分类科目编码", code), "科目名称", "小计", "其中：教育收费"],
        [*(["类", "款", "项"] if parted else [""]), "栏次", "1", "2", "3", "4", "5", "6", "7", "8"],
    ]
    total = [("合计", code + 1), "1,010.00", "1,000.00", "", "9", "2", "", "", "1.00"]
    data = rows(parted, "1,010.00", "1,000.00", "", "9", "2", "", "0.00", "1.00")
    stated = read_page("二、收入决算表", "单位：万元", [*head, total, *data])
    totals = {
        ("revenue_current_year", None): "1010.00",
        ("revenue_fiscal_appropriation", None): "1000.00",
        ("revenue_institutional", None): "9",
        ("revenue_other", None): "1.00",
    }
    by_function = {
        (concept, item): value
        for item, _ in ITEMS
        for concept, value in {
            "function_revenue": "1010.00",
            "function_revenue_fiscal_appropriation": "1000.00",
            "function_revenue_institutional": "9",
            "function_revenue_subordinate_remittance": "0.00",
            "function_revenue_other": "1.00",
        }.items()
    }
    assert stated.figures == totals | by_function
    assert stated.left == [("2", "set_aside")] * 4
    assert set(stated.extraction.facts["member_name"].drop_nulls()) == {name for _, name in ITEMS}


@pytest.mark.parametrize("parted", [True, False], ids=["three columns", "one column"])
def test_expenditure(read_tables: Read, parted: bool) -> None:
    codes = ["类", "款", "项"] if parted else ["科目编码"]
    kinds = ["基本支出", "项目支出", "上缴上级支出", "经营支出", "对附属单位补助支出"]
    table = [
        [*codes, "科目名称", "本年支出合计", *kinds],
        [*[""] * len(codes), "合计", "10", "6", "4", "", "", ""],
        *rows(parted, "10", "6", "4", "", "0", "", items=ITEMS),
    ]
    stated = read_tables("支出决算表", table)
    names = ["function_expenditure", "function_expenditure_basic", "function_expenditure_project"]
    values = dict(zip(names, ["10", "6", "4"], strict=True)) | {"function_expenditure_business": "0"}
    totals = {"expenditure_current_year": "10", "expenditure_basic": "6", "expenditure_project": "4"}
    assert stated.figures == {(concept, None): value for concept, value in totals.items()} | {
        (concept, item): value for item, _ in ITEMS for concept, value in values.items()
    }
    assert {fact[4] for fact in stated.facts} == {"表03"}


def test_names_wrapped_numbered_and_indented(read_tables: Read) -> None:
    """Codes may stand in the name's cell; white space in names means nothing, neither do marks of the level."""
    table = [
        ["科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出"],
        ["", "合 计", "3", "2", "1"],
        ["208", "社会保障和\u3000就业支出（类）", "3", "2", "1"],
        ["", "20805行政事业单位养老支出", "3", "2", "1"],
    ]
    found = read_tables("支出决算表", table)
    assert set(found.figures) >= {("function_expenditure", "208"), ("function_expenditure", "20805")}
    assert set(found.extraction.facts["member_name"].drop_nulls()) == {"社会保障和就业支出", "行政事业单位养老支出"}


def test_parts_of_a_code_that_the_row_above_says(read_page: Read) -> None:
    """A form may print in each row only the part of its own level."""
    table = [
        [("科目编码", 3), ("科目名称", 1, 2), ("本年支出合计", 1, 2), ("基本支出", 1, 2), ("项目支出", 1, 2)],
        ["类", "款", "项"],
        ["208", "", "", "社会保障和就业支出", "3", "3", ""],
        ["", "05", "", "行政事业单位养老支出", "3", "3", ""],
        ["", "", "05", "机关事业单位基本养老保险缴费支出", "2", "2", ""],
        ["", "", "06", "机关事业单位职业年金缴费支出", "1", "1", ""],
    ]
    figures = read_page("支出决算表", table).figures
    assert [member for concept, member in figures if concept == "function_expenditure"] == [
        "208",
        "20805",
        "2080505",
        "2080506",
    ]


def test_general_budget_continued_on_the_next_page(read_page: Read) -> None:
    """With the header again, and without; a table in between that is something else ends it."""
    header = ["科目编码", "科目名称", "合计", "基本支出", "项目支出"]
    total, first, second, third = (["", "合计", "9", "5", "4"], *rows(False, "9", "5", "4"))
    told = read_page(
        "一般公共预算财政拨款支出决算表", "单位：元", [header, total, first], [header, second], "第2页", [third]
    )
    assert told.figures == {
        ("gpb_expenditure", None): "9",
        ("gpb_basic_expenditure", None): "5",
        ("gpb_project_expenditure", None): "4",
    } | {
        (concept, item): value
        for item, _ in ITEMS
        for concept, value in {
            "gpb_function_expenditure": "9",
            "gpb_function_basic_expenditure": "5",
            "gpb_function_project_expenditure": "4",
        }.items()
    }
    assert {fact[3:] for fact in told.facts} == {("元", "表06")}
    broken = read_page(
        "一般公共预算财政拨款支出决算表",
        [header, total],
        [["序号", "单位"], ["1", "2"]],
        [["208", "甲", "9", "5", "4"]],
    )
    assert len(broken.facts) == 3


def test_what_has_no_headings_goes_on_only_right_behind(read_page: Read) -> None:
    """With as many columns, and with no text in between."""
    header, total = ["科目编码", "科目名称", "合计", "基本支出", "项目支出"], ["", "合计", "9", "5", "4"]
    title, rest = "一般公共预算财政拨款支出决算表", [["208", "社会保障和就业支出", "9", "5", "4"]]
    first = [header, total]
    assert len(read_page(title, first, rest).facts) == 6
    assert len(read_page(title, first, [[*rest[0], "1"]]).facts) == 3
    assert len(read_page(title, first, "三、下一部分", "其中有许多文字。", "又一行文字。", rest).facts) == 3


def test_several_tables_within_one(read_page: Read) -> None:
    """A page may hold all tables as one; each title begins the next, with its own unit."""
    table = [
        [("收入决算表", 4)],
        [("", 3), "单位：元"],
        ["科目编码", "科目名称", "本年收入合计", "财政拨款收入"],
        ["", "合计", "70000", "70000"],
        [("支出决算表", 5)],
        [("", 4), "单位：万元"],
        ["科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出"],
        ["", "合计", "7", "5", "2"],
    ]
    assert [(concept, value, unit, section) for concept, _, value, unit, section in read_page(table).facts] == [
        ("revenue_current_year", "70000", "元", "表02"),
        ("revenue_fiscal_appropriation", "70000", "元", "表02"),
        ("expenditure_current_year", "7", "万元", "表03"),
        ("expenditure_basic", "5", "万元", "表03"),
        ("expenditure_project", "2", "万元", "表03"),
    ]


FUND = [
    [("项目", 2), ("年初结转和结余", 1, 2), ("本年收入", 1, 2), ("本年支出", 3), ("年末结转和结余", 1, 2)],
    ["科目编码", "科目名称", "小计", "基本支出", "项目支出"],
]


@pytest.mark.parametrize(
    ("title", "kind", "section", "by_function"),
    [
        (
            "政府性基金预算财政拨款收入支出决算表",
            "government_fund",
            "表10",
            {("government_fund_function_expenditure", "212"): "8"},
        ),
        ("国有资本经营预算财政拨款收入支出决算表", "state_capital", "表11", {}),
    ],
)
def test_funds(read_page: Read, title: str, kind: str, section: str, by_function: dict[tuple[str, str], str]) -> None:
    """Of a function, the taxonomy knows the expenditure of government funds only."""
    data = [["", "合计", "1", "9", "8", "", "8", "2"], ["212", "某支出", "1", "9", "8", "", "8", "2"]]
    stated = read_page(title, "单位：万元", [*FUND, *data])
    assert (
        stated.figures
        == {
            (f"{kind}_opening", None): "1",
            (f"revenue_{kind}", None): "9",
            (f"{kind}_expenditure", None): "8",
            (f"{kind}_closing", None): "2",
        }
        | by_function
    )
    assert {fact[4] for fact in stated.facts} == {section}
    assert {outcome for _, outcome in stated.left} == {"set_aside"}


@pytest.mark.parametrize("nothing", ["", "-", "—"])
def test_a_name_over_columns_before_a_cell_without_amount(read_tables: Read, nothing: str) -> None:
    """A dump shows the name of the row as one cell; a dash behind it is no name either."""
    table = [
        [("科目编码", 3), "科目名称", "年初结转和结余", "本年收入", "本年支出", "年末结转和结余"],
        [("合计", 4), nothing, "9", "9", nothing],
    ]
    stated = read_tables("政府性基金预算财政拨款收入支出决算表", "单位：万元", table)
    assert stated.figures == {("revenue_government_fund", None): "9", ("government_fund_expenditure", None): "9"}


def test_expenditure_from_state_capital(read_tables: Read) -> None:
    table = [
        ["科目编码", "科目名称", "合计", "基本支出", "项目支出"],
        ["", "合计", "3", "", "3"],
        ["2230105", "国有企业退休人员社会化管理补助支出", "3", "", "3"],
    ]
    stated = read_tables("国有资本经营预算财政拨款支出决算表", table)
    assert stated.figures == {("state_capital_expenditure", None): "3"}
    assert stated.left == [("3", "set_aside")] * 3


def test_an_empty_table(read_tables: Read) -> None:
    """Nothing is stated, and nothing is missing."""
    empty = [["科目编码", "科目名称", "合计", "基本支出", "项目支出"], ["", "合计", "", "", ""], ["", "", "", "", ""]]
    stated = read_tables("国有资本经营预算财政拨款支出决算表", empty, "本单位2022年没有国有资本经营预算财政拨款支出。")
    assert (stated.facts, stated.left) == ([], [])


WIDE = [
    ("工资福利支出", ["小计", "基本工资", "住房公积金"]),
    ("资本性支出", ["小计", "办公设备购置"]),
]


@pytest.mark.parametrize(
    ("title", "total", "by_function", "section"),
    [
        ("财政拨款支出决算明细表", "fiscal_expenditure_current_year", "fiscal_function_expenditure", "表05"),
        ("一般公共预算财政拨款支出决算明细表", "gpb_expenditure", "gpb_function_expenditure", "表07"),
        ("一般公共预算财政拨款项目支出决算表", "gpb_project_expenditure", "gpb_function_project_expenditure", "表09"),
    ],
)
def test_wide_tables_over_two_pages(read_tables: Read, title: str, total: str, by_function: str, section: str) -> None:
    """Economic classes are members of the totals; what a function spends on one of them has no concept."""

    def page(columns: list[tuple[str, list[str]]], *, first: bool, amounts: list[str]) -> list[list[Any]]:
        names: list[Any] = [("科目编码", 1, 2), ("科目名称", 1, 2), *([("合计", 1, 2)] if first else [])]
        return [
            [*names, *((name, len(items)) for name, items in columns)],
            [item for _, items in columns for item in items],
            ["", "合计", *amounts],
            ["208", "社会保障和就业支出", *amounts],
        ]

    first = page(WIDE[:1], first=True, amounts=["9", "7", "6", "1"])
    second = page(WIDE[1:], first=False, amounts=["2", "2"])
    stated = read_tables(title, "单位：万元", first, second)
    assert stated.figures == {
        (total, None): "9",
        ("economic_class_expenditure", "301"): "7",
        ("economic_class_expenditure", "30101"): "6",
        ("economic_class_expenditure", "30113"): "1",
        ("economic_class_expenditure", "310"): "2",
        ("economic_class_expenditure", "31002"): "2",
        (by_function, "208"): "9",
    }
    assert {fact[4] for fact in stated.facts} == {section}
    assert stated.left == [(amount, "set_aside") for amount in ("7", "6", "1", "2", "2")]


def test_projects_within_a_function(read_tables: Read) -> None:
    """A project's row repeats a part of its function's."""
    table = [
        ["科目编码", "科目名称", "项目名称", "合计"],
        ["", "合计", "", "8"],
        ["2080199", "其他人力资源和社会保障管理事务支出", "", "8"],
        ["2080199", "其他人力资源和社会保障管理事务支出", "平台建设", "8"],
    ]
    stated = read_tables("一般公共预算财政拨款项目支出决算表", table)
    assert stated.figures == {
        ("gpb_project_expenditure", None): "8",
        ("gpb_function_project_expenditure", "2080199"): "8",
    }


def test_an_amount_that_nothing_explains_is_unmapped(read_tables: Read) -> None:
    """In a table that is recognised, an unknown column is a gap in the data files, and counted."""
    table = [
        ["科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出", "神秘支出"],
        ["208", "社会保障和就业支出", "3", "2", "1", "5.5"],
        ["", "来路不明", "4", "", "", ""],
    ]
    stated = read_tables("支出决算表", table)
    assert stated.left == [("5.5", "unmapped"), ("4", "unmapped")]
    unmapped = stated.extraction.mentions.filter(outcome="unmapped")
    assert set(unmapped["unit_kind"]) == {"money"}


def test_other_tables_are_left_alone(read_tables: Read) -> None:
    """A title far from a table of its kind does not make one of it."""
    table = [["设备", "数量"], ["车辆", "3"], ["电脑", "12"]]
    stated = read_tables("支出决算表", table)
    assert (stated.facts, stated.left) == ([], [("3", "set_aside"), ("12", "set_aside")])


def test_a_number_with_more_digits_than_any_account_is_set_aside(read_page: Read) -> None:
    head: list[list[Any]] = [["科目编码", "科目名称", "合计", "基本支出", "项目支出"]]
    stated = read_page("一般公共预算财政拨款支出决算表", "单位：万元", [*head, *rows(False, "1.00", "9" * 30, "1.00")])
    assert "1.00" in stated.figures.values()
    assert not [value for value in stated.figures.values() if len(value) > len("1.00")]
    assert set(stated.left) == {("9" * 30, "set_aside")}
