"""One URL over HTTP: bounded in time, size and redirects, repeated where the fault may pass."""

from __future__ import annotations

import random
import re
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, version

import httpx

from tasks.fetch.names import is_private, keep_to_what_was_looked_up, look_up

MAX_BYTES = 200 * 1024**2
"""The largest published report with scanned annexes is below 100 MB."""

MAX_REDIRECTS = 5
ATTEMPTS = 3
PAUSE_SECONDS = 1.0
"""Before the second attempt; doubled before the third, each with a jitter of up to a half."""

MAX_WAIT = 120.0
"""Seconds; who asks to be left alone for longer is left alone until the next run."""

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
    """What a server answered. `content` is empty when `status` is 304, not modified; `url` is where redirects led to."""

    status: int
    content: bytes
    media_type: str | None
    etag: str | None
    last_modified: str | None
    url: str


class _Passing(Exception):
    """A fault that may pass: the network's, or the server's own. `wait`: the seconds that the server asks for."""

    def __init__(self, message: str, status: int | None = None, wait: float | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.wait = wait


@dataclass(slots=True)
class _Begun:
    """What came of a body that broke off, and the validator by which the server can tell that the rest belongs to it."""

    content: bytearray = field(default_factory=bytearray)
    validator: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        """What asks for the rest."""
        if not (self.content and self.validator):
            return {}
        return {"Range": f"bytes={len(self.content)}-", "If-Range": self.validator}


Before = Callable[[str, str], None]
"""Called with the address asked for and the one that is about to be requested, redirects included; raises FetchError
where it must not be."""

Repeated = Callable[[FetchError], None]
"""Called with the fault of an attempt that is followed by another one."""


@contextmanager
def client() -> Iterator[httpx.Client]:
    """A client for many URLs, to be used from several threads."""
    try:
        agent = f"juesuan/{version('juesuan')}"
    except PackageNotFoundError:  # run from a checkout that is not installed
        agent = "juesuan"
    with httpx.Client(timeout=TIMEOUT, headers={"User-Agent": agent}) as opened:
        yield keep_to_what_was_looked_up(opened)


def get(
    client: httpx.Client,
    url: str,
    etag: str | None = None,
    last_modified: str | None = None,
    max_bytes: int = MAX_BYTES,
    before: Before | None = None,
    repeated: Repeated | None = None,
) -> Response:
    """The document behind a URL; 304 without content when it still has the validators that are given.

    Network faults, 5xx, and 429 with the time to wait are tried three times; a body that broke off is gone on with where
    the server can. Without `before`, redirects into a private network are refused. Raises FetchError for all that is not
    200 or 304.
    """
    validators = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    headers = {name: value for name, value in validators.items() if value}
    begun = _Begun()
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _attempt(client, url, headers, max_bytes, before or _keep_out, begun)
        except _Passing as fault:
            if attempt == ATTEMPTS:
                raise FetchError(f"{url} {fault} ({ATTEMPTS} attempts).", fault.status) from fault
            if fault.wait is not None and fault.wait > MAX_WAIT:
                told = f"{url} {fault} and asks to be left alone for {fault.wait:.0f} seconds: run again later."
                raise FetchError(told, fault.status) from fault
            if repeated:
                repeated(FetchError(f"{url} {fault}: tried again.", fault.status))
            time.sleep(max(PAUSE_SECONDS * 2 ** (attempt - 1) * random.uniform(1, 1.5), fault.wait or 0.0))
    raise AssertionError("the last attempt returns or raises")


def _attempt(
    client: httpx.Client, url: str, headers: dict[str, str], max_bytes: int, before: Before, begun: _Begun
) -> Response:
    try:
        request = client.build_request("GET", url, headers=headers | begun.headers)
        for _ in range(MAX_REDIRECTS + 1):
            look_up(str(request.url))
            before(url, str(request.url))
            with closing(client.send(request, stream=True)) as response:
                if response.next_request is None:
                    return _answer(url, response, bool(headers), max_bytes, begun)
                request = _checked(url, response.next_request)
    except httpx.TimeoutException as error:
        raise _Passing("did not answer in time") from error
    except httpx.TransportError as error:
        if reason := _distrusted(error):
            raise FetchError(f"{url} has a certificate that is not accepted: {reason}.") from error
        raise _Passing(f"could not be fetched: {error or type(error).__name__}") from error
    except (httpx.InvalidURL, httpx.DecodingError) as error:
        raise FetchError(f"{url} cannot be fetched: {error}.") from error
    raise FetchError(f"{url} redirects more than {MAX_REDIRECTS} times.")


def _answer(url: str, response: httpx.Response, conditional: bool, max_bytes: int, begun: _Begun) -> Response:
    status = response.status_code
    told = f"answered {status} {response.reason_phrase}".rstrip()
    wait = _retry_after(response.headers.get("Retry-After", ""))
    if status >= 500 or (status == 429 and wait is not None):
        raise _Passing(told, status, wait)
    rest = status == 206 and _goes_on(response, begun)
    if status == 416 and begun.headers:
        begun.content.clear()
        raise _Passing(told, status)
    if status != 200 and not rest and not (status == 304 and conditional):
        raise FetchError(f"{url} {told}.", status)
    if not rest:
        begun.content.clear()
        begun.validator = _validator(response)
    media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return Response(
        status=200 if rest else status,
        content=b"" if status == 304 else _content(url, response, max_bytes, begun.content),
        media_type=media_type or None,
        etag=response.headers.get("ETag"),
        last_modified=response.headers.get("Last-Modified"),
        url=str(response.url),
    )


def _goes_on(response: httpx.Response, begun: _Begun) -> bool:
    """Whether the answer is the rest of what was begun."""
    told = re.match(r"bytes (\d+)-", response.headers.get("Content-Range", ""))
    return bool(begun.headers) and told is not None and int(told[1]) == len(begun.content)


def _validator(response: httpx.Response) -> str | None:
    """What If-Range may carry: a strong ETag, else the date; nothing for a body that is compressed on its way."""
    if response.headers.get("Accept-Ranges") != "bytes" or "Content-Encoding" in response.headers:
        return None
    etag: str = response.headers.get("ETag", "")
    return etag if etag.startswith('"') else response.headers.get("Last-Modified")


def _retry_after(told: str) -> float | None:
    """The seconds that a server asks to wait, given as a number or as a date."""
    if told.strip().isdigit():
        return float(told)
    try:
        return max(0.0, (parsedate_to_datetime(told) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):  # no date; a date without a zone
        return None


def _distrusted(error: BaseException | None) -> str | None:
    """Why a certificate was not accepted, where that is behind an error."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return error.verify_message
        error = error.__cause__ or error.__context__
    return None


def _content(url: str, response: httpx.Response, max_bytes: int, content: bytearray) -> bytes:
    """The body, decompressed, behind what `content` holds of it, within the limits of size and time."""
    ends = time.monotonic() + MAX_SECONDS
    for chunk in response.iter_bytes():
        content += chunk
        if len(content) > max_bytes:
            raise FetchError(f"{url} is larger than {max_bytes:,} bytes, the limit for one document.", 200)
        if time.monotonic() > ends:
            raise FetchError(f"{url} was not complete after {MAX_SECONDS:.0f} seconds.", 200)
    return bytes(content)


def _checked(url: str, following: httpx.Request) -> httpx.Request:
    """The request that a redirect asks for, if it stays with HTTP."""
    if following.url.scheme not in ("http", "https"):
        raise FetchError(f"{url} redirects to {following.url}, which is neither http nor https.")
    return following


def _keep_out(url: str, following: str) -> None:
    """Refuses a redirect that leads from outside into a private network."""
    if url != following and is_private(following) and not is_private(url):
        raise FetchError(f"{url} redirects to {following}, an address inside a private network.")
