"""The roster's file: a CSV table of those who are to publish, each cell checked as it is read."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import polars as pl

from schemas.roster import ROSTER
from schemas.table import Column

DEADLINE = "10-31"
"""Until when reports of a year are to be published in the next one, where neither roster nor catalogue tells."""

LAST_YEAR = 2100

COLUMNS = {column.name: column for column in ROSTER.columns}
REQUIRED = tuple(name for name, column in COLUMNS.items() if not column.nullable)


class RosterError(ValueError):
    """A roster cannot be used. The message names file, line and column, and says what is admissible."""


def load(path: Path, deadline: str = DEADLINE) -> pl.DataFrame:
    """The roster in a file, as a frame of schemas.roster.ROSTER; `deadline` is given to those who have none.

    Raises RosterError for the first cell that is not admissible, and for one who is listed twice for a year.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise RosterError(f"{path}: the roster cannot be opened: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise RosterError(f"{path}: the roster is not in UTF-8: save it as CSV UTF-8.") from None
    rows: list[Mapping[str, str | int | None]] = []
    listed: dict[tuple[object, ...], list[range]] = {}
    for line, fields in _lines(path, text):
        row = {name: _cell(path, line, column, fields.get(name, "")) for name, column in COLUMNS.items()}
        row["deadline"] = _day(path, line, str(row["deadline"] or deadline))
        _check(path, line, row)
        own, years = (row["region_code"], row["entity"], row["kind"]), _years(row)
        if any(other.start < years.stop and years.start < other.stop for other in listed.get(own, ())):
            raise RosterError(
                f"{path}, line {line}, column entity: {row['entity']} is listed twice as {row['kind']} for the same year."
            )
        listed.setdefault(own, []).append(years)
        rows.append(row)
    return ROSTER.frame({name: [row[name] for row in rows] for name in COLUMNS})


def _lines(path: Path, text: str) -> list[tuple[int, Mapping[str, str]]]:
    """The rows that say something, by the line that they end in."""
    reader = csv.DictReader(io.StringIO(text), strict=True)
    try:
        header = list(reader.fieldnames or ())
        missing = [name for name in REQUIRED if name not in header]
        strange = [name for name in header if name not in COLUMNS or header.count(name) > 1]
        if missing or strange:
            wrong = f"lacks {', '.join(missing)}" if missing else f"has {', '.join(map(repr, strange))}"
            raise RosterError(
                f"{path}, line 1: the header {wrong}; it names {', '.join(REQUIRED)} "
                f"and may name {', '.join(name for name in COLUMNS if name not in REQUIRED)}, each once."
            )
        found = []
        for fields in reader:
            if None in fields or None in fields.values():
                raise RosterError(f"{path}, line {reader.line_num}: as many fields are needed as the header names.")
            found.append((reader.line_num, fields))
    except csv.Error as error:
        raise RosterError(f"{path}, line {reader.reader.line_num}: this is not CSV ({error}).") from None
    return [(line, fields) for line, fields in found if any(cell.strip() for cell in fields.values())]


def _cell(path: Path, line: int, column: Column, text: str) -> str | int | None:
    """One cell in its type, None where it is empty and may be."""
    text = text.strip()
    if not text and column.nullable:
        return None
    admissible = (
        f"one of {', '.join(column.values)}"
        if column.values
        else "a year such as 2023"
        if column.dtype == pl.Int16
        else {"region_code": "six digits", "deadline": "a month and a day such as 09-30"}.get(column.name, "not empty")
    )
    number = int(text) if column.dtype == pl.Int16 and re.fullmatch(r"[0-9]{4}", text) else None
    fits = (
        bool(text)
        and (not column.values or text in column.values)
        and (not column.pattern or re.fullmatch(column.pattern, text) is not None)
        and (column.dtype != pl.Int16 or (number is not None and number >= (column.at_least or 0)))
    )
    if not fits:
        raise RosterError(f"{path}, line {line}, column {column.name}: it must be {admissible}, found {text!r}.")
    return text if number is None else number


def _day(path: Path, line: int, deadline: str) -> str:
    """The same month and day, where every year has it."""
    try:
        date.fromisoformat(f"2001-{deadline}")
    except ValueError:
        raise RosterError(f"{path}, line {line}, column deadline: {deadline} is no day of every year.") from None
    return deadline


def _check(path: Path, line: int, row: Mapping[str, str | int | None]) -> None:
    """Whether years and parent of a row go together."""
    if row["until"] is not None and int(row["until"]) < int(row["from"] or 0):
        raise RosterError(f"{path}, line {line}, column until: it must not be before from, {row['from']}.")
    if row["parent"] and row["kind"] == "部门":
        raise RosterError(f"{path}, line {line}, column parent: a 部门 has none; units (单位, 本级) have.")


def _years(row: Mapping[str, str | int | None]) -> range:
    """The fiscal years of a row, up to the last that a catalogue may name."""
    return range(int(row["from"] or 0), int(row["until"] or LAST_YEAR) + 1)
