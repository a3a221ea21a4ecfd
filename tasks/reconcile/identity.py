"""I01: whether the catalogue and the text name the same report."""

from __future__ import annotations

import polars as pl

from schemas.curated import CHECKS
from schemas.taxonomy import load


def identity(reports: pl.DataFrame) -> pl.DataFrame:
    """One violated check for each report whose text contradicts the catalogue (`conflict` of curated.reports).

    Returns the columns of curated.checks but those that name publisher, year and finding.
    """
    rule = load.equations().row(by_predicate=pl.col("kind") == "identity", named=True)
    said = {
        "equation": rule["equation"],
        "severity": rule["severity"],
        "unit_kind": "text",
        **dict.fromkeys(("lhs", "rhs", "residual", "bound")),
        "verdict": "violated",
        "diagnosis": None,
        "facts": [],
    }
    names = [name for name in CHECKS.schema.names() if name in {"report_id", "instance", "message", *said}]
    return (
        reports.filter(pl.col("conflict").is_not_null())
        .with_columns(pl.lit(value, CHECKS.schema[name]).alias(name) for name, value in said.items())
        # The words are the instance: another contradiction is another finding.
        .with_columns(instance="conflict", message=pl.format("{} the text says {}", "equation", "conflict"))
        .select(names)
    )
