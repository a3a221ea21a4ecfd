"""Puts paragraphs together again that a dump broke into lines.

The text layer of a PDF gives one line of the page after the other: sentences and words end anywhere, page
numbers and running heads stand between them. In such a document most lines end in the middle of a sentence.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

PROSE = 12
"""Characters. Shorter lines are headings, captions and cells; they tell nothing about how lines are broken."""

BROKEN_SHARE = 0.38
LEAST_BROKEN = 2
"""Where at least this share of the lines of prose, and this many, end within a sentence, the lines are no paragraphs."""

CONTENTS = re.compile(r"PAGEREF|[.…·]{3,}\d{1,3}$")
"""Lines of a table of contents, which tell nothing about how lines are broken."""
END = re.compile(r"[。;:!?…]$")
FULL_STOP = re.compile(r"[。!?]$")
NUMBERED = re.compile(
    r"^(?:第[一二三四五六七八九十\d]+部分|[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十\d]{1,3}\)|\d{1,2}[.、](?!\d))"
)
AMOUNT = re.compile(r"^\d[\d,]*(?:\.\d+)?[%万亿元]")
PAGE_NUMBER = re.compile(r"^(?:[-—]*\d{1,4}[-—]*|第\d{1,4}页(?:[,，/]?共\d{1,4}页)?|\d{1,4}/\d{1,4})$")
CLAUSE = re.compile("[。，；;]")
RUNNING_HEAD = 3
"""How often a short line is repeated before it is taken for the head of a page."""


class Layout(NamedTuple):
    """How the lines of a whole document lie: whether they are broken, and which are repeated as heads of its pages."""

    broken: bool
    heads: frozenset[str]


def layout_of(lines: Sequence[str], is_heading: Callable[[str], bool]) -> Layout:
    """The layout of a document's lines of prose, which are compact."""
    if not _broken([line for line in lines if not (is_heading(line) or CONTENTS.search(line))]):
        return Layout(False, frozenset())
    repeated = (
        line
        for line, count in Counter(lines).items()
        if count >= RUNNING_HEAD and len(line) < 3 * PROSE and not CLAUSE.search(line)
    )
    return Layout(True, frozenset(repeated).union(_beside_page_numbers(lines)))


def paragraphs_of(
    lines: Sequence[str], is_heading: Callable[[str], bool], layout: Layout, *, first: bool
) -> list[list[int]]:
    """The lines, as indices, that make up each paragraph; page numbers and running heads are left out.

    Where lines are paragraphs already each stays by itself. `lines` are one stretch of a document, `first` its first.
    """
    if not layout.broken:
        return [[index] for index in range(len(lines))]
    groups: list[list[int]] = []
    seen: set[str] = set()
    begun = not first  # Before the first heading stands the title, whose lines are left alone.
    for index, line in enumerate(lines):
        if PAGE_NUMBER.match(line) or (line in layout.heads and not is_heading(line) and (begun or line in seen)):
            continue
        seen.add(line)
        before = "".join(lines[each] for each in groups[-1]) if groups else ""
        if groups and begun and _goes_on(before, line, is_heading):
            groups[-1].append(index)
        else:
            groups.append([index])
            begun = begun or is_heading(line)
    return groups


def _beside_page_numbers(lines: Sequence[str]) -> Iterator[str]:
    """Lines beside the number of a page that say what the first line of the document says: heads of pages."""
    for line, after in pairwise(lines):
        if PAGE_NUMBER.match(line) and PROSE <= len(after) < 3 * PROSE and after in lines[0]:
            yield after
        if PAGE_NUMBER.match(after) and PROSE <= len(line) < 3 * PROSE and line in lines[0] and line != lines[0]:
            yield line


def _broken(lines: Sequence[str]) -> bool:
    prose = [line for line in lines if len(line) >= PROSE]
    broken = sum(not END.search(line) for line in prose)
    return broken >= LEAST_BROKEN and broken >= BROKEN_SHARE * len(prose)


def _goes_on(before: str, line: str, is_heading: Callable[[str], bool]) -> bool:
    """Whether a line belongs to the paragraph before it."""
    if is_heading(before):
        # The beginning of a sentence can read like a heading without a number, but then its amount follows.
        return NUMBERED.match(before) is None and AMOUNT.match(line) is not None
    if FULL_STOP.search(before):
        return False
    # What has a number of its own begins anew, though a list of bodies and the heading behind it read like one heading.
    if NUMBERED.match(line):
        return False
    if NUMBERED.match(before) and is_heading(before + line):
        return True
    return not is_heading(line)
