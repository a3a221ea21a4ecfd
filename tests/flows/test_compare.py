"""Two years of some publishers and a roster, through the flow: witnesses of the run, witnesses of the release, and who is missing."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from flows import compare
from flows.annual import annual
from flows.summary import Summary
from sources.writer.compose import write_report
from sources.writer.figures import Figures
from sources.writer.render import FORMATS
from sources.writer.report import Change
from tests.reconcile.across.conftest import pairs_of_accounts

PUBLISHERS = 4
MISPRINTED, RESTATED, SILENT = 0, 1, 2
CHANGE = "gpb_expenditure_yoy_change"


def text(figures: Figures, number: int) -> bytes:
    """A report; of the second year, one misprints a change, another one says that offices were merged, too."""
    second = figures.year != accounts()[number][0].year
    wrong = second and number in (MISPRINTED, RESTATED)
    changed = Change(CHANGE, Decimal("5.00")) if wrong else None
    content = FORMATS["txt"](write_report(figures, 7, changed, choices={"style.yuan": 0})).decode()
    if second and number == RESTATED:
        start = content.index(f"{figures.year - 1}年", content.index("收入支出决算总体情况"))
        end = content.index("。", start)
        content = f"{content[:end]}，主要原因是机构改革后两个中心并入{content[end:]}"
    return content.encode()


@cache
def accounts() -> list[list[Figures]]:
    """Publishers that state the change of general public budget expenditure and its amount in both years."""
    stated = [
        each
        for each in pairs_of_accounts(40)
        if all(f.publisher.kind == "部门" and f.value(CHANGE) and f.value("gpb_expenditure_yoy_rate") for f in each)
    ]
    return stated[:PUBLISHERS]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """first/ and second/ with the reports of the years; all.toml has both, and a roster."""
    folder = tmp_path_factory.mktemp("reports")
    listed = ["entity,region_code,kind,from,until,deadline"]
    for number, pair in enumerate(accounts()):
        publisher = pair[0].publisher
        for name, figures in zip(("first", "second"), pair, strict=True):
            (folder / name).mkdir(exist_ok=True)
            if (number, name) != (SILENT, "second"):
                (folder / name / f"{number}.txt").write_bytes(text(figures, number))
        listed.append(f"{publisher.entity},{publisher.region_code},部门,{pair[0].year},{pair[1].year},")
    (folder / "roster.csv").write_text("\n".join(listed), encoding="utf-8")
    for catalogue, names in (("all", ("first", "second")), ("later", ("second",))):
        sources = "".join(f'[[source]]\nname = "{name}"\npath = "{name}"\n' for name in names)
        (folder / f"{catalogue}.toml").write_text('roster = "roster.csv"\n' + sources, encoding="utf-8")
    return folder


def run(inputs: Path, data: Path) -> Summary:
    state = annual([str(inputs)], data=str(data), return_state=True)
    return state.result(raise_on_failure=False)


def mart(data: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(data / "marts" / "current" / f"{name}.parquet")


def told(data: Path) -> list[tuple[object, ...]]:
    """The findings across years: publisher by number, equation, severity, diagnosis."""
    names = {pair[0].publisher.entity: number for number, pair in enumerate(accounts())}
    found = mart(data, "findings").filter(pl.col("equation").str.starts_with("Y"), pl.col("verdict") == "violated")
    rows = found.select("entity", "instance", "severity", "diagnosis", "residual").rows()
    return sorted((names[row[0]], *row[1:]) for row in rows)


EXPECTED = [
    (MISPRINTED, "gpb_expenditure", "D", None, -50_000),
    (RESTATED, "gpb_expenditure", "S", "restated", -50_000),
]


@pytest.fixture(scope="module")
def together(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Summary]:
    data = tmp_path_factory.mktemp("together")
    return data, run(folder / "all.toml", data)


def test_both_years_in_one_run(together: tuple[Path, Summary]) -> None:
    data, summary = together
    assert summary["published"] == 2 * PUBLISHERS - 1
    assert told(data) == EXPECTED
    sentence = mart(data, "findings").filter(equation="Y01", severity="D", verdict="violated")["sentence"]
    assert "一般公共预算" in sentence[0]


def test_who_is_listed_and_has_not_published_is_missing_by_name(together: tuple[Path, Summary]) -> None:
    data, summary = together
    silent = accounts()[SILENT][1]
    (entry,) = summary["entries"]
    assert (entry["status"], entry["name"]) == ("missing", f"{silent.publisher.entity} {silent.year} 部门")
    assert entry["why"] == f"It was to be published by {silent.year + 1}-10-31, and no source has it."
    coverage = mart(data, "coverage")
    assert coverage.height == 2 * PUBLISHERS
    assert coverage.filter("late")["entity"].to_list() == [silent.publisher.entity]


def test_a_second_run_redoes_nothing(folder: Path, together: tuple[Path, Summary]) -> None:
    again = run(folder / "all.toml", together[0])
    assert {now for now, _ in again["work"].values()} == {0}
    assert again["release"] == together[1]["release"]


def test_slices_keep_what_belongs_to_a_report_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three pairs, and a department of three units: 40 facts each, 200 in a slice."""
    monkeypatch.setattr(compare, "SLICE", 200)
    ids = [f"{number:016x}" for number in range(9)]
    identity = {
        "fiscal_year": 2020,
        "region_code": "510403",
        "kind": "部门",
        "url": "",
        "facts": 40,
        "code_revision": "",
    }
    reports = pl.DataFrame([{"report_id": each, "entity_key": each, **identity} for each in ids])
    field = compare.Field(reports, reports.clear().select(compare.IDENTITY), None, reports, reports)
    pairs = pl.DataFrame({"report_id": ids[:3], "prior": ids[3:6]})
    assert [part["report_id"].to_list() for part in compare._slices(field, pairs, "prior")] == [ids[:2], ids[2:3]]
    units = pl.DataFrame({"report_id": [ids[0]] + [ids[1]] * 3, "unit": ids[5:9]})
    assert [part["unit"].to_list() for part in compare._slices(field, units, "unit")] == [ids[5:6], ids[6:9]]


def test_the_year_before_stands_in_the_release(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compare, "SLICE", 1)
    first = run(folder / "first", tmp_path)
    assert (first["published"], first["entries"], told(tmp_path)) == (PUBLISHERS, [], [])
    later = run(folder / "later.toml", tmp_path)
    assert told(tmp_path) == EXPECTED
    # What the release has is published, though no source of this run has it.
    assert [entry["url"].split("/")[0] for entry in later["entries"]] == [
        "roster:" + accounts()[SILENT][0].publisher.region_code
    ]
    assert mart(tmp_path, "coverage").height == 2 * PUBLISHERS


def test_what_is_not_due_yet_does_not_fail_the_run(folder: Path, tmp_path: Path) -> None:
    roster = "entity,region_code,kind,from\n某市某局,510403,部门,2098\n"
    (folder / "future.csv").write_text(roster, encoding="utf-8")
    (folder / "future.toml").write_text(
        'fiscal_year = 2098\nroster = "future.csv"\n[[source]]\nname = "a"\npath = "first/3.txt"\nfiscal_year = '
        f"{accounts()[3][0].year}\n",
        encoding="utf-8",
    )
    summary = run(folder / "future.toml", tmp_path)
    assert (summary["published"], summary["entries"]) == (1, [])
    assert [entry["why"] for entry in summary["awaited"]] == ["It is not due before 2099-10-31."]
