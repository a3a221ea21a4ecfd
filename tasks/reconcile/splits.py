"""Derived figures of a whole and of its parts: shares that add up to 100, completion rates that fit together."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

import polars as pl

from schemas.taxonomy import load
from tasks.reconcile.proportion_pairs import WIDE
from tasks.reconcile.sums import CLASS, GROUP
from tasks.reconcile.verdicts import ORDER

SPLIT = ("equation", "instance", "reading")
HERE = ("report_id", *SPLIT, "section")
"""What identifies one split in one section of a report."""

HUNDRED = Decimal(100)


@cache
def parts(kind: str) -> pl.DataFrame:
    """The rows of network_splits.csv of one kind of equation, with severity and the label of the total."""
    known = load.equations().filter(pl.col("kind") == kind).select("equation", "severity")
    labels = load.concepts().select(total="concept", total_label="label_zh")
    return (
        load.splits().join(known, on="equation", maintain_order="left").join(labels, on="total", maintain_order="left")
    )


def shares(cases: pl.DataFrame) -> pl.DataFrame:
    """P05, one case per split of which a section prints shares: do they add up to 100?

    Takes pairs (`tasks.reconcile.proportion_pairs`). They need to only where the amounts that they are shares of add up to the whole;
    else a part has no share. Nor need they where one of them is no share of this whole, but one of another that is printed
    (占支出总计, closing balance included). Each share counts with half a unit of its last place, one of nothing with none.
    """
    all_shares = cases.filter(pl.col("kind") == "share")
    printed = _first(all_shares.filter(pl.col("reading") == "a"), "shares").join(
        _of_another_whole(all_shares), on=["report_id", "fact"], how="left", maintain_order="left"
    )
    some = pl.col("x") != 0
    sums = printed.group_by(HERE, maintain_order=True).agg(
        pl.col("severity", "total_label", "y", "hy").first(),
        lhs=pl.col("p").sum(),
        tight=pl.col("strict").filter(some).sum(),
        wide=pl.col("loose").filter(some).sum(),
        told=pl.col("x").sum(),
        told_half=pl.col("hx").sum(),
        known=(pl.col("x").is_not_null() & pl.col("y").is_not_null() & pl.col("of_another").is_null()).all(),
        number=some.sum(),
        facts="fact",
    )
    complete = pl.col("known") & (pl.col("y") != 0) & (_gap("told", "y") <= pl.col("told_half") + pl.col("hy"))
    rhs = pl.lit(HUNDRED).cast(WIDE)
    return (
        sums.with_columns(rhs=rhs, residual=pl.col("lhs") - rhs)
        .with_columns(
            bound=pl.when(pl.col("residual").abs() <= pl.col("tight")).then("tight").otherwise("wide"),
            complete=complete.fill_null(False),
        )
        .with_columns(
            verdict=pl.when(~pl.col("complete")).then(pl.lit("not_evaluated")).otherwise(_plain_verdict()).cast(ORDER),
            unit_kind=pl.lit("percent"),
        )
    )


def completions(cases: pl.DataFrame) -> pl.DataFrame:
    """C02 and C03, one case per split of which a section prints the completion rate of the total and of parts.

    What was spent over its completion rate is the budget. lhs is the rate of the total, rhs what follows from the budgets
    of the parts. They must be rates of the same budget. A part of which nothing was spent may hold budget, so
    that the rate of the total may then be lower.
    """
    rates = _bases(cases.filter(pl.col("kind") == "completion")).filter(pl.col("reading") == "a")
    # A printed 100% is one to the last place of its section, not to its own: most are, and they weigh most.
    rates = rates.with_columns(v=pl.when(pl.col("p") == HUNDRED).then("strict").otherwise("loose"))
    totals = parts("completions").select(*SPLIT, "severity", "total", "total_label").unique(maintain_order=True)
    whole = (
        rates.drop("equation", "reading", "severity")
        .join(totals, left_on="part", right_on="total")
        .unique(HERE, keep="first", maintain_order=True)
    )
    least, most = (
        HUNDRED * (pl.col("x") + sign * pl.col("hx")) / _positive(pl.col("p") - sign * pl.col("v")) for sign in (-1, 1)
    )
    listed = parts("completions").group_by(SPLIT).agg(listed=pl.len(), open=(pl.col("member") != "none").any())
    sums = (
        _leaves(_first(rates, "completions"))
        .with_columns(
            least=least, most=most, budget=HUNDRED * pl.col("x") / _positive(pl.col("p")), some=pl.col("x") != 0
        )
        .group_by(HERE, maintain_order=True)
        .agg(
            spent=pl.col("x").sum(),
            spent_half=pl.col("hx").sum(),
            least=pl.col("least").filter("some").sum(),
            most=pl.col("most").filter("some").sum(),
            budget=pl.col("budget").filter("some").sum(),
            unbounded=pl.col("most").filter("some").is_null().any(),
            unknown=pl.col("x").is_null().any() | pl.col("budget").filter("some").is_null().any(),
            spenders=pl.col("some").sum(),
            of_nothing=(~pl.col("some")).any(),
            bases=pl.col("basis").unique(),
            part_facts="fact",
        )
        .join(listed, on=SPLIT)
    )
    table = whole.join(sums, on=HERE, maintain_order="left").with_columns(
        rhs=HUNDRED * pl.col("spent") / _positive(pl.col("budget")),
        facts=pl.concat_list("fact", "part_facts"),
        hidden=pl.col("unbounded")
        | pl.when("open").then("of_nothing").otherwise(pl.col("spenders") < pl.col("listed")),
    )
    complete = (
        ~pl.col("unknown")
        & (_gap("spent", "x") <= pl.col("spent_half") + pl.col("hx"))
        & (pl.col("bases").list.len() == 1)
        & (pl.col("bases").list.first() == pl.col("basis"))
        & (pl.col("x") != 0)
    ).fill_null(False)
    residual = pl.col("p") - pl.col("rhs")
    high = HUNDRED * (pl.col("x") + pl.col("hx")) / _positive(pl.col("least")) - pl.col("rhs")
    low = pl.col("rhs") - HUNDRED * (pl.col("x") - pl.col("hx")) / _positive(pl.col("most"))
    return table.with_columns(
        lhs=pl.col("p"),
        residual=residual,
        complete=complete,
        # Parts that do not make up the total tell nothing of how far rounding goes.
        bound=pl.when(complete).then(pl.when(residual >= 0).then(high).otherwise(low) + pl.col("v")),
        unit_kind=pl.lit("percent"),
    ).with_columns(
        verdict=pl.when(~pl.col("complete") | pl.col("rhs").is_null())
        .then(pl.lit("not_evaluated"))
        .when(pl.col("residual").abs() < pl.col("strict"))
        .then(pl.lit("exact"))
        .when(pl.col("residual").abs() <= pl.col("bound"))
        .then(pl.lit("rounding"))
        .when((pl.col("residual") < 0) & pl.col("hidden"))
        .then(pl.lit("not_evaluated"))
        .otherwise(pl.lit("violated"))
        .cast(ORDER)
    )


def plugged(cases: pl.DataFrame, sums: pl.DataFrame) -> pl.DataFrame:
    """Adds plugs to pairs: whether their percentage is one of shares that add up to exactly 100."""
    whole = sums.filter(pl.col("verdict") == "exact").select("report_id", fact="facts").explode("fact").unique()
    return cases.join(
        whole.with_columns(plugs=True), on=["report_id", "fact"], how="left", maintain_order="left"
    ).with_columns(pl.col("plugs").fill_null(False))


def _of_another_whole(judged: pl.DataFrame) -> pl.DataFrame:
    """The shares that misfit the whole of their split and fit the one of another reading: report_id, fact, of_another."""
    fits = judged.filter(pl.col("reading") != "a", pl.col("verdict").cast(pl.String).is_in(["exact", "rounding"]))
    misfits = judged.filter(pl.col("reading") == "a", pl.col("verdict") == "violated")
    return (
        misfits.join(fits, on=["report_id", "fact"], how="semi")
        .select("report_id", "fact", of_another=pl.lit(True))
        .unique()
    )


def _bases(rates: pl.DataFrame) -> pl.DataFrame:
    """Judged completion rates; one that does not tell its budget, but fits a printed initial one, is of that budget."""
    fits = rates.filter(pl.col("of") == load.INITIAL, pl.col("verdict").cast(pl.String).is_in(["exact", "rounding"]))
    initial = fits.select("report_id", "fact", initial=pl.lit(load.INITIAL)).unique()
    return rates.join(initial, on=["report_id", "fact"], how="left", maintain_order="left").with_columns(
        basis=pl.coalesce("initial", "basis")
    )


def _first(cases: pl.DataFrame, kind: str) -> pl.DataFrame:
    """The pairs that are parts of a split, of each member the first one of a section."""
    own = parts(kind).select(*SPLIT, "severity", "part", "member", "total_label").rename({"member": "counts"})
    is_class = (pl.col("code").str.len_chars() == CLASS) | (pl.col("code").is_null() & pl.col("parent").is_null())
    return (
        cases.drop("equation", "reading", "severity")
        .join(own, on="part", maintain_order="left")
        .filter((pl.col("counts") != "class") | is_class)
        .sort("report_id", "fact", maintain_order=True)
        .unique([*HERE, "part", "member"], keep="first", maintain_order=True)
    )


def _leaves(terms: pl.DataFrame) -> pl.DataFrame:
    """Drops every member that another one of the same split subdivides."""
    below = terms.filter(pl.col("code").is_not_null())
    above = pl.concat(below.select(*HERE, "code", above=pl.col("code").str.head(digits)) for digits in (CLASS, GROUP))
    divided = above.filter(pl.col("above") != pl.col("code"))
    return terms.join(divided, left_on=[*HERE, "code"], right_on=[*HERE, "above"], how="anti", nulls_equal=False)


def _plain_verdict() -> pl.Expr:
    gap = pl.col("residual").abs()
    return (
        pl.when(gap == 0)
        .then(pl.lit("exact"))
        .when(gap <= pl.col("bound"))
        .then(pl.lit("rounding"))
        .otherwise(pl.lit("violated"))
    )


def _gap(one: str, other: str) -> pl.Expr:
    return (pl.col(one) - pl.col(other)).abs()


def _positive(divisor: pl.Expr) -> pl.Expr:
    return pl.when(divisor > 0).then(divisor)
