"""Parquet files whose bytes depend on their content alone: sorted rows, fixed compression, fixed row groups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from schemas.arrow import arrow_schema
from schemas.marts import BY_NAME
from schemas.table import Table
from schemas.validate import TableError, validate
from tasks.publish.slices import order

ROW_GROUP = 131_072


def write_slices(slices: Iterable[dict[str, pl.DataFrame]], folder: Path) -> None:
    """Validates and writes all tables but coverage, slice after slice, each as `<table>.parquet` in the folder.

    Raises TableError, also when a report has not as many facts as it tells, or a row names one that is not there.
    """
    with ExitStack() as stack:
        tables = [table for table in BY_NAME.values() if table.name != "coverage"]
        writers = {table.name: stack.enter_context(_written(table, folder)) for table in tables}
        for frames in slices:
            _complete(frames["facts"], frames["reports"])
            for table in tables:
                _named(table, frames)
            for name, frame in frames.items():
                writers[name].append(frame)


def write_table(frame: pl.DataFrame, table: Table, folder: Path) -> None:
    """Validates and writes a table that is small enough to be there at once. Raises TableError."""
    with _written(table, folder) as writer:
        writer.append(frame)


@dataclass(slots=True)
class _Writer:
    """Cuts what comes in slices of any size into row groups of one size."""

    table: Table
    file: pq.ParquetWriter
    waiting: pl.DataFrame = field(init=False)

    def __post_init__(self) -> None:
        self.waiting = self.table.frame()

    def append(self, frame: pl.DataFrame) -> None:
        """Validates the rows that come next, and writes the row groups that are full."""
        self.waiting = pl.concat([self.waiting, validate(frame, self.table)])
        while self.waiting.height >= ROW_GROUP:
            self._write(self.waiting.head(ROW_GROUP))
            self.waiting = self.waiting.slice(ROW_GROUP)

    def end(self) -> None:
        """Writes the last row group."""
        if not self.waiting.is_empty():
            self._write(self.waiting)

    def _write(self, group: pl.DataFrame) -> None:
        # In one piece: where a page ends would else tell of the slices that the rows came in.
        self.file.write_table(group.rechunk().to_arrow(), row_group_size=ROW_GROUP)


@contextmanager
def _written(table: Table, folder: Path) -> Iterator[_Writer]:
    """A writer of one table; the file is whole when it is left."""
    schema = arrow_schema(table)
    with pq.ParquetWriter(
        folder / f"{table.name}.parquet",
        schema,
        compression="zstd",
        compression_level=3,
        write_statistics=True,
        sorting_columns=pq.SortingColumn.from_ordering(
            schema, [(name, "ascending") for name in order(table)], "at_start"
        ),
    ) as file:
        writer = _Writer(table, file)
        yield writer
        writer.end()


def _complete(facts: pl.DataFrame, reports: pl.DataFrame) -> None:
    """Raises TableError when a report has not as many facts as it tells."""
    counted = facts.group_by("report_id").agg(found=pl.len())
    wrong = (
        reports.join(counted, on="report_id", how="left")
        .with_columns(pl.col("found").fill_null(0))
        .filter(pl.col("found") != pl.col("facts"))
    )
    for report_id, told, found in wrong.select("report_id", "facts", "found").head(1).iter_rows():
        raise TableError(f"marts.facts: report {report_id} tells of {told} facts, and {found} arrived")


def _named(table: Table, frames: dict[str, pl.DataFrame]) -> None:
    """Raises TableError when a row of a table names a row of another one that is not there."""
    for reference in table.references:
        columns = list(reference.columns)
        named = frames[table.name].select(columns).drop_nulls()
        for row in named.join(frames[reference.table], on=columns, how="anti").head(1).iter_rows():
            told = ", ".join(f"{name} {value}" for name, value in zip(columns, row, strict=True))
            raise TableError(f"marts.{table.name}: a row names {told}, and {reference.table} has no such row")
