"""What is drawn on the picture of a page: its ink, the ruling lines in it, and how text lies in it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from tasks.read.pdf.page import DOTS
from tasks.read.scan.ocr import Gray

NEAR = round(18 * DOTS) | 1
"""Pixels around a place whose brightness tells what is ink there."""

DARKER = 20
"""Of 255: so much darker than its surroundings is ink."""

RULED = round(30 * DOTS)
"""Pixels. Shorter lines may be strokes of letters."""

SHORT = round(10 * DOTS)
"""Pixels. Between two lines that run across a line may be so short."""

MEETS = 5
"""Pixels within which lines meet."""

BROKEN = 3
"""Pixels by which a line may be interrupted."""

THICK = round(3 * DOTS)
"""Pixels. What is thicker is no line."""

STEPS = 6
"""Angles on each side that are tried at first, half a degree apart, and then more narrowly."""

Mask = NDArray[np.uint8]
"""A picture of 0 and 255."""


class Box(NamedTuple):
    """A part of a picture in pixels; right and bottom lie outside."""

    left: int
    top: int
    right: int
    bottom: int


def ink_of(picture: Gray) -> Mask:
    """Where a picture is darker than the paper around."""
    mean, inverted = cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV
    return np.asarray(cv2.adaptiveThreshold(picture, 255, mean, inverted, NEAR, DARKER), np.uint8)


def rulings(ink: Mask) -> tuple[list[Box], list[Box], Mask]:
    """The level and the upright lines, and the ink that they take."""
    level, upright = _lines(ink, RULED, False), _lines(ink, RULED, True)
    long_level, long_upright = _drawn(ink, level), _drawn(ink, upright)
    level += [box for box in _lines(ink & ~long_level, SHORT, False) if _joins(box, long_upright, False)]
    upright += [box for box in _lines(ink & ~long_upright, SHORT, True) if _joins(box, long_level, True)]
    drawn = _drawn(ink, [*level, *upright])
    # The soft edges of lines belong to them.
    return level, upright, np.asarray(cv2.dilate(drawn, np.ones((3, 3), np.uint8)), np.uint8)


def _lines(ink: Mask, length: int, upright: bool) -> list[Box]:
    """Thin stretches of ink of at least this length."""
    closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, _bar(BROKEN, upright))
    long = cv2.morphologyEx(closed, cv2.MORPH_OPEN, _bar(length, upright))
    boxes = _parts(np.asarray(long, np.uint8))
    return [box for box in boxes if (box.right - box.left if upright else box.bottom - box.top) <= THICK]


def _drawn(ink: Mask, lines: Iterable[Box]) -> Mask:
    mask = np.zeros_like(ink)
    for box in lines:
        mask[box.top : box.bottom, box.left : box.right] = 255
    return mask


def _joins(box: Box, across: Mask, upright: bool) -> bool:
    """Whether a line runs from one line to another: then it may be shorter than others."""
    left, top, right, bottom = box
    ends = (
        (Box(left, top - MEETS, right, top + MEETS), Box(left, bottom - MEETS, right, bottom + MEETS))
        if upright
        else (Box(left - MEETS, top, left + MEETS, bottom), Box(right - MEETS, top, right + MEETS, bottom))
    )
    return all(across[max(end.top, 0) : end.bottom, max(end.left, 0) : end.right].any() for end in ends)


def _bar(length: int, upright: bool) -> Mask:
    return np.ones((length, 1) if upright else (1, length), np.uint8)


def _parts(mask: Mask) -> list[Box]:
    """What hangs together in a mask."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    return [Box(left, top, left + width, top + height) for left, top, width, height, _ in stats[1:].tolist()]


def words_outside(ink: Mask, known: Iterable[Box], size: float) -> list[Box]:
    """Ink as tall as letters that none of the known boxes covers: digits that stand alone are easily overlooked.

    `size` is the height of letters in pixels.
    """
    rest = ink.copy()
    for box in known:
        rest[box.top : box.bottom, box.left : box.right] = 0
    joined = cv2.morphologyEx(rest, cv2.MORPH_CLOSE, _bar(max(1, round(size / 2)), False))
    found = []
    for box in _parts(np.asarray(joined, np.uint8)):
        tall, wide = box.bottom - box.top, box.right - box.left
        if 0.5 * size <= tall <= 1.5 * size and wide >= 0.1 * size:
            found.append(box)
    return found


def inked(ink: Mask, box: Box) -> Box | None:
    """The part of a box that holds ink; None where it is blank."""
    part = ink[box.top : box.bottom, box.left : box.right]
    columns, rows = np.flatnonzero(part.any(axis=0)), np.flatnonzero(part.any(axis=1))
    if not len(columns):
        return None
    return Box(
        box.left + int(columns[0]),
        box.top + int(rows[0]),
        box.left + int(columns[-1]) + 1,
        box.top + int(rows[-1]) + 1,
    )


def without_neighbours(ink: Mask, box: Box) -> Box:
    """A box around a line of text without the edges of the lines above and below that reach into it."""
    rows = np.pad(ink[box.top : box.bottom, box.left : box.right].sum(axis=1, dtype=np.int64), 1)
    starts = np.flatnonzero((rows[1:-1] > 0) & (rows[:-2] == 0))
    stops = np.flatnonzero((rows[1:-1] > 0) & (rows[2:] == 0)) + 1
    if len(starts) < 2:
        return box
    main = int(np.argmax([rows[start + 1 : stop + 1].sum() for start, stop in zip(starts, stops, strict=True)]))
    top, bottom = box.top, box.bottom
    if main and starts[0] == 0:
        top += int(stops[0])
    if main < len(starts) - 1 and stops[-1] == box.bottom - box.top:
        bottom = box.top + int(starts[-1])
    return Box(box.left, top, box.right, bottom)


def blanks_of(ink: Mask, box: Box, gap: float) -> list[tuple[int, int]]:
    """From where to where a line of text is blank for more than `gap` pixels, between ink on both sides."""
    filled = box.left + np.flatnonzero(ink[box.top : box.bottom, box.left : box.right].any(axis=0))
    wide = np.flatnonzero(np.diff(filled) > gap)
    return [(int(filled[index]) + 1, int(filled[index + 1])) for index in wide]


def parted(ink: Mask, box: Box, gap: float, walls: Iterable[Box]) -> list[Box]:
    """The parts of a line of text between upright lines and between blanks wider than `gap` pixels."""
    cuts = {box.left, box.right}
    for wall in walls:
        at = (wall.left + wall.right) // 2
        crossed = min(wall.bottom, box.bottom) - max(wall.top, box.top)
        if box.left < at < box.right and crossed > 0.6 * (box.bottom - box.top):
            cuts.add(at)
    edges = sorted(cuts)
    parts: list[Box] = []
    for left, right in pairwise(edges):
        ends = [
            left,
            *(edge for blank in blanks_of(ink, Box(left, box.top, right, box.bottom), gap) for edge in blank),
            right,
        ]
        parts += [Box(start, box.top, end, box.bottom) for start, end in zip(ends[::2], ends[1::2], strict=True)]
    return parts


def lean(picture: Gray) -> float:
    """By how many degrees what is level on the page goes down to the right, within three degrees.

    Where the angle is right the sums of rows differ most from one to the next.
    """
    small = ink_of(np.asarray(cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8))
    height, width = small.shape

    def sharpness(angle: float) -> float:
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
        rows = cv2.warpAffine(small, matrix, (width, height)).sum(axis=1, dtype=np.float64)
        return float(np.square(np.diff(rows)).sum())

    best = 0.0
    for step in (0.5, 0.1, 0.02):
        best = max((best + step * number for number in range(-STEPS, STEPS + 1)), key=sharpness)
    return best


def rotated(picture: Gray, corners: NDArray[np.float64], angle: float) -> tuple[Gray, NDArray[np.float64]]:
    """A picture whose lines go down by this angle, and corners in it, put straight; the picture keeps its size."""
    height, width = picture.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    straight = cv2.warpAffine(picture, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=255)
    return np.asarray(straight, np.uint8), corners @ matrix[:, :2].T + matrix[:, 2]


def is_sideways(corners: NDArray[np.float64]) -> bool:
    """Whether most text runs up or down."""
    wide = np.hypot(*(corners[:, 1] - corners[:, 0]).T)
    tall = np.hypot(*(corners[:, 3] - corners[:, 0]).T)
    return bool(tall[tall > 1.5 * wide].sum() > wide[wide > 1.5 * tall].sum()) and not math.isclose(tall.sum(), 0)
