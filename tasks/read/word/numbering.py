"""The automatic numbers of Word's lists and headings, which stand nowhere in its text."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from lxml import etree  # type: ignore[import-untyped]

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

Key = TypeVar("Key", bound=Hashable)

_PLACES = re.compile(r"%([1-9])")
_DIGITS = "〇一二三四五六七八九"


def chinese(number: int) -> str | None:
    """一 to 九十九; headings do not count further."""
    if not 0 < number < 100:
        return None
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else _DIGITS[tens]) + ("十" if tens else "") + (_DIGITS[ones] if ones else "")


def ideograph_digits(number: int) -> str:
    """As positional digits: 10 is 一〇."""
    return "".join(_DIGITS[int(digit)] for digit in str(number))


def circled(number: int) -> str | None:
    """① to ⑳."""
    return chr(ord("①") + number - 1) if 0 < number <= 20 else None


_FORMATS: dict[str, Callable[[int], str | None]] = {
    "decimal": str,
    "decimalFullWidth": lambda number: str(number).translate(
        {ord("0") + digit: ord("０") + digit for digit in range(10)}
    ),
    "decimalEnclosedCircle": circled,
    "decimalEnclosedCircleChinese": circled,
    "chineseCounting": chinese,
    "chineseCountingThousand": chinese,
    "japaneseCounting": chinese,
    "taiwaneseCountingThousand": chinese,
    "ideographDigital": ideograph_digits,
    "japaneseDigitalTenThousand": ideograph_digits,
}


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: where it starts, how it counts, and the text with %1, %2 … for the counts."""

    start: int
    format: str
    text: str
    legal: bool


@dataclass(frozen=True, slots=True)
class List:
    """One list in use: lists with the same `counts` go on counting where the other one stopped."""

    levels: dict[int, Level]
    by_style: dict[str, int]
    counts: dict[int, int]


class Counter(Generic[Key]):
    """Counts the numbered paragraphs of one document, of whatever format, in their order.

    `restarts` gives by list and level the number that the list begins with at its first use.
    """

    def __init__(self, lists: Mapping[Key, List], restarts: Mapping[Key, Mapping[int, int]]) -> None:
        self.lists = lists
        self._restarts = dict(restarts)

    def label(self, key: Key, level: int) -> str:
        """The number of the next paragraph of a list, or nothing where there is no such list or it counts in other signs."""
        if key not in self.lists or level not in self.lists[key].levels:
            return ""
        used = self.lists[key]
        for restarted, start in self._restarts.pop(key, {}).items():
            used.counts[restarted] = start - 1
        used.counts[level] = used.counts.get(level, used.levels[level].start - 1) + 1
        for deeper in [each for each in used.counts if each > level]:
            del used.counts[deeper]
        return _label(used, level)


class Numbering:
    """Counts the numbered paragraphs of one DOCX document, which have to be asked for in their order."""

    def __init__(self, numbering: etree._Element, styles: etree._Element | None) -> None:
        abstract = {each.get(f"{W}abstractNumId"): _list(each) for each in numbering.findall(f"{W}abstractNum")}
        self._lists: dict[str, List] = {}
        restarts: dict[str, dict[int, int]] = {}
        for each in numbering.findall(f"{W}num"):
            number, base = each.get(f"{W}numId", ""), abstract.get(_value(each, "abstractNumId"))
            if base:
                self._lists[number] = base
                restarts[number] = {
                    integer(override.get(f"{W}ilvl", ""), 0): integer(start, 1)
                    for override in each.findall(f"{W}lvlOverride")
                    if (start := _value(override, "startOverride"))
                }
        self._counter = Counter(self._lists, restarts)
        self._styles = (
            {} if styles is None else {each.get(f"{W}styleId", ""): each for each in styles.iter(f"{W}style")}
        )

    def label(self, paragraph: etree._Element) -> str:
        """The number that Word shows before a paragraph, or nothing where it has none or counts in other signs."""
        return self._counter.label(*self._place(paragraph))

    def _place(self, paragraph: etree._Element) -> tuple[str, int]:
        """List and level of a paragraph, from itself or else from its style and what that is based on."""
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            return "", 0
        own = properties.find(f"{W}numPr")
        number = "" if own is None else _value(own, "numId")
        level = "" if own is None else _value(own, "ilvl")
        name = _value(properties, "pStyle")
        seen = set()
        while not number and name in self._styles and name not in seen:
            seen.add(name)
            style = self._styles[name]
            inherited = style.find(f"{W}pPr/{W}numPr")
            if inherited is not None:
                number = _value(inherited, "numId")
                linked = self._lists[number].by_style.get(name, "") if number in self._lists else ""
                level = level or str(linked) or _value(inherited, "ilvl")
            name = _value(style, "basedOn")
        return number, integer(level, 0)


def _list(abstract: etree._Element) -> List:
    levels, by_style = {}, {}
    for each in abstract.findall(f"{W}lvl"):
        number = integer(each.get(f"{W}ilvl", ""), 0)
        start, style = _value(each, "start"), _value(each, "pStyle")
        levels[number] = Level(
            start=integer(start, 1),
            format=_value(each, "numFmt") or "decimal",
            text=_value(each, "lvlText"),
            legal=each.find(f"{W}isLgl") is not None,
        )
        if style:
            by_style[style] = number
    return List(levels, by_style, {})


def _label(used: List, level: int) -> str:
    own = used.levels[level]
    text = "" if own.format == "bullet" else own.text
    for digit in set(_PLACES.findall(text)):
        upper = int(digit) - 1
        if upper > level or upper not in used.levels:
            return ""
        form = "decimal" if own.legal else used.levels[upper].format
        counted = _FORMATS[form](used.counts.get(upper, used.levels[upper].start)) if form in _FORMATS else None
        if counted is None:
            return ""
        text = text.replace(f"%{digit}", counted)
    return text


def integer(text: str, otherwise: int) -> int:
    """A number that an attribute gives, or another one where it gives none of a sensible size."""
    return int(text) if text.isdecimal() and len(text) < 9 else otherwise


def _value(element: etree._Element, name: str) -> str:
    """The value of a property below an element, or an empty text."""
    found = element.find(f"{W}{name}")
    return "" if found is None else found.get(f"{W}val", "")
