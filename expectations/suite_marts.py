"""The staged marts are fit to be switched to: the last look before anybody else sees them.

Nothing here names a report to hold. A critical failure means that the tables were built wrongly, and
stops the switch; the last release stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import polars as pl

from expectations.suite import named_suite, rule
from expectations.tables import EVIDENCE, Tables, table
from schemas.marts import PUBLISHED, TABLES
from schemas.table import Table

if TYPE_CHECKING:
    from great_expectations import ExpectationSuite

NAME = "marts"

TELL_OF_HELD = ("findings", "coverage")
"""Tables that tell of held reports too, with their status."""

FIGURES = ("spending_by_function", "three_public", "project_performance", "year_over_year")
"""Tables that are nothing but figures: a row without one says nothing."""

RULES = (
    ("key-present", "No part of a key that must be there is empty", "critical"),
    ("key-unique", "No two rows have the same key", "critical"),
    ("amount-present", "Every stated sum of money has its amount in yuan", "critical"),
    ("held-absent", "No held report is among the published ones", "critical"),
    ("report-exists", "Every row belongs to a report of the release", "critical"),
    ("row-says-something", "Every row of a table of figures has a figure", "warning"),
    ("rows-kept", "No table has fewer rows than in the previous release, held reports apart", "warning"),
)


def build_suite() -> ExpectationSuite:
    """How many rows of each table break each rule: none, or one more is too many."""
    from great_expectations.expectations.core.expect_column_values_to_be_between import ExpectColumnValuesToBeBetween

    return named_suite(
        NAME, "value", [rule(ExpectColumnValuesToBeBetween, *each, column="value", max_value=0) for each in RULES]
    )


def evidence(tables: Tables) -> pl.DataFrame:
    """EVIDENCE with `value`, the rows that break the rule: one row per table and rule.

    From every table of `schemas.marts` as `marts.<name>`, those of the previous release as
    `previous.<name>` where there is one, and the held reports `audit.held`.
    """
    held = table(tables, "audit.held").select("report_id").collect()["report_id"]
    reports = table(tables, "marts.reports").select("report_id")
    frames = []
    for declared in TABLES:
        rows = table(tables, f"marts.{declared.name}")
        frames += list(_rules(declared, rows, reports, held))
        if (previous := tables.get(f"previous.{declared.name}")) is not None:
            frames.append(_kept(declared, rows, previous.lazy(), held))
    return pl.concat(pl.collect_all(frames, engine="streaming"))


def _rules(declared: Table, rows: pl.LazyFrame, reports: pl.LazyFrame, held: pl.Series) -> Iterator[pl.LazyFrame]:
    """One row of evidence per rule that says something of this table."""
    columns = {column.name: column for column in declared.columns}
    required = [name for name in declared.key if not columns[name].nullable]
    yield _broken(
        declared, "key-present", "lack a part of their key", rows, pl.any_horizontal(pl.col(required).is_null())
    )
    repeated = rows.group_by(declared.key).agg(pl.len()).with_columns(more=pl.col("len") - 1)
    yield _evidence(
        declared, "key-unique", "repeat a key", repeated.select(count=pl.col("len").sum(), value=pl.col("more").sum())
    )
    if declared.name == "facts":
        stated = (pl.col("unit_kind") == "money") & (pl.col("state") == "reported")
        yield _broken(
            declared, "amount-present", "state money without an amount", rows, stated & pl.col("amount_cny").is_null()
        )
    if declared.name in FIGURES:
        figures = [name for name, column in columns.items() if column.nullable and column.dtype.is_numeric()]
        yield _broken(
            declared, "row-says-something", "have no figure", rows, pl.all_horizontal(pl.col(figures).is_null())
        )
    published = pl.col("status").is_in([*PUBLISHED, "published"]) if declared.name in TELL_OF_HELD else pl.lit(True)
    yield _broken(
        declared, "held-absent", "publish a held report", rows, published & pl.col("report_id").is_in(held.implode())
    )
    if declared.name != "reports":
        strangers = rows.filter(published).join(reports, on="report_id", how="anti")
        yield _evidence(
            declared,
            "report-exists",
            "belong to no report of the release",
            pl.concat([rows.select(count=pl.len()), strangers.select(value=pl.len())], how="horizontal"),
        )


def _kept(declared: Table, rows: pl.LazyFrame, previous: pl.LazyFrame, held: pl.Series) -> pl.LazyFrame:
    """Rows that the previous release had more. A report that is held now is a reason to have fewer."""
    expected = previous.filter(~pl.col("report_id").is_in(held.implode()).fill_null(False))
    both = pl.concat([rows.select(count=pl.len()), expected.select(before=pl.len())], how="horizontal")
    fewer = both.with_columns(value=pl.col("before").cast(pl.Int64) - pl.col("count").cast(pl.Int64))
    return _evidence(declared, "rows-kept", "fewer than in the previous release", fewer)


def _broken(declared: Table, rule_name: str, what: str, rows: pl.LazyFrame, broken: pl.Expr) -> pl.LazyFrame:
    return _evidence(declared, rule_name, what, rows.select(count=pl.len(), value=broken.sum()))


def _evidence(declared: Table, rule_name: str, what: str, counts: pl.LazyFrame) -> pl.LazyFrame:
    """One row from one row with `count` and `value`."""
    return counts.with_columns(
        rule=pl.lit(rule_name),
        report_id=None,
        finding=None,
        message=pl.format("marts.{}: {} of {} rows {}", pl.lit(declared.name), "value", "count", pl.lit(what)),
        value=pl.col("value").cast(pl.Float64),
    ).select(*(pl.col(name).cast(dtype) for name, dtype in EVIDENCE.schema.items()), pl.col("value"))
