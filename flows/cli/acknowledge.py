"""`juesuan acknowledge`: a person lets a finding stand."""

from __future__ import annotations

import argparse
import difflib
from datetime import date
from pathlib import Path
from typing import Any

from flows.cli.usage import UsageError, data_argument, data_folder
from flows.folder import Folder
from flows.today import today

HELP = "record that findings were reviewed and may stand, so that they no longer hold their reports"
EPILOG = """examples:
  juesuan acknowledge 3f9a0c21b7de --reason "publisher's rounding, confirmed by phone" --by "Wang Li"
  juesuan acknowledge 3f9a0c21b7de 20c4be917a55 --reason "one item left out" --by "Wang Li" --until 2026-12-31

Several findings with one cause go into one command: all of them are recorded, or none. Findings that hold nothing may
be acknowledged too; they are then told as reviewed. A finding's number contains its figures: when the publisher
changes one, the acknowledgement lapses, and the next run says so.
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    parser.add_argument(
        "findings", nargs="+", metavar="FINDING", help="number of a finding, as the run and Data Docs tell it"
    )
    parser.add_argument("--reason", required=True, metavar="TEXT", help="why it may stand")
    parser.add_argument("--by", required=True, metavar="NAME", help="who says so")
    parser.add_argument("--until", type=_date, metavar="DATE", help="last day on which it holds, like 2026-12-31")
    parser.add_argument(
        "--acknowledged",
        type=Path,
        metavar="FILE",
        help="file of acknowledgements (default: acknowledged.csv in the data folder)",
    )
    data_argument(parser)


def run(options: argparse.Namespace) -> int:
    """Appends the acknowledgements to their file."""
    from expectations import acknowledgements

    try:
        with data_folder(options) as folder:
            file: Path = options.acknowledged or folder.acknowledged
            numbers = dict.fromkeys(number.strip().lower() for number in options.findings)
            findings = [_find(folder, number) for number in numbers]
            acknowledgements.add(file, findings, options.reason, options.by, options.until, today())
    except acknowledgements.AcknowledgementError as error:
        raise UsageError(str(error)) from None
    except OSError as error:
        raise UsageError(f"{file}: cannot be written: {error.strerror}") from None
    for finding in findings:
        print(f"{file}: {finding['finding']} of {finding['entity']} is acknowledged: {finding['message']}")
    return 0


def _find(folder: Folder, number: str) -> dict[str, Any]:
    """The check of that number with the report's entity. Raises UsageError, naming numbers that are alike."""
    from schemas.curated import CHECKS, REPORTS

    checks = folder.scan_all(CHECKS)
    found = (
        checks.filter(finding=number)
        .join(folder.scan_all(REPORTS).select("report_id", "entity"), on="report_id", how="left")
        .collect()
    )
    if found.height:
        return found.row(0, named=True)
    known = checks.filter(verdict="violated").select("finding").collect()["finding"].unique().sort().to_list()
    if not known:
        raise UsageError(f"there are no findings in {folder.root}: run 'juesuan run' with this data folder first")
    alike = difflib.get_close_matches(number, known, n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(alike)}?" if alike else "'juesuan run' and Data Docs tell the numbers"
    raise UsageError(f"{folder.root} has no finding {number}: {hint}")


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date like 2026-12-31") from None
