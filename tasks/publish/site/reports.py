"""The pages of single reports, of which only those are made that are not what they were."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any, Protocol

import polars as pl

from tasks.publish.pages import ReportRows
from tasks.publish.pages.view import view
from tasks.publish.site.folder import Staging
from tasks.publish.site.rendering import file_name, render, web
from tasks.publish.site.shelf import Row

KEYS = ".reports.json"
"""Of a site: by report, the key of its page."""


class Source(Protocol):
    """What a data folder has of reports."""

    def told(self) -> Mapping[str, str]:
        """By report_id, a digest of all that its page shows."""

    def rows(self, reports: Sequence[str]) -> Iterable[ReportRows]:
        """The rows of these reports, in any order."""


def write_reports(staging: Staging, source: Source, shown: Mapping[str, Row], revision: str) -> set[str]:
    """Writes the pages of these reports, and gives those that have one.

    `shown`: by report_id, a row of the shelf with `why` it is held and its `siblings`, which the page leads to. A report that
    the data folder has nothing of any more keeps the page that it has.
    """
    before, told = _keys(staging), source.told()
    keys = {
        report_id: sha256(json.dumps([revision, told[report_id], row], default=str).encode()).hexdigest()[:16]
        for report_id, row in shown.items()
        if report_id in told
    }
    kept = {
        report_id: keys.get(report_id, before.get(report_id, ""))
        for report_id in shown
        if keys.get(report_id, before.get(report_id)) == before.get(report_id, "") and staging.keep(_page(report_id))
    }
    for rows in source.rows([report_id for report_id in keys if report_id not in kept]):
        report_id = rows.report["report_id"].item()
        staging.write(_page(report_id), _rendered(rows, shown[report_id]))
    made = {report_id: keys[report_id] for report_id in keys if _page(report_id) in staging.sizes}
    staging.write(KEYS, json.dumps(dict(sorted((kept | made).items()))))
    return {*kept, *made}


def _rendered(rows: ReportRows, shown: Row) -> str:
    # The page is for everybody: where the file lies on this machine is not.
    told = [pl.lit(file_name(shown["url"])).alias("source"), pl.lit(web(shown["url"])).alias("url")]
    own = replace(rows, report=rows.report.with_columns(told))
    return render("a_report.html", root="../", report=view(own, ""), shown=shown)


def _page(report_id: str) -> str:
    return f"reports/{report_id}.html"


def _keys(staging: Staging) -> dict[str, str]:
    try:
        keys: dict[str, Any] = json.loads((staging.link / KEYS).read_bytes())
    except (OSError, ValueError):
        return {}
    return keys
