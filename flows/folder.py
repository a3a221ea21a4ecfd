"""The data folder: where everything of a run stands, and whether it can be written."""

from __future__ import annotations

import fcntl
import os
import socket
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

import polars as pl

from schemas.table import Table


class FolderError(ValueError):
    """The data folder cannot be used. The message is one sentence."""


@dataclass(frozen=True, slots=True)
class Folder:
    """One data folder. Paths that stages hand over are relative to `root`, so that the folder can be moved."""

    root: Path

    @property
    def raw(self) -> Path:
        """Raw layer: objects, fetches, documents by batch, blocks by batch."""
        return self.root / "raw"

    @property
    def marts(self) -> Path:
        """The marts: releases and the current one."""
        return self.root / "marts"

    @property
    def docs(self) -> Path:
        """Data Docs of the last run."""
        return self.root / "docs"

    @property
    def site(self) -> Path:
        """The static site of the current release: a link to where it stands."""
        return self.root / "site"

    @property
    def acknowledged(self) -> Path:
        """The acknowledgements of a run that names no others."""
        return self.root / "acknowledged.csv"

    @property
    def results(self) -> Path:
        """What Prefect keeps of tasks that are done. It stands in the data folder, so that results are never
        reused for another folder, and go where the folder goes.
        """
        return self.root / ".results"

    @property
    def attempts(self) -> Path:
        """By flow run that failed, what it fetched and need not fetch again when it is retried."""
        return self.root / ".attempts"

    def all_fetches(self) -> pl.DataFrame | None:
        """Table raw.fetches of all runs, where there was one; columns that came later are empty in older runs."""
        files = sorted(self.fetches("").parent.glob("*.parquet"))
        return pl.concat(map(pl.read_parquet, files), how="diagonal_relaxed") if files else None

    def fetches(self, run_id: str) -> Path:
        """Table raw.fetches of one run."""
        return self.raw / "fetches" / f"{run_id}.parquet"

    def listings(self, run_id: str) -> Path:
        """Table raw.listings of one run."""
        return self.raw / "listings" / f"{run_id}.parquet"

    def documents(self, batch: str) -> Path:
        """Table raw.documents of one batch."""
        return self.raw / "documents" / f"{batch}.parquet"

    def blocks(self, batch: str) -> Path:
        """Table raw.blocks of one batch."""
        return self.raw / "blocks" / f"{batch}.parquet"

    def outcomes(self, stage: str, name: str) -> Path:
        """Table curated.outcomes of one stage for one batch, or of a whole run."""
        return self.root / "curated" / "outcomes" / f"stage={stage}" / f"{name}.parquet"

    def audit(self, table: str, key: str) -> Path:
        """Table audit.results or audit.failures of one audit."""
        return self.root / "audit" / table / f"{key}.parquet"

    def partition(self, table: str, fiscal_year: int | str, region_code: str, batch: str) -> Path:
        """One partition of a curated table, as far as one batch fills it."""
        return self.root / partition(table, fiscal_year, region_code) / f"{batch}.parquet"

    def relative(self, path: Path) -> str:
        """A path in the folder as stages hand it over."""
        return path.relative_to(self.root).as_posix()

    def scan(self, table: Table, files: Sequence[str]) -> pl.LazyFrame:
        """Those of the files that belong to a table, to be read lazily; an empty frame where there are none.

        Columns that came later are empty in what older code has left.
        """
        root = str(self.root)
        own = [f"{root}/{file}" for file in files if f"{table.layer}/{table.name}/" in file]
        if not own:
            return table.frame().lazy()
        return pl.scan_parquet(
            own, hive_partitioning=False, schema=table.schema, missing_columns="insert", extra_columns="ignore"
        )

    def scan_all(self, table: Table) -> pl.LazyFrame:
        """Whatever a curated table holds, of all runs."""
        return self.scan(table, sorted(map(self.relative, (self.root / "curated" / table.name).rglob("*.parquet"))))

    def check_writable(self) -> None:
        """Makes the folder where it is not there. Raises FolderError when nothing can be written into it."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.root):
                pass
        except OSError as error:
            raise FolderError(
                f"the data folder {self.root} cannot be written ({error.strerror}): "
                "make it writable, or name another one with --data"
            ) from None

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keeps other runs off the folder while the context lasts.

        Raises FolderError, naming the run that has it. The lock is the system's: it ends with the process, however that ends.
        """
        with (self.root / ".lock").open("a+", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.seek(0)
                raise FolderError(
                    f"the data folder {self.root} is in use by {lock.read().strip() or 'another run'}: "
                    "wait until that run has ended, or name another folder with --data"
                ) from None
            lock.truncate(0)
            lock.write(
                f"process {os.getpid()} on {socket.gethostname()} since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC\n"
            )
            lock.flush()
            yield

    def sweep(self) -> None:
        """Removes what a killed run left half written. Only for who holds the folder."""
        for layer in ("raw", "curated", "audit"):
            for partial in (self.root / layer).rglob(".*.partial"):
                partial.unlink(missing_ok=True)


def partition(table: str, fiscal_year: int | str, region_code: str) -> str:
    """The folder of one partition of a curated table, relative to the data folder."""
    return f"curated/{table}/fiscal_year={fiscal_year}/region_code={region_code}"


def file_name(url: str) -> str:
    """What people know a document by: the last part of its URL or path."""
    path = urlsplit(url).path if "://" in url else url
    return unquote(PurePosixPath(path).name) or url
