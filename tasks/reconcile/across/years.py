"""A report against that of the year before: Y01 amounts of the year before, Y02 balances, Y03 what moves slowly.

Whatever a figure can be held against is tried, and the comparison that fits best counts: a publisher is told only of
what no reading explains. Where the report speaks of a reorganisation, a violation is soft and says so.
"""

from __future__ import annotations

from functools import cache

import polars as pl

from schemas.curated import CHECKS
from schemas.table import NUMBER
from schemas.taxonomy import load
from tasks.reconcile.across.priors import priors, totals
from tasks.reconcile.checks import columns, identified
from tasks.reconcile.diagnose import scale_slip, transposed_digits
from tasks.reconcile.figures import figures
from tasks.reconcile.wording import figure, figure_of_gap

CASE = ["report_id", "equation", "concept"]
HOW = {"printed": "as printed", "change": "current less change", "rate": "by the growth rate"}
SIGNS = {"exact": "=", "rounding": "≈", "violated": "≠"}


def years(reports: pl.DataFrame, pairs: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """The checks (table curated.checks) of reports that have a report of the year before.

    `reports`: curated.reports; `pairs`: of `consecutive`; `facts` (curated.facts) of both reports of each pair.
    One row for each concept that both speak of, and one per report and equation, not_evaluated, that names the
    concepts that the report of the year before does not state.
    """
    known = figures(facts)
    cases = pl.concat([_stated_amounts(pairs, known), _movements(pairs, known)])
    told = _worded(_diagnosed(cases, reports)).pipe(columns)
    absent = _absent(cases).pipe(columns)
    return identified(pl.concat([told, absent]), reports).select(CHECKS.schema.names())


def _stated_amounts(pairs: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Y01 and Y02: cases with lhs, rhs, residual, bound and verdict; where it is not_evaluated, `absent` says for want of what."""
    claims = pl.concat([priors(known).pipe(_under, "prior"), _balances(known).pipe(_under, "carried")])
    asked = claims.join(pairs, on="report_id", maintain_order="left").join(
        _readings(), on=["equation", "concept"], maintain_order="left"
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
        _readings()
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
    opening = load.across_years().filter(pl.col("equation") == _rule("carried")["equation"])["concept"].implode()
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
            severity=pl.lit(_rule("plausible")["severity"]),
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


@cache
def _rule(kind: str) -> dict[str, str]:
    """The equation of a kind."""
    return load.equations().row(by_predicate=pl.col("kind") == kind, named=True)


def _under(claims: pl.DataFrame, kind: str) -> pl.DataFrame:
    """The claims with equation and severity."""
    return claims.with_columns(pl.lit(_rule(kind)[name]).alias(name) for name in ("equation", "severity"))


@cache
def _readings() -> pl.DataFrame:
    """What a figure may be held against: equation, concept, witness, other (it is another concept than the one meant)."""
    itself = load.changes().select("concept").unique(maintain_order=True)
    equation = _rule("prior")["equation"]
    named = load.across_years().select("equation", "concept", "witness")
    return pl.concat(
        [
            itself.select(pl.lit(equation).alias("equation"), "concept", witness="concept", other=pl.lit(False)),
            named.with_columns(other=pl.col("equation") == equation),
        ]
    )


def _diagnosed(cases: pl.DataFrame, reports: pl.DataFrame) -> pl.DataFrame:
    """The evaluated cases with diagnosis, and the severity of those that a reorganisation explains."""
    evaluated = cases.filter(pl.col("verdict") != "not_evaluated")
    violated = pl.col("verdict") == "violated"
    restated = violated & pl.col("restated").is_not_null()
    stated = violated & (pl.col("equation") != _rule("plausible")["equation"])
    return evaluated.join(reports.select("report_id", "restated"), on="report_id", maintain_order="left").with_columns(
        severity=pl.when(restated).then(pl.lit("S")).otherwise("severity"),
        diagnosis=pl.when(restated)
        .then(pl.lit("restated"))
        .when(stated & scale_slip())
        .then(pl.lit("scale_slip"))
        .when(stated & transposed_digits())
        .then(pl.lit("transposed_digits"))
        .when(~violated & pl.col("other"))
        .then("other_scope: " + pl.col("witness")),
    )


def _worded(cases: pl.DataFrame) -> pl.DataFrame:
    """The cases with instance and message."""
    same = pl.col("concept") == pl.col("witness")
    here = pl.concat_str(label("concept"), pl.lit(" "), figure("lhs"))
    there = pl.format(
        "{}{} in the report of {} ({})",
        pl.when(same).then(pl.lit("")).otherwise(label("witness") + " "),
        figure("rhs"),
        pl.col("fiscal_year") - 1,
        "prior_url",
    )
    how = pl.format(" for {} ({})", pl.col("fiscal_year") - 1, pl.col("how").replace_strict(HOW, default=""))
    prior, moved = (pl.col("equation") == _rule(kind)["equation"] for kind in ("prior", "plausible"))
    sign = pl.col("verdict").replace_strict(SIGNS, default="", return_dtype=pl.String)
    words = pl.when(moved).then(pl.lit("after")).otherwise(sign)
    bound = (
        pl.when(moved & (pl.col("verdict") == "violated"))
        .then(pl.format("; it moved by {}, {} would be plausible", figure_of_gap(), figure("bound")))
        .when(~moved & (pl.col("verdict") != "exact"))
        .then(pl.format("; off by {}, rounding explains at most {}", figure_of_gap(), figure("bound")))
        .otherwise(pl.lit(""))
    )
    why = pl.when(pl.col("diagnosis") == "restated").then(
        pl.format("; the report says: {}", pl.col("restated").str.replace_all(r"\s+", ""))
    )
    message = pl.format(
        "{} {}{} {} {}{}{}",
        "equation",
        here,
        pl.when(prior).then(how).otherwise(pl.lit("")),
        words,
        there,
        bound,
        why.otherwise(pl.lit("")),
    )
    return cases.with_columns(instance="concept", message=message)


def label(column: str) -> pl.Expr:
    """The Chinese name of a concept, or of a sum of concepts."""
    names = dict(load.concepts().select("concept", "label_zh").iter_rows())
    sums = [each for each in _readings()["witness"] if load.PLUS in each]
    names |= {each: load.PLUS.join(names[part] for part in each.split(load.PLUS)) for each in sums}
    return pl.col(column).replace_strict(names, default=None, return_dtype=pl.String)


def _absent(cases: pl.DataFrame) -> pl.DataFrame:
    """One row per report and equation for the concepts that the report of the year before does not state."""
    silent = cases.filter(pl.col("verdict") == "not_evaluated").with_columns(label=label("absent"))
    grouped = silent.group_by("report_id", "equation", maintain_order=True).agg(
        pl.first("severity", "unit_kind", "fiscal_year", "prior_url", "verdict"),
        pl.col("absent").unique().sort(),
        pl.col("label").sort_by("absent").unique(maintain_order=True),
        facts=pl.col("facts").explode().unique().sort(),
    )
    nothing = [pl.lit(None, NUMBER).alias(name) for name in ("lhs", "rhs", "residual", "bound")]
    return grouped.with_columns(
        *nothing,
        instance=pl.lit(""),
        diagnosis="absent: " + pl.col("absent").list.join(", "),
        message=pl.format(
            "{}: not evaluated: the report of {} ({}) does not print {}",
            "equation",
            pl.col("fiscal_year") - 1,
            "prior_url",
            pl.col("label").list.join(", "),
        ),
    )
