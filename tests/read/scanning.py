"""Printed pages as a scanner makes them: leaning, blurred, noisy, coarse, compressed."""

import io
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image
from pypdfium2 import PdfDocument

DOTS = 200


@dataclass(frozen=True)
class Scanner:
    """`dots` per inch; `lean` in degrees; `blur` in pixels and `noise` in shades of 255; `quality` of the JPEG."""

    dots: int = DOTS
    lean: float = 0
    blur: float = 0
    noise: float = 0
    quality: int = 90

    def scan(self, page: Image.Image, seed: int = 0) -> Image.Image:
        """The picture of a page that was drawn with DOTS dots per inch."""
        picture = np.asarray(page.convert("L"))
        if self.blur:
            picture = cv2.GaussianBlur(picture, (0, 0), self.blur)
        if self.lean:
            height, width = picture.shape
            turn = cv2.getRotationMatrix2D((width / 2, height / 2), -self.lean, 1)
            picture = cv2.warpAffine(picture, turn, (width, height), borderValue=255)
        if self.dots != DOTS:
            share = self.dots / DOTS
            picture = cv2.resize(picture, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
        if self.noise:
            # Paper is not white, and ink not black.
            paper = picture * 0.85 + 20 + np.random.default_rng(seed).normal(0, self.noise, picture.shape)
            picture = paper.clip(0, 255).astype(np.uint8)
        file = io.BytesIO()
        Image.fromarray(picture).save(file, "JPEG", quality=self.quality)
        return Image.open(file)


CLEAN = Scanner()
USUAL = Scanner(lean=0.7, blur=1, noise=8, quality=50)
POOR = Scanner(dots=72, noise=14, quality=25)
"""Digits of nine points are six pixels high."""


def printed(content: bytes, pages: int | None = None) -> list[Image.Image]:
    """The pages of a PDF, the first ones or all."""
    document = PdfDocument(content)
    try:
        count = len(document) if pages is None else pages
        return [document[number].render(scale=DOTS / 72).to_pil() for number in range(count)]
    finally:
        document.close()


def scanned(content: bytes, scanner: Scanner = CLEAN) -> bytes:
    """A PDF whose pages are pictures of those of another."""
    pages = [scanner.scan(page, seed) for seed, page in enumerate(printed(content))]
    return image(pages, "PDF", resolution=scanner.dots)


def image(pages: list[Image.Image], kind: str, **options: object) -> bytes:
    """Pictures in a file of this kind."""
    file = io.BytesIO()
    more = {"save_all": True, "append_images": pages[1:]} if len(pages) > 1 else {}
    pages[0].save(file, kind, **more, **options)
    return file.getvalue()
