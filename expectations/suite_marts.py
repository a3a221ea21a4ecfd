"""The staged marts are fit to be switched to: the last look before anybody else sees them.

Nothing here names a report to hold. A critical failure means that the tables were built wrongly, and
stops the switch; the last release stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from expectations.suite import named_suite, rule
from expectations.tables import EVIDENCE, Tables, table
from schemas.marts import PUBLISHED, TABLES
from schemas.table import Table

if TYPE_CHECKING:
    from great_expectations import ExpectationSuite

NAME = "marts"

TELL_OF_HELD = tuple(declared.name for declared in TABLES if declared.name != "reports" and not declared.references)
"""Tables that tell of held reports too, with their status: they name reports that the release does not hold."""

FIGURES = ("spending_by_function", "three_public", "project_performance", "year_over_year")
"""Tables that are nothing but figures: a row without one says nothing."""

PLACE = ("fiscal_year", "region_code", "report_id")

BY_PLACE = tuple(declared.name for declared in TABLES if declared.name not in ("reports", "coverage"))
"""Tables that are too large to look for equal keys among all rows: they stand in order, and equal keys side by side."""

RULES = (
    ("key-present", "No part of a key that must be there is empty", "critical"),
    ("key-unique", "No two rows have the same key", "critical"),
    ("in-order", "Rows stand in the order of year, region and report, so that equal keys are neighbours", "critical"),
    ("amount-present", "Every stated sum of money has its amount in yuan", "critical"),
    ("held-absent", "No held report is among the published ones", "critical"),
    ("report-exists", "Every row belongs to a report of the release", "critical"),
    ("row-says-something", "Every row of a table of figures has a figure", "warning"),
)


def build_suite() -> ExpectationSuite:
    """How many rows of each table break each rule: none, or one more is too many."""
    from great_expectations.expectations.core.expect_column_values_to_be_between import ExpectColumnValuesToBeBetween

    return named_suite(
        NAME, "value", [rule(ExpectColumnValuesToBeBetween, *each, column="value", max_value=0) for each in RULES]
    )


def evidence(tables: Tables) -> pl.DataFrame:
    """EVIDENCE with `value`, the rows that break the rule: one row per table and rule.

    From every table of `schemas.marts` as `marts.<name>`, and the held reports `audit.held`. Each table is read once
    and in parts, however large it is.
    """
    held = table(tables, "audit.held").select("report_id").collect()["report_id"]
    reports = table(tables, "marts.reports")
    told: list[tuple[str, str, int, int, str]] = []
    for declared in TABLES:
        rows = table(tables, f"marts.{declared.name}")
        broken = _broken(declared, held)
        counts = rows.select(pl.len(), **{name: expression.sum() for name, (expression, _) in broken.items()})
        strangers = _strangers(declared, rows, reports).select(pl.len())
        ((count, *values),), ((strange,),) = (
            frame.rows() for frame in pl.collect_all([counts, strangers], engine="streaming")
        )
        sentences = [sentence for _, sentence in broken.values()]
        found = [*zip(broken, values, sentences, strict=True)]
        if declared.name != "reports":
            found.append(("report-exists", strange, "belong to no report of the release"))
        told += [(name, declared.name, count, value or 0, sentence) for name, value, sentence in found]
    return pl.DataFrame(
        [
            (name, None, None, count, f"marts.{of}: {value} of {count} rows {sentence}", value)
            for name, of, count, value, sentence in told
        ],
        schema=EVIDENCE.schema | {"value": pl.Int64},
        orient="row",
    )


def _broken(declared: Table, held: pl.Series) -> dict[str, tuple[pl.Expr, str]]:
    """By rule that is about single rows of this table: whether a row breaks it, and what is told of those that do."""
    columns = {column.name: column for column in declared.columns}
    required = [name for name in declared.key if not columns[name].nullable]
    rules = {
        "key-present": (pl.any_horizontal(pl.col(required).is_null()), "lack a part of their key"),
        "key-unique": (_repeats(declared), "repeat a key"),
    }
    if declared.name in BY_PLACE:
        rules["in-order"] = (_out_of_order(), "follow a row that they should precede")
    if declared.name == "facts":
        stated = (pl.col("unit_kind") == "money") & (pl.col("state") == "reported")
        rules["amount-present"] = (stated & pl.col("amount_cny").is_null(), "state money without an amount")
    if declared.name in FIGURES:
        names = {name for reference in declared.references for name in reference.columns}
        figures = [
            name
            for name, column in columns.items()
            if column.nullable and column.dtype.is_numeric() and name not in names
        ]
        rules["row-says-something"] = (pl.all_horizontal(pl.col(figures).is_null()), "have no figure")
    of_held = pl.col("report_id").is_in(held.implode())
    rules["held-absent"] = (_published(declared) & of_held, "publish a held report")
    return rules


def _published(declared: Table) -> pl.Expr:
    """Whether a row is about a published report."""
    return pl.col("status").is_in([*PUBLISHED, "published"]) if declared.name in TELL_OF_HELD else pl.lit(True)


def _repeats(declared: Table) -> pl.Expr:
    """Whether a row has the key of another one: of the one before it, where the order makes these neighbours."""
    key = [pl.col(name) for name in declared.key]
    if declared.name in BY_PLACE:
        neighbours = pl.all_horizontal(part.eq_missing(part.shift(1)) for part in key)
        return neighbours & (pl.int_range(pl.len()) > 0)
    return ~pl.struct(key).is_first_distinct()


def _out_of_order() -> pl.Expr:
    """Whether a row belongs before the one that stands before it, by year, region and report."""
    year, region, report = (pl.col(name) for name in PLACE)
    same_year, same_region = year == year.shift(1), region == region.shift(1)
    return (
        (year < year.shift(1))
        | (same_year & (region < region.shift(1)))
        | (same_year & same_region & (report < report.shift(1)))
    )


def _strangers(declared: Table, rows: pl.LazyFrame, reports: pl.LazyFrame) -> pl.LazyFrame:
    """Rows of no published report; a row with another year or region than its report has is one too."""
    same = PLACE if declared.name in BY_PLACE else ("report_id",)
    return rows.filter(_published(declared)).join(reports.select(same), on=same, how="anti")
