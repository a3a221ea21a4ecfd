"""Every table is validated by pandera before it is written.

pandera looks at values only in eager frames: on a LazyFrame it checks names and types and lets every
bad value pass. This module therefore takes eager frames only.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pandera.errors
import pandera.polars as pa
import polars as pl

from schemas.table import Column, Table


class TableError(ValueError):
    """A frame does not keep its table's contract. The message names table, column, check, row and value."""


@cache
def pandera_schema(table: Table) -> pa.DataFrameSchema:
    """The pandera schema of a table: strict, ordered, unique in its key."""
    return pa.DataFrameSchema(
        {column.name: pa.Column(column.dtype, _checks(column), nullable=column.nullable) for column in table.columns},
        name=f"{table.layer}.{table.name}",
        strict=True,
        ordered=True,
        unique=list(table.key),
    )


def validate(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    """The same eager frame, when every column, value and key is as the table declares.

    Raises TableError with the first failures, TypeError for a LazyFrame.
    """
    if not isinstance(frame, pl.DataFrame):
        raise TypeError(f"{table.name}: only eager frames are validated, got {type(frame).__name__}")
    try:
        return pandera_schema(table).validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as error:
        raise TableError(_describe(table, error)) from None


def write(frame: pl.DataFrame, table: Table, path: Path) -> Path:
    """Validates a frame and saves it as Parquet."""
    return save(validate(frame, table), path)


def save(frame: pl.DataFrame, path: Path) -> Path:
    """Writes a frame that is validated already to `path` as Parquet, in one step: a temporary name, then a rename."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    frame.write_parquet(partial, compression="zstd", statistics=True)
    partial.replace(path)
    return path


def _checks(column: Column) -> list[pa.Check]:
    checks = []
    if column.values:
        checks.append(pa.Check.isin(list(column.values)))
    if column.pattern:
        checks.append(pa.Check.str_matches(f"^(?:{column.pattern})$"))
    if column.at_least is not None:
        checks.append(pa.Check.ge(column.at_least))
    return checks


def _describe(table: Table, error: pandera.errors.SchemaErrors) -> str:
    failures = error.failure_cases.head(5).rows(named=True)
    told = "; ".join(
        f"{row['column'] or 'table'}, row {row['index']}: {row['check']}, found {row['failure_case']!r}"
        for row in failures
    )
    return f"{table.layer}.{table.name}: {error.failure_cases.height} values break the contract: {told}"
