"""`juesuan facts`: the figures of one report, without a pipeline around it."""

from __future__ import annotations

import argparse
import io
import sys
from pathlib import Path

from flows.cli.usage import UsageError, put

HELP = "print the facts of one report: every stated figure with its concept and its place in the text"
EPILOG = """examples:
  juesuan facts report.docx
  juesuan facts report.html --format json | jq '.[0]'
  juesuan facts report.txt --format parquet -o facts.parquet

amount_cny is the exact amount in yuan; quote is the text's characters from start to end.
"""
FIRST = (
    "report_id", "concept", "member_code", "member_name", "period", "value", "unit", "amount_cny", "section", "quote",
    "start", "end",
)  # fmt: skip
"""The columns that others build on, in this order; the other columns of curated.facts follow."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    parser.add_argument(
        "file", type=Path, metavar="FILE", help="a report: Word, PDF, Excel, HTML, text, a scan, or an archive of them"
    )
    parser.add_argument("--format", choices=("csv", "json", "parquet"), default="csv", help="default: csv")
    parser.add_argument("-o", "--output", type=Path, metavar="OUT", help="file to write instead of standard output")


def run(options: argparse.Namespace) -> int:
    """Writes the facts to OUT or to standard output."""
    if options.format == "parquet" and not options.output and sys.stdout.isatty():
        raise UsageError("Parquet is not for a terminal: name a file with -o, or redirect the output")
    from flows.report import ReportError, open_report

    try:
        report = open_report(options.file)
    except ReportError as error:
        raise UsageError(str(error)) from None
    for note in report.notes:
        print(f"juesuan: {note}", file=sys.stderr)
    facts = report.facts
    facts = facts.select(*FIRST, *(name for name in facts.columns if name not in FIRST))
    content = io.BytesIO()
    if options.format == "parquet":
        facts.write_parquet(content, compression="zstd")
    elif options.format == "json":
        facts.write_json(content)
        content.write(b"\n")
    else:
        facts.write_csv(content)
    put(content.getvalue(), options.output)
    return 0
