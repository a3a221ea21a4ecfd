"""Lists of links → those that lead to final accounts, and why the others do not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin

from tasks.fetch.catalogue import Source
from tasks.fetch.sites.page import Link, Page
from tasks.fetch.sites.visitor import Row, Visitor
from tasks.fetch.sites.words import passed_over

Tell = Callable[[str], None]


@dataclass
class Found:
    """`taken`: the links that lead to reports, in the order of the lists; `listings`: rows of raw.listings."""

    taken: list[Link] = field(default_factory=list)
    listings: list[Row] = field(default_factory=list)


def discover(visitor: Visitor, source: Source, tell: Tell) -> Found:
    """Reads a source's lists, page by page, until they end, bring nothing new, or reach the catalogue's limit."""
    found, seen = Found(), set[str]()
    for start in source.listing:
        for number, (listing, page) in enumerate(_pages(visitor, start), 1):
            links = [link for link in page.links(source.site.links) if link.url not in seen]
            seen.update(link.url for link in links)
            for link in links:
                _judge(found, visitor.run_id, source, listing, link)
            tell(f"{source.name}: {len(found.taken)} reports on {number} pages of {start}")
            if not links:
                break
    return found


def _pages(visitor: Visitor, start: str) -> Iterator[tuple[str, Page]]:
    """The pages of a list with their addresses. A page that is none of a list ends it, and is told."""
    site = visitor.site
    waiting, met = [start], {start}
    given = site.pages is None
    for number in range(site.max_pages):
        if not waiting:
            return
        url = waiting.pop(0)
        answer = visitor.get(url, "listing", may_be_absent=number > 0 and not given)
        if answer is None:
            return
        page = answer.page
        if page is None or page.fault or not page.links("a"):
            what = "a document" if page is None else page.fault or "a page without links"
            visitor.refuse(answer, f"is not a list of reports but {what}")
            return
        yield url, page
        if site.pages:
            further = [urljoin(start, site.pages.replace("{page}", str(site.first_page + number)))]
        else:
            further = page.following(site.next)
        waiting += [each for each in further if each not in met]
        met.update(further)


def _judge(found: Found, run_id: str, source: Source, listing: str, link: Link) -> None:
    reason = passed_over(link.title, source.fiscal_year, source.site.title)
    if not reason and len(found.taken) >= source.site.max_reports:
        reason = f"the catalogue takes no more than {source.site.max_reports} reports (max_reports)"
    if not reason:
        found.taken.append(link)
    row = {"run_id": run_id, "source": source.name, "listing": listing, "taken": not reason, "reason": reason}
    found.listings.append(row | link._asdict())
