"""What stands below the headings, where a phrase alone does not say it: BODIES, by the names that outlines give them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from sources.writer.annex import annex
from sources.writer.figures import function_names
from sources.writer.page import NUMERALS, Page
from sources.writer.pen import Pen
from sources.writer.projects import evaluation, performance
from sources.writer.wording import names

SOURCES = (
    "revenue_general_budget",
    "revenue_government_fund",
    "revenue_state_capital",
    "revenue_superior_subsidy",
    "revenue_institutional",
    "revenue_business",
    "revenue_subordinate_remittance",
    "revenue_other",
)
KINDS = (
    "expenditure_basic",
    "expenditure_project",
    "expenditure_remit_superior",
    "expenditure_business",
    "expenditure_subsidy_subordinate",
)
VEHICLES = ("vehicle_purchase", "vehicle_operation")
COMPONENTS = ("overseas_travel", "official_vehicle", "official_reception")


def _achievements(page: Page) -> None:
    chosen = page.rng.sample(page.pen.words["profile.achievement"], page.rng.randint(2, 5))
    for number, achievement in enumerate(chosen, start=1):
        page.add(f"{number}.{page.pen.phrase(achievement)}")


def _organisation(page: Page) -> None:
    """Offices, subordinate units, posts and people, in one paragraph."""
    pen = page.pen
    offices = names("offices")
    count = pen.figures.value("internal_office_count")
    shown = offices[: int(count)] if isinstance(count, Decimal) else []
    page.add(
        pen.write("profile.offices", offices="、".join(shown))
        + pen.write("profile.units")
        + pen.listing("profile.posts", "profile.post", "staff_authorized", "、")
        + pen.listing("profile.people", "profile.person", "staff_actual", "、")
    )


def _totals(page: Page) -> None:
    page.write(_total(page.pen, "") + _reason(page))


def _fiscal_totals(page: Page) -> None:
    page.write(_total(page.pen, "fiscal_") + _reason(page))


def _total(pen: Pen, prefix: str) -> str:
    """Revenue and spending in one number; apart where they are compared with different years before."""
    changes = {pen.figures.value(f"{prefix}{side}_total_yoy_change") for side in ("revenue", "expenditure")}
    if len(changes) == 1 and pen.write("total.form") == "joint":
        return pen.write(f"total.{prefix}joint") + pen.write(f"total.{prefix}joint_vs")
    return pen.write(f"total.{prefix}separate")


def _revenue(page: Page) -> None:
    page.write(page.pen.write("split.revenue", clauses=lambda: "；".join(_sources(page.pen))))


def _spending(page: Page) -> None:
    pen = page.pen
    page.write(
        pen.write("split.spending", clauses=lambda: "；".join(_clause(pen, kind) for kind in KINDS if _has(pen, kind)))
    )


def _sources(pen: Pen) -> list[str]:
    """Revenue by source, or the three budgets as one source with their parts in brackets."""
    together = pen.write("split.form") == "together" and pen.write("split.fiscal_clause")
    stated = [source for source in SOURCES if _has(pen, source)]
    if together:
        return [together, *(_clause(pen, source) for source in stated if source not in SOURCES[:3])]
    return [_clause(pen, source) for source in stated]


def _has(pen: Pen, concept: str) -> bool:
    return pen.figures.value(concept) is not None


def _clause(pen: Pen, stem: str) -> str:
    """One part of a total with its share; zeros have forms of their own."""
    key = "split.clause"
    if pen.figures.value(stem) == 0:
        key = "split.zero" if _has(pen, f"{stem}_share") else "split.bare_zero"
    return pen.write(key, stem=stem, label=pen.words[f"label.{stem}"][0])


def _reason(page: Page) -> str:
    figures = page.pen.write("total.reason_in_figures") if page.reason_in_figures else ""
    return figures or page.pen.vary("total.reason")


def _codes(pen: Pen, length: int) -> list[str]:
    return [code for code in pen.figures.members("gpb_function_expenditure") if len(code) == length]


def _bare(pen: Pen, code: str) -> str:
    """The name of a class without 支出, as labels use it."""
    return function_names(pen.figures.year)[code].removesuffix("支出")


def _class_clause(pen: Pen, code: str) -> str:
    return pen.write(
        "budget.class_clause", code, label=lambda: pen.write("budget.class_label", **{"class": _bare(pen, code)})
    )


def _functions(pen: Pen) -> list[str]:
    """Section 五（三）: one line per item, or per class with the class and group named once before several items."""
    form = pen.write("budget.item_form")
    items = _codes(pen, 7)
    classes = list(dict.fromkeys([*_codes(pen, 3), *(code[:3] for code in items)]))
    lines = []
    for code in classes:
        own = [item for item in items if item.startswith(code)]
        groups = [[item for item in own if item[:5] == group] for group in dict.fromkeys(item[:5] for item in own)]
        if form in pen.words["budget.one_a_line"]:
            lines += [_group(pen, form, [item]) for item in own]
        elif own:
            lines.append("".join(_group(pen, form, group) for group in groups))
        if not own:
            lines.append(pen.write("budget.empty_class", code, **{"class": _bare(pen, code)}))
    return [f"{number}.{line}" for number, line in enumerate(filter(None, lines), start=1)]


def _group(pen: Pen, form: str, items: list[str]) -> str:
    code = items[0]
    return (
        pen.write(f"budget.{form}_prefix", **_names(pen, code))
        + "；".join(_item(pen, form, item) for item in items)
        + "。"
    )


def _item(pen: Pen, form: str, code: str) -> str:
    return pen.write(
        f"budget.{form}_item",
        code,
        **_names(pen, code),
        purpose=lambda: pen.vary("budget.purpose"),
        remark=_remark(pen, form, code),
    )


def _remark(pen: Pen, form: str, code: str) -> str:
    """What is said of the difference to the budget; a budget of nothing has no completion rate."""
    if any("@initial" in variant for variant in pen.words[f"budget.{form}_item"]):
        rate = pen.figures.value("gpb_function_completion_rate@initial", code)
        if rate is None:
            return pen.vary("budget.remark_unplanned")
    else:
        rate = pen.figures.value("gpb_function_completion_rate", code)
    if not isinstance(rate, Decimal):
        return ""
    return pen.vary("budget.remark_" + ("equal" if rate == 100 else "less" if rate < 100 else "more"))


def _fund(page: Page) -> None:
    """Section 八, with the item that the fund pays for."""
    pen = page.pen
    text = pen.write("budget.fund")
    for code in pen.figures.members("government_fund_function_expenditure"):
        text += pen.write("budget.funded", code, **_names(pen, code))
    page.write(text)


def _names(pen: Pen, code: str) -> dict[str, str]:
    """Names and codes of an item's class and group, and the item's own."""
    known = function_names(pen.figures.year)
    return {
        "class": _bare(pen, code[:3]),
        "classcode": code[:3],
        "group": known[code[:5]],
        "groupcode": code[3:5],
        "item": known[code],
        "itemcode": code[5:],
        "code": code,
    }


def _basic(page: Page) -> None:
    """Section 六, in paragraphs or in one."""
    sentences = [page.pen.write(f"budget.{key}") for key in ("basic", "personnel", "public_use")]
    page.write(page.shape.choice(("\n", "")).join(sentences))


def _three_public(page: Page) -> None:
    """The components of 三公, each with budget, completion and comparison, and the counts behind them."""
    pen = page.pen
    vehicles = [stem for stem in VEHICLES if _has(pen, f"{stem}_expenditure")]
    sentences = (
        pen.write("three_public.overseas", component=lambda: _part(pen, "component", "overseas_travel")),
        pen.write(
            "three_public.vehicles",
            component=lambda: _part(pen, "component", "official_vehicle"),
            parts=lambda: "；".join(_part(pen, "part", stem) for stem in vehicles),
        )
        + pen.write("three_public.bought"),
        pen.write("three_public.reception", component=lambda: _part(pen, "component", "official_reception")),
    )
    for number, sentence in enumerate(sentences, start=1):
        page.write(pen.write("three_public.each", number=str(number), sentence=sentence))


def _part(pen: Pen, key: str, stem: str) -> str:
    return pen.write(f"three_public.{key}", stem=stem, label=pen.words[f"label.{stem}"][0])


def _component(pen: Pen, stem: str) -> str:
    return pen.write("three_public.component", stem=stem, label=pen.words[f"label.{stem}"][0])


def _purposes(pen: Pen) -> str:
    return pen.listing("three_public.purposes", "three_public.purpose", "reception_item_expenditure", "，")


def _gpb_overall(page: Page) -> None:
    page.write(page.pen.write("budget.overall") + _reason(page))


def _gpb_classes(page: Page) -> None:
    pen = page.pen
    page.write(
        pen.write("budget.structure", clauses=lambda: "；".join(_class_clause(pen, code) for code in _codes(pen, 3)))
    )


def _gpb_items(page: Page) -> None:
    for line in _functions(page.pen):
        page.add(line)


def _three_public_components(page: Page) -> None:
    page.say("three_public.components", clauses=lambda: "；".join(_component(page.pen, stem) for stem in COMPONENTS))


def _domestic_reception(page: Page) -> None:
    page.say("three_public.domestic", purposes=lambda: _purposes(page.pen))


def _assets(page: Page) -> None:
    pen = page.pen
    assets = pen.write("other.assets", uses=lambda: pen.listing("other.uses", "other.use", "vehicle_use_count", "、"))
    page.write(assets or pen.write("other.assets_none"))


def _glossary(page: Page) -> None:
    entries = page.rng.sample(page.pen.words["aside.glossary"], page.rng.randint(4, 9))
    for number, entry in enumerate(entries, start=1):
        page.add(f"{number}.{entry}")


def _tables(page: Page) -> None:
    """The public tables, or their titles only."""
    if page.make_tables:
        page.print_tables(page.make_tables())
        return
    for number, title in zip(NUMERALS, page.pen.words["aside.annex_tables"], strict=False):
        page.add(f"{number}、{title}")


def _empty_tables(page: Page) -> None:
    """That there is no state capital, which a report that spends some does not say."""
    note = page.pen.write("tables.empty")
    page.add("" if page.pen.figures.value("state_capital_expenditure") else note)


BODIES: dict[str, Callable[[Page], None]] = {
    "cover": Page.cover,
    "achievements": _achievements,
    "organisation": _organisation,
    "totals": _totals,
    "revenue": _revenue,
    "spending": _spending,
    "fiscal_totals": _fiscal_totals,
    "gpb_overall": _gpb_overall,
    "gpb_classes": _gpb_classes,
    "gpb_items": _gpb_items,
    "basic": _basic,
    "fund": _fund,
    "three_public": _three_public,
    "three_public_components": _three_public_components,
    "domestic_reception": _domestic_reception,
    "assets": _assets,
    "performance": performance,
    "evaluation": evaluation,
    "glossary": _glossary,
    "annex": annex,
    "tables": _tables,
    "empty_tables": _empty_tables,
}
