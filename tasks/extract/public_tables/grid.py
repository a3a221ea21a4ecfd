"""A table as rows of cells, and the headings above each of its columns.

A heading that spans columns stands at its first column and the next ones are absent; below a heading that spans rows the
cell is absent or empty. A text dump tells no columns at all: there every row numbers its cells from 0 on.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from tasks.extract.public_tables.words import CLASSIFIED, words

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
    """The same as `_covers` for a dump, row by row from the lowest, which must have a cell for each column.

    Where a row can stand above the next one in several ways, the rows below it must do: they do where they name the rows'
    columns and no sums, so that rows tell what amounts are. Else nothing can be told.
    """
    below = list(heads[-1].values())
    if len(below) != width:
        return []
    covers = [below]
    place = list(range(width))
    for head in reversed(heads[:-1]):
        labels = list(head.values())
        fitted = _fit(len(labels), below)
        if fitted is None:
            return covers if _is_plain(covers[-1]) else []
        place = [fitted[position] for position in place]
        covers.insert(0, [labels[position] for position in place])
        below = labels
    return covers


def _fit(number: int, below: Sequence[str]) -> list[int] | None:
    """Which of `number` headings stands above each cell of the row below; None where that cannot be told.

    An empty cell continues one heading downwards. Headings side by side stand below one, or begin with a sum (小计) below
    each, or are divided evenly among those above.
    """
    if number == len(below):
        return list(range(number))
    for stretches in (_stretches(below, at_sums=False), _stretches(below, at_sums=True)):
        if len(stretches) == number:
            return [position for position, stretch in enumerate(stretches) for _ in stretch]
    return _divided(number, _stretches(below, at_sums=False))


def _is_plain(labels: list[str]) -> bool:
    names = any(pattern.fullmatch(labels[0]) for role, _, pattern in words().roles if role in CLASSIFIED)
    return names and not any(words().whole.fullmatch(label) for label in labels)


def _divided(number: int, stretches: list[list[str]]) -> list[int] | None:
    """The same where several headings stand above each stretch: as many of the same width above each."""
    sizes = {len(stretch) for stretch in stretches if stretch[0]}
    named = sum(bool(stretch[0]) for stretch in stretches)
    each, rest = divmod(number - len(stretches) + named, named) if named else (0, 1)
    if rest or each < 2 or len(sizes) > 1 or any(size % each for size in sizes):
        return None
    fitted: list[int] = []
    for stretch in stretches:
        begin = fitted[-1] + 1 if fitted else 0
        size = len(stretch) // each if stretch[0] else 1
        fitted += [begin + position // size for position in range(len(stretch))]
    return fitted


def _stretches(labels: Sequence[str], *, at_sums: bool) -> list[list[str]]:
    """Headings side by side together, each sum beginning anew where that is asked for; empty cells one by one."""
    found: list[list[str]] = []
    for label in labels:
        begins = at_sums and words().whole.fullmatch(label)
        if label and found and found[-1][0] and not begins:
            found[-1].append(label)
        else:
            found.append([label])
    return found
