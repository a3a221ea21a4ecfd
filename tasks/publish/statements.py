"""Reports state the same figure many times: which statement the marts take."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from schemas.sections import PUBLIC_TABLE
from schemas.taxonomy.load import sections

TOTALS = ("合计", "总计")
"""Members that stand for the whole."""

_PARENTHESIS = "（"


def in_order(facts: pl.DataFrame) -> pl.DataFrame:
    """The facts (curated.facts) in the order in which they count.

    The parts of a report speak in the order of precedence of the taxonomy: the main sections before the
    tables, these before the annex. Within a rank the reading order decides, so that the first row of a
    group is the statement to take.
    """
    ranks = sections()
    part = pl.col("section").str.split(_PARENTHESIS).list.first()
    rank = part.replace_strict(ranks["section"], ranks["rank"], default=127, return_dtype=pl.Int8)
    return facts.sort("report_id", rank, "fact")


def stated(facts: pl.LazyFrame, concepts: Iterable[str]) -> pl.LazyFrame:
    """Of facts in the order in which they count, those of these concepts; template left-overs state nothing."""
    return facts.filter(pl.col("concept").is_in(list(concepts)), pl.col("state") != "template_left_over")


def is_total() -> pl.Expr:
    """Whether a fact is about the whole and not about one member."""
    return pl.col("member_code").is_null() & (pl.col("member_name").is_null() | pl.col("member_name").is_in(TOTALS))


def in_table() -> pl.Expr:
    """Whether a fact stands in a table and not in a sentence, told from its section."""
    return pl.col("section").str.contains(PUBLIC_TABLE, literal=True)


def first(column: str, name: str, source: str = "amount_cny") -> pl.Expr:
    """An aggregation: `source` of the group's first fact that is meant for this column of the mart."""
    return pl.col(source).filter(pl.col("column") == column).first().alias(name)


def source(*columns: str) -> pl.Expr:
    """An aggregation: the number of the fact that fills the first of these columns of the mart that is filled, as `fact`."""
    number = [pl.col("fact").filter(pl.col("column") == column).first() for column in columns]
    return pl.coalesce(number).alias("fact")


def of_reports(rows: pl.DataFrame, reports: pl.DataFrame) -> pl.DataFrame:
    """Rows with report_id, and beside them who published the report, where and for which year (of marts.reports)."""
    who = ["fiscal_year", "region_code", "region_name", "entity", "entity_key", "kind"]
    return rows.join(reports.select("report_id", *who), on="report_id", validate="m:1")
