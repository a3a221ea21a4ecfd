"""A DuckDB database: the tables as they are, each with its grain and its columns' meaning as comments."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from tasks.publish.export.source import Source

MEMORY = "1GB"


def write_duckdb(sources: Sequence[Source], path: Path) -> None:
    """Writes tables into a new database."""
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path), config={"memory_limit": MEMORY}) as database:
        for source in sources:
            table = _name(source.name)
            database.execute(f"CREATE TABLE {table} AS FROM read_parquet({_text(str(source.path))})")
            about = f"{source.grain} Release {source.release.name}."
            database.execute(f"COMMENT ON TABLE {table} IS {_text(about)}")
            for field in source.fields:
                told = field["description"] + (f" [{field['unit']}]" if field.get("unit") else "")
                database.execute(f"COMMENT ON COLUMN {table}.{_name(field['name'])} IS {_text(told)}")


def _name(name: str) -> str:
    """A name in SQL."""
    return '"' + name.replace('"', '""') + '"'


def _text(text: str) -> str:
    """A text in SQL."""
    return "'" + text.replace("'", "''") + "'"
