"""What is found by which equation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from schemas.curated import SEVERITIES
from schemas.shown import figure
from tasks.publish.explain import formula, in_words, kind, title
from tasks.publish.pages.view import PRINTED_AND_RIGHT, SIDES
from tasks.publish.site.shelf import Row, Shelf

SHOWN = 500
"""Findings on one page; the number of the others is told, and the mart has them."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One equation with its findings, the latest first; `more` of them are not shown."""

    equation: str
    title: str
    formula: str
    severity: str
    violated: int
    acknowledged: int
    reports: int
    sides: tuple[str, str]
    findings: list[Row]
    more: int


def rules(shelf: Shelf) -> Iterator[Rule]:
    """The equations that have findings, the gravest and most frequent first."""
    latest = shelf.findings.sort(
        "fiscal_year", "entity_id", "report_id", "instance", descending=[True, False, False, False]
    )
    found = []
    for (equation,), own in latest.partition_by("equation", as_dict=True, maintain_order=True).items():
        verdicts = Counter(own["verdict"])
        shown = [row | _shown(row) for row in own.head(SHOWN).iter_rows(named=True)]
        found.append(
            Rule(
                str(equation),
                title(shown[0]),
                formula(shown[0]),
                min(own["severity"].unique(), key=SEVERITIES.index),
                verdicts["violated"],
                verdicts["acknowledged"],
                own["report_id"].n_unique(),
                SIDES.get(kind(shown[0]), PRINTED_AND_RIGHT),
                shown,
                own.height - len(shown),
            )
        )
    yield from sorted(found, key=lambda rule: (SEVERITIES.index(rule.severity), -rule.reports, rule.equation))


def _shown(row: Row) -> dict[str, str]:
    """What it is about, and its sides, as people read them."""
    return {"about": in_words(row["instance"])} | {
        f"{side}_shown": figure(row[side], row["unit_kind"]) for side in ("lhs", "rhs", "residual", "bound")
    }
