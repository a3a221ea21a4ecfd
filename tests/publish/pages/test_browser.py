"""The page in a real browser: what a click, a key and a pointer do, with and without scripts, for every reader."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from flows.report import Checked
from tasks.publish.pages import page as render

DESKTOP, PHONE = (1280, 800), (390, 844)
HOSTILE = """</style></script><script>window.owned = 1</script><img src=x onerror="window.owned = 1">'"&amp;{{ 7*7 }}"""
SERIOUS = ("serious", "critical")

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
def opened(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Opens a page as a file; at the end it must have asked for nothing else and complained of nothing."""
    contexts = []
    requests: list[str] = []
    complaints: list[str] = []

    def opened(html: str, size: tuple[int, int] = DESKTOP, scripts: bool = True, dark: bool = False) -> Page:
        (tmp_path / "page.html").write_text(html, "utf-8")
        contexts.append(
            browser.new_context(
                viewport={"width": size[0], "height": size[1]},
                java_script_enabled=scripts,
                color_scheme="dark" if dark else "light",
            )
        )
        page = contexts[-1].new_page()
        page.set_default_timeout(5_000)
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto((tmp_path / "page.html").as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []
    assert len(requests) == len(contexts), requests


def in_view(element: Locator) -> bool:
    """Whether all of an element is inside the window."""
    inside: bool = element.evaluate(
        "(each) => { const r = each.getBoundingClientRect();"
        " return r.top >= 0 && r.bottom <= innerHeight && r.left >= 0 && r.right <= innerWidth }"
    )
    return inside


def finding(checked: Checked, equation: str) -> dict:
    return checked.checks.filter(equation=equation, verdict="violated").row(0, named=True)


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_a_click_on_a_failed_equation_shows_and_highlights_all_its_figures(wrong, opened, size) -> None:
    page = opened(render([wrong.rows]), size)
    check = finding(wrong, "S04")
    values = wrong.report.facts.filter(pl.col("fact").is_in(check["facts"]))["value"].to_list()
    card = page.locator(f"article[id='{check['finding']}']")
    assert page.locator(".on").count() == 0
    card.get_by_role("link", name="Show").click()
    lit = page.locator(".f.on")
    texts = lit.all_inner_texts()
    assert len(texts) == len(set(check["facts"])) >= 3
    assert all(any(value in text.replace(",", "") for text in texts) for value in values)
    expect(lit.first).to_be_in_viewport(ratio=1)
    assert in_view(lit.first)
    expect(page.get_by_role("status")).to_have_text(f"S04: {len(texts)} places highlighted")
    card.locator(".quotes a").last.click()
    assert in_view(lit.last)
    page.locator("article[data-p]").last.get_by_role("link", name="Show").click()
    assert sorted(lit.all_inner_texts()) != sorted(texts)


def test_pointing_at_a_figure_tells_what_it_states_and_escape_ends_that(wrong, opened) -> None:
    page = opened(render([wrong.rows]))
    fact = wrong.report.facts.filter(concept="revenue_total", section="一").row(0, named=True)
    tip = page.locator("#tip")
    expect(tip).to_be_hidden()
    figure = page.locator(f"#f{fact['fact']}")
    figure.hover()
    expect(tip).to_be_visible()
    told = tip.inner_text()
    for part in ("收入总计", "Total revenue", str(fact["fiscal_year"]), f"{fact['amount_cny']:,.0f} 元", "一", "≠ S04"):
        assert part in told
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    page.mouse.move(2, 2)
    figure.hover()
    tip.hover()
    page.wait_for_timeout(400)
    expect(tip).to_be_visible()
    page.mouse.move(2, 2)
    expect(tip).to_be_hidden()


def test_the_keyboard_reaches_a_figure_its_explanation_and_its_equation(wrong, opened) -> None:
    page = opened(render([wrong.rows]))
    check = finding(wrong, "S04")
    figure = page.locator(f"#f{min(check['facts'])}")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(400):
        page.keyboard.press("Tab")
        if figure.evaluate("(each) => each === document.activeElement"):
            break
    expect(figure).to_be_focused()
    expect(page.locator("#tip")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#tip a").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(figure).to_be_focused()
    page.keyboard.press("Enter")
    page.locator("#tip").get_by_role("link", name="≠ S04").press("Enter")
    card = page.locator(f"article[id='{check['finding']}']")
    expect(card).to_be_in_viewport()
    expect(card).to_have_class("card bad on")


def test_a_click_on_a_figure_lights_up_its_failed_equation(wrong, opened) -> None:
    page = opened(render([wrong.rows]))
    check = finding(wrong, "S04")
    page.locator(f"#f{check['facts'][0]}").click()
    expect(page.locator("article.on")).to_be_in_viewport()
    assert page.locator(".f.on").count() >= 2
    expect(page.locator("#tip")).to_be_visible()


def test_without_scripts_the_links_lead_to_the_figures_and_back(wrong, opened) -> None:
    page = opened(render([wrong.rows]), scripts=False)
    card = page.locator(f"article[id='{finding(wrong, 'S04')['finding']}']")
    card.locator(".quotes a").nth(1).click()
    figure = page.locator(".f:target")
    assert in_view(figure)
    plain = page.locator(".f:not(.x)").first.evaluate("(each) => getComputedStyle(each).outlineStyle")
    assert figure.evaluate("(each) => getComputedStyle(each).outlineStyle") != plain
    figure.click()
    row = page.locator("tr:target")
    assert in_view(row)
    row.get_by_role("link", name="≠ S04").click()
    expect(card).to_be_in_viewport()
    assert page.locator(".filter").count() == 0


def test_checks_that_hold_are_folded_away_and_filtered_by_their_words(wrong, opened) -> None:
    page = opened(render([wrong.rows]))
    rows = page.locator("details.list").first.locator("tbody tr")
    expect(rows.first).to_be_hidden()
    page.locator("summary", has_text="checks hold").click()
    assert (
        rows.filter(visible=True).count() == wrong.checks.filter(pl.col("verdict").is_in(["exact", "rounding"])).height
    )
    page.get_by_label("Filter").first.fill("S20")
    assert set(rows.filter(visible=True).locator("td:first-child").all_inner_texts()) == {"S20"}


@pytest.mark.parametrize(("size", "dark"), [(DESKTOP, True), (PHONE, False)])
def test_axe_finds_nothing_serious(samples, opened, size, dark) -> None:
    # Its time grows with the page: a sample has every kind of element in a small one.
    page = opened(render([samples[0].rows], ["x.doc: is broken"]), size, dark=dark)
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
    page.locator("a.f.x").first.focus()
    page.get_by_role("link", name="Show").first.click()
    found = Axe().run(page).response
    assert [(each["id"], each["nodes"][0]["html"]) for each in found["violations"] if each["impact"] in SERIOUS] == []
    assert len(found["passes"]) > 20


def test_a_phone_needs_no_scrolling_to_the_side(wrong, opened) -> None:
    page = opened(render([wrong.rows]), PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    page.locator("a.f.x").first.click()
    tip = page.locator("#tip")
    expect(tip).to_be_in_viewport(ratio=1)
    assert tip.bounding_box()["width"] == PHONE[0]


def test_on_paper_the_text_stands_below_the_findings(wrong, opened) -> None:
    page = opened(render([wrong.rows]))
    page.emulate_media(media="print")
    findings, text = page.locator(".panel").bounding_box(), page.locator(".document").bounding_box()
    assert findings["y"] + findings["height"] <= text["y"]
    assert page.locator(".panel").evaluate("(each) => getComputedStyle(each).overflowY") == "visible"
    expect(page.get_by_role("link", name="Show").first).to_be_hidden()


def test_whatever_a_report_says_is_text(checked_file, in_formats, opened) -> None:
    hostile = in_formats["txt"].decode().replace("机关运行经费", f"{HOSTILE}机关运行经费")
    checked = checked_file("a'\"><b>.txt", hostile.encode())
    identity = checked.report.reports.with_columns(entity=pl.lit(f"局{HOSTILE}"), region_name=pl.lit(HOSTILE))
    checks = checked.checks.with_columns(message=pl.lit(HOSTILE), diagnosis=pl.lit(HOSTILE), instance=pl.lit(HOSTILE))
    facts = checked.report.facts.with_columns(
        member_name=pl.lit(HOSTILE), place=pl.lit(HOSTILE), unit=pl.lit(HOSTILE), section=pl.lit(HOSTILE)
    )
    rows = replace(checked.rows, report=identity, checks=checks, facts=facts, notes=[HOSTILE])
    page = opened(render([rows, rows], [HOSTILE]))
    page.locator("a.f.x").first.click()
    expect(page.locator("#tip")).to_contain_text(HOSTILE)
    assert HOSTILE in page.locator(".document").first.inner_text()
    assert HOSTILE in page.locator("h2").nth(1).inner_text()
    assert page.evaluate("window.owned") is None
    assert page.locator("script").count() == 1 and page.locator("img, b b").count() == 0


@pytest.mark.parametrize("format_name", ["txt", "docx", "html", "pdf", "xlsx"])
def test_every_format_is_shown_as_a_whole(checked_file, in_formats, opened, format_name) -> None:
    checked = checked_file(f"report.{format_name}", in_formats[format_name])
    page = opened(render([checked.rows]))
    # Lines of the legend are ours.
    shown = page.locator(".document > div").evaluate("(each) => each.textContent")
    headings = "".join(page.locator(".source").all_text_contents())
    blank = str.maketrans("", "", " \n\t\r\f\xa0\u3000")
    expected = "".join(checked.report.blocks["text"]).translate(blank)
    assert len(shown.translate(blank)) == len(expected) + len(headings.translate(blank))
    if not headings:
        assert shown.translate(blank) == expected
    assert page.locator(".document .f[id]").count() == checked.report.mentions.filter(outcome="fact").height > 20
    tables = checked.report.blocks["table"].drop_nulls().n_unique()
    assert page.locator(".document table").count() == tables > 0


def test_a_check_of_words_shows_its_words_though_they_overlap(wrong, opened) -> None:
    text = "".join(wrong.report.blocks["text"])
    fact = wrong.report.facts.filter(concept="revenue_total", section="一").row(0, named=True)
    first, second = (fact["start"], fact["end"] + 2), (fact["end"] - 2, fact["end"] + 6)
    claims = pl.DataFrame([(7, *first), (9, *second)], ["claim", "start", "end"], orient="row")
    ours = wrong.checks["equation"] == "S04"
    checks = wrong.checks.with_columns(
        claims=pl.Series([[7, 9] if each else [] for each in ours]), facts=pl.lit([], pl.List(pl.Int32))
    )
    page = opened(render([replace(wrong.rows, checks=checks, claims=claims)]))
    page.locator(f"article[id='{finding(wrong, 'S04')['finding']}']").get_by_role("link", name="Show").click()
    lit = page.locator(".w.on")
    expect(lit.first).to_be_in_viewport()
    assert "".join(lit.all_text_contents()) == text[first[0] : second[1]]
    assert page.locator(f"#f{fact['fact']}").count() == 1
    # The stretch that cuts the figure holds the whole of it.
    pieces = page.locator("[data-w~='w1']").all_text_contents()
    assert fact["value"] in "".join(pieces).replace(",", "")


def test_reports_on_one_page_keep_to_themselves(wrong, samples, opened) -> None:
    page = opened(render([each.rows for each in (wrong, wrong, *samples)]))
    anchors = page.evaluate("[...document.querySelectorAll('[id]')].map((each) => each.id)")
    assert len(anchors) == len(set(anchors))
    targets = page.evaluate("[...document.querySelectorAll('a[href]')].map((each) => each.getAttribute('href'))")
    assert len(targets) > 1000 and {each.removeprefix("#") for each in targets} <= set(anchors)
    page.get_by_role("navigation").get_by_role("link").nth(1).click()
    second = page.locator("#r2-report")
    expect(second).to_be_in_viewport()
    second.get_by_role("link", name="Show").first.click()
    assert page.locator("#r1-report .on").count() == 0 < second.locator(".f.on").count()


def test_the_drawn_scale_sets_the_printed_figure_outside_of_the_legitimate_interval(wrong, opened) -> None:
    check = finding(wrong, "S04")
    assert check["residual"] == Decimal(10_000) > check["bound"]
    page = opened(render([wrong.rows]))
    scale = page.locator(f"article[id='{check['finding']}']").get_by_role("img")
    lhs, rhs = (f"{check[side] / 10_000:,.2f} 万元" for side in ("lhs", "rhs"))
    told = f"Scale: printed {lhs}, recomputed {rhs}; legitimate is what lies within 0.015 万元 of the latter"
    expect(scale).to_have_attribute("aria-label", told)
    legitimate, printed = scale.locator("rect").bounding_box(), scale.locator(".printed").bounding_box()
    assert legitimate["x"] + legitimate["width"] < printed["x"]
