"""Writes one batch's rows of a curated table into its partitions, and removes what it no longer fills."""

from __future__ import annotations

import polars as pl

from flows.folder import Folder
from schemas.table import Table
from schemas.validate import save

PARTITION = ("fiscal_year", "region_code")
"""The folders of a table. The columns stay in the files too: a reader that ignores folder names loses nothing."""


def write_partitions(folder: Folder, frame: pl.DataFrame, table: Table, batch: str) -> list[str]:
    """Writes rows that are validated already, one file per fiscal year and region, and gives the files.

    Files that the batch filled before and fills no more are removed.
    """
    written = []
    for (year, region), part in frame.partition_by(PARTITION, as_dict=True, maintain_order=True).items():
        path = folder.partition(table.name, str(year), str(region), batch)
        written.append(save(part, path))
    for stale in set((folder.root / "curated" / table.name).glob(f"*/*/{batch}.parquet")).difference(written):
        stale.unlink()
    return [folder.relative(path) for path in written]
