"""Prefect's database on PostgreSQL, as docs/deploy.md has it for a server of more than one machine."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import asyncpg
import pytest

from tests.flows.postgres import free_port, postgres

HOUSE = Path(__file__).resolve().parents[2]


@dataclass
class Server:
    """A Prefect server: its API, and its database."""

    api: str
    database: str


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with postgres() as database:
        port = free_port()
        api = f"http://127.0.0.1:{port}/api"
        own = {"PREFECT_HOME": str(tmp_path), "PREFECT_API_DATABASE_CONNECTION_URL": database, "PREFECT_API_URL": api}
        process = subprocess.Popen(
            [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port), "--no-ui"],
            env=os.environ | own,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait(process, f"{api}/health")
            yield Server(api, database)
        finally:
            process.terminate()
            process.wait(60)
        assert not list(tmp_path.glob("*.db")), "the server has a database of its own besides"


def _wait(process: subprocess.Popen[bytes], address: str) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        assert process.poll() is None, "the server has ended by itself"
        try:
            with urlopen(address, timeout=5):
                return
        except (URLError, TimeoutError):
            time.sleep(0.2)
    pytest.fail("the server did not start in 120 s")


async def _states(database: str) -> dict[str, list[str]]:
    """The state of each flow run, and of its task runs, as PostgreSQL has them."""
    connection = await asyncpg.connect(database.replace("+asyncpg", ""))
    try:
        runs = {
            table: [row[0] for row in await connection.fetch(f"select state_type::text from {table}")]
            for table in ("flow_run", "task_run")
        }
    finally:
        await connection.close()
    return runs


def test_a_run_is_kept_in_postgresql(server, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "flows.cli", "run", "--data", str(tmp_path / "data")],
        cwd=HOUSE,
        env=os.environ | {"PREFECT_API_URL": server.api},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
    )
    assert done.returncode == 0 and done.stdout.startswith("5 published\n"), done.stdout + done.stderr
    until = time.monotonic() + 30
    # Task runs reach the database a moment after the run has ended.
    while (states := asyncio.run(_states(server.database)))["task_run"] != ["COMPLETED"] * 7:
        assert time.monotonic() < until, states
        time.sleep(0.5)
    assert states["flow_run"] == ["COMPLETED"]
