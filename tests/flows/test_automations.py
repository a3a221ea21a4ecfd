"""Who is told what of a run, at a real server and a real receiver."""

import subprocess
import sys
import time
from typing import Any
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest

from flows.automations import OURS, declared
from tests.flows.conftest import Served, Site, environment
from tests.flows.test_serve import written

ROSTER = "entity,region_code,kind,from,until\n某区看不见的局,510403,部门,2019,2019\n"


def told_of(site: Site, run: str, seconds: float = 40) -> list[dict[str, Any]]:
    """What the site was told of a run, with a while for what must not come any more."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and not any(run in each["link"] for each in site.sent):
        time.sleep(0.5)
    time.sleep(4)
    return [each for each in site.sent if run in each["link"]]


def names(automations: list[Any]) -> set[str]:
    return {each["name"] if isinstance(each, dict) else each.name for each in automations}


TOLD = {f"{OURS}a run that failed is told", f"{OURS}late reports are told"}
MARKED = {f"{OURS}a run that has vanished is marked"}


def test_without_a_webhook_none_is_called_and_a_single_worker_needs_no_mark() -> None:
    assert names(declared(uuid4(), alone=False)) == TOLD | MARKED
    assert names(declared(uuid4(), alone=True)) == TOLD
    assert names(declared(None, alone=False)) == MARKED
    assert declared(None, alone=True) == []


def test_a_failed_run_is_told_once_with_its_name_the_cause_and_where_to_look(serve: Served, site: Site) -> None:
    (serve.home / "6-held.txt").write_bytes(written(6, "expenditure_current_year"))
    run = serve.start("annual", "annual", inputs=["6-held.txt"], previous_year=False, data="told")
    failed = serve.ended(run)
    (told,) = told_of(site, run)
    assert (told["told"], told["run"], told["state"]) == ("failed", "annual-all-years-told", "Failed")
    assert told["cause"] == failed["state"]["message"] and told["cause"].startswith("0 published, 1 held: ")
    assert told["link"] == f"{serve.address}/runs/flow-run/{run}"
    assert told["text"] == f"annual-all-years-told Failed: {told['cause']}"
    with urlopen(Request(told["link"], headers={"Accept": "text/html"}), timeout=30) as page:
        assert b"<html" in page.read()
    of_run = {"event": {"name": ["juesuan.reports.held"]}, "related": {"id": [f"prefect.flow-run.{run}"]}}
    (held,) = serve.api("events/filter", {"filter": of_run})["events"]
    assert held["payload"]["count"] == len(held["payload"]["reports"]) == 1


def test_a_run_that_publishes_everything_is_not_told(serve: Served, site: Site) -> None:
    (serve.home / "2-sound.txt").write_bytes(written(2))
    run = serve.start("annual", "annual", inputs=["2-sound.txt"], previous_year=False, data="sound")
    assert serve.ended(run)["state_type"] == "COMPLETED"
    assert told_of(site, run, seconds=4) == []


@pytest.mark.parametrize("attempt", ["the first time", "the second time"])
def test_a_late_report_is_told_once(serve: Served, site: Site, attempt: str) -> None:
    (serve.home / "0-sound.txt").write_bytes(written(0))
    (serve.home / "roster.csv").write_text(ROSTER, encoding="utf-8")
    catalogue = 'fiscal_year = 2019\nroster = "roster.csv"\n[[source]]\nname = "a"\npath = "0-sound.txt"\n'
    (serve.home / "late.toml").write_text(catalogue, encoding="utf-8")
    run = serve.start("annual", "annual", inputs=["late.toml"], previous_year=False, data="late")
    assert serve.ended(run)["state_type"] == "FAILED"
    told = {each["told"]: each for each in told_of(site, run)}
    if attempt == "the second time":
        assert set(told) == {"failed"}
    else:
        assert set(told) == {"failed", "late"}
        assert told["late"]["reports"] == ["某区看不见的局 2019 部门"]
        assert told["late"]["text"] == "1 late: 某区看不见的局 2019 部门"


def test_the_server_is_made_what_the_file_says(serve: Served, site: Site) -> None:
    there = {each["name"]: each for each in serve.api("automations/filter", {})}
    failed = there[f"{OURS}a run that failed is told"]
    told = {name: failed[name] for name in ("name", "trigger", "actions")}
    serve.api("automations/", told | {"description": "doubled"})
    serve.api("automations/", told | {"name": f"{OURS}dropped from the file"})
    serve.api("automations/", told | {"name": "somebody else's", "enabled": False})
    serve.api(f"automations/{failed['id']}", told | {"description": "changed", "enabled": False}, method="PUT")

    more = {"PREFECT_API_URL": f"{serve.address}/api", "JUESUAN_WEBHOOK": f"{site.address}/told"}
    subprocess.run([sys.executable, "-m", "flows.automations"], env=environment(**more), check=True, timeout=120)
    after = serve.api("automations/filter", {})
    assert sorted(names(after)) == sorted(each["name"] for each in after)
    assert names(after) == TOLD | MARKED | {"somebody else's"}
    kept = {each["name"]: each for each in after}[failed["name"]]
    assert (kept["id"], kept["enabled"], kept["description"]) == (failed["id"], False, failed["description"])
    for each in after:
        if each["name"] not in TOLD:
            serve.api(f"automations/{each['id']}", method="DELETE")
