"""Worded claims: what is one, what it is about, and what only looks like one."""

from __future__ import annotations

import polars as pl
import pytest

from tests.extract.conftest import TITLE, extraction_of

HEADINGS = {
    "一": "一、收入支出决算总体情况说明",
    "五（一）": "五、一般公共预算财政拨款支出决算情况说明\n（一）一般公共预算财政拨款支出决算总体情况",
    "五（三）": "五、一般公共预算财政拨款支出决算情况说明\n（三）一般公共预算财政拨款支出决算具体情况",
    "七": "七、财政拨款“三公”经费支出决算情况说明",
    "十（三）": "十、其他重要事项的情况说明\n（三）国有资产占有使用情况",
}


def claims(section: str, paragraph: str) -> list[tuple[str, str, list[str]]]:
    """Kind, value and the values of the facts of each claim; their words and quotes must be the text's."""
    text = f"{TITLE}第二部分 2022年度部门决算情况说明\n{HEADINGS[section]}\n{paragraph}\n"
    done = extraction_of(text)
    values = dict(done.facts.select("fact", "value").iter_rows())
    for row in done.claims.iter_rows(named=True):
        assert text[row["start"] : row["end"]] == row["words"]
        assert row["words"] in row["quote"] and row["quote"] in text
    own = done.claims.filter(pl.col("section") == section)
    return [(row["kind"], row["value"], [values[n] for n in row["facts"]]) for row in own.iter_rows(named=True)]


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("决算数小于预算数的主要原因是项目未完工", "less"),
        ("决算数低于年初预算数的主要原因是厉行节约", "less"),
        ("决算数大于预算数", "greater"),
        ("支出决算数高于全年预算数", "greater"),
        ("决算数等于预算数", "equal"),
        ("决算数与年初预算数持平", "equal"),
        ("与预算数一致", "equal"),
    ],
)
def test_comparisons_with_the_budget(words: str, value: str) -> None:
    item = "1.教育支出（类）普通教育（款）小学教育（项）：支出决算为90万元，完成预算90%，"
    assert claims("五（三）", f"{item}{words}。") == [("budget", value, ["90", "90"])]


def test_the_basis_is_kept() -> None:
    done = extraction_of(
        f"{TITLE}第二部分 决算情况说明\n{HEADINGS['七']}\n公务接待费支出决算5万元，决算数小于年初预算数。\n"
    )
    assert done.claims.filter(kind="budget")["basis"].to_list() == ["年初"]


def test_the_amount_that_the_clause_names_is_meant() -> None:
    told = "公务用车购置及运行维护费支出5万元。其中：公务用车运行维护费支出4万元，公务用车购置支出1万元。"
    found = claims("七", f"{told}公务用车购置及运行维护费支出决算与2021年持平。")
    assert ("no_change", "与2021年持平", ["5"]) in found


@pytest.mark.parametrize(
    "words",
    [
        "接待10批次，与上年持平。",  # said of the batches
        "人均费用与上年持平。",  # said of something unknown
    ],
)
def test_what_is_said_of_something_else_is_about_no_amount(words: str) -> None:
    told = claims("七", f"公务接待费支出5万元，比上年减少1万元；{words}")
    assert [facts for kind, _, facts in told if kind == "no_change"] == [[]]


@pytest.mark.parametrize(
    "words", ["与上年基本持平", "不等于放松管理", "与党中央保持高度一致", "决算数大于/小于/等于预算数"]
)
def test_what_claims_nothing_about_figures(words: str) -> None:
    told = claims("七", f"公务接待费支出5万元，{words}。")
    assert [each for each in told if each[0] in ("budget", "no_change")] == []


@pytest.mark.parametrize(
    ("section", "words", "kind", "value"),
    [
        ("七", "公务接待费比2020年增加1万元。", "prior_year", "2020"),
        ("一", "与2021年度相比，收入总计增加1万元。", "prior_year", "2021"),
        ("五（一）", "较2020年度，一般公共预算财政拨款支出增加1万元。", "prior_year", "2020"),
        ("十（三）", "截至2021年12月31日，共有车辆2辆。", "instant", "2021"),
        ("十（三）", "截止2022年底，共有车辆2辆。", "instant", "2022"),
        ("一", "2021年度收入总计100万元。", "statement_year", "2021"),
        ("十（三）", "资产于20220年12月盘点。", "impossible_year", "20220"),
        ("一", "某县教育局2022年度收入总计100万元。", "name", "某县教育局"),
        ("五（三）", "原因是追加项目3.5万元用于修缮。", "explained", "原因是追加项目3.5万元用于修缮"),
        ("五（一）", "增加5万元，主要变动原因是增加了政府性基金支出。", "reason", "government_fund"),
        ("七", "公务接待费比上年增加/减少0万元。", "template", "增加/减少"),
        ("七", "公务接待费比上年增加（减少）XX万元。", "template", "***"),
        ("五（三）", "2.教育（类）***（款）：支出决算为0万元。", "template", "***"),
        ("五（三）", "（罗列全部功能分类科目，至类级。）", "template", "（注）"),
        ("五（三）", "（注：数据来源于财决01表，罗列至项级）", "template", "（注）"),
        ("五（三）", "（个数在5个以上的，选取5个进行公开）", "template", "（注）"),
        ("七", "公务接待费支出万元。", "template", "万元"),
        ("七", "公务接待费支出5万元，占%。", "template", "%"),
        ("七", "决算数大于/小于预算数的主要原因是节约。", "template", "大于/小于"),
        ("七", "公务接待费支出0万元%。", "typing", "0万元%"),
        ("五（一）", "支出5万元，占本年支出合计的占92.7%。", "typing", "占本年支出合计的占"),
        ("七", "公务接待费支出0.07万。", "typing", "支出0.07万"),
    ],
)
def test_words_that_stand_wrong_or_right(section: str, words: str, kind: str, value: str) -> None:
    assert (kind, value) in [(found, said) for found, said, _ in claims(section, words)]


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ("七", "比2022年年初预算减少1万元。"),  # of the budget
        ("七", "公务接待费5万元，比2022年“三公”经费财政拨款年初预算8万元减少3万元。"),
        ("七", "公务接待费5万元，与2022年度预算相比，减少3万元。"),
        ("七", "比上年增加2万元；比2019年决算数减少3万元。"),  # goes on to another year
        ("七", "主要原因是车改后车辆较2015年减少3辆。"),
        ("七", "2023年“三公”经费预算安排10万元。"),  # a plan
        ("一", "根据2021年度结转资金安排，收入总计增加。"),
        ("七", "增加、减少的原因见下表。"),
        ("七", "主要原因是食堂用餐人次由21万增至24万。"),
        ("五（一）", "主要原因是政府性基金支出减少，转列一般公共预算。"),
        ("五（一）", "不含政府性基金支出。"),
        ("五（三）", "决算数有变化的主要原因是新增人员5名。"),  # may hold for several items
        ("五（三）", "（注：数据来源于财决01表）"),  # names a source
        ("五（三）", "（注：因四舍五入，尾数可能有差异。）"),
        ("五（三）", "择优选取2个项目作为代表公开。"),
    ],
)
def test_words_that_only_look_like_it(section: str, words: str) -> None:
    assert claims(section, words) == []
