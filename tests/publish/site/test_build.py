"""What the site consists of, when a page is made anew, and how one site takes the place of another."""

import json
import re
from datetime import date
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import polars as pl
import pytest

from expectations import acknowledgements
from flows.site import Kept
from tasks.publish.site import SiteError, build, grid

LINK = re.compile(r'(?:href|src)="([^"]*)"')
ANCHOR = re.compile(r'\bid="([^"]*)"')


def pages(site: Path) -> dict[str, bytes]:
    root = site.resolve()
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.fixture(scope="session")
def content(site) -> dict[str, str]:
    """The pages of the site as text."""
    return {name: page.decode() for name, page in pages(site).items() if name.endswith(".html")}


def test_every_report_every_publisher_and_every_equation_with_findings_has_a_page(content, released, reports) -> None:
    findings = pl.read_parquet(released.path / "findings.parquet").filter(pl.col("verdict") != "not_evaluated")
    assert reports.height == 8 and reports.filter(status="held").height == 1
    assert {name for name in content if name.startswith("reports/")} == {
        f"reports/{each}.html" for each in reports["report_id"]
    }
    assert {name for name in content if name.startswith("rules/")} == {
        f"rules/{each}.html" for each in findings["equation"]
    }
    assert len([name for name in content if name.startswith("entities/")]) == 4
    regions = {f"regions/{code}.html" for code in {*reports["region_code"], "000000"}}
    assert {name for name in content if name.startswith("regions/")} == regions


def test_every_link_leads_somewhere_within_the_site(site, content) -> None:
    anchors = {name: set(ANCHOR.findall(page)) for name, page in content.items()}
    root, count = site.resolve(), 0
    for name, page in content.items():
        for link in map(unescape, LINK.findall(page)):
            path, _, anchor = link.partition("#")
            target = ((root / name).parent / unquote(path)).resolve() if path else root / name
            assert target.is_relative_to(root) and target.is_file(), (name, link)
            if anchor:
                assert anchor in anchors[target.relative_to(root).as_posix()], (name, link)
            count += 1
    assert count > 1000


def test_many_regions_have_pages_below_those_of_their_provinces(released, reports, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(grid, "ALONE", 1)
    released.site(tmp_path / "site")
    code = reports["region_code"][0]
    index, province = (tmp_path / "site" / name for name in ("index.html", f"regions/{code[:2]}.html"))
    assert f'href="regions/{code[:2]}.html"' in index.read_text("utf-8")
    assert f'href="regions/{code}.html"' not in index.read_text("utf-8")
    assert f'href="../regions/{code}.html"' in province.read_text("utf-8")


def test_the_tables_are_the_release_itself(site, released) -> None:
    assert {file.name for file in (site / "marts").iterdir()} == {file.name for file in released.path.iterdir()}
    for file in released.path.iterdir():
        assert (site / "marts" / file.name).samefile(file)
    told = json.loads((released.path / "datapackage.json").read_bytes())
    index = (site / "index.html").read_text("utf-8")
    assert told["version"] in index and told["digest"] in index


def test_nothing_tells_where_files_lie_on_the_machine(content, released) -> None:
    folders = {str(Path(url).parent) for url in released.collected.fetches["url"]}
    for name, page in content.items():
        assert not any(folder in page for folder in folders), name
    assert any("notice.txt" in page for page in content.values())


def test_the_same_release_gives_the_same_bytes(released, site, tmp_path) -> None:
    released.site(tmp_path / "site")
    again = pages(tmp_path / "site")
    assert again == pages(site)


def test_only_pages_that_change_are_made_anew(released, reports, tmp_path) -> None:
    link = tmp_path / "site"
    first = released.site(link)
    assert first.kept == 0
    before = pages(link)
    assert released.site(link).kept == reports.height
    assert pages(link) == before
    held = pl.read_parquet(released.path / "findings.parquet").filter(verdict="violated", status="held")
    finding = held.row(0, named=True)
    every = held.filter(report_id=finding["report_id"]).rows(named=True)
    file = tmp_path / "acknowledged.csv"
    acknowledgements.add(file, every, "misprint", "reviewer", None, date(2030, 1, 1))
    reviewed = released.site(link, reviewed=acknowledgements.load(file))
    assert reviewed.kept == reports.height - 1
    changed = {name for name, page in pages(link).items() if before.get(name) != page}
    assert changed == {f"reports/{finding['report_id']}.html", ".reports.json"}
    told = (link / "reports" / f"{finding['report_id']}.html").read_text("utf-8")
    assert "a person has reviewed it" in told
    assert released.site(link, revision="r2").kept == 0


def test_a_report_of_which_the_folder_has_nothing_any_more_keeps_its_page(released, reports, tmp_path) -> None:
    link = tmp_path / "site"
    released.site(link)
    before = pages(link)
    kept = released.kept()
    gone = Kept(kept.collected, kept.reports.clear(), kept.reviewed, kept.today)
    built = build(released.path, link, gone, "r2")
    assert built.kept == reports.height
    assert {name: page for name, page in pages(link).items() if name.startswith("reports/")} == {
        name: page for name, page in before.items() if name.startswith("reports/")
    }
    # Where there never was a page, nothing leads to one.
    years = reports.group_by("entity").agg("report_id").filter(pl.col("report_id").list.len() == 3)["report_id"][0]
    one = Kept(kept.collected, kept.reports.filter(report_id=years[0]), kept.reviewed, kept.today)
    build(released.path, tmp_path / "one", one, "r2")
    lone = (tmp_path / "one" / "reports" / f"{years[0]}.html").read_text("utf-8")
    assert not any(other in lone for other in years[1:])
    build(released.path, tmp_path / "other", gone, "r2")
    others = pages(tmp_path / "other")
    assert not any(name.startswith("reports/") for name in others)
    assert not any(b'href="../reports/' in page for page in others.values())


def test_one_site_takes_the_place_of_the_other_in_one_step(released, tmp_path) -> None:
    link = tmp_path / "site"
    released.site(link)
    first = link.resolve()
    (tmp_path / ".sites" / "killed").mkdir()
    released.site(link)
    assert link.is_symlink() and link.resolve() != first
    assert [each.name for each in (tmp_path / ".sites").iterdir()] == [link.resolve().name]
    assert (tmp_path / ".sites").parent == link.resolve().parents[1]


def test_what_stands_in_the_place_is_left_alone(released, tmp_path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "mine.txt").write_text("mine")
    with pytest.raises(SiteError, match="is in the place of the site: move it away"):
        released.site(tmp_path / "site")
    assert (tmp_path / "site" / "mine.txt").read_text() == "mine"


def test_what_was_built_is_told(released, tmp_path) -> None:
    built = released.site(tmp_path / "site")
    html = {name: len(page) for name, page in pages(tmp_path / "site").items() if name.endswith(".html")}
    assert (built.pages, built.largest_bytes) == (len(html), max(html.values()))
    assert html[built.largest] == built.largest_bytes
