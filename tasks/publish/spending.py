"""The mart `spending_by_function`: what was spent on which function, from which budget."""

from __future__ import annotations

import polars as pl

from schemas import marts
from schemas.taxonomy.load import functions
from tasks.publish.statements import TOTALS, first, in_table, of_reports, source, stated

COLUMNS = pl.DataFrame(
    [
        ("gpb_function_expenditure", "general", "amount"),
        ("gpb_function_basic_expenditure", "general", "basic"),
        ("gpb_function_project_expenditure", "general", "project"),
        ("gpb_function_initial_budget", "general", "initially_budgeted"),
        ("gpb_function_full_year_budget", "general", "budgeted"),
        ("gpb_function_budget", "general", "budgeted"),
        ("gpb_function_share", "general", "share"),
        ("gpb_function_completion_rate", "general", "completion_rate"),
        ("government_fund_function_expenditure", "government_fund", "amount"),
        ("state_capital_function_expenditure", "state_capital", "amount"),
        ("fiscal_function_expenditure", "fiscal", "amount"),
        ("function_expenditure", "all", "amount"),
        ("function_expenditure_basic", "all", "basic"),
        ("function_expenditure_project", "all", "project"),
    ],
    schema=["concept", "budget", "column"],
    orient="row",
)
"""Which concept fills which column for which budget."""

_LEVELS = {3: "类", 5: "款", 7: "项"}


def spending_by_function(reports: pl.DataFrame, facts: pl.LazyFrame) -> pl.DataFrame:
    """marts.spending_by_function of marts.reports from their facts.

    A function is told by its code, else by its name and what it stands under. Tables speak before sentences: they name
    every function, with its code. Where a table tells of a budget, a sentence's function without a code is left out: it
    is one that the table has.
    """
    code, name = pl.col("member_code"), pl.col("member_name")
    uncoded = code.is_null()
    tabled = in_table()
    rows = (
        stated(facts, COLUMNS["concept"])
        .filter(pl.col("period") == "current", code.is_not_null() | ~name.is_in(TOTALS))
        .join(COLUMNS.lazy(), on="concept", maintain_order="left")
        .filter(tabled | ~uncoded | ~tabled.any().over("report_id", "budget"))
        .sort("report_id", ~tabled, maintain_order=True)
        .group_by(
            "report_id",
            "budget",
            code.alias("code"),
            pl.when(uncoded).then("parent_code").alias("parent_code"),
            pl.when(uncoded).then(name).alias("uncoded_name"),
            maintain_order=True,
        )
        .agg(
            name.drop_nulls().first().alias("stated_name"),
            first("amount", "amount"),
            first("basic", "basic"),
            first("project", "project"),
            first("initially_budgeted", "initially_budgeted"),
            first("budgeted", "budgeted"),
            first("share", "share", "number"),
            first("completion_rate", "completion_rate", "number"),
            first("completion_rate", "budget_basis", "budget_basis"),
            pl.when(tabled).then(pl.lit("table")).otherwise(pl.lit("text")).first().alias("origin"),
            source(*dict.fromkeys(COLUMNS["column"])),
        )
        .collect(engine="streaming")
    )
    return (
        of_reports(rows, reports)
        .join(_official(rows, reports), on=["report_id", "code"], how="left", validate="m:1")
        .with_columns(
            name=pl.coalesce("name", "stated_name", "code"),
            level=pl.col("code").str.len_chars().replace_strict(_LEVELS, default=None, return_dtype=pl.String),
        )
        .select(marts.SPENDING_BY_FUNCTION.schema.names())
        .sort(marts.SPENDING_BY_FUNCTION.key)
    )


def _official(rows: pl.DataFrame, reports: pl.DataFrame) -> pl.DataFrame:
    """report_id, code and the official name of the code in the report's fiscal year, or the nearest known one."""
    year = pl.col("fiscal_year")
    outside = pl.max_horizontal(
        pl.col("valid_from") - year, year - pl.col("valid_to").fill_null(year), pl.lit(0, pl.Int16)
    )
    return (
        rows.select("report_id", "code")
        .unique()
        .join(reports.select("report_id", "fiscal_year"), on="report_id")
        .join(functions().drop("aliases"), on="code")
        .sort("report_id", "code", outside, "valid_from")
        .unique(["report_id", "code"], keep="first", maintain_order=True)
        .select("report_id", "code", "name")
    )
