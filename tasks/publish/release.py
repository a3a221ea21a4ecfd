"""Releases: staged beside the others, audited there, and switched to in one step.

    marts/releases/<date>-<8 digits of the content's digest>/   one Parquet file per table, datapackage.json
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

import polars as pl

from schemas.marts import TABLES
from schemas.table import Table
from tasks.publish import package
from tasks.publish.marts import Marts
from tasks.publish.parquet import write_coverage, write_slices
from tasks.publish.slices import coverage, leave, slices

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
            write_coverage(coverage(marts, stays), folder)
            resources = package.resources(folder)
            digest = package.digest(resources)
            if before and package.read(before)["digest"] == digest:
                shutil.rmtree(folder)
                return Staged(before, before.name, digest, True, before.name)
            name = f"{released.isoformat()}-{digest[:8]}"
            package.write(folder, resources, name, released, code_revision)
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
        point(root, staged.name)
    return release


def point(root: Path, name: str) -> None:
    """Turns the link to the current release to the one of that name, in one step."""
    link = root / f".current-{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(Path("releases", name))
    os.replace(link, root / "current")


def _frames(folder: Path) -> dict[str, pl.LazyFrame]:
    return {table.name: pl.scan_parquet(folder / f"{table.name}.parquet") for table in TABLES}


def _load(folder: Path) -> dict[str, pl.LazyFrame]:
    """The tables of a release, in the columns of today."""
    frames = _frames(folder)
    return {table.name: _today(table, frames[table.name], folder) for table in TABLES}


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
