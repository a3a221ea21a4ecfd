"""What stands on a page."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from tasks.read.pdf.lines import Line
from tasks.read.pdf.table import Table


@dataclass
class Sheet:
    """What stands on a page, from its top: lines and tables; `aside` is what stands beside them, such as a watermark."""

    number: int
    width: float
    height: float
    items: list[Line | Table] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)

    @cached_property
    def gap(self) -> float:
        """The usual gap between two lines in points."""
        lines = [
            (item, after) for item, after in pairwise(self.items) if isinstance(item, Line) and isinstance(after, Line)
        ]
        gaps = sorted(gap for before, after in lines if (gap := after.top - before.bottom) > 0)
        return gaps[len(gaps) // 3] if gaps else 0.0
