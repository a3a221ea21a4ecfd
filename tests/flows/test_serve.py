"""The deployments as `juesuan serve` runs them, and Retry as people press it: in the UI, in a real browser."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from random import Random
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from playwright.sync_api import Page, expect, sync_playwright

from flows.deployments import declared
from sources.writer.accounts import random_figures
from sources.writer.breaking import break_figure
from sources.writer.compose import write_report
from sources.writer.render import FORMATS
from sources.writer.wording import random_form
from tests.flows.conftest import Served, Site, alive, descendants

SHOTS = os.environ.get("JUESUAN_SCREENSHOTS")
"""Folder for pictures of the UI, as the documentation shows them."""


def written(number: int, broken: str | None = None) -> bytes:
    """A report of its own publisher; `broken` is printed as 1 万元 more than the accounts say."""
    figures, form = random_figures(Random(number), number), random_form("A", number)
    if broken:
        return FORMATS["txt"](break_figure(figures, number, broken, Decimal(1), form=form))
    return FORMATS["txt"](write_report(figures, number, form=form))


@pytest.fixture(scope="module")
def catalogue(serve: Served, site: Site) -> str:
    """Of four reports two are published, one does not add up, and one is not at its address."""
    site.pages["/0.txt"] = written(0)
    (serve.home / "2.txt").write_bytes(written(2))
    (serve.home / "6.txt").write_bytes(written(6, "expenditure_current_year"))
    places = {"early": f'url = "{site.address}/0.txt"', "late": f'url = "{site.address}/8.txt"'}
    places |= {"sound": 'path = "2.txt"', "faulty": 'path = "6.txt"'}
    sources = "".join(f'[[source]]\nname = "{name}"\n{place}\n' for name, place in places.items())
    (serve.home / "reports.toml").write_text(sources, encoding="utf-8")
    return "reports.toml"


@pytest.fixture
def page() -> Iterator[Page]:
    program = shutil.which("chromium")
    assert program, "chromium is not installed; `make test` installs it, or: apt-get install -y chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser.new_page(viewport={"width": 1280, "height": 900})
        browser.close()


def shot(page: Page, name: str, tab: str | None = None) -> None:
    if SHOTS:
        if tab:
            page.get_by_role("tab", name=tab, exact=True).click()
        page.wait_for_timeout(2_000)
        page.screenshot(path=Path(SHOTS) / name)


def test_it_says_what_it_serves(serve: Served) -> None:
    assert serve.address in serve.said
    for each in declared():
        assert each["name"] in serve.said


def test_the_annual_collection_is_due_on_mondays_from_august_to_november(serve: Served) -> None:
    until = time.monotonic() + 60
    due: list[str] = []
    while not due and time.monotonic() < until:
        time.sleep(1)
        runs = serve.api("flow_runs/filter", {"deployments": {"name": {"any_": ["annual"]}}})
        due = [run["expected_start_time"] for run in runs if run["auto_scheduled"]]
    assert due, "no run of the deployment is scheduled"
    for each in due:
        at = datetime.fromisoformat(each.replace("Z", "+00:00")).astimezone(ZoneInfo("Asia/Shanghai"))
        assert at.month in range(8, 12) and (at.isoweekday(), at.hour, at.minute) == (1, 6, 0)


def test_a_name_that_is_led_here_is_refused(serve: Served) -> None:
    with pytest.raises(HTTPError, match="400"):
        urlopen(Request(f"{serve.address}/api/health", headers={"Host": "evil.example"}), timeout=30)


def test_retry_in_the_ui_redoes_only_what_failed(serve: Served, site: Site, catalogue: str, page: Page) -> None:
    run = serve.start("annual", "annual", inputs=[catalogue], previous_year=False)
    failed = serve.ended(run)
    assert (failed["state_type"], failed["name"]) == ("FAILED", "annual-all-years-data")
    assert failed["state"]["message"].startswith("2 published, 1 held, 1 missing")
    page.goto(f"{serve.address}/v2/runs/flow-run/{run}")
    expect(page.get_by_text("2 published, 1 held, 1 missing").first).to_be_visible(timeout=30_000)
    shot(page, "ui-failed-run.png", "Artifacts")
    (artifact,) = serve.api(
        "artifacts/filter", {"artifacts": {"flow_run_id": {"any_": [run]}, "key": {"any_": ["not-published"]}}}
    )
    page.goto(f"{serve.address}/v2/artifacts/artifact/{artifact['id']}")
    expect(page.get_by_text("What to do next").first).to_be_visible(timeout=30_000)
    shot(page, "ui-artifact.png")
    page.goto(f"{serve.address}/v2/automations")
    expect(page.get_by_text("juesuan: a run that failed is told").first).to_be_visible(timeout=30_000)
    shot(page, "ui-automations.png")
    page.goto(f"{serve.address}/v2/runs/flow-run/{run}")
    told = page.request.get(f"{serve.address}/data-docs/index.html")
    assert told.ok and "1 report is held" in told.text()

    (serve.home / "6.txt").write_bytes(written(6))
    site.pages["/8.txt"] = written(8)
    page.get_by_role("button", name="Open menu").click()
    page.get_by_role("menuitem", name="Retry").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Retry").click()
    done = serve.ended(run, attempt=2)
    assert (done["state_type"], done["state"]["message"]) == ("COMPLETED", "4 published")
    expect(page.get_by_text("Completed").first).to_be_visible(timeout=30_000)
    shot(page, "ui-retry.png", "Task Runs")

    assert site.asked == {"/0.txt": 1, "/8.txt": 2}
    batches = {(stage, state): 1 for stage in ("read", "extract", "reconcile") for state in ("Cached", "Completed")}
    whole = {(stage, "Completed"): 1 for stage in ("fetch", "compare", "audit", "publish", "site")}
    assert serve.task_runs(run, attempt=2) == batches | whole
    assert pl.read_parquet(serve.home / "data" / "marts" / "current" / "reports.parquet").height == 4


def test_what_is_collected_is_audited_again_without_asking_anybody(serve: Served, site: Site, catalogue: str) -> None:
    before = dict(site.asked)
    again = serve.ended(serve.start("re-audit", "re-audit", inputs=[catalogue]))
    assert (again["state_type"], again["state"]["message"]) == ("COMPLETED", "4 published")
    assert site.asked == before


def test_a_backfill_tells_of_each_year(serve: Served) -> None:
    for number in (2, 8):
        (serve.home / f"{number}.txt").write_bytes(written(number))
    run = serve.start("backfill", "backfill", inputs=["2.txt", "8.txt"], years=[2019, 2024], data="other")
    done = serve.ended(run, seconds=240)
    year = "1 published, 1 of other years left aside"
    assert (done["state_type"], done["state"]["message"]) == ("COMPLETED", f"2019: {year}; 2024: {year}")


def test_sigterm_ends_everything(serve: Served) -> None:
    started = descendants(serve.process.pid)
    assert len(started) >= 3
    serve.process.send_signal(signal.SIGTERM)
    assert serve.process.wait(60) == 0
    assert not alive(started - {serve.process.pid})
