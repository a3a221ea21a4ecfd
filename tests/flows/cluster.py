"""A Dask cluster on this machine: a scheduler and workers, each a process of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from distributed import Client

HOUSE = Path(__file__).resolve().parents[2]


@dataclass
class Cluster:
    """The scheduler's address, and its workers."""

    address: str
    workers: list[subprocess.Popen[bytes]]


@contextmanager
def cluster(folder: Path, workers: int, house: Path = HOUSE) -> Iterator[Cluster]:
    """A cluster whose workers stand in another folder than the run; all its processes end with the context.

    `house`: the code that the workers run.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    scheduler = _start(folder, house, "scheduler", "--host", address, "--no-dashboard")
    there = Cluster(address, [])
    try:
        for _ in range(workers):
            options = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--death-timeout", "60")
            there.workers.append(_start(folder, house, "worker", address, "--host", "127.0.0.1", *options))
        with Client(address, timeout="60s") as client:
            client.wait_for_workers(workers, timeout=60)
        yield there
    finally:
        for process in (*there.workers, scheduler):
            process.kill()
            process.wait()


def _start(folder: Path, house: Path, *command: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "dask", *command],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(house)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
