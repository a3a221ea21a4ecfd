import csv

import pytest

from tasks.read import Unreadable, read
from tasks.read.workbook.separated import separator

SHA256 = "0" * 64
ROWS = [
    ["收入决算表", "", ""],
    ["", "", "单位：万元"],
    ["科目编码", "科目名称", "本年收入合计"],
    ["", "合计", "1,234.56"],
    ["201", "一般公共服务支出", "1,234.56"],
    ["2010301", "行政运行", "1,000.00"],
]


def tabbed() -> str:
    return "".join("\t".join(row) + "\r\n" for row in ROWS)


def commas() -> str:
    return "".join(",".join(f'"{cell}"' if "," in cell else cell for cell in row) + "\n" for row in ROWS)


@pytest.mark.parametrize("text", [tabbed(), commas()])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_separated_values_are_cells_whatever_the_name(text: str, encoding: str) -> None:
    document = read(text.encode(encoding), SHA256, "公开02表.xls")
    assert document.format == "separated"
    found = {
        (row["row"], row["column"]): row["text"][:-1]
        for row in document.blocks.iter_rows(named=True)
        if row["text"].strip()
    }
    assert found == {(row, column): cell for row, cells in enumerate(ROWS) for column, cell in enumerate(cells) if cell}
    assert set(document.blocks["table"]) == {0}
    assert set(document.blocks["sheet"]) == {None}


def test_a_quoted_cell_may_hold_separators_and_line_breaks() -> None:
    text = '科目,说明,金额\n201,"一,二\n三",7\n202,四,8\n203,五,9\n'
    blocks = read(text.encode(), SHA256, "a.csv").blocks
    assert [row for row in blocks["text"]][3:6] == ["201\t", "一,二\n三\t", "7\n"]


@pytest.mark.parametrize(
    "text",
    [
        "收支总计1,234.56万元。\n其中1,000.00万元。\n另有2,000.00万元。\n",
        "\t项目名称\n\t纪检监察工作经费\n\n\t预算单位\n\t某局\n\n",
        "一、部门概况\n\t缩进的一段\n二、机构设置\n\t另一段\n",
        "First, the report says, in plain words, what the money was for, and why.\n" * 5,
        "科目\t金额\n",
        "第一行，没有分隔\n第二行，也没有\n第三行\n",
    ],
)
def test_text_is_not_separated_values(text: str) -> None:
    assert separator(text) is None
    assert read(text.encode(), SHA256, "a.csv").format == "text"


def test_a_quotation_without_end_is_told() -> None:
    text = tabbed() * 300 + '"' + "x" * 200_000 + "\t1\t2\n"
    before = csv.field_size_limit(131_072)  # the library's own; other packages raise it
    try:
        with pytest.raises(Unreadable, match=r"a\.xls: the separated values are damaged"):
            read(text.encode(), SHA256, "a.xls")
    finally:
        csv.field_size_limit(before)


def test_too_many_cells_are_refused() -> None:
    with pytest.raises(Unreadable, match="holds more than 1,000,000 cells"):
        read(("1\t2\t3\n" * 340_000).encode(), SHA256, "a.xls")
