"""The site in a real browser, opened from the file system: the way from the overview to two figures, search, keys, readers."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from flows.site import Kept
from tasks.publish.site import build

DESKTOP, PHONE = (1280, 800), (390, 844)
SERIOUS = ("serious", "critical")
HOSTILE = """</script></style><script>window.owned = 1</script><img src=x onerror="window.owned = 1">'"&amp;{{ 7*7 }}"""

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = shutil.which("chromium")
    assert program, "chromium is not installed; `make test` installs it, or: apt-get install -y chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def opened(browser: Browser) -> Iterator[Open]:
    """Opens a page of a site as a file; at the end nothing else was asked for, and nothing complained of."""
    contexts, sites = [], []
    requests: list[str] = []
    complaints: list[str] = []

    def opened(page: Path, size: tuple[int, int] = DESKTOP, language: str = "en-US", **told: object) -> Page:
        sites.append(page.parent.as_uri() if page.name == "index.html" else page.parents[1].as_uri())
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale=language, **told)
        contexts.append(context)
        tab = context.new_page()
        tab.set_default_timeout(5_000)
        tab.on("request", lambda request: requests.append(request.url))
        tab.on("console", lambda message: complaints.append(message.text))
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        tab.goto(page.as_uri())
        return tab

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []
    assert requests and all(url.startswith(tuple(sites)) for url in requests), requests


@pytest.fixture(scope="session")
def held(reports: pl.DataFrame) -> dict:
    return reports.filter(status="held").row(0, named=True)


@pytest.fixture(scope="session")
def kinds(site: Path, reports: pl.DataFrame, held: dict) -> list[Path]:
    """One page of each kind."""
    entity = max((site / "entities").glob("*.html"), key=lambda page: page.stat().st_size)
    first = sorted((site / "rules").glob("*.html"))[0]
    return [site / "index.html", site / "regions" / "000000.html", site / "regions" / f"{held['region_code']}.html", entity, first]  # fmt: skip


def test_from_the_overview_to_the_two_figures_of_a_failed_equation(site, held, released, opened) -> None:
    page = opened(site / "index.html")
    expect(page.locator(".counts li").nth(1)).to_contain_text("1held")
    region = page.locator("#coverage").get_by_role("link").filter(has_text=_region(released, held))
    region.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(held["region_code"])
    page.get_by_role("row").get_by_role("link", name=held["entity"]).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(held["entity"])
    page.locator(".reports").get_by_role("link", name=str(held["fiscal_year"])).click()
    expect(page).to_have_url((site / "reports" / f"{held['report_id']}.html").as_uri())
    card = page.locator("article.card.bad").first
    expect(card.locator(".equation")).to_have_text("S03")
    expect(card.get_by_role("img")).to_be_visible()
    card.get_by_role("link", name="Show").click()
    lit = page.locator(".f.on")
    expect(lit).to_have_count(2)
    assert sorted(text.removesuffix("≠") for text in lit.all_inner_texts()) == ["1523.82万元", "1524.82万元"]
    expect(lit.first).to_be_in_viewport(ratio=1)


def _region(released, held) -> str:
    findings = pl.read_parquet(released.path / "findings.parquet", columns=["report_id", "region_name"])
    return str(findings.filter(report_id=held["report_id"])["region_name"][0])


def test_an_equation_leads_to_its_finding_in_the_report(site, held, opened) -> None:
    page = opened(site / "index.html")
    page.locator("#findings").get_by_role("link", name="S03").click()
    page.get_by_role("link", name=held["entity"]).click()
    expect(page.locator("article:target .equation")).to_have_text("S03")


def test_search_finds_publishers_regions_and_years_with_the_keyboard_alone(site, reports, opened) -> None:
    wanted = reports.filter(status="passed").sort("fiscal_year").row(0, named=True)
    page = opened(site / "index.html")
    page.get_by_role("searchbox").focus()
    page.keyboard.type(f"{wanted['entity'][-3:]} {wanted['fiscal_year']}")
    results = page.locator(".results")
    expect(results.get_by_role("link", name=wanted["entity"])).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(results.get_by_role("link").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    expect(results.get_by_role("link").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(results).to_be_hidden()
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.get_by_role("searchbox").fill(wanted["entity"])
    expect(results.get_by_role("status")).to_have_text("1 found")
    results.get_by_role("link", name=str(wanted["fiscal_year"])).press("Enter")
    expect(page).to_have_url((site / "reports" / f"{wanted['report_id']}.html").as_uri())
    page.get_by_role("searchbox").fill("省")
    expect(page.locator(".results a[href*='/regions/']").first).to_be_visible()
    page.get_by_role("searchbox").fill("nobody has this name")
    expect(page.locator(".results").get_by_role("status")).to_have_text("0 found")


def test_the_language_is_the_readers_and_stays_chosen(site, opened) -> None:
    page = opened(site / "index.html", language="zh-CN")
    heading = page.locator("#coverage h2")
    assert heading.inner_text() == "谁公开了决算"
    page.get_by_role("button", name="English").click()
    assert heading.inner_text() == "Who has published"
    page.locator("#coverage").get_by_role("link").first.click()
    expect(page.get_by_role("button", name="中文")).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "en"


def test_without_scripts_both_languages_are_read_and_links_lead_on(site, held, opened) -> None:
    page = opened(site / "reports" / f"{held['report_id']}.html", java_script_enabled=False)
    assert page.locator(".bar nav").inner_text().split() == [
        "Coverage",
        "公开情况",
        "Findings",
        "核对发现",
        "Data",
        "数据下载",
    ]
    expect(page.get_by_role("searchbox")).to_be_hidden()
    page.locator("article.card.bad .quotes a").first.click()
    expect(page.locator(".f:target")).to_be_in_viewport()


@pytest.mark.parametrize(("size", "language", "dark"), [(DESKTOP, "zh-CN", True), (PHONE, "en-US", False)])
def test_axe_finds_nothing_serious(kinds, opened, size, language, dark) -> None:
    for each in kinds:
        page = opened(each, size, language, color_scheme="dark" if dark else "light")
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
        found = Axe().run(page, options={"preload": False}).response
        wrong = [(rule["id"], rule["nodes"][0]["html"]) for rule in found["violations"] if rule["impact"] in SERIOUS]
        assert wrong == [], each
        assert len(found["passes"]) > 15


def test_axe_finds_nothing_serious_in_the_page_of_a_report(site, held, opened) -> None:
    page = opened(site / "reports" / f"{held['report_id']}.html", PHONE, "zh-CN")
    page.get_by_role("searchbox").fill(held["entity"])
    expect(page.locator(".results a").first).to_be_visible()
    found = Axe().run(page, options={"preload": False}).response
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found["violations"] if rule["impact"] in SERIOUS] == []


def test_a_phone_needs_no_scrolling_to_the_side(kinds, site, held, opened) -> None:
    for each in (*kinds, site / "reports" / f"{held['report_id']}.html"):
        for language in ("zh-CN", "en-US"):
            page = opened(each, PHONE, language)
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0], each


def test_a_publishers_years_are_drawn_and_told(site, reports, released, opened) -> None:
    wanted = reports.group_by("entity").len().filter(len=3)["entity"].sort()[0]
    own = pl.read_parquet(released.path / "reports.parquet").filter(entity=wanted).sort("fiscal_year")
    page = opened(site / "index.html")
    page.get_by_role("searchbox").fill(wanted)
    page.locator(".results").get_by_role("link", name=wanted).click()
    chart = page.locator(".charts svg").first
    expect(chart.locator("rect")).to_have_count(3)
    tops = {row["revenue_current_year"]: chart.locator("rect").nth(number).bounding_box()["height"] for number, row in enumerate(own.iter_rows(named=True))}  # fmt: skip
    assert max(tops, key=lambda amount: tops[amount]) == max(tops)
    page.locator("summary", has_text="Exact amounts").click()
    row = page.get_by_role("row").filter(has_text="Revenue of the year")
    amounts = [f"{amount / 10_000:,.2f}" for amount in own["revenue_current_year"]]
    assert row.get_by_role("cell").all_inner_texts() == amounts


def test_whatever_a_document_or_a_source_says_is_text(released, held, tmp_path, opened) -> None:
    texts = {"entity", "entity_key", "region_name", "message", "why", "instance", "name", "url"}
    hostile = tmp_path / "release"
    hostile.mkdir()
    for file in released.path.iterdir():
        if file.suffix == ".parquet":
            frame = pl.read_parquet(file)
            spoilt = [pl.lit(f"局{HOSTILE}").alias(name) for name in texts.intersection(frame.columns) - {"url"}]
            evil = [pl.lit("javascript:window.owned=1").alias("url")] if "url" in frame.columns else []
            frame.with_columns(*spoilt, *evil).write_parquet(hostile / file.name)
        else:
            shutil.copy(file, hostile)
    kept = released.kept()
    identity = kept.reports.with_columns(entity=pl.lit(HOSTILE), region_name=pl.lit(HOSTILE), url=pl.lit("javascript:window.owned=1"), notes=pl.lit([HOSTILE], pl.List(pl.String)))  # fmt: skip
    build(hostile, tmp_path / "site", Kept(kept.collected, identity, kept.reviewed, kept.today), "r1")
    for folder in ("", "regions", "entities", "rules", "reports"):
        name = "*.html" if folder != "reports" else f"{held['report_id']}.html"
        for path in sorted((tmp_path / "site" / folder).glob(name)):
            page = opened(path)
            assert page.evaluate("window.owned") is None
            assert page.locator("img, a[href^='javascript']").count() == 0
            assert folder == "" or HOSTILE in page.locator("main").inner_text()
    page.get_by_role("searchbox").fill("局")
    expect(page.locator(".results a").first).to_contain_text(HOSTILE)
    assert page.evaluate("window.owned") is None


def test_addresses_of_sites_are_led_to_and_others_are_not(released, tmp_path, opened) -> None:
    release = tmp_path / "release"
    shutil.copytree(released.path, release)
    reports = pl.read_parquet(release / "reports.parquet").with_columns(url=pl.lit('https://example.org/a"b?x=1&y=2'))
    reports.write_parquet(release / "reports.parquet")
    build(release, tmp_path / "site", released.kept(), "r1")
    page = opened(tmp_path / "site" / "reports" / f"{reports['report_id'][0]}.html")
    link = page.get_by_role("link", name="As published")
    expect(link).to_have_attribute("href", 'https://example.org/a"b?x=1&y=2')
    expect(link).to_have_attribute("rel", "external noopener noreferrer")
