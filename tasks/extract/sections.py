"""Which section of the statutory form each paragraph stands in, told by the words of headings.

Numbers of headings get lost, doubled and mistyped; their words are what the form prescribes. A heading
is a short line, or the short beginning of one, that consists of a section's words and nothing else.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from tasks.extract.document import Paragraph
from tasks.extract.lexicon import Heading, Lexicon

LONGEST_HEADING = 45
NUMBERING = re.compile(
    r"^(?P<part>第[一二三四五六七八九十\d]+(?:部分|章)[、:.]?)?"
    r"(?:[一二三四五六七八九十]{1,3}[、.,，:])?(?:\([一二三四五六七八九十\d]{1,3}\))?(?:\d{1,2}[、.,，](?:(?!\d)|(?=\d{4}年)))?"
)
PARTS = ("概况", "说明", "附件")
"""Where the part is not told, as in a fragment, any of them may be meant."""

NOT = "!"
"""`within` of a heading that can stand in any part but one."""

LOWER = re.compile(r"^\(?\d")
UNIT_NOTE = re.compile(r"\((?:金额)?单位:[^()]*\)$")
GLUED = re.compile(r"(?<=[说明情况])(?=\d{4}年)")
SENTENCE_END = re.compile(r"[。;!?]")


class Placed(NamedTuple):
    """A paragraph in its section: `scope` core, prose or closed; its body begins at offset `body`."""

    paragraph: Paragraph
    section: str
    scope: str
    body: int
    opens: bool


def place(paragraphs: list[Paragraph], lexicon: Lexicon) -> list[Placed]:
    """Every paragraph with its section. Before the first heading stands the front matter, which is closed."""
    placed = []
    part, section, scope = "", "", "core"
    for paragraph in paragraphs:
        body, opens = 0, False
        heading, length = (None, 0) if paragraph.is_cell else _heading_of(paragraph.text, part, section, lexicon)
        if heading is not None:
            section, scope, opens, body = heading.section, heading.scope, True, length
            part = heading.part or part or (heading.within if heading.within in PARTS else "")
        placed.append(Placed(paragraph, section, scope, body, opens))
    return placed


def is_heading(line: str, lexicon: Lexicon) -> bool:
    """Whether a compact line is a heading of any section and nothing else."""
    numbering = NUMBERING.match(line)
    words = line[numbering.end() if numbering else 0 :].rstrip(":,，、.。")
    return 0 < len(words) <= LONGEST_HEADING and bool(lexicon.headings_of(words))


def _heading_of(text: str, part: str, section: str, lexicon: Lexicon) -> tuple[Heading | None, int]:
    """The heading that a paragraph is or begins with, and how many characters it takes."""
    end = SENTENCE_END.search(text, 0, LONGEST_HEADING + 1)
    length = len(text) if end is None else end.start()
    numbering = NUMBERING.match(text)
    assert numbering is not None  # every piece of the pattern is optional
    if (
        numbering["part"] is None
        and numbering.end()
        and (glued := GLUED.search(text, numbering.end(), LONGEST_HEADING))
    ):
        # A sentence follows its heading on the same line.
        length, end = glued.start(), None
    if length > LONGEST_HEADING:
        return None, 0
    words = UNIT_NOTE.sub("", text[numbering.end() : length].rstrip(":,，、."))
    if not words:
        return None, 0
    for heading in lexicon.headings_of(words):
        if _admits(heading, part, section, numbering):
            return heading, length if end is None else end.end()
    return None, 0


def _admits(heading: Heading, part: str, section: str, numbering: re.Match[str]) -> bool:
    """Whether this heading can stand here.

    A part's heading says 第…部分. Others stand within their part, or within their section: there a lower number
    (1. or （1）) goes on with the section itself. Where nothing is told yet, as in a fragment, all parts may be meant.
    """
    if heading.is_part:
        return bool(numbering["part"])
    if not heading.within or heading.within == part:
        return True
    if heading.within.startswith(NOT):
        return heading.within != NOT + part
    if heading.within in PARTS:
        return not part
    if heading.within == heading.section:
        return section.startswith(heading.within) and LOWER.search(numbering[0]) is not None
    return section.startswith(heading.within) or not (part or section)
