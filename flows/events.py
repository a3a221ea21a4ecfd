"""What a run tells Prefect besides its own end: reports that are late, and reports that are held, each of them once.

Both are events of Prefect's: they stand in the UI under Events, and automations wait for them (`automations.yaml`).
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
from prefect.events import emit_event
from prefect.runtime import deployment

TOLD = {"late": pl.col("late"), "held": pl.col("status") == "held"}
"""By the last part of the event's name, `juesuan.reports.…`, what it tells of the rows of the mart `coverage`."""

NAMED = 50
"""Reports that an event names; it counts all."""


def tell_what_is_new(before: Path | None, after: Path | None) -> None:
    """Tells of the reports that are late, or held, in a release and were not in the one before.

    A release that could not be made changes nothing, and only what a deployment runs tells anything.
    """
    if after is None or not deployment.get_id():
        return
    for name, reports in news(before, after).items():
        emit_event(
            f"juesuan.reports.{name}",
            resource={
                "prefect.resource.id": f"juesuan.reports.{name}",
                "prefect.resource.name": f"reports that are {name}",
            },
            payload={"count": len(reports), "reports": reports[:NAMED]},
        )


def news(before: Path | None, after: Path) -> dict[str, list[str]]:
    """By what is told, the names of the reports that have become so from one release to the next, where there are any."""
    found = {}
    for name, is_so in TOLD.items():
        known = _reports(before, is_so) if before else []
        if new := [each for each in _reports(after, is_so) if each not in known]:
            found[name] = new
    return found


def _reports(release: Path, is_so: pl.Expr) -> list[str]:
    name = pl.concat_str("entity", "fiscal_year", "kind", separator=" ", ignore_nulls=True)
    rows = pl.scan_parquet(release / "coverage.parquet").filter(is_so)
    told = rows.select(pl.when(name != "").then(name).otherwise("url").alias("name")).collect()
    return told["name"].unique(maintain_order=True).to_list()
