"""The page of checked reports: what does not add up, and the whole text with every figure marked.

Rows of the tables go in, HTML comes out. The page needs nothing else: no file beside it, no request, and without
scripts it is read by its links. Everything that comes from documents is escaped, and the page's policy admits only the one
style and the one script that it carries.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256

from tasks.publish.pages.rendering import asset, environment
from tasks.publish.pages.view import ReportRows, view

__all__ = ["ReportRows", "page"]


def page(reports: Sequence[ReportRows], unreadable: Sequence[str] = ()) -> str:
    """One page of these reports; `unreadable` says in sentences which others there would have been."""
    several = len(reports) > 1
    views = [view(rows, f"r{number}-" * several) for number, rows in enumerate(reports, 1)]
    style, script = asset("page.css"), asset("language.js") + asset("page.js")
    return environment().get_template("page.html").render(
        reports=views, unreadable=unreadable, style=style, script=script, style_hash=_hash(style), script_hash=_hash(script)
    )  # fmt: skip


def _hash(part: str) -> str:
    """How a page's policy names what it admits."""
    return b64encode(sha256(part.encode()).digest()).decode()
