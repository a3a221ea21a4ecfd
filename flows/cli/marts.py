"""`juesuan marts`: what the current release holds, and how to open it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flows.cli.usage import UsageError, data_argument, data_folder

if TYPE_CHECKING:
    from tasks.publish.describe import Description, TableDescription

HELP = "list the tables of the marts: what one row is, how many there are, the release, and how to open them"
EPILOG = """examples:
  juesuan marts
  juesuan marts three_public
  juesuan marts --data /srv/juesuan

The lines name the release's own folder, which no later run touches; current turns to the next release while you read.
With a table, its columns are told: type, unit and meaning.
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    parser.add_argument("table", nargs="?", metavar="TABLE", help="tell the columns of this table")
    data_argument(parser)


def run(options: argparse.Namespace) -> int:
    """Prints one line per table, or per column of one table, and how to open what is told."""
    from tasks.publish.describe import describe

    with data_folder(options) as folder:
        told = describe(folder.marts)
    if told is None:
        raise UsageError(f"nothing is published in {options.data} yet: run 'juesuan run --data {options.data}' first")
    print(f"release {told.release} of {told.released}, code {told.code_revision}, in {options.data}/marts/current\n")
    if options.table is None:
        print(*_tables(told), sep="\n")
        shown = told.tables[0]
    else:
        shown = _named(told, options.table)
        print(*_columns(shown), sep="\n")
    print(*_lines(shown), sep="\n")
    return 0


def _named(told: Description, name: str) -> TableDescription:
    """The table of that name. Raises UsageError."""
    for table in told.tables:
        if table.name == name:
            return table
    raise UsageError(f"there is no table {name!r}: choose one of {', '.join(table.name for table in told.tables)}")


def _tables(told: Description) -> Iterator[str]:
    name_width = max(len(table.name) for table in told.tables)
    rows_width = max(len(f"{table.rows:,}") for table in told.tables)
    for table in told.tables:
        yield f"{table.name:{name_width}}  {table.rows:>{rows_width},} rows  one row is {table.grain}"


def _columns(table: TableDescription) -> Iterator[str]:
    yield f"{table.name}: {table.rows:,} rows, {table.bytes:,} bytes; one row is {table.grain}\n"
    types = [", ".join(filter(None, (field["type"], field.get("unit")))) for field in table.fields]
    name_width, type_width = max(len(field["name"]) for field in table.fields), max(map(len, types))
    for field, kind in zip(table.fields, types, strict=True):
        key = "key" if field["name"] in table.key else ""
        yield f"{field['name']:{name_width}}  {kind:{type_width}}  {key:3}  {field['description']}"


def _lines(table: TableDescription) -> Iterator[str]:
    from tasks.publish.describe import openers

    yield f"\nto open {table.path.name}:"
    yield from (f"  {tool:6}  {line}" for tool, line in openers(table.path).items())
