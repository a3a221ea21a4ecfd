"""The descriptor of a release: a Frictionless data package (version 2) with rows, bytes and digests."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import polars as pl
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from schemas.companions import CHANGES, CONCEPTS
from schemas.marts import TABLES, VERSION
from schemas.table import Column, Table

NAME = "datapackage.json"
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
RESOURCE_PROFILE = "https://datapackage.org/profiles/2.0/dataresource.json"
SCHEMA_PROFILE = "https://datapackage.org/profiles/2.0/tableschema.json"

LICENCES = [
    {
        "name": "other-pd",
        "title": "Figures and words of official documents, which the Copyright Law of the PRC (article 5) does not protect",
    }
]
"""Of the data; the program's own licence is another matter."""


@dataclass(frozen=True, slots=True)
class Release:
    """What a release is called, when and by which code it was made, and the name of the one before it."""

    name: str
    released: date
    code_revision: str
    previous: str | None


def resources(folder: Path) -> list[dict[str, Any]]:
    """What stands in the Parquet files of a release folder: one Frictionless resource per mart, and the concepts."""
    return [resource(table, folder) for table in (*TABLES, CONCEPTS)]


def digest(resources: list[dict[str, Any]]) -> str:
    """SHA-256 over the names and digests of tables: what the content of a release is, wherever it came from."""
    lines = "".join(
        f"{resource['name']} {resource['hash']}\n" for resource in resources if resource["name"] != CHANGES.name
    )
    return hashlib.sha256(lines.encode()).hexdigest()


def write(folder: Path, resources: list[dict[str, Any]], release: Release) -> None:
    """Writes the descriptor of a release into its folder."""
    package = {
        "$schema": PROFILE,
        "name": "juesuan",
        "title": "Final accounts (决算) of government departments: audited figures",
        "description": "What government departments of China publish about their final accounts, each figure with the "
        "sentence that states it and every total recomputed. An empty value says that a report does not state it.",
        "version": release.name,
        "released": release.released.isoformat(),
        "previous": release.previous,
        "code_revision": release.code_revision,
        "tables_version": VERSION,
        "digest": digest(resources),
        "keywords": ["China", "final accounts", "public finance", "部门决算", "三公经费"],
        "licenses": LICENCES,
        "sources": _sources(folder),
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


def resource(table: Table, folder: Path) -> dict[str, Any]:
    """The Frictionless resource of a table in a release folder."""
    path = folder / f"{table.name}.parquet"
    return {
        "$schema": RESOURCE_PROFILE,
        "name": table.name,
        "type": "table",
        "description": f"One row is {table.grain}.",
        "path": path.name,
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "rows": pq.read_metadata(path).num_rows,
        "bytes": path.stat().st_size,
        "hash": _hash(path),
        "schema": _schema(table),
    }


def _schema(table: Table) -> dict[str, Any]:
    required = {column.name for column in table.columns if not column.nullable}
    schema: dict[str, Any] = {"$schema": SCHEMA_PROFILE, "fields": [_field(column) for column in table.columns]}
    # A part of a primary key is never empty; of some tables a part of the key may be.
    schema["primaryKey" if required.issuperset(table.key) else "uniqueKeys"] = (
        list(table.key) if required.issuperset(table.key) else [list(table.key)]
    )
    if table.references:
        schema["foreignKeys"] = [
            {"fields": list(each.columns), "reference": {"resource": each.table, "fields": list(each.columns)}}
            for each in table.references
        ]
    return schema


def _sources(folder: Path) -> list[dict[str, Any]]:
    """By source of the catalogue and the host that documents came from, how many reports of the release are its own."""
    reports = pl.read_parquet(folder / "reports.parquet", columns=["source", "url"])
    counts = Counter((source, _site(url)) for source, url in reports.select("source", "url").iter_rows())
    return [
        {"title": source} | ({"path": site} if site else {}) | {"reports": count}
        for (source, site), count in sorted(counts.items())
    ]


def _site(url: str) -> str:
    """The site of an address on the web; empty for a file, whose path nobody else can follow."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/" if parts.scheme in ("http", "https") else ""


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
