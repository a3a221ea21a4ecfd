"""Where a data folder is: on this machine, or in an object store of which this machine has a copy."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path, PurePosixPath

from flows.settings import WORK


def is_url(data: str | Path) -> bool:
    """Whether this names a data folder in an object store."""
    return "://" in str(data)


def working_folder(data: str | Path) -> Path:
    """Where a run on this data folder works: there, or in the copy that this machine has of what a store holds."""
    if not is_url(data):
        return Path(data)
    url = str(data).rstrip("/")
    name = f"{PurePosixPath(url).name}-{hashlib.sha256(url.encode()).hexdigest()[:8]}"
    return Path(os.environ.get(WORK) or "~/.cache/juesuan").expanduser() / name
