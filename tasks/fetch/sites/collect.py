"""Sites → reports: what the lists lead to, article by article, each with its files one document."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx
import polars as pl

from schemas.raw import DOCUMENTS, FETCHES, LISTINGS
from tasks.fetch import http
from tasks.fetch.catalogue import Source
from tasks.fetch.known import last_known
from tasks.fetch.parts import bundled
from tasks.fetch.sites.article import Article, files_of, look
from tasks.fetch.sites.discover import Found, Tell, discover
from tasks.fetch.sites.manners import Rules, origin
from tasks.fetch.sites.page import Link
from tasks.fetch.sites.visitor import Row, Visitor
from tasks.fetch.store import RawStore

MAX_SECONDS = 6 * 3600.0
"""For one source; what was not reached is told, and the next run goes on with it."""


WHOLE = pl.Schema([("source", pl.String), ("url", pl.String), ("document", pl.String)])
"""Links that gave a report with all its files, by source, and the report."""


class Collection(NamedTuple):
    """What came of some sites: `fetches`, `documents` and `listings` are the tables of that name, `whole` is WHOLE."""

    fetches: pl.DataFrame
    documents: pl.DataFrame
    listings: pl.DataFrame
    whole: pl.DataFrame


def by_host(sources: Iterable[Source]) -> list[tuple[Source, ...]]:
    """The sources that have lists, those of one host together: hosts may be visited at the same time."""
    groups: dict[str, list[Source]] = {}
    for source in sources:
        if source.listing:
            groups.setdefault(host_of(source), []).append(source)
    return [tuple(group) for group in groups.values()]


def host_of(source: Source) -> str:
    """The host of a source's list, with the port where it names one."""
    return urlsplit(source.listing[0]).netloc.lower()


def collect(
    sources: Sequence[Source],
    store: RawStore,
    run_id: str,
    previous: pl.DataFrame | None = None,
    tell: Tell = lambda line: None,
    listed: Mapping[str, Sequence[Link]] = MappingProxyType({}),
    standing: Iterable[str] = (),
) -> Collection:
    """Visits sites one after the other. Nothing is raised for a site that fails: the others go on.

    `previous` holds rows of raw.fetches of earlier runs; what answered with validators is asked for conditionally. `tell`
    is told how far it is. What two sources lead to is fetched for the first. An earlier attempt leaves `listed`, by source the
    links of lists that need not be read again, and `standing`, links that need not be followed again.
    """
    rows: list[Row] = []
    documents: list[Row] = []
    listings: list[Row] = []
    whole: list[Row] = []
    known = last_known(previous, store)
    rules: dict[str, Rules] = {}
    met = set(standing)
    with http.client() as client:
        for source in sources:
            visitor = visitor_of(source, client, store, run_id, known, rules)
            found = Found(list(listed[source.name])) if source.name in listed else discover(visitor, source, tell)
            listings += found.listings
            links = [link for link in found.taken if link.url not in met]
            documents += _reports(visitor, source, links, whole, tell)
            met.update(link.url for link in found.taken)
            rows += visitor.rows
    return Collection(
        pl.DataFrame(rows, schema=FETCHES.schema),
        pl.DataFrame(documents, schema=DOCUMENTS.schema).unique("document", keep="first", maintain_order=True),
        pl.DataFrame(listings, schema=LISTINGS.schema),
        pl.DataFrame(whole, schema=WHOLE),
    )


def visitor_of(
    source: Source,
    client: httpx.Client,
    store: RawStore,
    run_id: str,
    known: Mapping[str, Row],
    rules: dict[str, Rules],
) -> Visitor:
    """Who visits a source's site."""
    hosts = frozenset(map(origin, source.listing))
    return Visitor(client, store, run_id, source.name, source.site, hosts, known, rules)


def _reports(visitor: Visitor, source: Source, links: Sequence[Link], whole: list[Row], tell: Tell) -> list[Row]:
    """Fetches what the links lead to: a row of raw.documents for each that gave a report, and one of `whole` where all of it came."""
    ends = time.monotonic() + MAX_SECONDS
    documents = []
    for number, link in enumerate(links, 1):
        if time.monotonic() > ends:
            visitor.skip(link.url, "was not reached in the time for one source: the next run goes on")
            continue
        before = len(visitor.rows)
        if document := _document(visitor, look(visitor, link)):
            row = {"document": document, "source": source.name, "url": link.url}
            documents.append(row | source.told)
            if not any(each["outcome"] == "failed" for each in visitor.rows[before:]):
                whole.append(row)
        tell(f"{source.name}: {number} of {len(links)} reports")
    return documents


def _document(visitor: Visitor, article: Article | None) -> str | None:
    """The SHA-256 of a report, all of its files fetched: of its bytes, or of their archive. None where nothing came."""
    if article is None:
        return None
    parts = [*article.kept, *files_of(visitor, article.files)]
    if not parts:
        return None
    if len(parts) == 1:
        return str(parts[0].row["document"])
    whole = visitor.store.put(bundled((part.row["url"], part.content) for part in parts))
    for part in parts:
        part.row["document"] = whole
    return whole
