"""The templates of the site, and what they may say of where a document comes from."""

from __future__ import annotations

from functools import cache
from pathlib import PurePosixPath
from urllib.parse import urlsplit

import jinja2

from tasks.publish.pages.rendering import environment

PACKAGE = "tasks.publish.site"


def render(template: str, **told: object) -> str:
    """One page."""
    return _templates().get_template(template).render(told)


def web(url: str) -> str:
    """An address that a page may lead to: that of a site, else nothing."""
    try:
        parts = urlsplit(url)
        return url if parts.scheme in ("http", "https") and parts.hostname else ""
    except ValueError:
        return ""


def file_name(url: str) -> str:
    """What people know a document by: its address, or of a file its name alone, without where it lies on a machine."""
    return web(url) or PurePosixPath(url).name


@cache
def _templates() -> jinja2.Environment:
    made = environment(PACKAGE)
    made.filters |= {"web": web, "file_name": file_name}
    return made
