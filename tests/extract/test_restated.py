"""Words that tell a restatement: where figures are compared with the year before, and nowhere else."""

import pytest

from tests.extract.conftest import TITLE, extraction_of

PART = "第二部分 2022年度部门决算情况说明\n一、收入支出决算总体情况说明\n"
COMPARED = "2022年度收、支总计110万元。与2021年相比，收、支总计各增加10万元，增长10%。"


def restated(text: str) -> str | None:
    (told,) = extraction_of(TITLE + text).reports["restated"]
    return told


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("主要变动原因是机构改革后原统计站人员转入本单位。", "主要变动原因是机构改革后原统计站人员转入本单位"),
        ("主要原因：上年末两个事业中心并入，人员增加。", "主要原因：上年末两个事业中心并入"),
        ("主要原因是人员增加；公开口径调整。", "公开口径调整"),
        ("主要是本年新增2个下属单位。", "主要是本年新增2个下属单位"),
        ("主要原因是对上年数追溯调整。", "主要原因是对上年数追溯调整"),
        ("主要原因是人员增加和项目调整。", None),
    ],
)
def test_a_reason_that_breaks_comparability_is_quoted(reason: str, told: str | None) -> None:
    assert restated(f"{PART}{COMPARED}{reason}\n") == told


def test_the_first_one_counts_and_spaces_are_as_printed() -> None:
    text = f"{PART}{COMPARED}主要原因是机构 改革。\n二、收入决算情况说明\n与2021年相比增加，主要原因是划入。\n"
    assert restated(text) == "主要原因是机构 改革"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "第一部分 部门概况\n一、主要职能\n根据机构改革方案，原农机局职责划入本局。\n" + PART + COMPARED,
        PART + COMPARED + "\n第三部分 名词解释\n年初结转：指机构改革等原因转入的资金。\n",
        PART + COMPARED + "\n本节口径调整见附注。\n",
    ],
    ids=["duties", "glossary", "a paragraph that compares nothing"],
)
def test_the_same_words_elsewhere_say_nothing(elsewhere: str) -> None:
    assert restated(elsewhere) is None
