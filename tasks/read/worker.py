"""The process that reads what may be hostile: `python -m tasks.read.worker SECONDS BYTES`; see tasks.read.limits.

It reads documents from standard input and writes an answer for each to standard output until its input ends.
A document that takes too long ends the process by a signal, which stops native code too.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import struct
import sys
import traceback
from dataclasses import fields
from typing import Any

from tasks.read.blocks import Lacking, Unreadable
from tasks.read.formats import read_here

REQUEST = struct.Struct("<QQ")
"""Lengths of a name and of a content, which follow."""

ANSWER = struct.Struct("<Q")
"""Length of the JSON that follows."""

TOO_MUCH_MEMORY = "memory"
GROWN = 1 / 8
"""Share of the memory. A process that still holds so much when it has read a document makes room for a fresh one."""


def main() -> None:
    """Serves until the input ends."""
    seconds, memory = float(sys.argv[1]), int(sys.argv[2])
    # What a native library prints must not get among the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    born = _size()
    resource.setrlimit(resource.RLIMIT_AS, (born + memory, born + memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while head := sys.stdin.buffer.read(REQUEST.size):
        signal.setitimer(signal.ITIMER_REAL, seconds)
        answer = _answer(*REQUEST.unpack(head))
        signal.setitimer(signal.ITIMER_REAL, 0)
        last = TOO_MUCH_MEMORY in answer or _size() - born > GROWN * memory
        content = json.dumps(answer | {"last": last}, ensure_ascii=False).encode(errors="replace")
        answers.write(ANSWER.pack(len(content)) + content)
        answers.flush()
        if last:
            return


def _answer(name_length: int, content_length: int) -> dict[str, Any]:
    try:
        name = sys.stdin.buffer.read(name_length).decode()
        format_name, blocks = read_here(sys.stdin.buffer.read(content_length), name)
        return {"format": format_name, "blocks": {each.name: getattr(blocks, each.name) for each in fields(blocks)}}
    except Unreadable as error:
        return {"unreadable": str(error), "lacking": isinstance(error, Lacking)}
    except MemoryError:
        return {TOO_MUCH_MEMORY: True}
    except Exception as error:
        return {"broken": f"{type(error).__name__}: {error}", "traceback": traceback.format_exc()}


def _size() -> int:
    """The address space of this process in bytes, which is what the limit counts; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 0


if __name__ == "__main__":
    main()
