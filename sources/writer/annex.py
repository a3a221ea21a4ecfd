"""第四部分: the performance report, which states many figures once more in other words."""

from __future__ import annotations

from sources.writer.page import Page
from sources.writer.pen import Pen


def annex(page: Page) -> None:
    """A short report on the department's overall performance."""
    pen = page.pen
    pen.section = "绩效报告"
    for key in ("title", "profile", "bodies"):
        page.say(f"annex.{key}")
    page.say("annex.institution")
    page.say("annex.functions")
    page.say("profile.duty")
    page.say("annex.people")
    page.add(pen.listing("profile.posts", "profile.post", "staff_authorized", "、"))
    for key in (
        "money",
        "income_heading",
        "income",
        "spending_heading",
        "spending",
        "balance_heading",
        "balance",
        "management",
        "budget",
    ):
        page.say(f"annex.{key}")
    _projects(page)
    page.add(pen.each("annex.types", pen.figures.members("project_type_count"), "\n"))
    page.say("annex.assets", classes=lambda: _asset_classes(pen))
    for key in ("conclusion_heading", "conclusion", "issues", "advice"):
        page.say(f"annex.{key}")


def _asset_classes(pen: Pen) -> str:
    return pen.listing("annex.asset_classes", "annex.asset_class", "fixed_asset_class_amount", "；")


def _projects(page: Page) -> None:
    """Initial budgets and spending by project: in two sentences with totals, or project by project without."""
    pen = page.pen
    planned = pen.figures.members("project_initial_budget")
    if pen.figures.value("project_expenditure_initial_budget") is None:
        page.add(pen.each("annex.project", planned, "\n"))
        return
    page.say("annex.initial", clauses=lambda: pen.each("annex.initial_project", planned, "，"))
    unplanned = [
        name for name in pen.figures.members("project_executed") if pen.figures.value("project_budget", name) is None
    ]
    page.say("annex.executed", clauses=lambda: pen.each("annex.executed_project", planned + unplanned, "，"))
