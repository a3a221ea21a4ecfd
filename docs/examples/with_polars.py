"""Three questions with polars: python docs/examples/with_polars.py data/marts/current."""

import sys
from pathlib import Path

import polars as pl


def vehicles(marts: Path) -> pl.DataFrame:
    """Who spends most on official vehicles? The three largest of each fiscal year, in yuan.

    Departments only: their accounts contain those of their units.
    """
    spent = pl.scan_parquet(marts / "three_public.parquet").filter(
        pl.col("component") == "official_vehicle", pl.col("kind") == "部门", pl.col("amount") > 0
    )
    return (
        spent.sort("fiscal_year", "amount", "entity", descending=[False, True, False])
        .group_by("fiscal_year", maintain_order=True)
        .head(3)
        .select("fiscal_year", "region_name", "entity", "amount")
        .collect()
    )


def wrong_base(marts: Path) -> pl.DataFrame:
    """Whose published growth is computed on the wrong base? On the amount of this year instead of that of the year before.

    printed and right are in percent; right is what follows from the printed amounts. Held reports are told too: see status.
    """
    return (
        pl.scan_parquet(marts / "findings.parquet")
        .filter(
            pl.col("equation") == "G01",
            pl.col("verdict").is_in(["violated", "acknowledged"]),
            pl.col("diagnosis") == "wrong_base",
        )
        .with_columns(concept=pl.col("instance").str.split("/").list.first())
        .sort("fiscal_year", "entity", "kind", "concept", "instance")
        .select("fiscal_year", "entity", "kind", "status", "concept", printed="lhs", right="rhs", sentence="sentence")
        .collect()
    )


def functions(marts: Path) -> pl.DataFrame:
    """How did a department's spending by function move over the years? Classes (类) of the general public budget, in yuan.

    change is empty in the first year, and where the year before is not there or does not state the function.
    """
    classes = pl.scan_parquet(marts / "spending_by_function.parquet").filter(
        pl.col("budget") == "general", pl.col("level") == "类", pl.col("amount").is_not_null()
    )
    same = ["region_code", "entity_key", "kind", "code", "fiscal_year"]
    before = classes.select(*same, before="amount").with_columns(pl.col("fiscal_year") + 1)
    return (
        classes.join(before, on=same, how="left")
        .with_columns(change=pl.col("amount") - pl.col("before"))
        .sort("entity", "kind", "code", "fiscal_year")
        .select("entity", "kind", "code", "name", "fiscal_year", "amount", "change")
        .collect()
    )


if __name__ == "__main__":
    release = Path(sys.argv[1]).resolve()  # the release's own folder, which no later run touches
    for question in (vehicles, wrong_base, functions):
        print(question(release))
