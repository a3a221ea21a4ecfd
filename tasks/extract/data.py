"""Reading the taxonomy's plain CSV files."""

from __future__ import annotations

import csv
from pathlib import Path

TAXONOMY = Path(__file__).resolve().parents[2] / "schemas" / "taxonomy"


class DataFileError(ValueError):
    """A data file of the taxonomy cannot be used. The message names the file, the line and what is wrong."""


def rows(name: str, *columns: str, folder: Path = TAXONOMY) -> list[tuple[int, dict[str, str]]]:
    """The rows of a data file with their line numbers. Raises DataFileError when the columns are not as named."""
    with (folder / name).open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != columns:
            raise DataFileError(f"{name}: the columns are {reader.fieldnames}, they should be {list(columns)}")
        found = []
        for row in reader:
            if None in row or None in row.values():
                raise DataFileError(f"{name}, line {reader.line_num}: wrong number of columns (quote commas)")
            found.append((reader.line_num, row))
    return found


def chosen(name: str, line: int, value: str, choices: tuple[str, ...]) -> str:
    """The same value when it is one of the choices, else DataFileError."""
    if value not in choices:
        raise DataFileError(f"{name}, line {line}: {value!r} is not one of {', '.join(choices)}")
    return value


def whole(name: str, line: int, value: str) -> int:
    """A whole number, else DataFileError."""
    if not value.isascii() or not value.isdigit():
        raise DataFileError(f"{name}, line {line}: {value!r} is not a whole number")
    return int(value)
