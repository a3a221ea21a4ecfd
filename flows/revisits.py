"""What a retry need not ask sites again: lists that were read to their end, and links that gave what is published."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import polars as pl

from flows.attempts import Attempts
from flows.folder import Folder
from schemas.raw import DOCUMENTS, FETCHES, LISTINGS
from tasks.fetch import Catalogue
from tasks.fetch.sites.collect import Collection
from tasks.fetch.sites.page import Link


class Earlier(NamedTuple):
    """Earlier attempts of a run. `listed`: by source, the links of its lists where these were all read; `stands`: what came
    of links that need not be followed again.
    """

    listed: Mapping[str, tuple[Link, ...]]
    stands: Collection

    def is_done(self, source: str) -> bool:
        """Whether nothing is left to be looked at of a source."""
        left = {link.url for link in self.listed.get(source, ())} - set(self.stands.whole["url"])
        return source in self.listed and not left


def earlier(folder: Folder, catalogue: Catalogue, run_id: str, attempts: Attempts) -> Earlier:
    """What stands of the sites that the run with this id has visited; nothing in a first attempt."""
    told = {source.name: source.told for source in catalogue.sources if source.listing}
    fetches = attempts.standing().filter(pl.col("source").is_in(list(told)))
    whole = (
        attempts.whole().filter(pl.col("source").is_in(list(told))).join(fetches, on=["source", "document"], how="semi")
    )
    documents = [row | told[row["source"]] for row in whole.iter_rows(named=True)]
    read = [source for source in _read(folder, run_id) if source in told]
    listings = _table(folder.listings(run_id), LISTINGS.frame()).filter(pl.col("source").is_in(read))
    links = listings.filter("taken").select("source", "url", "title").iter_rows()
    listed: dict[str, tuple[Link, ...]] = dict.fromkeys(read, ())
    for source, url, title in links:
        listed[source] += (Link(url, title),)
    return Earlier(
        listed,
        Collection(
            fetches.join(whole, on=["source", "document"], how="semi", maintain_order="left"),
            pl.DataFrame(documents, schema=DOCUMENTS.schema),
            listings,
            whole,
        ),
    )


def _read(folder: Folder, run_id: str) -> list[str]:
    """The sources of whose lists every page was read, when it was looked at last."""
    pages = _table(folder.fetches(run_id), FETCHES.frame()).filter(role="listing")
    last = pages.sort("fetched_at", maintain_order=True).unique(["source", "url"], keep="last", maintain_order=True)
    by_source = last.group_by("source", maintain_order=True).agg(failed=(pl.col("outcome") == "failed").any())
    return by_source.filter(~pl.col("failed"))["source"].to_list()


def _table(file: Path, empty: pl.DataFrame) -> pl.DataFrame:
    return pl.read_parquet(file) if file.is_file() else empty
