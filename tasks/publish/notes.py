"""What differs between two releases, for people and for programs: Markdown and JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from schemas.taxonomy.load import concepts

SHOWN = 50
"""Rows of one list that the Markdown shows; the table `changes` has them all."""

WHY = {
    "held": "the audit holds it now",
    "gone": "nothing tells why",
    "new_report": "a report that was not there",
    "new_document": "the publisher has issued another document",
    "new_code": "the same document, read by other code",
    "new_document_and_code": "another document, read by other code too",
    "review": "an acknowledgement was given or has ended",
}

_REPORTS = (("added", "Added"), ("removed", "Not published any more"), ("replaced", "Replaced by a newer document"))
_RESTATED = ("new_document", "new_document_and_code")
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~&!])")


@dataclass(frozen=True, slots=True)
class Difference:
    """Two releases by name, `before` None for the first one; rows: by table, in both, None where it was not there;
    changes: the table schemas.companions.CHANGES.
    """

    before: str | None
    now: str
    rows: dict[str, tuple[int | None, int | None]]
    changes: pl.DataFrame

    def of(self, change: str) -> pl.DataFrame:
        """The changes of one kind."""
        return self.changes.filter(pl.col("change") == change)


def markdown(difference: Difference) -> str:
    """The difference as a page of Markdown. Words of documents are escaped."""
    return "\n".join(_page(difference)) + "\n"


def as_json(difference: Difference) -> dict[str, Any]:
    """The difference as plain data: numbers as exact text, rows as the table `changes` has them."""
    exact = pl.col("number_before", "number_now").cast(pl.String)
    return {
        "before": difference.before,
        "now": difference.now,
        "rows": {name: {"before": old, "now": new} for name, (old, new) in difference.rows.items()},
        "counts": dict(difference.changes.group_by("change").len().sort("change").iter_rows()),
        "changes": difference.changes.with_columns(exact).to_dicts(),
    }


def _page(difference: Difference) -> Iterator[str]:
    yield f"# Release {difference.now}\n"
    if difference.before is None:
        yield "The first release: there is none before it to compare it with.\n"
    else:
        yield f"Compared with the release {difference.before}.\n"
    yield "## Rows\n"
    yield from _table(
        ("table", "before", "now"), [(name, *map(_count, each)) for name, each in difference.rows.items()]
    )
    if difference.before is None:
        return
    if difference.changes.is_empty():
        yield "No report and no figure has changed.\n"
    for change, title in _REPORTS:
        yield from _section(title, ("report", "why"), difference.of(change), _report)
    yield from _section("Status", ("report", "before", "now", "why"), difference.of("status"), _status)
    figures = difference.of("figure")
    restated = pl.col("why").is_in(_RESTATED)
    head = ("report", "figure", "before", "now", "why")
    yield from _section("Restated by the publisher", head, figures.filter(restated), _figure)
    yield from _section("Read otherwise", head, figures.filter(~restated), _figure)


def _section(title: str, head: Sequence[str], changes: pl.DataFrame, row: Any) -> Iterator[str]:
    """A heading with the number of changes, and the first of them; nothing where there are none."""
    if changes.is_empty():
        return
    yield f"## {title}: {changes.height:,}\n"
    yield from _table(head, [row(each) for each in changes.head(SHOWN).iter_rows(named=True)])
    if changes.height > SHOWN:
        yield f"… and {changes.height - SHOWN:,} more in `changes.parquet`.\n"


def _report(change: dict[str, Any]) -> tuple[str, ...]:
    return _who(change), WHY[change["why"]]


def _status(change: dict[str, Any]) -> tuple[str, ...]:
    return _who(change), change["before"], change["now"], WHY[change["why"]]


def _figure(change: dict[str, Any]) -> tuple[str, ...]:
    member = " ".join(filter(None, (change["member_code"], change["member_name"])))
    period = "" if change["period"] == "current" else f" ({change['period']})"
    label = _labels().get(change["concept"], change["concept"])
    figures = (_cell(change[side] or "—") for side in ("before", "now"))
    return _who(change), _cell(f"{label} {member}".strip()) + period, *figures, WHY[change["why"]]


def _who(change: dict[str, Any]) -> str:
    return _cell(f"{change['entity']} {change['fiscal_year']} {change['kind']}")


def _labels() -> dict[str, str]:
    return dict(concepts().select("concept", "label_zh").iter_rows())


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"| {' | '.join('---' for _ in head)} |"
    yield from (f"| {' | '.join(row)} |" for row in rows)
    yield ""


def _count(rows: int | None) -> str:
    return "—" if rows is None else f"{rows:,}"


def _cell(text: str) -> str:
    """Words of a document in a cell: on one line, and nothing in them is markup."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))
