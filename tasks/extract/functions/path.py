"""The label of an amount by function of expenditure: its names and codes, level by level.

Labels are printed in many ways: `一般公共服务(类)人大事务(款)行政运行(项)`, codes in brackets or in front, arrows, or
nothing at all between the names. `parse_path` takes them apart, `tasks.extract.functions.table` says what they mean.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from tasks.extract.functions.table import LENGTHS, LEVELS, Label, function_table

_DIGITS = r"\d{3}(?:[.-]?\d{2}){0,2}"
_HEAD = re.compile(
    r"(?:\d{4}年度?|其中[:,，]?|[(]?[一二三四五六七八九十]+(?:[)]|是|、)|第[一二三四五六七八九十]+[,，、]"
    r"|\(\d{1,2}\)|\d{1,2}[.、)]|[①-⑳]|[,，;:。.%])+"
)
_TAIL = re.compile(
    r"(?:\d{4}年度?)?(?:支?出)?(?:财政拨款)?"
    r"(?:决算|执行数|年初预算|(?:全年|本年|当年|调整后?)?预算(?:数|为|是))"
    r"|完成(?:年初|全年|调整)?预算|主要(?:用于|是)|支出(?:为|是|共|合计|完成)|-?\d[\d,]{0,20}(?:\.\d{1,6})?[万亿]?元|。"
)
_TOKEN = re.compile(
    r"\((?P<mark>[类款项])级?\)?(?!目)|(?P<broken>[类款项])级?\)"
    rf"|[(\[](?P<code>{_DIGITS}|\d\d)(?P<of>[类款项]?)[)\]]"
    rf"|(?<![\d.])(?P<bare>{_DIGITS})(?=[.:-]?(?:[一-鿿]|$)|\((?![类款项])[一-鿿])"
    r"|[:;>→/|,，。.·•_+—–\\-]+"
)
_FILLER = re.compile(r"(?:支出|科目|其中)+")
_PLACEHOLDER = re.compile(r"[*×xX…_〇○某\s]*")


class Path(NamedTuple):
    """A label taken apart, highest level first, and where the deepest name stands in the text it came from."""

    labels: tuple[Label, ...]
    start: int
    end: int


class _Piece:
    """A label under construction: where its name stands (empty: start == end), and what was printed with it."""

    __slots__ = ("code", "end", "level", "start")

    def __init__(self, start: int, end: int, level: str = "", code: str = "") -> None:
        self.start, self.end, self.level, self.code = start, end, level, code


@lru_cache(maxsize=1 << 16)
def parse_path(text: str) -> Path:
    """Takes apart the label of an amount, in compact form (no spaces, ASCII brackets), down to its deepest name.

    Understands marks `(类)`, codes in brackets or in front, names parted by signs or by nothing, and their usual
    damage. Levels that a template leaves as `***` are not named. Without any name the span is empty.
    """
    begin = head.end() if (head := _HEAD.match(text)) else 0
    tail = _TAIL.search(text, begin)
    pieces = _pieces(text, begin, tail.start() if tail else len(text))
    if pieces and tail and tail[0].startswith("出") and text[pieces[-1].start] == "支":
        pieces[-1].start += 1  # 支出 torn apart: its first character stands before the name.
    pieces = [part for piece in pieces for part in _unchained(text, piece)]
    labels: list[Label] = []
    deepest = _Piece(begin, begin)
    above = -1
    for piece in pieces:
        if above == 2 and not piece.level:
            break  # A remark after the 项 is no label.
        level = _level(piece, above)
        if level == 0:
            labels.clear()  # A 类 begins a label; what stands before it is none.
        name = text[piece.start : piece.end]
        if _PLACEHOLDER.fullmatch(name):
            name = ""
        if name or piece.code:
            labels.append(Label(None if level is None else LEVELS[level], name, piece.code))
            deepest = piece
        above = above if level is None else level
    return Path(tuple(labels), deepest.start, deepest.end)


def _level(piece: _Piece, above: int) -> int | None:
    """The level (0 类, 1 款, 2 项) of a piece below level `above` (-1: none yet); None where nothing tells it."""
    if len(piece.code) > 2:
        return LENGTHS.index(len(piece.code))
    marked = LEVELS.find(piece.level) if piece.level else -1
    if marked > above or marked == 0:
        return marked
    # Not marked, or marked like the one before: below a 款, and below a 类 with two digits, it is clear.
    return above + 1 if above == 1 or (above == 0 and piece.code) else None


def _pieces(text: str, begin: int, end: int) -> list[_Piece]:
    """The names of text[begin:end] with the marks and codes printed beside them."""
    pieces: list[_Piece] = []
    position, code, beside = begin, "", False  # beside: nothing printed since the last piece but its marks
    for token in [*_TOKEN.finditer(text, begin, end), None]:
        stop = token.start() if token else end
        filler = _FILLER.match(text, position, stop)
        start = filler.end() if filler else position
        if start < stop:
            pieces.append(_Piece(start, stop, code=code))
            code, beside = "", True
        if token is None:
            break
        position = token.end()
        kind = token.lastgroup
        if kind in ("mark", "broken"):
            if beside:
                pieces[-1].level = pieces[-1].level or token[kind]
        elif kind in ("code", "of") and beside and not pieces[-1].code:
            pieces[-1].code, pieces[-1].level = re.sub(r"\D", "", token["code"]), pieces[-1].level or token["of"]
        elif kind is not None:
            code, beside = re.sub(r"\D", "", token["bare"] or token["code"]), False
        else:
            beside = False
    if code:
        pieces.append(_Piece(end, end, code=code))
    return pieces


def _unchained(text: str, piece: _Piece) -> list[_Piece]:
    """`piece`, or the pieces it consists of where several known names follow each other without a sign."""
    name = text[piece.start : piece.end]
    table = function_table()
    parts = () if table.knows(name) else table.chain(name)
    if not parts:
        return [piece]
    pieces = [_Piece(piece.start + start, piece.start + end, level) for start, end, level in parts]
    pieces[-1].level, pieces[-1].code = piece.level or pieces[-1].level, piece.code
    return pieces
