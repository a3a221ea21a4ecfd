"""A server and two workers of one's own, as `prefect deploy --all` wants them; one is killed with a run under way."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.crashes import tree
from tests.flows.conftest import HOUSE, Served, alive, descendants, environment, free_port, open_site
from tests.flows.test_serve import written

VANISHED = "juesuan: a run that has vanished is marked"
PREFECT = [sys.executable, "-m", "prefect", "--no-prompt"]
Start = Callable[..., subprocess.Popen[bytes]]


@contextmanager
def own(home: Path, address: str) -> Iterator[tuple[Start, Callable[..., None]]]:
    """Starts programs of Prefect that are ended with the context, and runs others to their end."""
    more = {"PREFECT_HOME": str(home), "PREFECT_API_URL": f"{address}/api", "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30"}
    options = {
        "cwd": HOUSE,
        "env": environment(**more),
        "stdout": (home / "said.txt").open("ab"),
        "stderr": subprocess.STDOUT,
    }
    with ExitStack() as ending:

        def start(*command: str) -> subprocess.Popen[bytes]:
            process = subprocess.Popen(command, start_new_session=True, **options)
            ending.callback(end, process)
            return process

        def end(process: subprocess.Popen[bytes]) -> None:
            for each in descendants(process.pid):
                os.kill(each, signal.SIGKILL)
            process.wait()

        yield start, lambda *command: subprocess.run(command, check=True, timeout=120, **options)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Served, list[subprocess.Popen[bytes]]]]:
    """The server with the deployments and automations of the project, and its two workers."""
    home = tmp_path / "home"
    home.mkdir()
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with own(home, address) as (start, run):
        server = start(*PREFECT, "server", "start", "--host", "127.0.0.1", "--port", str(port), "--no-ui")
        until = time.monotonic() + 120
        while True:
            try:
                urlopen(f"{address}/api/health", timeout=5).close()
                break
            except URLError:
                assert server.poll() is None and time.monotonic() < until, (home / "said.txt").read_text()
                time.sleep(0.5)
        run(*PREFECT, "work-pool", "create", "juesuan", "--type", "process")
        run(*PREFECT, "deploy", "--all")
        run(sys.executable, "-m", "flows.automations")
        workers = [
            start(*PREFECT, "worker", "start", "--pool", "juesuan", "--name", name, "--limit", "1")
            for name in ("a", "b")
        ]
        yield Served(tmp_path, address, server, ""), workers


def marked_sooner(served: Served) -> None:
    """Lets a run be given up after forty seconds without a word in place of five minutes."""
    (there,) = served.api("automations/filter", {})
    assert there["name"] == VANISHED
    there["trigger"]["within"] = 40
    told = {name: there[name] for name in ("name", "description", "enabled", "trigger", "actions")}
    served.api(f"automations/{there['id']}", told, method="PUT")


def test_a_killed_worker_loses_nothing_and_the_other_one_goes_on(served) -> None:
    served, workers = served
    marked_sooner(served)
    (served.home / "2.txt").write_bytes(written(2))
    with open_site() as site:
        site.pages["/0.txt"], site.seconds["/0.txt"] = written(0), 300.0
        sources = f'[[source]]\nname = "a"\npath = "2.txt"\n[[source]]\nname = "b"\nurl = "{site.address}/0.txt"\n'
        (served.home / "reports.toml").write_text(sources, encoding="utf-8")

        def start(data: str) -> str:
            parameters = {"inputs": [str(served.home / "reports.toml")], "data": str(served.home / data)}
            return served.start("annual", "annual", previous_year=False, **parameters)

        run = start("killed")
        until = time.monotonic() + 120
        while not site.asked["/0.txt"]:
            assert time.monotonic() < until, (served.home / "home" / "said.txt").read_text()[-2000:]
            time.sleep(0.5)
        (worker,) = [each for each in workers if len(descendants(each.pid)) > 1]
        lost = descendants(worker.pid)
        for each in lost:
            os.kill(each, signal.SIGKILL)
        worker.wait()
        site.seconds.clear()
        crashed = served.ended(run)
        assert crashed["state_type"] == "CRASHED"
        assert crashed["state"]["message"].startswith("It has vanished: nothing was heard of it")
        served.retry(run)
        done = served.ended(run, attempt=2)
        assert (done["state_type"], done["state"]["message"]) == ("COMPLETED", "2 published")
        assert not alive(lost)
        undisturbed = served.ended(start("whole"))
        assert undisturbed["state"]["message"] == "2 published"
    assert tree(served.home / "killed" / "marts") == tree(served.home / "whole" / "marts")
