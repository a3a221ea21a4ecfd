"""The annual collection as a Prefect flow: fetch → read → extract → reconcile → compare → audit → publish → site."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast

import polars as pl
from prefect import State, flow, task
from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.runtime import deployment, flow_run
from prefect.states import Completed, Failed
from prefect.utilities.annotations import quote

from expectations import acknowledgements
from expectations.tables import ACKNOWLEDGEMENTS
from flows import compare as comparing
from flows import release
from flows.artifacts import address, by_source, progress_artifact
from flows.attempts import Attempts
from flows.attempts import collected as attempted
from flows.batches import Batch, assign
from flows.collected import TOLD, Collected
from flows.events import tell_what_is_new
from flows.folder import Folder
from flows.inputs import acknowledged_file, collect
from flows.mirror import Mirror
from flows.progress import tell
from flows.revision import digest, revision
from flows.roster import expected
from flows.site import site_of_release
from flows.summary import Summary, headline, markdown, message
from flows.today import today
from flows.visits import locations, visit_all
from flows.work import Work, by_key
from schemas.raw import FETCHES, LISTINGS
from schemas.validate import validate, write
from tasks import fetch as fetching
from tasks.fetch import Catalogue, RawStore
from tasks.fetch.sites.collect import Collection
from tasks.publish.releases import current

Obtained = tuple[pl.DataFrame, list[Batch]]
"""raw.fetches of the locations that count, and the batches of their documents."""

Obtain = Callable[[Folder, Catalogue, str, Attempts], Obtained]

DAY = 24 * 60 * 60
"""Seconds after which a run is given up: it waits for a site that will not end."""


def _run_name() -> str:
    """What the list of flow runs calls this one: the flow, the fiscal year, the data folder's name."""
    told: Mapping[str, Any] = flow_run.get_parameters()
    year = _scope(told.get("year"), told.get("previous_year", False)) or "all-years"
    return f"{flow_run.get_flow_name()}-{year}-{Path(told.get('data', 'data')).resolve().name}"


@flow(name="annual", flow_run_name=_run_name, timeout_seconds=DAY)
def annual(
    inputs: list[str] | None = None,
    data: str = "data",
    year: int | None = None,
    previous_year: bool = False,
    acknowledged: str | None = None,
    site: bool = True,
) -> State[Any]:
    """Collects the final accounts of a fiscal year, recomputes every total, and publishes what adds up.

    Every report that passes is published, whatever becomes of the others; the flow run fails when one is
    held, unreadable or missing, and tells why. When it is retried, only what failed is done again. The
    state's data is a `flows.summary.Summary`.

    Args:
        inputs: source catalogues (.toml), folders or report files; the bundled sample reports without any.
        data: the data folder, or the URL of one in an object store.
        year: only reports of this fiscal year; the others are left aside.
        previous_year: without a year: only reports of the fiscal year before the one of the run's own day.
        acknowledged: the file of acknowledged findings; else the one that the catalogue names, else
            acknowledged.csv in the data folder.
        site: also make the site of what is published.
    """
    with progress_artifact():
        return _publish(inputs, data, _scope(year, previous_year), acknowledged, _look, site=site)


@flow(name="re-audit", flow_run_name=_run_name, timeout_seconds=DAY)
def reaudit(
    inputs: list[str] | None = None,
    data: str = "data",
    year: int | None = None,
    acknowledged: str | None = None,
    anew: bool = False,
    site: bool = True,
) -> State[Any]:
    """Audits and publishes what is collected already, with the acknowledgements of now; asks no site for anything.

    Args:
        inputs: the catalogues, folders or files that were collected; the bundled sample reports without any.
        data: the data folder, or the URL of one in an object store.
        year: only reports of this fiscal year; the others are left aside.
        acknowledged: the file of acknowledged findings; else the one that the catalogue names, else
            acknowledged.csv in the data folder.
        anew: audit and publish again what stands already, as when pages or marts were lost.
        site: also make the site of what is published.
    """
    with progress_artifact():
        return _publish(inputs, data, year, acknowledged, _recall, site=site, anew=anew)


@flow(name="backfill")
def backfill(
    years: list[int],
    inputs: list[str] | None = None,
    data: str = "data",
    acknowledged: str | None = None,
    site: bool = True,
) -> State[Any]:
    """Collects several fiscal years, one after the other, each as the flow `annual` does.

    It fails when one of them fails; when it is retried, the years that are complete are left alone.

    Args:
        years: the fiscal years, the earliest first, so that each one is held against the year before.
        inputs: source catalogues (.toml), folders or report files; the bundled sample reports without any.
        data: the data folder, or the URL of one in an object store.
        acknowledged: the file of acknowledged findings; else the one that the catalogue names, else
            acknowledged.csv in the data folder.
        site: also make the site of what is published, after each year.
    """
    states = {
        year: annual(inputs, data=data, year=year, acknowledged=acknowledged, site=site, return_state=True)
        for year in years
    }
    told = "; ".join(f"{year}: {state.message}" for year, state in states.items())
    failed = any(not state.is_completed() for state in states.values())
    return Failed(message=told) if failed else Completed(message=told)


def _scope(year: int | None, previous_year: bool) -> int | None:
    """The fiscal year of interest, or none for all."""
    return year or (today().year - 1 if previous_year else None)


def _publish(
    inputs: list[str] | None,
    data: str,
    year: int | None,
    acknowledged: str | None,
    obtain: Obtain,
    *,
    site: bool,
    anew: bool = False,
) -> State[Any]:
    """All stages. `obtain` gives raw.fetches and the batches of its documents; anew: audit and publish even what stands;
    site: make the site too.
    """
    mirror = Mirror.of(data)
    folder = Folder(mirror.root)
    folder.check_writable()
    with folder.held():
        folder.sweep()
        mirror.bring()
        state = _collect(folder, inputs or [], year, acknowledged, obtain, anew, site, mirror)
        mirror.send()
        return state


def _collect(
    folder: Folder,
    inputs: list[str],
    year: int | None,
    acknowledged: str | None,
    obtain: Obtain,
    anew: bool,
    site: bool,
    mirror: Mirror,
) -> State[Any]:
    """The run, in a folder that no other run works on; `annual` tells what its arguments are."""
    day = today()
    catalogue = collect(inputs)
    file, named = acknowledged_file(Path(acknowledged) if acknowledged else None, catalogue, folder)
    reviewed = validate(acknowledgements.load(file, named), ACKNOWLEDGEMENTS)
    attempts = Attempts.of_run(folder, year)
    work = Work(folder)
    fetches, batches = obtain(folder, catalogue, _run_id(), attempts)
    attempts.keep(fetches)
    mirror.send_raw()
    files = work.batches(batches)
    collected = Collected(folder, fetches, files, _sources(catalogue), year, expected(catalogue, year, day))
    field = comparing.field(collected)
    done = work.once(compare, _compare_key(batches, field), collected=quote(collected), field=quote(field))
    collected = replace(collected, files=[*files, *done["files"]])
    acknowledgements.verify(file, collected.checks, collected.reports)
    keys = _keys(collected, batches, reviewed, day)
    work.once(audit, keys["audit"], again=anew, collected=quote(collected), reviewed=quote(reviewed), day=day)
    standing = work.stored(keys["publish"])
    now = current(folder.marts)
    published = work.once(
        publish,
        keys["publish"],
        again=anew or not standing or not now or standing["summary"]["release"] != now.name,
        collected=quote(collected),
        reviewed=quote(reviewed),
        day=day,
        audited=keys["audit"],
    )
    tell_what_is_new(now, current(folder.marts))
    nothing: tuple[None, list[str]] = (None, [])
    made, unmade = site_of_release(work, keys["publish"], collected, reviewed, day, anew=anew) if site else nothing
    return _end(
        collected,
        attempts,
        published["summary"]
        | {"work": work.told(), "broken": [*work.broken(), *unmade], "acknowledged": str(file), "site": made},
    )


def _look(folder: Folder, catalogue: Catalogue, run_id: str, attempts: Attempts) -> Obtained:
    """Sites are visited, and sources that name their reports are fetched."""
    # All attempts of a run have one id.
    run_id = next(iter(attempts.standing()["run_id"]), run_id)
    visited = visit_all(folder, catalogue, run_id, attempts)
    found: Any = fetch(folder.root, quote(catalogue), run_id, attempts, quote(visited))  # type: ignore[call-overload]
    return cast(Obtained, found)


def _recall(folder: Folder, catalogue: Catalogue, run_id: str, attempts: Attempts) -> Obtained:
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
    return fetches, assign(folder, Collected(folder, fetches, [], _sources(catalogue)).documents)


@task(cache_key_fn=by_key, persist_result=True, result_serializer="json")
def compare(key: str, collected: Collected, field: comparing.Field) -> dict[str, Any]:
    """Holds the reports against those of the year before."""
    return {"files": comparing.compare(collected, field, key), "settled": True}


@task(cache_key_fn=by_key, persist_result=True, result_serializer="json")
def audit(key: str, collected: Collected, reviewed: pl.DataFrame, day: date) -> dict[str, Any]:
    """Runs the expectations over everything that the run collected."""
    return {"files": release.audit(collected, reviewed, key, day), "settled": True}


@task(cache_key_fn=by_key, persist_result=True, result_serializer="json")
def publish(key: str, collected: Collected, reviewed: pl.DataFrame, day: date, audited: str) -> dict[str, Any]:
    """Builds the marts of what passed, audits them, and switches to the new release."""
    summary = release.publish(collected, reviewed, audited, day)
    # The pages are of the last run: this one's are there as long as nobody else's replaced the mark.
    mark = collected.folder.docs / f".{key}"
    mark.touch()
    return {"files": [collected.folder.relative(mark)], "settled": not summary["blocked"], "summary": summary}


def _run_id() -> str:
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}-{str(flow_run.get_id())[-8:]}"


def _compare_key(batches: list[Batch], field: comparing.Field) -> str:
    """Key of the comparison: what the batches found, which reports are compared, and the code that compares."""
    return digest([*(batch.keys["reconcile"] for batch in batches), field.told, revision("compare")])


def _keys(collected: Collected, batches: list[Batch], reviewed: pl.DataFrame, day: date) -> dict[str, str]:
    """Keys of audit and publication: what they look at, who reviewed what, and the code that looks."""
    live = reviewed.filter(pl.col("until").is_null() | (pl.col("until") >= day))
    audit_key = digest(
        [
            *(batch.keys["reconcile"] for batch in batches),
            *collected.files,
            collected.fetch_outcomes.write_csv(),
            collected.expected.write_csv(),
            collected.objects.write_csv(),
            collected.roster.write_ndjson(),
            str(collected.year),
            reviewed.write_csv(),
            live["finding"].str.join(" ").item(),
            revision("audit"),
        ]
    )
    return {"audit": audit_key, "publish": digest([audit_key, revision("publish")])}


def _sources(catalogue: Catalogue) -> dict[str, dict[str, Any]]:
    """By name, what the catalogue tells of a source."""
    return {source.name: source.model_dump(include=set(TOLD)) for source in catalogue.sources}


def _end(collected: Collected, attempts: Attempts, summary: Summary) -> State[Any]:
    """The flow run's end, with the artifacts that tell it in Prefect's UI."""
    folder = collected.folder
    pages = address(folder)
    create_link_artifact(key="data-docs", link=f"{pages}/index.html", description="The audit of this run.")
    if summary.get("site"):
        create_link_artifact(
            key="site", link=f"{folder.site.absolute().as_uri()}/index.html", description="The site of the release."
        )
    create_table_artifact(by_source(collected.fetches, summary), key="coverage", description="The worst sources first.")
    if not (summary["entries"] or summary["blocked"] or summary["broken"]):
        attempts.end()
        return Completed(message=headline(summary), data=summary)
    attempts.keep(collected.fetches, [entry["url"] for entry in summary["entries"]])
    create_markdown_artifact(key="not-published", markdown=markdown(summary, folder.root, folder.docs, pages))
    # Where a deployment runs it, Prefect raises what a failed run has for its data, which nobody there asks for.
    return Failed(message=message(summary), data=None if deployment.get_id() else summary)
