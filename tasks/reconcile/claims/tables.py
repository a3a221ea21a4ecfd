"""W05: tables that are listed are there, hold what the text says, and nothing is said to be nothing that is something."""

from __future__ import annotations

import polars as pl

from tasks.reconcile.claims.rows import NO_NUMBERS, check_rows, name_of
from tasks.reconcile.wording import figure

OF_TABLE = {
    "01": "revenue_total", "02": "revenue_current_year", "03": "expenditure_current_year", "04": "fiscal_revenue_total",
    "05": "gpb_expenditure", "06": "gpb_expenditure", "07": "gpb_expenditure", "08": "gpb_basic_expenditure",
    "09": "gpb_project_expenditure", "10": "government_fund_expenditure", "11": "state_capital_expenditure",
    "12": "state_capital_expenditure", "13": "three_public_expenditure",
}  # fmt: skip
"""The figure that a public table holds at least, if it is not zero."""

HOME = "^(?:[一二三四五六七八九十]|表)"
"""Sections that state the accounts: those of the form, and the public tables."""

REPORT = "report_id"
COLUMNS = [REPORT, "section", "what", "verdict", "diagnosis", "message", "facts", "claims"]


def tables(claims: pl.DataFrame, figures: pl.DataFrame) -> pl.DataFrame:
    """The checks of W05 from the claims of kinds listed_table, printed_table, empty_table and none."""
    stated = figures.filter(
        pl.col("period") == "current",
        pl.col("code").is_null(),
        pl.col("name").is_null(),
        pl.col("section").str.contains(HOME),
    )
    cases = [_missing(claims), _empty(claims, stated), _denied(claims, stated)]
    return check_rows(pl.concat(case.select(COLUMNS) for case in cases), "W05")


def _missing(claims: pl.DataFrame) -> pl.DataFrame:
    """Tables that are listed and not printed, where most are.

    Where a table is printed that is not listed, it may be the one under another title: nothing is told. Reports whose
    listed tables are all printed hold.
    """
    listed = claims.filter(pl.col("kind") == "listed_table")
    printed = claims.filter(pl.col("kind") == "printed_table").select(REPORT, "value")
    other = printed.join(listed, on=[REPORT, "value"], how="anti").select(REPORT)
    known = listed.join(other, on=REPORT, how="anti", maintain_order="left").join(
        printed.with_columns(there=True), on=[REPORT, "value"], how="left", maintain_order="left"
    )
    there = pl.col("there").fill_null(value=False)
    judged = known.with_columns(there=there, most=there.mean().over(REPORT) > 0.5)
    absent = judged.filter("most", ~pl.col("there")).select(
        REPORT,
        section=pl.lit(None, pl.String),
        what=pl.format("表{}", "value"),
        verdict=pl.lit("violated"),
        diagnosis=pl.lit("missing_table"),
        message=pl.format(
            "“{}” is listed and other tables are there, but this one is not: right would be the table, without amounts "
            "and with the reason where there are none",
            "words",
        ),
        facts=NO_NUMBERS,
        claims=pl.concat_list("claim"),
    )
    whole = (
        judged.filter(pl.col("there").all().over(REPORT))
        .group_by(REPORT, maintain_order=True)
        .agg(claims="claim")
        .with_columns(
            section=pl.lit(None, pl.String), what=pl.lit("listed"), verdict=pl.lit("exact"), facts=NO_NUMBERS,
            diagnosis=pl.lit(None, pl.String),
            message=pl.format("all {} listed tables are there", pl.col("claims").list.len()),
        )
    )  # fmt: skip
    return pl.concat([absent.select(COLUMNS), whole.select(COLUMNS)])


def _empty(claims: pl.DataFrame, stated: pl.DataFrame) -> pl.DataFrame:
    """Tables without amounts of which nothing near them says why, while the text states what they should hold."""
    blank = claims.filter(pl.col("kind") == "empty_table").with_columns(
        concept=pl.col("value").replace_strict(OF_TABLE, return_dtype=pl.String)
    )
    return (
        blank.join(_worst(stated), on=[REPORT, "concept"], maintain_order="left")
        .filter(pl.col("base") != 0)
        .with_columns(
            section=pl.lit(None, pl.String),
            what=pl.format("表{}", "value"),
            verdict=pl.lit("violated"),
            diagnosis=pl.lit("empty_table"),
            message=pl.format(
                "the table “{}” holds no amounts, where {} is {}: right would be the amounts",
                "words", name_of("concept", "title"), figure("base"),
            ),
            facts=pl.concat_list("fact"),
            claims=pl.concat_list("claim"),
        )
    )  # fmt: skip


def _denied(claims: pl.DataFrame, stated: pl.DataFrame) -> pl.DataFrame:
    """What is said not to exist, against its amounts: one case per thing. Where no amount is stated there is none."""
    said = (
        claims.filter(pl.col("kind") == "none")
        .group_by(REPORT, concept="value", maintain_order=True)
        .agg(pl.col("words", "section").first(), claims="claim")
    )
    is_wrong = pl.col("base") != 0
    told = pl.format("“{}”, where {} is {}", "words", name_of("concept", "title"), figure("base"))
    return said.join(_worst(stated), on=[REPORT, "concept"], maintain_order="left").with_columns(
        what="concept",
        verdict=pl.when(is_wrong).then(pl.lit("violated")).otherwise(pl.lit("exact")),
        diagnosis=pl.when(is_wrong).then(pl.lit("contradiction")),
        message=told
        + pl.when(is_wrong).then(pl.lit(": right would be one of both, here and there")).otherwise(pl.lit("")),
        facts=pl.concat_list("fact"),
        section=pl.lit(None, pl.String),
    )


def _worst(stated: pl.DataFrame) -> pl.DataFrame:
    """Per report and concept its largest amount: `base`, with `unit_kind`, `title` and its fact."""
    return (
        stated.sort(pl.col("base").abs(), descending=True, maintain_order=True)
        .unique([REPORT, "concept"], keep="first", maintain_order=True)
        .select(REPORT, "concept", "base", "unit_kind", "title", "fact")
    )
