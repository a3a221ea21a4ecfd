"""Bytes to characters: UTF-8, UTF-16 with a mark, GB18030 (and with it GBK and GB2312)."""

from __future__ import annotations

import codecs
import re

from tasks.read.blocks import MAX_CHARACTERS, Unreadable

MAX_DAMAGE = 0.01
"""Share of undecodable characters among all that are not ASCII: a file cut within a character stays readable."""

MAX_JUNK = 0.05
"""Share of control and private characters: compressed data has 12 % and more, a report with symbol fonts below 1 %."""

_JUNK = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ue000-\uf8ff\ufffd]")
_ASCII = re.compile(r"[\x00-\x7f]+")


def decode(content: bytes, name: str, declared: str | None = None) -> str:
    """The characters of a text, untouched: a byte order mark and all line breaks stay in it.

    `declared` is the encoding that the document itself names; it decides only where the bytes are not
    UTF-8. Single undecodable bytes become U+FFFD. Raises Unreadable for what is no text.
    """
    if len(content) > 4 * MAX_CHARACTERS:
        raise Unreadable(f"{name}: the text is longer than {MAX_CHARACTERS:,} characters: split it.")
    text = _decode(content, declared)
    if text is None or len(_JUNK.findall(text)) > MAX_JUNK * len(text):
        raise Unreadable(
            f"{name}: this is neither text nor a known format: publish it as DOCX, PDF, XLSX, HTML or text."
        )
    if len(text) > MAX_CHARACTERS:
        raise Unreadable(f"{name}: the text is longer than {MAX_CHARACTERS:,} characters: split it.")
    return text


def _decode(content: bytes, declared: str | None) -> str | None:
    """The most likely text, or None where every encoding leaves too much undecoded."""
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        texts = [content.decode(encoding, "replace") for encoding in _candidates(declared)]
        damage, text = min(((_damage(text), text) for text in texts), key=lambda each: each[0])
        return text if damage <= MAX_DAMAGE else None


def _candidates(declared: str | None) -> list[str]:
    """The declared encoding first, where it is one of the Chinese encodings that GB18030 does not include."""
    big5 = ["big5hkscs"] if declared and declared.lower().startswith("big5") else []
    return [*big5, "gb18030", "utf-8"]


def _damage(text: str) -> float:
    beyond_ascii = len(_ASCII.sub("", text))
    return text.count("\ufffd") / beyond_ascii if beyond_ascii else 0.0
