"""Reads what may be hostile in a process of its own, within limits of time, memory and output.

One process serves all such documents of a run's process, so that each pays for its way through two pipes alone; what
breaks it breaks one document. Answers are JSON: a process that a document took over could say nothing worse.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

from tasks.read.blocks import Blocks, Lacking, Unreadable
from tasks.read.formats import broke
from tasks.read.worker import ANSWER, REQUEST, TOO_MUCH_MEMORY

SECONDS = 120
MEMORY = 2 * 1024**3
"""Bytes that one document may take, its own included."""

MAX_ANSWER = 1024**3
"""Bytes. The longest text that is read has a quarter of it, all places of its blocks included."""

_HOUSE = Path(__file__).parents[2]

log = logging.getLogger("juesuan")


class _Pipe(Protocol):
    def read(self, size: int, /) -> bytes: ...


class Worker:
    """A process that reads documents, made when there is one to read and again when one broke it."""

    def __init__(self, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._seconds = seconds
        self._memory = memory
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, content: bytes, name: str) -> tuple[str, Blocks]:
        """As `tasks.read.formats.read_here`; raises Unreadable also for a document that exceeds the limits."""
        with self._lock:
            answer = self._ask(content, name)
        if "unreadable" in answer:
            raise (Lacking if answer["lacking"] else Unreadable)(answer["unreadable"])
        if TOO_MUCH_MEMORY in answer:
            raise Unreadable(f"{name}: reading it needs more than {self._memory / 1024**3:.1f} GB of memory: split it.")
        if "broken" in answer:
            log.error("One document breaks its reader; the others go on\n%s", answer["traceback"])
            raise broke(name, answer["broken"])
        return answer["format"], Blocks(**answer["blocks"])

    def _ask(self, content: bytes, name: str) -> dict[str, Any]:
        process = self._running()
        assert process.stdin and process.stdout
        encoded = name.encode(errors="replace")
        try:
            process.stdin.write(REQUEST.pack(len(encoded), len(content)))
            process.stdin.write(encoded)
            process.stdin.write(content)
            process.stdin.flush()
            answer = _answer(process.stdout)
        except OSError:
            answer = None
        if answer is None:
            return self._ended(process, name)
        if answer["last"]:
            self._close()
        return answer

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._close()
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tasks.read.worker", str(self._seconds), str(self._memory)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=_HOUSE,
                # Threads of numerical libraries take address space, as many as the machine has cores.
                env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
                # An interrupt at the terminal is the run's business: this process ends when its input does.
                start_new_session=True,
            )
        return self._process

    def _ended(self, process: subprocess.Popen[bytes], name: str) -> dict[str, Any]:
        """What the end of the process tells of the document that it was reading."""
        self._close()
        if process.returncode == -signal.SIGALRM:
            why = f"reading it took longer than {self._seconds:g} s: split it, or convert it to DOCX."
        else:
            why = f"it broke its reader ({_cause(process.returncode)}): it is damaged or hostile: convert it to DOCX."
        return {"unreadable": f"{name}: {why}", "lacking": False}

    def _close(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            for pipe in (process.stdin, process.stdout):
                assert pipe
                with suppress(OSError):  # of what was still to be written
                    pipe.close()
            try:
                process.wait(1)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _answer(pipe: _Pipe) -> dict[str, Any] | None:
    """The next answer; None where the process ends or says more than it may."""
    head = pipe.read(ANSWER.size)
    if len(head) < ANSWER.size:
        return None
    (length,) = ANSWER.unpack(head)
    content = pipe.read(length) if length <= MAX_ANSWER else b""
    if len(content) < length:
        return None
    answer: dict[str, Any] = json.loads(content)
    return answer


def _cause(status: int) -> str:
    return signal.Signals(-status).name if status < 0 else f"exit status {status}"


_worker = Worker()


def _forget() -> None:
    """A process that forks keeps its worker for itself."""
    global _worker
    _worker = Worker()


os.register_at_fork(after_in_child=_forget)


def read_limited(content: bytes, name: str) -> tuple[str, Blocks]:
    """As `tasks.read.formats.read_here`, in this process's worker."""
    return _worker.read(content, name)
