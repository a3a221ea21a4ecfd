"""Processes that end with the one that started them, even where that was killed and could end nothing any more.

Who starts such a process holds the other end of its standard input, and never writes. The system closes it.
"""

from __future__ import annotations

import os
import signal
import sys
import threading


def end_with_parent() -> None:
    """Watches standard input from now on; when it is closed, kills this process and its process group, which it leads."""
    threading.Thread(target=_watch, name="lifeline", daemon=True).start()


def _watch() -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    os.killpg(os.getpid(), signal.SIGKILL)
