"""What a run fetched stands when it is retried, except for what was not published.

A retry in Prefect runs the whole flow again under the same flow run. Everything behind the fetching is kept by
content and code anyway; this keeps, by flow run, the rows of raw.fetches that need not be asked for again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
from prefect.runtime import deployment, flow_run

from flows.folder import Folder
from schemas.raw import FETCHES
from schemas.validate import save, write
from tasks.fetch import Catalogue
from tasks.fetch.sites.collect import WHOLE


@dataclass(frozen=True, slots=True)
class Attempts:
    """The attempts of one flow run. `file`: what stands; none for runs that nobody can retry, which no deployment made."""

    file: Path | None

    @classmethod
    def of_run(cls, folder: Folder, year: int | None) -> Attempts:
        """Those of the flow run that this is part of; a run for several years keeps each year's."""
        name = f"{flow_run.get_root_flow_run_id()}-{year or 'all'}.parquet"
        return cls(folder.attempts / name if deployment.get_id() else None)

    def standing(self) -> pl.DataFrame:
        """Rows of raw.fetches that need not be asked for again; none in a first attempt."""
        return pl.read_parquet(self.file) if self.file and self.file.is_file() else FETCHES.frame()

    def keep(self, fetches: pl.DataFrame, failed: Iterable[str] = ()) -> None:
        """Lets stand what was fetched, but for the documents at the locations that failed at a later stage."""
        if self.file:
            anew = fetches.filter(pl.col("url").is_in(list(failed)))["document"].drop_nulls()
            stands = fetches.drop_nulls("document").filter(~pl.col("document").is_in(anew.implode()))
            write(stands, FETCHES, self.file)

    def whole(self) -> pl.DataFrame:
        """Links of sites that gave a report with all its files (WHOLE); what of it stands is for `standing` to say."""
        return pl.read_parquet(self._links) if self._links and self._links.is_file() else WHOLE.to_frame()

    def keep_whole(self, links: pl.DataFrame) -> None:
        """Lets the links of sites be known to the next attempt."""
        if self._links:
            save(links, self._links)

    def end(self) -> None:
        """The run is complete: there is nothing to retry."""
        for file in filter(None, (self.file, self._links)):
            file.unlink(missing_ok=True)

    @property
    def _links(self) -> Path | None:
        return self.file and self.file.with_name(f"{self.file.stem}-links.parquet")


def collected(earlier: pl.DataFrame, catalogue: Catalogue, run_id: str) -> pl.DataFrame:
    """raw.fetches of what is collected already: of each source its last run, of each location there the last row.

    `earlier`: raw.fetches of all runs. A source that was never collected has a row that says so.
    """
    names = pl.DataFrame({"source": [source.name for source in catalogue.sources]})
    places = {source.name: source.location for source in catalogue.sources}
    last = (
        names.join(earlier, on="source", maintain_order="left")
        .sort("fetched_at", maintain_order=True)
        .filter(pl.col("run_id") == pl.col("run_id").last().over("source"))
        .unique(["source", "url"], keep="last", maintain_order=True)
    )
    never = names.join(last, on="source", how="anti").with_columns(
        run_id=pl.lit(run_id),
        url=pl.col("source").replace_strict(places, return_dtype=pl.String),
        fetched_at=pl.lit(datetime.now(UTC)),
        outcome=pl.lit("failed"),
        role=pl.lit("report"),
        message=pl.lit("It has not been collected yet: run the deployment annual."),
    )
    rows = pl.concat([last, never], how="diagonal_relaxed").select(FETCHES.schema.names())
    return names.join(rows, on="source", maintain_order="left_right").select(FETCHES.schema.names())
