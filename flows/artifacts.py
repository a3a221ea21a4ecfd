"""What a flow run shows in Prefect's UI besides its state: progress, coverage by source, where its pages are."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import UUID

import polars as pl
from prefect.artifacts import create_progress_artifact, update_progress_artifact
from prefect.runtime import deployment

from flows.folder import Folder
from flows.progress import Progress, log
from flows.settings import PAGES, SERVED
from flows.summary import NOT_PUBLISHED, Summary

THROUGH = {
    "fetch": 20,
    "read": 45,
    "extract": 65,
    "reconcile": 75,
    "compare": 78,
    "audit": 85,
    "publish": 92,
    "site": 100,
}
"""By stage, the percentage of a run that is done when the stage is: rough, of a run that has everything to do."""

SECONDS = 2
"""Between two updates of the progress in the UI."""

ROWS = 200
"""Sources that the table of coverage shows."""


@contextmanager
def progress_artifact() -> Iterator[None]:
    """Shows in the UI how far the run is, by what it tells (`flows.progress`); only where a deployment runs it."""
    if not deployment.get_id():
        yield
        return
    handler = _Shown()
    log.addHandler(handler)
    try:
        yield
    finally:
        log.removeHandler(handler)


class _Shown(logging.Handler):
    """A progress artifact that follows the log records of the stages."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        created: Any = create_progress_artifact(progress=0.0, key="progress", description="How far the run is.")
        self._artifact: UUID = created
        self._updated = 0.0

    def emit(self, record: logging.LogRecord) -> None:
        """Updates the artifact at the end of a stage, and now and then within one."""
        told: Progress | None = getattr(record, "progress", None)
        if told is None or (told.through < told.total and monotonic() - self._updated < SECONDS):
            return
        self._updated = monotonic()
        update_progress_artifact(
            self._artifact,
            progress=float(percentage(told)),
            description=record.getMessage(),
        )


def percentage(told: Progress) -> int:
    """How much of a run is done, in percent. A stage that found nothing to do is through."""
    stages = list(THROUGH)
    place = stages.index(told.stage)
    before = THROUGH[stages[place - 1]] if place else 0
    # What could not be fetched is through as well.
    share = told.through / told.total if told.total and told.stage != "fetch" else 1
    return round(before + share * (THROUGH[told.stage] - before))


def by_source(fetches: pl.DataFrame, summary: Summary) -> list[dict[str, Any]]:
    """The table of coverage: by source, its locations and how many of them are held, unreadable or missing."""
    status = {entry["url"]: entry["status"] for entry in summary["entries"]}
    told = fetches.select("source", status=pl.col("url").replace_strict(status, default=None, return_dtype=pl.String))
    counts = [(pl.col("status") == each).sum().alias(each) for each in NOT_PUBLISHED]
    rows = told.group_by("source", maintain_order=True).agg(pl.len().alias("locations"), *counts)
    return rows.sort(pl.sum_horizontal(NOT_PUBLISHED), descending=True, maintain_order=True).head(ROWS).to_dicts()


def address(folder: Folder) -> str:
    """Where a browser finds the Data Docs: at `juesuan serve` where that serves this folder, else in the file system."""
    served = os.environ.get(SERVED)
    if served and Path(served).resolve() == folder.root.resolve():
        return os.environ[PAGES]
    return folder.docs.resolve().as_uri()
