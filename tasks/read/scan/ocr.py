"""Characters in strips of a picture: the recogniser, whose models come with its package, so that nothing is fetched."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from rapidocr import RapidOCR

Gray = NDArray[np.uint8]
"""A picture, 0 black to 255 white."""

MAX_SIDE = 8_000
"""Pixels. The recogniser would make larger pictures smaller by itself."""

CANDIDATES = 5_000
"""Stretches of text on one page; a page of a hundred rows of eleven cells has a thousand."""


THREADS = 2
"""More gain little, and each process of a run has its own."""


class Letter(NamedTuple):
    """A character, how sure the recogniser is of it (0 to 1), and its middle as a share of the strip's width."""

    text: str
    sure: float
    at: float


def stretches(picture: Gray) -> NDArray[np.float64]:
    """The four corners, from the top left clockwise, of all stretches of text in a picture."""
    found: Any = _recogniser()(_colored(picture), use_det=True, use_cls=False, use_rec=False)
    corners = getattr(found, "boxes", None)
    return np.zeros((0, 4, 2)) if corners is None else np.asarray(corners, np.float64)


def letters(strips: Sequence[Gray]) -> list[list[Letter]]:
    """What each strip of a picture says, a single line of text in each."""
    if not strips:
        return []
    found = _recogniser().recognize_txt([_colored(strip) for strip in strips])
    return [_letters(text, word) for text, word in zip(found.txts or (), found.word_results, strict=True)]


def _letters(text: str, word: Any) -> list[Letter]:
    """The letters of a line without spaces; the recogniser counts them among columns of equal width."""
    texts = (letter for letter in text if not letter.isspace())
    sure = (sure for letter, sure in zip(text, word.confs or (), strict=False) if not letter.isspace())
    columns = chain.from_iterable(word.word_cols or ())
    return [
        Letter(letter, certainty, (at + 0.5) / word.line_txt_len)
        for letter, certainty, at in zip(texts, sure, columns, strict=False)
    ]


def _colored(picture: Gray) -> NDArray[np.uint8]:
    return np.repeat(picture[:, :, None], 3, axis=2)


@cache
def _recogniser() -> RapidOCR:
    """Made when the first picture is met: a second and some hundred megabytes."""
    from rapidocr import RapidOCR

    return RapidOCR(
        params={
            "Global.log_level": "error",
            "Global.max_side_len": MAX_SIDE,
            "Global.use_vertical_padding": False,
            "Global.return_word_box": True,
            "Det.max_candidates": CANDIDATES,
            "EngineConfig.onnxruntime.intra_op_num_threads": min(THREADS, os.cpu_count() or 1),
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )
