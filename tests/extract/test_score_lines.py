"""What score tables claim line by line."""

from __future__ import annotations

from tests.extract.conftest import TITLE, extraction_of

HEAD = ("一级指标", "二级指标", "分值", "评价内容", "得分")


def claimed(*rows: tuple[str, ...]) -> list[tuple[str, str, str]]:
    """Kind, value and address (without the table) of the claims of one table of a performance report."""
    cells = "".join("".join(f"\t{cell}\n" for cell in row) + "\n" for row in rows)
    text = f"{TITLE}第二部分 2022年度部门决算情况说明\n第四部分 附件\n附件1\n项目支出绩效评价报告\n档案整理经费评价得分表\n{cells}"
    frame = extraction_of(text).claims
    lines = frame.filter(frame["kind"].is_in(["group_weight", "score_weight", "score", "score_total"]))
    for row in lines.iter_rows(named=True):
        assert text[row["start"] : row["end"]] == row["words"]
    return [(kind, value, address.partition("/")[2]) for kind, value, address in lines["kind", "value", "basis"].rows()]


def test_lines_and_the_groups_above_them() -> None:
    assert claimed(
        HEAD,
        ("（8分）决策", "目标", "3", "明确", "2.5"),
        ("", "依据", "5", "充分", "5"),
        ("（12分）效果", "产出", "12", "完成", "12"),
        ("合计", "", "20", "", "19.5"),
    ) == [
        ("group_weight", "8", "1"),
        ("score_weight", "3", "1/1/1"),
        ("score", "2.5", "1/1/1"),
        ("score_weight", "5", "1/2/2"),
        ("score", "5", "1/2/2"),
        ("group_weight", "12", "3"),
        ("score_weight", "12", "3/3/3"),
        ("score", "12", "3/3/3"),
        ("score_total", "19.5", ""),
    ]


def test_a_second_line_of_the_head_is_no_line() -> None:
    told = claimed(HEAD, ("", "", "", "差 好", ""), ("", "", "", "0 1", "1"), ("决策", "目标", "3", "明确", "3"))
    assert told == [("score_weight", "3", "3/3/3"), ("score", "3", "3/3/3")]


def test_notes_behind_the_score_are_none() -> None:
    told = claimed((*HEAD, "备注"), ("决策", "目标", "3", "明确", "2", "1"))
    assert [each[:2] for each in told] == [("score_weight", "3"), ("score", "2")]


def test_a_table_without_weights_or_of_one_project_claims_nothing() -> None:
    assert claimed(("指标", "评价内容", "得分"), ("决策", "明确", "3")) == []
    assert claimed(("项目名称", "档案整理经费", "", "", ""), HEAD, ("决策", "目标", "3", "明确", "3")) == []
