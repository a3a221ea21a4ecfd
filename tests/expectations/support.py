"""What the tests of the suites have in common."""

from collections.abc import Mapping
from decimal import Decimal
from types import SimpleNamespace

import polars as pl

from expectations.runner import Audit, audit
from expectations.suite import Suite
from expectations.tables import Tables
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


def told(suite: Suite, tables: Tables) -> set[tuple[str, str | None, str]]:
    """Rule, report and sentence of what breaks a rule."""
    rows = suite.evidence(tables).filter(pl.col("message") != "")
    return set(rows.select("rule", "report_id", "message").rows())


def fails_each(suite: Suite, good: Tables, changes: Mapping[str, Tables]) -> dict[str, set[tuple[str | None, str]]]:
    """Asserts that every rule of the suite is met by `good` and broken by its own change of the tables.

    `changes` must have one for each rule. Gives report and sentence of what broke it.
    """
    names = {each[0] for each in suite.RULES}
    assert set(changes) == names, "a rule without a test that it can fail, or a test without a rule"
    sound = audit(good, [suite])
    assert sound.passed and sound.failures.is_empty()
    assert met(sound) == names | GROUNDWORK
    evidence = []
    for name, change in changes.items():
        broken = suite.evidence({**good, **change})
        evidence.append(broken.filter(pl.col("rule") == name))
    every = SimpleNamespace(NAME=suite.NAME, build_suite=suite.build_suite, evidence=lambda _: pl.concat(evidence))
    audited = audit(good, [every])
    assert {name for name, _ in failing(audited)} == names
    return {
        name: set(audited.failures.filter(expectation=name).select("report_id", "message").rows()) for name in names
    }
