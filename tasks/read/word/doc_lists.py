"""The lists of Word 97-2003 [MS-DOC], whose numbers stand nowhere in the text."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from tasks.read.word.doc_file import WordFile
from tasks.read.word.numbering import Counter, Level, List

_LISTS, _USES = 73, 74
_LEVELS = 9
_LIST_HEAD, _USE_HEAD, _LEVEL_HEAD = 28, 16, 28

_FORMATS = {
    0: "decimal",
    10: "ideographDigital",
    11: "japaneseCounting",
    14: "decimalFullWidth",
    17: "japaneseDigitalTenThousand",
    18: "decimalEnclosedCircle",
    19: "decimalFullWidth",
    23: "bullet",
    28: "decimalEnclosedCircleChinese",
    35: "taiwaneseCountingThousand",
    37: "chineseCounting",
    39: "chineseCountingThousand",
}
"""Ways to count by their number in the file, as DOCX names them; others are not restored there either."""


@dataclass(slots=True)
class _Cursor:
    """Reads one thing after the other."""

    content: bytes
    at: int

    def take(self, length: int) -> bytes:
        """The next bytes. Raises struct.error where the content ends before."""
        taken = self.content[self.at : self.at + length]
        if len(taken) < length:
            raise struct.error("cut short")
        self.at += length
        return taken

    def number(self, form: str = "<i") -> int:
        """The next number."""
        number: int = struct.unpack(form, self.take(struct.calcsize(form)))[0]
        return number


def lists(file: WordFile) -> Counter[int]:
    """The lists that paragraphs name by their number, from 1."""
    defined = _defined(file)
    used: dict[int, List] = {}
    restarts: dict[int, dict[int, int]] = {}
    offset, length = file.place(_USES)
    if not length:
        return Counter(used, restarts)
    cursor = _Cursor(file.table, offset)
    count = cursor.number()
    heads = [cursor.take(_USE_HEAD) for _ in range(count)]
    for number, head in enumerate(heads, 1):
        cursor.take(4)
        base = defined.get(struct.unpack_from("<i", head)[0])
        levels, starts = _changed_levels(cursor, head[12])
        if base:
            # Counts are shared: two uses of one list go on with each other's numbers.
            used[number] = List(base.levels | levels, {}, base.counts)
            restarts[number] = starts
    return Counter(used, restarts)


def _defined(file: WordFile) -> dict[int, List]:
    """The definitions by their identity. The levels of all of them follow behind."""
    offset, length = file.place(_LISTS)
    if not length:
        return {}
    cursor = _Cursor(file.table, offset)
    heads = [cursor.take(_LIST_HEAD) for _ in range(cursor.number("<H"))]
    return {
        struct.unpack_from("<i", head)[0]: List(
            {level: _level(cursor) for level in range(1 if head[26] & 1 else _LEVELS)}, {}, {}
        )
        for head in heads
    }


def _changed_levels(cursor: _Cursor, count: int) -> tuple[dict[int, Level], dict[int, int]]:
    """What one use of a list changes: levels of its own, and by level the number to begin with."""
    levels: dict[int, Level] = {}
    starts: dict[int, int] = {}
    for _ in range(count):
        start, flags = cursor.number(), cursor.number("<I")
        level = flags & 15
        if flags & 32:
            levels[level] = _level(cursor)
            start = levels[level].start
        if flags & 16:
            starts[level] = start
    return levels, starts


def _level(cursor: _Cursor) -> Level:
    head = cursor.take(_LEVEL_HEAD)
    cursor.take(head[24] + head[25])
    text = "".join(map(chr, struct.unpack(f"<{(length := cursor.number('<H'))}H", cursor.take(2 * length))))
    return Level(
        start=struct.unpack_from("<i", head)[0],
        format=_FORMATS.get(head[4], ""),
        text="".join(f"%{ord(character) + 1}" if ord(character) < _LEVELS else character for character in text),
        legal=bool(head[5] & 4),
    )
