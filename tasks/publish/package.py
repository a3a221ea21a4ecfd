"""The descriptor of a release: a Frictionless data package (version 2) with rows, bytes and digests."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from schemas.marts import TABLES, VERSION
from schemas.table import Column, Table

NAME = "datapackage.json"
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"


def resources(folder: Path) -> list[dict[str, Any]]:
    """What stands in the Parquet files of a release folder: one Frictionless resource per table of the marts."""
    return [_resource(table, folder / f"{table.name}.parquet") for table in TABLES]


def digest(resources: list[dict[str, Any]]) -> str:
    """SHA-256 over the names and digests of all tables: what the content of a release is."""
    lines = "".join(f"{resource['name']} {resource['hash']}\n" for resource in resources)
    return hashlib.sha256(lines.encode()).hexdigest()


def write(folder: Path, resources: list[dict[str, Any]], release: str, released: date, code_revision: str) -> None:
    """Writes the descriptor of a release into its folder."""
    package = {
        "$schema": PROFILE,
        "name": "juesuan",
        "title": "Final accounts (决算) of government departments: audited figures",
        "version": release,
        "released": released.isoformat(),
        "code_revision": code_revision,
        "tables_version": VERSION,
        "digest": digest(resources),
        "resources": resources,
    }
    (folder / NAME).write_text(json.dumps(package, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def read(folder: Path) -> dict[str, Any]:
    """The descriptor in a release folder. Raises FileNotFoundError."""
    package: dict[str, Any] = json.loads((folder / NAME).read_text(encoding="utf-8"))
    return package


def files(folder: Path) -> list[dict[str, Any]]:
    """What the descriptor in a release folder says of each file, and what is there.

    One row per table: name, hash and rows as told, found_hash and found_rows (None where the file is gone or no Parquet),
    columns (names and types), version (of the tables; 0 where the descriptor tells none).
    """
    told = read(folder)
    return [
        {
            "name": resource["name"],
            "hash": resource["hash"],
            "rows": resource["rows"],
            **_found(folder / resource["path"]),
            "columns": [f"{field['name']} {field['type']}" for field in resource["schema"]["fields"]],
            "version": told.get("tables_version", 0),
        }
        for resource in told["resources"]
    ]


def _found(path: Path) -> dict[str, Any]:
    try:
        return {"found_hash": _hash(path), "found_rows": pq.read_metadata(path).num_rows}
    except (OSError, pa.ArrowException):
        return {"found_hash": None, "found_rows": None}


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"


def _resource(table: Table, path: Path) -> dict[str, Any]:
    return {
        "name": table.name,
        "description": f"One row is {table.grain}.",
        "path": path.name,
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "rows": pq.read_metadata(path).num_rows,
        "bytes": path.stat().st_size,
        "hash": _hash(path),
        "schema": {"fields": [_field(column) for column in table.columns], "primaryKey": list(table.key)},
    }


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "type": _type(column), "description": column.description}
    if column.unit:
        field["unit"] = column.unit
    constraints: dict[str, Any] = {} if column.nullable else {"required": True}
    if column.values:
        constraints["enum"] = list(column.values)
    if column.pattern:
        constraints["pattern"] = column.pattern
    if column.at_least is not None:
        constraints["minimum"] = column.at_least
    if constraints:
        field["constraints"] = constraints
    return field


def _type(column: Column) -> str:
    """The Frictionless type of a column."""
    if column.dtype.is_integer():
        return "integer"
    if column.dtype.is_decimal():
        return "number"
    return {"String": "string", "Boolean": "boolean", "Date": "date"}[str(column.dtype)]
