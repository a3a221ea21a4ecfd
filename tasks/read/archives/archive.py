"""ZIP files from strangers, and all the ways in which they turn out to be damaged."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from tasks.read.blocks import Unreadable

FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError, KeyError)
"""What the standard library raises for damaged, encrypted and unknown content; NotImplementedError is among them."""

MAX_DIRECTORY = 4 * 1024**2
"""Bytes. Forty thousand files; the names of what is in an archive are read before anything else of it."""

_END = re.compile(rb"PK\x05\x06.{8}(.{4})", re.DOTALL)
_LONGEST_END = 22 + 2**16


def open_archive(content: bytes, name: str) -> zipfile.ZipFile:
    """The archive. Raises Unreadable where its directory is damaged, cut off or beyond all measure."""
    # Which of several ends counts is the library's to decide.
    for end in _END.finditer(content, max(0, len(content) - _LONGEST_END)):
        if int.from_bytes(end[1], "little") > MAX_DIRECTORY:
            raise Unreadable(f"{name}: the archive holds too many files: refused.")
    try:
        return zipfile.ZipFile(io.BytesIO(content))
    except FAULTS as error:
        raise damaged(name) from error


def damaged(name: str) -> Unreadable:
    """What is told of every fault, since one looks like the other."""
    return Unreadable(f"{name}: the Office file or archive is damaged, cut short or encrypted: fetch it again.")
