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
from schemas.marts import BY_NAME
from schemas.taxonomy.load import concepts
from tasks.publish import package
from tasks.publish.marts import Marts
from tasks.publish.notes import markdown
from tasks.publish.parquet import write_slices, write_table
from tasks.publish.releases import ReleaseError, compare, current, frames, load
from tasks.publish.slices import coverage, leave, slices

NOTES = "CHANGES.md"
_STAGING = re.compile(r"\.staging-(\d+)-[0-9a-f]+")


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
        return frames(self.path)


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
            stays = leave(load(before), marts) if before else None
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
        point(root, staged.name)
    return release


def point(root: Path, name: str) -> None:
    """Turns the link to the current release to the one of that name, in one step."""
    link = root / f".current-{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(Path("releases", name))
    os.replace(link, root / "current")


def _tell_changes(folder: Path, name: str, before: Path | None, resources: list[dict[str, Any]]) -> dict[str, Any]:
    """Writes what differs from the release before into the folder of a new one, and gives the resource of the table."""
    told = compare(before, folder, name, resources)
    write_table(told.changes, CHANGES, folder)
    (folder / NOTES).write_text(markdown(told), encoding="utf-8")
    return package.resource(CHANGES, folder)


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
