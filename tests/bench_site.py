"""What the site costs: time to make it, room, its largest page, and how soon a browser shows one."""

from __future__ import annotations

import shutil
import time
from datetime import date
from pathlib import Path

import polars as pl
from playwright.sync_api import sync_playwright

from flows.collected import Collected
from flows.site import Kept
from tasks.publish.releases import current
from tasks.publish.site import build

PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"


def measure_site(collected: Collected, reviewed: pl.DataFrame) -> None:
    """Prints the measurements of the site of the release that the folder of a run has."""
    folder = collected.folder
    release = current(folder.marts)
    assert release
    seconds = []
    for _ in range(2):
        begun = time.process_time()
        built = build(release, folder.site, Kept.of(collected, reviewed, date.today()), "bench")
        seconds.append(time.process_time() - begun)
    reports = len(list((folder.site / "reports").iterdir()))
    print(f"site of {reports:,} reports, in process")
    print(f"  {'all pages':22} {1000 * seconds[0] / reports:8.2f} ms/report {seconds[0]:8.1f} s CPU")
    print(f"  {'nothing has changed':22} {1000 * seconds[1] / reports:8.2f} ms/report {seconds[1]:8.1f} s CPU")
    print(
        f"  {built.pages:,} pages, {built.bytes / 1e6:,.0f} MB; the largest {built.largest_bytes / 1e3:,.0f} KB: {built.largest}"
    )
    _measure_paint([folder.site / name for name in ("index.html", built.largest)])


def _measure_paint(pages: list[Path]) -> None:
    """Prints when a browser without a network first shows something of each page; the second of two visits counts."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for page in pages:
            tab = browser.new_page()
            for _ in range(2):
                tab.goto(page.as_uri())
                tab.wait_for_function(f"{PAINT} > 0")
            print(f"  {'first paint, ' + page.name:36} {tab.evaluate(PAINT):8.0f} ms")
        browser.close()
