"""The annual collection as a Prefect flow: fetch → read → extract → reconcile → compare → audit → publish."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
from prefect import State, flow, task
from prefect.artifacts import create_link_artifact, create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run
from prefect.states import Completed, Failed
from prefect.utilities.annotations import quote

from expectations import acknowledgements
from expectations.tables import ACKNOWLEDGEMENTS
from flows import compare as comparing
from flows import release
from flows.batches import Batch, assign
from flows.collected import TOLD, Collected
from flows.folder import Folder
from flows.inputs import acknowledged_file, collect
from flows.progress import tell
from flows.revision import digest, revision
from flows.roster import expected
from flows.summary import Summary, headline, markdown, message
from flows.today import today
from flows.visits import fetched_before, locations, visit_all
from flows.work import Work, by_key
from schemas.raw import FETCHES, LISTINGS
from schemas.validate import validate, write
from tasks import fetch as fetching
from tasks.fetch import Catalogue, RawStore
from tasks.fetch.sites.collect import Collection
from tasks.publish.release import current


@flow(name="annual")
def annual(
    inputs: list[str] | None = None, data: str = "data", year: int | None = None, acknowledged: str | None = None
) -> State[Any]:
    """Collects the final accounts of a fiscal year, recomputes every total, and publishes what adds up.

    Every report that passes is published, whatever becomes of the others; the flow run fails when one is
    held, unreadable or missing, and tells why. The state's data is a `flows.summary.Summary`.

    Args:
        inputs: source catalogues (.toml), folders or report files; the bundled sample reports without any.
        data: the data folder.
        year: only reports of this fiscal year; the others are left aside.
        acknowledged: the file of acknowledged findings; else the one that the catalogue names, else
            acknowledged.csv in the data folder.
    """
    folder = Folder(Path(data))
    folder.check_writable()
    with folder.held():
        return _collect(folder, inputs or [], year, acknowledged)


def _collect(folder: Folder, inputs: list[str], year: int | None, acknowledged: str | None) -> State[Any]:
    """The run, in a folder that no other run works on; `annual` tells what its arguments are."""
    folder.sweep()
    day = today()
    catalogue = collect(inputs)
    file, named = acknowledged_file(Path(acknowledged) if acknowledged else None, catalogue, folder)
    reviewed = validate(acknowledgements.load(file, named), ACKNOWLEDGEMENTS)
    work = Work(folder)
    run_id = _run_id()
    visited = visit_all(folder, catalogue, run_id)
    fetches, batches = fetch(folder.root, quote(catalogue), run_id, quote(visited))  # type: ignore[call-overload]
    files = work.batches(batches)
    sources = {source.name: source.model_dump(include=set(TOLD)) for source in catalogue.sources}
    collected = Collected(folder, fetches, files, sources, year, expected(catalogue, year, day))
    field = comparing.field(collected)
    done = work.once(compare, _compare_key(batches, field), collected=quote(collected), field=quote(field))
    collected = replace(collected, files=[*files, *done["files"]])
    acknowledgements.verify(file, collected.checks, collected.reports)
    keys = _keys(collected, batches, reviewed, day)
    work.once(audit, keys["audit"], collected=quote(collected), reviewed=quote(reviewed), day=day)
    standing = work.stored(keys["publish"])
    now = current(folder.marts)
    published = work.once(
        publish,
        keys["publish"],
        again=not standing or not now or standing["summary"]["release"] != now.name,
        collected=quote(collected),
        reviewed=quote(reviewed),
        day=day,
        audited=keys["audit"],
    )
    return _end(
        folder, published["summary"] | {"work": work.told(), "broken": work.broken(), "acknowledged": str(file)}
    )


@task(cache_policy=NO_CACHE)
def fetch(root: Path, catalogue: Catalogue, run_id: str, visited: Collection) -> tuple[pl.DataFrame, list[Batch]]:
    """Fetches every source that names its reports, and writes raw.fetches and raw.listings of the run.

    Gives the locations of raw.fetches with the batches of all documents. `visited`: what came of the sites.
    """
    folder = Folder(root)
    fetched = fetching.fetch(catalogue, RawStore(folder.raw), run_id, fetched_before(folder))
    fetches = pl.concat([fetched.fetches, visited.fetches])
    write(fetches, FETCHES, folder.fetches(run_id))
    if not visited.listings.is_empty():
        write(visited.listings, LISTINGS, folder.listings(run_id))
    ended = locations(fetches)
    tell("fetch", ended.filter(outcome="fetched").height, ended.height, what="documents")
    documents = pl.concat([fetched.documents, visited.documents])
    return ended, assign(folder, documents.unique("document", keep="first", maintain_order=True))


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


def _end(folder: Folder, summary: Summary) -> State[Any]:
    """The flow run's end, with the artifacts that tell it in Prefect's UI."""
    docs = (folder.docs / "index.html").resolve()
    create_link_artifact(key="data-docs", link=docs.as_uri(), description="The audit of this run.")
    if not (summary["entries"] or summary["blocked"] or summary["broken"]):
        return Completed(message=headline(summary), data=summary)
    create_markdown_artifact(key="not-published", markdown=markdown(summary, folder.root, folder.docs))
    return Failed(message=message(summary), data=summary)
