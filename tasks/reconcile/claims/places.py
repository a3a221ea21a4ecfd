"""Words that should not stand where they stand: G04, W01, W02, W03, W06 and W07. The same words are one finding."""

from __future__ import annotations

import polars as pl

from tasks.reconcile.claims.bodies import fault_of
from tasks.reconcile.claims.rows import NO_NUMBERS, check_rows

AMOUNT = r"\d[\d.,]*"
"""Words that differ in their numbers only are the same."""

MESSAGES = {
    "prior_year": "“{}” in a report of {}: right would be {}",
    "instant": "“{}” in a report of {}: right would be {}",
    "statement_year": "a statement begins with “{}” in a report of {}: right would be {}",
}
OFFSETS = {"prior_year": -1, "instant": 0, "statement_year": 0}
"""The right year, less the fiscal year."""


NEAR = {"prior_year": 60, "instant": 1_000_000, "statement_year": 1_000_000}
"""A year that is not right is not judged where the right one stands in the same paragraph this near, in characters: the
sentence that compares with the year before may go on to another year; a paragraph may go on to another day."""


def years(claims: pl.DataFrame) -> pl.DataFrame:
    """G04 and W02: the year that a comparison, a day or a statement names, against the fiscal year.

    Where the right year stands near in the same role, another one is not judged (NEAR). Holding claims of a section are one row. A year with a digit too many is always wrong.
    """
    known = claims.filter(pl.col("kind").is_in(list(OFFSETS)), pl.col("fiscal_year").is_not_null()).with_columns(
        year=pl.col("value").cast(pl.Int32),
        right=pl.col("fiscal_year").cast(pl.Int32) + pl.col("kind").replace_strict(OFFSETS, return_dtype=pl.Int32),
    )
    fits = pl.col("year") == pl.col("right")
    place = ["report_id", "kind", "block"]
    near = known.filter(fits).select(*place, near="start")
    away = (pl.col("near") - pl.col("start")).abs() >= pl.col("kind").replace_strict(NEAR, return_dtype=pl.Int32)
    going_on = known.filter(~fits).join(near, on=place).filter(~away).select("report_id", "claim").unique()
    open_to_judge = known.join(going_on, on=["report_id", "claim"], how="anti", maintain_order="left")
    told = pl.coalesce(
        pl.when(pl.col("kind") == kind).then(pl.format(message, "words", "fiscal_year", "right"))
        for kind, message in MESSAGES.items()
    )
    is_statement = pl.col("kind") == "statement_year"
    unfit = open_to_judge.filter(~fits).with_columns(message=told)
    compared = _once(unfit.filter(~is_statement), "wrong_year", "section")
    stated = _once(unfit.filter(is_statement), "wrong_year")
    right = (
        open_to_judge.filter(fits)
        .group_by("report_id", "section", "kind", "year", maintain_order=True)
        .agg(claims="claim")
        .with_columns(
            what=pl.format("{}/{}", "kind", "year"), verdict=pl.lit("exact"), facts=NO_NUMBERS,
            message=pl.format("{} is named as it should be", "year"),
        )
    )  # fmt: skip
    impossible = _once(
        claims.filter(pl.col("kind") == "impossible_year").with_columns(
            message=pl.format(
                "“{}” is no year: a digit is too many, or mistyped; right would be one such as {}",
                "words",
                "fiscal_year",
            )
        ),
        "typing_error",
    )
    columns = ["report_id", "section", "kind", "what", "verdict", "message", "facts", "claims", "diagnosis"]
    right = right.with_columns(diagnosis=pl.lit(None, pl.String))
    days = [compared, right.filter(~is_statement)]
    statements = [stated, right.filter(is_statement), impossible]
    return pl.concat(
        check_rows(pl.concat(each.select(columns) for each in cases), equation)
        for cases, equation in ((days, "G04"), (statements, "W02"))
    )


def left_overs(claims: pl.DataFrame) -> pl.DataFrame:
    """W01: what nobody filled in or chose."""
    message = pl.format(
        "“{}” was left over from the form: right would be the figure, the word that applies, or nothing", "words"
    )
    found = claims.filter(pl.col("kind") == "template").with_columns(message=message)
    return check_rows(_once(found, "template_left_over"), "W01")


def reasons(claims: pl.DataFrame) -> pl.DataFrame:
    """W06: a reason that lies outside of what it explains."""
    message = pl.format(
        "“{}” is given as the reason, but that is no general public budget spending: "
        "right would be a reason within 一般公共预算财政拨款支出",
        "words",
    )
    return check_rows(
        _once(claims.filter(pl.col("kind") == "reason").with_columns(message=message), "wrong_reason"), "W06"
    )


def typing_errors(claims: pl.DataFrame) -> pl.DataFrame:
    """W07: two units for one number, a unit cut in two, a word said twice."""
    message = pl.format("“{}” is mistyped: right would be one number with one unit, said once", "words")
    return check_rows(
        _once(claims.filter(pl.col("kind") == "typing").with_columns(message=message), "typing_error"), "W07"
    )


def other_bodies(claims: pl.DataFrame, reports: pl.DataFrame) -> pl.DataFrame:
    """W03: the body whose figures a statement gives, against the publisher.

    Only what is surely wrong is told (`bodies.fault_of`); a name that is the publisher's own, or a short form, holds.
    """
    named = claims.filter(pl.col("kind") == "name").join(
        reports.select("report_id", "entity", "region_name"), on="report_id", maintain_order="left"
    )
    faults = [fault_of(*names) for names in named.select("value", "entity", "region_name").iter_rows()]
    judged = named.with_columns(fault=pl.Series(faults, dtype=pl.String))
    wrong = judged.filter(pl.col("fault") != "").with_columns(
        message=pl.format("“{}” stands where the publisher is meant: right would be {}", "words", "entity")
    )
    return check_rows(_once(wrong, "wrong_name"), "W03")


def _once(found: pl.DataFrame, diagnosis: str, *more: str) -> pl.DataFrame:
    """One violated case for the same words, wherever they stand in a report, or in each part of it that `more` tells apart.

    Its `what` is `value` without its numbers' digits, or a year: it does not depend on how many places there are.
    """
    is_year = pl.col("value").str.contains(r"^\d+$")
    # Two triggers may find the same note.
    places = pl.struct("block", "start").n_unique()
    return (
        found.with_columns(
            what=pl.when(is_year).then("value").otherwise(pl.col("value").str.replace_all(AMOUNT, "0")),
        )
        .group_by("report_id", "kind", *more, "what", maintain_order=True)
        .agg(pl.col("message").first(), places=places, claims="claim")
        .with_columns(
            verdict=pl.lit("violated"),
            diagnosis=pl.lit(diagnosis),
            facts=NO_NUMBERS,
            message=pl.col("message")
            + pl.when(pl.col("places") > 1).then(pl.format("; so in {} places", "places")).otherwise(pl.lit("")),
        )
        .with_columns(pl.lit(None, pl.String).alias(name) for name in ("section",) if name not in more)
        .drop("places")
    )
