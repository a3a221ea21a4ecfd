"""`juesuan check`: do the figures of a report add up?"""

from __future__ import annotations

import argparse
import io
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from flows.cli.usage import put

if TYPE_CHECKING:
    from flows.report import Checked, Report

HELP = "check reports: every total recomputed, before or after publication"
EPILOG = """examples:
  juesuan check draft.docx
  juesuan check 2023.docx 2024.docx     one publisher's years are held against each other
  juesuan check 2024/*.html --format json | jq '.[].checks[] | select(.verdict == "violated")'
  juesuan check draft.docx --format html -o findings.html

exit status: 0 consistent, 1 a hard check (H) is violated, 2 a file cannot be read, or nothing in it be recomputed.
Of several files all are checked, and the worst decides.
"""
STATUSES = {"consistent": 0, "violated": 1, "unchecked": 2}
UNREADABLE = 2


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
    parser.add_argument("--all", action="store_true", help="text: also list the checks that could not be evaluated")
    parser.add_argument("-o", "--output", type=Path, metavar="OUT", help="file to write instead of standard output")


def run(options: argparse.Namespace) -> int:
    """Prints what was checked. A file that cannot be read is told on stderr, and the others go on."""
    from flows.report import UNCHECKED, ReportError, check, open_report

    reports: list[Report] = []
    unreadable: dict[Path, str] = {}
    for file in options.files:
        try:
            report = open_report(file)
        except ReportError as error:
            unreadable[file] = str(error)
            print(f"juesuan: {error}", file=sys.stderr)
            continue
        for note in report.notes:
            print(f"juesuan: {note}", file=sys.stderr)
        reports.append(report)
    checked = check(reports) if reports else []
    for each in checked:
        if each.status == UNCHECKED:
            told = "nothing in it could be recomputed: is it a report with its figures?"
            print(f"juesuan: {each.report.file}: {told}", file=sys.stderr)
    if checked or options.format == "json":
        put(_output(options, checked, unreadable).encode(), options.output)
    return max([UNREADABLE] * bool(unreadable) + [STATUSES[each.status] for each in checked])


def _output(options: argparse.Namespace, checked: list[Checked], unreadable: dict[Path, str]) -> str:
    """What the chosen format makes of the reports, to the last line break."""
    if options.format == "json":
        from flows.cli.check_json import as_json

        return json.dumps(as_json(options.files, checked, unreadable), ensure_ascii=False, indent=1) + "\n"
    if options.format == "html":
        from tasks.publish.pages import page

        return page([each.rows for each in checked], list(unreadable.values()))
    from flows.cli.table import print_checks

    out = io.StringIO()
    on_terminal = options.output is None and sys.stdout.isatty()
    print_checks(checked, list(unreadable.values()), out, everything=options.all, on_terminal=on_terminal)
    return out.getvalue()
