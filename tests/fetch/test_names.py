"""A name server that answers differently when it is asked again."""

import socket
from collections.abc import Callable, Iterator

import pytest

from tasks.fetch import http
from tasks.fetch.names import is_private


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., list[str]]]:
    """Lets the name `rebound.test` have one address after the other, the last one for good; gives what was looked up."""
    real = socket.getaddrinfo

    def having(*addresses: str) -> list[str]:
        left, asked = list(addresses), []

        def look_up(host, *rest, **options):
            asked.append(host)
            if host == "rebound.test":
                host = left.pop(0) if len(left) > 1 else left[0]
            return real(host, *rest, **options)

        monkeypatch.setattr(socket, "getaddrinfo", look_up)
        return asked

    yield having


def test_the_address_that_was_checked_is_the_one_that_is_asked(site, answers, names) -> None:
    site.on("/a", answers(200, b"abc"))
    asked = names("127.0.0.1", "127.0.0.9")
    checked = []
    url = site.url.replace("127.0.0.1", "rebound.test") + "/a"
    with http.client() as client:
        found = http.get(client, url, before=lambda _, following: checked.append(is_private(following)))
    assert (found.content, checked) == (b"abc", [True])
    # An address is looked up as it is; the name was looked up once.
    assert asked.count("rebound.test") == 1
    assert site.requests[0][1]["Host"].startswith("rebound.test:")


def test_a_repeated_attempt_is_checked_with_what_the_name_says_then(site, answers, names) -> None:
    site.on("/a", answers(503), answers(200, b"secret"))
    names("127.0.0.1", "127.0.0.9")
    url, seen = site.url.replace("127.0.0.1", "rebound.test") + "/a", []

    def before(url: str, following: str) -> None:
        seen.append(following)
        if len(seen) > 1 and is_private(following):
            raise http.FetchError(f"{url} is inside a private network.")

    with http.client() as client, pytest.raises(http.FetchError, match="inside a private network"):
        http.get(client, url, before=before)
    assert len(site.requests) == 1


def test_the_second_address_is_tried_where_the_first_accepts_nothing(site, answers, monkeypatch) -> None:
    site.on("/a", answers(200, b"abc"))
    port = int(site.url.rpartition(":")[2])
    both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0)) for address in ("127.0.0.9", "127.0.0.1")]
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *a, **k: both if host == "two.test" else real(host, *a, **k)
    )
    with http.client() as client:
        assert http.get(client, f"http://two.test:{port}/a").content == b"abc"


@pytest.mark.parametrize("host", ["nowhere.invalid", "a" * 70 + ".invalid"])
def test_a_name_without_an_address_is_told(host: str) -> None:
    with http.client() as client, pytest.raises(http.FetchError, match=r"could not be fetched: .* has no address"):
        http.get(client, f"http://{host}/a")
