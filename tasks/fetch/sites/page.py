"""A page of a site: its links, where it goes on, and whether it is what was asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from lxml import etree  # type: ignore[import-untyped]
from lxml.cssselect import CSSSelector  # type: ignore[import-untyped]

from tasks.fetch.sites.words import forms, plain

SHORT = 600
"""Characters. Pages that tell of a fault say little else."""

BARE = 40
"""Characters: a page with scripts and less text than this shows nothing without them."""

_MONEY = "元"
"""No report does without it."""

_SHOWN = etree.XPath("//text()[not(parent::script or parent::style or parent::noscript)]", smart_strings=False)

_REFRESH = re.compile(r"^\s*(\d+)(?:\.\d*)?\s*[;,]\s*url\s*=\s*['\"]?([^'\"]+)", re.IGNORECASE)
LONGEST_DELAY = 10
"""Seconds: a page that is replaced later than that is meant to be read."""


class Link(NamedTuple):
    """Where a link leads, and what it says."""

    url: str
    title: str


class Page:
    """A web page, from its bytes and the address at which it was found."""

    def __init__(self, content: bytes, url: str) -> None:
        text = _decoded(content)
        parser = etree.HTMLParser(
            encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, recover=True
        )
        try:
            root = etree.fromstring(text.encode(errors="replace"), parser)
        except etree.XMLSyntaxError:
            root = None
        self._source = text
        self._root = etree.Element("html") if root is None else root
        base = next((each.get("href") for each in self._root.iter("base") if each.get("href")), "")
        self.url = _joined(url, base) or url

    @cached_property
    def text(self) -> str:
        """What the page shows, in plain characters without white space."""
        return plain("".join(_SHOWN(self._root)))

    @property
    def has_amounts(self) -> bool:
        """Whether the page itself can be a report."""
        return _MONEY in self.text

    def links(self, selector: str) -> list[Link]:
        """The links that the selector finds, or that are inside of what it finds; each address once."""
        found: dict[str, Link] = {}
        for element in CSSSelector(selector)(self._root):
            for anchor in element.iter("a"):
                url = _joined(self.url, anchor.get("href") or "")
                shown = " ".join("".join(anchor.itertext()).split())
                title = max(anchor.get("title") or "", shown, key=len)  # lists cut long titles short
                if url and url not in found:
                    found[url] = Link(url, title)
        return list(found.values())

    def files(self, selector: str) -> list[Link]:
        """The links to documents, and what the page shows in frames."""
        framed = (
            Link(url, "")
            for element in self._root.iter("iframe", "embed", "object")
            if (url := _joined(self.url, element.get("src") or element.get("data") or ""))
        )
        found = {link.url: link for link in (*self.links(selector), *framed) if is_file(link.url)}
        return list(found.values())

    def following(self, selector: str | None) -> list[str]:
        """Addresses of further pages of the list: the one that the selector finds, else whatever the page calls so."""
        if selector:
            return [link.url for link in self.links(selector)][:1]
        for form in forms("script pages"):
            if told := form.pattern.search(self._source):
                numbers = range(1, min(int(told["count"]), 1000))
                return [urljoin(self.url, f"{told['name']}_{number}.{told['ending']}") for number in numbers]
        named = (
            link.url for link in self.links("a") if any(f.pattern.search(link.title.strip()) for f in forms("next"))
        )
        return list(named)[:1]

    @property
    def refresh(self) -> str | None:
        """The address by which the page has itself replaced at once."""
        for meta in self._root.iter("meta"):
            told = _REFRESH.match(meta.get("content") or "")
            if (meta.get("http-equiv") or "").lower() == "refresh" and told and int(told[1]) <= LONGEST_DELAY:
                return _joined(self.url, told[2].strip())
        return None

    @property
    def fault(self) -> str | None:
        """What the page is, where it says so little that it is neither a list nor a report: a form of site_pages.csv."""
        if len(self.text) > SHORT or self.has_amounts:
            return None
        shown = self.text + plain(" ".join(filter(None, self._hints())))
        for form in forms("fault"):
            if form.pattern.search(shown):
                return form.told
        if len(self.text) < BARE and next(self._root.iter("script"), None) is not None:
            return forms("fault")[-1].told
        return None

    def _hints(self) -> Iterator[str]:
        """What a page without a word says: what its scripts' absence and its fields ask for."""
        for element in self._root.iter("noscript"):
            yield "".join(element.itertext())
        for element in self._root.iter("input"):
            yield element.get("placeholder") or ""


def is_file(url: str) -> bool:
    """Whether an address, by its ending, is that of a document; downloads may name it behind a question mark."""
    parts = urlsplit(url)
    endings = [unquote(parts.path), *(unquote(value) for value in parts.query.split("&"))]
    return any(form.pattern.search(ending) for form in forms("file") for ending in endings)


def is_page(content: bytes, media_type: str | None) -> bool:
    """Whether an answer is a web page, whatever the server calls it."""
    start = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!doctype html", b"<html", b"<head", b"<script", b"<meta")) or (
        media_type in ("text/html", "application/xhtml+xml") and start.startswith(b"<")
    )


def _joined(base: str, address: str) -> str | None:
    """The absolute address without a fragment; None for what is not on the web."""
    try:
        url = urldefrag(urljoin(base, address.strip()))[0]
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if address.strip() and parts.scheme in ("http", "https") and parts.hostname else None


def _decoded(content: bytes) -> str:
    """UTF-8, else GB18030: what sites declare is wrong too often to be asked."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030", "replace")
