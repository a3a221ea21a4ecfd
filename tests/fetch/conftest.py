"""A real HTTP server on the loopback address that answers as a test tells it to."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tasks.fetch import RawStore, http

Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Site:
    """`answers` holds what each path answers, request by request; the last answer stays."""

    url: str
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def on(self, path: str, *answers: Answer) -> str:
        self.answers[path] = list(answers)
        return self.url + path


def answer(status: int, body: bytes = b"", **headers: str) -> Answer:
    """An ordinary answer; header names are written with underscores."""

    def send(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in ({"Content-Length": str(len(body))} | named).items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return send


def broken(handler: BaseHTTPRequestHandler) -> None:
    """Ends the connection in the middle of the body."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"the beginning")


@contextmanager
def serving() -> Iterator[Site]:
    """A server of its own, as long as it is needed."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            here.requests.append((self.path, dict(self.headers)))
            answers = here.answers.get(self.path, [answer(404)])
            (answers.pop(0) if len(answers) > 1 else answers[0])(self)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """Clients that hang up early are a part of the tests."""

    server = Server(("127.0.0.1", 0), Handler)
    here = Site(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield here
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as here:
        yield here


@pytest.fixture
def new_site() -> Iterator[Callable[[], Site]]:
    """Starts as many servers as a test asks for."""
    with ExitStack() as servers:
        yield lambda: servers.enter_context(serving())


@pytest.fixture
def answers() -> Callable[..., Answer]:
    return answer


@pytest.fixture
def broken_answer() -> Answer:
    return broken


@pytest.fixture
def store(tmp_path: Path) -> RawStore:
    return RawStore(tmp_path / "raw")


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "PAUSE_SECONDS", 0.01)
