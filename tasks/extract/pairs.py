"""Changes that are told of the last two amounts at once: the same for both, or one after the other (分别增加1万元和减少2万元)."""

from __future__ import annotations

import re

from tasks.extract.context import Context, Subject
from tasks.extract.data import clause


def changed(
    words: str, behind: str, unit: str, subject: Subject | None, cue: re.Match[str], context: Context
) -> Subject | None:
    """Whom a change is about that its `cue` tells; `subject` is whom its own clause speaks of.

    Where it is said of each of two amounts it is about both, or about the first of them if a second change stands
    `behind` it, which is the other's. None where the changes are more than two, or the amounts are not known.
    """
    second, context.second = context.second, None
    if second is not None and clause("second_change").match(words):
        return second[0]
    if subject not in (context.last, context.changed) or not clause("each").search(words):
        return subject
    further = _further_changes(behind, unit)
    if not further:
        return subject if subject and len(subject.concepts) > 1 else both(context.previous, subject)
    pair = _each(subject) if subject and len(subject.concepts) > 1 else (context.previous, context.last)
    if further > 1 or len(pair) != 2 or pair[1] is None:
        return None
    context.second = (pair[1], cue)
    context.series = ()
    return pair[0]


def both(previous: Subject | None, last: Subject | None) -> Subject | None:
    """Two totals as one subject; the last one where there are not two."""
    if previous is None or last is None or previous.member_name or last.member_name:
        return last
    return Subject((*previous.concepts, *(name for name in last.concepts if name not in previous.concepts)))


def _each(subject: Subject) -> tuple[Subject, ...]:
    return tuple(Subject((concept,)) for concept in subject.concepts)


def _further_changes(behind: str, unit: str) -> int:
    """How many changes in this unit follow right behind a number."""
    count, position = 0, 0
    while (found := clause("further_change").match(behind, position)) and found["unit"] == unit:
        count, position = count + 1, found.end()
    return count
