"""Charts, the grid of coverage, addresses, and the index of the search."""

import json
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from tasks.publish.site.charts import HIGH, columns, share, short
from tasks.publish.site.grid import ALONE, Regions, totals
from tasks.publish.site.rendering import file_name, web
from tasks.publish.site.search import index
from tasks.publish.site.shelf import Shelf

MILLION = Decimal(1_000_000)


def test_a_year_without_an_amount_has_no_column_and_zero_has_one_of_a_pixel() -> None:
    drawn = columns([(2020, MILLION), (2021, None), (2022, Decimal(0)), (2023, MILLION / 2)]).columns
    assert [each.height for each in drawn] == [HIGH, 0, 1, HIGH // 2]
    assert [each.shown for each in drawn] == ["100", "–", "0", "50.00"]
    assert [each.year for each in drawn] == [2020, 2021, 2022, 2023]


def test_what_is_negative_has_no_height_but_its_number() -> None:
    drawn = columns([(2020, MILLION), (2021, -MILLION)]).columns
    assert (drawn[1].height, drawn[1].shown) == (1, "-100")


@pytest.mark.parametrize(("amount", "shown"), [("12345600", "1,235"), ("990000", "99.00"), ("45612000000000", "456,120.0亿"), ("1", "0.00")])  # fmt: skip
def test_amounts_are_shortened_to_what_a_chart_has_room_for(amount, shown) -> None:
    assert short(Decimal(amount)) == shown


def test_a_share_is_within_its_bar() -> None:
    assert [share(each, MILLION) for each in (None, -MILLION, MILLION / 4, 2 * MILLION)] == [0, 0, 0.25, 1]
    assert share(MILLION, None) == share(MILLION, Decimal(0)) == 0


@pytest.mark.parametrize(
    ("url", "linked", "name"),
    [
        ("https://example.org/a.html", "https://example.org/a.html", "https://example.org/a.html"),
        ("/srv/reports/a.txt", "", "a.txt"),
        ("javascript:alert(1)//x", "", "x"),
        ("data:text/html,x", "", "html,x"),
        ("http:///nowhere", "", "nowhere"),
        ("https://[broken", "", "[broken"),
        ("roster:510403/局", "", "局"),
    ],
)
def test_only_sites_are_led_to_and_no_path_is_told(url, linked, name) -> None:
    assert (web(url), file_name(url)) == (linked, name)


def shelf(rows: list[tuple[str | None, int | None, str]], names: dict[str, str]) -> Shelf:
    """A shelf of coverage rows: region, year, status."""
    coverage = pl.DataFrame(
        [(code, year, status, f"局{number}", "部门", f"u{number}", "x") for number, (code, year, status) in enumerate(rows)],
        {"region_code": pl.String, "fiscal_year": pl.Int16, "status": pl.String, "entity": pl.String, "kind": pl.String, "url": pl.String, "entity_id": pl.String},
        orient="row",
    )  # fmt: skip
    reports = pl.DataFrame(
        {"region_code": list(names), "region_name": list(names.values())},
        {"region_code": pl.String, "region_name": pl.String},
    )
    nothing = pl.DataFrame()
    return Shelf(Path(), {}, reports, coverage, nothing, nothing, nothing)


def test_the_grid_counts_what_is_expected_by_region_and_year() -> None:
    rows = [("510403", 2020, "published"), ("510403", 2020, "held"), ("510403", 2021, "missing"), ("110101", 2021, "published"), (None, None, "unreadable")]  # fmt: skip
    regions = Regions(shelf(rows, {"510403": "四川省攀枝花市西区"}))
    assert regions.years == [2021, 2020, None]
    lines = regions.top()
    assert [(line.page, line.name) for line in lines] == [
        ("110101", "110101"),
        ("510403", "四川省攀枝花市西区"),
        ("000000", ""),
    ]
    assert [cell.total for cell in lines[1].cells] == [1, 2, 0]
    assert lines[1].cells[1].counts == {"published": 1, "held": 1, "unreadable": 0, "missing": 0}
    assert [cell.total for cell in totals(lines)] == [2, 2, 1]


def test_many_regions_stand_below_their_provinces() -> None:
    codes = [f"5101{number:02d}" for number in range(ALONE)] + ["110101"]
    regions = Regions(shelf([(code, 2020, "published") for code in codes], {"510100": "四川省成都市锦江区"}))
    assert [(line.page, line.name, line.cells[0].total) for line in regions.top()] == [
        ("11", "11", 1),
        ("51", "四川省", ALONE),
    ]
    assert [line.code for line in regions.within("51")] == codes[:-1]


def test_the_index_tells_publishers_with_their_years_and_leads_to_no_page_that_is_not_there(released, reports) -> None:
    from tasks.publish.site.shelf import shelf as of_release

    told = of_release(released.path)
    shown = set(reports["report_id"][1:])
    script = index(told, Regions(told), shown)
    assert "<" not in script
    data = json.loads(script.removeprefix("window.juesuanIndex = ").removesuffix(";\n"))
    assert sorted(len(years) for *_, years in data["publishers"]) == [1, 1, 3, 3]
    listed = {report for *_, years in data["publishers"] for _, report, _ in years}
    assert listed == shown | {""}
    assert {sign for *_, years in data["publishers"] for *_, sign in years} == {"=", "≠"}
