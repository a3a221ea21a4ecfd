"""The pages: self-contained, escaped, and readable in a real browser that has no network."""

import re
import shutil
import subprocess
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from expectations.docs import render
from expectations.docs.failed import SHOWN_ROWS
from expectations.docs.pages import split_quote
from expectations.tables import ACKNOWLEDGEMENTS, FAILURES, RATES, RESULTS

HELD, REVIEWED, NOTED, CLEAN = ("a" * 16, "b" * 16, "c" * 16, "d" * 16)
HOSTILE = '<script src="https://evil.example/x.js">alert(1)</script>'


NOT_MET = (
    "coverage.report-read", "totals.S03", "coverage.facts-complete", "totals.P04", "coverage.unmapped-of-run",
    "acknowledged.still-needed",
)  # fmt: skip
"""The expectations that broke or failed, the gravest first."""


def result(suite: str, name: str, severity: str, evaluated: int, failing: int, error: str | None = None) -> tuple:
    return (suite, name, f"What {name} expects", severity, not failing and not error, evaluated, failing, error)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory, reports, facts, checks) -> Path:
    """The folder of an audit with a held, an acknowledged, a recorded and a clean report."""
    total = {"lhs": Decimal("7970200"), "rhs": Decimal("7967300"), "residual": Decimal("2900"), "bound": Decimal("250")}
    tables = {
        "curated.reports": reports(
            {"report_id": HELD, "entity": f"甲局{HOSTILE}"},
            {"report_id": REVIEWED, "entity": "乙局"},
            {"report_id": NOTED, "entity": "丙局"},
            {"report_id": CLEAN, "entity": "丁局"},
        ),
        "curated.checks": checks(
            total
            | {
                "report_id": HELD,
                "finding": "1" * 12,
                "verdict": "violated",
                "diagnosis": "missing_item",
                "message": "the functions add up to 796.73 万元, the total says 797.02 万元",
            },
            {"report_id": HELD, "equation": "S04", "verdict": "not_evaluated", "message": "no opening balance is printed"},
            total | {"report_id": REVIEWED, "finding": "2" * 12, "verdict": "acknowledged", "message": f"reviewed {HOSTILE}"},
            {"report_id": NOTED, "finding": "3" * 12, "verdict": "violated", "severity": "D", "message": "4.43 % is 4.64 %"},
            {"report_id": CLEAN},
        ),
        "curated.facts": facts(
            {"report_id": HELD, "quote": f"收入{HOSTILE}合计1,234.56万元"}, {"report_id": HELD, "fact": 1, "quote": "无"}
        ),
        "audit.acknowledgements": ACKNOWLEDGEMENTS.frame(
            {
                "finding": ["2" * 12],
                "reason": [f"misprint {HOSTILE}"],
                "by": ["Li"],
                "date": [date(2026, 1, 31)],
                "until": [date(2026, 12, 31)],
            }
            | {name: [None] for name in ("report_id", "equation", "entity", "fiscal_year", "instance", "lhs", "rhs")}
        ),
        "audit.rates": RATES.frame(
            {
                "dimension": ["run", "run", "region"],
                "place": ["", "", "510403"],
                "name": ["the run", "the run", f"region {HOSTILE}"],
                "equation": ["S03", "S04", "S03"],
                "severity": ["H", "H", "H"],
                "evaluated": [40, 12, 20],
                "violated": [6, 0, 6],
                "acknowledged": [1, 0, 0],
                "rate": [Decimal(15), Decimal(0), Decimal(30)],
            }
        ),
    }  # fmt: skip
    results = pl.DataFrame(
        [
            result("totals", "S03", "critical", 4, 1),
            result("totals", "P04", "warning", 1, 1),
            result("coverage", "facts-complete", "critical", 4, 1),
            result("coverage", "report-read", "critical", 0, 0, "column facts is gone"),
            result("coverage", "unmapped-of-run", "info", 1250, 250),
            result("acknowledged", "still-needed", "info", 1, 1),
            result("releases", "rows-kept", "warning", 0, 0),
        ],
        RESULTS.schema,
        orient="row",
    )
    failures = pl.DataFrame(
        [
            ("totals", "S03", "critical", HELD, "1" * 12, "told by the check", "2900", "250"),
            ("coverage", "facts-complete", "critical", HELD, None, f"2 facts are lost {HOSTILE}", "-2", "at most 0"),
            ("totals", "P04", "warning", NOTED, "3" * 12, "told by the check", None, None),
            *(
                ("coverage", "unmapped-of-run", "info", None, None, f"number {n}", "60", "at most 50")
                for n in range(250)
            ),
            ("acknowledged", "still-needed", "info", "9" * 16, "9" * 12, f"it is settled {HOSTILE}", None, None),
        ],
        FAILURES.schema,
        orient="row",
    )
    folder = tmp_path_factory.mktemp("audit") / "docs"
    (folder / "reports").mkdir(parents=True)
    (folder / "reports" / "former.html").touch()
    render(results, failures, [HELD], [], tables, folder)
    return folder


def text(page: Path) -> str:
    return page.read_text("utf-8")


def test_a_page_for_the_run_each_report_with_findings_and_each_expectation_not_met(pages: Path) -> None:
    assert {each.relative_to(pages).as_posix() for each in pages.rglob("*.html")} == {
        "index.html",
        "rates.html",
        *(f"expectations/{name}.html" for name in NOT_MET),
        *(f"reports/{report_id}.html" for report_id in (HELD, REVIEWED, NOTED)),
    }
    assert [each.name for each in pages.parent.iterdir()] == ["docs"]


def test_every_link_of_every_page_leads_to_a_page(pages: Path) -> None:
    links = [(page, link) for page in pages.rglob("*.html") for link in re.findall(r'href="([^"]*)"', text(page))]
    assert len(links) > 6
    for page, link in links:
        file, _, anchor = link.partition("#")
        assert f'id="{anchor}"' in text(page.parent / file) if anchor else (page.parent / file).is_file()


def test_no_page_runs_or_loads_anything(pages: Path) -> None:
    for page in pages.rglob("*.html"):
        assert not re.search(r"<script|<img|<link|<iframe|<object|url\(|@import|\bsrc=\"", text(page))
        assert "://" not in text(page).replace("https://evil.example", "")


def test_names_sentences_quotes_and_reasons_are_escaped(pages: Path) -> None:
    escaped = "&lt;script src=&#34;https://evil.example/x.js&#34;&gt;"
    for page, times in (("index.html", 4), (f"reports/{HELD}.html", 4)):
        assert text(pages / page).count(escaped) >= times


def test_held_findings_come_first_with_their_sentence(pages: Path) -> None:
    index = text(pages / "index.html")
    order = [
        "1 report is held",
        "What was not met",
        *(f"expectations/{name}.html" for name in NOT_MET),
        "Held reports",
        "2 facts are lost",
        "the functions add up to 796.73 万元",
    ]
    order += ["Acknowledged discrepancies", "misprint", "Li, 2026-01-31, until 2026-12-31", "Recorded, not holding"]
    order += ["4.43 % is 4.64 %", "Error rates", "look at the reading first", "column facts is gone"]
    place = 0
    for each in order:
        place = index.index(each, place)
    assert "丁局" not in index


def test_a_finding_shows_sides_bound_cause_and_marked_quotes(pages: Path) -> None:
    page = text(pages / "reports" / f"{HELD}.html")
    for told in (
        "797.02 万元",
        "796.73 万元",
        "0.29 万元",
        "0.025 万元",
        "missing item",
        "no opening balance is printed",
    ):
        assert told in page
    assert "合计<mark>1,234.56</mark>万元" in page
    assert f"juesuan acknowledge {'1' * 12}" in page


def test_the_page_of_an_expectation_shows_what_fails_it(pages: Path) -> None:
    page = text(pages / "expectations" / "totals.S03.html")
    for shown in (
        "What S03 expects",
        f"../reports/{HELD}.html#{'1' * 12}",
        "797.02 万元",
        "0.025 万元",
        "missing item",
    ):
        assert shown in page
    assert "合计<mark>1,234.56</mark>万元" in page
    told = text(pages / "expectations" / "coverage.facts-complete.html")
    assert "2 facts are lost" in told and ">-2<" in told and "at most 0" in told
    assert "The expectation itself broke: column facts is gone" in text(
        pages / "expectations" / "coverage.report-read.html"
    )


def test_a_page_shows_as_many_rows_as_can_be_read_and_tells_of_the_others(pages: Path) -> None:
    page = text(pages / "expectations" / "coverage.unmapped-of-run.html")
    assert page.count("<article") == SHOWN_ROWS
    assert "and 50 rows more: this page shows the first 200." in page
    index = text(pages / "index.html")
    assert "number 2" in index and "number 3" not in index


def test_rates_tell_where_to_look_first(pages: Path) -> None:
    page = text(pages / "rates.html")
    run, region = page.split("By region")
    assert "15.0 %" in run and "S04" in run and "look here first" not in run
    assert "30.0 %" in region and "look here first" in region


def test_what_had_nothing_to_look_at_is_told_as_not_evaluated(pages: Path) -> None:
    index = text(pages / "index.html")
    assert "not evaluated" in index[index.index("rows-kept") :]


def test_a_browser_without_a_network_shows_the_findings(pages: Path, tmp_path: Path) -> None:
    browser = shutil.which("chromium")
    assert browser, "chromium is not installed; `make test` installs it, or: apt-get install -y chromium"
    flags = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    flags += " --disable-component-update --disable-sync --dump-dom"
    options = [*flags.split(), "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={tmp_path / 'profile'}"]
    dumped = subprocess.run(
        [browser, *options, (pages / "index.html").as_uri()], capture_output=True, text=True, timeout=60, check=True
    )
    assert "the functions add up to 796.73 万元, the total says 797.02 万元" in dumped.stdout
    assert "<script" not in dumped.stdout


@pytest.mark.parametrize(
    ("quote", "value", "marked"),
    [
        ("收入总计1,234.56万元", "1234.56", "1,234.56"),
        ("11月支出1万元", "1", "1"),
        ("占4.43%", "4.4", ""),
        ("减少0.5万元", "-0.5", "0.5"),
        ("与上年持平", "0", ""),
        ("无", "", ""),
    ],
)
def test_the_figure_is_marked_in_its_quote(quote: str, value: str, marked: str) -> None:
    before, found, after = split_quote(quote, value)
    assert (found, before + found + after) == (marked, quote)


def test_an_identity_that_is_a_path_is_refused(tmp_path: Path, reports, facts, checks) -> None:
    tables = {
        "curated.reports": reports({"report_id": "../../etc"}),
        "curated.checks": checks({"report_id": "../../etc", "verdict": "violated"}),
        "curated.facts": facts(),
    }
    with pytest.raises(ValueError, match="is not a report_id"):
        render(RESULTS.frame(), FAILURES.frame(), [], [], tables, tmp_path / "docs")
