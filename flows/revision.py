"""Revisions of the code: which results still count after a change of source or taxonomy."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[1]

_DECLARED = ("schemas/table.py", "schemas/raw.py", "schemas/validate.py", "flows/stages.py", "flows/curated.py")
ROOMS = {
    "read": (*_DECLARED, "tasks/read", "schemas/taxonomy/attachments.csv"),
    "extract": (*_DECLARED, "tasks/extract", "schemas/curated.py", "schemas/taxonomy"),
    "reconcile": (*_DECLARED, "tasks/reconcile", "schemas/curated.py", "schemas/taxonomy"),
    "compare": (
        *_DECLARED,
        "tasks/reconcile",
        "tasks/publish/identity.py",
        "schemas/curated.py",
        "schemas/taxonomy",
        "flows/compare.py",
    ),
    "audit": ("schemas", "expectations", "flows/release.py"),
    "publish": ("schemas", "expectations", "tasks/publish", "flows/release.py"),
    "site": ("schemas", "tasks/publish", "flows/site.py"),
}
"""By stage, the files and folders that do its work. What a stage takes over from an earlier one has that one's key."""


@cache
def revision(*stages: str) -> str:
    """Digest over the source and the taxonomy of the rooms behind these stages, 16 hexadecimal digits."""
    files = sorted({file for stage in stages for room in ROOMS[stage] for file in _sources(HOUSE / room)})
    return digest(part for file in files for part in (str(file.relative_to(HOUSE)), file.read_bytes()))


def digest(parts: Iterable[str | bytes]) -> str:
    """Digest over parts of which each one is closed off from the next, 16 hexadecimal digits."""
    told = hashlib.sha256()
    for part in parts:
        content = part.encode() if isinstance(part, str) else part
        told.update(len(content).to_bytes(8, "big") + content)
    return told.hexdigest()[:16]


def _sources(room: Path) -> list[Path]:
    if room.is_file():
        return [room]
    return [file for file in room.rglob("*") if file.suffix in (".py", ".csv", ".html", ".css", ".js", ".json")]
