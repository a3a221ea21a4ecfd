"""What has become of acknowledgements: which are in force, and which have lapsed and why.

A finding's identity contains its figures. When the publisher corrects one, or the reading of it changes, the
acknowledgement names no finding any more; what stands in its place is found by publisher, year, equation and instance.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from expectations.suite import sentence
from expectations.tables import STANDING

_PLACE = ("entity", "fiscal_year", "equation", "instance")


def standing(acknowledgements: pl.DataFrame, checks: pl.LazyFrame, reports: pl.DataFrame, today: date) -> pl.DataFrame:
    """audit.standing: each acknowledgement (audit.acknowledgements) as the checks and reports of this run have it.

    `checks`: curated.checks before or after acknowledgement, `reports`: curated.reports.
    """
    listed = acknowledgements.with_columns(pl.col("instance").fill_null(""))
    if listed.is_empty():
        return STANDING.frame()
    entities = reports.select("report_id", "entity", pl.col("fiscal_year").cast(pl.String))
    own = entities.join(listed.select("entity", "fiscal_year"), on=["entity", "fiscal_year"], how="semi")
    met = (
        checks.filter(
            pl.col("finding").is_in(listed["finding"].implode()) | pl.col("report_id").is_in(own["report_id"].implode())
        )
        .select("finding", "report_id", "equation", "instance", "verdict", "message")
        .collect(engine="streaming")
    )
    named = met.select("finding", "verdict", "report_id", "message").unique("finding", keep="any")
    placed = (
        met.join(own, on="report_id")
        .unique(_PLACE, keep="any")
        .select(*_PLACE, now="verdict", now_report="report_id", now_message="message")
    )
    there = own.group_by("entity", "fiscal_year").agg(there=pl.col("report_id").first())
    return (
        listed.join(named, on="finding", how="left")
        .join(placed, on=_PLACE, how="left")
        .join(there, on=["entity", "fiscal_year"], how="left")
        .with_columns(state=_state(today))
        .with_columns(
            message=_message(),
            report_id=pl.coalesce("report_id_right", "now_report", "there"),
        )
        .select(STANDING.schema.names())
        .sort("finding")
    )


def _state(today: date) -> pl.Expr:
    violated = ["violated", "acknowledged"]
    verdict, now = pl.col("verdict"), pl.col("now")
    return (
        pl.when(verdict.is_in(violated) & (pl.col("until") < today).fill_null(False))
        .then(pl.lit("expired"))
        .when(verdict.is_in(violated))
        .then(pl.lit("in_force"))
        .when(pl.coalesce(verdict, now) == "not_evaluated")
        .then(pl.lit("not_evaluated"))
        .when(verdict.is_not_null() | now.is_in(["exact", "rounding"]))
        .then(pl.lit("settled"))
        .when(now.is_in(violated))
        .then(pl.lit("figures_changed"))
        .when(pl.col("there").is_not_null())
        .then(pl.lit("gone"))
        .otherwise(pl.lit("elsewhere"))
    )


def _message() -> pl.Expr:
    why = pl.col("state").replace_strict(
        {
            "in_force": "it stands",
            "expired": "it has expired, and the discrepancy is still there",
            "figures_changed": "the figures have changed, and still disagree",
            "settled": "the discrepancy is settled: the line may be removed",
            "not_evaluated": "the equation cannot be evaluated any more",
            "gone": "the report has no such check any more",
            "elsewhere": "its report is no part of this run",
        },
        return_dtype=pl.String,
    )
    who = pl.concat_str(*_PLACE[:3], separator=" ", ignore_nulls=True)
    named = pl.concat_str(
        sentence("acknowledgement {}", "finding"),
        pl.when(who != "").then(sentence(" ({})", who)),
        sentence(", until {}", "until"),
        ignore_nulls=True,
    )
    about = pl.coalesce("message", "now_message")
    return pl.concat_str(sentence("{}: {}", named, why), sentence(": {}", about), ignore_nulls=True)
