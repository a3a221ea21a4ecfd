"""`juesuan export`: a release as CSV, as Excel workbooks, or as one DuckDB database."""

from __future__ import annotations

import argparse
from pathlib import Path

from flows.cli.usage import UsageError, data_argument, data_folder

FORMATS = ("csv", "xlsx", "duckdb")
HELP = "write the tables of a release as CSV, as Excel workbooks, or as one DuckDB database"
EPILOG = """examples:
  juesuan export --format csv
  juesuan export --format xlsx --table three_public -o /tmp/three-public
  juesuan export --format duckdb -o . && duckdb juesuan.duckdb

CSV is UTF-8 with a mark for Excel. Text that a spreadsheet would take for a formula gets an apostrophe before it; in workbooks
it is text anyhow. Amounts are exact in CSV and DuckDB; Excel keeps 15 digits, and the sheet `about` tells how many numbers have more.
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    parser.add_argument("--format", choices=FORMATS, required=True)
    parser.add_argument("-o", "--output", type=Path, default=Path("export"), metavar="DIR", help="default: export")
    parser.add_argument("--table", action="append", default=[], metavar="T", help="only this table; may be repeated")
    parser.add_argument("--release", default="current", metavar="RELEASE", help="default: current")
    data_argument(parser)


def run(options: argparse.Namespace) -> int:
    """Writes the files and prints a line for each."""
    from tasks.publish.export import ExportError, export
    from tasks.publish.releases import ReleaseError, find

    try:
        with data_folder(options) as folder:
            release = find(folder.marts, options.release)
            written = export(release, options.output, options.format, options.table)
    except (ReleaseError, ExportError) as error:
        raise UsageError(str(error)) from None
    for file in written:
        print(f"{file.path}  {file.rows:,} rows, {file.path.stat().st_size:,} bytes, release {release.name}")
    return 0
