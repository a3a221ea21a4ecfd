"""Releases for tools that read no Parquet: CSV, Excel workbooks, one DuckDB database. Memory does not grow with the tables."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import duckdb
from xlsxwriter.exceptions import FileCreateError  # type: ignore[import-untyped]

from tasks.publish import package
from tasks.publish.export.as_csv import write_csv
from tasks.publish.export.as_duckdb import write_duckdb
from tasks.publish.export.as_xlsx import write_xlsx
from tasks.publish.export.source import Source

DATABASE = "juesuan.duckdb"


class ExportError(ValueError):
    """A release cannot be exported. The message is one sentence."""


@dataclass(frozen=True, slots=True)
class Exported:
    """A file that was written, and the number of rows in it."""

    path: Path
    rows: int


def export(release: Path, out: Path, file_format: str, tables: Iterable[str] = ()) -> list[Exported]:
    """Writes tables of the release in this folder into the folder `out`, all of them without any named, and gives the files.

    One of FORMATS: a file per table, and of DuckDB one database. A file of that name is replaced when the new one is whole.
    Raises ExportError for a table that is not there, and where nothing can be written.
    """
    sources = _sources(release, list(tables))
    try:
        out.mkdir(parents=True, exist_ok=True)
        if file_format == "duckdb":
            path = _whole(out / DATABASE, partial(write_duckdb, sources))
            return [Exported(path, sum(source.rows for source in sources))]
        write = write_csv if file_format == "csv" else write_xlsx
        paths = [_whole(out / f"{source.name}.{file_format}", partial(write, source)) for source in sources]
        return [Exported(path, source.rows) for path, source in zip(paths, sources, strict=True)]
    except (OSError, duckdb.IOException, FileCreateError) as error:
        raise ExportError(f"the folder {out} cannot be written: {getattr(error, 'strerror', None) or error}") from None


def _sources(release: Path, names: list[str]) -> list[Source]:
    """The tables of a release by name; all without any names."""
    there = {each["name"]: Source(release, each) for each in package.read(release)["resources"]}
    for name in names:
        if name not in there:
            raise ExportError(f"the release {release.name} has no table {name!r}: choose of {', '.join(there)}")
    return [there[name] for name in names or there]


def _whole(path: Path, write: Callable[[Path], None]) -> Path:
    """Lets a file be written under another name, and gives it its own when it is whole."""
    unfinished = path.with_name(f".{os.getpid()}.partial.{path.name}")
    try:
        write(unfinished)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return path
