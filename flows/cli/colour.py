"""Colours on terminals, and nothing but text elsewhere: https://no-color.org."""

from __future__ import annotations

import os
from dataclasses import dataclass

BAD, GOOD, SOFT, STRONG = "31", "32", "2", "1"


@dataclass(frozen=True, slots=True)
class Paint:
    """Colours text, or leaves it as it is."""

    on: bool

    def __call__(self, text: str, colour: str) -> str:
        """The text in that colour."""
        return f"\x1b[{colour}m{text}\x1b[0m" if self.on and text else text


def paint(on_terminal: bool) -> Paint:
    """The paint of a terminal, unless NO_COLOR (set, not empty) says otherwise or it cannot do colours."""
    return Paint(on_terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb")
