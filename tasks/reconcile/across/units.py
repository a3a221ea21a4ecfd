"""A department against its units (U01): its accounts contain theirs."""

from __future__ import annotations

import polars as pl

from schemas.curated import CHECKS
from schemas.table import NUMBER
from schemas.taxonomy import load
from tasks.reconcile.across.pairs import identified_reports
from tasks.reconcile.across.priors import totals
from tasks.reconcile.checks import identified
from tasks.reconcile.columns import columns
from tasks.reconcile.figures import figures
from tasks.reconcile.wording import figure, figure_of_gap

DEPARTMENT = "部门"
PLACE = ["fiscal_year", "region_code"]


def families(reports: pl.DataFrame, roster: pl.DataFrame) -> pl.DataFrame:
    """Departments and those of their units that publish: report_id, unit (its report), unit_name, unit_url, listed.

    `reports`: report_id, fiscal_year, url and publisher of the reports that count. `roster`: fiscal_year, region_code, entity,
    kind, keys and parents (entity_key of the names of a unit, and of its department). `listed`: how many units the
    department has by the roster, whether they publish or not.
    """
    known = identified_reports(reports).select("report_id", "url", "entity_key", "kind", *PLACE)
    units = roster.filter(pl.col("parents").list.len() > 0).with_row_index("number")
    own = (
        units.explode("keys")
        .join(known, left_on=[*PLACE, "kind", "keys"], right_on=[*PLACE, "kind", "entity_key"])
        .sort("number", "report_id")
        .unique("number", keep="first", maintain_order=True)
        .select("number", unit="report_id", unit_name="entity", unit_url="url")
    )
    departments = known.filter(kind=DEPARTMENT).drop("kind", "url")
    return (
        units.explode("parents")
        .join(departments, left_on=[*PLACE, "parents"], right_on=[*PLACE, "entity_key"])
        .unique(["number", "report_id"], maintain_order=True)
        .with_columns(listed=pl.len().over("report_id"))
        .join(own, on="number")
        .select("report_id", "unit", "unit_name", "unit_url", "listed")
        .sort("report_id", "unit")
    )


def units(reports: pl.DataFrame, families: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """The checks (table curated.checks) of departments whose units publish: one for each concept that both state.

    `reports`: curated.reports; `families`: of the function of that name; `facts` (curated.facts) of all their reports.
    A department's figure is at least that of each unit. Where every unit that the roster lists states it, it is their sum, or,
    where money that moves between units is left out of it, at most that.
    """
    stated = totals(figures(facts), "current").unique(["report_id", "concept"], keep="first", maintain_order=True)
    own = stated.join(load.across_units(), on="concept", maintain_order="left")
    parts = stated.select("concept", unit="report_id", part="base", part_half="half")
    each = own.join(families, on="report_id", maintain_order="left").join(
        parts, on=["unit", "concept"], maintain_order="left"
    )
    cases = (
        each.sort("report_id", "concept", "part", "unit", descending=[False, False, True, False])
        .group_by("report_id", "concept", maintain_order=True)
        .agg(
            pl.first(
                "unit_kind", "base", "half", "fact", "internal", "listed", "part", "part_half", "unit_name", "unit_url"
            ),
            units=pl.len(),
            sum=pl.col("part").sum().cast(NUMBER),
            sum_half=pl.col("part_half").sum().cast(NUMBER),
        )
        .pipe(_judged)
    )
    return identified(columns(_worded(cases)), reports).select(CHECKS.schema.names())


def _judged(cases: pl.DataFrame) -> pl.DataFrame:
    """The cases with both sides, bound, verdict and diagnosis; `whole`: rhs is the sum of all units."""
    exceeded = pl.col("part") - pl.col("base") > pl.col("half") + pl.col("part_half")
    whole = ~exceeded & (pl.col("units") == pl.col("listed"))
    rhs, half = (
        pl.when(whole).then(one).otherwise(other) for one, other in (("sum", "part"), ("sum_half", "part_half"))
    )
    gap = pl.col("residual").abs()
    beyond = pl.col("whole") & (gap > pl.col("bound")) & ((pl.col("residual") > 0) | ~pl.col("internal"))
    equal = pl.col("whole") & ~pl.col("internal")
    return (
        cases.with_columns(rhs=rhs, bound=(pl.col("half") + half).cast(NUMBER), exceeded=exceeded, whole=whole)
        .with_columns(residual=(pl.col("base") - pl.col("rhs")).cast(NUMBER))
        .with_columns(
            verdict=pl.when(exceeded | beyond)
            .then(pl.lit("violated"))
            .when((equal & (gap > 0)) | (pl.col("residual") < 0) & ~pl.col("whole"))
            .then(pl.lit("rounding"))
            .otherwise(pl.lit("exact")),
            diagnosis=pl.when("exceeded").then(pl.lit("unit_exceeds")),
        )
    )


def _worded(cases: pl.DataFrame) -> pl.DataFrame:
    """The cases in the columns of checks."""
    rule = load.equations().row(by_predicate=pl.col("kind") == "units", named=True)
    labels = dict(load.concepts().select("concept", "label_zh").iter_rows())
    violated = pl.col("verdict") == "violated"
    sign = (
        pl.when(violated & pl.col("exceeded"))
        .then(pl.lit("<"))
        .when(violated)
        .then(pl.lit("≠"))
        .when(pl.col("whole") & pl.col("internal"))
        .then(pl.lit("≤"))
        .when(pl.col("verdict") == "rounding")
        .then(pl.lit("≈"))
        .otherwise(pl.when("whole").then(pl.lit("=")).otherwise(pl.lit("≥")))
    )
    whom = (
        pl.when("whole")
        .then(pl.format("the sum of its {} units", "units"))
        .otherwise(pl.format("of its unit {} ({})", "unit_name", "unit_url"))
    )
    apart = pl.format("; off by {}, rounding explains at most {}", figure_of_gap(), figure("bound"))
    return cases.with_columns(
        equation=pl.lit(rule["equation"]),
        severity=pl.lit(rule["severity"]),
        instance="concept",
        lhs="base",
        facts=pl.concat_list("fact"),
    ).with_columns(
        message=pl.format(
            "{} {} {} {} {}, {}{}",
            "equation",
            pl.col("concept").replace_strict(labels, return_dtype=pl.String),
            figure("lhs"),
            sign,
            figure("rhs"),
            whom,
            pl.when(violated).then(apart).otherwise(pl.lit("")),
        )
    )
