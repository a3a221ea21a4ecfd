"""Tables of the audit: what people acknowledged, what the expectations look at, and what came of them.

The audit is handed its tables by name, `layer.table`: `curated.checks`, `marts.facts`, `audit.held`, …
"""

from collections.abc import Mapping

import polars as pl

from schemas.curated import REPORT_ID, SEVERITIES
from schemas.table import NUMBER, Column, Table

FINDING = r"[0-9a-f]{12}"
GX_SEVERITIES = ("critical", "warning", "info")
DIMENSIONS = ("run", "province", "region", "fiscal_year")

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
        Column("instance", pl.String, "What the equation is applied to, where it applies several times", nullable=True),
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
        Column(
            "residual",
            pl.String,
            "By how much the sides differ, in the base unit of the equation; else the value that was looked at",
            nullable=True,
        ),
        Column("bound", pl.String, "How large that may be", nullable=True),
    ),
)

STANDINGS = ("in_force", "expired", "figures_changed", "settled", "not_evaluated", "gone", "elsewhere")

STANDING = Table(
    name="standing",
    layer="audit",
    grain="one acknowledgement as this run finds it",
    key=("finding",),
    columns=(
        Column("finding", pl.String, "The finding that it names", pattern=FINDING),
        Column("report_id", pl.String, "The report, where the run has it", nullable=True, pattern=REPORT_ID),
        Column(
            "state",
            pl.String,
            "in_force; or expired; or its figures have changed; or the discrepancy is settled; or it cannot be evaluated "
            "any more; or the report has no such check any more; or its report is no part of this run",
            values=STANDINGS,
        ),
        Column("message", pl.String, "What became of it, in one sentence"),
    ),
)

RATES = Table(
    name="rates",
    layer="audit",
    grain="one equation over the reports of the run, of a province, a region or a fiscal year",
    key=("dimension", "place", "equation", "severity"),
    columns=(
        Column("dimension", pl.String, "What the reports are grouped by", values=DIMENSIONS),
        Column("place", pl.String, "The group: a code or a year; empty for the run"),
        Column("name", pl.String, "The group in words"),
        Column("equation", pl.String, "The equation"),
        Column("severity", pl.String, "Severity of its checks", values=SEVERITIES),
        Column("evaluated", pl.Int64, "Reports in which it could be evaluated", unit="reports", at_least=0),
        Column("violated", pl.Int64, "Reports that violate it, not acknowledged", unit="reports", at_least=0),
        Column("acknowledged", pl.Int64, "Reports whose violations are all acknowledged", unit="reports", at_least=0),
        Column("rate", NUMBER, "Share of the evaluated ones that are violated", unit="percent", at_least=0),
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
