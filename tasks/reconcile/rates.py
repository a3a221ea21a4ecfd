"""Derived figures: percentages that follow from amounts, and what they and the changes of a whole and its parts agree on."""

from __future__ import annotations

import polars as pl

from schemas.table import NUMBER
from schemas.taxonomy import load
from tasks.reconcile.changes import changes, implied_priors
from tasks.reconcile.columns import OWN
from tasks.reconcile.diagnose import with_hints
from tasks.reconcile.proportion_causes import causes
from tasks.reconcile.proportion_pairs import pairs
from tasks.reconcile.proportions import agree, bounded, judge
from tasks.reconcile.rate_wording import describe_proportions, describe_splits
from tasks.reconcile.splits import completions, plugged, shares

GROWS = ("growth", "prior")
STATEMENT = ["report_id", "fact"]


def rates(reports: pl.DataFrame, figures: pl.DataFrame) -> pl.DataFrame:
    """The checks of all derived figures of a batch, in the columns of curated.checks but those that name publisher, year and finding.

    Takes the reports (column report_id) and their comparable figures (`tasks.reconcile.figures`). Each statement of a percentage
    is an instance: its concept, member and section, with a number where they are the same. Percentages of one concept
    that cannot be evaluated give one row for all of them; an equation without any instance gives one row per report.
    """
    judged = judge(pairs(figures))
    sums = shares(judged)
    diagnosed = _diagnosed(bounded(_best(judged)), sums, figures)
    percentages = describe_proportions(_instances(diagnosed))
    splits = pl.concat(
        [_splits(found) for found in (sums, completions(judged), changes(figures), implied_priors(figures))]
    ).pipe(_slipped, diagnosed)
    checks = pl.concat([_columns(_absent_once(percentages)), _columns(_absent_once(describe_splits(splits)))])
    return pl.concat([checks, _columns(_without_instances(reports, checks))])


def _best(judged: pl.DataFrame) -> pl.DataFrame:
    """Of all readings of a statement the one that fits best, with its equation, and why it is not evaluated."""
    evaluated = pl.col("verdict") != "not_evaluated"
    grows = pl.col("kind").is_in(GROWS)
    of_initial = (pl.col("kind") == "completion") & (pl.col("of") == load.INITIAL)
    equation = (
        pl.when(pl.col("zero") & grows)
        .then(pl.lit("G06"))
        .when(pl.col("zero") & of_initial)
        .then(pl.lit("C05"))
        .otherwise("equation")
    )
    absent = [
        pl.when(pl.col(value).is_null()).then(pl.format("absent: {}", role))
        for role, value in (("part", "x"), ("whole", "y"))
    ]
    unsaid = pl.when(pl.col("zero")).then(pl.lit("whole_is_zero")).otherwise(pl.lit("other_whole"))
    return (
        judged.with_columns(equation=equation, by_prior=pl.col("kind") == "prior")
        .sort(
            "verdict",
            pl.when(evaluated).then(pl.col("residual").abs()),
            "reading",
            nulls_last=True,
            maintain_order=True,
        )
        .unique([*STATEMENT, "by_prior"], keep="first", maintain_order=True)
        .filter(evaluated | (pl.len().over(STATEMENT) == 1))
        .unique(
            [*STATEMENT, pl.when(pl.col("equation") == "G06").then(True).otherwise("by_prior").alias("kept")],
            keep="first",
            maintain_order=True,
        )
        .with_columns(
            diagnosis=pl.when(~evaluated).then(pl.coalesce(*absent, unsaid)), unit_kind=pl.lit("percent"), lhs="p"
        )
    )


def _diagnosed(cases: pl.DataFrame, sums: pl.DataFrame, figures: pl.DataFrame) -> pl.DataFrame:
    """Adds other and slipped, and fills the diagnosis of violated cases, given the judged sums of shares.

    other: the label of a whole that is no admissible one, but explains the misfit. slipped: of `causes`.
    """
    wrong = pl.col("verdict") == "violated"
    violated = cases.filter(wrong)
    if not violated.height:
        return cases.with_columns(other=pl.lit(None, pl.String), slipped=pl.lit(None, pl.Int32))
    slips = pairs(figures.join(violated, on="report_id", how="semi", maintain_order="left"), slips=True)
    others = slips.filter(agree(), pl.col("y") != 0).unique(STATEMENT, keep="first", maintain_order=True)
    others = others.select(*STATEMENT, other="whole_label")
    found = causes(plugged(violated.join(others, on=STATEMENT, how="left", maintain_order="left"), sums))
    return pl.concat([cases.filter(~wrong), found.drop("plugs")], how="diagonal")


def _instances(cases: pl.DataFrame) -> pl.DataFrame:
    """Adds instance and facts, in reading order."""
    member = pl.when(pl.col("member") != "").then("member")
    cases = cases.sort("report_id", "fact", maintain_order=True).with_columns(
        instance=pl.concat_str(
            "concept", member, "section", pl.when("by_prior").then(pl.lit("prior")), separator="/", ignore_nulls=True
        ),
        facts=pl.concat_list("fact", "x_fact", "y_fact").list.drop_nulls().list.sort(),
    )
    number = pl.int_range(1, pl.len() + 1).over("report_id", "equation", "instance")
    return cases.with_columns(
        instance=pl.when(number > 1).then(pl.format("{}/{}", "instance", number)).otherwise("instance")
    )


def _splits(cases: pl.DataFrame) -> pl.DataFrame:
    """Splits in like columns, of their readings the one that fits best."""
    place = pl.col("section") if "section" in cases.columns else pl.lit(None, pl.String)
    excess = pl.col("residual").abs()
    return (
        cases.with_columns(
            concept=pl.col("instance"), instance=pl.concat_str("instance", place, separator="/", ignore_nulls=True)
        )
        .sort("verdict", excess, "reading", nulls_last=True, maintain_order=True)
        .unique(["report_id", "equation", "instance"], keep="first", maintain_order=True)
        .select(
            "report_id",
            "equation",
            "instance",
            "concept",
            "severity",
            "unit_kind",
            "total_label",
            "verdict",
            pl.col("lhs", "rhs", "residual", "bound").cast(NUMBER, strict=False),
            diagnosis=pl.when(pl.col("verdict") == "not_evaluated").then(pl.lit("absent: parts")),
            facts=pl.col("facts").list.drop_nulls().list.unique().list.sort(),
        )
    )


def _slipped(splits: pl.DataFrame, percentages: pl.DataFrame) -> pl.DataFrame:
    """Violated splits take the diagnosis of the percentage that slipped in them."""
    slips = percentages.filter(pl.col("slipped").is_not_null()).select("report_id", "diagnosis", facts="slipped")
    key = ["report_id", "equation", "instance"]
    hints = (
        splits.filter(pl.col("verdict") == "violated")
        .select(*key, "facts")
        .explode("facts")
        .join(slips, on=["report_id", "facts"])
        .unique(key, keep="first", maintain_order=True)
        .select(*key, hint="diagnosis")
    )
    return with_hints(splits, hints)


def _absent_once(cases: pl.DataFrame) -> pl.DataFrame:
    """Leaves one row for all instances of a concept that cannot be evaluated; the concept is its instance."""
    absent = pl.col("verdict") == "not_evaluated"
    first = pl.struct("report_id", "equation", "concept", absent).is_first_distinct()
    return cases.filter(~absent | first).with_columns(instance=pl.when(absent).then("concept").otherwise("instance"))


def _without_instances(reports: pl.DataFrame, checks: pl.DataFrame) -> pl.DataFrame:
    """One row for each equation of which a report has no instance."""
    kinds = (*load.RATE_KINDS, *load.DERIVED, *load.FROM_ZERO)
    equations = load.equations().filter(pl.col("kind").is_in(kinds)).select("equation", "severity", "title")
    absent = pl.lit("absent: figures")
    nothing = {name: pl.lit(None, NUMBER) for name in ("lhs", "rhs", "residual", "bound")}
    return (
        reports.select("report_id")
        .join(equations, how="cross")
        .join(checks, on=["report_id", "equation"], how="anti")
        .with_columns(
            instance=pl.lit(""),
            unit_kind=pl.lit("percent"),
            verdict=pl.lit("not_evaluated"),
            diagnosis=absent,
            message=pl.format("{} {}; not evaluated: figures not printed", "equation", "title"),
            facts=pl.lit([], pl.List(pl.Int32)),
            **nothing,
        )
    )


def _columns(cases: pl.DataFrame) -> pl.DataFrame:
    numbers = pl.col("lhs", "rhs", "residual", "bound").cast(NUMBER, strict=False)
    return cases.with_columns(
        numbers, pl.col("verdict").cast(pl.String), pl.col("facts").cast(pl.List(pl.Int32))
    ).select(OWN)
