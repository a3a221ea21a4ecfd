"""What the tests of the suites have in common."""

from decimal import Decimal

import polars as pl

from expectations.runner import Audit
from schemas.table import Table

GROUNDWORK = {"decided", "known-rule"}


def report_id(number: int) -> str:
    return f"{number:016x}"


def met(audited: Audit) -> set[str]:
    """The expectations that looked at something and were met."""
    return set(audited.results.filter(pl.col("success") & (pl.col("evaluated") > 0))["expectation"])


def failing(audited: Audit) -> set[tuple[str, str | None]]:
    """Expectation and report of every failing row."""
    return set(audited.failures.select("expectation", "report_id").rows())


def mart(declared: Table, *changes: dict[str, object]) -> pl.DataFrame:
    """Rows of a mart, filled in where the table wants a value, with the changes given."""
    usual: dict[str, object] = {
        column.name: None
        if column.nullable
        else column.values[0]
        if column.values
        else 1
        if column.dtype.is_numeric()
        else False
        if column.dtype == pl.Boolean
        else "0000"
        for column in declared.columns
    }
    usual |= {"report_id": report_id(0), "amount": Decimal(1), "budget": Decimal(1), "published_change": Decimal(1)}
    if declared.name == "spending_by_function":
        usual["budget"] = "general"
    if declared.name == "facts":
        usual["amount_cny"] = Decimal(1)
    rows = [usual | change for change in changes or ({},)]
    return declared.frame({name: [row.get(name) for row in rows] for name in declared.schema})
