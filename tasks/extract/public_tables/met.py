"""Which public tables a document lists, which it prints, and which of those are empty."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from schemas.taxonomy.load import OUTSIDE
from tasks.extract.data import clause
from tasks.extract.document import Paragraph

LIST = 5
"""So many titles one below the other are a list of tables."""

NEARBY = 3
"""So many lines above a table may be its title, and so many below may say why it is empty."""

SMALL = 8
"""Tables with fewer cells are none: a unit, a frame around a line."""


@dataclass(slots=True)
class _Table:
    """One table of the document: its first cell that says something, the number of the line before it, the public tables in it."""

    first: Paragraph
    line: int
    small: bool
    title: int
    """The number of the line that is its title; 0 where one stands within it, -1 where there is none."""
    names: set[str] = field(default_factory=set)
    explained: bool = False


class TablesMet:
    """Lines and tables in reading order, as the reader of the tables meets them."""

    def __init__(self) -> None:
        """Nothing met yet."""
        self._line = 0
        self._titles: list[tuple[int, str, Paragraph]] = []
        self._tables: list[_Table] = []
        self._titled: set[str] = set()
        self._filled: set[str] = set()

    def line(self, paragraph: Paragraph, title: str) -> None:
        """A line of prose, which may be the title of a table, or say why the table above it is empty."""
        self._line += 1
        if title:
            self._titles.append((self._line, title, paragraph))
        elif self._tables and self._line - self._tables[-1].line <= NEARBY:
            self._explain(paragraph)

    def table(self, cells: list[Paragraph]) -> None:
        """A table of the document."""
        first = next((cell for cell in cells if cell.text), cells[0])
        title = self._titles[-1][0] if self._titles else -1
        above = self._tables[-1].line if self._tables else -1
        is_near = max(above, self._line - NEARBY) < title
        self._tables.append(_Table(first, self._line, len(cells) < SMALL, title if is_near else -1))
        for cell in cells if len(cells) < SMALL else ():
            self._explain(cell)

    def titled(self, title: str) -> None:
        """A title within the latest table."""
        if title:
            self._titled.add(title)
            self._tables[-1].title = 0

    def recognised(self, name: str, cells: list[Paragraph], *, is_empty: bool) -> None:
        """The latest table is, or goes on with, this public table, with these cells below its header."""
        self._tables[-1].names.add(name)
        if not is_empty:
            self._filled.add(name)
        elif name not in self._filled:
            for cell in cells:
                self._explain(cell)

    def told(self) -> Iterator[tuple[str, str, Paragraph]]:
        """Kind of claim, table and place of what is listed, of what is printed, and of what holds no amounts.

        Nothing where there is no list or no public table, or where a large table among these is none that is known: it
        may be any of those that seem to be missing.
        """
        listing = self._listing()
        known = [number for number, table in enumerate(self._tables) if table.names]
        if not listing or not known or self._has_strange(known, [line for line, _, _ in listing]):
            return
        listed = {title: paragraph for _, title, paragraph in reversed(listing)}
        printed = {title: paragraph for line in self._titles if line not in listing for _, title, paragraph in [line]}
        printed |= {name: self._tables[known[0]].first for name in self._titled}
        printed |= {name: self._tables[number].first for number in known for name in self._tables[number].names}
        explained = {name for table in self._tables if table.explained for name in table.names}
        blank = {name for number in known for name in self._tables[number].names} - self._filled - explained
        for kind, names in (("listed_table", listed), ("printed_table", printed)):
            yield from ((kind, name, names[name]) for name in sorted(names) if name != OUTSIDE)
        yield from (("empty_table", name, printed[name]) for name in sorted(blank))

    def _explain(self, paragraph: Paragraph) -> None:
        """Remembers that a line says why the latest table is empty, if it does."""
        if self._tables and clause("no_amounts").search(paragraph.text):
            self._tables[-1].explained = True

    def _listing(self) -> list[tuple[int, str, Paragraph]]:
        """The titles that stand in lists: one below the other with nothing between."""
        stops = {table.line for table in self._tables}
        runs: list[list[tuple[int, str, Paragraph]]] = []
        for title in self._titles:
            goes_on = runs and runs[-1][-1][0] == title[0] - 1 and title[0] - 1 not in stops
            if goes_on:
                runs[-1].append(title)
            else:
                runs.append([title])
        return [title for run in runs if len(run) >= LIST for title in run]

    def _has_strange(self, known: list[int], listing: list[int]) -> bool:
        """Whether a table behind the list's beginning, among the known ones or next to them, is none that is known."""
        around = [each for each in self._tables[max(0, known[0] - 1) : known[-1] + 2] if each.line >= listing[0]]
        return any(not (each.names or each.small) and (each.title < 0 or each.title in listing) for each in around)
