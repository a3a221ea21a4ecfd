"""`juesuan serve` as a user starts it, a site whose pages a test can change, and an object store."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest

if TYPE_CHECKING:
    from tests.flows.objects import Door

HOUSE = Path(__file__).resolve().parents[2]
ENDED = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")


@dataclass
class Site:
    """A site on this machine. asked: how often each page was; pages: what it has, and 404 for all else.

    seconds: by page, how long it takes to answer; sent: what was posted.
    """

    address: str = ""
    pages: dict[str, bytes] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    sent: list[Any] = field(default_factory=list)
    asked: Counter[str] = field(default_factory=Counter)


@contextmanager
def open_site() -> Iterator[Site]:
    """A site without pages yet."""
    there = Site()

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            there.asked[self.path] += 1
            time.sleep(there.seconds.get(self.path, 0))
            content = there.pages.get(self.path)
            self.send_response(404 if content is None else 200)
            kind = "html" if self.path.endswith("/") else "plain"
            self.send_header("Content-Type", f"text/{kind}; charset=utf-8")
            self.end_headers()
            with suppress(BrokenPipeError):  # who was killed while it waited
                self.wfile.write(content or b"")

        def do_POST(self) -> None:
            there.sent.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    Thread(target=server.serve_forever, daemon=True).start()
    there.address = f"http://127.0.0.1:{server.server_port}"
    yield there
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """The site of a module's tests, which share a `juesuan serve`."""
    with open_site() as there:
        yield there


@dataclass
class Served:
    """A running `juesuan serve` in the folder `home`, and the API of its server."""

    home: Path
    address: str
    process: subprocess.Popen[str]
    said: str

    def api(self, path: str, body: dict[str, Any] | None = None, method: str | None = None) -> Any:
        """What the server answers, nothing where that is empty."""
        data = None if body is None else json.dumps(body).encode()
        request = Request(f"{self.address}/api/{path}", data, {"Content-Type": "application/json"}, method=method)
        with urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or "null")

    def start(self, flow: str, deployment: str, **parameters: Any) -> str:
        """Runs a deployment now; gives the id of the flow run."""
        there = self.api(f"deployments/name/{flow}/{deployment}")
        run = self.api(
            f"deployments/{there['id']}/create_flow_run", {"parameters": parameters, "state": {"type": "SCHEDULED"}}
        )
        return str(run["id"])

    def retry(self, flow_run: str) -> None:
        """What the button Retry of the UI asks for."""
        self.api(f"flow_runs/{flow_run}/set_state", {"state": {"type": "SCHEDULED", "name": "AwaitingRetry"}})

    def ended(self, flow_run: str, attempt: int = 1, seconds: float = 180) -> dict[str, Any]:
        """The flow run when its attempt has ended."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            run = self.api(f"flow_runs/{flow_run}")
            if run["run_count"] >= attempt and run["state_type"] in ENDED:
                return dict(run)
            time.sleep(0.5)
        pytest.fail(f"the flow run has not ended in {seconds} s: {run['state']}")

    def task_runs(self, flow_run: str, attempt: int) -> Counter[tuple[str, str]]:
        """By task, how many ended how in an attempt: Completed where it was done, Cached where its result stood."""
        runs = self.api("task_runs/filter", {"flow_runs": {"id": {"any_": [flow_run]}}})
        tried = [run for run in runs if run["flow_run_run_count"] == attempt]
        return Counter((run["name"].partition("-")[0], run["state_name"]) for run in tried)


def descendants(pid: int) -> set[int]:
    """A process and all that it has started."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return set()
    return {pid}.union(*(descendants(int(child)) for child in children))


def alive(pids: set[int]) -> set[int]:
    """Those of the processes that have not ended."""
    return {pid for pid in pids if Path(f"/proc/{pid}").exists()}


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def environment(**more: str) -> dict[str, str]:
    """The environment of a user who has set nothing of Prefect's."""
    path = os.pathsep.join(filter(None, [str(HOUSE), os.environ.get("PYTHONPATH")]))
    own = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    return own | {"PYTHONPATH": path} | more


def start_serve(home: Path, *arguments: str, **more: str) -> Served:
    """`juesuan serve` in a folder, on a free port, when it is ready; `more` is set in its environment."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "flows.cli", "serve", "--port", str(port), *arguments],
        cwd=home,
        env=environment(**more),
        stdout=subprocess.PIPE,
        stderr=(home / "stderr.txt").open("a"),
        text=True,
    )
    assert process.stdout
    said = ""
    while "Ctrl-C" not in said:
        line = process.stdout.readline()
        assert line, f"juesuan serve has ended: {process.wait()} {(home / 'stderr.txt').read_text()}"
        said += line
    return Served(home, f"http://127.0.0.1:{port}", process, said)


def end_serve(served: Served) -> None:
    """Ends it, where it has not been."""
    if served.process.poll() is None:
        served.process.terminate()
        served.process.wait(60)


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory, site: Site) -> Iterator[Served]:
    """`juesuan serve` with a data folder and Prefect's state of its own, which calls the site when something is to be told."""
    served = start_serve(tmp_path_factory.mktemp("served"), "--webhook", f"{site.address}/told")
    yield served
    end_serve(served)


@pytest.fixture(scope="session")
def door() -> Iterator[Door]:
    """An object store on this machine."""
    from tests.flows.objects import object_store

    with object_store() as there:
        yield there


@pytest.fixture
def url(door: Door, monkeypatch: pytest.MonkeyPatch) -> str:
    """A place in a bucket of its own, in the store that the environment tells libraries of."""
    from fsspec.core import url_to_fs

    monkeypatch.setenv("AWS_ENDPOINT_URL", door.address)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "somebody")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    door.left = None
    bucket = uuid4().hex
    files, _ = url_to_fs(f"s3://{bucket}")
    files.mkdir(bucket)
    return f"s3://{bucket}/accounts"
