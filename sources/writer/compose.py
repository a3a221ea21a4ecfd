"""Writes a report: its figures, in the order of one of the outlines of a form, in the form's words."""

from __future__ import annotations

from functools import partial
from random import Random

from sources.writer.bodies import BODIES
from sources.writer.figures import Figures
from sources.writer.outline import arranged, outlines
from sources.writer.page import Page
from sources.writer.pen import Pen, Style
from sources.writer.public_tables import public_tables
from sources.writer.report import Change, Report
from sources.writer.wording import phrases

# Sections that can be in a unit of their own, while the rest of the report is in 万元.
SECTIONS = ("五（三）", "七", "十（一）", "十（二）", "项目表")


def write_report(
    figures: Figures,
    seed: int,
    changed: Change | None = None,
    choices: dict[str, int] | None = None,
    form: str = "sichuan",
    tables: str | None = None,
) -> Report:
    """The report that states these figures, in the words that the seed picks.

    `changed` misprints one figure and leaves everything else as it is. `choices` fixes variants of wording.toml
    by number ("total.joint": 1), and habits of style ("style.drop_zeros": 0). `form` is one of FORMS.
    `tables` is the layout in which the public tables are printed, at their place in the outline or as an attachment;
    None leaves them out.
    """
    rng, shape = Random(seed), Random(f"shape {seed}")
    words = phrases(form)
    pen = Pen(figures, rng, words, _style(rng, shape, words, choices or {}), dict(choices or {}), changed)
    _set_texts(pen)
    make = partial(public_tables, figures, tables, seed, pen.printed, changed) if tables else None
    page = Page(pen, rng, shape, make)
    for entry in arranged(shape.choice(outlines(form)), shape):
        if entry.level < 9:
            page.heading(entry)
        elif entry.key.startswith("@"):
            BODIES[entry.key[1:]](page)
        elif entry.key.startswith("aside."):
            page.aside(entry.key)
        else:
            page.say(entry.key)
    if make and not page.tables:
        page.add(pen.write("tables.attached", "", stem=""))
        page.print_tables(make())
    page.table_of_contents()
    return Report(figures.publisher, figures.year, page.blocks, pen.facts, page.tables)


def _style(rng: Random, shape: Random, words: dict[str, tuple[str, ...]], choices: dict[str, int]) -> Style:
    def chance(name: str) -> float:
        return float(words.get(f"style.{name}", ("0",))[0])

    habits = ("drop_zeros", "separators", "wide", "yuan")
    met = {name: rng.random() < chance(name) for name in habits}
    met |= {name: bool(choices[f"style.{name}"]) for name in habits if f"style.{name}" in choices}
    unit = "元" if met.pop("yuan") else "亿元" if shape.random() < chance("hundred_million") else "万元"
    own = shape.random() < chance("section_unit")
    return Style(
        **met,
        unit=unit,
        section_units={shape.choice(SECTIONS): shape.choice(("元", "万元"))} if own else {},
        loses_units=0.02 if shape.random() < chance("loses_units") else 0,
        joins=0.5 if shape.random() < chance("joins") else 0,
        splits=0.2 if shape.random() < chance("splits") else 0,
    )


def _set_texts(pen: Pen) -> None:
    publisher, year = pen.figures.publisher, pen.figures.year
    pen.texts = {
        "year": str(year),
        "prior": str(year - 1),
        "entity": publisher.entity,
        "short": publisher.short,
        "kind": publisher.kind,
    }
    pen.texts |= {"Y": pen.write("year.here"), "P": pen.write("year.before"), "colon": pen.write("budget.colon")}
    pen.texts["who"] = pen.write("who.who")
