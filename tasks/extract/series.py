"""Several things that are named together, and their figures: one after the other, or one for all of them."""

from __future__ import annotations

import re

from tasks.extract.context import Context, ItemFinder, MemberNamer, Statement, Subject
from tasks.extract.data import clause
from tasks.extract.lexicon import Lexicon
from tasks.extract.said import Said

FURTHER = re.compile(r"(?:[、,，;和及与]|以及)\d+(?:\.\d+)?%")
"""A further share behind the first of several."""

JOINTS = ("、", "，", ",", "以及", "和", "与", "及")
"""What parts names, from the one that does so first to the one that names themselves hold most often."""


class Series:
    """Resolves the figures of things that were named together: A、B分别为1万元、2万元; A、B和C均为0万元."""

    def __init__(self, lexicon: Lexicon, items: ItemFinder, name: MemberNamer) -> None:
        """`items` finds functions by their names, `name` the members of labels."""
        self._lexicon = lexicon
        self._items = items
        self._name = name

    def turn(self, told: Said, behind: str, context: Context) -> str | None:
        """Of several things that were named together the one whose figure this is; None where no such list is open.

        `told` is what the words before the number say, `behind` what follows it.
        """
        if told.is_joint and context.series:
            context.turn += 1
        elif told.series is not None:
            listed = _listed(behind, context) if told.lists_shares else ()
            names = _of_same(told.series, context.series) or told.series or listed
            context.series = names if len(names) > 1 else () if names else context.series
            context.turn, context.listed = 0, ()
        else:
            return None
        return context.series[context.turn] if context.turn < len(context.series) else None

    def in_turn(self, name: str, unit: str, context: Context) -> Statement | None:
        """The figure of the thing of this name: its amount or count, or in percent its share."""
        subject = self._of_name(name, "万元" if unit == "%" else unit, context)
        if subject is None:
            return None
        if unit != "%":
            return Statement(subject.concepts, subject, "current", 0, opens=subject.concepts)
        shares = tuple(self._lexicon.stem(concept).share for concept in subject.concepts)
        return Statement(shares, subject, "current", 0, role="share")

    def alike(self, named: tuple[str, int], unit: str, context: Context) -> Statement | None:
        """The figure that several things share: A、B和C均为0万元; A、B预算及决算均为0万元. `named` are they, and where they begin."""
        words, start = named
        measures = clause("budget_and_actual").search(words)
        names = self._apart(words[: measures.start()] if measures else words, unit, context)
        subjects = [self._of_name(name, unit, context) for name in names]
        concepts = tuple(subject.concepts[0] for subject in subjects if subject and not subject.member_name)
        if len(concepts) != len(subjects) or len(subjects) < (1 if measures else 2):
            return None
        budgets = tuple(self._lexicon.stem(concept).budget for concept in concepts) if measures else ()
        return None if "" in budgets else Statement((*concepts, *budgets), Subject(concepts), "current", start)

    def _apart(self, words: str, unit: str, context: Context, joints: tuple[str, ...] = JOINTS) -> list[str]:
        """The names that words join; 公务用车购置及运行维护费 is one."""
        told = self._lexicon.matcher(context.section, unit, context.anchor).fixed_before(words)
        if not joints or (told and told[1] == 0):
            return [words]
        parts = filter(None, words.split(joints[0]))
        return [name for part in parts for name in self._apart(part, unit, context, joints[1:])]

    def _of_name(self, name: str, unit: str, context: Context) -> Subject | None:
        told = self._lexicon.matcher(context.section, unit, context.anchor).fixed_before(name)
        if told is not None:
            return self._name(told[0], told[2], name, context)
        item = self._items(name, context)
        return item[0] if item else None


def _listed(behind: str, context: Context) -> tuple[str, ...]:
    """The amounts told last in the sentence, as many as shares follow; nothing for a share alone, or too few amounts."""
    count, end = 1, 0
    while further := FURTHER.match(behind, end):
        count, end = count + 1, further.end()
    return context.listed[-count:] if 1 < count <= len(context.listed) else ()


def _of_same(named: tuple[str, ...], before: tuple[str, ...]) -> tuple[str, ...]:
    """The names of the series before with another measure, where only that is named: 执行数分别为; else nothing."""
    if len(named) != 1 or len(before) < 2 or not clause("measure").fullmatch(named[0]):
        return ()
    things = ((each, clause("measured").fullmatch(each)) for each in before)
    return tuple(f"{thing['name'] if thing else each}{named[0]}" for each, thing in things)
