"""The same report with one misprint, for tests of the form: break one figure, and exactly that check fires."""

from __future__ import annotations

from decimal import Decimal

from sources.writer.compose import write_report
from sources.writer.figures import Figures
from sources.writer.report import Change, Report


def break_figure(
    figures: Figures,
    seed: int,
    concept: str,
    by: Decimal,
    member: str = "",
    place: int | None = 0,
    form: str = "sichuan",
    tables: str | None = None,
) -> Report:
    """The report of `figures` and `seed`, in which `concept` is printed as `by` more than the accounts say.

    `by` is in 万元, percent, or things. `place` is the printing to change, from 0 in reading order; None changes all of them.
    Where one number states two concepts, both change. Raises ValueError where the figure is not printed there.
    """
    report = write_report(figures, seed, Change(concept, by, member, place), form=form, tables=tables)
    key = concept.partition("@")[0]
    names = (member, member.removesuffix("编制"))
    if not any(
        fact.concept == key and (fact.member_code in names or fact.member_name in names) and place in (None, fact.place)
        for fact in report.facts
    ):
        raise ValueError(f"the report does not print {concept} {member} at place {place}")
    return report
