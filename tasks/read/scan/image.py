"""Images of pages: PNG, JPEG, TIFF with one page or several, BMP, and the first picture of a GIF."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from PIL import Image, ImageOps

from tasks.read.blocks import Blocks, Unreadable
from tasks.read.pdf.page import DOTS, MAX_PIXELS, Page, scale_of, too_large
from tasks.read.pdf.pdf import read_pages

FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "GIF")

FEWEST, MOST = 96, 1200
"""Dots per inch that scanners tell. An image for screens tells 72 or 96 or none, whatever it shows."""

A4 = 842
"""Points, its longer side."""

FAULTS = (OSError, ValueError, SyntaxError, struct.error, KeyError, IndexError, TypeError, OverflowError)
"""What Pillow raises for damaged images."""


def read_image(content: bytes, name: str) -> Blocks:
    """The paragraphs and cells that are recognised in an image; each of its pictures is a page. Raises Unreadable."""
    return read_pages(pictures(content, name), name)


def pictures(content: bytes, name: str) -> Iterator[Page]:
    """The pictures of an image as pages to be recognised. Raises Unreadable."""
    with _faults_told(name):
        image = Image.open(io.BytesIO(content), formats=FORMATS)
    with image:
        number = 1
        while True:
            with _faults_told(name):
                if image.width * image.height > MAX_PIXELS:
                    raise too_large(name)
                page = _page(image, number)
            yield page
            try:
                # Only the pictures of a TIFF are pages; those of a GIF move.
                if image.format != "TIFF":
                    return
                with _faults_told(name):
                    image.seek(number)
            except EOFError:
                return
            number += 1


def _page(image: Image.Image, number: int) -> Page:
    """A page of a likely size, its picture with DOTS pixels for each point."""
    picture = ImageOps.exif_transpose(_gray(image))
    across, down = _dots(image)
    width, height = picture.width / across * 72, picture.height / down * 72
    scale = scale_of(width, height)
    size = max(round(width * scale * DOTS), 1), max(round(height * scale * DOTS), 1)
    pixels = np.asarray(picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3))
    return Page(number, width * scale, height * scale, picture=pixels)


def _dots(image: Image.Image) -> tuple[float, float]:
    """Dots per inch; where an image does not tell, so many that its page is A4."""
    across, down = (float(dots) for dots in image.info.get("dpi", (0, 0)))
    if min(across, down) > FEWEST and max(across, down) <= MOST:
        return across, down
    return (max(image.size) / A4 * 72,) * 2


def _gray(image: Image.Image) -> Image.Image:
    """In shades of gray, on white where it is transparent."""
    if image.mode.startswith("I"):
        return Image.fromarray((np.asarray(image) >> 8).clip(0, 255).astype(np.uint8))
    if "A" in image.getbands() or "transparency" in image.info:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return image.convert("L")


@contextmanager
def _faults_told(name: str) -> Iterator[None]:
    """Turns what Pillow raises into one sentence; EOFError says that there are no more pictures."""
    try:
        yield
    except (Unreadable, EOFError, MemoryError):
        raise
    except Image.DecompressionBombError as error:
        raise too_large(name) from error
    except FAULTS as error:
        raise Unreadable(f"{name}: the image is damaged, cut short, or of an unusual kind: scan it anew.") from error
