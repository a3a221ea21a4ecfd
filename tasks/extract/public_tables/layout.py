"""What the columns of a public table hold: names of rows, numbers of lines, or amounts and what these can state."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from schemas.taxonomy.load import OUTSIDE
from tasks.extract.public_tables.labels import Member, economic_column
from tasks.extract.public_tables.words import CLASSIFIED, Rule, words

YEAR = re.compile(r"(\d{4})年度?")
LABELS = (*CLASSIFIED, "project")
"""Roles of the columns that name rows."""
MOST_COLUMNS = 1024
"""The headings of columns are those of the form: so many are remembered, with what their columns hold."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its role (`amount`, `line` or one of LABELS), and for amounts the rules that can apply.

    `member` is the economic class that the column is about.
    """

    role: str
    rules: tuple[Rule, ...] = ()
    member: Member | None = None
    is_amount: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of one public table by their number."""

    table: str
    columns: dict[int, Column]
    anywhere: Column
    """A column of which no heading is known: it may hold what rows alone explain."""

    def column(self, number: int) -> Column:
        """The column with this number."""
        return self.columns.get(number, self.anywhere)

    @property
    def is_public(self) -> bool:
        """Whether its columns are those of the table that it is taken for."""
        named = self.names_rows
        return any(
            (named and column.is_amount)
            or any(
                (rule.column or rule.by_class) and (named or rule.any_row)
                for rule in column.rules
                if rule.concept != OUTSIDE
            )
            for column in self.columns.values()
        )

    @property
    def names_rows(self) -> bool:
        """Whether a column names the rows."""
        return any(column.role in CLASSIFIED for column in self.columns.values())

    def continues(self, before: Layout) -> bool:
        """Whether it goes on with the table before, which had the same columns, or further economic classes."""
        return self.columns == before.columns or any(column.member for column in self.columns.values())


def layout(table: str, paths: dict[int, tuple[str, ...]]) -> Layout:
    """Reads the headings of a table that is taken for this one."""
    columns = {number: _column(table, path) for number, path in paths.items()}
    return Layout(table, columns, _column(table, ()))


def plain(heading: str, year: int | None) -> str:
    """A heading without its unit, and without the year where it is the report's: another one tells other amounts."""
    heading = words().note.sub("", heading)
    return YEAR.sub(lambda found: "" if year in (None, int(found[1])) else found[0], heading)


@lru_cache(MOST_COLUMNS)
def _column(table: str, path: tuple[str, ...]) -> Column:
    role = _role(table, path)
    if role:
        return Column(role)
    # A table that lost its spans repeats a heading below itself.
    joined = "/".join(heading for heading, _ in groupby(path))
    member = economic_column(path)
    rules = tuple(
        rule
        for rule in words().rules[table]
        if (member is not None if rule.by_class else rule.column is None or (joined and rule.column.fullmatch(joined)))
    )
    return Column("amount", rules, member, bool(path) and words().amount.fullmatch(path[-1]) is not None)


def _role(table: str, path: tuple[str, ...]) -> str:
    """The role of a column that holds no amounts; a heading tells it, for economic classes also one further up."""
    for role, only, pattern in words().roles:
        told = path if role == "economic" and not only else path[-1:]
        if (not only or only == table) and any(pattern.fullmatch(heading) for heading in told):
            return role
    return ""
