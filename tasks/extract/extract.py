"""Extraction of many documents at once: frames in, frames out."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from schemas.curated import OUTCOMES, REPORTS
from schemas.table import Table
from tasks.extract.data import MOST_LINES
from tasks.extract.document import Document
from tasks.extract.identity import Identity, NotFinalAccounts, identify
from tasks.extract.lexicon import lexicon
from tasks.extract.places import with_places
from tasks.extract.public_tables import laid_tables, stands_above_table
from tasks.extract.reading import ReportReader
from tasks.extract.rows import ReportRows, Rows
from tasks.extract.sections import is_heading

LONGEST_LINE = 70
"""Characters. No heading is longer, with its number."""

UNKNOWN_YEAR = "the fiscal year stands nowhere in the text: give it in the catalogue (fiscal_year = …)"


@dataclass(frozen=True, slots=True)
class Extraction:
    """The figures of many reports: frames of the tables curated.reports, facts, mentions, claims and outcomes."""

    reports: pl.DataFrame
    facts: pl.DataFrame
    mentions: pl.DataFrame
    claims: pl.DataFrame
    outcomes: pl.DataFrame


def extract(
    blocks: pl.DataFrame, documents: pl.DataFrame, code_revision: str = "", *, require_year: bool = True
) -> Extraction:
    """Reads the figures of all documents that are final accounts.

    `blocks` (raw.blocks) hold one or many documents, `documents` (raw.documents, and a column `format` where known)
    what the catalogue says of each. A document that is something else, or whose fiscal year nobody tells, becomes
    an outcome `unreadable` with one sentence; without `require_year` a fragment that names no year is read all the same
    (its fiscal_year is null, so its rows can be shown but not written to a layer).
    """
    with _without_collector():
        return _extract(blocks, documents, code_revision, require_year)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Rows are tuples and texts, which never refer to themselves: looking for cycles among them is time lost."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _extract(blocks: pl.DataFrame, documents: pl.DataFrame, code_revision: str, require_year: bool) -> Extraction:
    rows = Rows()
    reports: list[dict[str, object]] = []
    outcomes: list[dict[str, object]] = []
    texts = blocks.partition_by("document", as_dict=True, maintain_order=True)
    for known in documents.iter_rows(named=True):
        document = known["document"]
        if (document,) not in texts:
            continue
        try:
            report = _read(
                Document(document, texts[(document,)], _is_heading, laid_tables),
                known,
                rows,
                code_revision,
                require_year,
            )
        except NotFinalAccounts as error:
            outcomes.append(_outcome(known, "unreadable", str(error)))
        else:
            reports.append(report)
            outcomes.append(_outcome(known, "done", ""))
    facts, mentions, claims = rows.frames()
    placed = with_places(facts, blocks)
    return Extraction(_frame(REPORTS, reports), placed, mentions, claims, _frame(OUTCOMES, outcomes))


def _is_heading(line: str) -> bool:
    return len(line) <= LONGEST_LINE and _reads_like_heading(line)


@lru_cache(MOST_LINES)
def _reads_like_heading(line: str) -> bool:
    return is_heading(line, lexicon()) or stands_above_table(line)


def _frame(table: Table, rows: list[dict[str, object]]) -> pl.DataFrame:
    return table.frame({name: [row[name] for row in rows] for name in table.schema} if rows else None)


def _read(
    document: Document, known: Mapping[str, object], rows: Rows, code_revision: str, require_year: bool
) -> dict[str, object]:
    """Appends the report's facts, mentions and claims to `rows` and returns its row of curated.reports."""
    identity = identify(document, known, str(known["url"]))
    if identity.fiscal_year is None and require_year:
        raise NotFinalAccounts(f"{known['url']}: {UNKNOWN_YEAR}")
    shared = {
        "report_id": document.id[:16],
        "fiscal_year": identity.fiscal_year,
        "region_code": identity.region_code,
    }
    report = ReportRows(rows, document, lexicon(), shared)
    reader = ReportReader(document, identity.fiscal_year, lexicon(), report)
    reader.read()
    return _report(document, identity, known, code_revision) | {
        "restated": reader.restated(),
        "facts": report.facts,
        "mentions": report.mentions,
        "unmapped": report.unmapped,
        "code_revision": code_revision,
    }


def _report(
    document: Document, identity: Identity, known: Mapping[str, object], code_revision: str
) -> dict[str, object]:
    return {
        "report_id": document.id[:16],
        "document": document.id,
        "fiscal_year": identity.fiscal_year,
        "region_code": identity.region_code,
        "region_name": identity.region_name,
        "entity": identity.entity,
        "entity_key": identity.entity_key,
        "kind": identity.kind,
        "title": identity.title,
        "title_start": identity.title_start,
        "title_end": identity.title_end,
        "conflict": identity.conflict,
        "source": known["source"],
        "url": known["url"],
        "format": known.get("format") or "",
    }


def _outcome(known: Mapping[str, object], outcome: str, message: str) -> dict[str, object]:
    document = str(known["document"])
    return {
        "source": known["source"],
        "url": known["url"],
        "document": document,
        "report_id": document[:16],
        "stage": "extract",
        "outcome": outcome,
        "message": message,
    }
