"""T03: amounts in the cells of a project's table that are another project's, or its own but for one digit.

The goals and indicators of a project are told in prose that states no concept. An amount there that exceeds the project's
budget may be anything, such as what was saved; only where its very digits tell whence it comes is it an error.
"""

from __future__ import annotations

import polars as pl

from schemas.sections import PROJECT_TABLE
from schemas.table import NUMBER
from schemas.taxonomy import load
from tasks.reconcile.wording import figure

INDICATOR = "indicator"
"""Why the extraction set a number of a table aside."""

OWN = ("project_budget", "project_executed", "project_initial_budget")
EXECUTED = "project_executed"

LENGTH = 2000
"""Characters from the executed amount of a table to its end, about: what stands further behind is another table."""

FEWEST_DIGITS = 3
"""Amounts of fewer digits are equal by chance."""

LONGEST = 12
"""Digits of an amount, at most, with its point."""


def cells(facts: pl.DataFrame, mentions: pl.DataFrame) -> pl.DataFrame:
    """One violated check for each such amount and project.

    Takes frames of curated.facts and curated.mentions; returns the columns of curated.checks but those that name publisher,
    year and finding. lhs is the amount, rhs what the project spent.
    """
    tables = _tables(facts)
    scales = load.yuan()
    amount = rf"^([\d,.]+)({'|'.join(sorted(scales, key=len, reverse=True))})"
    amounts = (
        mentions.filter(
            pl.col("section") == PROJECT_TABLE, pl.col("reason") == INDICATOR, pl.col("unit_kind") == "money"
        )
        .select(
            "report_id",
            "text",
            "start",
            "unit_kind",
            number=pl.col("text").str.extract(amount).str.replace_all(",", ""),
        )
        .with_columns(
            scale=pl.col("text").str.extract(amount, 2).replace_strict(scales, default=None, return_dtype=NUMBER)
        )
        .with_columns(amount=(pl.col("number").cast(NUMBER, strict=False) * pl.col("scale")).cast(NUMBER))
        .filter(_digits("number").str.len_chars() >= FEWEST_DIGITS)
    )
    above = amounts.sort("start").join_asof(
        tables.sort("table_start"),
        left_on="start",
        right_on="table_start",
        by="report_id",
        strategy="backward",
        check_sortedness=False,
    )
    suspects = above.filter(
        pl.col("amount") > pl.col("most"), pl.col("start") - pl.col("table_start") < LENGTH
    ).with_columns(slip=_one_digit_more())
    return _checks(pl.concat([_copied(suspects, tables), _slipped(suspects)], how="diagonal"))


def _tables(facts: pl.DataFrame) -> pl.DataFrame:
    """The project tables: where the executed amount stands, that amount, and the largest of the project's amounts."""
    own = facts.filter(pl.col("section") == PROJECT_TABLE, pl.col("concept").is_in(OWN))
    most = own.group_by("report_id", "member_name").agg(most=pl.col("amount_cny").max().cast(NUMBER))
    executed = own.filter(pl.col("concept") == EXECUTED).unique(
        ["report_id", "member_name"], keep="first", maintain_order=True
    )
    return executed.join(most, on=["report_id", "member_name"], maintain_order="left").select(
        "report_id",
        "fact",
        "most",
        project="member_name",
        table_start="start",
        executed=pl.col("amount_cny").cast(NUMBER),
        printed="value",
    )


def _copied(suspects: pl.DataFrame, tables: pl.DataFrame) -> pl.DataFrame:
    """Amounts that exactly one other project spent; a table that tells of several other projects is an overview."""
    others = tables.select("report_id", "executed", other="project", other_fact="fact")
    table = ["report_id", "project"]
    return (
        suspects.join(
            others, left_on=["report_id", "amount"], right_on=["report_id", "executed"], maintain_order="left"
        )
        .filter(pl.col("other").n_unique().over(table) == 1)
        .with_columns(
            diagnosis=pl.format("copied_figure: {} {}", pl.lit(EXECUTED), "other"),
            told=pl.format("which is what {} spent", "other"),
        )
    )


def _slipped(suspects: pl.DataFrame) -> pl.DataFrame:
    return suspects.filter("slip").with_columns(
        diagnosis=pl.lit("inserted_digit"), told=pl.lit("which has one digit more"), other_fact=pl.lit(None, pl.Int32)
    )


def _one_digit_more() -> pl.Expr:
    """Whether the number becomes the printed executed amount where one digit of it is struck out."""
    printed = pl.col("printed").str.replace_all(",", "")
    struck = (
        pl.col("number").str.slice(0, place) + pl.col("number").str.slice(place + 1) == printed
        for place in range(LONGEST)
    )
    return (_digits("printed").str.len_chars() >= FEWEST_DIGITS) & pl.any_horizontal(*struck)


def _digits(column: str) -> pl.Expr:
    """The digits of a number that are not zeros before or behind it."""
    return pl.col(column).str.replace_all(r"[.,]", "").str.strip_chars("0")


def _checks(found: pl.DataFrame) -> pl.DataFrame:
    rule = load.equations().row(by_predicate=pl.col("kind") == "cells", named=True)
    told = pl.format(
        "{} {} in the table of {}, {}; the project spent {}",
        pl.lit(rule["equation"]),
        "text",
        "project",
        "told",
        figure("executed"),
    )
    return found.unique(["report_id", "project", "text"], keep="first", maintain_order=True).select(
        "report_id",
        "diagnosis",
        "unit_kind",
        equation=pl.lit(rule["equation"]),
        instance=pl.concat_str("project", "text", separator="/"),
        severity=pl.lit(rule["severity"]),
        lhs="amount",
        rhs="executed",
        residual=(pl.col("amount") - pl.col("executed")).cast(NUMBER),
        bound=pl.lit(0, NUMBER),
        verdict=pl.lit("violated"),
        message=told,
        facts=pl.concat_list("fact", "other_fact").list.drop_nulls().list.sort(),
    )
