"""Figures that were recognised: they go into audited data, so one that is not sure is no figure any more."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from tasks.read.pdf.lines import line_of
from tasks.read.pdf.page import Char
from tasks.read.pdf.table import Cell, Table
from tasks.read.scan.ocr import Letter

SURE = 0.9
"""How sure the recogniser must be of each digit and unit of a figure; see docs/decisions/0016."""

SURE_OF_MARKS = 0.5
"""The same for points and commas, which are small: it is right about most of those that it is not sure of."""

DOUBTED = 0.2
"""Where a larger share of the figures of a page is not sure, the picture is too poor to take any."""

ILLEGIBLE, STRAY = 0.04, 2
"""The same for letters and digits: the share on legible pages is below 0.01, and a few may always be stains."""

UNSURE = "□"
"""Stands for each character of a figure that is not sure."""

ALIKE = 3
"""Amounts of a column with so many decimals, and none with fewer: then one without any has lost its point."""

_FIGURE = re.compile(r"\d+(?:[.,]\d+)*(?:[万亿]*元|[%％])?")
_ALONE = re.compile(r"([-−－+]?[(（]?[-−]?)([\dOoIl|][\dOoIl|,.，．:：·。;；、]*)([)）]?[%％]?)")
_LOOKALIKES = str.maketrans("OoIl|，．:：·。;；、", "00111,.....,,,")
_BRACKET = re.compile(r"(?<=[一-鿿])[()]|[()](?=[一-鿿])")
"""Beside an ideograph; which width it has is hardly to be seen, and printed ones are wide there."""

_WIDE = {"(": "（", ")": "）"}
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)*")
_GROUPS = re.compile(r"(\d{1,3}(?:[.,]\d{3})+)[.,](\d{2})")
_THOUSANDS = re.compile(r"\d{1,3}\.\d{3}")
_AMOUNT = re.compile(r"[-−－+]?[(（]?[-−]?[\d,]+(?:\.(\d+))?[)）]?")


def told(read: Sequence[Letter]) -> list[str]:
    """The characters of a line, one for each: figures that are not sure are blotted out.

    What looks like a digit is one in a line that is a figure otherwise, and so are points and commas.
    """
    text = "".join(letter.text for letter in read)
    alone = _ALONE.fullmatch(text)
    if alone and 2 * sum(map(str.isdigit, text)) >= len(text):
        number = _repaired(alone[2].translate(_LOOKALIKES))
        well_formed = _GROUPED.fullmatch(number) is not None and _THOUSANDS.fullmatch(number) is None
        figures = [(*alone.span(2), number, well_formed)]
        text = alone[1] + number + alone[3]
    else:
        figures = [
            (*figure.span(), figure[0], _GROUPED.fullmatch(figure[0].rstrip("万亿元%％")) is not None)
            for figure in _FIGURE.finditer(text)
        ]
    characters = list(_BRACKET.sub(lambda bracket: _WIDE[bracket[0]], text))
    for start, end, figure, well_formed in figures:
        if not well_formed or not all(map(_is_sure, read[start:end])):
            characters[start:end] = UNSURE * len(figure)
    return characters


def _repaired(number: str) -> str:
    """With commas between thousands and a point before two decimals, where the groups show that they are such."""
    groups = _GROUPS.fullmatch(number)
    return f"{groups[1].replace('.', ',')}.{groups[2]}" if groups else number


def _is_sure(letter: Letter) -> bool:
    return letter.sure >= (SURE if letter.text.isalnum() or letter.text in "%％|" else SURE_OF_MARKS)


def unsure(lines: Iterable[Sequence[str]]) -> tuple[int, int]:
    """How many figures of lines are blotted out, and how many there are."""
    blotted = figures = 0
    for line in lines:
        text = "".join(line)
        blots = len(re.findall(f"{UNSURE}+", text))
        blotted += blots
        figures += blots + len(_FIGURE.findall(text))
    return blotted, figures


def is_poor(letters: Iterable[Letter]) -> bool:
    """Whether so many letters of a page are not sure that words, and what figures are of, may be wrong."""
    sure = [_is_sure(letter) for letter in letters if letter.text.isalnum()]
    return sure.count(False) > ILLEGIBLE * len(sure) + STRAY


def blotted(characters: Iterable[str]) -> list[str]:
    """The characters of a line without any figure."""
    return list(_FIGURE.sub(lambda figure: UNSURE * len(figure[0]), "".join(characters)))


def blot_odd(table: Table) -> int:
    """Blots out amounts that must have lost their point, as the others of their column show; returns how many."""
    columns: dict[int, list[tuple[Cell, str]]] = {}
    for cell in table.cells:
        if amount := _AMOUNT.fullmatch(cell.text.replace(" ", "")):
            columns.setdefault(cell.column, []).append((cell, amount[1] or ""))
    count = 0
    for column in columns.values():
        decimals = Counter(len(after) for _, after in column if after)
        usual, times = decimals.most_common(1)[0] if decimals else (0, 0)
        if times < ALIKE or min(decimals) < usual:
            continue
        for cell, after in column:
            if len(after) != usual and cell.text.strip("0"):
                cell.lines = [line_of([_blot(char) for char in line.chars]) for line in cell.lines]
                count += 1
    return count


def _blot(char: Char) -> Char:
    return char._replace(text=UNSURE)
