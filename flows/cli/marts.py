"""`juesuan marts`: what the current release holds."""

from __future__ import annotations

import argparse

from flows.cli.usage import UsageError, data_argument
from flows.folder import FolderError

HELP = "list the tables of the marts: what one row is, how many there are, and the release"
EPILOG = """examples:
  juesuan marts
  juesuan marts --data /srv/juesuan
  duckdb -c "from '$(realpath data/marts/current)/three_public.parquet'"

realpath names the release's own folder, which no later run touches; current turns to the next release while you read.
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    data_argument(parser)


def run(options: argparse.Namespace) -> int:
    """Prints one line per table."""
    from flows.mirror import opened
    from flows.store import StoreError
    from tasks.publish.describe import describe

    try:
        with opened(options.data) as folder:
            told = describe(folder.marts)
    except (FolderError, StoreError) as error:
        raise UsageError(str(error)) from None
    if told is None:
        raise UsageError(f"nothing is published in {options.data} yet: run 'juesuan run --data {options.data}' first")
    print(f"release {told.release} of {told.released}, code {told.code_revision}, in {options.data}/marts/current\n")
    name_width = max(len(table.name) for table in told.tables)
    rows_width = max(len(f"{table.rows:,}") for table in told.tables)
    for table in told.tables:
        print(f"{table.name:{name_width}}  {table.rows:>{rows_width},} rows  one row is {table.grain}")
    return 0
