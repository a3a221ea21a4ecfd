"""Collection from three sites that imitate those of governments, with all that goes wrong there, and two that are down."""

import io
import zipfile
from collections import Counter
from pathlib import Path
from random import Random

import polars as pl
import pytest

from flows.annual import annual
from flows.cli import main
from schemas.raw import DOCUMENTS, FETCHES, LISTINGS
from schemas.validate import validate
from sources.writer.accounts import random_figures
from sources.writer.compose import write_report
from sources.writer.render import FORMATS
from tasks.fetch import load
from tasks.fetch.sites.collect import by_host, collect

YEAR = 2023
REPORTS = [write_report(random_figures(Random(seed), seed, YEAR), seed) for seed in range(7)]
HTML, DOCX = ([FORMATS[name](report) for report in REPORTS] for name in ("html", "docx"))
TITLES = [f"{report.publisher.entity}{YEAR}年度{report.publisher.kind}决算" for report in REPORTS]
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def page(*body: str, head: str = "") -> bytes:
    """A page with the links to elsewhere that every site has."""
    return (
        f"<!DOCTYPE html><html><head><title>政务公开</title>{head}</head><body>"
        '<div class="nav"><a href="/">首页</a><a href="/login">登录</a></div>'
        f"{''.join(body)}"
        '<div><a href="javascript:void(0)">打印</a><a href="mailto:a@example.org">联系我们</a></div></body></html>'
    ).encode()


def link(address: str, text: str, full: str = "") -> str:
    return f'<li><a href="{address}" title="{full}">{text}</a><span>2024-09-02</span></li>'


def zipped(content: bytes) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("决算.docx", content)
    return whole.getvalue()


GONE = page("<p>您访问的页面不存在或已删除</p>")
LOGIN = page('<form>请登录<input type="password" placeholder="请输入密码"></form>')
SCRIPTS = b'<html><head><script src="/app.js"></script></head><body><div id="app"></div></body></html>'
PASSED_OVER = {
    f"某区财政局{YEAR}年部门预算": "its title does not speak of final accounts",
    f"某区{YEAR}年预算执行情况和决算草案的报告": "by its title it is the accounts of a whole government",
    f"某区{YEAR}年度“三公”经费决算汇总": "by its title it is a summary of the three-public expenses of many departments",
    f"某局{YEAR - 1}年度部门决算": f"by its title it is of {YEAR - 1}",
    "某局部门决算": "its title names no fiscal year",
}


@pytest.fixture
def county(new_site, answers, broken_answer):
    """HTML articles; the list goes on by a script, as the commonest of all systems writes it."""
    site = new_site()
    script = '<script>createPageHTML(3, 0, "index", "html");</script>'
    others = [link(f"./x{number}.html", title) for number, title in enumerate(PASSED_OVER)]
    site.on("/robots.txt", answers(200, b"User-agent: *\nDisallow: /private/\n"))
    site.on(
        "/js/", answers(503), answers(200, page(link("./a.html", TITLES[0][:12] + "…", TITLES[0]), *others, script))
    )
    site.on("/js/index_1.html", answers(200, page(link("b.html", TITLES[1]), link("/js/c.html", TITLES[2]), script)))
    faults = {"gone": "甲", "login": "乙", "none": "丙"}
    links = [link(f"{name}.html", f"{entity}局{YEAR}年度部门决算") for name, entity in faults.items()]
    site.on("/js/index_2.html", answers(200, page(*links, link("/private/d.html", f"丁局{YEAR}年度部门决算"), script)))
    site.on("/js/a.html", broken_answer, answers(500), answers(200, HTML[0], Content_Type="text/html", ETag='"a"'))
    site.on(
        "/js/b.html", answers(429, Retry_After="1"), answers(200, HTML[1], Content_Type="text/html; charset=gb2312")
    )
    site.on("/js/c.html", answers(200, page(head='<meta http-equiv="refresh" content="0;url=/new/c.html">')))
    site.on("/new/c.html", answers(200, HTML[2]))
    site.on("/js/gone.html", answers(200, GONE))
    site.on("/js/login.html", answers(200, LOGIN))
    return site


@pytest.fixture
def city(new_site, answers):
    """Articles with files, everything in GBK under a wrong name; the list's pages are numbered until one is missing."""
    site = new_site()
    utf8 = "text/html; charset=utf-8"
    for number, (report, ending) in enumerate([(3, "docx"), (4, "doc")]):
        site.on(f"/list_{number + 1}.html", answers(200, page(link(f"art/{report}.html", TITLES[report]))))
        files = [f'<a href="/files/{report}.{ending}">附件1</a>', f'<a href="/files/{report}.xls">附件2：公开表</a>']
        budget = f'<a href="/files/budget.docx">某局{YEAR}年部门预算</a>'
        body = page(f"<h1>{TITLES[report]}</h1>", *files, budget).decode().encode("gbk")
        site.on(f"/art/{report}.html", answers(200, body, Content_Type=utf8))
        site.on(f"/files/{report}.{ending}", answers(200, DOCX[report], Content_Type=WORD))
    site.on("/files/3.xls", answers(200, "<table><tr><td>单位：万元</td></tr></table>".encode("gbk")))
    site.on("/files/4.xls", answers(200, GONE, Content_Type="text/html"))
    return site


@pytest.fixture
def district(new_site, answers):
    """A list with a link to its next page, relative links, archives, and redirects, one of them to where it must not."""
    site = new_site()
    site.on("/gk", answers(301, Location="/gk/"))
    site.on("/gk/", answers(200, page(link("2/a.zip", TITLES[5]), '<a href="more/">下一页</a>')))
    site.on("/gk/2/a.zip", answers(302, Location="/files/a.zip"))
    site.on("/files/a.zip", answers(200, zipped(DOCX[5]), Content_Type="application/zip", ETag='"z"'), answers(304))
    inside = link("inside", f"戊局{YEAR}年度部门决算")
    site.on("/gk/more/", answers(200, page(link("../3", TITLES[6]), inside, '<a href="../">下一页</a>')))
    site.on("/gk/3", answers(200, page('<a href="3/a.docx">下载</a>', head='<base href="/gk/">')))
    site.on("/gk/3/a.docx", answers(200, DOCX[6], Content_Type="application/octet-stream"))
    site.on("/gk/more/inside", answers(302, Location="http://169.254.169.254/latest/"))
    return site


@pytest.fixture
def catalogue(tmp_path, county, city, district, new_site, answers) -> Path:
    """A catalogue of the three, of one that fails, and of one that shows nothing without its scripts."""
    down, scripts = new_site(), new_site()
    down.on("/robots.txt", answers(503))
    scripts.on("/", answers(200, SCRIPTS))
    descriptions = {
        "县": (f"{county.url}/js/", ""),
        "市": (f"{city.url}/list_1.html", 'pages = "list_{page}.html"\nfirst_page = 2'),
        "区": (f"{district.url}/gk", ""),
        "州": (f"{down.url}/", ""),
        "旗": (f"{scripts.url}/", ""),
    }
    written = [
        f'[[source]]\nname = "{name}"\nlisting = "{listing}"\n[source.site]\nallow_private = true\npause = 0\n{more}\n'
        for name, (listing, more) in descriptions.items()
    ]
    listed = [
        f"{report.publisher.entity},{report.publisher.region_code},{report.publisher.kind},{YEAR}" for report in REPORTS
    ]
    roster = ["entity,region_code,kind,from", *listed, f"某区没有公开的局,510403,部门,{YEAR}"]
    (tmp_path / "roster.csv").write_text("\n".join(roster), encoding="utf-8")
    path = tmp_path / "catalogue.toml"
    path.write_text(f'fiscal_year = {YEAR}\nroster = "roster.csv"\n' + "".join(written), encoding="utf-8")
    return path


def visit(path: Path, store, run_id: str = "r1", previous: pl.DataFrame | None = None):
    """All sites of a catalogue, one after the other."""
    found = [collect(group, store, run_id, previous) for group in by_host(load(path).sources)]
    fetches, documents, listings, _ = (pl.concat(frames) for frames in zip(*found, strict=True))
    return validate(fetches, FETCHES), validate(documents, DOCUMENTS), validate(listings, LISTINGS)


def test_every_report_is_found_and_every_attempt_told(catalogue, county, city, district, store) -> None:
    fetches, documents, listings = visit(catalogue, store)
    assert documents["source"].to_list() == ["县"] * 3 + ["市"] * 2 + ["区"] * 2
    assert [store.get(each) for each in documents["document"][:3]] == HTML[:3]
    assert store.get(documents["document"][6]) == DOCX[6]
    assert listings.filter("taken").height == 7 + 5
    reasons = dict(listings.filter(~pl.col("taken")).select("title", "reason").iter_rows())
    assert reasons | PASSED_OVER == reasons
    failed = dict(fetches.filter(outcome="failed").select("url", "message").iter_rows())
    told = {
        f"{county.url}/js/gone.html": "is not a report but a page that says that nothing is there any more.",
        f"{county.url}/js/login.html": "is not a report but a page that asks for a login.",
        f"{county.url}/js/none.html": "answered 404 Not Found.",
        f"{county.url}/private/d.html": f"is refused: it is closed to programs by the robots.txt of {county.url}.",
        f"{city.url}/files/4.xls": "is not the file but a page that says that nothing is there any more.",
        f"{district.url}/gk/more/inside": "redirects to http://169.254.169.254/latest/, which is inside a private network.",
    }
    assert {url: failed[url] for url in told} == {url: f"{url} {message}" for url, message in told.items()}
    down, scripts = fetches.filter(pl.col("source").is_in(["州", "旗"]), role="listing")["message"]
    assert "answered 503 Service Unavailable (3 attempts). Nothing is asked of a site that does not tell" in down
    assert "is not a list of reports but a page that shows its text only to browsers that run its scripts." in scripts
    repeated = Counter(fetches.filter(outcome="repeated")["url"].to_list())
    assert repeated[f"{county.url}/js/a.html"] == 2 and repeated[f"{county.url}/js/b.html"] == 1
    asked = [path for path, _ in county.requests]
    assert "/private/d.html" not in asked and "/js/x0.html" not in asked
    assert "/files/budget.docx" not in [path for path, _ in city.requests]


def test_files_of_an_article_are_one_document(catalogue, city, store) -> None:
    fetches, documents, _ = visit(catalogue, store)
    both = fetches.filter(pl.col("url").str.contains("/files/3"))
    (document,) = both["document"].unique()
    assert document == documents.filter(url=f"{city.url}/art/3.html")["document"].item()
    with zipfile.ZipFile(io.BytesIO(store.get(document))) as archive:
        assert archive.namelist() == ["1-3.docx", "2-3.xls"]
    assert fetches.filter(url=f"{city.url}/art/3.html")["role"].item() == "page"


def test_what_has_not_changed_is_not_fetched_again_and_a_correction_is_a_new_document(
    catalogue, county, district, answers, store
) -> None:
    fetches, before, _ = visit(catalogue, store)
    county.on("/js/a.html", answers(200, HTML[0].replace("部门".encode(), "单位".encode())))
    again, after, _ = visit(catalogue, store, "r2", fetches)
    assert again.filter(url=f"{district.url}/gk/2/a.zip")["http_status"].item() == 304
    changed = before.join(after, on="url").filter(pl.col("document") != pl.col("document_right"))
    assert changed["url"].to_list() == [f"{county.url}/js/a.html"]
    assert store.has(before["document"][0]) and store.has(after["document"][0])


def test_the_run_publishes_what_was_found_and_names_what_was_not(catalogue, tmp_path) -> None:
    data = tmp_path / "data"
    state = annual([str(catalogue)], data=str(data), return_state=True)
    summary = state.result(raise_on_failure=False)
    assert state.type.value == "FAILED"
    assert summary["broken"] == [] and summary["blocked"] == []
    coverage = pl.read_parquet(data / "marts" / "current" / "coverage.parquet")
    status = dict(coverage.filter(pl.col("entity").is_not_null()).select("entity", "status").iter_rows())
    assert status == {report.publisher.entity: "published" for report in REPORTS} | {"某区没有公开的局": "missing"}
    assert Counter(coverage["status"].to_list()) == {"published": 7, "missing": 9}
    (listings,) = (data / "raw" / "listings").glob("*.parquet")
    assert pl.read_parquet(listings).filter(~pl.col("taken")).height > 5


def test_a_description_is_tried_without_fetching_reports(catalogue, city, capsys) -> None:
    assert main(["sources", "check", str(catalogue), "--source", "市"]) == 0
    told = capsys.readouterr()
    assert told.out.splitlines()[:5] == [
        "市: 2 reports among 4 links of 2 pages",
        f"  report   {TITLES[3]}",
        f"           {city.url}/art/3.html",
        f"           file {city.url}/files/3.docx",
        f"           file {city.url}/files/3.xls",
    ]
    assert "juesuan: 市: 2 reports on 2 pages" in told.err
    assert not [path for path, _ in city.requests if path.startswith("/files/")]


def test_a_description_that_does_not_work_is_told(catalogue, county, capsys) -> None:
    assert main(["sources", "check", str(catalogue)]) == 1
    told = capsys.readouterr().out
    assert f"  passed   某局{YEAR - 1}年度部门决算: by its title it is of {YEAR - 1}\n" in told
    assert f"  failed   {county.url}/js/gone.html is not a report but a page that says that" in told
    assert "旗: 0 reports among 0 links of 0 pages\n  failed " in told
    assert main(["sources", "check", str(catalogue), "--source", "省"]) == 2
    assert capsys.readouterr().err.endswith(
        "has no source with a listing named 省; sources with one: 县, 市, 区, 州, 旗\n"
    )
