"""How a reviewed data file is read, and the rules that its rows keep.

Files are comma-separated UTF-8 with one header line. All functions that judge rows take the table of `read` and the
file's path, and raise TaxonomyError.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import polars as pl


class TaxonomyError(ValueError):
    """A row of a taxonomy file breaks the file's rules. The message names file and line."""


def split(table: pl.DataFrame, column: str, by: str = " ") -> pl.DataFrame:
    """One row for each part of a cell."""
    return table.with_columns(pl.col(column).str.split(by)).explode(column)


def patterns(table: pl.DataFrame, column: str, path: Path) -> None:
    """Raises where a cell is no regular expression."""
    for line, text in table.select("line", column).iter_rows():
        try:
            re.compile(text)
        except re.error as error:
            raise TaxonomyError(f"{path.name}, line {line}: {text!r} is not a regular expression: {error}") from None


def read(path: Path, columns: tuple[str, ...]) -> pl.DataFrame:
    """All cells as text, blanks as empty text, with the line number of each row."""
    table = pl.read_csv(path, infer_schema=False)
    if tuple(table.columns) != columns:
        raise TaxonomyError(f"{path.name}: the columns are {', '.join(table.columns)}, not {', '.join(columns)}")
    return table.fill_null("").with_row_index("line", offset=2)


def distinct(table: pl.DataFrame, key: tuple[str, ...], path: Path) -> None:
    """Raises where two rows have the same key."""
    fail(path, table.filter(~pl.struct(key).is_first_distinct()), f"a second row for the same {', '.join(key)}")


def one_of(table: pl.DataFrame, column: str, values: Sequence[str], path: Path) -> None:
    """Raises where a cell is none of these values."""
    strangers = table.filter(~pl.col(column).is_in(values))
    if strangers.height:
        fail(path, strangers, f"unknown {column} {strangers[column][0]!r}")


def no_blank(table: pl.DataFrame, columns: tuple[str, ...], path: Path) -> None:
    """Raises where a cell is empty."""
    for column in columns:
        fail(path, table.filter(pl.col(column) == ""), f"{column} is empty")


def fail(path: Path, rows: pl.DataFrame, why: str) -> None:
    """Raises when there are offending rows."""
    if rows.height:
        raise TaxonomyError(f"{path.name}, line {rows['line'][0]}: {why}")
