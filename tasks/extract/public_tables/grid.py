"""A table as rows of cells, and the headings above each of its columns.

A heading that spans columns stands at its first column and the next ones are absent; below a heading that spans rows the
cell is absent or empty. A text dump tells no columns at all: there every row numbers its cells from 0 on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tasks.extract.document import Paragraph

Row = dict[int, "Paragraph"]
Heads = list[dict[int, str]]


def rows_of(cells: list[Paragraph]) -> list[Row]:
    """The cells of one table by row and column."""
    rows = groupby(cells, key=lambda cell: cell.row)
    return [{cell.column: cell for cell in row if cell.column is not None} for _, row in rows]


def paths(heads: Heads, width: int) -> dict[int, tuple[str, ...]]:
    """The headings above each column, from the top; nothing where that cannot be told.

    `heads` are the rows of the header, `width` counts the columns.
    """
    heads = [head for head in heads if any(head.values())]
    if not heads:
        return {}
    covers = _unaligned(heads, width) if _is_dump(heads, width) else _covers(heads, width)
    if not covers:
        return {}
    return {column: tuple(cover[column] for cover in covers if cover[column]) for column in range(len(covers[0]))}


def _covers(heads: Heads, width: int) -> list[list[str]]:
    """For each row of the header, the heading above each column; "" where one from a row above reaches down.

    A position without a heading belongs to the heading on its left only where both stand below the same one.
    """
    covers: list[list[str]] = []
    above = [(-1, 0)] * width
    for number, head in enumerate(heads):
        below: list[tuple[int, int]] = []
        for column in range(width):
            own = (number, column) if head.get(column) else above[column]
            if own is above[column] and column and below[-1][0] == number and above[column - 1] == own:
                own = below[-1]
            below.append(own)
        covers.append([head[column] if row == number else "" for row, column in below])
        above = below
    return covers


def _is_dump(heads: Heads, width: int) -> bool:
    """Whether the rows of the header number their cells without regard to what spans columns."""
    return len(heads) > 1 and min(map(len, heads)) < width and all(max(head) == len(head) - 1 for head in heads)


def _unaligned(heads: Heads, width: int) -> list[list[str]]:
    """The same as `_covers` for a dump: each row is fitted to the one below it, rows that cannot be are left out.

    The lowest row must have a cell for each column, else nothing can be told.
    """
    if len(heads[-1]) != width:
        return []
    lowest = list(heads[-1].values())
    covers = [lowest]
    place = list(range(len(lowest)))
    below = lowest
    for head in reversed(heads[:-1]):
        labels = list(head.values())
        fitted = _fit(len(labels), below)
        if fitted is None:
            break
        place = [fitted[position] for position in place]
        covers.insert(0, [labels[position] for position in place])
        below = labels
    return covers


def _fit(number: int, below: Sequence[str]) -> list[int] | None:
    """Which of `number` headings stands above each cell of the row below; None where that cannot be told.

    An empty cell continues one heading downwards; headings side by side are divided evenly among those above.
    """
    if number == len(below):
        return list(range(number))
    stretches = list(_stretches(below))
    sizes = {len(stretch) for stretch in stretches if stretch[0]}
    named = sum(bool(stretch[0]) for stretch in stretches)
    each, rest = divmod(number - len(stretches) + named, named) if named else (0, 1)
    if rest or each < 1 or (each > 1 and len(sizes) > 1) or any(size % each for size in sizes):
        return None
    fitted: list[int] = []
    for stretch in stretches:
        begin = fitted[-1] + 1 if fitted else 0
        size = len(stretch) // each if stretch[0] else 1
        fitted += [begin + position // size for position in range(len(stretch))]
    return fitted


def _stretches(labels: Sequence[str]) -> Iterator[list[str]]:
    """Headings side by side together, empty cells one by one."""
    for named, group in groupby(labels, key=bool):
        if named:
            yield list(group)
        else:
            yield from ([cell] for cell in group)
