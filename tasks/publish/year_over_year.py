"""The mart `year_over_year`: published changes, recomputed, and held against last year's own report."""

from __future__ import annotations

import polars as pl

from schemas import marts
from schemas.table import NUMBER
from schemas.taxonomy.load import changes
from tasks.publish.identity import UNKNOWN_REGION
from tasks.publish.statements import first, is_total, of_reports, source, stated

PUBLISHER = ("region_code", "entity_key", "kind")


def year_over_year(reports: pl.DataFrame, facts: pl.LazyFrame) -> pl.DataFrame:
    """marts.year_over_year of marts.reports from their facts, still without last year's own reports.

    A row is there for every concept that has a change in the taxonomy and of which the report states the
    amount, its change or its rate of change.
    """
    column, period = pl.col("column"), pl.col("period")
    # An amount is that of the year or of the one before; a change is one whatever it is said of.
    meant = (
        pl.when(column != "current")
        .then(column)
        .when(period == "current")
        .then(pl.lit("current"))
        .when(period == "prior")
        .then(pl.lit("printed_prior"))
    )
    rows = (
        stated(facts, changes()["source"])
        .filter(is_total())
        .rename({"concept": "source"})
        .join(changes().lazy(), on="source", maintain_order="left")
        .with_columns(column=meant)
        .group_by("report_id", "concept", maintain_order=True)
        .agg(
            first("current", "current"),
            first("printed_prior", "printed_prior"),
            first("published_change", "published_change"),
            first("published_rate", "published_rate", "number"),
            source("published_change", "published_rate", "current", "printed_prior"),
        )
        .collect(engine="streaming")
    )
    current, change = pl.col("current"), pl.col("published_change")
    money = marts.YEAR_OVER_YEAR.schema["current"]
    return (
        of_reports(rows, reports)
        .with_columns(implied_prior=(current - change).cast(money).fill_null(pl.col("printed_prior")))
        .with_columns(
            recomputed_rate=percent(
                change.fill_null((current - pl.col("implied_prior")).cast(money)), pl.col("implied_prior")
            ),
            prior_published=pl.lit(None, money),
            restatement=pl.lit(None, money),
        )
        .select(marts.YEAR_OVER_YEAR.schema.names())
        .sort(marts.YEAR_OVER_YEAR.key)
    )


class OwnReports:
    """What the year before states in its own report, for rows that come slice after slice, years ascending.

    Only amounts that a later slice will ask for are kept, until it has asked.
    """

    def __init__(self, reports: pl.DataFrame) -> None:
        """`reports`: report_id, fiscal_year and publisher of every report of the release."""
        known = reports.filter(pl.col("region_code") != UNKNOWN_REGION, pl.col("entity_key") != "")
        before = known.select(
            *PUBLISHER, (pl.col("fiscal_year") + 1).cast(pl.Int16).alias("fiscal_year"), prior="report_id"
        )
        self._pairs = known.join(before, on=[*PUBLISHER, "fiscal_year"], validate="1:1").select("report_id", "prior")
        self._stated = marts.YEAR_OVER_YEAR.frame().select("report_id", "concept", "current")

    def fill_in(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The same rows of marts.year_over_year with prior_published and restatement."""
        money = marts.YEAR_OVER_YEAR.schema["current"]
        asked_for = rows.join(self._pairs, left_on="report_id", right_on="prior", how="semi")
        self._stated = pl.concat([self._stated, asked_for.select(self._stated.columns)])
        own = self._stated.select("concept", prior="report_id", own_report="current")
        filled = (
            rows.join(self._pairs, on="report_id", how="left", validate="m:1")
            .join(own, on=["prior", "concept"], how="left", validate="m:1")
            .with_columns(
                prior_published=pl.col("own_report"),
                restatement=(pl.col("implied_prior") - pl.col("own_report")).cast(money),
            )
            .select(marts.YEAR_OVER_YEAR.schema.names())
        )
        asked = self._pairs.join(rows, on="report_id", how="semi")
        self._stated = self._stated.join(asked, left_on="report_id", right_on="prior", how="anti")
        return filled


def percent(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    """100 × part / whole of two amounts in yuan, rounded half up (away from zero) to two decimals; null for a whole of 0.

    Counted in whole ten-thousandths of a yuan: decimal division would round half to even.
    """
    a, b = ((amount * 10_000).cast(pl.Int128) for amount in (part, whole))
    b = pl.when(b != 0).then(b)
    hundredths = (20_000 * a.abs() + b.abs()) // (2 * b.abs()) * a.sign() * b.sign()
    return (hundredths.cast(pl.Decimal(38, 6)) * pl.lit("0.01").cast(pl.Decimal(3, 2))).cast(NUMBER)
