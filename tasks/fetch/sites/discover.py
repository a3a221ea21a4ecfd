"""Lists of links → those that lead to final accounts, and why the others do not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin

from tasks.fetch.catalogue import Source
from tasks.fetch.sites.page import Link, Page
from tasks.fetch.sites.visitor import Row, Visitor
from tasks.fetch.sites.words import passed_over, speaks_of_accounts

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
        for number, (listing, page) in enumerate(_pages(visitor, start, found), 1):
            links = [link for link in page.links(source.site.links) if link.url not in seen]
            seen.update(link.url for link in links)
            for link in links:
                _judge(found, visitor.run_id, source, listing, link)
            tell(f"{source.name}: {len(found.taken)} reports on {number} pages of {start}")
            if not links:
                break
    return found


def _pages(visitor: Visitor, start: str, found: Found) -> Iterator[tuple[str, Page]]:
    """The pages of a list with their addresses. What is no page of a list is told, or ends a list whose pages are
    numbered; pages beyond the catalogue's limit are told among the links.
    """
    site = visitor.site
    waiting, met = [start], {start}
    for number in range(site.max_pages):
        if not waiting:
            return
        url = waiting.pop(0)
        may_end = number > 0 and site.pages is not None
        answer = visitor.get(url, "listing", may_be_absent=may_end)
        if answer is None:
            continue
        page = answer.page
        why = _no_list(page) if page else "a document"
        if page is None or why:
            visitor.refuse(answer, f"is not a list of reports but {why}", "absent" if may_end else "failed")
            continue
        yield url, page
        if site.pages:
            further = [urljoin(start, site.pages.replace("{page}", str(site.first_page + number)))]
        else:
            further = page.following(site.next)
        waiting += [each for each in further if each not in met]
        met.update(further)
    if waiting and not site.pages:
        _cut(found, visitor, start, waiting[0])


def _no_list(page: Page) -> str | None:
    """What a page is that is none of a list. One with a link to final accounts is, whatever else it says."""
    links = page.links("a")
    if any(speaks_of_accounts(link.title) for link in links):
        return None
    return page.fault or (None if links else "a page without links")


def _cut(found: Found, visitor: Visitor, start: str, url: str) -> None:
    """Tells that a list goes on at an address, in the row of the link that leads there, where the list has one."""
    reason = f"the list goes on there, but the catalogue reads no more than {visitor.site.max_pages} pages (max_pages)"
    for row in found.listings:
        if row["url"] == url:
            row["reason"] = reason
            return
    told = {"run_id": visitor.run_id, "source": visitor.source, "listing": start, "url": url, "title": url}
    found.listings.append(told | {"taken": False, "reason": reason})


def _judge(found: Found, run_id: str, source: Source, listing: str, link: Link) -> None:
    reason = passed_over(link.title, source.fiscal_year, source.site.title)
    if not reason and len(found.taken) >= source.site.max_reports:
        reason = f"the catalogue takes no more than {source.site.max_reports} reports (max_reports)"
    if not reason:
        found.taken.append(link)
    row = {"run_id": run_id, "source": source.name, "listing": listing, "taken": not reason, "reason": reason}
    found.listings.append(row | link._asdict())
