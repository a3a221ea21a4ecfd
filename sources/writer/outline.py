"""The order of a report: headings with what stands below them, as the outlines of the wording files give it.

A line of an outline begins with its level: # a part, ## 一、, ### （一）, #### 1., - a paragraph. Behind a heading's
level may stand
  =  its number is never damaged       !  the heading may be lost
  ?  it may be missing, with all below  ~  it may change places with its neighbours of that kind
Then come the phrase of the heading, and the section of the canon to which the figures below it belong. A paragraph
is a phrase, or with @ something that a function writes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from random import Random

from sources.writer.wording import phrases

LINE = re.compile(r"(?P<level>#+|-)(?P<flags>[=!?~]*) (?P<key>\S+)(?: (?P<section>\S+))?")
LEFT_OUT = 0.25
LOST = 0.12


@dataclass
class Entry:
    """A heading (levels 1 to 4) with what stands below it, or a paragraph (level 9)."""

    level: int
    flags: str
    key: str
    section: str
    below: list[Entry] = field(default_factory=list)


@cache
def outlines(form: str) -> tuple[Entry, ...]:
    """The outlines of a form. Raises ValueError for a line that is none."""
    return tuple(_outline(text) for text in phrases(form)["outline.outlines"])


def arranged(entry: Entry, shape: Random) -> Iterator[Entry]:
    """All below an entry in the order of one report: some left out, some in other places, some headings lost."""
    for child in _moved(entry.below, shape):
        if "?" in child.flags and shape.random() < LEFT_OUT:
            continue
        if not ("!" in child.flags and shape.random() < LOST):
            yield child
        yield from arranged(child, shape)


def _moved(entries: list[Entry], shape: Random) -> list[Entry]:
    movable = [number for number, entry in enumerate(entries) if "~" in entry.flags]
    moved = list(entries)
    for place, number in zip(movable, shape.sample(movable, len(movable)), strict=True):
        moved[place] = entries[number]
    return moved


def _outline(text: str) -> Entry:
    root = Entry(0, "", "", "")
    path = [root]
    for line in filter(None, (line.strip() for line in text.splitlines())):
        found = LINE.fullmatch(line)
        if not found:
            raise ValueError(f"an outline has no line of the form {line!r}")
        level = 9 if found["level"] == "-" else len(found["level"])
        entry = Entry(level, found["flags"], found["key"], found["section"] or "")
        while path[-1].level >= level:
            path.pop()
        path[-1].below.append(entry)
        path.append(entry)
    return root
