"""The file of Word 97-2003 [MS-DOC]: where its parts are, and the characters of its text.

A character position (CP) counts UTF-16 units through all texts of a document; the piece table says at which
offset of the stream WordDocument (FC) each stands. Properties are kept by FC, texts are told by CP.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise

from tasks.read.archives.ole import Compound, damaged
from tasks.read.blocks import MAX_CHARACTERS, Unreadable

_WORD, _WORD_95 = 0xA5EC, 0xA5DC
_WORD_97 = 0xC0
"""Formats of Word 97 and later; those of Word 6 and 95 are smaller."""

_ENCRYPTED, _TABLE_1 = 0x0100, 0x0200

_FIRST_PAIR, _CLX = 0x9A, 33
_TEXTS = (0x4C, 0x50, 0x54, 0x58, 0x5C, 0x60, 0x64, 0x68)
"""Offsets of the lengths of the texts, in the order in which they follow each other; see `Texts`."""

_ONE_BYTE = 0x40000000
_PIECE = struct.Struct("<HIH")


@dataclass(frozen=True, slots=True)
class Texts:
    """First and last CP of the texts that are read; headers, comments and macros are left out."""

    main: tuple[int, int]
    footnotes: tuple[int, int]
    endnotes: tuple[int, int]
    boxes: tuple[int, int]


class WordFile:
    """The streams and characters of one document.

    `text` holds one character per CP, so that a character beyond the basic plane is two surrogates.
    `document` is the stream WordDocument, `data` the stream Data. Raises Unreadable for encrypted files and
    those of Word 95, struct.error and IndexError for damaged ones.
    """

    def __init__(self, content: bytes, name: str) -> None:
        compound = Compound(content, name)
        self.document = compound.stream("WordDocument")
        self.data = compound.stream("Data")
        kind, version = struct.unpack_from("<HH", self.document)
        flags = self._number(0x0A, "<H")
        if kind == _WORD and flags & _ENCRYPTED:
            raise Unreadable(f"{name}: the Word document is encrypted: remove its password.")
        if kind not in (_WORD, _WORD_95):
            raise damaged(name)
        if version < _WORD_97:
            raise Unreadable(f"{name}: a document of Word 95 or older is not read: save it as DOCX.")
        self.table = compound.stream("1Table" if flags & _TABLE_1 else "0Table")
        self.texts = self._texts(name)
        self._firsts: list[int] = []
        self._pieces: list[tuple[int, int, int]] = []
        self._changes: list[bytes] = []
        self.text = self._pieced(self.part(_CLX), name)

    def part(self, number: int) -> bytes:
        """A part of the table stream, by the number of its offset and length in the head of the document."""
        offset, length = self.place(number)
        return self.table[offset : offset + length]

    def place(self, number: int) -> tuple[int, int]:
        """Offset and length of a part of the table stream."""
        offset, length = struct.unpack_from("<II", self.document, _FIRST_PAIR + 8 * number)
        return offset, length

    def offsets(self, position: int) -> tuple[int, int]:
        """The FC of a CP, and the one behind its character."""
        piece = bisect_right(self._firsts, position) - 1
        offset, width, _ = self._pieces[piece]
        begin = offset + (position - self._firsts[piece]) * width
        return begin, begin + width

    def changes(self, position: int) -> bytes:
        """What a quick save changed of the properties at a CP, behind those that stand at its FC."""
        modifier = self._pieces[bisect_right(self._firsts, position) - 1][2]
        number = modifier >> 1
        return self._changes[number] if modifier & 1 and number < len(self._changes) else b""

    def spans(self, begin: int, end: int) -> list[tuple[int, int]]:
        """First and last CP of the characters that stand between two FCs."""
        found = []
        for piece, (offset, width, _) in enumerate(self._pieces):
            first, behind = self._firsts[piece], self._behind(piece)
            from_here = first + max(0, -(-(begin - offset) // width))
            to_here = min(behind, first + (end - offset + width - 1) // width)
            if from_here < to_here:
                found.append((from_here, to_here))
        return found

    def _behind(self, piece: int) -> int:
        return self._firsts[piece + 1] if piece + 1 < len(self._firsts) else len(self.text)

    def _number(self, offset: int, form: str = "<I") -> int:
        number: int = struct.unpack_from(form, self.document, offset)[0]
        return number

    def _texts(self, name: str) -> Texts:
        ends, spans = 0, []
        for offset in _TEXTS:
            length = self._number(offset)
            spans.append((ends, ends + length))
            ends += length
        if ends > MAX_CHARACTERS:
            raise damaged(name)
        main, footnotes, _, _, _, endnotes, boxes, _ = spans
        return Texts(main, footnotes, endnotes, boxes)

    def _pieced(self, table: bytes, name: str) -> str:
        """Reads the piece table: the pieces in their order, and the text that they make."""
        at = 0
        while table[at] == 1:
            length = struct.unpack_from("<H", table, at + 1)[0]
            self._changes.append(table[at + 3 : at + 3 + length])
            at += 3 + length
        length = struct.unpack_from("<I", table, at + 1)[0]
        plc = table[at + 5 : at + 5 + length]
        count = (length - 4) // 12
        positions = struct.unpack_from(f"<{count + 1}I", plc)
        if list(positions) != sorted(positions) or positions[-1] > MAX_CHARACTERS:
            raise damaged(name)
        texts = []
        for piece, (first, behind) in enumerate(pairwise(positions)):
            _, place, modifier = _PIECE.unpack_from(plc, 4 * (count + 1) + 8 * piece)
            one_byte = bool(place & _ONE_BYTE)
            offset = (place & ~_ONE_BYTE) // 2 if one_byte else place
            self._firsts.append(first)
            self._pieces.append((offset, 1 if one_byte else 2, modifier))
            texts.append(self._characters(offset, behind - first, one_byte))
        return "".join(texts)

    def _characters(self, offset: int, count: int, one_byte: bool) -> str:
        if one_byte:
            content = self.document[offset : offset + count]
            # Five bytes have no character in this code page.
            return content.decode("cp1252", "replace").ljust(count, "\0")
        return "".join(map(chr, struct.unpack_from(f"<{count}H", self.document, offset)))
