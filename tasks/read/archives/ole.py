"""Microsoft's compound files, the container of Office before 2007: named streams in one file."""

from __future__ import annotations

import io

from olefile import STGTY_STREAM, OleFileIO  # type: ignore[import-untyped]

from tasks.read.blocks import Unreadable

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_FAULTS = (OSError, ValueError, IndexError, TypeError, AttributeError, OverflowError, RecursionError)
"""What the library raises for damaged files, by trial: OleFileError is an OSError, the others come from its inside."""


class Compound:
    """The streams of one compound file. Raises Unreadable with the document's name where it is damaged."""

    def __init__(self, content: bytes, name: str) -> None:
        self._name = name
        self._size = len(content)
        try:
            self._file = OleFileIO(io.BytesIO(content))
            self._root = {entry.name: entry for entry in self._file.root.kids if entry.entry_type == STGTY_STREAM}
        except _FAULTS as error:
            raise damaged(name) from error

    def __contains__(self, stream: str) -> bool:
        return stream in self._root

    def stream(self, stream: str) -> bytes:
        """The bytes of a stream; nothing where there is none of that name."""
        if stream not in self._root:
            return b""
        if self._root[stream].size > self._size:
            raise damaged(self._name)
        try:
            with self._file.openstream(stream) as file:
                content: bytes = file.read()
        except _FAULTS as error:
            raise damaged(self._name) from error
        return content


def damaged(name: str) -> Unreadable:
    """What is told of every fault, since one looks like the other."""
    return Unreadable(f"{name}: the Office file is damaged or cut short: fetch it again, or save it anew as DOCX.")
