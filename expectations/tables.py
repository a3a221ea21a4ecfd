"""Tables of the audit: what people acknowledged, what the expectations look at, and what came of them.

The audit is handed its tables by name, `layer.table`: `curated.checks`, `marts.facts`, `audit.held`, …
"""

from collections.abc import Mapping

import polars as pl

from schemas.curated import REPORT_ID
from schemas.table import Column, Table

FINDING = r"[0-9a-f]{12}"
GX_SEVERITIES = ("critical", "warning", "info")

ACKNOWLEDGEMENTS = Table(
    name="acknowledgements",
    layer="audit",
    grain="one finding that a person reviewed and let stand",
    key=("finding",),
    columns=(
        Column("finding", pl.String, "The finding; its digits stand for its figures too", pattern=FINDING),
        Column("report_id", pl.String, "The report, for the reader", nullable=True),
        Column("equation", pl.String, "The equation, for the reader", nullable=True),
        Column("entity", pl.String, "The publishing organisation, for the reader", nullable=True),
        Column("fiscal_year", pl.String, "The fiscal year, for the reader", nullable=True),
        Column("lhs", pl.String, "Left side in its base unit, for the reader", nullable=True),
        Column("rhs", pl.String, "Right side in its base unit, for the reader", nullable=True),
        Column("reason", pl.String, "Why the finding may stand"),
        Column("by", pl.String, "Who says so"),
        Column("date", pl.Date, "When it was said"),
        Column("until", pl.Date, "Last day on which it holds; empty where it has no end", nullable=True),
    ),
)

EVIDENCE = Table(
    name="evidence",
    layer="audit",
    grain="one thing examined under one rule, or several like things that keep it; a suite adds what it asserts",
    key=("rule", "report_id", "finding", "message"),
    columns=(
        Column("rule", pl.String, "The rule that it is examined under"),
        Column("report_id", pl.String, "The report, where it concerns one", nullable=True),
        Column("finding", pl.String, "The finding, where it is one", nullable=True),
        Column("count", pl.Int64, "How many things the row stands for", at_least=0),
        Column("message", pl.String, "What is the matter, in one sentence; empty where nothing is"),
    ),
)

RESULTS = Table(
    name="results",
    layer="audit",
    grain="one expectation of one suite in one run",
    key=("suite", "expectation"),
    columns=(
        Column("suite", pl.String, "The suite"),
        Column("expectation", pl.String, "Name of the expectation"),
        Column("description", pl.String, "What is expected, in words"),
        Column("severity", pl.String, "critical holds a report or stops publication", values=GX_SEVERITIES),
        Column("success", pl.Boolean, "It was met, or there was nothing to look at"),
        Column("evaluated", pl.Int64, "How many things were looked at", at_least=0),
        Column("failing", pl.Int64, "How many rows fail it", at_least=0),
        Column("error", pl.String, "Why the expectation itself broke", nullable=True),
    ),
)

FAILURES = Table(
    name="failures",
    layer="audit",
    grain="one row that fails one expectation",
    key=("suite", "expectation", "report_id", "finding", "message"),
    columns=(
        Column("suite", pl.String, "The suite"),
        Column("expectation", pl.String, "Name of the expectation"),
        Column("severity", pl.String, "Severity of the expectation", values=GX_SEVERITIES),
        Column("report_id", pl.String, "The report, where the row names one", nullable=True, pattern=REPORT_ID),
        Column("finding", pl.String, "The finding, where the row is one", nullable=True, pattern=FINDING),
        Column("message", pl.String, "What is the matter, in one sentence"),
    ),
)

Tables = Mapping[str, pl.DataFrame | pl.LazyFrame]


class AuditError(ValueError):
    """The audit cannot be made: a table is missing."""


def table(tables: Tables, name: str) -> pl.LazyFrame:
    """The table of that name, to be read lazily. Raises AuditError when the audit was not handed it."""
    if name not in tables:
        raise AuditError(f"the audit needs the table {name}; it was handed {', '.join(sorted(tables)) or 'none'}")
    return tables[name].lazy()
