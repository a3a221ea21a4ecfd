"""The figures of violated equations, and which of them may be the wrong one.

A figure that takes part in another equation that holds, or that is stated a second time with the same value, is cleared.
The one that breaks several equations is likelier wrong than those that break one.
"""

from __future__ import annotations

import polars as pl

from tasks.reconcile.sums import CASE

BALANCED = ("sum", "equal")
UNEXPLAINED = ("scale_slip", "transposed_digits")
"""Diagnoses of percentages that speak of a figure, and not of how the percentage was computed."""


def suspects(
    cases: pl.DataFrame, judged: pl.DataFrame, derived: pl.DataFrame, figures: pl.DataFrame, chosen: pl.DataFrame
) -> pl.DataFrame:
    """The figures of each violated case but limits, with `sign` (1 on the left side, −1 on the right, reversed where taken off).

    Takes the violated cases, numbered by `case`; all judged ones; the checks of percentages; and the figures, with those that the
    components of the network chose.

    `suspect`: a figure, not zero, that nothing clears. `single`: the only suspect of its case, or the only one of them in
    several violated checks. `alone`: the only figure of its side. `rank`: the precedence of its section.
    """
    cleared = _cleared(judged, cases).with_columns(clear=True)
    broken = _broken(cases, derived)
    fact = ["report_id", "fact"]
    return (
        _terms(cases, figures, chosen)
        .join(cleared, on=fact, how="left", maintain_order="left")
        .join(broken, on=fact, how="left", maintain_order="left")
        .with_columns(suspect=pl.col("clear").is_null() & (pl.col("base") != 0))
        .with_columns(
            violations=pl.when("suspect").then("broken").otherwise(0),
            alone=pl.len().over("case", "sign") == 1,
        )
        .with_columns(most=pl.col("violations").max().over("case"))
        .with_columns(first=pl.col("suspect") & (pl.col("violations") == pl.col("most")))
        .with_columns(
            single=pl.col("first")
            & (pl.col("first").sum().over("case") == 1)
            & ((pl.col("most") > 1) | (pl.col("suspect").sum().over("case") == 1))
        )
    )


def _cleared(judged: pl.DataFrame, violated: pl.DataFrame) -> pl.DataFrame:
    """The facts of these reports that another equation confirms: report_id, fact.

    What is equal in one section is one number that states two figures (收、支总计), and confirms neither.
    """
    apart = (pl.col("kind") != "equal") | (pl.col("sections").list.n_unique() > 1)
    return (
        judged.join(violated.select("report_id").unique(), on="report_id", how="semi")
        .filter(pl.col("verdict").is_in(["exact", "rounding"]), pl.col("kind").is_in([*BALANCED, "repeat"]), apart)
        .select("report_id", fact="facts")
        .explode("fact")
        .drop_nulls()
        .unique()
    )


def _broken(cases: pl.DataFrame, derived: pl.DataFrame) -> pl.DataFrame:
    """How many violated checks, limits and percentages among them, a fact takes part in: report_id, fact, broken."""
    unexplained = pl.col("diagnosis").is_null() | pl.col("diagnosis").is_in(UNEXPLAINED)
    percentages = derived.filter(pl.col("verdict") == "violated", unexplained)
    return (
        pl.concat([checks.select("report_id", fact="facts") for checks in (cases, percentages)])
        .explode("fact")
        .group_by("report_id", "fact")
        .agg(broken=pl.len())
    )


def _terms(cases: pl.DataFrame, figures: pl.DataFrame, chosen: pl.DataFrame) -> pl.DataFrame:
    """The figures of each case, in the order of the cases."""
    own = ["case", *CASE, "lhs", "residual", "bound"]
    placed = figures.select("report_id", "fact", "rank")
    balanced = cases.filter(pl.col("kind").is_in(BALANCED)).select(own)
    of_sums = (
        balanced.join(chosen, on=CASE, maintain_order="left")
        .filter(pl.col("weight") != 0)
        .join(placed, on=["report_id", "fact"], maintain_order="left")
        .with_columns(sign=pl.when(pl.col("side") == "total").then("weight").otherwise(-pl.col("weight")))
    )
    others = (
        cases.join(of_sums, on="case", how="anti")
        .filter(pl.col("kind").is_in([*BALANCED, "repeat"]))
        .select(*own, "rhs", "kind", fact="facts")
        .explode("fact")
        .join(figures, on=["report_id", "fact"], maintain_order="left")
    )
    # Of statements of one figure the first is compared with the one that is furthest off; a whole with all its parts.
    is_left = pl.col("base") == pl.col("lhs")
    is_right = (pl.col("base") == pl.col("rhs")) | (pl.col("kind") != "repeat")
    stated = (
        others.with_columns(sign=pl.when(is_left).then(1).when(is_right).then(-1))
        .drop_nulls("sign")
        .unique(["case", "sign", pl.when(pl.col("kind") != "repeat").then("fact")], keep="first", maintain_order=True)
    )
    columns = [*own, "fact", "concept", "member", "unit_kind", "base", "half", "rank"]
    return pl.concat([rows.select(*columns, pl.col("sign").cast(pl.Int64)) for rows in (of_sums, stated)])
