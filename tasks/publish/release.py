"""Releases: staged beside the others, audited there, and switched to in one step.

    marts/releases/<date>-<8 digits of the content's digest>/   a Parquet file per table, datapackage.json, CHANGES.md
    marts/current                                               a relative link to one of them
    marts/.staging-<process>-<random>/                          a release in the making

A release never changes. Readers of Parquet open a file more than once: between two openings of
`current/<table>.parquet` the link may turn to another release, and the reader then fails, or mixes the two as DuckDB does. Who resolves the
link first, and reads from the release's own folder, is never disturbed, and can cite what was read.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from schemas.companions import CHANGES, CONCEPTS
from schemas.marts import BY_NAME, REPORTS, TABLES
from schemas.table import Table
from schemas.taxonomy.load import concepts
from tasks.publish import package
from tasks.publish.changes import changes
from tasks.publish.marts import Marts
from tasks.publish.notes import Difference, markdown
from tasks.publish.parquet import write_slices, write_table
from tasks.publish.slices import coverage, leave, slices

NOTES = "CHANGES.md"
_STAGING = re.compile(r"\.staging-(\d+)-[0-9a-f]+")


class ReleaseError(RuntimeError):
    """A release cannot be made or read. The message says where, why and what to do."""


@dataclass(frozen=True, slots=True)
class Staged:
    """A release that nobody reads yet: plain data, so that it can be handed between tasks.

    path: the folder of its tables; digest: of their content; unchanged: the current release has the same
    content, and `path` is its folder; name: of the release; base: the release that it was made from.
    """

    path: Path
    name: str
    digest: str
    unchanged: bool
    base: str | None

    @property
    def frames(self) -> dict[str, pl.LazyFrame]:
        """The tables by name, as written."""
        return _frames(self.path)


def current(root: Path) -> Path | None:
    """The folder of the current release below the marts folder `root`, if there is one."""
    link = root / "current"
    return root / os.readlink(link) if link.is_symlink() else None


def stage(root: Path, marts: Marts, released: date, code_revision: str) -> Staged:
    """Writes the marts of a run, with what the current release has beside them, into a folder of its own.

    `root`: the marts folder. Every table is validated before it is written. Raises ReleaseError when the
    folder cannot be written or the current release has other columns, schemas.validate.TableError when a
    table breaks its contract.
    """
    with _readable_errors(root):
        root.mkdir(parents=True, exist_ok=True)
        with _lock(root):
            _sweep(root)
        before = current(root)
        folder = root / f".staging-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        folder.mkdir()
        try:
            stays = leave(_load(before), marts) if before else None
            write_slices(slices(marts, stays), folder)
            write_table(coverage(marts, stays), BY_NAME["coverage"], folder)
            write_table(concepts().sort(CONCEPTS.key), CONCEPTS, folder)
            resources = package.resources(folder)
            digest = package.digest(resources)
            if before and package.read(before)["digest"] == digest:
                shutil.rmtree(folder)
                return Staged(before, before.name, digest, True, before.name)
            name = f"{released.isoformat()}-{digest[:8]}"
            resources.append(_tell_changes(folder, name, before, resources))
            made = package.Release(name, released, code_revision, before.name if before else None)
            package.write(folder, resources, made)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
    return Staged(folder, name, digest, False, before.name if before else None)


def switch(staged: Staged) -> Path:
    """Makes a staged release the current one, and gives its folder. An unchanged one is current already.

    Raises ReleaseError when another run has switched since it was staged: what that run published would
    be lost, so stage again.
    """
    if staged.unchanged:
        return staged.path
    root = staged.path.parent
    with _readable_errors(root), _lock(root):
        now = current(root)
        if (now.name if now else None) != staged.base:
            shutil.rmtree(staged.path)
            raise ReleaseError(f"{root}: another run has published {now and now.name} meanwhile; run again")
        release = root / "releases" / staged.name
        release.parent.mkdir(exist_ok=True)
        if release.exists():
            shutil.rmtree(staged.path)
        else:
            staged.path.rename(release)
        link = root / f".current-{os.getpid()}"
        link.unlink(missing_ok=True)
        link.symlink_to(Path("releases", staged.name))
        os.replace(link, root / "current")
    return release


def difference(before: Path | None, now: Path) -> Difference:
    """What differs between two releases, given by their folders. Raises ReleaseError where they cannot be compared."""
    rows = {resource["name"]: resource["rows"] for resource in package.read(now)["resources"]}
    return _difference(before, now, now.name, rows)


def _tell_changes(folder: Path, name: str, before: Path | None, resources: list[dict[str, Any]]) -> dict[str, Any]:
    """Writes what differs from the release before into the folder of a new one, and gives the resource of the table."""
    told = _difference(before, folder, name, {resource["name"]: resource["rows"] for resource in resources})
    write_table(told.changes, CHANGES, folder)
    (folder / NOTES).write_text(markdown(told), encoding="utf-8")
    return package.resource(CHANGES, folder)


def _difference(before: Path | None, now: Path, name: str, rows: dict[str, int]) -> Difference:
    old: dict[str, int] = {}
    found = CHANGES.frame()
    if before:
        old = {resource["name"]: resource["rows"] for resource in package.read(before)["resources"]}
        found = changes(_load(before), _load(now))
    tables = [table.name for table in TABLES]
    both = {table: (old.get(table), rows.get(table)) for table in tables}
    return Difference(before.name if before else None, name, both, found)


def _frames(folder: Path) -> dict[str, pl.LazyFrame]:
    return {table.name: pl.scan_parquet(folder / f"{table.name}.parquet") for table in TABLES}


def _load(folder: Path) -> dict[str, pl.LazyFrame]:
    """The tables of a release, in the columns of today."""
    frames = _frames(folder)
    return {table.name: _today(table, _identified(table, frames), folder) for table in TABLES}


def _identified(table: Table, frames: dict[str, pl.LazyFrame]) -> pl.LazyFrame:
    """A table of an older release with what it does not repeat yet of the reports that its rows name."""
    frame, reports = frames[table.name], frames["reports"]
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


def _sweep(root: Path) -> None:
    """Removes what crashed runs have left: staging folders and links of processes that are gone."""
    for entry in root.iterdir():
        made = _STAGING.fullmatch(entry.name)
        if made and not _lives(int(made[1])):
            shutil.rmtree(entry, ignore_errors=True)
        elif entry.name.startswith(".current-"):
            entry.unlink(missing_ok=True)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@contextmanager
def _lock(root: Path) -> Iterator[None]:
    """One process at a time; the lock ends with the process, however that ends."""
    with (root / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def _readable_errors(root: Path) -> Iterator[None]:
    """Faults of the file system as one sentence."""
    try:
        yield
    except OSError as error:
        raise ReleaseError(
            f"the marts folder {root} cannot be used ({error.strerror or error}); "
            "make it readable and writable, or give another data folder"
        ) from error
