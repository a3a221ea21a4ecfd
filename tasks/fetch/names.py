"""Names of hosts → addresses: looked up once, so that what is checked is what is connected to.

A hostile name server could answer with a public address while it is checked and with a private one right after.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from collections.abc import Iterable
from typing import Any

import httpcore
import httpx


class _Seen(threading.local):
    """By host, the addresses that this thread has looked up for the request that it is making."""

    def __init__(self) -> None:
        self.addresses: dict[str, tuple[str, ...]] = {}


_SEEN = _Seen()


def look_up(url: str) -> tuple[str, ...]:
    """The addresses of a URL's host, of which this thread's connections to it take one; none where it has no address."""
    host = _host(url)
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):  # a name that does not resolve is the connection's to report
        found = []
    _SEEN.addresses[host] = tuple(dict.fromkeys(str(entry[4][0]) for entry in found))
    return _SEEN.addresses[host]


def is_private(url: str) -> bool:
    """Whether any address of a URL's host is not on the public network, as it was looked up last."""
    addresses = _SEEN.addresses.get(_host(url)) or look_up(url)
    return any(not ipaddress.ip_address(address.partition("%")[0]).is_global for address in addresses)


def keep_to_what_was_looked_up(client: httpx.Client) -> httpx.Client:
    """The client, which connects to addresses that were looked up before the request, and asks for no name itself.

    What goes through a proxy is left to the proxy, which looks names up by itself.
    """
    # httpx gives a transport no network of one's own; where these names change, the first request of any test fails.
    pool: httpcore.ConnectionPool = client._transport._pool  # type: ignore[attr-defined]
    pool._network_backend = _Network(pool._network_backend)
    return client


class _Network(httpcore.NetworkBackend):
    """A network that knows only the names that this thread has looked up."""

    def __init__(self, wrapped: httpcore.NetworkBackend) -> None:
        self._wrapped = wrapped

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first address that accepts one, all of them within `timeout` seconds."""
        fault: Exception = httpcore.ConnectError(f"{host} has no address")
        until = None if timeout is None else time.monotonic() + timeout
        for address in _SEEN.addresses.get(host, ()):
            left = None if until is None else max(0.0, until - time.monotonic())
            try:
                return self._wrapped.connect_tcp(address, port, left, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                fault = error
        raise fault


def _host(url: str) -> str:
    """The host as it is connected to: names in other scripts are in their ASCII form."""
    return httpx.URL(url).raw_host.decode("ascii")
