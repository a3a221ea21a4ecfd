"""Section 十（四）: performance management, and the projects in words and tables of the first or second generation."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sources.writer.page import Page
from sources.writer.pen import Pen
from sources.writer.report import Table

LEVELS = (
    ("项目完成指标", "数量指标"),
    ("项目完成指标", "质量指标"),
    ("项目完成指标", "时效指标"),
    ("项目完成指标", "成本指标"),
    ("效益指标", "社会效益指标"),
    ("满意度指标", "服务对象满意度指标"),
)


def performance(page: Page) -> None:
    """The counts, then every disclosed project: what is said of it, and its table."""
    pen = page.pen
    if not pen.figures.value("project_target_set_count"):
        page.say("other.no_projects")
        return
    projects = pen.figures.members("project_budget")
    page.add(_counts(pen, projects))
    page.say("other.evaluation")
    if projects:
        page.say("other.disclosed_heading")
        page.say("other.disclosed", quoted="".join(f"“{project}”" for project in projects))
        _disclosed(page, projects)
    page.say("other.result_heading")
    page.say("other.result")


def evaluation(page: Page) -> None:
    """Self-evaluation as other provinces tell of it: counts, amounts, scores, then project by project."""
    pen = page.pen
    if not pen.figures.value("project_self_evaluated_count"):
        page.say("other.no_projects")
        return
    page.say("other.self_evaluation")
    page.say("other.department_score")
    projects = pen.figures.members("project_budget")
    if projects and page.shape.random() < 0.7:
        page.say("other.result_heading")
        tables = pen.write("table.evaluated") != "no"
        section, pen.section = pen.section, "项目表"
        for number, project in enumerate(projects, start=1):
            outcome = pen.vary("other.outcome")
            page.add(pen.write("other.narrative", project, number=str(number), outcome=outcome))
            if tables and pen.figures.value("project_initial_budget", project) is not None:
                page.blocks.append(_scored_table(pen, project))
        pen.section = section


def _disclosed(page: Page, projects: list[str]) -> None:
    """Each project in words, its table behind it or all tables behind the last one."""
    pen = page.pen
    pen.section = "项目表"
    tables_last = pen.write("table.order") == "last"
    shown = {name for name in projects if pen.figures.value("project_budget_fiscal", name) is not None}
    for number, project in enumerate(projects, start=1):
        outcome = pen.vary("other.outcome")
        page.add(pen.write("other.narrative", project, number=str(number), outcome=outcome))
        if project in shown and not tables_last:
            page.blocks.append(_table(pen, project))
    if tables_last:
        page.blocks += [_table(pen, project) for project in projects if project in shown]
    pen.section = "十（四）"


def _counts(pen: Pen, projects: list[str]) -> str:
    listed = pen.listing("other.counts_listed", "other.listed", "project_stated_amount", "；")
    if listed or not projects:
        return listed or pen.write("other.counts_unnamed")
    return pen.write("other.counts", projects="、".join(projects))


def _table(pen: Pen, project: str) -> Table:
    """项目绩效目标完成情况表: budget and execution of one project, targets and indicators."""
    cell = "table.with_unit" if pen.write("table.unit_in_cells") == "yes" else "table.number"

    def pair(label: str, first: str, second: str) -> tuple[str, ...]:
        return (label, pen.write(cell, project, stem=first), label, pen.write(cell, project, stem=second))

    rows: list[tuple[str, ...]] = [
        (pen.write("table.title"),),
        ("项目名称", project),
        ("预算单位", pen.figures.publisher.entity),
        (
            f"预算执行情况({pen.unit()})",
            "预算数:",
            pen.write(cell, project, stem="project_budget"),
            "执行数:",
            pen.write(cell, project, stem="project_executed"),
        ),
        ("", *pair("其中-财政拨款:", "project_budget_fiscal", "project_executed_fiscal")),
        ("", *pair("其它资金:", "project_budget_other", "project_executed_other")),
        ("年度目标完成情况", "预期目标", "实际完成目标"),
        ("", pen.vary("table.goal"), pen.vary("table.goal")),
        (
            "绩效指标完成情况",
            "一级指标",
            "二级指标",
            "三级指标",
            "预期指标值(包含数字及文字描述)",
            "实际完成指标值(包含数字及文字描述)",
        ),
    ]
    for upper, lower in LEVELS:
        rows.append(("", upper, lower, pen.vary("table.indicator"), pen.vary("table.target"), pen.vary("table.actual")))
    return Table(tuple(rows))


def _scored_table(pen: Pen, project: str) -> Table:
    """部门预算项目支出绩效自评表: initial and full-year budget, execution and its rate, then indicators with scores."""

    def cell(concept: str) -> str:
        return pen.write("table.number", project, stem=concept)

    rows: list[tuple[str, ...]] = [
        (pen.write("table.scored_title"),),
        ("项目名称", project),
        ("主管部门", pen.figures.publisher.entity, "实施单位", pen.figures.publisher.entity),
        (f"项目资金（{pen.unit()}）", "", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"),
        (
            "",
            "年度资金总额",
            cell("project_initial_budget"),
            cell("project_budget"),
            cell("project_executed"),
            "10",
            cell("project_execution_rate") + "%",
            "10",
        ),
        *_fiscal_row(pen, project, cell),
        ("年度总体目标", "预期目标", "实际完成情况"),
        ("", pen.vary("table.goal"), pen.vary("table.goal")),
        ("绩效指标", "一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"),
    ]
    for upper, lower in LEVELS:
        texts = [pen.vary(f"table.{key}") for key in ("indicator", "target", "actual")]
        rows.append(("", upper, lower, *texts, "15", "15"))
    rows.append(("总分", "100", "100"))
    return Table(tuple(rows))


def _fiscal_row(pen: Pen, project: str, cell: Callable[[str], str]) -> Iterator[tuple[str, ...]]:
    """The row 其中：财政拨款, for which only the full-year budget and the execution count."""
    if pen.figures.value("project_budget_fiscal", project) is not None:
        none = "—"
        yield (
            "",
            "其中：财政拨款",
            none,
            cell("project_budget_fiscal"),
            cell("project_executed_fiscal"),
            none,
            none,
            none,
        )
