"""Which publication a report is, and which one of several documents of the same publication counts."""

from __future__ import annotations

import polars as pl

UNKNOWN_REGION = "000000"


def slot() -> pl.Expr:
    """The publication that a report is: region, publisher, fiscal year and kind as one text.

    Two documents in one slot are versions of the same report. Where region or publisher is not known the
    slot is the report itself: namesakes are never merged.
    Reads columns report_id, fiscal_year, region_code, entity_key, kind.
    """
    known = (pl.col("region_code") != UNKNOWN_REGION) & (pl.col("entity_key") != "")
    identity = pl.concat_str("region_code", "fiscal_year", "kind", "entity_key", separator="/")
    return pl.when(known).then(identity).otherwise(pl.col("report_id")).alias("slot")


def superseded(reports: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """Reports (curated.reports) that a later document in the order of raw.documents replaces.

    Gives their report_id and `by`, the report_id that counts instead.
    """
    order = documents.with_row_index("order").select("document", "order")
    return (
        reports.join(order, on="document", how="left", validate="m:1")
        .sort("order", "report_id")
        .select("report_id", by=pl.col("report_id").last().over(slot()))
        .filter(pl.col("report_id") != pl.col("by"))
    )


def statuses(reports: pl.DataFrame, checks: pl.LazyFrame, held: frozenset[str]) -> pl.DataFrame:
    """report_id and status of each report: held as the audit says, else acknowledged or passed.

    A report is acknowledged when a discrepancy of severity H would hold it, had nobody reviewed it.
    """
    reviewed = (
        checks.filter((pl.col("verdict") == "acknowledged") & (pl.col("severity") == "H"))
        .select("report_id")
        .unique()
        .collect(engine="streaming")
    )
    return reports.select(
        "report_id",
        status=pl.when(pl.col("report_id").is_in(list(held)))
        .then(pl.lit("held"))
        .when(pl.col("report_id").is_in(reviewed["report_id"].implode()))
        .then(pl.lit("acknowledged"))
        .otherwise(pl.lit("passed")),
    )
