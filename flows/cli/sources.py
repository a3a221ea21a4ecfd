"""`juesuan sources check`: does the description of a site find its reports?"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from flows.cli.usage import UsageError

if TYPE_CHECKING:
    from tasks.fetch import Source
    from tasks.fetch.sites.trial import Trial

HELP = "try the sites of a catalogue: which reports their lists lead to, and why other links are passed over"
EPILOG = """examples:
  juesuan sources check sources/2024.toml
  juesuan sources check sources/2024.toml --source xiqu --articles 20

Lists are read to their end, and the first articles are looked at; files are not fetched and nothing is kept.

exit status: 0 every list gives reports, 1 one cannot be read, gives none, or an article fails, 2 wrong usage or catalogue
"""
UNRELATED = 3
"""Links that have nothing to do with final accounts are counted, and so many of them are shown."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    parser.add_argument("action", choices=("check",), help="what to do")
    parser.add_argument("catalogue", type=Path, metavar="CATALOGUE", help="a source catalogue (.toml)")
    parser.add_argument("--source", metavar="NAME", help="only this source")
    parser.add_argument(
        "--articles", type=int, default=5, metavar="N", help="look at so many articles of each source (default: 5)"
    )


def run(options: argparse.Namespace) -> int:
    """Prints what each site gives; progress goes to stderr."""
    from tasks.fetch import CatalogueError, load
    from tasks.fetch.sites.trial import trial

    try:
        catalogue = load(options.catalogue)
    except CatalogueError as error:
        raise UsageError(str(error)) from None
    listed = [source for source in catalogue.sources if source.listing]
    wanted = [source for source in listed if options.source in (None, source.name)]
    if not wanted:
        names = ", ".join(source.name for source in listed) or "none"
        asked = f"named {options.source}" if options.source else "at all"
        raise UsageError(f"{options.catalogue} has no source with a listing {asked}; sources with one: {names}")
    status = 0
    for source in wanted:
        tried = trial(source, options.articles, lambda line: print(f"juesuan: {line}", file=sys.stderr))
        print("\n".join(_told(source, tried)), end="\n\n")
        if tried.faults or not any(link["taken"] for link in tried.links):
            status = 1
    return status


def _told(source: Source, tried: Trial) -> list[str]:
    taken = [link for link in tried.links if link["taken"]]
    lists = len({link["listing"] for link in tried.links})
    lines = [f"{source.name}: {len(taken)} reports among {len(tried.links)} links of {lists} pages"]
    lines += [f"  failed   {fault}" for fault in tried.faults]
    looked = {link.url: article for link, article in tried.looked}
    for link in taken:
        lines.append(f"  report   {link['title']}\n           {link['url']}")
        if article := looked.get(link["url"]):
            lines += [f"           file {file.url}" for file in article.files if file.url != link["url"]]
    shown: Counter[str] = Counter()
    for link in tried.links:
        if not link["taken"] and link["title"]:
            unrelated = link["reason"].startswith("its title does not speak")
            shown["unrelated"] += unrelated
            if not unrelated or shown["unrelated"] <= UNRELATED:
                lines.append(f"  passed   {link['title']}: {link['reason']}")
    if shown["unrelated"] > UNRELATED:
        lines.append(
            f"  passed   {shown['unrelated'] - UNRELATED} more links whose titles do not speak of final accounts"
        )
    if not taken and not tried.faults:
        lines.append("  nothing  no title is of final accounts of the year: see docs/how-to-describe-a-source.md")
    return lines
