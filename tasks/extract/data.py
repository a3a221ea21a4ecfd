"""Reading the taxonomy's plain CSV files."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from functools import cache, lru_cache, wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from schemas.taxonomy.load import FOLDER as TAXONOMY
from schemas.taxonomy.rows import TaxonomyError

MOST_LINES = 8192
"""Headings, titles and labels are the same in all reports: so many short lines are remembered, with what they are."""

LONGEST = 120
"""Characters. Longer texts are not remembered: few of them come again."""

__all__ = ["MOST_LINES", "TAXONOMY", "TaxonomyError", "chosen", "clause", "remembered", "rows", "whole"]

P = ParamSpec("P")
T = TypeVar("T")


def remembered(work: Callable[P, T]) -> Callable[P, T]:
    """The same function of texts (the last argument is one), which knows what it gave for the latest short ones."""
    known = lru_cache(MOST_LINES)(work)

    @wraps(work)
    def remembering(*args: Any) -> T:
        return known(*args) if len(args[-1]) <= LONGEST else work(*args)  # type: ignore[call-arg]

    return remembering  # type: ignore[return-value]


def rows(name: str, *columns: str, folder: Path = TAXONOMY) -> list[tuple[int, dict[str, str]]]:
    """The rows of a data file with their line numbers. Raises TaxonomyError when the columns are not as named."""
    with (folder / name).open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != columns:
            raise TaxonomyError(f"{name}: the columns are {reader.fieldnames}, they should be {list(columns)}")
        found = []
        for row in reader:
            if None in row or None in row.values():
                raise TaxonomyError(f"{name}, line {reader.line_num}: wrong number of columns (quote commas)")
            found.append((reader.line_num, row))
    return found


def chosen(name: str, line: int, value: str, choices: tuple[str, ...]) -> str:
    """The same value when it is one of the choices, else TaxonomyError."""
    if value not in choices:
        raise TaxonomyError(f"{name}, line {line}: {value!r} is not one of {', '.join(choices)}")
    return value


def whole(name: str, line: int, value: str) -> int:
    """A whole number, else TaxonomyError."""
    if not value.isascii() or not value.isdigit():
        raise TaxonomyError(f"{name}, line {line}: {value!r} is not a whole number")
    return int(value)


@cache
def clause(role: str) -> re.Pattern[str]:
    """The pattern that plays a role in the genre's sentences: a row of clauses.csv. Raises TaxonomyError."""
    patterns = _clauses()
    if role not in patterns:
        raise TaxonomyError(f"clauses.csv: the role {role!r} is missing")
    return patterns[role]


@cache
def _clauses() -> dict[str, re.Pattern[str]]:
    patterns: dict[str, re.Pattern[str]] = {}
    for line, row in rows("clauses.csv", "role", "pattern", "description"):
        if row["role"] in patterns:
            raise TaxonomyError(f"clauses.csv, line {line}: a second row for the role {row['role']!r}")
        try:
            patterns[row["role"]] = re.compile(row["pattern"])
        except re.error as error:
            raise TaxonomyError(
                f"clauses.csv, line {line}: {row['pattern']!r} is no regular expression: {error}"
            ) from None
    return patterns
