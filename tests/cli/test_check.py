"""`juesuan check`."""

import html
import json
import re
from pathlib import Path

import pytest

from flows.cli import main


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


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("002", {("G04", "截至2019年")}),
        ("003", {("G04", "比2018年"), ("W01", "增加/减少"), ("W06", "原因是增加了政府基金"), ("W07", "0万元%")}),
        ("004", {("W01", "***"), ("W02", "20120年")}),
    ],
)
def test_words_that_contradict_figures_or_the_year_are_told(
    name: str, words: set[tuple[str, str]], real_reports: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    main(["check", str(next(real_reports.glob(f"{name}_*.txt"))), "--format", "json"])
    (checked,) = json.loads(capfd.readouterr().out)
    violated = [check for check in checked["checks"] if check["verdict"] == "violated"]
    told = {(check["equation"], claim["words"]) for check in violated for claim in check["claims"]}
    assert words <= told
    assert not [rule for rule, _ in told if rule in ("C04", "G02", "G05", "W03")]


DRAFT = """某县财政局2022年度部门决算
第二部分 2022年度部门决算情况说明
七、财政拨款“三公”经费支出决算情况说明
公务接待费支出决算为5万元，完成预算110%，决算数小于预算数的主要原因是节约。比2020年增加/减少0万元。
"""


def test_words_are_shown_with_their_sentence_and_marked_in_the_text(tmp_path, capfd):
    draft = tmp_path / "draft.txt"
    draft.write_text(DRAFT, "utf-8")
    assert main(["check", str(draft)]) == 0, "words hold no report"
    out = capfd.readouterr().out
    assert (
        "D C04 “决算数小于预算数” of 公务接待费支出: the completion rate is 110%; right would be 决算数大于预算数"
        in out
    )
    assert "[比2020年]增加/减少0万元。" in out
    main(["check", str(draft), "--format", "html"])
    page = capfd.readouterr().out
    for words in ("决算数小于预算数", "比2020年", "增加/减少"):
        assert re.search(f'<mark class="violated" title="[^"]*">{words}</mark>', page)
    text = re.search(r"<pre>(.*)</pre>", page, re.DOTALL)
    assert text and html.unescape(re.sub(r"<[^>]+>", "", text[1])) == DRAFT
