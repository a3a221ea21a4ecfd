"""The properties of paragraphs and characters in Word 97-2003 [MS-DOC]: changes (sprm) to what a style says."""

from __future__ import annotations

import struct
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tasks.read.word.doc_file import WordFile

_STYLES, _CHARACTER_RUNS, _PARAGRAPH_RUNS = 1, 12, 13
_PAGE = 512

_STYLE = 0x4600
_LEVEL, _LIST = 0x260A, 0x460B
_IN_TABLE, _ROW_END, _DEPTH = 0x2416, 0x2417, 0x6649
_INNER_CELL, _INNER_ROW_END = 0x244B, 0x244C
_ROW, _MERGED = 0xD608, 0xD62B
_TABS = 0xC615
_ELSEWHERE = (0x6645, 0x6646, 0x646B)
"""Changes too long for their place: they stand in the stream Data."""

_DELETED, _SYMBOL, _HIDDEN = 0x0800, 0x6A09, 0x083C
_SIZES = (1, 1, 2, 4, 2, 2, 0, 3)
_EDGE = struct.Struct("<h")

MAX_DEPTH = 8
"""Of tables within tables; what goes deeper is made to waste time."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Properties of a paragraph.

    list, level: of its number, list 0 is none. depth: how many tables it stands in. edges: where the cells
    of a row begin and where the last one ends, in twentieths of a point; merged: the cells of it that
    continue another one. Both are told by the end of a row.
    """

    style: int = 0
    list: int = 0
    level: int = 0
    depth: int = 0
    cell_end: bool = False
    row_end: bool = False
    edges: tuple[int, ...] = ()
    merged: frozenset[int] = frozenset()


class Properties:
    """The properties of one document, by FC."""

    def __init__(self, file: WordFile) -> None:
        self._file = file
        self._styles = _Styles(file.part(_STYLES))
        runs = sorted(_runs(file, _PARAGRAPH_RUNS))
        self._ends = [end for _, end, _ in runs]
        self._runs = runs
        self._known: dict[bytes, Paragraph] = {}

    def ends_paragraph(self, offset: int) -> bool:
        """Whether the character that ends at this FC is the last one of a paragraph."""
        at = bisect_left(self._ends, offset)
        return at < len(self._ends) and self._ends[at] == offset

    def paragraph(self, offset: int, changes: bytes) -> Paragraph:
        """The properties of the paragraph whose mark is at this FC; `changes` come on top."""
        at = bisect_left(self._ends, offset + 1)
        found = self._runs[at][2] if at < len(self._runs) and self._runs[at][0] <= offset else b""
        key = found + b"\0" + changes
        if key not in self._known:
            style = int.from_bytes(found[:2], "little")
            self._known[key] = self._changed(self._styles.paragraph(style), found[2:] + changes)
        return self._known[key]

    def _changed(self, paragraph: Paragraph, changes: bytes) -> Paragraph:
        for code, operand in _all_changes(changes, self._file.data):
            if code == _STYLE:
                paragraph = self._styles.paragraph(int.from_bytes(operand, "little"))
            else:
                paragraph = _with(paragraph, code, operand)
        return paragraph

    def dropped(self) -> Iterator[tuple[int, int]]:
        """First and last FC of characters that are hidden or deleted."""
        for begin, end, changes in _runs(self._file, _CHARACTER_RUNS):
            for code, operand in _changes(changes):
                if code in (_DELETED, _HIDDEN) and operand != b"\0":
                    yield begin, end
                    break

    def symbols(self) -> Iterator[tuple[int, int, str]]:
        """First and last FC of characters of a symbol font, and the character that stands for each."""
        for begin, end, changes in _runs(self._file, _CHARACTER_RUNS):
            for code, operand in _changes(changes):
                if code == _SYMBOL:
                    yield begin, end, chr(int.from_bytes(operand[2:], "little"))


class _Styles:
    """The lists that paragraph styles belong to, from themselves or from what they are based on."""

    def __init__(self, sheet: bytes) -> None:
        self._own: dict[int, tuple[int, bytes]] = {}
        self._known: dict[int, Paragraph] = {}
        for number, (base, changes) in _style_changes(sheet):
            self._own[number] = base, changes

    def paragraph(self, number: int) -> Paragraph:
        """What the style alone makes of a paragraph."""
        if number not in self._known:
            chain: list[bytes] = []
            seen: set[int] = set()
            style = number
            while style in self._own and style not in seen:
                seen.add(style)
                style, changes = self._own[style]
                chain.append(changes)
            paragraph = Paragraph(style=number)
            for code, operand in _changes(b"".join(reversed(chain))):
                paragraph = _with(paragraph, code, operand)
            self._known[number] = replace(paragraph, depth=0)
        return self._known[number]


def _style_changes(sheet: bytes) -> Iterator[tuple[int, tuple[int, bytes]]]:
    """Number of each paragraph style, the one that it is based on, and its changes."""
    if len(sheet) < 6:
        return
    head, count, fixed = struct.unpack_from("<HHH", sheet)
    at = 2 + head
    for number in range(count):
        length = int.from_bytes(sheet[at : at + 2], "little")
        style = sheet[at + 2 : at + 2 + length]
        at += 2 + length
        if len(style) < fixed + 2 or int.from_bytes(style[2:4], "little") & 15 != 1:
            continue
        base = int.from_bytes(style[2:4], "little") >> 4
        name = int.from_bytes(style[fixed : fixed + 2], "little")
        upx = fixed + 2 + 2 * name + 2
        size = int.from_bytes(style[upx : upx + 2], "little")
        yield number, (base, style[upx + 4 : upx + 2 + size])


def _runs(file: WordFile, part: int) -> Iterator[tuple[int, int, bytes]]:
    """First and last FC of each run, and its properties: a style's number (of paragraphs only) and changes."""
    table = file.part(part)
    count = (len(table) - 4) // 8
    pages = struct.unpack_from(f"<{max(count, 0)}I", table, 4 * (count + 1))
    for page in dict.fromkeys(number & 0x3FFFFF for number in pages):
        content = file.document[page * _PAGE : (page + 1) * _PAGE]
        if len(content) < _PAGE:
            continue
        runs = content[-1]
        size = 1 if part == _CHARACTER_RUNS else 13
        if 4 * (runs + 1) + size * runs >= _PAGE:
            continue
        offsets = struct.unpack_from(f"<{runs + 1}I", content)
        for run in range(runs):
            at = 2 * content[4 * (runs + 1) + size * run]
            yield offsets[run], offsets[run + 1], _stored(content, at, part) if at else b""


def _stored(page: bytes, at: int, part: int) -> bytes:
    """The properties at a place of a page. Those of paragraphs count in words, two ways."""
    length = page[at]
    if part == _CHARACTER_RUNS:
        return page[at + 1 : at + 1 + length]
    if length:
        return page[at + 1 : at + 2 * length]
    return page[at + 2 : at + 2 + 2 * page[at + 1]]


def _changes(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Code and operand of each change; what is cut short ends them."""
    at = 0
    while at + 2 < len(content):
        code = content[at] | content[at + 1] << 8
        at += 2
        size = _SIZES[code >> 13]
        if not size:
            size = content[at]
            at += 1
            if code == _ROW:
                size = max(size + (content[at] << 8 if at < len(content) else 0) - 1, 1)
                at += 1
            elif code == _TABS and size == 255:
                return
        yield code, content[at : at + size]
        at += size


def _all_changes(content: bytes, data: bytes) -> Iterator[tuple[int, bytes]]:
    """As `_changes`, with those that stand elsewhere in their place."""
    for code, operand in _changes(content):
        if code in _ELSEWHERE and len(operand) == 4:
            at = int.from_bytes(operand, "little")
            length = int.from_bytes(data[at : at + 2], "little")
            yield from _changes(data[at + 2 : at + 2 + length])
        else:
            yield code, operand


def _with(paragraph: Paragraph, code: int, operand: bytes) -> Paragraph:
    """The properties after one change."""
    value = int.from_bytes(operand[:4], "little")
    if code == _LIST:
        return replace(paragraph, list=value)
    if code == _LEVEL:
        return replace(paragraph, level=value)
    if code == _IN_TABLE:
        return replace(paragraph, depth=max(paragraph.depth, 1) if value else 0)
    if code == _DEPTH:
        return replace(paragraph, depth=min(value, MAX_DEPTH))
    if code in (_ROW_END, _INNER_ROW_END):
        return replace(paragraph, row_end=bool(value))
    if code == _INNER_CELL:
        return replace(paragraph, cell_end=bool(value))
    if code == _ROW:
        return _with_row(paragraph, operand)
    if code == _MERGED and len(operand) > 1:
        cells = {operand[0]} if operand[1] == 1 else set()
        return replace(paragraph, merged=paragraph.merged - {operand[0]} | cells)
    return paragraph


def _with_row(paragraph: Paragraph, operand: bytes) -> Paragraph:
    """The cells of a row: their number, their edges, and twenty bytes for each with how it is merged."""
    if not operand or len(operand) < 1 + 2 * (operand[0] + 1):
        return paragraph
    cells = operand[0]
    edges = tuple(edge for (edge,) in _EDGE.iter_unpack(operand[1 : 1 + 2 * (cells + 1)]))
    kinds = operand[1 + 2 * (cells + 1) :: 20]
    merged = frozenset(cell for cell, kind in enumerate(kinds) if kind & 3 == 1 or kind >> 5 & 3 == 1)
    return replace(paragraph, edges=edges, merged=merged)
