"""`juesuan check`: do the figures of a report add up?"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

HELP = "check reports: every total recomputed, before or after publication"
EPILOG = """examples:
  juesuan check draft.docx
  juesuan check 2023.docx 2024.docx     one publisher's years are held against each other
  juesuan check 2024/*.html --format json | jq '.[].checks[] | select(.verdict == "violated")'
  juesuan check draft.docx --format html > findings.html

exit status: 0 consistent, 1 a hard check (H) is violated, 2 a file cannot be read
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    parser.add_argument(
        "files",
        type=Path,
        nargs="+",
        metavar="FILE",
        help="a report: Word, PDF, Excel, HTML, text, a scan, or an archive of them",
    )
    parser.add_argument("--format", choices=("text", "json", "html"), default="text", help="default: text")


def run(options: argparse.Namespace) -> int:
    """Prints what was checked. A file that cannot be read is told on stderr, and the others go on."""
    from flows.report import ReportError, check, open_report

    reports = []
    unreadable = 0
    for file in options.files:
        try:
            report = open_report(file)
        except ReportError as error:
            unreadable += 1
            print(f"juesuan: {error}", file=sys.stderr)
            continue
        for note in report.notes:
            print(f"juesuan: {note}", file=sys.stderr)
        reports.append(report)
    checked = check(reports) if reports else []
    if options.format == "json":
        print(json.dumps([each.as_json() for each in checked], ensure_ascii=False, indent=1))
    elif options.format == "html" and checked:
        from flows.cli.page import page

        print(page(checked))
    elif options.format == "text" and checked:
        from flows.cli.table import print_checks

        print_checks(checked)
    if unreadable:
        return 2
    return int(any(each.violated for each in checked))
