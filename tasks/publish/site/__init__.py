"""The static site: a release for readers, as a folder of pages that open without a server and ask nobody for anything.

`index.html` tells the release; below it a page per region, per publisher, per equation with findings, and per report. Every
page is in Chinese and in English. Names, sentences and addresses come from untrusted files: all are escaped, and the
pages' policy admits only the style and the scripts that the site brings along.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from schemas.marts import COVERAGE
from tasks.publish.pages.rendering import asset
from tasks.publish.site.entity import entities
from tasks.publish.site.folder import SiteError, Staging
from tasks.publish.site.grid import Regions, totals
from tasks.publish.site.rendering import PACKAGE, render
from tasks.publish.site.reports import Source, write_reports
from tasks.publish.site.rules import rules
from tasks.publish.site.search import index
from tasks.publish.site.shelf import Row, Shelf, shelf

__all__ = ["Built", "SiteError", "Source", "build"]

ASSETS = dict.fromkeys(("page.css", "page.js", "language.js"), "tasks.publish.pages") | dict.fromkeys(
    ("site.css", "site.js"), PACKAGE
)
"""Styles and scripts by name, with the package whose templates they stand among."""


@dataclass(frozen=True, slots=True)
class Built:
    """A site that stands: how many pages it has, and how many of them were taken over; its bytes, and its largest page."""

    pages: int
    kept: int
    bytes: int
    largest: str
    largest_bytes: int


def build(release: Path, link: Path, source: Source, revision: str) -> Built:
    """Makes the site of a release, and turns `link` to it. `revision`: of the code that makes the pages.

    Raises SiteError where something stands in the link's place.
    """
    staging = Staging(link)
    staging.begin()
    told = shelf(release)
    regions = Regions(told)
    why: dict[str, str] = dict(told.coverage.drop_nulls("report_id").select("report_id", "why").rows())
    pages = write_reports(staging, source, _shown(told, why), revision)
    write = _Writer(staging, pages)
    for name, package in ASSETS.items():
        staging.write(f"assets/{name}", asset(name, package))
    staging.write("assets/search.js", index(told, regions, pages))
    for file in sorted(release.iterdir()):
        staging.attach(file, f"marts/{file.name}")
    for entity in entities(told, why):
        write.page(f"entities/{entity.id}.html", "entity.html", entity=entity)
    found = list(rules(told))
    for rule in found:
        write.page(f"rules/{rule.equation}.html", "rule.html", rule=rule)
    for province in regions.provinces:
        lines = regions.within(province)
        write.page(
            f"regions/{province}.html",
            "province.html",
            code=province,
            name=regions.name(province),
            years=regions.years,
            lines=lines,
            totals=totals(lines),
        )
    for code in regions.codes:
        write.page(
            f"regions/{code}.html",
            "region.html",
            code=code,
            name=regions.name(code),
            years=regions.years,
            publishers=regions.publishers(code),
        )
    lines = regions.top()
    write.page(
        "index.html",
        "index.html",
        root="",
        numbers=_numbers(told),
        years=regions.years,
        lines=lines,
        totals=totals(lines),
        rules=found,
        package=told.package,
    )
    staging.switch()
    html = {page: size for page, size in staging.sizes.items() if page.endswith(".html")}
    largest = max(html, key=lambda page: html[page])
    return Built(len(html), staging.kept, sum(staging.sizes.values()), largest, html[largest])


@dataclass(frozen=True, slots=True)
class _Writer:
    """Renders pages into a site; `reports` are those that have a page to lead to."""

    staging: Staging
    reports: set[str]

    def page(self, path: str, template: str, root: str = "../", **told: object) -> None:
        """Writes one page. `root`: the way from it to the site's folder."""
        self.staging.write(path, render(template, root=root, pages=self.reports, **told))


def _shown(told: Shelf, why: dict[str, str]) -> dict[str, Row]:
    """By report, what its page tells beside its own text: who published it, why it is held, its other years."""
    identity = (
        "report_id",
        "fiscal_year",
        "region_code",
        "region_name",
        "entity",
        "entity_id",
        "kind",
        "url",
        "status",
    )
    shown = {}
    for own in told.reports.select(identity).partition_by("entity_id"):
        rows = own.rows(named=True)
        siblings = [(row["fiscal_year"], row["report_id"]) for row in rows]
        for row in rows:
            shown[row["report_id"]] = row | {"why": why.get(row["report_id"], ""), "siblings": siblings}
    return shown


def _numbers(told: Shelf) -> dict[str, int]:
    """The release in numbers."""
    published = told.reports.filter(pl.col("status") != "held")
    verdicts = dict(told.findings["verdict"].value_counts().rows())
    return {
        **{status: told.coverage.filter(status=status).height for status in COVERAGE},
        "entities": published["entity_id"].n_unique(),
        "regions": published["region_code"].n_unique(),
        "facts": int(published["facts"].sum()),
        "evaluated": int(published["evaluated"].sum()),
        "violated": verdicts.get("violated", 0),
        "acknowledged": verdicts.get("acknowledged", 0),
    }
