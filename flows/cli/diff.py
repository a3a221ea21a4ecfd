"""`juesuan diff`: what differs between two releases of the marts."""

from __future__ import annotations

import argparse

from flows.cli.usage import UsageError, data_argument, data_folder

HELP = "tell what differs between two releases: reports, their status, restated figures, rows per table"
EPILOG = """examples:
  juesuan diff
  juesuan diff previous current --format json
  juesuan diff 2026-09-30-1a2b3c4d 2026-11-21-5e6f7a8b

previous is the release that the current one was made from. The text is Markdown and shows the first rows of each list; JSON
has them all, as the table changes of the release has them, with numbers as exact text.
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    parser.add_argument("before", nargs="?", default="previous", metavar="RELEASE", help="default: previous")
    parser.add_argument("now", nargs="?", default="current", metavar="RELEASE", help="default: current")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    data_argument(parser)


def run(options: argparse.Namespace) -> int:
    """Prints what differs; 0 whether anything does or not."""
    import json

    from tasks.publish.notes import as_json, markdown
    from tasks.publish.releases import ReleaseError, difference, find

    try:
        with data_folder(options) as folder:
            found = difference(find(folder.marts, options.before), find(folder.marts, options.now))
    except ReleaseError as error:
        raise UsageError(str(error)) from None
    if options.format == "json":
        print(json.dumps(as_json(found), ensure_ascii=False, indent=2))
    else:
        print(markdown(found), end="")
    return 0
