"""Writes a report section by section, in the order of the Sichuan form: 第一部分 to 第五部分."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from sources.writer.annex import annex
from sources.writer.figures import Figures, function_names
from sources.writer.page import NUMERALS, Page
from sources.writer.pen import Pen, Style
from sources.writer.projects import performance
from sources.writer.report import Change, Report
from sources.writer.wording import names, phrases

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
COMPONENTS = ("overseas_travel", "official_vehicle", "official_reception")


def write_report(
    figures: Figures, seed: int, changed: Change | None = None, choices: dict[str, int] | None = None
) -> Report:
    """The report that states these figures, in the words that the seed picks.

    `changed` misprints one figure and leaves everything else as it is. `choices` fixes variants of wording.toml
    by number ("total.joint": 1), and habits of style ("style.drop_zeros": 0).
    """
    rng = Random(seed)
    pen = Pen(figures, rng, _style(rng, choices or {}), dict(choices or {}), changed)
    _set_texts(pen)
    page = Page(pen, rng)
    for part in (
        _profile,
        _totals,
        _general_budget,
        _three_public,
        _funds,
        _other_matters,
        performance,
        _glossary,
        annex,
    ):
        part(page)
    _tables(page)
    return Report(figures.publisher, figures.year, page.blocks, pen.facts)


def _style(rng: Random, choices: dict[str, int]) -> Style:
    chances = {"drop_zeros": 0.3, "separators": 0.15, "wide": 0.04, "yuan": 0.05}
    met = {name: rng.random() < chance for name, chance in chances.items()}
    return Style(**{name: bool(choices.get(f"style.{name}", met[name])) for name in chances})


def _set_texts(pen: Pen) -> None:
    publisher, year = pen.figures.publisher, pen.figures.year
    pen.texts = {
        "year": str(year),
        "prior": str(year - 1),
        "entity": publisher.entity,
        "short": publisher.short,
        "kind": publisher.kind,
    }
    pen.texts["unit"] = "元" if pen.style.yuan else "万元"
    pen.texts |= {"Y": pen.write("year.here"), "P": pen.write("year.before"), "colon": pen.write("budget.colon")}
    pen.texts["who"] = pen.write("who.who")


def _profile(page: Page) -> None:
    pen, rng = page.pen, page.rng
    page.cover()
    page.part("1", "第一部分")
    page.heading("一", "heading.profile")
    page.say("profile.duties")
    page.say("profile.duty")
    page.say("profile.work")
    for number, achievement in enumerate(rng.sample(phrases()["profile.achievement"], rng.randint(2, 5)), start=1):
        page.add(f"{number}.{pen.phrase(achievement)}")
    page.heading("二", "heading.organisation")
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
    """Sections 一 to 四."""
    pen = page.pen
    page.part("2", "第二部分")
    page.section("一")
    page.add(_total(pen, "") + _reason(page))
    page.aside("一")
    page.section("二")
    page.add(pen.write("split.revenue", clauses=lambda: "；".join(_sources(pen))))
    page.aside("二")
    page.section("三")
    page.add(
        pen.write("split.spending", clauses=lambda: "；".join(_clause(pen, kind) for kind in KINDS if _has(pen, kind)))
    )
    page.aside("三")
    page.section("四")
    page.add(_total(pen, "fiscal_") + _reason(page))
    page.aside("四")


def _total(pen: Pen, prefix: str) -> str:
    """Revenue and spending in one number; apart where they are compared with different years before."""
    changes = {pen.figures.value(f"{prefix}{side}_total_yoy_change") for side in ("revenue", "expenditure")}
    if len(changes) == 1 and pen.write("total.form") == "joint":
        return pen.write(f"total.{prefix}joint") + pen.write(f"total.{prefix}joint_vs")
    return pen.write(f"total.{prefix}separate")


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
    return pen.write(key, stem=stem, label=phrases()[f"label.{stem}"][0])


def _reason(page: Page) -> str:
    figures = page.pen.write("total.reason_in_figures") if page.reason_in_figures else ""
    return figures or page.pen.vary("total.reason")


def _general_budget(page: Page) -> None:
    """Sections 五 and 六."""
    pen = page.pen
    page.section("五")
    page.subsection("五", "（一）")
    page.add(pen.write("budget.overall") + _reason(page))
    page.aside("五1")
    page.subsection("五", "（二）")
    page.add(
        pen.write("budget.structure", clauses=lambda: "；".join(_class_clause(pen, code) for code in _codes(pen, 3)))
    )
    page.aside("五2")
    page.subsection("五", "（三）")
    page.say("budget.items")
    for line in _functions(pen):
        page.add(line)
    page.section("六")
    page.say("budget.basic")
    page.say("budget.personnel")
    page.say("budget.public_use")


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
        if form == "single":
            lines += [_group(pen, form, [item]) for item in own]
        elif own:
            lines.append("".join(_group(pen, form, group) for group in groups))
        if not own:
            lines.append(pen.write("budget.empty_class", code, **{"class": _bare(pen, code)}))
    return [f"{number}.{line}" for number, line in enumerate(filter(None, lines), start=1)]


def _group(pen: Pen, form: str, items: list[str]) -> str:
    code = items[0]
    prefix = pen.write(
        f"budget.{form}_prefix",
        **{
            "class": _bare(pen, code[:3]),
            "classcode": code[:3],
            "group": function_names(pen.figures.year)[code[:5]],
            "groupcode": code[3:5],
        },
    )
    return prefix + "；".join(_item(pen, form, item) for item in items) + "。"


def _item(pen: Pen, form: str, code: str) -> str:
    rate = pen.figures.value("gpb_function_completion_rate", code)
    remark = "" if rate is None else pen.vary("budget.remark_equal" if rate == 100 else "budget.remark_less")
    return pen.write(
        f"budget.{form}_item", code, item=function_names(pen.figures.year)[code], itemcode=code[5:], remark=remark
    )


def _three_public(page: Page) -> None:
    """Section 七."""
    pen = page.pen
    page.section("七")
    page.subsection("七", "（一）")
    page.say("three_public.overall")
    page.subsection("七", "（二）")
    page.say("three_public.components", clauses=lambda: "；".join(_component(pen, stem) for stem in COMPONENTS))
    for key in ("overseas", "vehicles", "purchase", "operation", "reception"):
        page.say(f"three_public.{key}")
    page.say("three_public.domestic", purposes=lambda: _purposes(pen))
    page.say("three_public.foreign")


def _component(pen: Pen, stem: str) -> str:
    return pen.write("three_public.component", stem=stem, label=phrases()[f"label.{stem}"][0])


def _purposes(pen: Pen) -> str:
    return pen.listing("three_public.purposes", "three_public.purpose", "reception_item_expenditure", "，")


def _funds(page: Page) -> None:
    """Sections 八 and 九."""
    page.section("八")
    page.say("budget.fund")
    page.section("九")
    page.say("budget.capital")


def _other_matters(page: Page) -> None:
    """Section 十, but for performance."""
    pen = page.pen
    page.section("十")
    page.subsection("十", "（一）")
    page.say("other.agency")
    page.subsection("十", "（二）")
    page.say("other.procurement")
    page.subsection("十", "（三）")
    assets = pen.write("other.assets", uses=lambda: pen.listing("other.uses", "other.use", "vehicle_use_count", "、"))
    page.add(assets or pen.write("other.assets_none"))


def _glossary(page: Page) -> None:
    page.part("3", "第三部分")
    entries = page.rng.sample(phrases()["aside.glossary"], page.rng.randint(4, 9))
    for number, entry in enumerate(entries, start=1):
        page.add(f"{number}.{entry}")


def _tables(page: Page) -> None:
    page.part("5", "第五部分")
    for number, title in zip(NUMERALS, phrases()["aside.annex_tables"], strict=False):
        page.add(f"{number}、{title}")
