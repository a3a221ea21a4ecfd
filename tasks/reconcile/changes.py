"""Changes against the prior year that fit together: of a total and its parts, and the prior years that they imply."""

from __future__ import annotations

import polars as pl

from tasks.reconcile.proportion_pairs import rules
from tasks.reconcile.splits import SPLIT, parts
from tasks.reconcile.verdicts import ORDER

CASE = ("report_id", *SPLIT)


def changes(figures: pl.DataFrame) -> pl.DataFrame:
    """G03, one case per split of which the change of the total is printed, with those of its parts in the same section.

    A part of which no change is printed may have changed, also where nothing was spent this year: then the sum can agree, but
    not disagree. One of which the form tells no change has none where its amount is a printed 0.
    """
    table = _terms(figures, "changes", of="change")
    unprinted = pl.col("value").is_null() & ~(pl.col("change").is_null() & (pl.col("current") == 0)).fill_null(False)
    sums = (
        table.with_columns(unprinted=unprinted)
        .group_by(CASE, maintain_order=True)
        .agg(
            pl.col("severity", "total_label", "lhs", "lhs_half", "lhs_fact").first(),
            rhs=pl.col("value").sum(),
            half=pl.col("half").sum(),
            absent=pl.col("part").filter("unprinted"),
            number=pl.col("value").count(),
            part_facts=pl.col("number").drop_nulls(),
        )
    )
    return _judged(sums, pl.col("absent").list.len() > 0)


def implied_priors(figures: pl.DataFrame) -> pl.DataFrame:
    """G07: the prior totals of revenue and expenditure, as their changes imply them, differ by the opening balance.

    Only where they are compared separately: one change for both says that the totals of the prior year were equal. A larger
    difference may have been distributed; a smaller one cannot have been carried over.
    """
    table = _terms(figures, "implied_priors", of="prior")
    together = (pl.col("own_change") == pl.col("lhs_change")).any()
    sums = table.group_by(CASE, maintain_order=True).agg(
        pl.col("severity", "total_label", "lhs", "lhs_half", "lhs_fact").first(),
        rhs=pl.col("value").sum(),
        half=pl.col("half").sum(),
        absent=pl.col("part").filter(pl.col("value").is_null()),
        number=pl.col("value").count(),
        part_facts=pl.col("number").drop_nulls(),
        together=together,
    )
    judged = _judged(sums.filter(~pl.col("together").fill_null(False)), pl.col("absent").list.len() > 0)
    larger = (pl.col("residual") > pl.col("bound")) & (pl.col("verdict") == "violated")
    return judged.with_columns(verdict=pl.when(larger).then(pl.lit("not_evaluated", ORDER)).otherwise("verdict"))


def _terms(figures: pl.DataFrame, kind: str, of: str) -> pl.DataFrame:
    """Each part of each split of which the total's change is printed, with the figures of both.

    lhs, value: the change (of = change), or the prior year's figure that it implies; of a part that no change is told of, its
    own figure where priors are asked for. lhs_half, half, lhs_fact, number: their half units and facts. current: the
    part's amount. own_change, lhs_change: the changes.
    """
    growth = rules().filter(pl.col("kind") == "growth").select(subject="whole", change="part")
    money = figures.filter(pl.col("unit_kind") == "money", pl.col("member") == "")
    split = parts(kind)
    now = money.filter(pl.col("period") == "current", pl.col("concept").is_in({*split["part"], *split["total"]}))
    changed = money.filter(pl.col("period") == "change").join(growth, left_on="concept", right_on="change")
    first = ["report_id", "subject", "top"]
    both = (
        changed.select("report_id", "top", "subject", c="base", hc="half", number="fact")
        .unique(first, keep="first", maintain_order=True)
        .join(
            now.select("report_id", "top", subject="concept", x="base", hx="half").unique(
                first, keep="first", maintain_order=True
            ),
            on=first,
            how="left",
            maintain_order="left",
        )
    )
    both = both.select(
        *first,
        "number",
        "c",
        value=pl.col("c") if of == "change" else pl.col("x") - pl.col("c"),
        half=pl.col("hc") if of == "change" else pl.col("hx") + pl.col("hc"),
    )
    totals = (
        both.filter(pl.col("value").is_not_null())
        .rename({"value": "lhs", "half": "lhs_half", "number": "lhs_fact", "subject": "total", "c": "lhs_change"})
        .unique(["report_id", "total"], keep="first", maintain_order=True)
    )
    plain = now.unique(["report_id", "concept"], keep="first", maintain_order=True).select(
        "report_id", part="concept", current="base", current_half="half", current_fact="fact"
    )
    untold = pl.col("change").is_null() if of == "prior" else pl.lit(False)
    return (
        totals.join(split, on="total", maintain_order="left_right")
        .join(growth.rename({"subject": "part"}), on="part", how="left", maintain_order="left")
        .join(
            both.rename({"subject": "part", "c": "own_change"}),
            on=["report_id", "part", "top"],
            how="left",
            maintain_order="left",
        )
        .join(plain, on=["report_id", "part"], how="left", maintain_order="left")
        .with_columns(
            value=pl.when(untold).then("current").otherwise("value"),
            half=pl.when(untold).then("current_half").otherwise("half"),
            number=pl.when(untold).then("current_fact").otherwise("number"),
        )
    )


def _judged(sums: pl.DataFrame, excused: pl.Expr) -> pl.DataFrame:
    """Adds residual, bound, verdict, facts and unit_kind to the sums that have parts; a misfit is violated unless excused."""
    gap = pl.col("residual").abs()
    verdict = (
        pl.when(gap == 0)
        .then(pl.lit("exact"))
        .when(gap <= pl.col("bound"))
        .then(pl.lit("rounding"))
        .when(excused)
        .then(pl.lit("not_evaluated"))
        .otherwise(pl.lit("violated"))
    )
    return (
        sums.filter(pl.col("number") > 0)
        .with_columns(
            residual=pl.col("lhs") - pl.col("rhs"),
            bound=pl.col("lhs_half") + pl.col("half"),
            facts=pl.concat_list("lhs_fact", "part_facts"),
            unit_kind=pl.lit("money"),
        )
        .with_columns(verdict=verdict.cast(ORDER))
    )
