"""`juesuan check`."""

import contextlib
import json
import os
import pty
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from flows.cli import main
from flows.report import open_report
from schemas.curated import VERDICTS
from sources.writer.compose import write_report
from sources.writer.render import FORMATS
from sources.writer.report import Change
from tests.reconcile.across.conftest import pairs_of_accounts

HOUSE = Path(__file__).resolve().parents[2]
SAMPLES = HOUSE / "sources" / "sample"


@pytest.fixture
def wrong() -> Path:
    """A report whose items of social security do not add up to their class."""
    return SAMPLES / "000.docx"


@pytest.fixture
def contradictory() -> Path:
    """A report that states a total twice, and differently, and procurement that its kinds exceed."""
    return SAMPLES / "003.docx"


@pytest.fixture
def sound() -> Path:
    return SAMPLES / "002.txt"


def as_json(capfd: pytest.CaptureFixture[str], *files: Path) -> list[dict]:
    main(["check", *map(str, files), "--format", "json"])
    return json.loads(capfd.readouterr().out)


def test_a_sound_report_is_consistent(sound, capfd):
    assert main(["check", str(sound)]) == 0
    assert "exact" in capfd.readouterr().out


def test_a_violated_total_is_told_with_its_sides_its_cause_and_the_marked_figures(wrong, capfd):
    assert main(["check", str(wrong)]) == 1
    out = capfd.readouterr().out
    assert "H S14" in out and "[97.93万元]" in out
    assert "likely cause: missing item" in out
    assert "right would be 97.66 万元" in out
    table = out[out.index("  check ") :]
    assert table.index("violated") < table.index("rounding  H") < table.index("exact")


def test_one_wrong_report_among_sound_ones_decides_the_exit_status(wrong, sound, capfd):
    assert main(["check", str(sound), str(wrong)]) == 1
    out = capfd.readouterr().out
    assert str(sound) in out and str(wrong) in out


def test_an_unreadable_file_among_others_is_told_and_the_others_are_checked(sound, tmp_path, capfd):
    (tmp_path / "empty.txt").touch()
    assert main(["check", str(tmp_path / "empty.txt"), str(sound)]) == 2
    out, err = capfd.readouterr()
    assert "empty" in err and str(sound) in out


def test_what_could_not_be_evaluated_is_counted_by_reason_and_listed_on_demand(wrong, capfd):
    assert main(["check", str(wrong)]) == 1
    short = capfd.readouterr().out
    assert main(["check", str(wrong), "--all"]) == 1
    long = capfd.readouterr().out
    idle = as_json(capfd, wrong)[0]["counts"]["not_evaluated"]
    listed = r"^  \S.* not evaluated +[HDS] "
    assert (len(re.findall(listed, short, re.MULTILINE)), len(re.findall(listed, long, re.MULTILINE))) == (0, idle)
    assert f"{idle} not evaluated (--all lists them): " in short and "× figures that the equation needs" in short


def test_columns_stand_below_each_other_though_some_signs_are_wide(wrong, capfd):
    main(["check", str(wrong), "--all"])
    out = capfd.readouterr().out
    table = [line for line in out[out.index("  check ") :].splitlines() if line]
    ends = {wide(re.split(r" [HDS]  ", line, maxsplit=1)[0]) for line in table[1:]}
    assert len(table) > 60 and len(ends) == 1
    assert any("慰问" in line for line in table)


def wide(text: str) -> int:
    """Columns of a text: Chinese characters are encoded in two bytes, and take two."""
    return len(text.replace("·", "  ").encode("gb18030")) - text.count("·") - text.count("—")


def test_figures_of_one_sentence_are_marked_in_it(contradictory, capfd):
    assert main(["check", str(contradictory)]) == 1
    out = capfd.readouterr().out
    assert "政府采购支出总额[0万元]，其中：政府采购货物支出[13.36万元]、政府采购工程支出[0万元]" in out


def test_several_files_end_with_a_line_for_each(wrong, sound, tmp_path, capfd):
    (tmp_path / "empty.txt").touch()
    assert main(["check", *map(str, (sound, wrong, tmp_path / "empty.txt"))]) == 2
    out = capfd.readouterr().out
    *_, total, unreadable, first, second = out.splitlines()
    assert total == "3 files: 1 consistent, 1 violated, 1 unreadable"
    assert unreadable.startswith(f"  unreadable    {tmp_path}")
    assert first.startswith(f"  violated      {wrong}") and second.startswith(f"  consistent    {sound}")


def test_a_file_in_which_nothing_can_be_recomputed_is_no_pass(tmp_path, capfd):
    note = tmp_path / "note.txt"
    note.write_text("样例局2023年度部门决算\n本单位的决算另行公开。\n", "utf-8")
    assert main(["check", str(note)]) == 2
    assert "nothing in it could be recomputed" in capfd.readouterr().err
    assert main(["check", str(note), "--format", "json"]) == 2
    (told,) = json.loads(capfd.readouterr().out)
    assert (told["status"], told["consistent"]) == ("unchecked", False)


@pytest.mark.parametrize(
    ("environment", "coloured"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)],
)
def test_colours_are_for_terminals_that_want_them(wrong, environment, coloured):
    end, terminal = pty.openpty()
    program = [sys.executable, "-m", "flows.cli", "check", str(wrong)]
    clean = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "TERM")}
    with subprocess.Popen(program, cwd=HOUSE, stdout=terminal, env={"TERM": "xterm"} | clean | environment) as process:
        os.close(terminal)
        out = b""
        # The end of a terminal that its program has left raises an error on Linux.
        with contextlib.suppress(OSError):
            while part := os.read(end, 65536):
                out += part
    os.close(end)
    assert process.returncode == 1 and "97.93万元" in out.decode()
    assert (b"\x1b[" in out) is coloured


def test_a_pipe_gets_no_colours(wrong, capfd):
    main(["check", str(wrong)])
    assert "\x1b" not in capfd.readouterr().out


def test_json_names_the_facts_that_took_part(wrong, capfd):
    (checked,) = as_json(capfd, wrong)
    assert (checked["status"], checked["consistent"], checked["error"]) == ("violated", False, None)
    verdicts = [check["verdict"] for check in checked["checks"]]
    assert checked["counts"] == {verdict: verdicts.count(verdict) for verdict in VERDICTS}
    violated = next(
        check for check in checked["checks"] if check["equation"] == "S14" and check["verdict"] == "violated"
    )
    assert violated["residual"] == "2700.000000" and violated["right"] == "976600.000000"
    assert violated["diagnosis"] == "missing_item" and "漏列项目" in violated["cause"]
    assert [fact["value"] for fact in violated["facts"]] == ["97.93", "18.94", "46.88", "3.81", "28.03"]
    text = "".join(open_report(wrong).blocks["text"])
    for fact in violated["facts"]:
        assert text[fact["number_start"] : fact["number_end"]] == fact["value"] + fact["unit"]


def test_json_says_what_would_be_right_only_where_that_can_be_said(contradictory, capfd):
    (checked,) = as_json(capfd, contradictory)
    right = {check["equation"]: check["right"] for check in checked["checks"] if check["verdict"] == "violated"}
    assert (right["S10"], right["S24"], right["T01"]) == ("3767700.000000", "133600.000000", None)
    assert {check["verdict"] for check in checked["checks"] if check["right"] is not None} == {"violated"}


def test_json_has_an_object_for_every_file_as_documented(wrong, sound, tmp_path, capfd):
    files = [str(wrong), str(tmp_path / "absent.txt"), str(sound)]
    assert main(["check", *files, "--format", "json"]) == 2
    told = json.loads(capfd.readouterr().out)
    assert [(each["file"], each["status"]) for each in told] == list(
        zip(files, ["violated", "unreadable", "consistent"], strict=True)
    )
    assert "cannot be read" in told[1]["error"] and told[1]["checks"] == []
    documented = set(re.findall(r"^\| `([a-z_]+)` \|", (HOUSE / "docs" / "check.md").read_text("utf-8"), re.MULTILINE))
    check = told[0]["checks"][0]
    for each in (*told, check, check["facts"][0]):
        assert set(each) <= documented


def test_output_goes_to_the_file_that_is_named(sound, tmp_path, capfd):
    for name in ("text", "json", "html"):
        assert main(["check", str(sound), "--format", name, "-o", str(tmp_path / name)]) == 0
        assert (tmp_path / name).stat().st_size > 1000
    assert capfd.readouterr().out == ""
    assert main(["check", str(sound), "-o", str(tmp_path / "no" / "folder")]) == 2
    assert "cannot be written" in capfd.readouterr().err


def test_the_page_names_every_report_and_what_is_not_on_it(wrong, sound, tmp_path, capfd):
    (tmp_path / "<empty>.txt").touch()
    assert main(["check", *map(str, (wrong, sound, tmp_path / "<empty>.txt")), "--format", "html"]) == 2
    page = capfd.readouterr().out
    assert "2 reports" in page and "1 file is not on this page" in page and "&lt;empty&gt;.txt" in page
    told = as_json(capfd, wrong, sound)
    failed = [report["counts"]["violated"] for report in told if report["counts"]["violated"]]
    assert [int(count) for count in re.findall(r"(\d+) failed equations?", page)] == failed
    assert page.count("No failed equations") == len(told) - len(failed)
    for report in told:
        assert f"{report['counts']['not_evaluated']} checks could not be evaluated" in page


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
    told = {(check["equation"], claim["quote"]) for check in violated for claim in check["spans"]}
    assert words <= told
    assert not [rule for rule, _ in told if rule in ("C04", "G02", "G05", "W03")]


def test_words_without_a_figure_are_shown_with_their_place(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    lines = (
        "某县财政局2022年度部门决算",
        "第二部分 2022年度部门决算情况说明",
        "七、“三公”经费财政拨款支出决算情况说明",
        "公务接待费支出决算比2021年增加/减少0万元。",
    )
    (file := tmp_path / "report.txt").write_text("\n".join(lines), encoding="utf-8")
    main(["check", str(file)])
    assert "    七, paragraph 4: 公务接待费支出决算比2021年[增加/减少]0万元" in capfd.readouterr().out


def test_a_reason_copied_from_the_item_above_is_shown_beside_it(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    item = "教育支出（类）普通教育（款）{}（项）：支出决算为{}万元，主要原因是校舍修缮{}万元未结算。"
    spent = (("小学教育", 90, 3.5), ("初中教育", 80, 3.5), ("高中教育", 70, 3.6))
    lines = (
        "某县财政局2022年度部门决算",
        "第二部分 2022年度部门决算情况说明",
        "五、一般公共预算财政拨款支出决算情况说明",
        "（三）一般公共预算财政拨款支出决算具体情况",
        *(f"{number}.{item.format(*each)}" for number, each in enumerate(spent, start=1)),
    )
    (file := tmp_path / "report.txt").write_text("\n".join(lines), encoding="utf-8")
    main(["check", str(file), "--format", "json"])
    (checked,) = json.loads(capfd.readouterr().out)
    assert [check["instance"] for check in checked["checks"] if check["equation"] == "W08"] == ["五（三）/2050203"]


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
    assert "[比2020年]增加/减少0万元" in out and "比2020年[增加/减少]0万元" in out
    main(["check", str(draft), "--format", "html"])
    page = capfd.readouterr().out
    for words in ("决算数小于预算数", "比2020年", "增加/减少"):
        assert re.search(f"<[^>]+>{words}</", page)


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
