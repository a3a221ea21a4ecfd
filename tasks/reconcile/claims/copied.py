"""W08: a reason with its figures that stands at another item, too."""

from __future__ import annotations

import polars as pl

from tasks.reconcile.claims.rows import check_rows

SPENT = "gpb_function_expenditure"
ITEM_DIGITS = 7
"""A code of the functional classification that names an item: its group and class may share its reason."""

PARAGRAPH = ["report_id", "block"]


def copied(claims: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """One case per item whose reason names an amount and is, word by word, that of the item right above, of other spending.

    Takes the claims of the kind `explained` that stand in a paragraph about one item. Reasons without amounts are often
    the same; what is said twice of the same amount may be one thing.
    """
    alone = pl.col("fact").len().over(PARAGRAPH) == 1
    items = (
        facts.filter(pl.col("concept") == SPENT, pl.col("period") == "current")
        .filter(alone, pl.col("member_code").str.len_chars() == ITEM_DIGITS)
        .sort(*PARAGRAPH)
        .select(*PARAGRAPH, "fact", "member_code", "member_name", "amount_cny")
        .with_columns(
            pl.col(name).shift(1).over("report_id").alias(f"{name}_above")
            for name in ("block", "fact", "member_code", "member_name", "amount_cny")
        )
    )
    said = claims.filter(pl.col("kind") == "explained").unique([*PARAGRAPH, "value"], keep="first", maintain_order=True)
    above = said.select("report_id", "value", block_above="block", claim_above="claim")
    cases = (
        said.join(items, on=PARAGRAPH, maintain_order="left")
        .join(above, on=["report_id", "block_above", "value"], maintain_order="left")
        .filter(
            pl.col("member_code") != pl.col("member_code_above"), pl.col("amount_cny") != pl.col("amount_cny_above")
        )
        .with_columns(
            what="member_code",
            verdict=pl.lit("violated"),
            diagnosis=pl.lit("copied_words"),
            message=pl.format(
                "“{}” of {} is the reason of {} above with its figures: right would be a reason of its own",
                "words", "member_name", "member_name_above",
            ),
            facts=pl.concat_list("fact_above", "fact"),
            claims=pl.concat_list("claim_above", "claim"),
        )
    )  # fmt: skip
    return check_rows(cases, "W08")
