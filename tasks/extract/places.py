"""Where figures stand, in the terms of the format that they were published in."""

from __future__ import annotations

import polars as pl


def with_places(facts: pl.DataFrame, blocks: pl.DataFrame) -> pl.DataFrame:
    """The facts (curated.facts) with their column `place`, from the blocks (raw.blocks) that they stand in.

    A paragraph is counted from the document's beginning; a cell of a spreadsheet is named as there (收入决算表!C5), of any
    other table by table, row and column, all from 1. Pages tell the rectangle in points from the top left corner, archives the file.
    """
    if facts.is_empty():
        return facts
    inside = blocks.filter(pl.col("table").is_not_null(), pl.col("sheet").is_not_null())
    letters = {number: _letters(number) for number in inside["column"].unique()}
    cell = pl.format("table {}, row {}, column {}", *(pl.col(name) + 1 for name in ("table", "row", "column")))
    on_sheet = pl.format(
        "{}!{}{}",
        "sheet",
        pl.col("column").replace_strict(letters, default="", return_dtype=pl.String),
        pl.col("row") + 1,
    )
    box = pl.col("box").cast(pl.List(pl.String)).list.join(" ")
    told = blocks.select(
        pl.col("document").str.slice(0, 16).alias("report_id"),
        "block",
        pl.concat_str(
            "file",
            pl.format("page {}", "page"),
            pl.format("box {}", box),
            pl.when(pl.col("sheet").is_not_null() & pl.col("table").is_not_null())
            .then(on_sheet)
            .when(pl.col("table").is_not_null())
            .then(cell)
            .otherwise(pl.format("paragraph {}", pl.col("block") + 1)),
            separator=", ",
            ignore_nulls=True,
        ).alias("place"),
    )
    columns = facts.columns
    return facts.drop("place").join(told, on=["report_id", "block"], how="left", maintain_order="left").select(columns)


def _letters(number: int) -> str:
    """The name of a spreadsheet's column, counted from 0: A, B, … Z, AA."""
    name = ""
    number += 1
    while number:
        number, digit = divmod(number - 1, 26)
        name = chr(65 + digit) + name
    return name
