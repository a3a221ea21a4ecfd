"""The folder of Prefect's state at `juesuan serve`: one serve at a time, and none beside what a killed one has left."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

ENDING = 30.0
"""Seconds that the processes of a killed serve have to end by themselves (`flows.lifeline`): they need one."""


class TakenError(Exception):
    """The folder cannot be had. The message is one sentence."""


@contextmanager
def taken(home: Path, address: str, tell: TextIO) -> Iterator[int]:
    """Keeps other serves off a folder, from now on until this process and all that inherit the descriptor have ended.

    Gives the descriptor. `address` is where this serve answers, for those who are kept off. Where a serve was killed,
    waits for what it left to end, which `tell` is told. Raises TakenError, naming the serve that has it.
    """
    with _opened(home) as lock:
        _wait_for(lock, home, tell)
        lock.truncate(0)
        lock.write(f"{os.getpid()} {address} since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC\n")
        lock.flush()
        yield lock.fileno()


def _opened(home: Path) -> TextIO:
    try:
        home.mkdir(parents=True, exist_ok=True)
        return (home / "serve.lock").open("a+", encoding="utf-8")
    except OSError as error:
        raise TakenError(
            f"Prefect's folder {home} cannot be written ({error.strerror}): make it writable, "
            "or name another one in the environment variable PREFECT_HOME"
        ) from None


def _wait_for(lock: TextIO, home: Path, tell: TextIO) -> None:
    until, told = time.monotonic() + ENDING, False
    while True:
        try:
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            process, _, where = lock.read().strip().partition(" ")
        if process.isdigit() and _alive(int(process)):
            raise TakenError(f"{home} is served already, by process {process} at {where}: use that one, or end it")
        if time.monotonic() > until:
            raise TakenError(f"the serve before (process {process}, {where}) was killed, and what it left does not end")
        if not told:
            print(
                f"juesuan: the serve before ({where}) was killed; waiting for what it left to end",
                file=tell,
                flush=True,
            )
            told = True
        time.sleep(0.2)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
