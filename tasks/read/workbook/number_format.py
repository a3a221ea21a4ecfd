"""Numbers of spreadsheets as their readers see them.

A stored number is a binary fraction: its decimal form is that of its fifteen significant digits, which is all that a
spreadsheet itself keeps. The number format decides

- percent, leading zeros (codes), dates, scaling by thousands and words behind the number: they are as shown;
- zeros that are shown as a dash or not at all: they are as shown, since a blank is not a zero;
- decimals: at least those that are shown, since 894.00 says how exact it is; but no more are cut off than a number
  beyond six has, because rounding would lose what was published. A longer one is the result of a division and is
  rounded as it is shown.

Separators of thousands are left out.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import NamedTuple

TYPED_DECIMALS = 6
"""More than anybody types: amounts in 万元 that are exact to the 分 have six."""

KEPT = Context(prec=15)
"""The digits that a spreadsheet keeps of a number."""

LARGEST_EXPONENT = 308
"""No spreadsheet holds a number beyond; a file that does is made to waste space."""

LARGEST = 16
"""Digits before the point beyond which a stored number has none behind it."""

LAST_DAY = 2_958_465
"""31 December 9999."""

BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00",
    14: "yyyy-m-d", 15: "yyyy-m-d", 16: "m-d", 17: "yyyy-m", 18: "h:mm", 19: "h:mm:ss", 20: "h:mm", 21: "h:mm:ss",
    22: "yyyy-m-d h:mm", 27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m-d", 31: 'yyyy"年"m"月"d"日"',
    32: "h:mm", 33: "h:mm:ss", 34: "h:mm", 35: "h:mm:ss", 36: 'yyyy"年"m"月"', 37: "#,##0", 38: "#,##0", 39: "#,##0.00",
    40: "#,##0.00", 41: '#,##0;-#,##0;"-"', 42: '#,##0;-#,##0;"-"', 43: '#,##0.00;-#,##0.00;"-"',
    44: '#,##0.00;-#,##0.00;"-"', 45: "mm:ss", 46: "h:mm:ss", 47: "mm:ss", 49: "@", 50: 'yyyy"年"m"月"',
    51: 'm"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"', 54: 'm"月"d"日"', 57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip
"""Formats that files name by number only; in their Chinese form, where they depend on the language."""

_GENERAL = "G/通用格式"
"""General, as Chinese programs write it into files."""

_TOKEN = re.compile(r'"([^"]*)"|[\\!](.)|_.|\*.|\[([^\]]*)\]|(.)', re.DOTALL)
_WORDS = re.compile(r"[\u4e00-\u9fff]+")


class _Format(NamedTuple):
    """One section of a number format, taken apart.

    `before` and `behind` are words around the number, `literal` is all text in it. `places` are the decimals that it
    shows, `shortest` those that it shows even where they are zeros, `digits` those of a number that begins with zeros.
    """

    code: str
    before: str
    behind: str
    literal: str
    blank: bool
    date: bool
    fixed: bool
    percent: bool
    thousands: int
    places: int
    shortest: int
    digits: int


def shown(value: Decimal | float, number_format: str, epoch_1904: bool = False) -> str:
    """The text of a number under a number format. Dates are counted from 1900, or from 1904.

    Files that store numbers as text give a Decimal, so that no amount passes through a binary fraction; XLS stores these.
    """
    exact = Decimal(f"{value:.15g}") if isinstance(value, float) else value
    if not exact.is_finite() or abs(exact.adjusted()) > LARGEST_EXPONENT:
        return str(value)
    number = KEPT.create_decimal(exact).normalize(KEPT) + 0  # no minus before zero
    sections = _sections(number_format)
    section = sections[0]
    if number < 0 and len(sections) > 1:
        section = sections[1]
    if not number and len(sections) > 2:
        section = sections[2]
        if section.blank:
            return section.literal.strip()
    if section.date:
        return _date(float(number), section, epoch_1904) or f"{number:f}"
    return section.before + _number(number, section) + section.behind


@lru_cache(maxsize=1024)
def _sections(number_format: str) -> tuple[_Format, ...]:
    """The sections for positive numbers, negative ones and zero, as far as there are any."""
    sections: list[_Format] = []
    code, literal, before, behind = "", "", "", ""
    for found in [*_TOKEN.finditer(number_format.replace(_GENERAL, "General")), None]:
        if found is None or found[4] == ";":
            sections.append(_section(code, before, behind, literal))
            code, literal, before, behind = "", "", "", ""
            continue
        text = found[1] if found[1] is not None else found[2]
        if text is None and found[4] and (found[4] in "-+¥￥$" or ord(found[4]) > 127):
            text = found[4]
        if text is not None:
            literal += text
            words = "".join(_WORDS.findall(text))
            if re.search("[0#?]|general", code):
                behind += words
            else:
                before += words
        elif found[3] is not None:
            code += found[3].lower() if found[3].lower() in ("h", "hh", "m", "mm", "s", "ss") else ""
        elif found[4]:
            code += found[4].lower()
    return tuple(sections)


def _section(code: str, before: str, behind: str, literal: str) -> _Format:
    decimals = re.search(r"\.((0*)[#?0]*)", code)
    thousands = re.search(r"[0#?](,+)(?![0#?,.])", code)
    placeholders = re.search("[0#?]", code) is not None
    fixed = placeholders and "e" not in code and "/" not in code
    return _Format(
        code=code,
        before=before,
        behind=behind,
        literal=literal,
        blank=re.search("[0#]", code) is None,
        date=re.search("[ymdhs]", code) is not None,
        fixed=fixed,
        percent="%" in code,
        thousands=len(thousands[1]) if thousands and fixed else 0,
        places=len(decimals[1]) if decimals else 0,
        shortest=len(decimals[2]) if decimals and fixed else 0,
        digits=len(code) if re.fullmatch("0{2,}", code) else 0,
    )


def _number(number: Decimal, section: _Format) -> str:
    if section.percent:
        return f"{_rounded(number * 100, section.places):f}%"
    if section.thousands:
        return f"{_rounded(number.scaleb(-3 * section.thousands), section.places):f}"
    decimals = -int(number.as_tuple().exponent)
    if section.fixed and decimals > TYPED_DECIMALS:
        number = _rounded(number, section.places)
    elif decimals < section.shortest:
        number = _rounded(number, section.shortest)
    elif section.digits and decimals <= 0:
        return f"{number:0{section.digits}.0f}"
    return f"{number:f}"


def _rounded(number: Decimal, places: int) -> Decimal:
    """Rounded half up; what has no decimals to round stays."""
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) if number.adjusted() < LARGEST else number


def _date(value: float, section: _Format, epoch_1904: bool) -> str:
    """The date or time in the order of Chinese and ISO dates; empty where the number is no date."""
    if not 0 <= value <= LAST_DAY:
        return ""
    # The calendar from 1900 holds a 29 February 1900, which there never was.
    start = datetime(1904, 1, 1) if epoch_1904 else datetime(1899, 12, 31 if value < 60 else 30)
    try:
        moment = start + timedelta(seconds=round(value * 86_400))
    except OverflowError:
        return ""
    code, chinese = section.code, "年" in section.literal or "月" in section.literal
    year, day = "y" in code, "d" in code
    month = "m" in code and (year or day or not re.search("[hs]", code))
    parts = [(year, f"{moment.year}", "年"), (month, f"{moment.month}" if chinese else f"{moment.month:02}", "月")]
    parts.append((day, f"{moment.day}" if chinese else f"{moment.day:02}", "日"))
    date = (
        "".join(number + mark for met, number, mark in parts if met)
        if chinese
        else "-".join(number for met, number, _ in parts if met)
    )
    time = f"{moment:%H:%M:%S}" if "h" in code or "s" in code else ""
    return " ".join(filter(None, (date, time)))
