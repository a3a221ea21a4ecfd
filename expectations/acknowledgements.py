"""Discrepancies that a person reviewed and let stand, kept as a CSV file beside the data.

A finding's identity contains its figures: when the publisher changes one, the acknowledgement no
longer names any finding and lapses by itself.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

import polars as pl

from expectations.tables import ACKNOWLEDGEMENTS, FINDING

COLUMNS = tuple(ACKNOWLEDGEMENTS.schema)
REQUIRED = ("finding", "reason", "by", "date")
DATES = ("date", "until")
FIGURES = ("equation", "entity", "fiscal_year", "instance", "lhs", "rhs")
"""Columns for the reader, which must not say otherwise than the finding. The report may: a corrected document can state
the same figures."""


class AcknowledgementError(ValueError):
    """The file, or what shall be written into it, is not admissible. The message names file, line and column."""


def load(path: Path, named: bool = False) -> pl.DataFrame:
    """The acknowledgements of a file, as a frame of ACKNOWLEDGEMENTS, expired ones included.

    A file that does not exist holds none, unless it was `named` by the user. Raises
    AcknowledgementError for the first line that is not admissible.
    """
    if not path.exists():
        if named:
            raise AcknowledgementError(f"{path}: there is no such file; create it or leave the option out")
        return ACKNOWLEDGEMENTS.frame()
    rows = [row for _, row in _rows(path)]
    return ACKNOWLEDGEMENTS.frame({name: [row[name] for row in rows] for name in COLUMNS})


def apply(checks: pl.LazyFrame, acknowledgements: pl.DataFrame, today: date) -> pl.LazyFrame:
    """The same checks; `violated` becomes `acknowledged` where the finding is listed and has not expired."""
    live = acknowledgements.filter(pl.col("until").is_null() | (pl.col("until") >= today))
    listed = (pl.col("verdict") == "violated") & pl.col("finding").is_in(live["finding"].implode())
    return checks.with_columns(verdict=pl.when(listed).then(pl.lit("acknowledged")).otherwise("verdict"))


def verify(path: Path, checks: pl.LazyFrame, reports: pl.DataFrame) -> None:
    """Compares what the file tells of its findings with the findings themselves (curated.checks and reports).

    An empty column says nothing, and a finding that is not among the checks cannot be compared. Raises
    AcknowledgementError for the first column that contradicts.
    """
    if not path.exists():
        return
    listed = _rows(path)
    numbers = pl.Series([row["finding"] for _, row in listed], dtype=pl.String)
    found = (
        checks.filter(pl.col("finding").is_in(numbers.implode()))
        .collect(engine="streaming")
        .join(reports.select("report_id", "entity"), on="report_id", how="left")
    )
    known = {row["finding"]: row for row in found.iter_rows(named=True)}
    for line, row in listed:
        finding = known.get(row["finding"], {})
        for name in FIGURES:
            if finding and row[name] is not None and not _same(str(row[name]), finding[name]):
                raise AcknowledgementError(
                    f"{path}, line {line}, column {name}: {row[name]!r} is said of finding {row['finding']}, which is "
                    f"about {str(finding[name])!r}; mend the column, or leave it empty"
                )


def _same(told: str, value: object) -> bool:
    if isinstance(value, Decimal):
        try:
            return Decimal(told) == value
        except InvalidOperation:
            return False
    return told == str(value)


def add(
    path: Path, findings: Sequence[Mapping[str, object]], reason: str, by: str, until: date | None, today: date
) -> None:
    """Appends acknowledgements, all or none, in one step (a temporary name, then a rename).

    `findings` are rows of `curated.checks`, with the report's `entity` where it is known. Raises
    AcknowledgementError when one is not violated or listed already, reason or name are missing, or `until` is past.
    """
    lines = {row["finding"]: line for line, row in _rows(path)} if path.exists() else {}
    if until and until < today:
        raise AcknowledgementError(f"{path}: the last day {until} is past: the acknowledgement would let nothing stand")
    if path.exists():
        content = path.read_bytes().decode()
        header = next(csv.reader(io.StringIO(content.removeprefix("\ufeff"))))
    else:
        header, content = list(COLUMNS), ",".join(COLUMNS) + "\n"
    added = io.StringIO()
    for finding in findings:
        values = _line_values(finding, reason, by, until, today)
        _check(f"{path}: the new acknowledgement", values, lines)
        if finding["verdict"] != "violated":
            raise AcknowledgementError(
                f"finding {finding['finding']} is {finding['verdict']}: only a violated one can be acknowledged"
            )
        csv.writer(added, lineterminator="\n").writerow(values.get(name, "") for name in header)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    partial.write_bytes((content + ("" if content.endswith("\n") else "\n") + added.getvalue()).encode())
    partial.replace(path)


def _line_values(
    finding: Mapping[str, object], reason: str, by: str, until: date | None, today: date
) -> dict[str, str]:
    told = {name: finding.get(name) for name in COLUMNS if name not in ("reason", "by", *DATES)}
    told |= {"reason": " ".join(reason.split()), "by": " ".join(by.split()), "date": today, "until": until}
    return {name: "" if value is None else str(value) for name, value in told.items()}


def _rows(path: Path) -> list[tuple[int, dict[str, object]]]:
    """Every acknowledgement of the file with its line number, each one checked."""
    try:
        reader = csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig")), strict=True)
        header = next(reader, [])
        _check_header(path, header)
        rows: list[tuple[int, dict[str, object]]] = []
        lines: dict[object, int] = {}
        for fields in reader:
            if not any(field.strip() for field in fields):
                continue
            if len(fields) != len(header):
                raise AcknowledgementError(
                    f"{path}, line {reader.line_num}: {len(fields)} fields where the header names {len(header)} columns"
                )
            values = {name: field.strip() for name, field in zip(header, fields, strict=True)}
            row = _check(f"{path}, line {reader.line_num}", values, lines)
            lines[row["finding"]] = reader.line_num
            rows.append((reader.line_num, row))
    except UnicodeDecodeError:
        raise AcknowledgementError(f"{path}: the file is not UTF-8; save it as CSV UTF-8") from None
    except csv.Error as error:
        raise AcknowledgementError(f"{path}, line {reader.line_num}: this is not CSV ({error})") from None
    return rows


def _check_header(path: Path, header: list[str]) -> None:
    missing = [name for name in REQUIRED if name not in header]
    strange = [name for name in header if name not in COLUMNS or header.count(name) > 1]
    if missing or strange:
        wrong = f"lacks {', '.join(missing)}" if missing else f"has {', '.join(map(repr, strange))}"
        raise AcknowledgementError(
            f"{path}, line 1: the header {wrong}; it names {', '.join(REQUIRED)} "
            f"and may name {', '.join(name for name in COLUMNS if name not in REQUIRED)}, each once"
        )


def _check(place: str, values: Mapping[str, str], lines: Mapping[object, int]) -> dict[str, object]:
    """One acknowledgement with its dates read. `lines` says where which finding is listed already."""
    finding = values["finding"]
    if not re.fullmatch(FINDING, finding):
        raise AcknowledgementError(f"{place}, column finding: {finding!r} is not a finding of 12 digits 0-9, a-f")
    if finding in lines:
        raise AcknowledgementError(
            f"{place}, column finding: {finding} is listed in line {lines[finding]} already; change that line"
        )
    for name in ("reason", "by"):
        if not values[name]:
            raise AcknowledgementError(f"{place}, column {name}: it must not be empty")
    row: dict[str, object] = {name: values.get(name) or None for name in COLUMNS}
    row["date"] = _date(place, "date", values["date"])
    row["until"] = _date(place, "until", values["until"]) if values.get("until") else None
    return row


def _date(place: str, column: str, text: str) -> date:
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise AcknowledgementError(f"{place}, column {column}: {text!r} is not a date like 2026-08-31") from None
