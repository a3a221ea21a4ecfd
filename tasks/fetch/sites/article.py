"""What a link of a list leads to: a report as a page, a page with its files, or a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tasks.fetch.sites.page import Link, is_file
from tasks.fetch.sites.visitor import Answer, Visitor
from tasks.fetch.sites.words import other_kind

MOST_FILES = 50
"""Files of one report."""


class Article(NamedTuple):
    """One report. `kept`: what is there of it already, a page or a document; `files`: what is still to be fetched."""

    kept: tuple[Answer, ...]
    files: tuple[Link, ...]


def look(visitor: Visitor, link: Link) -> Article | None:
    """Looks behind a link; None, and a row with the reason, where there is no report.

    A page without amounts that leads to files is not kept as a part of the report.
    """
    if is_file(link.url):
        return Article((), (link,))
    answer = visitor.get(link.url, "report")
    if answer is None:
        return None
    page = answer.page
    if page is None:
        return Article((answer,), ())
    files = tuple(file for file in page.files(visitor.site.files) if not other_kind(file.title))[:MOST_FILES]
    if not files and (fault := page.fault):
        visitor.refuse(answer, f"is not a report but {fault}")
        return None
    if files and not page.has_amounts:
        answer.row["role"] = "page"
        return Article((), files)
    return Article((answer,), files)


def files_of(visitor: Visitor, files: Sequence[Link]) -> list[Answer]:
    """The files that came; of the others a row tells why not. Old programs write pages into files for Word: these
    have amounts.
    """
    came = []
    for file in files:
        answer = visitor.get(file.url, "report")
        page = answer.page if answer else None
        if answer and page and not page.has_amounts:
            visitor.refuse(answer, f"is not the file but {page.fault or 'a web page'}")
        elif answer:
            came.append(answer)
    return came
