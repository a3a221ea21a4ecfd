"""What one run has collected and worked out, as frames over the files of its batches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from flows.folder import Folder, partition
from flows.roster import EXPECTED, named
from schemas.curated import CHECKS, CLAIMS, FACTS, MENTIONS, OUTCOMES, REPORTS
from schemas.raw import BLOCKS, DOCUMENTS
from schemas.table import Table
from tasks.fetch import RawStore

TOLD = ("fiscal_year", "region_code", "entity", "kind")
"""What a catalogue may tell of a source."""


@dataclass(frozen=True)
class Collected:
    """One run. A batch may hold documents that this run did not meet: they are left out here.

    files: of all stages of its batches. sources: by name, what the catalogue tells of a source. year: the
    only fiscal year of interest, or none; reports of other years are left aside. roster: whom the run expects
    (`flows.roster`).
    """

    folder: Folder
    fetches: pl.DataFrame
    files: Sequence[str]
    sources: Mapping[str, Mapping[str, Any]]
    year: int | None = None
    roster: pl.DataFrame = field(default_factory=EXPECTED.to_frame)

    @cached_property
    def _met(self) -> pl.DataFrame:
        """url, source and document of each location that gave one, the first location of the same bytes first."""
        return self.fetches.drop_nulls("document").select("url", "source", "document")

    @cached_property
    def _all_reports(self) -> pl.DataFrame:
        return self._met_rows(self.folder.scan(REPORTS, self.files)).collect()

    @cached_property
    def _aside(self) -> pl.DataFrame:
        """Reports of other years than the one of interest."""
        return self._all_reports.filter(pl.col("fiscal_year") != self.year) if self.year else self._all_reports.clear()

    @cached_property
    def reports(self) -> pl.DataFrame:
        """curated.reports."""
        return self._all_reports.join(self._aside, on="report_id", how="anti")

    @cached_property
    def documents(self) -> pl.DataFrame:
        """raw.documents in the order of the catalogue."""
        first = self._met.unique("document", keep="first", maintain_order=True)
        told = self._told(first).join(self._aside, on="document", how="anti")
        return told.select(DOCUMENTS.schema.names()).cast(pl.Schema(DOCUMENTS.schema))

    @cached_property
    def objects(self) -> pl.DataFrame:
        """Document and bytes of what is kept of each location; null bytes where the object is gone."""
        store = RawStore(self.folder.raw)
        documents = self._met["document"].unique(maintain_order=True)
        return pl.DataFrame(
            {"document": documents, "bytes": [store.size(each) for each in documents]},
            {"document": pl.String, "bytes": pl.Int64},
        )

    @property
    def blocks(self) -> pl.LazyFrame:
        """raw.blocks of the documents that the run met."""
        return self._met_rows(self.folder.scan(BLOCKS, self.files))

    @property
    def read_documents(self) -> pl.LazyFrame:
        """raw.documents of the batches whose blocks these are."""
        read = [Path(file).stem for file in self.files if f"{BLOCKS.layer}/{BLOCKS.name}/" in file]
        return self.folder.scan(DOCUMENTS, [self.folder.relative(self.folder.documents(name)) for name in read])

    @property
    def facts(self) -> pl.LazyFrame:
        """curated.facts."""
        return self._own(FACTS)

    def facts_of(self, reports: pl.DataFrame) -> pl.LazyFrame:
        """curated.facts of some reports."""
        return self._of(FACTS, reports)

    @property
    def mentions(self) -> pl.LazyFrame:
        """curated.mentions."""
        return self._own(MENTIONS)

    def mentions_of(self, reports: pl.DataFrame) -> pl.LazyFrame:
        """curated.mentions of some reports."""
        return self._of(MENTIONS, reports)

    def claims_of(self, reports: pl.DataFrame) -> pl.LazyFrame:
        """curated.claims of some reports."""
        return self._of(CLAIMS, reports)

    @property
    def checks(self) -> pl.LazyFrame:
        """curated.checks as the equations say, before anybody's acknowledgement."""
        return self._own(CHECKS)

    def checks_of(self, reports: pl.DataFrame) -> pl.LazyFrame:
        """curated.checks of some reports, as the equations say."""
        return self._of(CHECKS, reports)

    @cached_property
    def outcomes(self) -> pl.DataFrame:
        """curated.outcomes of every stage up to the audit."""
        of_batches = self._met_rows(self.folder.scan(OUTCOMES, self.files)).collect()
        return pl.concat([self.fetch_outcomes, of_batches])

    @cached_property
    def fetch_outcomes(self) -> pl.DataFrame:
        """curated.outcomes of the stage `fetch`: a location that failed is missing, a second copy superseded."""
        first = pl.col("url").first().over("document")
        copy = pl.col("document").is_not_null() & (pl.col("url") != first)
        failed = pl.col("document").is_null()
        return self.fetches.select(
            "source",
            "url",
            "document",
            pl.lit(None, pl.String).alias("report_id"),
            pl.lit("fetch").alias("stage"),
            pl.when(failed)
            .then(pl.lit("missing"))
            .when(copy)
            .then(pl.lit("superseded"))
            .otherwise(pl.lit("done"))
            .alias("outcome"),
            pl.when(failed)
            .then(pl.col("message").fill_null("It could not be fetched."))
            .when(copy)
            .then(pl.format("It is the same document as {}, or a part of it.", first))
            .otherwise(pl.lit(""))
            .alias("message"),
        )

    @property
    def expected(self) -> pl.DataFrame:
        """Source locations in scope with what the catalogue tells of them: source, url, TOLD, and entity_key."""
        gone = pl.concat([self.fetch_outcomes.filter(outcome="superseded").select("url"), self._aside.select("url")])
        told = self._told(self.fetches.select("source", "url")).join(gone, on="url", how="anti")
        return told.with_columns(entity_key=named(told))

    @property
    def fetches_in_scope(self) -> pl.DataFrame:
        """raw.fetches without the documents of other years."""
        return self.fetches.join(self._aside, on="document", how="anti")

    def _met_rows(self, rows: pl.LazyFrame) -> pl.LazyFrame:
        """Those rows that are of documents which the run met."""
        return rows.filter(pl.col("document").is_in(self._met["document"].unique().implode()))

    def _own(self, table: Table) -> pl.LazyFrame:
        return self._of(table, self.reports)

    def _of(self, table: Table, reports: pl.DataFrame) -> pl.LazyFrame:
        """The rows of some reports. Only the partitions that these are in are looked at."""
        places = reports.select("fiscal_year", "region_code").unique(maintain_order=True).rows()
        files = [file for place in places for file in self._partitions.get(partition(table.name, *place), ())]
        return self.folder.scan(table, files).filter(pl.col("report_id").is_in(reports["report_id"].implode()))

    @cached_property
    def _partitions(self) -> dict[str, list[str]]:
        """The files of each partition of the curated tables."""
        files: dict[str, list[str]] = {}
        for file in self.files:
            files.setdefault(file.rpartition("/")[0], []).append(file)
        return files

    def _told(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame with the columns TOLD, by source."""
        schema = {"source": pl.String} | {name: DOCUMENTS.schema[name] for name in TOLD}
        rows = [(name, *(told.get(column) for column in TOLD)) for name, told in self.sources.items()]
        return frame.join(pl.DataFrame(rows, schema, orient="row"), on="source", how="left", maintain_order="left")

    @property
    def aside_outcomes(self) -> pl.DataFrame:
        """curated.outcomes of the reports of other years, under the stage that left them aside."""
        return self._aside.select(
            "source",
            "url",
            "document",
            "report_id",
            pl.lit("audit").alias("stage"),
            pl.lit("done").alias("outcome"),
            pl.format("Left aside: it is of {}, and this run is for {}.", "fiscal_year", pl.lit(self.year)).alias(
                "message"
            ),
        ).select(OUTCOMES.schema.names())
