"""Words that compare figures, against the figures: C04, G05 and G02."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from schemas.table import NUMBER
from tasks.reconcile.claims.rows import check_rows, derived, name_of, roles
from tasks.reconcile.wording import figure

ZERO = pl.lit(Decimal(0), NUMBER)
HUNDRED = pl.lit(Decimal(100), NUMBER)
WORDS = {"greater": "大于", "less": "小于", "equal": "等于"}
RANK = {"exact": 0, "rounding": 1, "violated": 2}

RATE_BEHIND = 8
"""Characters between an amount of change and the rate of the same change, at most."""

CLAIM = ["report_id", "claim"]
BASIS_CHARACTERS = 2
"""年初预算 and 年初, 调整后 and 调整: the first characters tell which budget is meant."""


def _linked(claims: pl.DataFrame, kind: str, figures: pl.DataFrame) -> pl.DataFrame:
    """The figures of the year that the claims of a kind are about, with `said`, `meant`, `words` and `place`."""
    return (
        claims.filter(pl.col("kind") == kind)
        .select(*CLAIM, "words", "facts", said="value", meant=pl.col("basis").fill_null(""), place="section")
        .explode("facts")
        .join(
            figures.filter(pl.col("period") == "current"),
            left_on=["report_id", "facts"],
            right_on=["report_id", "fact"],
        )
        .rename({"facts": "fact"})
        .sort(*CLAIM, "fact")
    )


def budget_words(claims: pl.DataFrame, figures: pl.DataFrame) -> pl.DataFrame:
    """C04: 决算数小于预算数 and the like, against the budgets and completion rates that are printed for the same thing.

    Each budget is a measure, and so is each completion rate, against 100 %. The budget must be the one that the words
    mean, if they say which. The words are wrong where every measure denies them; what rounds to the same may still be
    less or greater. A rate of 0 may be one of a budget of 0: it tells nothing of equal or greater. Claims without a measure
    give no row.
    """
    linked = _linked(claims, "budget", figures).join(roles(), on="concept", maintain_order="left")
    actual = (
        linked.filter(pl.col("role") == "actual")
        .unique(CLAIM, keep="last", maintain_order=True)
        .select(*CLAIM, actual="base", actual_half="half", actual_fact="fact", subject=name_of("concept", "title"))
    )
    is_rate = pl.col("role") == "rate"
    basis = pl.when(is_rate | (pl.col("basis") != "")).then("basis").otherwise("of_budget").str.head(BASIS_CHARACTERS)
    meant = pl.col("meant").str.head(BASIS_CHARACTERS)
    measures = (
        linked.filter(pl.col("role") != "actual", (meant == "") | (basis == meant))
        .join(actual, on=CLAIM, maintain_order="left")
        .filter(~is_rate | (pl.col("base") != 0) | (pl.col("said") == "less"))
        .with_columns(
            unit_kind=pl.when(is_rate).then(pl.lit("percent")).otherwise(pl.lit("money")),
            lhs=pl.when(is_rate).then("base").otherwise("actual"),
            rhs=pl.when(is_rate).then(HUNDRED).otherwise("base"),
            bound=pl.when(is_rate).then("half").otherwise(pl.col("actual_half") + pl.col("half")),
        )
        .with_columns(residual=pl.col("lhs") - pl.col("rhs"))
    )
    gap, bound, said = pl.col("residual"), pl.col("bound"), pl.col("said")
    right = (
        pl.when(gap > bound).then(pl.lit("greater")).when(gap < -bound).then(pl.lit("less")).otherwise(pl.lit("equal"))
    )
    hidden = (pl.col("right") == "equal") & (bound > 0)
    verdict = (
        pl.when((said == pl.col("right")) & ((said != "equal") | (gap == 0)))
        .then(pl.lit("exact"))
        .when((said == pl.col("right")) | hidden)
        .then(pl.lit("rounding"))
        .otherwise(pl.lit("violated"))
    )
    judged = measures.with_columns(right=right).with_columns(verdict=verdict)
    best = judged.sort(*CLAIM, pl.col("verdict").replace_strict(RANK), maintain_order=True).unique(
        CLAIM, keep="first", maintain_order=True
    )
    rate = pl.format("the completion rate is {}", figure("lhs"))
    amounts = pl.format("支出决算 is {}, 预算 {}", figure("lhs"), figure("rhs"))
    should = pl.format("; right would be 决算数{}预算数", pl.col("right").replace_strict(WORDS))
    wrong = pl.when(pl.col("verdict") == "violated").then(should).otherwise(pl.lit(""))
    return check_rows(
        best.with_columns(
            section="place",
            what="subject",
            message=pl.format("“{}” of {}: ", "words", "subject")
            + pl.when(is_rate).then(rate).otherwise(amounts)
            + wrong,
            facts=pl.concat_list("actual_fact", "fact").list.sort(),
            claims=pl.concat_list("claim"),
        ),
        "C04",
    )


def no_change(claims: pl.DataFrame, figures: pl.DataFrame) -> pl.DataFrame:
    """G05: 与上年持平 against the change, and the amount of the year before, that the same section prints.

    Claims about something of which neither is printed give no row.
    """
    amounts = (
        _linked(claims, "no_change", figures)
        .filter(pl.col("unit_kind") == "money")
        .join(derived().select("concept", "change"), on="concept", maintain_order="left")
        .unique(CLAIM, keep="last", maintain_order=True)
    )
    key = ["report_id", "member", "section", "concept"]
    other = figures.select(*key, "period", other="base", other_half="own_half", other_fact="fact")
    changes = other.filter(pl.col("period") == "change").rename({"concept": "change"})
    priors = other.filter(pl.col("period") == "prior")
    by_change = amounts.join(changes, on=["report_id", "member", "section", "change"], suffix="_other").with_columns(
        lhs="other", rhs=ZERO, bound="other_half", thing=pl.lit("its printed change")
    )
    by_prior = amounts.join(priors, on=key, suffix="_other").with_columns(
        lhs="base", rhs="other", bound=pl.col("half") + pl.col("other_half"), thing=pl.lit("the amount")
    )
    columns = [*CLAIM, "words", "place", "concept", "title", "unit_kind", "fact", "other_fact"]
    columns += ["lhs", "rhs", "bound", "thing"]
    both = pl.concat([by_change.select(columns), by_prior.select(columns)], how="vertical_relaxed")
    gap = pl.col("residual").abs()
    judged = both.with_columns(residual=pl.col("lhs") - pl.col("rhs")).with_columns(
        verdict=pl.when(gap == 0)
        .then(pl.lit("exact"))
        .when(gap <= pl.col("bound"))
        .then(pl.lit("rounding"))
        .otherwise(pl.lit("violated"))
    )
    worst = judged.sort(*CLAIM, gap - pl.col("bound"), descending=[False, False, True], maintain_order=True).unique(
        CLAIM, keep="first", maintain_order=True
    )
    told = pl.format("“{}” of {}: {} is {}", "words", name_of("concept", "title"), "thing", figure("lhs"))
    wrong = pl.format(", not {}; right would be 增加 or 减少 by the difference, or no such figure", figure("rhs"))
    return check_rows(
        worst.with_columns(
            section="place",
            what=name_of("concept", "title"),
            message=told + pl.when(pl.col("verdict") == "violated").then(wrong).otherwise(pl.lit("")),
            facts=pl.concat_list("fact", "other_fact").list.unique().list.sort(),
            claims=pl.concat_list("claim"),
        ),
        "G05",
    )


def directions(facts: pl.DataFrame, figures: pl.DataFrame) -> pl.DataFrame:
    """G02: the word of a change (增加, 减少) goes with that of its rate, and with the amounts of both years.

    A rate belongs to the amount of change right before it. Zeros have no direction; a negative number behind a word
    that goes down (减少-5万元) may mean either, and is not judged. A change with neither gives no row.
    """
    twice = pl.col("value").str.starts_with("-") & (pl.col("number") > 0)
    places = facts.filter(pl.col("period") == "change", ~twice).select("report_id", "fact", "start", "end", "quote")
    changed = figures.filter(pl.col("period") == "change", pl.col("base") != 0).join(places, on=["report_id", "fact"])
    names = derived()
    by_amount = names.select("change", of="concept").unique("change", keep="first", maintain_order=True)
    by_growth = names.select("growth", of="concept").unique("growth", keep="first", maintain_order=True)
    amounts = changed.join(by_amount, left_on="concept", right_on="change")
    rates = changed.join(by_growth, left_on="concept", right_on="growth")
    key = ["report_id", "member", "section", "of"]
    gap = pl.col("rate_start") - pl.col("end")
    by_rate = (
        amounts.join(rates.select(*key, rate="base", other_fact="fact", rate_start="start", rate_quote="quote"), on=key)
        .filter(gap.is_between(0, RATE_BEHIND))
        .with_columns(
            opposed=pl.col("rate").sign() != pl.col("base").sign(),
            told=pl.format("“{}” beside “{}”", "quote", "rate_quote"),
        )
    )
    of_year = figures.select(*key[:3], "period", of="concept", amount="base", half="half", other_fact="fact")
    now, before = (
        of_year.filter(pl.col("period") == period).unique(key, keep="first", maintain_order=True)
        for period in ("current", "prior")
    )
    growth = (pl.col("amount") - pl.col("amount_before")).cast(NUMBER)
    explained = pl.col("half_now") + pl.col("half_before")
    by_years = (
        amounts.join(now.rename({"half": "half_now"}), on=key, suffix="_now")
        .join(before.rename({"half": "half_before"}), on=key, suffix="_before")
        .with_columns(lhs=growth)
        .with_columns(
            opposed=(pl.col("lhs").abs() > explained) & (pl.col("lhs").sign() != pl.col("base").sign()),
            told=pl.format("“{}”, where the amounts of both years differ by {}", "quote", figure("lhs")),
        )
    )
    columns = ["report_id", "section", "of", "title", "fact", "other_fact", "opposed", "told"]
    worst = (
        pl.concat([by_rate.select(columns), by_years.select(columns)])
        .sort("report_id", "fact", "opposed", descending=[False, False, True], maintain_order=True)
        .unique(["report_id", "fact"], keep="first", maintain_order=True)
    )
    wrong = pl.lit("; right would be words of one direction: 增加 with 增长, 减少 with 下降")
    return check_rows(
        worst.with_columns(
            what=name_of("of", "title"),
            verdict=pl.when("opposed").then(pl.lit("violated")).otherwise(pl.lit("exact")),
            message=pl.format("{}: {}", name_of("of", "title"), "told")
            + pl.when("opposed").then(wrong).otherwise(pl.lit("")),
            facts=pl.concat_list("fact", "other_fact").list.sort(),
            claims=pl.lit([], pl.List(pl.Int32)),
        ),
        "G02",
    )
