"""What a suite is, and how its expectations are named.

A suite is a module. It computes its evidence exactly, in polars: one row per thing examined, with
the column that its expectations look at. Great Expectations then asserts and never recomputes,
because it reads pandas frames only and has no exact decimals. It is imported inside functions: the
import takes seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

import polars as pl

from expectations.tables import Tables

if TYPE_CHECKING:
    from great_expectations import ExpectationSuite
    from great_expectations.expectations.expectation import ColumnMapExpectation


class Suite(Protocol):
    """A module with a name, the expectations, and the evidence that they look at."""

    NAME: str

    def build_suite(self) -> ExpectationSuite:
        """The expectations. Takes nothing, reads no data of the run."""
        ...

    def evidence(self, tables: Tables) -> pl.DataFrame:
        """Rows with the columns of `tables.EVIDENCE`, and those that the expectations look at."""
        ...


def rule(
    kind: type[ColumnMapExpectation], name: str, description: str, severity: str, **asserts: Any
) -> ColumnMapExpectation:
    """One named expectation that looks only at the rows of its own rule."""
    from great_expectations.expectations.metadata_types import FailureSeverity
    from great_expectations.expectations.row_conditions import Column

    return kind(
        row_condition=Column("rule") == name,
        description=description,
        severity=FailureSeverity(severity),
        meta={"name": name},
        **asserts,
    )


def named_suite(name: str, column: str, rules: Sequence[ColumnMapExpectation]) -> ExpectationSuite:
    """A suite of the rules, and of what they silently rely on.

    Expectations pass over nulls, and a row of a rule that no expectation names is looked at by none:
    so that no row may be null in the asserted `column` or of an unknown rule.
    """
    from great_expectations import ExpectationSuite
    from great_expectations.expectations.core.expect_column_values_to_be_in_set import ExpectColumnValuesToBeInSet
    from great_expectations.expectations.core.expect_column_values_to_not_be_null import ExpectColumnValuesToNotBeNull
    from great_expectations.expectations.metadata_types import FailureSeverity

    known = [expectation.meta["name"] for expectation in rules if expectation.meta]
    groundwork = [
        ExpectColumnValuesToNotBeNull(
            column=column,
            description="Nothing is left undecided: every row has a value that can be judged",
            severity=FailureSeverity.CRITICAL,
            meta={"name": "decided"},
        ),
        ExpectColumnValuesToBeInSet(
            column="rule",
            value_set=known,
            description="Every row belongs to a rule that this suite knows",
            severity=FailureSeverity.CRITICAL,
            meta={"name": "known-rule"},
        ),
    ]
    return ExpectationSuite(name=name, expectations=[*groundwork, *rules])
