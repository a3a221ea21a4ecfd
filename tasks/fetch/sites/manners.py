"""How hosts are treated: one request at a time, a pause between two, and only what robots.txt allows."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from protego import Protego

AGENT = "juesuan"
MAX_RULES = 500 * 1024
"""Bytes of robots.txt that are heeded, as many as RFC 9309 asks for."""

LONGEST_PAUSE = 60.0
"""Seconds: who asks for longer pauses gets this one."""


@dataclass(slots=True)
class Rules:
    """What a host's robots.txt says. `fault`: why it could not be fetched; then nothing is allowed, as RFC 9309 says."""

    parsed: Protego = field(default_factory=lambda: Protego.parse(""))
    fault: str | None = None

    @classmethod
    def of(cls, content: bytes) -> Rules:
        """The rules in a robots.txt; a page that is sent in its stead has none."""
        return cls(Protego.parse(content.decode("utf-8", "replace")))

    def allows(self, url: str) -> bool:
        """Whether programs may ask for an address."""
        return bool(self.parsed.can_fetch(url, AGENT))

    @property
    def pause(self) -> float:
        """The seconds between two requests that it asks for."""
        return min(float(self.parsed.crawl_delay(AGENT) or 0.0), LONGEST_PAUSE)


@dataclass(slots=True)
class _Host:
    lock: threading.Lock = field(default_factory=threading.Lock)
    last: float = float("-inf")


_HOSTS: dict[str, _Host] = {}
"""The hosts that this process has asked, whoever asked: several sources may lead to one."""


def origin(url: str) -> str:
    """Scheme, host and port of an address: what a robots.txt is for."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


@contextmanager
def turn(url: str, pause: float) -> Iterator[None]:
    """Waits until the address's host may be asked again, `pause` seconds after it was left alone."""
    host = _HOSTS.setdefault(origin(url), _Host())  # one step, also among threads
    with host.lock:
        time.sleep(max(0.0, host.last + pause - time.monotonic()))
        try:
            yield
        finally:
            host.last = time.monotonic()
