"""What every page is rendered with: templates that escape, our own styles and scripts, and words in two languages."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files

import jinja2
from markupsafe import Markup, escape

PACKAGE = "tasks.publish.pages"


@cache
def environment(*packages: str) -> jinja2.Environment:
    """Templates of these packages, and behind them those of the page of a report. Everything is escaped."""
    made = jinja2.Environment(
        loader=jinja2.ChoiceLoader([jinja2.PackageLoader(name) for name in (*packages, PACKAGE)]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["t"] = bilingual
    return made


@cache
def asset(name: str, package: str = PACKAGE) -> Markup:
    """A style or script of our own, which is the only text that goes into a page unescaped."""
    return Markup(files(package).joinpath("templates", name).read_text("utf-8"))


@lru_cache(4096)
def bilingual(english: str, chinese: str) -> Markup:
    """Words in both languages: a page shows the one that its reader chose."""
    return Markup('<span class="en">{}</span> <span class="zh" lang="zh-CN">{}</span>').format(
        escape(english), escape(chinese)
    )
