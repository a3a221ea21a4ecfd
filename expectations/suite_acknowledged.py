"""What people acknowledged is still what the reports say.

An acknowledgement that lapsed lets nothing stand any more; it is told, so that somebody looks at it again or removes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from expectations.suite import named_suite, rule
from expectations.tables import EVIDENCE, Tables, table

if TYPE_CHECKING:
    from great_expectations import ExpectationSuite

NAME = "acknowledged"

RULES = (
    ("not-expired", "No acknowledgement of a discrepancy that is still there has expired", "warning", ("expired",)),
    ("figures-same", "The figures that were acknowledged are the ones that are published", "warning", ("figures_changed",)),
    ("still-needed", "What was acknowledged is still a discrepancy", "info", ("settled", "not_evaluated", "gone")),
)  # fmt: skip
"""Name, description, severity, and the states of audit.standing that break the rule."""

LAPSED = tuple(state for *_, states in RULES for state in states)


def build_suite() -> ExpectationSuite:
    """One expectation per way to lapse. Acknowledgements of reports that are no part of the run are not looked at."""
    from great_expectations.expectations.core.expect_column_values_to_not_be_in_set import (
        ExpectColumnValuesToNotBeInSet,
    )

    return named_suite(
        NAME,
        "state",
        [
            rule(ExpectColumnValuesToNotBeInSet, name, description, severity, column="state", value_set=list(states))
            for name, description, severity, states in RULES
        ],
    )


def evidence(tables: Tables) -> pl.DataFrame:
    """EVIDENCE with `state`, from `audit.standing`: every acknowledgement under every rule."""
    standing = table(tables, "audit.standing").filter(pl.col("state") != "elsewhere")
    return (
        standing.select("finding", "report_id", "message", "state", rule=pl.lit([name for name, *_ in RULES]), count=1)
        .explode("rule")
        .select(*(pl.col(name).cast(dtype) for name, dtype in EVIDENCE.schema.items()), "state")
        .collect()
    )
