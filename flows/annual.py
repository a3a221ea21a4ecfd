"""The annual collection as a Prefect flow: fetch → read → extract → reconcile → compare → audit → publish → site."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from prefect import State, flow
from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact
from prefect.runtime import deployment, flow_run
from prefect.states import Completed, Failed
from prefect.utilities.annotations import quote

from expectations import acknowledgements
from expectations.tables import ACKNOWLEDGEMENTS
from flows import compare as comparing
from flows.artifacts import address, by_source, progress_artifact
from flows.attempts import Attempts
from flows.collected import Collected
from flows.events import tell_what_is_new
from flows.folder import Folder
from flows.inputs import acknowledged_file, collect
from flows.mirror import Mirror
from flows.obtain import Obtain, look_afresh, look_back, told_of_sources
from flows.roster import expected
from flows.site import site_of_release
from flows.steps import audit, compare, compare_key, keys_of, publish
from flows.summary import Summary, headline, markdown, message
from flows.today import today
from flows.work import Work
from schemas.validate import validate
from tasks.publish.releases import current

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
        return _publish(inputs, data, _scope(year, previous_year), acknowledged, look_afresh, site=site)


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
        return _publish(inputs, data, year, acknowledged, look_back, site=site, anew=anew)


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
    collected = Collected(folder, fetches, files, told_of_sources(catalogue), year, expected(catalogue, year, day))
    field = comparing.field(collected)
    done = work.once(compare, compare_key(batches, field), collected=quote(collected), field=quote(field))
    collected = replace(collected, files=[*files, *done["files"]])
    acknowledgements.verify(file, collected.checks, collected.reports)
    keys = keys_of(collected, batches, reviewed, day)
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


def _run_id() -> str:
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}-{str(flow_run.get_id())[-8:]}"


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
