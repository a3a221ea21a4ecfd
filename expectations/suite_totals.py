"""Every published total adds up: one named expectation per equation of the calculation network.

The checks are evaluated before, in exact decimals. Checks that hold are counted per equation and
verdict; every other one is a row of its own. What could not be evaluated is no evidence at all: it
neither keeps a rule nor breaks it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from expectations.suite import named_suite, rule, sentence
from expectations.tables import EVIDENCE, Tables, table
from schemas.taxonomy.load import equations

if TYPE_CHECKING:
    from great_expectations import ExpectationSuite

NAME = "totals"

HOLDS = ("exact", "rounding", "acknowledged")
GX_SEVERITY = {"H": "critical", "D": "warning", "S": "info"}


def build_suite() -> ExpectationSuite:
    """One expectation per equation, H critical, D warning, S info.

    A few instances are judged otherwise than their equation (T01 on head-counts is soft); they have
    one expectation per severity.
    """
    from great_expectations.expectations.core.expect_column_values_to_be_in_set import ExpectColumnValuesToBeInSet

    named = [
        (row["equation"], f"{row['title']}: {row['formula']}", GX_SEVERITY[row["severity"]])
        for row in equations().iter_rows(named=True)
    ]
    deviating = [
        (_deviating(letter), f"Instances judged {letter}, otherwise than their equation, hold", severity)
        for letter, severity in GX_SEVERITY.items()
    ]
    return named_suite(
        NAME,
        "verdict",
        [
            rule(ExpectColumnValuesToBeInSet, *each, column="verdict", value_set=list(HOLDS))
            for each in named + deviating
        ],
    )


def evidence(tables: Tables) -> pl.DataFrame:
    """From `curated.checks`: EVIDENCE with verdict, residual and bound (decimal text: GX writes decimals as floats)."""
    severities = dict(equations().select("equation", "severity").iter_rows())
    checks = table(tables, "curated.checks").filter(pl.col("verdict").ne_missing("not_evaluated"))
    # An expression and not a join, so that it is known while a file is read which sentences are needed.
    registered = pl.col("equation").replace_strict(severities, default=None, return_dtype=pl.String)
    own_severity = registered.is_null() | (pl.col("severity") == registered)
    rule_name = pl.when(own_severity).then("equation").otherwise(pl.lit(_deviating("")) + pl.col("severity"))
    unknown = sentence("{} is not an equation of the calculation network", "equation")
    message = pl.when(registered.is_null()).then(unknown).otherwise("message")
    holds = pl.col("verdict").is_in(HOLDS).fill_null(False) & registered.is_not_null()
    columns = [pl.col(name).cast(dtype) for name, dtype in EVIDENCE.schema.items()]
    sides = [pl.col("verdict"), pl.col("residual", "bound").cast(pl.String)]
    alone = checks.filter(~holds).with_columns(rule=rule_name, message=message, count=1)
    together = (
        checks.filter(holds)
        .group_by(rule_name.alias("rule"), "verdict")
        .agg(count=pl.len())
        .sort("rule", "verdict")
        .with_columns(report_id=None, finding=None, message=pl.lit(""), residual=None, bound=None)
    )
    frames = [rows.select(*columns, *sides) for rows in (alone, together)]
    return pl.concat(pl.collect_all(frames, engine="streaming"))


def _deviating(letter: str) -> str:
    return f"judged-{letter}"
