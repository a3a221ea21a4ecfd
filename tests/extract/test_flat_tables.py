"""Project tables whose cells a dump gave as plain lines."""

import hashlib

import pytest

from schemas.raw import DOCUMENTS
from tasks.extract import extract
from tasks.read import read

TITLE = "某市某区档案局2021年度部门决算\n第三部分 2021年度部门决算情况说明\n十、其他重要事项的情况说明\n（四）预算绩效管理情况\n"
OLD_FORM = (
    "项目名称",
    "档案整理经费",
    "预算执行情况(万元)",
    "预算数:",
    "5.5",
    "执行数:",
    "5",
    "其中-财政拨款:",
    "5.5",
    "其中-财政拨款:",
    "5",
)
NEW_FORM = (
    *("项目名称", "档案整理经费", "年初预算数", "全年预算数", "全年执行数", "执行率"),
    *("年度资金总额", "6", "5.5", "5", "90.91%", "其中：当年财政拨款", "6", "5.5", "5", "-"),
)  # fmt: skip
BUDGET = {
    ("project_budget", "5.5"),
    ("project_executed", "5"),
    ("project_budget_fiscal", "5.5"),
    ("project_executed_fiscal", "5"),
}


def figures(text: str) -> set[tuple[str, str]]:
    content = (TITLE + text + "\n").encode()
    document = hashlib.sha256(content).hexdigest()
    nothing = {column: [None] for column in ("fiscal_year", "region_code", "entity", "kind")}
    documents = DOCUMENTS.frame({"document": [document], "source": ["test"], "url": ["x.txt"], **nothing})
    facts = extract(read(content, document, "x.txt").blocks, documents).facts
    projects = facts.filter(facts["concept"].str.starts_with("project_"))
    assert set(projects["member_name"]) <= {"档案整理经费"}
    return set(projects.select("concept", "value").iter_rows())


def test_one_cell_per_line() -> None:
    assert figures("\n".join(OLD_FORM)) == BUDGET


def test_columns_one_cell_per_line() -> None:
    more = {("project_initial_budget", "6"), ("project_execution_rate", "90.91")}
    assert figures("\n".join(NEW_FORM)) >= BUDGET | more


def test_a_row_that_lost_an_empty_cell_is_not_guessed_at() -> None:
    cells = [cell for position, cell in enumerate(NEW_FORM) if position != NEW_FORM.index("年度资金总额") + 1]
    assert {name for name, _ in figures("\n".join(cells))} == {"project_budget_fiscal", "project_executed_fiscal"}


def test_one_row_per_line() -> None:
    assert (
        figures("项目名称 档案整理经费\n预算执行情况(万元) 预算数: 5.5 执行数: 5\n其中-财政拨款: 5.5 其中-财政拨款: 5")
        == BUDGET
    )


@pytest.mark.parametrize("text", ["项目名称：档案整理经费。", "项目名称\n由各单位自行确定。"])
def test_a_name_without_amounts_heads_no_table(text: str) -> None:
    """What follows stays prose, and is read as such."""
    prose = "档案整理经费项目绩效目标完成情况综述。项目全年预算数为5.5万元，执行数为5万元。"
    assert figures(f"{text}\n{prose}") == {("project_budget", "5.5"), ("project_executed", "5")}
