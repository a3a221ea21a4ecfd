"""Ctrl-C during a run: it ends at once, and the next run finishes."""

from __future__ import annotations

import multiprocessing
import multiprocessing.process
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

INTERRUPTED = 130
"""What shells report for a program that Ctrl-C ended."""


@contextmanager
def ends_at_once() -> Iterator[None]:
    """Lets Ctrl-C end this process and those it started, without a word.

    Prefect would tell its temporary server, which the same Ctrl-C has ended too, and try for a minute.
    Nothing is lost: what is done stays done, and a release is either switched to or not.
    """
    # The process that frees what the workers share would else warn that it had to.
    os.environ.setdefault("PYTHONWARNINGS", "ignore:resource_tracker:UserWarning")
    before = signal.signal(signal.SIGINT, _end)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def belong_to_the_run() -> None:
    """For a worker process: it leaves Ctrl-C, which reaches every process of a terminal, to the one that started it, and ends
    when that has ended, however it did.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if run := multiprocessing.parent_process():
        threading.Thread(target=_end_after, args=(run,), daemon=True).start()


def _end_after(run: multiprocessing.process.BaseProcess) -> None:
    run.join()
    os._exit(1)


def _end(_signal: int, _frame: FrameType | None) -> None:
    for worker in multiprocessing.active_children():
        worker.kill()
    if server := sys.modules.get("prefect.server.api.server"):
        server.SubprocessASGIServer().stop()
    if sys.stderr.isatty():
        # The bars have hidden the cursor.
        sys.stderr.write("\x1b[?25h\n")
        sys.stderr.flush()
    os._exit(INTERRUPTED)
