"""A release in the making: the run and what it leaves of the release before, put together a slice at a time.

A slice is some reports that follow each other by year, region and report_id, so that memory is bounded by
a slice, however many there are, and every table is written in that order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from schemas.marts import BY_NAME
from schemas.table import Table
from tasks.publish.coverage import settle
from tasks.publish.identity import slot
from tasks.publish.marts import Marts
from tasks.publish.year_over_year import PUBLISHER, OwnReports

SLICE = 100_000
"""About so many facts are held in memory at a time."""

PLACE = ("fiscal_year", "region_code", "report_id")
_IDENTITY = (*PLACE, *(name for name in PUBLISHER if name not in PLACE))


@dataclass(frozen=True, slots=True)
class Before:
    """What a run leaves of the release before: publications that it has not read again, also to hold them now.

    tables: of that release, in the columns of today. reports: those of its reports that stay.
    told: the reports, published or held, whose findings stay, with the number of these.
    """

    tables: Mapping[str, pl.LazyFrame]
    reports: pl.DataFrame
    told: pl.DataFrame

    def slice(self, part: pl.DataFrame) -> dict[str, pl.DataFrame]:
        """The rows of all tables but coverage that stay and belong to these reports."""
        kept, told = (part.join(own, on="report_id", how="semi") for own in (self.reports, self.told))
        return {
            name: rows_of(table, told if name == "findings" else kept)
            for name, table in self.tables.items()
            if name != "coverage"
        }


def leave(tables: Mapping[str, pl.LazyFrame], run: Marts) -> Before:
    """What the run leaves of the release with these tables."""
    reports = _untouched(tables["reports"].collect(), run.touched)
    told = tables["findings"].group_by(_IDENTITY).agg(findings=pl.len()).collect(engine="streaming")
    return Before(tables, reports, _untouched(told, run.touched))


def slices(run: Marts, before: Before | None) -> Iterator[dict[str, pl.DataFrame]]:
    """The rows of all tables but coverage, each table in the order of `order`, a slice after the other."""
    own = [run.reports.select(*_IDENTITY, size="facts")]
    if before:
        held = before.told.join(before.reports, on="report_id", how="anti")
        own += [before.reports.select(*_IDENTITY, size="facts"), held.select(*_IDENTITY, size="findings")]
    reports = pl.concat(own, how="vertical_relaxed").sort(PLACE)
    published = [run.reports.filter(pl.col("status") != "held"), *([before.reports] if before else [])]
    earlier = OwnReports(pl.concat(part.select(_IDENTITY) for part in published))
    number = pl.col("size").cum_sum() // SLICE
    for part in reports.with_columns(slice=number).partition_by("slice", maintain_order=True):
        tables = run.slice(run.reports.join(part, on="report_id", how="semi"))
        if before:
            tables = {name: pl.concat([rows, tables[name]]) for name, rows in before.slice(part).items()}
        tables["year_over_year"] = earlier.fill_in(tables["year_over_year"])
        yield {name: rows.sort(order(BY_NAME[name])) for name, rows in tables.items()}


def coverage(run: Marts, before: Before | None) -> pl.DataFrame:
    """The mart coverage of the run and the release before: what was published stays so while its report is kept."""
    now = run.coverage
    if before:
        old = before.tables["coverage"].collect()
        published = pl.col("status") == "published"
        stays = old.filter(published).join(before.reports, on="report_id", how="semi")
        others = old.filter(~published).join(now, on="url", how="anti")
        others = others.join(run.touched, on="report_id", how="anti")
        now = settle(pl.concat([stays, others, now]))
    return now.sort(order(BY_NAME["coverage"]))


def order(table: Table) -> list[str]:
    """The columns that a table of a release is sorted by: year, region and report, then the rest of its key.

    Tables that are there at once are sorted by their keys.
    """
    if table.name == "coverage" or table.layer != "marts":
        return list(table.key)
    return list(dict.fromkeys((*PLACE, *table.key)))


def _untouched(reports: pl.DataFrame, touched: pl.DataFrame) -> pl.DataFrame:
    """Those of the reports that the run has not read again, as the same document or as the same publication."""
    return (
        reports.with_columns(slot())
        .join(touched, on="slot", how="anti")
        .join(touched, on="report_id", how="anti")
        .drop("slot")
    )


def rows_of(table: pl.LazyFrame, reports: pl.DataFrame) -> pl.DataFrame:
    """The rows of some reports. Their years come first: a file that is sorted by them need not be read as a whole."""
    years = pl.col("fiscal_year").is_between(reports["fiscal_year"].min(), reports["fiscal_year"].max())
    return table.filter(years, pl.col("report_id").is_in(reports["report_id"].implode())).collect(engine="streaming")
