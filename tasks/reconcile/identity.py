"""I01: whether the catalogue and the text name the same report."""

from __future__ import annotations

import polars as pl

from schemas.curated import CHECKS
from schemas.taxonomy import load
from tasks.reconcile.columns import OWN


def identity(reports: pl.DataFrame) -> pl.DataFrame:
    """One violated check for each report whose text contradicts the catalogue (`conflict` of curated.reports).

    Returns the columns of curated.checks but those that name publisher, year and finding.
    """
    cases = reports.filter(pl.col("conflict").is_not_null())
    # The words are the instance: another contradiction is another finding.
    told = pl.format("the text says {}", "conflict")
    return violations(
        cases.with_columns(instance="conflict", told=told, facts=pl.lit([], pl.List(pl.Int32))), "identity"
    )


def violations(cases: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Violated checks of the equation of a kind that compares words, and has no sides.

    Takes report_id, instance, `told` (what is wrong, behind the equation's name) and facts; returns the columns of
    tasks.reconcile.columns.OWN.
    """
    rule = load.equations().row(by_predicate=pl.col("kind") == kind, named=True)
    said = {"equation": rule["equation"], "severity": rule["severity"], "unit_kind": "text", "verdict": "violated"}
    nothing = dict.fromkeys(("lhs", "rhs", "residual", "bound", "diagnosis"))
    return (
        cases.with_columns(pl.lit(value, CHECKS.schema[name]).alias(name) for name, value in (said | nothing).items())
        .with_columns(message=pl.format("{} {}", "equation", "told"))
        .select(OWN)
    )
