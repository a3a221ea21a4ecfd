"""Two figures that a sentence speaks of at once: totals of both sides, and changes that are told of the last two amounts."""

from __future__ import annotations

import re

from tasks.extract.context import Context, Subject
from tasks.extract.data import clause

TOTALS = {("revenue_total", "expenditure_total"), ("fiscal_revenue_total", "fiscal_expenditure_total")}
"""Two amounts that are equal: where a sentence has named both, the next one speaks of both."""

SIDES = {
    concept: pair
    for pair in (
        *sorted(TOTALS),
        ("revenue_current_year", "expenditure_current_year"),
        ("fiscal_revenue_current_year", "fiscal_expenditure_current_year"),
        ("revenue_general_budget", "gpb_expenditure"),
        ("revenue_government_fund", "government_fund_expenditure"),
        ("revenue_state_capital", "state_capital_expenditure"),
    )
    for concept in pair
}
"""Revenue and expenditure of the same money, by either of them."""

FISCAL = "fiscal_"
"""What the names of concepts begin with that 财政拨款 alone can mean."""


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


def named_side(before: str, context: Context) -> Subject | None:
    """Which of two figures, named by its side only: 收入增加… is about the revenue of the money that was spoken of before."""
    pair = SIDES.get(context.head.concepts[0]) if context.head else None
    found = clause("side").search(before) if pair else None
    if not (pair and found) or (found["fiscal"] and not pair[0].startswith(FISCAL)):
        return None
    return Subject((pair[0 if found["revenue"] else 1],))


def are_totals(context: Context) -> bool:
    """Whether the last two amounts are the two totals that one change may be about."""
    last = [subject.concepts for subject in (context.previous, context.last) if subject]
    return len(last) == 2 and (*last[0], *last[1]) in TOTALS and context.previous is context.head


def _each(subject: Subject) -> tuple[Subject, ...]:
    return tuple(Subject((concept,)) for concept in subject.concepts)


def _further_changes(behind: str, unit: str) -> int:
    """How many changes in this unit follow right behind a number."""
    count, position = 0, 0
    while (found := clause("further_change").match(behind, position)) and found["unit"] == unit:
        count, position = count + 1, found.end()
    return count
