"""Pages that are pictures: their text is recognised, and stands as if it were printed, with its ruling lines."""

from __future__ import annotations

import signal
import unicodedata
from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from tasks.read.pdf.page import DOTS, Char, Page, Ruling
from tasks.read.pdf.pdf import sheet_of
from tasks.read.pdf.sheet import Sheet
from tasks.read.pdf.table import Table
from tasks.read.scan.figures import DOUBTED, UNSURE, blot_odd, blotted, is_poor, told, unsure
from tasks.read.scan.ink import (
    Box,
    Mask,
    blanks_of,
    ink_of,
    inked,
    is_sideways,
    lean,
    parted,
    rotated,
    rulings,
    without_neighbours,
    words_outside,
)
from tasks.read.scan.ocr import Gray, Letter, letters, stretches

SECONDS = 30
"""What the clock gets for a page: one takes two to five seconds where two cores are free."""

LOOK = 0.6
"""Share of its size in which a picture is searched for text: that takes most of the time, and letters are large enough."""

LEANS = 0.1
"""Degrees; pictures that lean less stay as they are."""

APART = 1.3
"""Of the usual height of a line: wider blanks part strips."""

MARGIN = 0.12
"""Of its height: the white around a strip."""

WIDER = 0.3
"""The same at a second look."""

LEGIBLE = 0.7
"""The mean of the same on a page that is not upside down."""

SEEN = 0.5
"""The same for a whole strip: what is less sure is a stain."""

HIGH = 0.75
"""Height of text as a share of the stretches in which it is found."""

STAIN = round(1.5 * DOTS)
"""Pixels. What is neither taller nor wider is dust."""

TALL = 1.15
"""Height of the place of a character, as a share of its size: what fonts tell in PDF files."""

FULL, DIGITS = 0.93, 0.73
"""Heights of the ink of ideographs and of digits as shares of their size."""

SNAP, SNAP_DIGITS = 0.08, 0.25
"""Shares by which the height of the ink may differ among strips of one size, with ideographs and without."""

SAMPLE = 3
"""Strips, the longest ones, that tell whether a picture is upright."""

BLANK = 0.3
"""Of the size of letters: wider blanks may be gaps."""

MAX_STRIPS = 5_000
"""Strips of text of one page; what has more is no page of a report."""

_FLAT = frozenset("一二三_-—–－~～…")
"""Characters whose ink is lower than that of others."""


class _Strip(NamedTuple):
    """A line of text: the box of its ink in pixels, and what it says."""

    box: Box
    letters: list[Letter]

    @property
    def sure(self) -> float:
        """How sure the recogniser is of it as a whole."""
        return sum(letter.sure for letter in self.letters) / max(len(self.letters), 1)


def read_scan(page: Page, before: Sequence[tuple[float, float]] = ()) -> tuple[Sheet, int]:
    """What stands on a page that is a picture, and how many figures of it are blotted out because they are not sure.

    `before` are the columns that the page before ends with.
    """
    _take_time()
    assert page.picture is not None
    printed, unsure = recognised(page.picture, page.number)
    sheet = sheet_of(printed, before)
    return sheet, unsure + sum(blot_odd(item) for item in sheet.items if isinstance(item, Table))


def _take_time() -> None:
    """Where a clock is set for the document, as in tasks.read.worker, it is put back for the time that a page takes."""
    left, _ = signal.getitimer(signal.ITIMER_REAL)
    if left:
        signal.setitimer(signal.ITIMER_REAL, left + SECONDS)


def recognised(picture: Gray, number: int) -> tuple[Page, int]:
    """The page that a picture shows, read upright, and how many of its figures are blotted out."""
    if not ink_of(picture).any():
        return Page(number, picture.shape[1] / DOTS, picture.shape[0] / DOTS), 0
    picture, corners = _upright(picture)
    angle = lean(picture)
    if abs(angle) > LEANS:
        picture, corners = rotated(picture, corners, angle)
    ink = ink_of(picture)
    level, upright, drawn = rulings(ink)
    ink[drawn > 0] = 0
    strips = _read(np.where(drawn > 0, np.uint8(255), picture), _boxes(ink, corners, upright))
    texts = [told(strip.letters) for strip in strips]
    doubtful, figures = unsure(texts)
    if doubtful > DOUBTED * figures or is_poor(letter for strip in strips for letter in strip.letters):
        doubtful, texts = figures, list(map(blotted, texts))
    height, width = picture.shape
    page = Page(number, width / DOTS, height / DOTS)
    page.level = [Ruling((box.top + box.bottom) / 2 / DOTS, box.left / DOTS, box.right / DOTS) for box in level]
    page.upright = [Ruling((box.left + box.right) / 2 / DOTS, box.top / DOTS, box.bottom / DOTS) for box in upright]
    for strip, size, text in zip(strips, _sizes(strips), texts, strict=True):
        page.chars += _chars(strip, size, text, ink)
    return page, doubtful


def _upright(picture: Gray) -> tuple[Gray, NDArray[np.float64]]:
    """A picture turned so that its text reads best, and the corners of the stretches of text in it."""
    corners = _looked_for(picture)
    if is_sideways(corners):
        first, second = ((turned, _looked_for(turned)) for turned in (_turned(picture, 1), _turned(picture, 3)))
    elif _legibility(picture, corners) < LEGIBLE:
        turned = _turned(picture, 2)
        first, second = (picture, corners), (turned, _looked_for(turned))
    else:
        return picture, corners
    return max(first, second, key=lambda each: _legibility(*each))


def _turned(picture: Gray, quarters: int) -> Gray:
    return np.ascontiguousarray(np.rot90(picture, quarters))


def _looked_for(picture: Gray) -> NDArray[np.float64]:
    small = cv2.resize(picture, None, fx=LOOK, fy=LOOK, interpolation=cv2.INTER_AREA)
    return stretches(np.asarray(small, np.uint8)) / LOOK


def _legibility(picture: Gray, corners: NDArray[np.float64]) -> float:
    """How sure the recogniser is of the longest lines."""
    boxes = sorted(map(_box, corners), key=lambda box: box.left - box.right)[:SAMPLE]
    return sum(strip.sure for strip in _read(picture, boxes)) / max(len(boxes), 1)


def _box(corners: NDArray[np.float64]) -> Box:
    left, top = np.maximum(np.floor(corners.min(axis=0)), 0).astype(int)
    right, bottom = np.ceil(corners.max(axis=0)).astype(int)
    return Box(int(left), int(top), int(right), int(bottom))


def _boxes(ink: Mask, corners: NDArray[np.float64], upright: Sequence[Box]) -> list[Box]:
    """The ink of each strip of text: none reaches over an upright line or a wide blank."""
    stretched = list(map(_box, corners))
    size = HIGH * median(box.bottom - box.top for box in stretched) if stretched else 10 * DOTS
    parts: list[Box] = []
    for box in [*(without_neighbours(ink, box) for box in stretched), *words_outside(ink, stretched, size)]:
        tight = inked(ink, box)
        if tight:
            parts += parted(ink, tight, APART * max(size, tight.bottom - tight.top), upright)
    found = [
        tight
        for part in parts
        if (tight := inked(ink, part)) and max(tight.right - tight.left, tight.bottom - tight.top) > STAIN
    ]
    return found[:MAX_STRIPS]


def _read(picture: Gray, boxes: Sequence[Box]) -> list[_Strip]:
    """What the boxes say, without those that say nothing.

    Where figures are not sure a second look, cut otherwise, may say the same more surely.
    """
    read = letters([_cut(picture, box, MARGIN) for box in boxes])
    doubtful = [index for index, each in enumerate(read) if UNSURE in told(each)]
    again = letters([_cut(picture, boxes[index], WIDER) for index in doubtful])
    for index, other in zip(doubtful, again, strict=True):
        if [letter.text for letter in other] == [letter.text for letter in read[index]]:
            read[index] = [
                letter._replace(sure=max(letter.sure, same.sure))
                for letter, same in zip(read[index], other, strict=True)
            ]
    strips = [_Strip(box, each) for box, each in zip(boxes, read, strict=True) if each]
    return [strip for strip in strips if strip.sure >= SEEN]


def _cut(picture: Gray, box: Box, margin: float) -> Gray:
    """A box of a picture with white around."""
    edge = _edge(box, margin)
    part = picture[box.top : box.bottom, box.left : box.right]
    return np.asarray(cv2.copyMakeBorder(part, edge, edge, edge, edge, cv2.BORDER_CONSTANT, value=255), np.uint8)


def _edge(box: Box, margin: float) -> int:
    return max(2, round(margin * (box.bottom - box.top)))


def _sizes(strips: Sequence[_Strip]) -> list[float]:
    """The size of the letters of each strip in pixels; what differs little is one size.

    The ink of digits is lower than that of ideographs, and that of dashes tells nothing.
    """
    sure = [(box.bottom - box.top) / FULL for box, text in strips if _is_full(text)]
    common: list[float] = []
    for size in sorted(sure, key=lambda size: -sum(abs(size - other) <= SNAP * size for other in sure)):
        if not any(abs(size - other) <= SNAP * other for other in common):
            common.append(median(other for other in sure if abs(size - other) <= SNAP * size))
    sizes = []
    for box, text in strips:
        full = _is_full(text)
        size = (box.bottom - box.top) / (FULL if full else DIGITS)
        nearest = min(common, key=lambda other: abs(other - size), default=size)
        near = abs(nearest - size) <= (SNAP if full else SNAP_DIGITS) * nearest
        flat = not full and not any(letter.text.isalnum() for letter in text)
        sizes.append(nearest if near else common[0] if flat and common else size)
    return sizes


def _is_full(text: Sequence[Letter]) -> bool:
    """Whether letters reach from the top to the bottom of their line."""
    return any(_is_wide(letter.text) and letter.text.isalnum() and letter.text not in _FLAT for letter in text)


def _is_wide(text: str) -> bool:
    return unicodedata.east_asian_width(text) in "WF"


def _chars(strip: _Strip, size: float, text: Sequence[str], ink: Mask) -> list[Char]:
    """The characters of a strip, side by side but for gaps; `text` is what is told of its letters."""
    box = strip.box
    edge = _edge(box, MARGIN)
    wide = box.right - box.left + 2 * edge
    middles = [min(max(box.left - edge + letter.at * wide, box.left), box.right) for letter in strip.letters]
    full = [_is_wide(letter.text) for letter in strip.letters]
    blanks = blanks_of(ink, box, BLANK * size)
    lefts: list[float] = [box.left]
    rights: list[float] = []
    for first, second in pairwise(range(len(middles))):
        at, after = middles[first], middles[second]
        blank = next((blank for blank in blanks if at < sum(blank) / 2 < after), None)
        # What is blank around ideographs, and even more around their marks, belongs to them.
        if blank and blank[1] - blank[0] > (full[first] + full[second]) * size / 2:
            rights.append(blank[0])
            lefts.append(blank[1])
        else:
            rights.append((at + after) / 2)
            lefts.append((at + after) / 2)
    rights.append(box.right)
    middle = (box.top + box.bottom) / 2 if _is_full(strip.letters) else _middle(strip, size)
    top, bottom = (middle - TALL * size / 2) / DOTS, (middle + TALL * size / 2) / DOTS
    return [
        Char(character, left / DOTS, top, right / DOTS, bottom)
        for character, left, right in zip(text, lefts, rights, strict=True)
        if right > left
    ]


def _middle(strip: _Strip, size: float) -> float:
    """The middle of digits: commas hang below them, dashes stand between top and bottom."""
    if any(letter.text.isdigit() for letter in strip.letters):
        return strip.box.top + DIGITS * size / 2
    return (strip.box.top + strip.box.bottom) / 2
