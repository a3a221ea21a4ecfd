"""S34: the lines of score tables: weights of groups and their lines, scores and weights, scores and the total."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from schemas.table import NUMBER
from tasks.reconcile.claims.rows import NO_NUMBERS, check_rows

RULE = "S34"
BELOW = "/"
"""Stands in the addresses of lines (`basis`) between table, groups and the line itself."""

TABLE = ["report_id", "table"]
LINE = [*TABLE, "basis"]
HALF = Decimal("0.5")
PLACES = 3
"""Decimals of a score, at most."""


def scores(claims: pl.DataFrame) -> pl.DataFrame:
    """The checks of S34 from the claims of kinds group_weight, score_weight, score and score_total.

    - A group weighs what its lines weigh, where each of its lines that is scored has a weight.
    - No line is scored above its weight: one case per line that is, or one per table in which none is.
    - The total is the sum of the scores, where each line that has a weight is scored.
    """
    numbered = claims.filter(pl.col("kind").is_in(["group_weight", "score_weight", "score", "score_total"])).select(
        "report_id",
        "kind",
        "section",
        "words",
        "claim",
        "basis",
        table=pl.col("basis").str.split(BELOW).list.first(),
        points=pl.col("value").cast(NUMBER),
        half=_half_unit(),
    )
    groups, weights, points, totals = (
        numbered.filter(kind=kind).drop("kind") for kind in ("group_weight", "score_weight", "score", "score_total")
    )
    unweighed = points.join(weights, on=LINE, how="anti")
    unscored = weights.join(points, on=LINE, how="anti")
    cases = [
        _sums(groups, weights, unweighed, "“{}” weighs", "weight"),
        _sums(totals, points, unscored, "“{}”: the total is", "score"),
        _limits(weights, points),
    ]
    return check_rows(pl.concat(cases, how="diagonal_relaxed"), RULE)


def _half_unit() -> pl.Expr:
    """Half a unit of the last printed place."""
    places = pl.col("value").str.split(".").list.get(1, null_on_oob=True).str.len_chars().fill_null(0)
    halves = [HALF.scaleb(-place) for place in range(PLACES + 1)]
    return places.clip(0, PLACES).replace_strict(range(PLACES + 1), halves, return_dtype=NUMBER)


def _sums(wholes: pl.DataFrame, lines: pl.DataFrame, incomplete: pl.DataFrame, told: str, thing: str) -> pl.DataFrame:
    """Each whole against the sum of its lines, but for wholes with an incomplete line."""
    prefix = pl.col("basis") + BELOW
    below = pl.col("basis_line").str.starts_with(prefix)
    partial = wholes.join(incomplete, on=TABLE, suffix="_line").filter(below).select("report_id", "claim")
    gap = pl.col("residual").abs()
    said = pl.format(f"{told} {{}}, the {thing}s of its lines come to {{}}", _name(), _plain("lhs"), _plain("rhs"))
    wrong = pl.lit(": right would be the same")
    return (
        wholes.join(partial, on=["report_id", "claim"], how="anti")
        .join(lines, on=TABLE, suffix="_line", maintain_order="left")
        .filter(below)
        .group_by("report_id", "claim", maintain_order=True)
        .agg(
            pl.col("section", "words").first(),
            lhs=pl.col("points").first(),
            rhs=pl.col("points_line").sum().cast(NUMBER),
            bound=pl.col("half").first(),
            claims="claim_line",
        )
        .with_columns(residual=(pl.col("lhs") - pl.col("rhs")).cast(NUMBER), unit_kind=pl.lit("count"))
        .with_columns(
            verdict=pl.when(gap == 0)
            .then(pl.lit("exact"))
            .when(gap < pl.col("bound"))
            .then(pl.lit("rounding"))
            .otherwise(pl.lit("violated"))
        )
        .with_columns(
            what=pl.format("{}/{}", pl.lit(thing), _name()),
            message=said + pl.when(pl.col("verdict") == "violated").then(wrong).otherwise(pl.lit("")),
            claims=pl.concat_list("claim", "claims"),
            facts=NO_NUMBERS,
        )
        .drop("claim", "words")
    )


def _limits(weights: pl.DataFrame, points: pl.DataFrame) -> pl.DataFrame:
    """Lines that are scored above their weight; of a table without such a line one case that holds."""
    pairs = weights.join(points, on=LINE, suffix="_score", maintain_order="left").with_columns(
        above=pl.col("points_score") > pl.col("points")
    )
    above = pairs.filter("above").select(
        "report_id",
        "section",
        what=pl.format("line/{}", "basis"),
        verdict=pl.lit("violated"),
        lhs="points",
        rhs="points_score",
        residual=(pl.col("points") - pl.col("points_score")).cast(NUMBER),
        bound=pl.lit(0, NUMBER),
        message=pl.format("a line of weight {} is scored {}", _plain("points"), _plain("points_score")),
        claims=pl.concat_list("claim", "claim_score"),
    )
    within = (
        pairs.filter(~pl.col("above").any().over(TABLE))
        .group_by(TABLE, maintain_order=True)
        .agg(pl.col("section").first(), lines=pl.len(), claims=pl.concat_list("claim", "claim_score").explode())
        .select(
            "report_id",
            "section",
            what=pl.format("lines/{}", "table"),
            verdict=pl.lit("exact"),
            message=pl.format("none of {} lines is scored above its weight", "lines"),
            claims="claims",
        )
    )
    return pl.concat([above, within], how="diagonal").with_columns(facts=NO_NUMBERS, unit_kind=pl.lit("count"))


def _name() -> pl.Expr:
    return pl.col("words").str.replace_all(r"\s", "")


def _plain(number: str) -> pl.Expr:
    return pl.col(number).cast(pl.String).str.strip_chars_end("0").str.strip_chars_end(".")
