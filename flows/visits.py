"""Visits to sites: a task for each host, hosts at the same time, and what came of all of them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.concurrency.sync import concurrency
from prefect.utilities.annotations import quote

from flows.attempts import Attempts
from flows.folder import Folder
from flows.progress import log
from flows.revisits import Earlier, earlier
from schemas.raw import DOCUMENTS, FETCHES, LISTINGS
from tasks.fetch import Catalogue, RawStore, Source
from tasks.fetch.sites.collect import WHOLE, Collection, by_host, collect, host_of


def visit_all(folder: Folder, catalogue: Catalogue, run_id: str, attempts: Attempts) -> Collection:
    """What all sites of a catalogue gave. A host whose visit breaks is told as a failure of its lists.

    Of what earlier attempts of the run have found, only what was not published is looked at again.
    """
    previous = folder.all_fetches()
    before = earlier(folder, catalogue, run_id, attempts)
    groups = by_host(source for source in catalogue.sources if not before.is_done(source.name))
    visits = [
        visit.submit(host_of(group[0]), folder.root, quote(group), run_id, quote(previous), quote(before))  # type: ignore[call-overload]
        for group in groups
    ]
    found = [before.stands]
    for group, each in zip(groups, visits, strict=True):
        came = each.result(raise_on_failure=False)
        found.append(came if isinstance(came, Collection) else _broken(group, run_id, came))
    return Collection(
        pl.concat([FETCHES.frame(), *(each.fetches for each in found)]),
        pl.concat([DOCUMENTS.frame(), *(each.documents for each in found)]),
        pl.concat([LISTINGS.frame(), *(each.listings for each in found)]),
        pl.concat([each.whole for each in found]),
    )


@task(cache_policy=NO_CACHE, task_run_name="visit {host}")
def visit(
    host: str,
    root: Path,
    sources: tuple[Source, ...],
    run_id: str,
    previous: pl.DataFrame | None,
    before: Earlier,
) -> Collection:
    """Collects from one host what its lists lead to.

    Where the server has a concurrency limit called `host <name>`, flow runs share it; without one each run goes ahead.
    """
    with concurrency(f"host {host}", strict=False):
        store = RawStore(Folder(root).raw)
        return collect(sources, store, run_id, previous, log.info, before.listed, before.stands.whole["url"])


def locations(fetches: pl.DataFrame) -> pl.DataFrame:
    """Of raw.fetches what a report was looked for at, and the lists that nobody could read: the last word on each."""
    ended = pl.col("outcome").is_in(["fetched", "failed"])
    told = (pl.col("role") == "report") | ((pl.col("role") == "listing") & (pl.col("outcome") == "failed"))
    return fetches.filter(ended & told)


def _broken(group: tuple[Source, ...], run_id: str, error: object) -> Collection:
    told = {
        "run_id": run_id,
        "fetched_at": datetime.now(UTC),
        "role": "listing",
        "outcome": "failed",
        "message": f"The visit broke off ({type(error).__name__}: {error}); the next run takes it up again.",
    }
    rows = [told | {"source": source.name, "url": url} for source in group for url in source.listing]
    return Collection(pl.DataFrame(rows, schema=FETCHES.schema), DOCUMENTS.frame(), LISTINGS.frame(), WHOLE.to_frame())
