"""One document of any format into blocks, in this process. Imports no more than the document needs."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from tasks.read.blocks import MAX_BLOCKS, MAX_CHARACTERS, Blocks, Unreadable
from tasks.read.detect import detect

SCAN = "-scan"
"""Ends the name of the format where text of the document was recognised from pictures."""

_ROOMS = {
    "docx": "word",
    "doc": "word",
    "xlsx": "workbook",
    "xls": "workbook",
    "ods": "workbook",
    "separated": "workbook",
    "pdf": "pdf",
    "image": "scan",
    "bundle": "archives",
}
"""The folder of a format's reader, where it is not this one."""

_BUNDLES = ("zip", "rar", "7z", "tar", "gzip")


def read_here(content: bytes, name: str, format_name: str | None = None) -> tuple[str, Blocks]:
    """The format, told from the content where it is not given, and the blocks. Raises Unreadable."""
    format_name = format_name or detect(content, name)
    blocks = _reader(format_name)(content, name)
    if not any(text.strip() for text in blocks.text):
        raise Unreadable(f"{name}: the document holds no text, perhaps only images: ask its publisher for the text.")
    if len(blocks.text) > MAX_BLOCKS or sum(map(len, blocks.text)) > MAX_CHARACTERS:
        raise Unreadable(
            f"{name}: the document has more than {MAX_CHARACTERS:,} characters or {MAX_BLOCKS:,} paragraphs: split it."
        )
    return format_name + (SCAN if blocks.recognised else ""), blocks


def broke(name: str, error: Exception | str) -> Unreadable:
    """What is told where a reader itself is at fault."""
    why = error if isinstance(error, str) else f"{type(error).__name__}: {error}"
    return Unreadable(
        f"{name}: reading broke with {why}. This is a fault of the program: please report it with the file."
    )


def _reader(format_name: str) -> Callable[[bytes, str], Blocks]:
    """The reader of a format: `read_docx` of word/docx.py, and so on; of all archives that of bundles.

    Each is imported when it is first needed: most runs need one of them.
    """
    module = "bundle" if format_name in _BUNDLES else format_name
    folder = ".".join(filter(None, ("tasks.read", _ROOMS.get(module), module)))
    reader: Callable[[bytes, str], Blocks] = getattr(import_module(folder), f"read_{module}")
    return reader
