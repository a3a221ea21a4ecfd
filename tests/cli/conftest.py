"""Commands run in this process, where Prefect's temporary server starts once for all runs."""

import io
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from flows.cli import main


@dataclass(frozen=True)
class Done:
    """A command that has ended, and where its data is."""

    status: int
    out: str
    err: str
    data: Path


Juesuan = Callable[..., Done]


def juesuan(*arguments: object, data: Path) -> Done:
    """Runs one command with a data folder."""
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        try:
            status = main([*map(str, arguments), "--data", str(data)])
        except SystemExit as ended:
            status = ended.code
    return Done(status, out.getvalue(), err.getvalue(), data)


@pytest.fixture(scope="session")
def command() -> Juesuan:
    """Runs one command with a data folder: its exit status, stdout and stderr."""
    return juesuan


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Done:
    """The bundled samples, run for the first time."""
    return juesuan("run", data=tmp_path_factory.mktemp("samples"))


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory, real_reports: Path) -> Done:
    """The five published reports, run for the first time."""
    return juesuan("run", real_reports, data=tmp_path_factory.mktemp("real"))


@pytest.fixture(scope="session")
def lost_site() -> Iterator[str]:
    """The address of a server that has nothing."""

    class Lost(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Lost)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
