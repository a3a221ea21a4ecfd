"""What earlier runs know of addresses: the validators by which servers tell that nothing has changed."""

from __future__ import annotations

from typing import Any

import polars as pl

from tasks.fetch.store import RawStore


def last_known(previous: pl.DataFrame | None, store: RawStore) -> dict[str, dict[str, Any]]:
    """By URL, the last row of raw.fetches that has a validator, and an object that is still there."""
    if previous is None:
        return {}
    validated = previous.filter(
        (pl.col("outcome") == "fetched") & pl.any_horizontal(pl.col("etag", "last_modified").is_not_null())
    ).sort("fetched_at")
    return {row["url"]: row for row in validated.iter_rows(named=True) if row["object"] and store.has(row["object"])}
