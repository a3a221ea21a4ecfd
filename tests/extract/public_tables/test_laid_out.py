"""Public tables of which a text has only lines and spaces."""

from __future__ import annotations

import pytest

from tests.extract.public_tables.conftest import stated

HEAD = "公开 01 表\n部门：某县财政局   2022 年度   金额单位：万元\n"
OVERVIEW = (
    "收入支出决算总表\n" + HEAD + "收入    支出\n"
    "项目 行次 决算数 项目 行次 决算数\n"
    "栏次  1 栏次  2\n"
    "一、一般公共预算财政拨款收入 1 1,900.00 一、一般公共服务支出 31 1,500.00\n"
    "八、其他收入 8 50.00 八、社会保障和就业支出 38 300.00\n"
    "   九、卫生健康支出 39 150.00\n"
    "本年收入合计 27 1,950.00 本年支出合计 57 1,950.00\n"
    "使用非财政拨款结余 28  结余分配 58 1.00\n"
    "— 3 —\n"
    "年初结转和结余 29 50.00 年末结转和结余 59 49.00\n"
    "总计 30 2,000.00 总计 60 2,000.00\n"
    "注：本表反映部门本年度的总收支情况。\n"
)  # fmt: skip
SPENDING = (
    "支出决算表\n公开 03 表\n单位：万元\n"
    "科目编码    科目名称                    本年支出合计  基本支出    项目支出\n"
    "合计                                      1,950.00    1,200.00      750.00\n"
    "201        一般公共服务支出               1,500.00    1,000.00      500.00\n"
    "20106      财政事务                       1,500.00    1,000.00      500.00\n"
    "208        社会保障和就业支出               200.00      200.00\n"
    "229        其他支出                         250.00                  250.00\n"
)  # fmt: skip


def figures(text: str) -> dict[tuple[str, str | None], str]:
    """Value by concept and member of what stands in public tables."""
    return stated(f"某县财政局2022年度部门决算\n第二部分 2022年度部门决算表\n{text}".encode(), "txt").figures


def test_two_halves() -> None:
    assert figures(OVERVIEW) == {
        ("revenue_general_budget", None): "1900.00",
        ("function_expenditure", "201"): "1500.00",
        ("revenue_other", None): "50.00",
        ("function_expenditure", "208"): "300.00",
        ("function_expenditure", "210"): "150.00",
        ("revenue_current_year", None): "1950.00",
        ("expenditure_current_year", None): "1950.00",
        ("surplus_distribution", None): "1.00",
        ("carryover_opening", None): "50.00",
        ("carryover_closing", None): "49.00",
        ("revenue_total", None): "2000.00",
        ("expenditure_total", None): "2000.00",
    }


def spending(figures: dict[tuple[str, str | None], str], member: str) -> list[str | None]:
    """Spending of one function in all, basic, of projects."""
    return [figures.get((f"function_expenditure{part}", member)) for part in ("", "_basic", "_project")]


def test_amounts_that_are_missing_are_told_by_their_place() -> None:
    found = figures(SPENDING)
    assert found["expenditure_current_year", None] == "1950.00"
    assert spending(found, "201") == ["1500.00", "1000.00", "500.00"]
    assert spending(found, "208") == ["200.00", "200.00", None]
    assert spending(found, "229") == ["250.00", None, "250.00"]


def test_a_place_between_columns_is_not_guessed_at() -> None:
    torn = SPENDING.replace("200.00      200.00", "200.00            200.00")
    assert spending(figures(torn), "208") == [None, None, None]
    assert spending(figures(torn), "229") == ["250.00", None, "250.00"]


def test_without_a_full_row_no_place_is_known() -> None:
    lines = [line for line in SPENDING.splitlines() if line.count(".") != 3]
    assert figures("\n".join(lines)) == {}


def test_a_table_goes_on_behind_a_page_and_ends_with_prose() -> None:
    page = SPENDING.replace("229 ", "— 4 —\n229 ")
    behind = "第三部分 2022年度部门决算情况说明\n三、支出决算情况说明\n201 见上表 1.00\n"
    assert figures(page + behind) == figures(SPENDING)


@pytest.mark.parametrize(
    "lines",
    [
        "收入支出决算总表\n支出决算表\n",
        "支出决算表\n部门没有发生 12.00 万元以上的支出，详见说明。\n",
        "支出决算表\n科目编码 科目名称\n201 一般公共服务支出\n",
        "支出决算表\n栏目 说明\n合计 12.00\n",
    ],
)
def test_a_title_alone_heads_no_table(lines: str) -> None:
    assert figures(lines) == {}
