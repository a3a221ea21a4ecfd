"""A description of a site, tried: what it would fetch, and why it passes over the rest. No report is kept."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import NamedTuple

from tasks.fetch import http
from tasks.fetch.catalogue import Source
from tasks.fetch.sites.article import Article, look
from tasks.fetch.sites.collect import visitor_of
from tasks.fetch.sites.discover import Tell, discover
from tasks.fetch.sites.page import Link
from tasks.fetch.sites.visitor import Row
from tasks.fetch.store import RawStore


class Trial(NamedTuple):
    """`links`: rows of raw.listings; `looked`: the first reports, with what is behind their links; `faults`: sentences."""

    links: list[Row]
    looked: list[tuple[Link, Article | None]]
    faults: list[str]


def trial(source: Source, articles: int, tell: Tell) -> Trial:
    """Reads a source's lists, and looks behind the links of the first `articles` reports; their files are not fetched."""
    with http.client() as client, tempfile.TemporaryDirectory() as folder:
        visitor = visitor_of(source, client, RawStore(Path(folder)), "trial", {}, {})
        found = discover(visitor, source, tell)
        looked = [(link, look(visitor, link)) for link in found.taken[:articles]]
    faults = [row["message"] for row in visitor.rows if row["outcome"] == "failed" and row["role"] != "robots"]
    return Trial(found.listings, looked, faults)
