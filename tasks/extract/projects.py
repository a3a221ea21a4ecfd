"""Projects: their full names, which publishers shorten in narratives and annexes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from tasks.extract.data import clause

if TYPE_CHECKING:
    from tasks.extract.document import Document, Paragraph

QUOTED = re.compile(r"[“\"「]([^”\"」“\n]{2,40})[”\"」]")
PROJECT_CODE = re.compile(r"^[0-9A-Z]{8,}-")
"""What the form of fiscal year 2021 on prints before a project's name."""

NUMERALS = "零一二三四五六七八九十"
JOINT = "个项目合并填报"


class ProjectNames:
    """The full names of a report's projects: publishers shorten them in narratives and annexes."""

    def __init__(self, document: Document, paragraphs: Iterable[Paragraph], intro: Iterable[Paragraph]) -> None:
        """Collects names from the tables among `paragraphs` and from quotation marks in the `intro` paragraphs."""
        names: dict[str, str] = {}
        for name in filter(None, _named_in_tables(document, list(paragraphs))):
            names.setdefault(_core(name), name)
        for paragraph in intro:
            start, end = document.printed_span(paragraph.start, paragraph.end)
            for found in QUOTED.finditer(document.text, start, end):
                name = re.sub(r"\s", "", found[1])
                names.setdefault(_core(name), name)
        self._names = names

    def full(self, name: str) -> str:
        """The full name that shares most characters with a shortened one (at least half of them), else the name itself."""
        core = _core(name)
        if core in self._names:
            return self._names[core]
        best, share = name, 0.5
        for known, full in self._names.items():
            common = len(set(core) & set(known)) / max(len(set(core)), 1)
            if common > share:
                best, share = full, common
        return best

    def in_title(self, title: str) -> str | None:
        """The project that a title speaks of: the one whose name stands in it."""
        return next((full for core, full in self._names.items() if core in title), None)


def table_project(document: Document, cell: Paragraph) -> str:
    """Name of the project that a table reports; where it reports several jointly, how many (their names would mislead)."""
    if not cell.text:
        return ""
    start, end = document.printed_span(cell.start, cell.end)
    # Compact text has no quotation marks: the outermost ones stand just outside the span.
    several = len(QUOTED.findall(document.text, max(start - 1, 0), end + 1))
    return PROJECT_CODE.sub("", cell.text) if several < 2 else f"{NUMERALS[min(several, 10)]}{JOINT}"


def _named_in_tables(document: Document, cells: list[Paragraph]) -> Iterator[str]:
    names_project = clause("project_name_label").fullmatch
    for label, cell in pairwise(cells):
        if names_project(label.text) and cell.is_cell:
            name = table_project(document, cell)
            if not name.endswith(JOINT):
                yield name


def _core(name: str) -> str:
    return clause("project_common").sub("", name) or name
