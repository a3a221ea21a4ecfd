"""`juesuan run`: the whole pipeline."""

from __future__ import annotations

import argparse
import errno
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.cli.usage import UsageError, data_argument

if TYPE_CHECKING:
    from flows.summary import Summary

HELP = "collect reports, recompute every total, and publish what adds up"
EPILOG = """examples:
  juesuan run                                     the bundled sample reports
  juesuan run sources/2024.toml --year 2024       a catalogue, one fiscal year
  juesuan run reports/ draft.docx --data /srv/juesuan
  juesuan run sources/2024.toml --data s3://bucket/juesuan

A second run redoes only what changed. Acknowledged findings are read from --acknowledged, else from the
file that the catalogue names, else from acknowledged.csv in the data folder.

exit status: 0 everything is published, 1 something is held, unreadable or missing (all else is published),
2 the inputs, a catalogue or the data folder cannot be used
"""

FULL = tuple(map(os.strerror, (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)))
"""What the system says of a full disk. Libraries wrap it into errors of their own, and keep only the words."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    parser.add_argument(
        "inputs", nargs="*", metavar="INPUT", help="a catalogue (.toml), a folder or a report (default: the samples)"
    )
    data_argument(parser)
    parser.add_argument("--year", type=int, metavar="YYYY", help="only reports of this fiscal year")
    parser.add_argument("--no-site", dest="site", action="store_false", help="make no site of what is published")
    parser.add_argument("--acknowledged", type=Path, metavar="FILE", help="file of acknowledged findings")


def run(options: argparse.Namespace) -> int:
    """Runs the flow in this process, as a deployment does, and tells what came of it."""
    _check(options)
    from flows import settings

    settings.quiet()
    from flows.cli.terminal import progress_shown, tell_summary
    from flows.interrupt import ends_at_once
    from flows.location import working_folder

    with ends_at_once(), progress_shown():
        summary = _flow(options)
    tell_summary(summary, working_folder(options.data))
    return 1 if summary["entries"] or summary["blocked"] or summary["broken"] else 0


def _check(options: argparse.Namespace) -> None:
    """Finds wrong usage before anything slow is loaded. Raises UsageError."""
    from expectations import acknowledgements
    from flows import settings
    from flows.folder import Folder, FolderError
    from flows.inputs import acknowledged_file, collect
    from flows.mirror import Mirror
    from tasks.fetch import CatalogueError

    try:
        folder = Folder(Mirror.of(options.data).root)
        catalogue = collect(options.inputs)
        acknowledgements.load(*acknowledged_file(options.acknowledged, catalogue, folder))
        folder.check_writable()
        settings.check_home()
        # The flow takes the folder again; a run that cannot have it is told before anything slow is loaded.
        with folder.held():
            pass
    except (CatalogueError, FolderError, settings.HomeError, acknowledgements.AcknowledgementError) as error:
        raise UsageError(str(error)) from None


def _flow(options: argparse.Namespace) -> Summary:
    """The summary of one flow run. Raises UsageError for a run that broke off."""
    from expectations.acknowledgements import AcknowledgementError
    from flows.annual import annual
    from flows.folder import FolderError
    from tasks.publish.releases import ReleaseError

    acknowledged = str(options.acknowledged) if options.acknowledged else None
    result: Any
    try:
        state = annual(
            options.inputs,
            data=str(options.data),
            year=options.year,
            acknowledged=acknowledged,
            site=options.site,
            return_state=True,
        )
        result = state.result(raise_on_failure=False)
    except Exception as error:
        # What Prefect itself raises, for example where its server does not start.
        result = error
    if isinstance(result, (FolderError, ReleaseError, AcknowledgementError)):
        raise UsageError(str(result))
    if isinstance(result, Exception) and (full := next((each for each in FULL if each in str(result)), None)):
        told = f"there is no room left for {options.data} ({full}): free some and run again; what is done stays done"
        print(f"juesuan: {told}", file=sys.stderr)
        raise SystemExit(1)
    if isinstance(result, BaseException):
        print(
            f"juesuan: the run broke off: {type(result).__name__}: {result} "
            "(PREFECT_LOGGING_LEVEL=INFO shows where; what is done stays done)",
            file=sys.stderr,
        )
        raise SystemExit(1)
    summary: Summary = result
    return summary
