"""The tasks that look at all reports of a run together, and the keys under which their results are kept."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
from prefect import task

from flows import compare as comparing
from flows import release
from flows.batches import Batch
from flows.collected import Collected
from flows.revision import digest, revision
from flows.work import by_key


@task(cache_key_fn=by_key, persist_result=True, result_serializer="json")
def compare(key: str, collected: Collected, field: comparing.Field) -> dict[str, Any]:
    """Holds the reports against those of the year before."""
    return {"files": comparing.compare(collected, field, key), "settled": True}


@task(cache_key_fn=by_key, persist_result=True, result_serializer="json")
def audit(key: str, collected: Collected, reviewed: pl.DataFrame, day: date) -> dict[str, Any]:
    """Runs the expectations over everything that the run collected."""
    return {"files": release.audit(collected, reviewed, key, day), "settled": True}


@task(cache_key_fn=by_key, persist_result=True, result_serializer="json")
def publish(key: str, collected: Collected, reviewed: pl.DataFrame, day: date, audited: str) -> dict[str, Any]:
    """Builds the marts of what passed, audits them, and switches to the new release."""
    summary = release.publish(collected, reviewed, audited, day)
    # The pages are of the last run: this one's are there as long as nobody else's replaced the mark.
    mark = collected.folder.docs / f".{key}"
    mark.touch()
    return {"files": [collected.folder.relative(mark)], "settled": not summary["blocked"], "summary": summary}


def compare_key(batches: list[Batch], field: comparing.Field) -> str:
    """Key of the comparison: what the batches found, which reports are compared, and the code that compares."""
    return digest([*(batch.keys["reconcile"] for batch in batches), field.told, revision("compare")])


def keys_of(collected: Collected, batches: list[Batch], reviewed: pl.DataFrame, day: date) -> dict[str, str]:
    """Keys of audit and publication: what they look at, who reviewed what, and the code that looks."""
    live = reviewed.filter(pl.col("until").is_null() | (pl.col("until") >= day))
    audit_key = digest(
        [
            *(batch.keys["reconcile"] for batch in batches),
            *collected.files,
            collected.fetch_outcomes.write_csv(),
            collected.expected.write_csv(),
            collected.objects.write_csv(),
            collected.roster.write_ndjson(),
            str(collected.year),
            reviewed.write_csv(),
            live["finding"].str.join(" ").item(),
            revision("audit"),
        ]
    )
    return {"audit": audit_key, "publish": digest([audit_key, revision("publish")])}
