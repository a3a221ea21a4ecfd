"""Where a run's documents come from: sites and files looked at now, or what was found when they were looked at last."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import polars as pl
from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.utilities.annotations import quote

from flows.attempts import Attempts
from flows.attempts import collected as attempted
from flows.batches import Batch, assign
from flows.collected import TOLD, Collected
from flows.folder import Folder
from flows.progress import tell
from flows.visits import locations, visit_all
from schemas.raw import FETCHES, LISTINGS
from schemas.validate import write
from tasks import fetch as fetching
from tasks.fetch import Catalogue, RawStore
from tasks.fetch.sites.collect import Collection

Obtained = tuple[pl.DataFrame, list[Batch]]
"""raw.fetches of the locations that count, and the batches of their documents."""

Obtain = Callable[[Folder, Catalogue, str, Attempts], Obtained]


def look_afresh(folder: Folder, catalogue: Catalogue, run_id: str, attempts: Attempts) -> Obtained:
    """Sites are visited, and sources that name their reports are fetched."""
    # All attempts of a run have one id.
    run_id = next(iter(attempts.standing()["run_id"]), run_id)
    visited = visit_all(folder, catalogue, run_id, attempts)
    found: Any = fetch(folder.root, quote(catalogue), run_id, attempts, quote(visited))  # type: ignore[call-overload]
    return cast(Obtained, found)


def look_back(folder: Folder, catalogue: Catalogue, run_id: str, attempts: Attempts) -> Obtained:
    """What stands from when sources were looked at last."""
    found: Any = recall(folder.root, quote(catalogue), run_id, attempts)  # type: ignore[call-overload]
    return cast(Obtained, found)


@task(cache_policy=NO_CACHE)
def fetch(
    root: Path, catalogue: Catalogue, run_id: str, attempts: Attempts, visited: Collection
) -> tuple[pl.DataFrame, list[Batch]]:
    """Fetches every source that names its reports, but for what an earlier attempt of this run has fetched and published.

    Writes raw.fetches and raw.listings of the run, which have the rows of all its attempts; gives the locations that
    count now with the batches of all documents. `visited`: what came of the sites.
    """
    folder = Folder(root)
    standing = attempts.standing()
    attempts.keep_whole(visited.whole)
    fetched = fetching.fetch(catalogue, RawStore(folder.raw), run_id, folder.all_fetches(), standing=standing)
    now = pl.concat([fetched.fetches, visited.fetches])
    tried = [pl.read_parquet(each) for each in [folder.fetches(run_id)] if each.is_file()]
    write(
        pl.concat([*tried, now]).unique(FETCHES.key, keep="first", maintain_order=True), FETCHES, folder.fetches(run_id)
    )
    if not visited.listings.is_empty():
        write(visited.listings, LISTINGS, folder.listings(run_id))
    ended = locations(now)
    tell("fetch", ended.filter(outcome="fetched").height, ended.height, standing.height, what="documents")
    documents = pl.concat([fetched.documents, visited.documents])
    return ended, assign(folder, documents.unique("document", keep="first", maintain_order=True))


@task(cache_policy=NO_CACHE)
def recall(root: Path, catalogue: Catalogue, run_id: str, attempts: Attempts) -> tuple[pl.DataFrame, list[Batch]]:
    """What `fetch` gave when it last looked at these sources."""
    folder = Folder(root)
    earlier = folder.all_fetches()
    fetches = attempted(FETCHES.frame() if earlier is None else earlier, catalogue, run_id)
    tell("fetch", fetches.filter(outcome="fetched").height, fetches.height, fetches.height, what="documents")
    return fetches, assign(folder, Collected(folder, fetches, [], told_of_sources(catalogue)).documents)


def told_of_sources(catalogue: Catalogue) -> dict[str, dict[str, Any]]:
    """By name, what the catalogue tells of a source."""
    return {source.name: source.model_dump(include=set(TOLD)) for source in catalogue.sources}
