"""One visit to a site: every request in its turn, every attempt told as a row of raw.fetches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import urljoin

import httpx

from tasks.fetch import http
from tasks.fetch.names import is_private
from tasks.fetch.sites.description import Site
from tasks.fetch.sites.manners import MAX_RULES, Rules, origin, turn
from tasks.fetch.sites.page import Page, is_page
from tasks.fetch.store import RawStore

Row = dict[str, Any]

MAX_REFRESHES = 3
"""Pages that have themselves replaced, one after the other."""

MAX_PAGE = 10 * 1024**2
"""Bytes of a page of a list."""


class Answer(NamedTuple):
    """What is at an address. `row`: its row of raw.fetches, in which the role and the document may still be changed."""

    row: Row
    content: bytes
    url: str

    @property
    def page(self) -> Page | None:
        """The web page that it is, or None for a document."""
        return Page(self.content, self.url) if is_page(self.content, self.row["media_type"]) else None


@dataclass
class Visitor:
    """Fetches for one source; `rows` are raw.fetches, one per attempt in the order in which they were made.

    `hosts`: origins of the catalogue's own lists, which may be in a private network where the catalogue allows it. `known`:
    by address, the last row with validators of earlier runs. `rules`: what is known of robots.txt files, by origin.
    """

    client: httpx.Client
    store: RawStore
    run_id: str
    source: str
    site: Site
    hosts: frozenset[str]
    known: Mapping[str, Row]
    rules: dict[str, Rules] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def get(self, url: str, role: str, may_be_absent: bool = False) -> Answer | None:
        """What is at an address, where pages that have themselves replaced lead on; None, and a row with the reason,
        where nothing is. `may_be_absent`: 404 is no failure.
        """
        for refreshes in range(MAX_REFRESHES + 1):
            answer = self._get(url, role, may_be_absent)
            page = answer.page if answer else None
            if answer is None or page is None or page.refresh in (None, answer.url):
                return answer
            if refreshes == MAX_REFRESHES:
                self.refuse(answer, f"leads on to another page more than {MAX_REFRESHES} times")
                return None
            answer.row["role"] = "page" if role == "report" else role
            url = str(page.refresh)
        raise AssertionError("the last page returns")

    def refuse(self, answer: Answer, why: str, outcome: str = "failed") -> None:
        """Turns what was fetched into a failure: it is not what was asked for."""
        answer.row.update(outcome=outcome, document=None, message=f"{answer.row['url']} {why}.")

    def skip(self, url: str, why: str) -> None:
        """Tells of a report that it was not asked for."""
        self._tell(url, "report", "failed", http.FetchError(f"{url} {why}."))

    def _get(self, url: str, role: str, may_be_absent: bool) -> Answer | None:
        before = self.known.get(url, {})
        try:
            pause = max(self.site.pause, self._rules(url).pause)
            with turn(url, pause):
                response = http.get(
                    self.client,
                    url,
                    before.get("etag"),
                    before.get("last_modified"),
                    max_bytes=MAX_PAGE if role == "listing" else http.MAX_BYTES,
                    before=self._checked,
                    repeated=lambda fault: self._tell(url, role, "repeated", fault),
                )
        except http.FetchError as error:
            absent = may_be_absent and error.status == 404
            self._tell(url, role, "absent" if absent else "failed", error)
            return None
        if response.status == 304:
            kept = {name: before[name] for name in ("object", "bytes", "media_type", "etag", "last_modified")}
            content = self.store.get(before["object"])
        else:
            content = response.content
            kept = {
                "object": self.store.put(content),
                "bytes": len(content),
                "media_type": response.media_type,
                "etag": response.etag,
                "last_modified": response.last_modified,
            }
        told = {"outcome": "fetched", "http_status": response.status, "document": kept["object"], "message": None}
        return Answer(self._row(url, role, told | kept), content, response.url)

    def _checked(self, url: str, following: str) -> None:
        """Whether a request may be made: a redirect does not lead where a link must not."""
        leads = f"redirects to {following}, which" if following != url else "is refused: it"
        if is_private(following) and not (self.site.allow_private and origin(following) in self.hosts):
            raise http.FetchError(f"{url} {leads} is inside a private network.")
        if origin(following) in self.rules and not self.rules[origin(following)].allows(following):
            raise http.FetchError(f"{url} {leads} is closed to programs by the robots.txt of {origin(following)}.")

    def _rules(self, url: str) -> Rules:
        """The rules of an address's site. Raises FetchError where they could not be fetched."""
        place = origin(url)
        if place not in self.rules:
            self.rules[place] = self._fetched_rules(place)
        if fault := self.rules[place].fault:
            raise http.FetchError(
                f"{url} was not asked for, because {fault} Nothing is asked of a site that does not tell its rules."
            )
        return self.rules[place]

    def _fetched_rules(self, place: str) -> Rules:
        url = urljoin(place, "/robots.txt")
        try:
            with turn(url, self.site.pause):
                response = http.get(
                    self.client,
                    url,
                    max_bytes=MAX_PAGE,
                    before=self._checked,
                    repeated=lambda fault: self._tell(url, "robots", "repeated", fault),
                )
        except http.FetchError as error:
            if error.status and 400 <= error.status < 500:
                self._tell(url, "robots", "absent", error)
                return Rules()
            self._tell(url, "robots", "failed", error)
            return Rules(fault=str(error))
        told = {"outcome": "fetched", "http_status": response.status, "message": None}
        kept = {"document": self.store.put(response.content), "bytes": len(response.content)}
        self._row(url, "robots", told | kept | {"object": kept["document"], "media_type": response.media_type})
        return Rules.of(response.content[:MAX_RULES])

    def _tell(self, url: str, role: str, outcome: str, error: http.FetchError) -> None:
        self._row(url, role, {"outcome": outcome, "http_status": error.status, "message": str(error)})

    def _row(self, url: str, role: str, told: Row) -> Row:
        row = {
            "run_id": self.run_id,
            "source": self.source,
            "url": url,
            "fetched_at": self.clock(),
            "role": role,
        } | told
        row.setdefault("media_type", None)
        self.rows.append(row)
        return row
