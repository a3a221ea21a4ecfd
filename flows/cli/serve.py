"""`juesuan serve`: Prefect's server with its UI, and a worker with all deployments and schedules."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType
from urllib.error import URLError
from urllib.request import urlopen

from flows.cli.usage import UsageError, data_argument
from flows.settings import WEBHOOK

HELP = "serve the UI, and run the deployments when they are due"
EPILOG = """examples:
  juesuan serve                                   the deployments on the bundled sample reports
  juesuan serve sources/2024.toml --data /srv/juesuan

Everything listens on this machine only (127.0.0.1). The server's state is kept in .prefect of the data folder,
or where PREFECT_HOME says. Ctrl-C ends the server, the worker and what they run; a run that is under way is
cancelled, and can be retried.

exit status: 0 ended by Ctrl-C or SIGTERM, 1 the server or the worker ended by itself, 2 wrong usage
"""

PORT = 4200
"""Prefect's own."""

START, END = 180.0, 15.0
"""Seconds that the server and the worker have to start (the first start makes the database), and to end."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    parser.add_argument(
        "inputs", nargs="*", metavar="INPUT", help="what the deployments collect by default (default: the samples)"
    )
    data_argument(parser)
    parser.add_argument("--port", type=int, default=PORT, metavar="N", help=f"port of the UI (default: {PORT})")
    parser.add_argument(
        "--webhook",
        metavar="URL",
        default=os.environ.get(WEBHOOK),
        help="called when a run has failed or a report is late (default: what JUESUAN_WEBHOOK says, else nothing is)",
    )


def run(options: argparse.Namespace) -> int:
    """Starts server and worker, and waits until one of them ends or somebody ends this."""
    _check(options)
    address = f"http://127.0.0.1:{options.port}"
    environment = _environment(options, address)
    from flows.home import TakenError, taken

    signal.signal(signal.SIGTERM, _interrupt)
    try:
        with taken(Path(environment["PREFECT_HOME"]).expanduser(), address, sys.stderr) as lock:
            _check_port(options.port)
            return _serve(options, address, environment, lock)
    except TakenError as error:
        raise UsageError(str(error)) from None
    except KeyboardInterrupt:
        return 0


def _serve(options: argparse.Namespace, address: str, environment: Mapping[str, str], lock: int) -> int:
    """Starts server and worker, and ends them; `lock` is theirs as well, so that nobody else serves while one of them lives."""
    started: list[subprocess.Popen[str]] = []
    try:
        started.append(_server(options.port, environment, lock))
        _wait_for_server(started[0], address)
        started.append(_worker(options, environment, lock))
        _tell(options, address)
        return _wait(started)
    finally:
        # A second Ctrl-C must not leave anything running.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        for process in reversed(started):
            _end(process)


def _check(options: argparse.Namespace) -> None:
    """Finds wrong usage before anything is started. Raises UsageError."""
    from flows.folder import Folder, FolderError
    from flows.inputs import collect
    from flows.location import is_url
    from tasks.fetch import CatalogueError

    if is_url(options.data):
        raise UsageError(
            f"--data {options.data}: serve keeps its state in a folder of this machine; see docs/deploy.md"
        )
    try:
        collect(options.inputs)
        Folder(options.data).check_writable()
    except (CatalogueError, FolderError) as error:
        raise UsageError(str(error)) from None
    if not 1 <= options.port <= 65535:
        raise UsageError(f"--port {options.port}: a port is a number from 1 to 65535")
    if options.webhook and not options.webhook.startswith(("http://", "https://")):
        raise UsageError(f"--webhook {options.webhook}: an address begins with http:// or https://")


def _check_port(port: int) -> None:
    """Raises UsageError where somebody has the port."""
    with socket.socket() as asked:
        asked.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            asked.bind(("127.0.0.1", port))
        except OSError as error:
            told = f"port {port} cannot be used ({error.strerror}): name another one with --port"
            raise UsageError(told) from None


def _environment(options: argparse.Namespace, address: str) -> dict[str, str]:
    """The environment of server, worker and flow runs."""
    from flows.revision import HOUSE
    from flows.settings import PAGES, SERVED

    path = os.pathsep.join(filter(None, [str(HOUSE), os.environ.get("PYTHONPATH")]))
    return {
        "PREFECT_HOME": str((options.data / ".prefect").resolve()),
        # The log of a run is in the UI.
        "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
        **os.environ,
        "PYTHONPATH": path,
        "PREFECT_API_URL": f"{address}/api",
        # Without these two the UI asks port 4200, and any page in the user's browser may ask the API.
        "PREFECT_UI_API_URL": f"{address}/api",
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": address,
        SERVED: str(options.data.resolve()),
        PAGES: f"{address}/data-docs",
        WEBHOOK: options.webhook or "",
    }


def _server(port: int, environment: Mapping[str, str], lock: int) -> subprocess.Popen[str]:
    asgi = ["uvicorn", "--factory", "flows.server:app", "--host", "127.0.0.1", "--port", str(port)]
    return _start([*asgi, "--log-level", "error", "--timeout-graceful-shutdown", "3"], environment, lock)


def _worker(options: argparse.Namespace, environment: Mapping[str, str], lock: int) -> subprocess.Popen[str]:
    """The worker, when it is ready."""
    inputs = [str(each) for each in options.inputs]
    worker = _start(["flows.worker", str(options.data), *inputs], environment, lock, stdout=subprocess.PIPE)
    assert worker.stdout
    if worker.stdout.readline().strip() != "ready":
        _end(worker)
        raise UsageError("the worker did not start: what it says above tells why")
    return worker


def _start(
    module: Sequence[str], environment: Mapping[str, str], lock: int, stdout: int | None = None
) -> subprocess.Popen[str]:
    """A process in a session of its own: Ctrl-C reaches this one only, which ends it with all that it started.

    Its standard input is its lifeline (`flows.lifeline`): it ends by itself where this process was killed.
    """
    command = [sys.executable, "-m", *module]
    return subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=stdout,
        text=True,
        start_new_session=True,
        pass_fds=[lock],
    )


def _wait_for_server(server: subprocess.Popen[str], address: str) -> None:
    until = time.monotonic() + START
    while time.monotonic() < until and server.poll() is None:
        try:
            with urlopen(f"{address}/api/health", timeout=5):
                return
        except (URLError, TimeoutError):
            time.sleep(0.2)
    raise UsageError("the server did not start: what it says above tells why")


def _tell(options: argparse.Namespace, address: str) -> None:
    from flows.deployments import declared

    print(f"UI          {address}")
    print(f"Data Docs   {address}/data-docs/ (after the first run)")
    print(f"data folder {options.data}")
    print("deployments")
    for each in declared():
        when = ", ".join(f"cron {at['cron']} {at['timezone']}" for at in each["schedules"])
        print(f"  {each['name']:<10}{when or 'when somebody runs it'}")
    print(f"webhook     {'called' if options.webhook else 'none (--webhook)'}")
    print("Ctrl-C ends it.", flush=True)


def _wait(started: Sequence[subprocess.Popen[str]]) -> int:
    while all(process.poll() is None for process in started):
        time.sleep(0.5)
    print("juesuan: the server or the worker has ended by itself; what it says above tells why", file=sys.stderr)
    return 1


def _end(process: subprocess.Popen[str]) -> None:
    """Ends a process that was started here, and whatever is left of its session."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(END)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
