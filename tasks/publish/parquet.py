"""Parquet files whose bytes depend on their content alone: sorted rows, fixed compression, fixed row groups."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from schemas.marts import BY_NAME
from schemas.table import Table
from schemas.validate import TableError, validate

ROW_GROUP = 131_072
PART = 400_000
"""About so many facts are held in memory at a time."""

_PLACE = ("fiscal_year", "region_code", "report_id")


def write_table(frame: pl.DataFrame, table: Table, path: Path) -> None:
    """Validates one table and writes it, sorted by its key. Raises TableError."""
    with _writer(table, path) as writer:
        _append(writer, frame.sort(table.key), table)


def write_facts(facts: pl.LazyFrame, reports: pl.DataFrame, path: Path) -> None:
    """Validates the facts of the reports and writes them, sorted by year, region, report and number.

    They are read and written in parts, so that memory stays bounded however many there are. Raises
    TableError, also when a report has not as many facts as it tells.
    """
    table = BY_NAME["facts"]
    with _writer(table, path) as writer:
        for part in _parts(reports):
            frame = (
                facts.filter(
                    pl.col("fiscal_year").is_in(part["fiscal_year"].unique().implode()),
                    pl.col("region_code").is_in(part["region_code"].unique().implode()),
                )
                .join(part.lazy().select("report_id"), on="report_id", how="semi")
                .collect(engine="streaming")
                .sort(*_PLACE, "fact")
            )
            _complete(frame, part)
            _append(writer, frame, table)


def _parts(reports: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The reports in the order of the file, cut so that each part has about PART facts."""
    ordered = reports.sort(*_PLACE).with_columns(part=pl.col("facts").cum_sum() // PART)
    return iter(ordered.partition_by("part", maintain_order=True, include_key=False))


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


def _writer(table: Table, path: Path) -> pq.ParquetWriter:
    schema = table.frame().to_arrow().schema
    return pq.ParquetWriter(path, schema, compression="zstd", compression_level=3, write_statistics=True)


def _append(writer: pq.ParquetWriter, frame: pl.DataFrame, table: Table) -> None:
    writer.write_table(validate(frame, table).to_arrow(), row_group_size=ROW_GROUP)
