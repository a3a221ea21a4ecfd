"""The stages that work on one batch, as plain functions: a batch's name in, the files written out.

A document that no reader understands, and one that breaks the code, become outcomes; the others of the
batch go on. What is wrong with the machine, such as a full disk, is raised: the batch is then not done.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypedDict, TypeVar

import polars as pl

from flows.curated import write_partitions
from flows.folder import Folder, file_name
from flows.revision import revision
from schemas.curated import CHECKS, CLAIMS, FACTS, MENTIONS, OUTCOMES, REPORTS
from schemas.raw import BLOCKS
from schemas.validate import save, validate, write
from tasks.extract import Extraction, extract
from tasks.fetch import CorruptObject, RawStore
from tasks.read import ReadBatch, read_all
from tasks.reconcile import reconcile

log = logging.getLogger("juesuan")

T = TypeVar("T")

EXTRACTED = {"reports": REPORTS, "facts": FACTS, "mentions": MENTIONS, "claims": CLAIMS}
"""What extraction gives of a batch, by name."""

DAMAGED = (CorruptObject, FileNotFoundError)
MACHINE = (OSError, MemoryError)

PORTION = 250
"""So many documents are worked on at a time: the work on a text takes many times its room."""


class Result(TypedDict):
    """What a stage hands on.

    files: what it wrote, relative to the data folder. settled: the documents and the code alone decided
    it; what a damaged object or a lacking part of the system decided is tried again. formats: of the documents that were read.
    """

    files: list[str]
    settled: bool
    formats: dict[str, str]


def read_batch(folder: Folder, batch: str) -> Result:
    """Documents → raw.blocks, and an outcome for each document."""
    store = RawStore(folder.raw)
    known = {row["document"]: row for row in _documents(folder, batch).iter_rows(named=True)}

    def work(documents: Sequence[str]) -> ReadBatch:
        done = read_all((each, file_name(known[each]["url"]), store.get(each)) for each in documents)
        return done._replace(blocks=validate(done.blocks, BLOCKS))

    parts, broken = _isolated(work, list(known))
    why = {document: _sentence("reading", known[document], error) for document, error in broken.items()}
    why |= {document: sentence for part in parts for document, sentence in part.failures.items()}
    notes = {document: note for part in parts for document, note in part.notes.items()}
    outcomes = [
        _outcome(row, "read", "unreadable", why.get(document), notes.get(document, ""))
        for document, row in known.items()
    ]
    blocks = save(pl.concat([BLOCKS.frame(), *(part.blocks for part in parts)]), folder.blocks(batch))
    return {
        "files": [folder.relative(blocks), _write_outcomes(folder, outcomes, "read", batch)],
        "settled": all(part.settled for part in parts)
        and not any(isinstance(error, DAMAGED) for error in broken.values()),
        "formats": {document: name for part in parts for document, name in part.formats.items()},
    }


def extract_batch(folder: Folder, batch: str, formats: Mapping[str, str]) -> Result:
    """raw.blocks → curated.reports, facts, mentions and claims, and an outcome for each document that was read."""
    blocks = pl.read_parquet(folder.blocks(batch))
    documents = (
        _documents(folder, batch)
        .filter(pl.col("document").is_in(list(formats)))
        .with_columns(format=pl.col("document").replace_strict(dict(formats), return_dtype=pl.String))
    )
    known = {row["document"]: row for row in documents.iter_rows(named=True)}

    def work(part: Sequence[str]) -> Extraction:
        own = pl.col("document").is_in(list(part))
        done = extract(blocks.filter(own), documents.filter(own), revision("read", "extract"))
        for name, table in EXTRACTED.items():
            validate(getattr(done, name), table)
        return done

    parts, broken = _isolated(work, list(known))
    outcomes = [row for part in parts for row in part.outcomes.iter_rows(named=True)]
    outcomes += [
        _outcome(known[document], "extract", "unreadable", _sentence("extraction", known[document], error))
        for document, error in broken.items()
    ]
    files = [_write_outcomes(folder, outcomes, "extract", batch)]
    for name, table in EXTRACTED.items():
        frame = pl.concat([table.frame(), *(getattr(part, name) for part in parts)])
        files += write_partitions(folder, frame, table, batch)
    return {"files": files, "settled": True, "formats": {}}


def reconcile_batch(folder: Folder, batch: str, files: Sequence[str]) -> Result:
    """curated.reports, facts, mentions and claims, as the files of `extract_batch`, → curated.checks."""
    reports, facts, mentions, claims = (folder.scan(table, files).collect() for table in EXTRACTED.values())
    known = {row["report_id"]: row for row in reports.iter_rows(named=True)}

    def work(part: Sequence[str]) -> pl.DataFrame:
        own = pl.col("report_id").is_in(list(part))
        return validate(
            reconcile(reports.filter(own), facts.filter(own), mentions.filter(own), claims.filter(own)), CHECKS
        )

    parts, broken = _isolated(work, list(known))
    outcomes = [
        _outcome(
            row, "reconcile", "held", _sentence("reconciliation", row, broken[report]) if report in broken else None
        )
        | {"report_id": report}
        for report, row in known.items()
    ]
    checks = pl.concat([CHECKS.frame(), *parts])
    written = write_partitions(folder, checks, CHECKS, batch)
    return {"files": [_write_outcomes(folder, outcomes, "reconcile", batch), *written], "settled": True, "formats": {}}


def write_failure(folder: Folder, batch: str, stage: str, why: str) -> str:
    """The outcomes of a batch whose stage failed as a whole: unreadable for now, held where there are reports."""
    failure = "held" if stage == "reconcile" else "unreadable"
    sentence = f"The stage {stage} of its batch failed ({why}); the next run takes it up again."
    outcomes = [_outcome(row, stage, failure, sentence) for row in _documents(folder, batch).iter_rows(named=True)]
    return _write_outcomes(folder, outcomes, stage, batch)


def _documents(folder: Folder, batch: str) -> pl.DataFrame:
    return pl.read_parquet(folder.documents(batch))


def _isolated(work: Callable[[Sequence[str]], T], items: Sequence[str]) -> tuple[list[T], dict[str, Exception]]:
    """What `work` makes of the items, and what the ones that break it raise, portion by portion."""
    done: list[T] = []
    broken: dict[str, Exception] = {}
    for start in range(0, len(items), PORTION):
        parts, errors = _isolated_portion(work, items[start : start + PORTION])
        done += parts
        broken |= errors
    return done, broken


def _isolated_portion(work: Callable[[Sequence[str]], T], items: Sequence[str]) -> tuple[list[T], dict[str, Exception]]:
    """What `work` makes of all items at once, else of each by itself, and what the ones that break it raise."""
    try:
        return [work(items)], {}
    except Exception as error:
        if isinstance(error, MACHINE) and not isinstance(error, DAMAGED):
            raise
        if len(items) == 1:
            log.exception("One document breaks the code; the others go on")
            return [], {items[0]: error}
    done: list[T] = []
    broken: dict[str, Exception] = {}
    for item in items:
        part, errors = _isolated_portion(work, [item])
        done += part
        broken |= errors
    return done, broken


def _sentence(activity: str, row: Mapping[str, Any], error: Exception) -> str:
    if isinstance(error, DAMAGED):
        return f"{file_name(row['url'])}: {error}"
    return (
        f"{file_name(row['url'])}: {activity} broke with {type(error).__name__}: {error} "
        "This is a fault of the program: please report it with the file."
    )


def _outcome(row: Mapping[str, Any], stage: str, failure: str, why: str | None, note: str = "") -> dict[str, Any]:
    """A row of curated.outcomes: done, perhaps with a note, or the failure with its sentence."""
    return {
        "source": row["source"],
        "url": row["url"],
        "document": row["document"],
        "report_id": None,
        "stage": stage,
        "outcome": failure if why else "done",
        "message": why or note,
    }


def _write_outcomes(folder: Folder, rows: Sequence[Mapping[str, Any]], stage: str, batch: str) -> str:
    columns = {name: [row[name] for row in rows] for name in OUTCOMES.schema}
    return folder.relative(write(OUTCOMES.frame(columns), OUTCOMES, folder.outcomes(stage, batch)))
