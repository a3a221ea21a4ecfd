"""The layout of docs/deploy.md on one machine: Prefect's server on PostgreSQL, a worker of a pool, two workers of Dask, S3."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import asyncpg
import polars as pl
import pytest
from fsspec.core import url_to_fs

from flows.batches import SIZE
from flows.settings import DASK, WORK
from tests.crashes import write_reports
from tests.flows.cluster import cluster
from tests.flows.postgres import free_port, postgres

HOUSE = Path(__file__).resolve().parents[2]


@pytest.fixture
def database() -> Iterator[str]:
    with postgres() as address:
        yield address


@pytest.fixture
def prefect(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The environment of whoever works with a Prefect server on that database."""
    port = free_port()
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    api = f"http://127.0.0.1:{port}/api"
    for name, value in {"PATH": path, "PYTHONPATH": str(HOUSE), "PREFECT_HOME": str(tmp_path / "prefect")}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PREFECT_API_URL", api)
    own = {"PREFECT_API_DATABASE_CONNECTION_URL": database}
    command = ["server", "start", "--host", "127.0.0.1", "--port", str(port), "--no-ui"]
    with started("prefect", *command, cwd=tmp_path, **own) as process:
        until = time.monotonic() + 120
        while not _answers(f"{api}/health"):
            assert process.poll() is None and time.monotonic() < until, "the server did not start"
            time.sleep(0.2)
        yield
    assert not list(tmp_path.rglob("*.db")), "the server has a database of its own besides"


@contextmanager
def started(module: str, *command: str, cwd: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is ended with the context."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, *command],
        cwd=cwd,
        env=os.environ | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(60)


def _answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=5):
            return True
    except (URLError, TimeoutError):
        return False


async def _states(database: str, table: str) -> Counter[str]:
    """How many runs are in which state, as PostgreSQL has them."""
    connection = await asyncpg.connect(database.replace("+asyncpg", ""))
    try:
        return Counter(row[0] for row in await connection.fetch(f"select state_type::text from {table}"))
    finally:
        await connection.close()


def test_a_deployment_runs_on_a_pool_with_dask_and_an_object_store(prefect, database, url, tmp_path, monkeypatch):
    write_reports(tmp_path / "reports", SIZE + 10)
    monkeypatch.setenv(WORK, str(tmp_path / "work"))
    monkeypatch.setenv("JUESUAN_DATA", url)
    register = ["sh", str(HOUSE / "docs" / "deploy" / "register.sh"), str(tmp_path / "reports")]
    subprocess.run(register, cwd=tmp_path, check=True, capture_output=True)
    subprocess.run(register, cwd=tmp_path, check=True, capture_output=True)
    with cluster(tmp_path, 2) as there:
        monkeypatch.setenv(DASK, there.address)
        with started("prefect", "worker", "start", "--pool", "juesuan", "--type", "process", cwd=tmp_path):
            run = ["deployment", "run", "annual/annual", "--param", "previous_year=false", "--watch"]
            done = subprocess.run(
                [sys.executable, "-m", "prefect", *run],
                cwd=tmp_path,
                capture_output=True,
                encoding="utf-8",
                timeout=300,
            )
    assert "finished successfully" in done.stdout, done.stdout[-2000:] + done.stderr
    assert asyncio.run(_states(database, "flow_run"))["COMPLETED"] == 1
    until = time.monotonic() + 30
    # Task runs reach the database a moment after the run has ended: three stages of two batches, and what surrounds them.
    while (tasks := asyncio.run(_states(database, "task_run"))) != {"COMPLETED": 11}:
        assert time.monotonic() < until, tasks
        time.sleep(0.5)

    store, base = url_to_fs(url)
    release = store.cat_file(f"{base}/marts/current").decode()
    with store.open(f"{base}/marts/{release}/coverage.parquet") as file:
        coverage = pl.read_parquet(file.read())
    assert coverage["status"].is_in(["published", "superseded"]).all() and coverage.height > SIZE - 30
