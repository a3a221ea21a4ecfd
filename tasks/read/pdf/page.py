"""Pages of a PDF as pdfium draws them: characters and ruling lines, with the page turned so that its text is upright."""

from __future__ import annotations

import ctypes
import math
import threading
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pypdfium2.raw as raw  # type: ignore[import-untyped]

from tasks.read.blocks import MAX_CHARACTERS, Unreadable

if TYPE_CHECKING:
    from tasks.read.scan.ocr import Gray

MAX_PAGES = 2_000
"""The longest reports with all annexes stay below three hundred."""

MAX_PATHS = 20_000
"""Drawn lines of one page. A table of a hundred rows has five thousand; what has more is a map."""

MAX_DEPTH = 8
"""Forms within forms; files made to waste time nest them endlessly."""

SCANNED = 30
"""Characters. A page with fewer, and an image over more than half of it, is the picture of a page."""

DOTS = 200 / 72
"""Pixels of the picture of a page for each point: docs/decisions/0016."""

SHORT, LONG = 595, 1191
"""Points. The longer side of a page that is a picture is taken to be within, whatever its file says: A5 to A3."""

MAX_PIXELS = 89_000_000
"""Of one image: A3 with 600 dots per inch has 70 million."""

SKEW = 3
"""Degrees that text may lean, as on scans whose text a machine has read."""

THIN = 3.0
"""Points. A filled rectangle no wider than this is a line, as Word and Excel draw them."""

STRAIGHT = 0.5
"""Points by which a line may lean and still be level."""

PALE = 250
"""Of 255: lines this white are not seen."""

LOCK = threading.Lock()
"""pdfium must not be entered by two threads at once."""

_PASSWORD, _SECURITY = 4, 5
"""pdfium's numbers of the errors for encrypted files."""

_END = b"%%EOF"
_TAIL = 1024
"""Bytes in which a complete file says where its table of contents is."""

_RADICALS = dict(
    zip(
        "⺁⺄⺅⺈⺉⺊⺋⺎⺏⺐⺒⺓⺔⺕⺖⺘⺙⺛⺝⺟⺠⺡⺢⺣⺤⺦⺧⺨⺩⺪⺫⺬⺭⺮⺯⺰⺲⺵⺶⺹⺺⺻⺼⺽⺾⻀⻁⻂⻃⻄⻅⻆⻈⻉⻊⻋⻌⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰⻳",
        "厂乙亻刀刂卜㔾兀尣尢巳幺彑彐忄扌攵旡月母民氵氺灬爫丬牛犭王疋目示礻竹糹纟罒网羊耂肀聿肉臼艹艹虎衤覀西见角讠贝足车辶辶邑钅長镸长门阜阝雨青韦页风飞食飠饣首马骨鬼鱼鸟卤麦黄黾齐齿龙龟",
        strict=True,
    )
)
"""Radicals of the simplified forms, for which Unicode has no compatibility mapping."""


class Char(NamedTuple):
    """A printed character and its place in points, from the top left of the upright page."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


class Ruling(NamedTuple):
    """A level or an upright line: where it stands (y or x), and from where to where it runs."""

    at: float
    start: float
    end: float


@dataclass(slots=True)
class Page:
    """One page. `aside` is text in another direction, such as watermarks.

    `picture` is what a page without text looks like, DOTS pixels for each point.
    """

    number: int
    width: float
    height: float
    chars: list[Char] = field(default_factory=list)
    level: list[Ruling] = field(default_factory=list)
    upright: list[Ruling] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)
    picture: Gray | None = None


def pages(content: bytes, name: str) -> Iterator[Page]:
    """The pages of a PDF, one at a time. Raises Unreadable for what cannot be opened, and beyond the bounds."""
    with LOCK:
        document = _open(content, name)
    try:
        count = len(document)
        if count > MAX_PAGES:
            raise Unreadable(f"{name}: the PDF has {count:,} pages, more than {MAX_PAGES:,}: split it.")
        characters = 0
        for index in range(count):
            with LOCK:
                page = _page(document, index, name)
            characters += len(page.chars)
            if characters > MAX_CHARACTERS:
                raise Unreadable(f"{name}: the text is longer than {MAX_CHARACTERS:,} characters: split it.")
            yield page
    finally:
        with LOCK:
            document.close()


def _open(content: bytes, name: str) -> pdfium.PdfDocument:
    # pdfium mends files that are cut short, without the pages behind the cut and without a word.
    end = content.rfind(_END)
    if b"endobj" in content[end:] if end >= 0 else b"startxref" not in content[-_TAIL:]:
        raise _damaged(name)
    # It refuses a file without pages and says the error before: let that be one of damage.
    with suppress(pdfium.PdfiumError):
        pdfium.PdfDocument(b" ")
    try:
        return pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        if error.err_code in (_PASSWORD, _SECURITY):
            raise Unreadable(f"{name}: the PDF is encrypted: remove its password.") from error
        raise _damaged(name) from error


def _damaged(name: str) -> Unreadable:
    return Unreadable(f"{name}: the PDF is damaged, cut short or without pages: fetch it again.")


def _page(document: pdfium.PdfDocument, index: int, name: str) -> Page:
    try:
        source = document[index]
        try:
            text = source.get_textpage()
            try:
                return _read(source, text, index + 1, name)
            finally:
                text.close()
        finally:
            source.close()
    except pdfium.PdfiumError as error:
        raise _damaged(name) from error


def _read(source: pdfium.PdfPage, text: pdfium.PdfTextPage, number: int, name: str) -> Page:
    placed = list(_characters(text, name))
    turns = Counter(angle % 360 for angle, _ in placed if angle % 90 == 0)
    turn = turns.most_common(1)[0][0] if turns else source.get_rotation()
    box = source.get_cropbox()
    place = _upright(turn, box)
    wide, tall = box[2] - box[0], box[3] - box[1]
    page = Page(number, *((wide, tall) if turn % 180 == 0 else (tall, wide)))
    others: dict[int, list[str]] = {}
    for angle, char in placed:
        if angle % 360 != turn:
            others.setdefault(angle, []).append(char.text)
            continue
        left, top, right, bottom = place(*char[1:])
        if right > 0 and left < page.width and bottom > 0 and top < page.height:
            page.chars.append(Char(char.text, left, top, right, bottom))
    page.aside = ["".join(letters) for letters in others.values()]
    pictured, pixels = 0.0, 0
    paths: list[tuple[object, pdfium.PdfMatrix]] = []
    for kind, handle, matrix in _objects(source.raw, pdfium.PdfMatrix()):
        if kind == raw.FPDF_PAGEOBJ_IMAGE:
            pictured = max(pictured, _area(matrix))
            pixels = max(pixels, _pixels(handle))
        elif len(paths) < MAX_PATHS:
            paths.append((handle, matrix))
    if len(placed) < SCANNED and pictured > wide * tall / 2:
        if pixels > MAX_PIXELS:
            raise too_large(name)
        return _picture(source, number)
    if len(paths) < MAX_PATHS:
        _rule(page, (place(*line) for handle, matrix in paths for line in _lines(handle, matrix)))
    return page


def _area(matrix: pdfium.PdfMatrix) -> float:
    """What an image covers of the page, in square points: the unit square that a matrix stretches."""
    return abs(float(matrix.a * matrix.d - matrix.b * matrix.c))


def _pixels(handle: object) -> int:
    wide, tall = ctypes.c_uint(), ctypes.c_uint()
    raw.FPDFImageObj_GetImagePixelSize(handle, ctypes.byref(wide), ctypes.byref(tall))
    return wide.value * tall.value


def too_large(name: str) -> Unreadable:
    """What is told of an image of too many pixels."""
    return Unreadable(f"{name}: an image has more than {MAX_PIXELS:,} pixels: make it smaller.")


def _picture(source: pdfium.PdfPage, number: int) -> Page:
    width, height = source.get_size()
    scale = scale_of(width, height)
    bitmap = source.render(scale=scale * DOTS, grayscale=True, may_draw_forms=False)
    try:
        # pdfium frees the bitmap, and numpy would go on looking at it.
        return Page(number, width * scale, height * scale, picture=bitmap.to_numpy().copy())
    finally:
        bitmap.close()


def scale_of(width: float, height: float) -> float:
    """By what to multiply the size of a page, given in any unit, to get likely points."""
    longer = max(width, height)
    return min(max(longer, SHORT), LONG) / longer


def _rule(page: Page, lines: Iterable[tuple[float, float, float, float]]) -> None:
    """Sorts lines, given as boxes on the upright page, into level and upright ones."""
    for left, top, right, bottom in lines:
        if right - left > max(bottom - top, STRAIGHT):
            page.level.append(Ruling((top + bottom) / 2, left, right))
        elif bottom - top > STRAIGHT:
            page.upright.append(Ruling((left + right) / 2, top, bottom))


def _objects(
    parent: object, matrix: pdfium.PdfMatrix, depth: int = 0
) -> Iterator[tuple[int, object, pdfium.PdfMatrix]]:
    """The images and paths on a page and in the forms on it: kind, handle, and how it is moved onto the page."""
    count, get = (
        (raw.FPDFFormObj_CountObjects, raw.FPDFFormObj_GetObject)
        if depth
        else (raw.FPDFPage_CountObjects, raw.FPDFPage_GetObject)
    )
    for index in range(count(parent)):
        handle = get(parent, index)
        kind = raw.FPDFPageObj_GetType(handle)
        if kind == raw.FPDF_PAGEOBJ_FORM:
            if depth < MAX_DEPTH:
                yield from _objects(handle, _matrix(handle).multiply(matrix), depth + 1)
        elif kind in (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE):
            yield kind, handle, _matrix(handle).multiply(matrix)


def _matrix(handle: object) -> pdfium.PdfMatrix:
    found = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(handle, ctypes.byref(found))
    return pdfium.PdfMatrix.from_raw(found)


def _upright(
    turn: int, box: tuple[float, float, float, float]
) -> Callable[[float, float, float, float], tuple[float, float, float, float]]:
    """Maps left, bottom, right, top of the PDF's page to left, top, right, bottom of the upright page.

    `turn` is by how many degrees the text is turned clockwise.
    """
    west, south, east, north = box
    if turn == 0:
        return lambda a, b, c, d: (a - west, north - d, c - west, north - b)
    if turn == 90:
        return lambda a, b, c, d: (north - d, east - c, north - b, east - a)
    if turn == 180:
        return lambda a, b, c, d: (east - c, b - south, east - a, d - south)
    return lambda a, b, c, d: (b - south, a - west, d - south, c - west)


def _characters(text: pdfium.PdfTextPage, name: str) -> Iterator[tuple[int, Char]]:
    """All printed characters with their direction; the box is left, bottom, right, top on the PDF's page."""
    count = text.count_chars()
    if count > MAX_CHARACTERS:
        raise Unreadable(f"{name}: the text is longer than {MAX_CHARACTERS:,} characters: split it.")
    handle = text.raw
    box = raw.FS_RECTF()
    reference = ctypes.byref(box)
    high = 0
    for index in range(count):
        code = raw.FPDFText_GetUnicode(handle, index)
        if code <= 32 or code in (0xA0, 0x3000, 0xFFFE, 0xFFFF) or 0xD800 <= code < 0xDC00:
            high = code if code >= 0xD800 else 0
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + (high - 0xD800 << 10) + (code - 0xDC00) if 0xD800 <= high < 0xDC00 else 0xFFFD
        if not raw.FPDFText_GetLooseCharBox(handle, index, reference):
            continue
        if box.right <= box.left or box.top <= box.bottom:
            continue
        angle = round(math.degrees(raw.FPDFText_GetCharAngle(handle, index)))
        straight = round(angle / 90) * 90
        if abs(angle - straight) <= SKEW:
            angle = straight
        yield angle % 360, Char(plain(chr(code)), box.left, box.bottom, box.right, box.top)


def plain(character: str) -> str:
    """The ideograph itself for a radical or a compatibility form, which fonts give instead of it."""
    if "⺀" <= character <= "⿕" or "豈" <= character <= "﫿" or "\U0002f800" <= character <= "\U0002fa1f":
        return _RADICALS.get(character) or unicodedata.normalize("NFKC", character)
    return character


def _lines(handle: object, matrix: pdfium.PdfMatrix) -> Iterator[tuple[float, float, float, float]]:
    """The visible level and upright lines of a path as boxes: left, bottom, right, top."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    if not raw.FPDFPath_GetDrawMode(handle, ctypes.byref(fill), ctypes.byref(stroke)):
        return
    stroked = bool(stroke.value) and _seen(raw.FPDFPageObj_GetStrokeColor, handle)
    filled = bool(fill.value) and _seen(raw.FPDFPageObj_GetFillColor, handle)
    if not stroked and not filled:
        return
    for points in _outlines(handle, matrix):
        xs, ys = [x for x, _ in points], [y for _, y in points]
        left, bottom, right, top = min(xs), min(ys), max(xs), max(ys)
        if filled and min(right - left, top - bottom) <= THIN:
            yield left, bottom, right, top
        elif stroked:
            for (x0, y0), (x1, y1) in pairwise(points):
                if abs(x0 - x1) <= STRAIGHT or abs(y0 - y1) <= STRAIGHT:
                    yield min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _seen(color: Callable[..., int], handle: object) -> bool:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    known = color(handle, *map(ctypes.byref, (red, green, blue, alpha)))
    return not known or (alpha.value > 0 and min(red.value, green.value, blue.value) < PALE)


def _outlines(handle: object, matrix: pdfium.PdfMatrix) -> Iterator[list[tuple[float, float]]]:
    """The parts of a path as corners on the page; curves are taken for straight."""
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[tuple[float, float]] = []
    for index in range(min(raw.FPDFPath_CountSegments(handle), MAX_PATHS)):
        segment = raw.FPDFPath_GetPathSegment(handle, index)
        raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind != raw.FPDF_SEGMENT_LINETO and points:
            if len(points) > 1:
                yield points
            points = []
        points.append(matrix.on_point(x.value, y.value))
        if raw.FPDFPathSegment_GetClose(segment) and points:
            points.append(points[0])
    if len(points) > 1:
        yield points
