"""One URL over HTTP: bounded in time, size and redirects, repeated where the fault may pass."""

from __future__ import annotations

import ipaddress
import random
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

import httpx

MAX_BYTES = 200 * 1024**2
"""The largest published report with scanned annexes is below 100 MB."""

MAX_REDIRECTS = 5
ATTEMPTS = 3
PAUSE_SECONDS = 1.0
"""Before the second attempt; doubled before the third, each with a jitter of up to a half."""

TIMEOUT = httpx.Timeout(30.0, connect=10.0)
MAX_SECONDS = 600.0
"""For one answer: a server that sends a byte now and then keeps within every other time-out."""


class FetchError(Exception):
    """The URL gave no document. The message is one sentence that begins with the URL."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Response:
    """What a server answered. `content` is empty when `status` is 304, not modified."""

    status: int
    content: bytes
    media_type: str | None
    etag: str | None
    last_modified: str | None


class _Passing(Exception):
    """A fault that may pass: the network's, or the server's own."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


@contextmanager
def client() -> Iterator[httpx.Client]:
    """A client for many URLs, to be used from several threads."""
    try:
        agent = f"juesuan/{version('juesuan')}"
    except PackageNotFoundError:  # run from a checkout that is not installed
        agent = "juesuan"
    with httpx.Client(timeout=TIMEOUT, headers={"User-Agent": agent}) as opened:
        yield opened


def get(
    client: httpx.Client,
    url: str,
    etag: str | None = None,
    last_modified: str | None = None,
    max_bytes: int = MAX_BYTES,
) -> Response:
    """The document behind a URL; 304 without content when it still has the validators that are given.

    Network faults and 5xx are tried three times. Raises FetchError for all that is not 200 or 304.
    """
    validators = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    headers = {name: value for name, value in validators.items() if value}
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _attempt(client, url, headers, max_bytes)
        except _Passing as fault:
            if attempt == ATTEMPTS:
                raise FetchError(f"{url} {fault} ({ATTEMPTS} attempts).", fault.status) from fault
        time.sleep(PAUSE_SECONDS * 2 ** (attempt - 1) * random.uniform(1, 1.5))
    raise AssertionError("the last attempt returns or raises")


def _attempt(client: httpx.Client, url: str, headers: dict[str, str], max_bytes: int) -> Response:
    try:
        request = client.build_request("GET", url, headers=headers)
        for _ in range(MAX_REDIRECTS + 1):
            with closing(client.send(request, stream=True)) as response:
                if response.next_request is None:
                    return _answer(url, response, bool(headers), max_bytes)
                request = _checked(url, request, response.next_request)
    except httpx.TimeoutException as error:
        raise _Passing("did not answer in time") from error
    except httpx.TransportError as error:
        raise _Passing(f"could not be fetched: {error or type(error).__name__}") from error
    except (httpx.InvalidURL, httpx.DecodingError) as error:
        raise FetchError(f"{url} cannot be fetched: {error}.") from error
    raise FetchError(f"{url} redirects more than {MAX_REDIRECTS} times.")


def _answer(url: str, response: httpx.Response, conditional: bool, max_bytes: int) -> Response:
    status = response.status_code
    if status >= 500:
        raise _Passing(f"answered {status} {response.reason_phrase}".rstrip(), status)
    if status != 200 and not (status == 304 and conditional):
        raise FetchError(f"{url} answered {status} {response.reason_phrase}".rstrip() + ".", status)
    media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return Response(
        status=status,
        content=b"" if status == 304 else _content(url, response, max_bytes),
        media_type=media_type or None,
        etag=response.headers.get("ETag"),
        last_modified=response.headers.get("Last-Modified"),
    )


def _content(url: str, response: httpx.Response, max_bytes: int) -> bytes:
    """The body, decompressed, as far as it keeps within the limits of size and time."""
    ends = time.monotonic() + MAX_SECONDS
    content = bytearray()
    for chunk in response.iter_bytes():
        content += chunk
        if len(content) > max_bytes:
            raise FetchError(f"{url} is larger than {max_bytes:,} bytes, the limit for one document.", 200)
        if time.monotonic() > ends:
            raise FetchError(f"{url} was not complete after {MAX_SECONDS:.0f} seconds.", 200)
    return bytes(content)


def _checked(url: str, request: httpx.Request, following: httpx.Request) -> httpx.Request:
    """The request that a redirect asks for, if it stays with HTTP and does not lead into a private network."""
    if following.url.scheme not in ("http", "https"):
        raise FetchError(f"{url} redirects to {following.url}, which is neither http nor https.")
    if _is_private(following.url.host) and not _is_private(request.url.host):
        raise FetchError(f"{url} redirects to {following.url}, an address inside a private network.")
    return following


def _is_private(host: str) -> bool:
    try:
        addresses = {entry[4][0] for entry in socket.getaddrinfo(host, None)}
    except OSError:  # a name that does not resolve is the connection's to report
        return False
    return any(not ipaddress.ip_address(address.partition("%")[0]).is_global for address in map(str, addresses))
