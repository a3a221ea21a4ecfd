"""Retry of a run that visits sites: only what was not published is asked for again."""

from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import polars as pl
import pytest

from flows.attempts import Attempts
from flows.folder import Folder
from flows.revisits import earlier
from flows.visits import locations
from schemas.raw import FETCHES, LISTINGS
from schemas.validate import write
from tasks.fetch import RawStore, load
from tasks.fetch.sites.collect import collect
from tests.flows.conftest import Served, Site, open_site
from tests.flows.test_serve import written


@pytest.fixture
def sites():
    with ExitStack() as opened:
        yield [opened.enter_context(open_site()) for _ in range(3)]


def listing(*numbers: int) -> bytes:
    links = (f'<li><a href="{number}.txt">某{number}局2023年度部门决算</a></li>' for number in numbers)
    return f"<html><body>{''.join(links)}</body></html>".encode()


def described(folder: Path, sites: list[Site]) -> Path:
    """A catalogue of the sites."""
    told = (
        f'[[source]]\nname = "{name}"\nlisting = "{site.address}/{name}/"\n[source.site]\nallow_private = true\npause = 0\n'
        for name, site in zip("abc", sites, strict=True)
    )
    (folder / "sites.toml").write_text("".join(told), encoding="utf-8")
    return folder / "sites.toml"


def test_a_retry_asks_sites_only_for_what_was_not_published(serve: Served, sites: list[Site]) -> None:
    some, down, sound = sites
    some.pages |= {"/a/": listing(0, 6, 8), "/a/0.txt": written(0), "/a/6.txt": written(6, "expenditure_current_year")}
    sound.pages |= {"/c/": listing(3), "/c/3.txt": written(3)}
    catalogue = described(serve.home, sites).name
    run = serve.start("annual", "annual", inputs=[catalogue], previous_year=False, data="sites")
    failed = serve.ended(run)
    assert failed["state"]["message"].startswith("2 published, 1 held, 2 missing")

    some.pages |= {"/a/6.txt": written(6), "/a/8.txt": written(8)}
    down.pages |= {"/b/": listing(2), "/b/2.txt": written(2)}
    serve.retry(run)
    done = serve.ended(run, attempt=2)
    assert (done["state_type"], done["state"]["message"]) == ("COMPLETED", "5 published")
    robots = "/robots.txt"
    assert some.asked == {robots: 2, "/a/": 1, "/a/0.txt": 1, "/a/6.txt": 2, "/a/8.txt": 2}
    assert down.asked == {robots: 2, "/b/": 2, "/b/2.txt": 1}
    assert sound.asked == {robots: 1, "/c/": 1, "/c/3.txt": 1}
    (listings,) = (serve.home / "sites" / "raw" / "listings").glob("*.parquet")
    assert pl.read_parquet(listings).filter("taken").height == 5
    (fetches,) = (serve.home / "sites" / "raw" / "fetches").glob("*.parquet")
    asked = Counter(pl.read_parquet(fetches)["url"].to_list())
    assert (asked[f"{some.address}/a/0.txt"], asked[f"{some.address}/a/8.txt"]) == (1, 2)


def test_a_report_of_which_a_file_is_missing_is_looked_at_again_as_a_whole(tmp_path: Path, sites: list[Site]) -> None:
    site = sites[0]
    body = '<html><body><h1>某局2023年度部门决算</h1><a href="t.docx">附件1</a><a href="x.xls">附件2</a></body></html>'
    links = '<li><a href="p/">某局2023年度部门决算</a></li><li><a href="/a/9.txt">某9局2023年度部门决算</a></li>'
    site.pages |= {"/a/": f"<html><body>{links}</body></html>".encode(), "/a/p/": body.encode()}
    site.pages |= {"/a/p/t.docx": written(1), "/a/9.txt": written(9)}
    folder, attempts = Folder(tmp_path / "data"), Attempts(tmp_path / "attempt.parquet")
    catalogue, store = load(described(tmp_path, sites)), RawStore(tmp_path / "data" / "raw")
    first = collect(catalogue.sources[:1], store, "r")
    assert first.whole["url"].to_list() == [f"{site.address}/a/9.txt"]
    write(first.fetches, FETCHES, folder.fetches("r"))
    write(first.listings, LISTINGS, folder.listings("r"))
    attempts.keep(locations(first.fetches))
    attempts.keep_whole(first.whole)

    before = earlier(folder, catalogue, "r", attempts)
    assert [before.is_done(name) for name in "abc"] == [False, False, False]
    assert before.stands.documents["url"].to_list() == [f"{site.address}/a/9.txt"]
    assert before.stands.fetches["url"].to_list() == [f"{site.address}/a/9.txt"]
    site.pages["/a/p/x.xls"] = b"<table><tr><td>1</td></tr></table>"
    again = collect(catalogue.sources[:1], store, "r", listed=before.listed, standing=before.stands.whole["url"])
    assert (site.asked["/a/"], site.asked["/a/9.txt"], site.asked["/a/p/t.docx"]) == (1, 1, 2)
    assert again.whole["url"].to_list() == again.documents["url"].to_list() == [f"{site.address}/a/p/"]
    assert again.documents["document"].item() != first.documents.filter(url=f"{site.address}/a/p/")["document"].item()
