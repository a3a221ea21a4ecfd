"""Tables that are no public ones: staff by unit, scores by indicator, and the foot of a project's form."""

import pytest

from tests.extract.conftest import TITLE, extraction_of

STAFF = "第一部分 部门概况\n二、机构设置\n各单位情况见下表：\n"
SCORES = "附件：项目支出绩效自评报告\n一、项目基本情况\n校舍维修项目，全年预算数30.00万元，执行数29.40万元。\n"


def told(text: str) -> list[tuple[str, str, str]]:
    """Concept, member and value of the facts that stand in tables."""
    facts = extraction_of(TITLE + text).facts
    assert all(
        text[start - len(TITLE) : end - len(TITLE)] == quote
        for start, end, quote in facts.select("start", "end", "quote").iter_rows()
    )
    return [row for row in facts.select("concept", "member_name", "value", "place").rows() if "table" in row[3]]


def rows(*lines: str) -> str:
    return "".join(line.replace("|", "\t") + "\n" for line in lines)


def test_posts_and_people_by_unit() -> None:
    table = rows(
        "单位名称|经费性质|核定编制数（名）|年末在职人数|退休人员",
        "甲县图书馆|财政核拨|22|21|",
        "甲县文化馆|财政核拨|1,026|9|4",
        "合计||1,048|30|4",
    )
    assert [row[:3] for row in told(STAFF + table)] == [
        ("staff_authorized", "甲县图书馆", "22"),
        ("staff_actual", "甲县图书馆", "21"),
        ("staff_authorized", "甲县文化馆", "1026"),
        ("staff_actual", "甲县文化馆", "9"),
        ("staff_retired", "甲县文化馆·退休人员", "4"),
        ("staff_authorized", "合计", "1048"),
        ("staff_actual", "合计", "30"),
        ("staff_retired", "合计·退休人员", "4"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "table",
    [
        ("单位名称|经费性质|级别", "甲县图书馆|财政核拨|2"),
        ("科室|编制数|在职人数", "办公室|5|4"),
        ("单位名称|经费性质|编制数", "甲县图书馆|财政核拨|22.5"),
    ],
)
def test_other_tables_of_a_department_tell_no_staff(table: tuple[str, ...]) -> None:
    assert told(STAFF + rows(*table)) == []


def test_scores_of_the_first_level() -> None:
    table = rows("一级指标|分值|得分", "决策|20|19.00", "产出|80|76.5", "合计|100|95.50")
    assert [row[:3] for row in told(SCORES + table)] == [
        ("performance_score_weight", "校舍维修·决策", "20"),
        ("performance_score", "校舍维修·决策", "19.00"),
        ("performance_score_weight", "校舍维修·产出", "80"),
        ("performance_score", "校舍维修·产出", "76.5"),
        ("performance_score_weight", "校舍维修·总分", "100"),
        ("performance_score", "校舍维修·总分", "95.50"),
    ]


def test_of_deeper_score_tables_the_total_alone_is_told() -> None:
    table = rows("一级指标|二级指标|分值|得分", "决策|立项|20|19", "合计||100|95")
    assert [row[:3] for row in told(SCORES + table)] == [("performance_score", "校舍维修·总分", "95")]


FORM = (
    "项目名称|校舍维修|||",
    "资金|全年预算数|全年执行数|分值|得分",
    "年度资金总额|30.00|29.40|10|9.8",
    "一级指标|指标|完成值|分值|得分",
    "产出|维修间数|12|90|88",
)


def test_the_foot_of_a_projects_form() -> None:
    scores = [row[:3] for row in told(SCORES + rows(*FORM, "总分|100|97.8")) if "score" in row[0]]
    assert scores == [
        ("performance_score_weight", "校舍维修·总分", "100"),
        ("performance_score", "校舍维修·总分", "97.8"),
    ]


@pytest.mark.parametrize("foot", ["总分|97.8|", "总分|100|97.8|优", "总分|100|97.8分|3"])
def test_a_foot_of_another_form_is_left_alone(foot: str) -> None:
    assert not [row for row in told(SCORES + rows(*FORM, foot)) if "score" in row[0]]


def test_the_total_below_the_indicators_is_none_of_money() -> None:
    form = rows(*FORM, "合计|100|97.8")
    assert [row[:3] for row in told(SCORES + form) if row[0] == "project_budget"] == [
        ("project_budget", "校舍维修", "30.00")
    ]
    assert [row[2] for row in told(SCORES + form) if "score" in row[0]] == ["100", "97.8"]
