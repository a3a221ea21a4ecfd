"""What the rules of words share: check rows, and how figures of one thing are called."""

from __future__ import annotations

from functools import cache

import polars as pl

from schemas.curated import CHECKS
from schemas.table import NUMBER
from schemas.taxonomy import load
from tasks.reconcile.columns import OWN

SIDES = ("lhs", "rhs", "residual", "bound")
NO_NUMBERS = pl.lit([], pl.List(pl.Int32))
BUDGET = ("budget", "initial_budget", "full_year_budget")
BASES = {"budget": "", "initial_budget": "年初", "full_year_budget": "全年"}


def check_rows(cases: pl.DataFrame, equation: str) -> pl.DataFrame:
    """Check rows of one rule: the columns of curated.checks but those that name publisher, year and finding.

    Takes report_id, section (null for what stands in several), what (these two are the instance; a second one of the same
    gets a number), verdict, message (without the rule's name), facts, claims, and perhaps sides, unit_kind and diagnosis.
    """
    severity = load.equations().row(by_predicate=pl.col("equation") == equation, named=True)["severity"]
    absent: dict[str, pl.Expr] = {name: pl.lit(None, NUMBER) for name in SIDES}
    absent |= {"unit_kind": pl.lit("text"), "diagnosis": pl.lit(None, pl.String)}
    instance = pl.concat_str("section", "what", separator="/", ignore_nulls=True)
    number = pl.int_range(1, pl.len() + 1).over("report_id", instance)
    return (
        cases.with_columns(value.alias(name) for name, value in absent.items() if name not in cases.columns)
        .with_columns(
            equation=pl.lit(equation),
            severity=pl.lit(severity),
            instance=pl.when(number > 1).then(pl.format("{}/{}", instance, number)).otherwise(instance),
            message=pl.lit(f"{equation} ") + pl.col("message"),
        )
        .select(
            "report_id",
            *(pl.col(name).cast(CHECKS.schema[name]) for name in (*OWN, "claims") if name != "report_id"),
        )
    )


def name_of(concept: str, member: str) -> pl.Expr:
    """What a figure is called in messages: its Chinese label and its member's name."""
    labels = dict(load.concepts().select("concept", "label_zh").iter_rows())
    return pl.concat_str(pl.col(concept).replace_strict(labels, default=None), member, separator=" ", ignore_nulls=True)


@cache
def roles() -> pl.DataFrame:
    """What a concept is to its thing: concept, role (actual, budget, rate), of_budget (年初, 全年 or empty)."""
    stems = load.stems()
    regular = load.concepts().select("concept").with_columns(completion=pl.col("concept") + "_budget_completion_rate")
    rates = pl.concat([stems.select("completion"), regular.select("completion")]).filter(pl.col("completion") != "")
    parts = [rates.select(concept="completion", role=pl.lit("rate"), of_budget=pl.lit(""))]
    parts += [
        stems.filter(pl.col(name) != "").select(
            pl.col(name).alias("concept"), role=pl.lit("budget"), of_budget=pl.lit(BASES[name])
        )
        for name in BUDGET
    ]
    actual = load.concepts().filter(pl.col("unit_kind") == "money", pl.col("period_kind") != "change")
    parts.append(actual.select("concept", role=pl.lit("actual"), of_budget=pl.lit("")))
    return pl.concat(parts).unique("concept", keep="first", maintain_order=True)


@cache
def derived() -> pl.DataFrame:
    """What is derived from a concept: concept, change, growth, share, completion."""
    known = load.concepts().filter(pl.col("period_kind") != "change").select("concept")
    stem = pl.col("stem").fill_null(pl.col("concept"))
    return known.join(load.stems().select("concept", "stem", "completion"), on="concept", how="left").select(
        "concept",
        change=stem + "_yoy_change",
        growth=stem + "_yoy_rate",
        share=stem + "_share",
        completion=pl.col("completion").fill_null(pl.col("concept") + "_budget_completion_rate"),
    )
