"""Verdicts: how well the two sides of an equation agree, and when nothing can be said."""

from __future__ import annotations

import polars as pl

from schemas.taxonomy import load

ITEMS = "items"
"""What the equations of a whole and its functional items (项) call their parts; those with `per` go class by class."""

SOME = 2
"""So many classes that fall short, one of them without any item, show a list that does not mean to be complete."""

ORDER = pl.Enum(["exact", "rounding", "violated", "not_evaluated"])
"""The verdicts, the best first."""


def judge(cases: pl.DataFrame) -> pl.DataFrame:
    """Adds verdict and diagnosis to the cases (`tasks.reconcile.sums.sides`).

    Rules, the first that applies:

    1. The sides cannot be computed: not_evaluated, `absent: CONCEPT, …`.
    2. The parts exceed the total by more than the bound: violated.
    3. Balancing figures are not printed, and none of them is or the total exceeds the parts by more than the bound:
       not_evaluated, `absent: …`; the residual is what they amount to.
    4. The total exceeds the parts by more than the bound: violated, except for `at_most`.
    5. The residual is 0, or for `at_most` positive: exact. Else rounding.
    """
    residual, bound = pl.col("residual"), pl.col("bound")
    at_most = pl.col("kind") == "at_most"
    unprinted = (pl.col("implied_absent") > 0) & ((pl.col("implied_absent") == pl.col("implied")) | (residual > bound))
    verdict = (
        pl.when(residual.is_null())
        .then(pl.lit("not_evaluated"))
        .when(residual < -bound)
        .then(pl.lit("violated"))
        .when(unprinted)
        .then(pl.lit("not_evaluated"))
        .when((residual > bound) & ~at_most)
        .then(pl.lit("violated"))
        .when((residual == 0) | (at_most & (residual > 0)))
        .then(pl.lit("exact"))
        .otherwise(pl.lit("rounding"))
    )
    absent = pl.lit("absent: ") + pl.col("absent").list.join(", ")
    return cases.with_columns(verdict=verdict.cast(ORDER)).with_columns(
        diagnosis=pl.when(pl.col("verdict") == "not_evaluated").then(absent)
    )


def best_reading(cases: pl.DataFrame) -> pl.DataFrame:
    """Of all readings of one application the one that fits best: by verdict, then by the smallest residual."""
    return cases.sort("verdict", pl.col("residual").abs(), "reading", maintain_order=True).unique(
        ["report_id", "equation", "instance", "group"], keep="first", maintain_order=True
    )


def excuse(cases: pl.DataFrame, mentions: pl.DataFrame, unclassified: pl.DataFrame) -> pl.DataFrame:
    """Withdraws a violation that a failure to read may explain: the verdict becomes not_evaluated.

    - `unread_figures`: a section that takes part, one within it or the one around it holds a number of the equation's
      unit kind, other than 0, that resolved to no concept (table curated.mentions).
    - `unclassified_items`: the equation goes by functional class, and the class of an item is unknown.
    """
    key = ["report_id", "equation", "instance", "group"]
    main = pl.col("section").str.split("（").list.first()
    violated = cases.filter(pl.col("verdict") == "violated")
    if not violated.height:
        return cases
    unread = mentions.filter(pl.col("outcome") == "unmapped", pl.col("text").str.contains(r"[1-9１-９]")).select(
        "report_id", "unit_kind", "section"
    )
    places = violated.select(*key, "unit_kind", section="sections").explode("section")
    match = ["report_id", "unit_kind", "section"]
    near = [(places, unread), (places.with_columns(main), unread), (places, unread.with_columns(main))]
    excuses = pl.concat(
        [
            pl.concat(place.join(number, on=match, how="semi") for place, number in near).select(
                key, excuse=pl.lit("unread_figures")
            ),
            violated.join(unclassified, on=["report_id", "equation"], how="semi").select(
                key, excuse=pl.lit("unclassified_items")
            ),
        ]
    ).unique(key, keep="first", maintain_order=True)
    excused = pl.col("excuse").is_not_null()
    return (
        cases.join(excuses, on=key, how="left", maintain_order="left")
        .with_columns(
            verdict=pl.when(excused).then(pl.lit("not_evaluated", ORDER)).otherwise("verdict"),
            diagnosis=pl.coalesce("excuse", "diagnosis"),
        )
        .drop("excuse")
    )


def some_items(cases: pl.DataFrame) -> pl.DataFrame:
    """Withdraws what a list of some functional items only falls short by: the verdict becomes not_evaluated, `some_items`.

    A report lists some of its items where several classes have too few of them, and one of these has none. One class
    that falls short stays a finding, and so do items that exceed their class.
    """
    of_items = load.equations().filter(pl.col("noun") == ITEMS, pl.col("kind") == "sum")
    by_class = of_items.filter(pl.col("per") == "class")["equation"]
    short = (pl.col("verdict") == "violated") & (pl.col("residual") > 0)
    none = (pl.col("group") != "") & (pl.col("parts") == 0)
    key = ["report_id", "instance"]
    lists = (
        cases.filter(pl.col("equation").is_in(by_class.implode()), short | none)
        .group_by(key)
        .agg(few=pl.len(), without=none.any())
        .filter("without", pl.col("few") >= SOME)
    )
    partial = cases.join(lists, on=key, how="semi").filter(
        pl.col("equation").is_in(of_items["equation"].implode()), short
    )
    same = ["report_id", "equation", "instance", "group"]
    return (
        cases.join(partial.select(*same, partial=pl.lit(True)), on=same, how="left", maintain_order="left")
        .with_columns(
            verdict=pl.when("partial").then(pl.lit("not_evaluated", ORDER)).otherwise("verdict"),
            diagnosis=pl.when("partial").then(pl.lit("some_items")).otherwise("diagnosis"),
        )
        .drop("partial")
    )
