"""Lists: how they go on and end, and that nothing is left out without a word."""

from pathlib import Path

import polars as pl
import pytest

from tasks.fetch import RawStore, load
from tasks.fetch.sites.collect import collect


@pytest.fixture
def visited(tmp_path: Path, site, answers):
    """What a description of the site's list finds, with links to reports that are not there."""

    def visit(description: str, **pages: str):
        for name, body in pages.items():
            site.on(f"/{name}.html", answers(200, f"<html><body>{body}</body></html>".encode()))
        text = f'[[source]]\nname = "a"\nlisting = "{site.url}/l1.html"\n[source.site]\npause = 0\n{description}\n'
        (tmp_path / "c.toml").write_text(text, encoding="utf-8")
        return collect(load(tmp_path / "c.toml").sources, RawStore(tmp_path / "raw"), "r")

    return visit


def entry(number: int) -> str:
    return f'<a href="r{number}.html">某{number}局2023年度部门决算</a>'


OWN = "allow_private = true\n"
NEXT = '<a href="l{}.html">下一页</a>'


def test_a_site_in_a_private_network_is_not_visited_unless_it_is_allowed(visited, site) -> None:
    found = visited("", l1=entry(1))
    assert not site.requests
    assert (
        found.fetches.filter(role="listing")["message"]
        .item()
        .endswith("is inside a private network. Nothing is asked of a site that does not tell its rules.")
    )


def test_a_page_that_fails_does_not_hide_the_pages_behind_it(visited) -> None:
    script = "<script>createPageHTML(3, 0, 'l', 'html')</script>"
    found = visited(OWN, l1=entry(1) + script, l_2=entry(2))
    assert found.listings.filter("taken")["title"].to_list() == ["某1局2023年度部门决算", "某2局2023年度部门决算"]
    assert found.fetches.filter(role="listing", outcome="failed")["url"].str.ends_with("/l_1.html").to_list() == [True]


def test_numbered_pages_end_at_one_that_says_that_it_is_not_there(visited) -> None:
    found = visited(OWN + 'pages = "l{page}.html"\nfirst_page = 2', l1=entry(1), l2=entry(2), l3="页面不存在")
    assert found.listings.filter("taken").height == 2
    assert found.fetches.filter(role="listing")["outcome"].to_list() == ["fetched", "fetched", "absent"]


def test_pages_and_reports_beyond_the_limits_are_told(visited) -> None:
    found = visited(OWN + "max_pages = 2\nmax_reports = 1", l1=entry(1) + NEXT.format(2), l2=entry(2) + NEXT.format(3))
    told = found.listings.filter(~pl.col("taken"))["reason"].to_list()
    assert "the catalogue takes no more than 1 reports (max_reports)" in told
    assert "the list goes on there, but the catalogue reads no more than 2 pages (max_pages)" in told
