"""`juesuan check`."""

import html
import json
import re
from decimal import Decimal
from pathlib import Path

import pytest

from flows.cli import main
from sources.writer.compose import write_report
from sources.writer.render import FORMATS
from sources.writer.report import Change
from tests.reconcile.across.conftest import pairs_of_accounts


@pytest.fixture
def wrong(real_reports: Path) -> Path:
    """A report whose items of social security do not add up to their class."""
    return next(real_reports.glob("000_*.txt"))


@pytest.fixture
def sound(real_reports: Path) -> Path:
    return next(real_reports.glob("001_*.txt"))


def test_a_sound_report_is_consistent(sound, capfd):
    assert main(["check", str(sound)]) == 0
    assert "exact" in capfd.readouterr().out


def test_a_violated_total_is_told_with_its_sides_its_cause_and_the_marked_figures(wrong, capfd):
    assert main(["check", str(wrong)]) == 1
    out = capfd.readouterr().out
    assert "H S14" in out and "[97.93]万元" in out
    assert "likely cause: missing item" in out
    assert "right would be 97.66 万元" in out
    table = out[out.index("  equation") :]
    assert table.index("violated") < table.index("rounding ") < table.index("exact")


def test_one_wrong_report_among_sound_ones_decides_the_exit_status(wrong, sound, capfd):
    assert main(["check", str(sound), str(wrong)]) == 1
    out = capfd.readouterr().out
    assert str(sound) in out and str(wrong) in out


def test_an_unreadable_file_among_others_is_told_and_the_others_are_checked(sound, tmp_path, capfd):
    (tmp_path / "empty.txt").touch()
    assert main(["check", str(tmp_path / "empty.txt"), str(sound)]) == 2
    out, err = capfd.readouterr()
    assert "empty" in err and str(sound) in out


def test_json_names_the_facts_that_took_part(wrong, capfd):
    assert main(["check", str(wrong), "--format", "json"]) == 1
    (checked,) = json.loads(capfd.readouterr().out)
    assert not checked["consistent"]
    violated = next(
        check for check in checked["checks"] if check["equation"] == "S14" and check["verdict"] == "violated"
    )
    assert violated["residual"] == "2700.000000"
    assert [fact["value"] for fact in violated["facts"]] == ["97.93", "18.94", "46.88", "3.81", "28.03"]


def test_the_page_holds_the_whole_text_with_its_figures_marked_and_asks_for_nothing(wrong, capfd):
    assert main(["check", str(wrong), "--format", "html"]) == 1
    page = capfd.readouterr().out
    assert re.search(r'<mark class="violated" title="[^"]*">社会保障和就业支出97.93万元</mark>', page)
    text = re.search(r"<pre>(.*)</pre>", page, re.DOTALL)
    assert text and html.unescape(re.sub(r"<[^>]+>", "", text[1])) == wrong.read_text(encoding="utf-8")
    assert not re.search(r"(?:src|href)=|<script", page)


def test_markup_in_a_report_stays_text(sound, tmp_path, capfd):
    hostile = tmp_path / "<b>.txt"
    hostile.write_text(
        sound.read_text(encoding="utf-8").replace("机关运行经费", "<script>alert(1)</script>机关运行经费"), "utf-8"
    )
    main(["check", str(hostile), "--format", "html"])
    page = capfd.readouterr().out
    assert "<script" not in page and "&lt;script&gt;alert(1)" in page and "<b>.txt" not in page


def test_two_years_of_one_publisher_are_held_against_each_other(tmp_path, capfd):
    first, second = next(
        pair for pair in pairs_of_accounts(40) if all(each.value("gpb_expenditure_yoy_rate") for each in pair)
    )
    wrong = Change("gpb_expenditure_yoy_change", Decimal("0.02"))
    files = [tmp_path / f"{name}.txt" for name in ("before", "right", "wrong")]
    for file, figures, changed in zip(files, (first, second, second), (None, None, wrong), strict=True):
        file.write_bytes(FORMATS["txt"](write_report(figures, 7, changed, choices={"style.yuan": 0})))
    before, right, misprinted = map(str, files)
    assert main(["check", misprinted]) == 0
    assert "Y01" not in capfd.readouterr().out
    assert main(["check", before, right]) == 0
    assert "Y01 gpb_expenditure" in (out := capfd.readouterr().out) and "≠" not in out
    assert main(["check", misprinted, before]) == 0
    assert re.search(r"Y01 一般公共预算财政拨款支出 .* ≠ .*before\.txt", capfd.readouterr().out)
