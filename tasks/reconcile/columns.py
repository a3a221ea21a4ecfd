"""The columns that the checks of every kind have before they get their identity."""

from __future__ import annotations

import polars as pl

from schemas.curated import CHECKS

IDENTITY = {"finding", "fiscal_year", "region_code"}
"""Columns of curated.checks that are added to the checks of all kinds at once."""

OWN = [name for name in CHECKS.schema.names() if name not in {*IDENTITY, "claims"}]
"""What a check says: the columns of curated.checks without its identity and the claims that it is about."""


def columns(cases: pl.DataFrame) -> pl.DataFrame:
    """The columns OWN of these cases, and no claims."""
    return cases.select(OWN).with_columns(pl.col("verdict").cast(pl.String), claims=pl.lit([], pl.List(pl.Int32)))
