"""A report against that of the year before: Y01 amounts of the year before, Y02 balances, Y03 what moves slowly.

Whatever a figure can be held against is tried, and the comparison that fits best counts: a publisher is told only of
what no reading explains. Where the report speaks of a reorganisation, a violation is soft and says so.
"""

from __future__ import annotations

import polars as pl

from schemas.curated import CHECKS
from schemas.table import NUMBER
from schemas.taxonomy import load
from tasks.reconcile.across.priors import priors, totals
from tasks.reconcile.across.readings import readings, rule
from tasks.reconcile.across.wording import absent_rows, describe
from tasks.reconcile.checks import identified
from tasks.reconcile.columns import columns
from tasks.reconcile.figures import figures
from tasks.reconcile.slips import scale_slip, transposed_digits

CASE = ["report_id", "equation", "concept"]


def years(reports: pl.DataFrame, pairs: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """The checks (table curated.checks) of reports that have a report of the year before.

    `reports`: curated.reports; `pairs`: of `consecutive`; `facts` (curated.facts) of both reports of each pair.
    One row for each concept that both speak of, and one per report and equation, not_evaluated, that names the
    concepts that the report of the year before does not state.
    """
    known = figures(facts)
    cases = pl.concat([_stated_amounts(pairs, known), _movements(pairs, known)])
    told = describe(_diagnosed(cases, reports)).pipe(columns)
    absent = absent_rows(cases).pipe(columns)
    return identified(pl.concat([told, absent]), reports).select(CHECKS.schema.names())


def _stated_amounts(pairs: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Y01 and Y02: cases with lhs, rhs, residual, bound and verdict; where it is not_evaluated, `absent` says for want of what."""
    claims = pl.concat([priors(known).pipe(_under, "earlier"), _balances(known).pipe(_under, "carried")])
    asked = claims.join(pairs, on="report_id", maintain_order="left").join(
        readings(), on=["equation", "concept"], maintain_order="left"
    )
    both = asked.join(_witnesses(known), on=["prior", "witness"], how="left", maintain_order="left")
    residual = pl.col("lhs") - pl.col("rhs")
    aside = pl.when(residual > 0).then(pl.col("lhs") - pl.col("low")).otherwise(pl.col("high") - pl.col("lhs"))
    judged = both.with_columns(
        residual=residual.cast(NUMBER), bound=(aside + pl.col("rhs_half")).cast(NUMBER)
    ).with_columns(verdict=_verdict())
    return _cases(_best(judged))


def _best(judged: pl.DataFrame) -> pl.DataFrame:
    """Of all readings of a figure the one that fits, else that of the concept itself.

    What a figure is not meant to be held against only excuses it; where none of that is printed, nothing can be said.
    """
    fits, other, gap = pl.col("verdict").is_in(["exact", "rounding"]), pl.col("other"), pl.col("residual").abs()
    silent = (other.any() & ~(other & pl.col("rhs").is_not_null()).any()).over(CASE)
    excused = (pl.col("verdict") == "violated") & silent
    unread = pl.col("witness").filter(other).first().over(CASE)
    nothing = pl.lit(None, NUMBER)
    return (
        judged.with_columns(
            absent=pl.when(excused).then(unread).otherwise("witness").str.split(load.PLUS).list.first(),
            verdict=pl.when(excused).then(pl.lit("not_evaluated")).otherwise("verdict"),
            residual=pl.when(excused).then(nothing).otherwise("residual"),
        )
        .filter(~other | fits)
        .sort(~fits, other, gap, nulls_last=True, maintain_order=True)
        .unique(CASE, keep="first", maintain_order=True)
    )


def _witnesses(known: pl.DataFrame) -> pl.DataFrame:
    """What reports state of the amounts of their own year: prior (the report), witness, rhs, rhs_half."""
    stated = totals(known, "current").select(prior="report_id", witness="concept", rhs="base", rhs_half="half")
    first = stated.unique(["prior", "witness"], keep="first", maintain_order=True)
    sums = (
        readings()
        .select("witness")
        .unique(maintain_order=True)
        .filter(pl.col("witness").str.contains(load.PLUS, literal=True))
    )
    parts = sums.with_columns(part=pl.col("witness").str.split(load.PLUS)).explode("part")
    added = (
        parts.with_columns(leads=pl.col("witness").str.starts_with(pl.col("part") + load.PLUS))
        .join(first, left_on="part", right_on="witness", maintain_order="left")
        .group_by("prior", "witness", maintain_order=True)
        .agg(pl.col("leads").any(), pl.col("rhs", "rhs_half").sum().cast(NUMBER))
        .filter("leads")
    )
    return pl.concat([stated, added.select(stated.columns)])


def _balances(known: pl.DataFrame) -> pl.DataFrame:
    """The opening balances that reports state, as rows like those of `priors`."""
    opening = load.across_years().filter(pl.col("equation") == rule("carried")["equation"])["concept"].implode()
    stated = totals(known, "current").filter(pl.col("concept").is_in(opening))
    half = pl.col("half")
    return stated.select(
        "report_id",
        "concept",
        how=pl.lit("printed"),
        facts=pl.concat_list("fact"),
        lhs="base",
        low=(pl.col("base") - half).cast(NUMBER),
        high=(pl.col("base") + half).cast(NUMBER),
        unit_kind="unit_kind",
    )


def _movements(pairs: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Y03: cases whose bound is how far a figure may move; nothing where a side is 0 or absent."""
    limits = load.across_years().filter(pl.col("factor").is_not_null())
    first = totals(known, "current").unique(["report_id", "concept"], keep="first", maintain_order=True)
    first = first.filter(pl.col("base") != 0)
    before = first.select(prior="report_id", witness="concept", rhs="base")
    factor = pl.col("factor").cast(NUMBER)
    grown = (pl.col("rhs") * (factor - 1)).cast(NUMBER)
    shrunk = (pl.col("rhs") - pl.col("rhs") / factor).cast(NUMBER)
    return _cases(
        first.rename({"base": "lhs"})
        .join(limits, on="concept", maintain_order="left")
        .join(pairs, on="report_id", maintain_order="left")
        .join(before, on=["prior", "witness"], maintain_order="left")
        .with_columns(residual=(pl.col("lhs") - pl.col("rhs")).cast(NUMBER), facts=pl.concat_list("fact"))
        .with_columns(
            bound=pl.max_horizontal(
                pl.when(pl.col("residual") > 0).then(grown).otherwise(shrunk), pl.col("least").cast(NUMBER)
            )
        )
        .with_columns(
            verdict=pl.when(pl.col("residual").abs() <= pl.col("bound"))
            .then(pl.lit("exact"))
            .otherwise(pl.lit("violated")),
            severity=pl.lit(rule("plausible")["severity"]),
            how=pl.lit("printed"),
            other=pl.lit(False),
            absent=pl.lit(None, pl.String),
        )
    )


def _verdict() -> pl.Expr:
    gap = pl.col("residual").abs()
    return (
        pl.when(gap.is_null())
        .then(pl.lit("not_evaluated"))
        .when(gap == 0)
        .then(pl.lit("exact"))
        .when(gap <= pl.col("bound"))
        .then(pl.lit("rounding"))
        .otherwise(pl.lit("violated"))
    )


def _cases(judged: pl.DataFrame) -> pl.DataFrame:
    """The columns that all three rules share."""
    return judged.select(
        *CASE,
        "severity",
        "unit_kind",
        "how",
        "fiscal_year",
        "prior_url",
        "witness",
        "other",
        "absent",
        "lhs",
        "rhs",
        "residual",
        "bound",
        "verdict",
        "facts",
    )


def _under(claims: pl.DataFrame, kind: str) -> pl.DataFrame:
    """The claims with equation and severity."""
    return claims.with_columns(pl.lit(rule(kind)[name]).alias(name) for name in ("equation", "severity"))


def _diagnosed(cases: pl.DataFrame, reports: pl.DataFrame) -> pl.DataFrame:
    """The evaluated cases with diagnosis, and the severity of those that a reorganisation explains."""
    evaluated = cases.filter(pl.col("verdict") != "not_evaluated")
    violated = pl.col("verdict") == "violated"
    restated = violated & pl.col("restated").is_not_null()
    stated = violated & (pl.col("equation") != rule("plausible")["equation"])
    # The figure that a slip is looked for in is the left side.
    told = evaluated.join(reports.select("report_id", "restated"), on="report_id", maintain_order="left").with_columns(
        base="lhs", half="bound", sign=1
    )
    return told.with_columns(
        severity=pl.when(restated).then(pl.lit("S")).otherwise("severity"),
        diagnosis=pl.when(restated)
        .then(pl.lit("restated"))
        .when(stated & scale_slip())
        .then(pl.lit("scale_slip"))
        .when(stated & transposed_digits())
        .then(pl.lit("transposed_digits"))
        .when(~violated & pl.col("other"))
        .then("other_scope: " + pl.col("witness")),
    ).drop("base", "half", "sign")
