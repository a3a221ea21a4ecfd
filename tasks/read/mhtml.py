"""Web archives (MHTML), as Word and WPS write them under the name .doc: a page with its images in one mail."""

from __future__ import annotations

from email import message_from_bytes
from email.message import Message

from tasks.read.blocks import Blocks, Unreadable
from tasks.read.html import read_html
from tasks.read.text import read_text

_READERS = {"text/html": read_html, "text/plain": read_text}


def read_mhtml(content: bytes, name: str) -> Blocks:
    """The first page of a web archive, or else its first text."""
    try:
        parts = list(message_from_bytes(content.lstrip()).walk())
    except RecursionError as error:
        raise Unreadable(f"{name}: the web archive is nested too deeply: save it as DOCX.") from error
    for kind, reader in _READERS.items():
        for part in parts:
            if part.get_content_type() == kind:
                return reader(_bytes(part), name)
    raise Unreadable(f"{name}: the web archive holds no page: save it as DOCX.")


def _bytes(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""
