"""The gate, over many reports of which a few are wrong: these are held, named and reviewed, and nothing is done twice."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from random import Random

import polars as pl
import pytest

from flows.annual import annual
from flows.report import check, open_report
from flows.summary import Summary, markdown
from sources.writer.accounts import random_figures
from sources.writer.breaking import break_figure
from sources.writer.compose import write_report
from sources.writer.figures import Figures
from sources.writer.render import FORMATS
from sources.writer.wording import random_form
from tests.cli.conftest import juesuan

REPORTS = 200
BROKEN = {
    0: ("three_public_expenditure", "S20"),
    1: ("procurement_expenditure", "S24"),
    2: ("gpb_personnel_expenditure", "S17"),
    5: ("official_vehicle_expenditure", "S21"),
    6: ("expenditure_current_year", "S02"),
    8: ("revenue_current_year", "S01"),
    9: ("revenue_total", "S03"),
}
"""By number of the report, the one figure that is printed as 1 万元 more, and the equation that tells it."""


def publishers() -> Iterator[tuple[int, Figures]]:
    """Numbers and figures of reports that are all of another publisher or year."""
    met = set()
    for number in range(10 * REPORTS):
        figures = random_figures(Random(number), number)
        who = (figures.publisher.region_code, figures.publisher.entity, figures.publisher.kind, figures.year)
        if who not in met:
            met.add(who)
            yield number, figures


def written(number: int, figures: Figures, concept: str | None, format_name: str = "txt") -> bytes:
    form = random_form("A", number)
    if concept:
        return FORMATS[format_name](break_figure(figures, number, concept, Decimal(1), form=form))
    return FORMATS[format_name](write_report(figures, number, form=form))


def run(reports: Path, data: Path) -> tuple[str, str, Summary]:
    state = annual([str(reports)], data=str(data), return_state=True)
    return state.type.value, state.message, state.result(raise_on_failure=False)


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, str, str, Summary]:
    """The folder of the reports, the data folder, and what the first run came to."""
    reports, data = tmp_path_factory.mktemp("many"), tmp_path_factory.mktemp("data")
    for (number, figures), _ in zip(publishers(), range(REPORTS), strict=False):
        concept, _ = BROKEN.get(number, (None, ""))
        (reports / f"{number:03}.txt").write_bytes(written(number, figures, concept))
    return reports, data, *run(reports, data)


def test_seven_broken_reports_are_held_and_named_and_all_others_published(gate) -> None:
    _, data, status, message, summary = gate
    assert status == "FAILED"
    assert summary["published"] == REPORTS - len(BROKEN)
    assert message.startswith(f"{REPORTS - len(BROKEN)} published, {len(BROKEN)} held: ")
    held = {entry["report_id"]: int(Path(entry["url"]).stem) for entry in summary["entries"]}
    assert sorted(held.values()) == sorted(BROKEN)
    told: dict[int, set[str]] = {}
    for finding in summary["findings"]:
        told.setdefault(held[finding["report_id"]], set()).add(finding["message"].split()[0])
    assert all(equation in told[number] for number, (_, equation) in BROKEN.items())
    artifact = markdown(summary, data, data / "docs")
    for finding in summary["findings"]:
        assert finding["finding"] in message
        assert f"`{finding['finding']}`" in artifact
        assert (data / "docs" / "reports" / f"{finding['report_id']}.html").resolve().as_uri() in artifact


def test_reviewed_findings_pass_and_nothing_is_read_again(gate) -> None:
    reports, data, _, _, before = gate
    numbers = [finding["finding"] for finding in before["findings"]]
    reviewed = juesuan("acknowledge", *numbers, "--reason", "as published", "--by", "Tester", data=data)
    assert (reviewed.status, reviewed.out.count("is acknowledged")) == (0, len(numbers)), reviewed.err
    status, message, summary = run(reports, data)
    assert (status, message) == ("COMPLETED", f"{REPORTS} published")
    assert {stage: done for stage, (done, _) in summary["work"].items()} == {
        "read": 0, "extract": 0, "reconcile": 0, "compare": 0, "audit": 1, "publish": 1, "site": 1,
    }  # fmt: skip
    assert (summary["lapsed"], summary["blocked"]) == ([], [])
    marts = data / "marts" / "current"
    statuses = pl.read_parquet(marts / "reports.parquet")["status"].value_counts().sort("status").rows()
    assert statuses == [("acknowledged", len(BROKEN)), ("passed", REPORTS - len(BROKEN))]
    findings = pl.read_parquet(marts / "findings.parquet").filter(verdict="acknowledged")
    assert sorted(findings["finding"]) == sorted(numbers)
    review = findings.select(pl.col("^acknowledged_(by|reason|date|until)$")).unique().row(0, named=True)
    assert (review["acknowledged_by"], review["acknowledged_reason"]) == ("Tester", "as published")
    assert review["acknowledged_date"] is not None and review["acknowledged_until"] is None


def test_what_an_acknowledgement_says_otherwise_than_its_finding_is_refused(gate, tmp_path: Path) -> None:
    reports, data, _, _, before = gate
    file = tmp_path / "reviewed.csv"
    file.write_text(f"finding,reason,by,date,rhs\n{before['findings'][0]['finding']},misprint,Li,2026-01-01,1\n")
    done = juesuan("run", reports, "--acknowledged", file, data=data)
    assert done.status == 2
    assert f"{file}, line 2, column rhs: '1' is said of finding" in done.err


@pytest.mark.parametrize("number", [0, 2])
def test_a_finding_has_one_number_in_every_format(number: int, tmp_path: Path) -> None:
    figures = random_figures(Random(number), number)
    numbers = set()
    for format_name in FORMATS:
        file = tmp_path / f"report.{format_name}"
        file.write_bytes(written(number, figures, BROKEN[number][0], format_name))
        checks = check([open_report(file)])[0].checks
        assert BROKEN[number][1] in checks.filter(verdict="violated")["equation"].to_list()
        numbers.add(tuple(checks.filter(verdict="violated").sort("finding")["finding"]))
        numbers.add(tuple(check([open_report(file)])[0].checks.filter(verdict="violated").sort("finding")["finding"]))
    assert len(numbers) == 1
