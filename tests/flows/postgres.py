"""A PostgreSQL server on loopback that is gone when the test is: a cluster of its own, owned by somebody without rights."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import Any


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@contextmanager
def postgres() -> Iterator[str]:
    """The address of an empty database, with user and password."""
    programs = _programs()
    # Neither in pytest's folder, which its owner alone may enter, nor by root, whom PostgreSQL refuses.
    folder = Path(tempfile.mkdtemp(prefix="juesuan-postgres-"))
    password, port = token_hex(16), free_port()
    (folder / "password").write_text(password)
    owner: dict[str, Any] = {}
    if os.geteuid() == 0:
        somebody = pwd.getpwnam("nobody")
        owner = {"user": somebody.pw_uid, "group": somebody.pw_gid, "extra_groups": []}
        for path in (folder, folder / "password"):
            os.chown(path, somebody.pw_uid, somebody.pw_gid)
    quiet: dict[str, Any] = {"cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL} | owner
    made = ("--auth=scram-sha-256", "--pwfile=password", "--username=prefect", "--encoding=UTF8", "--no-locale")
    subprocess.run([programs / "initdb", "--pgdata=data", "--no-sync", *made], check=True, **quiet)
    listens = ("-h", "127.0.0.1", "-p", str(port), "-k", str(folder), "-c", "fsync=off")
    server = subprocess.Popen([programs / "postgres", "-D", "data", *listens], **quiet)
    try:
        until = time.monotonic() + 60
        while subprocess.run([programs / "pg_isready", "-h", "127.0.0.1", "-p", str(port)], **quiet).returncode:
            assert server.poll() is None and time.monotonic() < until, "PostgreSQL did not start"
            time.sleep(0.1)
        yield f"postgresql+asyncpg://prefect:{password}@127.0.0.1:{port}/postgres"
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(folder)


def _programs() -> Path:
    """Where Debian or the path has the programs of PostgreSQL."""
    there = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or [Path(shutil.which("initdb") or "initdb")]
    return there[-1].parent
