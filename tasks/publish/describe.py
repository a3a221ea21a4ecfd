"""What the marts hold: tables, their grain, rows and release, and how to open them."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schemas.companions import COMPANIONS
from schemas.marts import TABLES
from schemas.table import Table
from tasks.publish import package


@dataclass(frozen=True, slots=True)
class TableDescription:
    """One table: what a row is, how many there are, how many bytes, its file in the release's own folder, and its key.

    fields: name, type, description and unit of its columns, as the data package of the release tells them.
    """

    name: str
    grain: str
    rows: int
    bytes: int
    path: Path
    key: tuple[str, ...]
    fields: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Description:
    """The current release, its date (YYYY-MM-DD) and code revision, its own folder and its tables."""

    release: str
    released: str
    code_revision: str
    folder: Path
    tables: tuple[TableDescription, ...]


def describe(root: Path) -> Description | None:
    """What the current release below the marts folder `root` holds; None where nothing is published yet."""
    try:
        folder = (root / "current").resolve(strict=True)
        told = package.read(folder)
    except FileNotFoundError:
        return None
    resources = {resource["name"]: resource for resource in told["resources"]}
    tables = tuple(
        _described(table, resources[table.name], folder) for table in (*TABLES, *COMPANIONS) if table.name in resources
    )
    return Description(told["version"], told["released"], told["code_revision"], folder, tables)


def _described(table: Table, resource: dict[str, Any], folder: Path) -> TableDescription:
    fields = tuple(resource["schema"]["fields"])
    path = folder / resource["path"]
    return TableDescription(table.name, table.grain, resource["rows"], resource["bytes"], path, table.key, fields)


def openers(path: Path) -> dict[str, str]:
    """By tool, the line that opens a Parquet file, with amounts as exact decimals wherever the tool has them."""
    quoted = json.dumps(str(path), ensure_ascii=False)
    query = "from '{}'".format(str(path).replace("'", "''"))
    plain = not set(query) & set('"$`\\!')
    return {
        "DuckDB": f'duckdb -c "{query}"' if plain else f"duckdb -c {shlex.quote(query)}",
        "polars": f"pl.read_parquet({quoted})",
        "pandas": f'pd.read_parquet({quoted}, dtype_backend="pyarrow")',
        "R": f"arrow::read_parquet({quoted})",
    }
