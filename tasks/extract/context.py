"""What sentences say and go on from: subjects, statements, and what a section has said so far."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tasks.extract.lexicon import Label


@dataclass(slots=True)
class Subject:
    """What a sentence speaks of: one concept, or two that share a number, and their member."""

    concepts: tuple[str, ...]
    member_code: str | None = None
    member_name: str | None = None
    parent_code: str | None = None


@dataclass(slots=True)
class Statement:
    """What one quantity states. `start` is where its words begin in the paragraph's compact text."""

    concepts: tuple[str, ...]
    subject: Subject
    period: str
    start: int
    sign: int = 1
    basis: str | None = None
    unit: str = ""
    role: str = ""
    opens: tuple[str, ...] = ()


@dataclass(slots=True)
class Context:
    """What a section has said so far.

    head: subject of the sentence; previous, last: of the last two amounts; recent: of the last figure of any kind;
    changed: of the last change; second: of the next one, and the cue of both, where two follow one after the other;
    whole: the total that the sentence's functions are parts of; outer: subject and anchor before an open bracket;
    anchor: the list that is open; role: of the last figure; share_first: whether that is the share of what has no amount
    so far; elsewhere: why the last change is none against the prior year; series: names of things whose figures follow one
    after the other (A、B分别为1万元、2万元), of which `turn` is the one spoken of; listed: the words of the amounts that the
    sentence has told; reasoned: reasons are being given; following: the paragraph that goes on with the last sentence of this one.
    """

    section: str
    head: Subject | None = None
    previous: Subject | None = None
    last: Subject | None = None
    recent: Subject | None = None
    changed: Subject | None = None
    second: tuple[Subject, re.Match[str]] | None = None
    outer: tuple[Subject | None, str] | None = None
    anchor: str = ""
    whole: str = ""
    role: str = ""
    share_first: bool = False
    elsewhere: str = ""
    series: tuple[str, ...] = ()
    turn: int = 0
    listed: tuple[str, ...] = ()
    reasoned: bool = False
    following: str = ""
    project: str | None = None
    lead: str | None = None
    unit: str | None = None
    group: tuple[str | None, str | None] = (None, None)


ItemFinder = Callable[[str, Context], tuple[Subject, int] | None]
"""Finds a function class or item at the end of the words before a number, and where its name begins."""

MemberNamer = Callable[["Label", str, str, Context], Subject | None]
"""Gives the subject of a label: (label, free text that it took in, words before the number, context)."""
