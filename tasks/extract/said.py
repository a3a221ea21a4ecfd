"""What the words before a number say by themselves, in whatever section and of whatever unit."""

from __future__ import annotations

from dataclasses import dataclass

from tasks.extract.data import clause, remembered

LONGEST_JOINT = 2
"""Characters. What stands between two figures of one series is short."""


@dataclass(frozen=True, slots=True)
class Said:
    """What some words say.

    nothing: why their number states nothing, "" otherwise; label: the words in which a label is looked for; depth:
    brackets that they open, less those that they close; against_budget, against_year, compared: what a change is
    compared with, as far as they say; against_prior: that it is the year before; gives_reason, ends_reason: whether
    they begin to give reasons, and come to an end with them; is_joint: whether they stand between two figures of one
    series; series: what is named together, if their number is the first of its figures (where they share a measure, each
    with it: A项目和B项目全年预算分别为); lists_shares: whether their number is the first share of the amounts told before;
    alike: what is named together with one figure for all, in one piece, and where that begins.
    """

    nothing: str
    label: str
    depth: int
    against_budget: bool
    against_year: int | None
    compared: bool
    against_prior: bool
    gives_reason: bool
    ends_reason: bool
    is_joint: bool
    series: tuple[str, ...] | None
    lists_shares: bool
    alike: tuple[str, int] | None


@remembered
def said(words: str) -> Said:
    """What the words say: most words between two numbers are those of the form, the same in all reports."""
    year = clause("against_year").search(words)
    against_prior = clause("against_prior").search(words) is not None
    reason = clause("reason").search(words)
    behind = words[reason.end() :] if reason else words
    reached = None if against_prior else clause("reached").search(words)
    return Said(
        nothing=_nothing(words),
        label=words if reached is None else words[: reached.start()],
        depth=words.count("(") - words.count(")"),
        against_budget=clause("against_budget").search(words) is not None,
        against_year=int(year[1]) if year else None,
        compared=clause("compared").search(words) is not None,
        against_prior=against_prior,
        gives_reason=reason is not None,
        ends_reason=";" in behind or clause("against_prior").search(behind) is not None,
        is_joint=len(words) <= LONGEST_JOINT and clause("respective_next").fullmatch(words) is not None,
        series=_series(words),
        lists_shares=clause("respective_shares").search(words) is not None,
        alike=_alike(words),
    )


def _nothing(words: str) -> str:
    if clause("template").search(words):
        return "template_left_over"
    return "against_budget" if clause("beyond_budget").search(words) else ""


def _series(words: str) -> tuple[str, ...] | None:
    named = clause("respective").search(words) if clause("respective_mark").search(words) else None
    if named is None:
        return None
    names = tuple(filter(None, clause("respective_next").split(named["names"])))
    measured = clause("measured").fullmatch(names[-1]) if len(names) > 1 else None
    if measured is None:
        return names
    kind, measure = measured["kind"], measured["measure"]
    return (*(f"{name.removesuffix(kind)}{kind}{measure}" for name in names[:-1]), names[-1])


def _alike(words: str) -> tuple[str, int] | None:
    named = clause("all_alike").search(words)
    return (named["names"], named.start("names")) if named else None
