"""A table of a release as an export reads it: part by part, with what the data package tells of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import polars as pl
import pyarrow.parquet as pq  # type: ignore[import-untyped]

ROWS = 20_000
"""So many rows are in memory at a time."""


@dataclass(frozen=True, slots=True)
class Source:
    """One table. release: its folder; resource: what the data package tells of the table."""

    release: Path
    resource: dict[str, Any]

    @property
    def name(self) -> str:
        """Name of the table."""
        return str(self.resource["name"])

    @property
    def rows(self) -> int:
        """Number of rows."""
        return int(self.resource["rows"])

    @property
    def grain(self) -> str:
        """What one row is, as a sentence."""
        return str(self.resource["description"])

    @property
    def fields(self) -> list[dict[str, Any]]:
        """name, type, description and unit of each column."""
        return list(self.resource["schema"]["fields"])

    @property
    def path(self) -> Path:
        """The Parquet file."""
        return self.release / str(self.resource["path"])

    def parts(self) -> Iterator[pl.DataFrame]:
        """The rows, ROWS at a time; one part without rows where there are none."""
        with pq.ParquetFile(self.path) as file:
            empty = True
            for batch in file.iter_batches(batch_size=ROWS):
                empty = False
                yield cast(pl.DataFrame, pl.from_arrow(batch))
            if empty:
                yield cast(pl.DataFrame, pl.from_arrow(file.schema_arrow.empty_table()))
