"""The raw objects: the bytes as they came, addressed by their SHA-256 and never rewritten."""

from __future__ import annotations

import hashlib
import uuid
from pathlib import Path


class CorruptObject(RuntimeError):
    """The bytes of a raw object are no longer those that its name stands for."""


class RawStore:
    """A folder of objects, `objects/ab/<sha256>` below `root`, each written in one step."""

    def __init__(self, root: Path) -> None:
        self._objects = Path(root) / "objects"

    def path(self, sha256: str) -> Path:
        """Where the object is or would be."""
        return self._objects / sha256[:2] / sha256

    def has(self, sha256: str) -> bool:
        """Whether the object is there."""
        return self.path(sha256).is_file()

    def size(self, sha256: str) -> int | None:
        """How many bytes the object has; None where it is not there. Its content is not looked at."""
        try:
            return self.path(sha256).stat().st_size
        except FileNotFoundError:
            return None

    def put(self, content: bytes) -> str:
        """Stores bytes, unless they are there already, and returns their SHA-256.

        One that a power cut or a bad disk has cut short is stored again. A partial write is never seen under
        the object's name: it goes to a hidden file, which is renamed when it is complete.
        """
        sha256 = hashlib.sha256(content).hexdigest()
        path = self.path(sha256)
        if self.size(sha256) != len(content):
            path.parent.mkdir(parents=True, exist_ok=True)
            partial = path.with_name(f".{uuid.uuid4().hex}.partial")
            partial.write_bytes(content)
            partial.replace(path)
        return sha256

    def get(self, sha256: str) -> bytes:
        """The bytes of an object. Raises FileNotFoundError, or CorruptObject when they have changed."""
        path = self.path(sha256)
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() != sha256:
            raise CorruptObject(f"{path}: the stored bytes have changed: delete this file and run again to fetch it.")
        return content
