import gzip
import time
from collections.abc import Callable

import httpx
import pytest

from tasks.fetch import http


@pytest.fixture
def get(site):
    with http.client() as client:
        yield lambda path, **options: http.get(client, site.url + path, **options)


def test_a_document_comes_with_its_validators(site, get, answers) -> None:
    site.on("/a", answers(200, b"abc", Content_Type="Text/HTML; charset=gbk", ETag='"1"', Last_Modified="yesterday"))
    assert get("/a") == http.Response(200, b"abc", "text/html", '"1"', "yesterday", site.url + "/a")
    assert site.requests[0][1]["User-Agent"].startswith("juesuan")
    assert "If-None-Match" not in site.requests[0][1]


def test_validators_make_the_request_conditional(site, get, answers) -> None:
    site.on("/a", answers(304))
    assert get("/a", etag='"1"', last_modified="yesterday").status == 304
    assert site.requests[0][1]["If-None-Match"] == '"1"'
    assert site.requests[0][1]["If-Modified-Since"] == "yesterday"


@pytest.mark.parametrize(
    ("status", "told"),
    [(404, "answered 404 Not Found."), (204, "answered 204 No Content."), (304, "answered 304 Not Modified.")],
)
def test_any_other_answer_is_told_and_not_repeated(site, get, answers, status: int, told: str) -> None:
    site.on("/a", answers(status))
    with pytest.raises(http.FetchError) as error:
        get("/a")
    assert str(error.value) == f"{site.url}/a {told}"
    assert error.value.status == status
    assert len(site.requests) == 1


def test_a_passing_fault_of_the_server_is_repeated(site, get, answers) -> None:
    site.on("/a", answers(503), answers(500), answers(200, b"abc"))
    assert get("/a").content == b"abc"


def test_a_body_that_is_cut_short_is_repeated(site, get, answers, broken_answer) -> None:
    site.on("/a", broken_answer, answers(200, b"abc"))
    assert get("/a").content == b"abc"


def test_three_attempts_are_all(site, get, answers) -> None:
    site.on("/a", answers(503))
    with pytest.raises(http.FetchError, match=r"answered 503 Service Unavailable \(3 attempts\)\.$"):
        get("/a")
    assert len(site.requests) == 3


def test_a_server_that_is_not_there_is_told(get, site) -> None:
    with http.client() as client, pytest.raises(http.FetchError, match=r"could not be fetched: .* \(3 attempts\)\.$"):
        http.get(client, "http://127.0.0.1:9/a")


def test_silence_is_not_waited_for(site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.on("/a", lambda handler: time.sleep(0.3))
    monkeypatch.setattr(http, "TIMEOUT", httpx.Timeout(0.05))
    with http.client() as client, pytest.raises(http.FetchError, match=r"did not answer in time \(3 attempts\)"):
        http.get(client, site.url + "/a")


def test_redirects_are_followed_five_times(site, get, answers) -> None:
    for number in range(6):
        site.on(f"/{number}", answers(302, Location=f"/{number + 1}"))
    site.on("/6", answers(200, b"abc"))
    assert get("/1").content == b"abc"
    with pytest.raises(http.FetchError, match=r"redirects more than 5 times\.$"):
        get("/0")


def test_a_redirect_to_another_scheme_is_refused(site, get, answers) -> None:
    site.on("/a", answers(302, Location="file:///etc/passwd"))
    with pytest.raises(http.FetchError, match="neither http nor https"):
        get("/a")


@pytest.mark.parametrize("host", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "[::1]", "localhost"])
def test_a_redirect_into_a_private_network_is_refused(host: str) -> None:
    public, private = "http://8.8.8.8/", f"http://{host}/"
    with pytest.raises(http.FetchError, match="inside a private network"):
        http._keep_out(public, private)
    http._keep_out(private, public)
    http._keep_out(private, private)


def resumable(handler) -> None:
    """Breaks off at the first request, and sends what is asked for at the others."""
    asked = handler.headers.get("Range")
    start = int(asked.removeprefix("bytes=").rstrip("-")) if asked else 0
    handler.send_response(206 if asked else 200)
    handler.send_header("Accept-Ranges", "bytes")
    handler.send_header("ETag", '"1"')
    handler.send_header("Content-Length", str(len(BODY) - start))
    if asked:
        handler.send_header("Content-Range", f"bytes {start}-{len(BODY) - 1}/{len(BODY)}")
    handler.end_headers()
    handler.wfile.write(BODY[start:] if asked else BODY[:100_000])


BODY = bytes(range(256)) * 1000


def test_a_body_that_broke_off_is_gone_on_with(site, get) -> None:
    site.on("/a", resumable)
    assert get("/a").content == BODY
    first, second = (headers for _, headers in site.requests)
    assert "Range" not in first
    assert (second["If-Range"], int(second["Range"].removeprefix("bytes=").rstrip("-")) > 0) == ('"1"', True)


def test_a_body_that_changed_meanwhile_is_taken_from_its_beginning(site, get, answers) -> None:
    site.on("/a", resumable, answers(200, b"new"))
    assert get("/a").content == b"new"
    assert "Range" in site.requests[1][1]


def test_who_asks_to_wait_is_waited_for(site, get, answers) -> None:
    site.on("/a", answers(429, Retry_After="1"), answers(200, b"abc"))
    begun, told = time.monotonic(), []
    assert get("/a", repeated=told.append).content == b"abc"
    assert time.monotonic() - begun >= 1
    assert [str(fault) for fault in told] == [f"{site.url}/a answered 429 Too Many Requests: tried again."]


@pytest.mark.parametrize("wait", ["3600", "Fri, 31 Dec 2100 23:59:59 GMT"])
def test_nobody_is_waited_for_too_long(site, get, answers, wait: str) -> None:
    site.on("/a", answers(503, Retry_After=wait))
    with pytest.raises(http.FetchError, match=r"answered 503 .* and asks to be left alone for \d+ seconds: run again"):
        get("/a")
    assert len(site.requests) == 1


def test_too_many_requests_without_a_time_are_not_repeated(site, get, answers) -> None:
    site.on("/a", answers(429))
    with pytest.raises(http.FetchError, match=r"answered 429 Too Many Requests\.$"):
        get("/a")
    assert len(site.requests) == 1


def endless(handler) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(1000):
        handler.wfile.write(b"x" * 65536)


def bomb(handler) -> None:
    body = gzip.compress(b"x" * 10_000_000)
    handler.send_response(200)
    handler.send_header("Content-Encoding", "gzip")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


@pytest.mark.parametrize("body", [endless, bomb])
def test_the_size_is_limited(site, get, body: Callable[..., None]) -> None:
    site.on("/a", body)
    with pytest.raises(http.FetchError, match=r"is larger than 1,000,000 bytes"):
        get("/a", max_bytes=1_000_000)
    assert len(site.requests) == 1


def test_the_time_for_one_answer_is_limited(site, get, answers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "MAX_SECONDS", 0)
    site.on("/a", answers(200, b"abc"))
    with pytest.raises(http.FetchError, match="was not complete after 0 seconds"):
        get("/a")


def test_an_address_that_is_none_is_told() -> None:
    with http.client() as client, pytest.raises(http.FetchError, match=r"^http://a:b/ cannot be fetched"):
        http.get(client, "http://a:b/")
