"""Releases as they stand: found by name, read in the columns of today, and compared with each other."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import polars as pl

from schemas.companions import CHANGES
from schemas.marts import REPORTS, TABLES
from schemas.table import Table
from tasks.publish import package
from tasks.publish.changes import changes
from tasks.publish.notes import Difference


class ReleaseError(RuntimeError):
    """A release cannot be made or read. The message says where, why and what to do."""


def current(root: Path) -> Path | None:
    """The folder of the current release below the marts folder `root`, if there is one."""
    link = root / "current"
    return root / os.readlink(link) if link.is_symlink() else None


def find(root: Path, name: str) -> Path:
    """The folder of a release below the marts folder `root`, by its name, or as `current` or `previous`: the one before that.

    Raises ReleaseError, which lists the names there are.
    """
    now = current(root)
    if now and name == "current":
        return now
    if now and name == "previous":
        previous = package.read(now).get("previous")
        if not previous:
            raise ReleaseError(f"the release {now.name} names none before it: name a release")
        name = str(previous)
    there = sorted(path.name for path in (root / "releases").glob("*") if (path / package.NAME).is_file())
    if name not in there:
        raise ReleaseError(f"{root} has no release {name!r}: it has {', '.join(there) or 'none'}")
    return root / "releases" / name


def difference(before: Path, now: Path) -> Difference:
    """What differs between two releases, given by their folders. Raises ReleaseError where they cannot be compared."""
    return compare(before, now, now.name, package.read(now)["resources"])


def compare(before: Path | None, now: Path, name: str, resources: list[dict[str, Any]]) -> Difference:
    """What differs between a release and the tables in another folder: their name as a release, and what stands in them."""
    old = package.read(before)["resources"] if before else []
    told, told_now = ({each["name"]: each["rows"] for each in side} for side in (old, resources))
    rows = {table.name: (told.get(table.name), told_now.get(table.name)) for table in TABLES}
    found = changes(load(before), load(now)) if before else CHANGES.frame()
    return Difference(before.name if before else None, name, rows, found)


def frames(folder: Path) -> dict[str, pl.LazyFrame]:
    """The marts in a folder by name, as written."""
    return {table.name: pl.scan_parquet(folder / f"{table.name}.parquet") for table in TABLES}


def load(folder: Path) -> dict[str, pl.LazyFrame]:
    """The tables of a release, in the columns of today."""
    written = frames(folder)
    return {table.name: _today(table, _identified(table, written), folder) for table in TABLES}


def _identified(table: Table, written: dict[str, pl.LazyFrame]) -> pl.LazyFrame:
    """A table of an older release with what it does not repeat yet of the reports that its rows name."""
    frame, reports = written[table.name], written["reports"]
    if REPORTS.name not in [reference.table for reference in table.references]:
        return frame
    then, known = frame.collect_schema(), reports.collect_schema()
    new = [name for name in table.schema if name not in then and name in known]
    return frame.join(reports.select("report_id", *new), on="report_id", maintain_order="left") if new else frame


def _today(table: Table, frame: pl.LazyFrame, folder: Path) -> pl.LazyFrame:
    """A table of an older release in the columns of today; ones that it lacks are empty where they may be."""
    then = frame.collect_schema()
    new = [column for column in table.columns if column.name not in then]
    changed = [name for name, dtype in table.schema.items() if name in then and then[name] != dtype]
    changed += [column.name for column in new if not column.nullable]
    if changed:
        raise ReleaseError(
            f"{folder}: the table {table.name} was released with other columns ({', '.join(changed)}), so the release "
            f"cannot be continued; remove the link {folder.parents[1] / 'current'} and run all sources again"
        )
    return frame.with_columns(pl.lit(None, column.dtype).alias(column.name) for column in new).select(
        table.schema.names()
    )
