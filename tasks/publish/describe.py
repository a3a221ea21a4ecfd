"""What the marts hold: tables, their grain, rows and release."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from schemas.marts import TABLES
from tasks.publish import package


@dataclass(frozen=True, slots=True)
class TableDescription:
    """One table: what a row is, how many there are, how many bytes, and its file in the release's own folder."""

    name: str
    grain: str
    rows: int
    bytes: int
    path: Path


@dataclass(frozen=True, slots=True)
class Description:
    """The current release, its date (YYYY-MM-DD) and code revision, and its tables."""

    release: str
    released: str
    code_revision: str
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
        TableDescription(
            table.name,
            table.grain,
            resources[table.name]["rows"],
            resources[table.name]["bytes"],
            folder / resources[table.name]["path"],
        )
        for table in TABLES
        if table.name in resources
    )
    return Description(told["version"], told["released"], told["code_revision"], tables)
