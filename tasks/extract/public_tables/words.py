"""The reviewed data of the public tables, compiled: schemas/taxonomy/public_tables.csv and public_table_words.csv."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from schemas.taxonomy import load
from tasks.extract.data import MOST_LINES

ANY_TABLE = "*"
CLASSIFIED = ("function", "economic")
"""Roles of the columns that name rows by function or economic class, or as the form does."""
NOTHING = r"(?!)"
"""A pattern that fits no text."""


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """What an amount states whose row and column fit. `row` and `column` are None where any fits."""

    row: re.Pattern[str] | None
    kind: str
    column: re.Pattern[str] | None
    by_class: bool
    after: frozenset[str]
    concept: str
    member: str

    @property
    def any_row(self) -> bool:
        """Whether the column alone says what the amount is."""
        return self.row is None and not self.kind

    def follows(self, recent: str) -> bool:
        """Whether this rule can be about a row below the one that stated the concept `recent`."""
        return not self.after or recent in self.after


@dataclass(frozen=True, slots=True)
class Words:
    """Patterns by role, and the rules of each table in the order in which they are tried."""

    titles: list[tuple[str, re.Pattern[str]]]
    any_title: re.Pattern[str]
    headers: list[tuple[str, re.Pattern[str]]]
    roles: list[tuple[str, str, re.Pattern[str]]]
    head: re.Pattern[str]
    aside: re.Pattern[str]
    amount: re.Pattern[str]
    lead: re.Pattern[str]
    mark: re.Pattern[str]
    item: re.Pattern[str]
    whole: re.Pattern[str]
    note: re.Pattern[str]
    numbering: re.Pattern[str]
    numbers: re.Pattern[str]
    unit: re.Pattern[str]
    rules: dict[str, list[Rule]]
    alone: dict[str, re.Pattern[str]]
    """By table, the names of rows that tell what their amounts state, whatever stands above these."""


@cache
def words() -> Words:
    """All of them, read once. Raises TaxonomyError where a row cannot be used."""
    known = list(load.public_table_words().select("role", "table", "words").iter_rows())
    each = [(row["table"].split(), _rule(row)) for row in load.public_tables().iter_rows(named=True)]
    rules = {table: [rule for tables, rule in each if table in tables or ANY_TABLE in tables] for table in load.TABLES}

    def of(role: str) -> list[tuple[str, re.Pattern[str]]]:
        return [(table, re.compile(text)) for name, table, text in known if name == role]

    def any_of(role: str) -> re.Pattern[str]:
        return re.compile("|".join(pattern.pattern for _, pattern in of(role)))

    return Words(
        titles=of("title"),
        any_title=any_of("title"),
        headers=of("header"),
        roles=[(role, *each) for role in ("line", "project", "economic", "function") for each in of(role)],
        head=any_of("head"),
        aside=any_of("aside"),
        amount=any_of("amount"),
        lead=any_of("lead"),
        mark=any_of("mark"),
        item=any_of("item"),
        whole=any_of("whole"),
        note=any_of("note"),
        numbering=any_of("numbering"),
        numbers=any_of("numbers"),
        unit=any_of("unit"),
        rules=rules,
        alone={table: _alone(found) for table, found in rules.items()},
    )


@lru_cache(MOST_LINES)
def rules_named(table: str, name: str) -> tuple[Rule, ...]:
    """The rules of a table that are about rows of this name, which is one of the form's mostly."""
    return tuple(rule for rule in words().rules[table] if rule.row and rule.row.fullmatch(name))


def _alone(rules: list[Rule]) -> re.Pattern[str]:
    names = [
        rule.row.pattern for rule in rules if rule.row and not rule.column and not rule.by_class and not rule.after
    ]
    return re.compile("|".join(names) or NOTHING)


def _rule(row: dict[str, str]) -> Rule:
    kind = row["row"] if row["row"] in load.TABLE_ROWS else ""
    by_class = row["column"] == load.CLASS_COLUMN
    return Rule(
        re.compile(row["row"]) if row["row"] and not kind else None,
        kind,
        re.compile(row["column"]) if row["column"] and not by_class else None,
        by_class,
        frozenset(row["after"].split()),
        row["concept"],
        row["member"],
    )
