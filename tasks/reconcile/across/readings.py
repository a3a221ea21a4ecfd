"""What the taxonomy says of comparisons between years, as frames."""

from __future__ import annotations

from functools import cache

import polars as pl

from schemas.taxonomy import load


@cache
def rule(kind: str) -> dict[str, str]:
    """The equation of a kind."""
    return load.equations().row(by_predicate=pl.col("kind") == kind, named=True)


@cache
def readings() -> pl.DataFrame:
    """What a figure may be held against: equation, concept, witness, other (it is another concept than the one meant)."""
    itself = load.changes().select("concept").unique(maintain_order=True)
    equation = rule("earlier")["equation"]
    named = load.across_years().select("equation", "concept", "witness")
    return pl.concat(
        [
            itself.select(pl.lit(equation).alias("equation"), "concept", witness="concept", other=pl.lit(False)),
            named.with_columns(other=pl.col("equation") == equation),
        ]
    )
