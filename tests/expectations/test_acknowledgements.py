import re
import subprocess
import sys
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from expectations.acknowledgements import FIGURES, AcknowledgementError, add, apply, load, verify

TODAY = date(2026, 1, 31)
VIOLATED = {"finding": "0123456789ab", "report_id": "0" * 16, "equation": "S13", "verdict": "violated", "lhs": None}
HEADER = "finding,reason,by,date,until\n"
ROW = "0123456789ab,misprint,Li,2026-01-01,\n"


def test_a_missing_file_holds_none_unless_it_was_named(tmp_path: Path) -> None:
    assert load(tmp_path / "none.csv").is_empty()
    with pytest.raises(AcknowledgementError, match=r"none\.csv: there is no such file"):
        load(tmp_path / "none.csv", named=True)


def test_what_was_added_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "data" / "acknowledged.csv"
    add(path, [VIOLATED], "misprint", "Li", None, TODAY)
    add(path, [VIOLATED | {"finding": "f" * 12, "entity": "某局", "lhs": 1}], "item left out", "Wu", TODAY, TODAY)
    assert load(path).select("finding", "equation", "entity", "lhs", "reason", "by", "date", "until").rows() == [
        ("0123456789ab", "S13", None, None, "misprint", "Li", TODAY, None),
        ("f" * 12, "S13", "某局", "1", "item left out", "Wu", TODAY, TODAY),
    ]
    assert [each.name for each in path.parent.iterdir()] == ["acknowledged.csv"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(reason=st.text(st.characters(codec="utf-8")).filter(str.strip), newline=st.booleans())
def test_any_reason_comes_back_in_one_line(tmp_path: Path, reason: str, newline: bool) -> None:
    path = tmp_path / "acknowledged.csv"
    path.write_text(HEADER + ROW.rstrip("\n") + "\n" * newline)
    add(path, [VIOLATED | {"finding": "f" * 12}], reason, "Li", None, TODAY)
    assert load(path)["reason"].to_list() == ["misprint", " ".join(reason.split())]


def test_what_people_wrote_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "acknowledged.csv"
    before = ("\ufeff" + HEADER.replace("\n", "\r\n") + ROW.replace("\n", "\r\n")).encode()
    path.write_bytes(before)
    add(path, [VIOLATED | {"finding": "f" * 12}], "misprint", "Li", None, TODAY)
    assert path.read_bytes() == before + b"ffffffffffff,misprint,Li,2026-01-31,\n"


def test_several_are_added_together_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "acknowledged.csv"
    add(path, [VIOLATED, VIOLATED | {"finding": "f" * 12}], "misprint", "Li", None, TODAY)
    assert load(path)["finding"].to_list() == ["0123456789ab", "f" * 12]
    before = path.read_bytes()
    wrong = [VIOLATED | {"finding": "e" * 12}, VIOLATED | {"finding": "d" * 12, "verdict": "exact"}]
    with pytest.raises(AcknowledgementError, match="only a violated one"):
        add(path, wrong, "misprint", "Li", None, TODAY)
    assert path.read_bytes() == before


def test_a_last_day_that_is_past_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AcknowledgementError, match="2026-01-30 is past"):
        add(tmp_path / "acknowledged.csv", [VIOLATED], "misprint", "Li", TODAY - timedelta(days=1), TODAY)
    assert not (tmp_path / "acknowledged.csv").exists()


@pytest.mark.parametrize(
    ("change", "reason", "by", "told"),
    [
        ({}, "misprint", "Li", "listed in line 2 already"),
        ({"finding": "f" * 12, "verdict": "rounding"}, "misprint", "Li", "only a violated one"),
        ({"finding": "f" * 12}, " ", "Li", "column reason: it must not be empty"),
        ({"finding": "f" * 12}, "misprint", "", "column by: it must not be empty"),
    ],
)
def test_refused_additions_leave_the_file_alone(tmp_path: Path, change, reason, by, told) -> None:
    path = tmp_path / "acknowledged.csv"
    path.write_text(HEADER + ROW)
    with pytest.raises(AcknowledgementError, match=told):
        add(path, [VIOLATED | change], reason, by, None, TODAY)
    assert path.read_text() == HEADER + ROW


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "line 1: the header lacks finding, reason, by, date"),
        ("finding,reason,by\n", "line 1: the header lacks date"),
        ("finding,reason,by,date,untill\n", "line 1: the header has 'untill'"),
        ("finding,reason,by,date,by\n", "line 1: the header has 'by', 'by'"),
        (HEADER + "x,misprint,Li,2026-01-01,\n", "line 2, column finding: 'x' is not a finding"),
        (HEADER + ROW + "\n" + ROW, "line 4, column finding: 0123456789ab is listed in line 2 already"),
        (HEADER + ROW.replace("misprint", " "), "line 2, column reason: it must not be empty"),
        (HEADER + ROW.replace("Li", ""), "line 2, column by: it must not be empty"),
        (HEADER + ROW.replace("2026-01-01", "2026/1/1"), "line 2, column date: '2026/1/1' is not a date"),
        (HEADER + ROW.replace("2026-01-01", "2026-02-30"), "line 2, column date: '2026-02-30' is not a date"),
        (HEADER + ROW.replace(",\n", ",soon\n"), "line 2, column until: 'soon' is not a date"),
        (HEADER + "0123456789ab,misprint\n", "line 2: 2 fields where the header names 5 columns"),
        (HEADER + '0123456789ab,"mis"print,Li,2026-01-01,\n', "line 2: this is not CSV"),
    ],
)
def test_an_inadmissible_file_is_told_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "acknowledged.csv"
    path.write_text(text)
    with pytest.raises(AcknowledgementError, match=re.escape(f"{path}, {told}")):
        load(path)


def test_a_file_in_another_encoding_is_told(tmp_path: Path) -> None:
    path = tmp_path / "acknowledged.csv"
    path.write_bytes((HEADER + ROW.replace("misprint", "笔误")).encode("gbk"))
    with pytest.raises(AcknowledgementError, match="not UTF-8"):
        load(path)


@pytest.mark.parametrize(
    ("until", "verdict", "expected"),
    [
        ("", "violated", "acknowledged"),
        ("2026-01-31", "violated", "acknowledged"),
        ("2026-01-30", "violated", "violated"),
        ("", "not_evaluated", "not_evaluated"),
    ],
)
def test_a_listed_finding_is_acknowledged_to_its_last_day(tmp_path: Path, checks, until, verdict, expected) -> None:
    path = tmp_path / "acknowledged.csv"
    path.write_text(HEADER + ROW.replace(",\n", f",{until}\n"))
    before = checks({"finding": "0123456789ab", "verdict": verdict}, {"finding": "f" * 12, "verdict": "violated"})
    after = apply(before.lazy(), load(path), TODAY).collect()
    assert after["verdict"].to_list() == [expected, "violated"]
    assert after.drop("verdict").equals(before.drop("verdict"))
    assert after.schema == before.schema


def test_acknowledging_loads_no_validation_engine() -> None:
    loaded = "import sys, expectations.acknowledgements; print({'great_expectations', 'pandera'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True).stdout == "set()\n"


SAID = {
    "equation": "S14",
    "entity": "某局",
    "fiscal_year": "2023",
    "instance": "208",
    "lhs": "979300",
    "rhs": "976600.000000",
}
OTHERWISE = {
    "equation": "S15",
    "entity": "另一局",
    "fiscal_year": "2022",
    "instance": "210",
    "lhs": "979300.000001",
    "rhs": "97.66万元",
}


@pytest.fixture
def reviewed(tmp_path: Path, checks, reports):
    """A file of one acknowledgement that says this of its finding, with the checks and reports that it is about."""
    sides = {"lhs": Decimal(979300), "rhs": Decimal(976600), "equation": "S14", "instance": "208"}
    known = checks({"finding": "0123456789ab", "verdict": "violated"} | sides).lazy(), reports({})

    def says(columns: dict[str, str], finding: str = "0123456789ab"):
        path = tmp_path / "acknowledged.csv"
        header, row = ",".join(columns), ",".join(columns.values())
        path.write_text(f"finding,reason,by,date,{header}\n\n{finding},misprint,Li,2026-01-01,{row}\n")
        return path, *known

    return says


def test_what_agrees_with_its_finding_is_accepted(reviewed) -> None:
    verify(*reviewed(SAID))
    verify(*reviewed(dict.fromkeys(FIGURES, "")))
    verify(*reviewed({"report_id": "f" * 16}))


@pytest.mark.parametrize("column", FIGURES)
def test_what_contradicts_its_finding_is_refused_with_line_and_column(reviewed, column: str) -> None:
    path, checks, reports = reviewed(SAID | {column: OTHERWISE[column]})
    with pytest.raises(AcknowledgementError) as refused:
        verify(path, checks, reports)
    assert str(refused.value).startswith(f"{path}, line 3, column {column}: {OTHERWISE[column]!r} is said of finding")


def test_a_finding_that_is_not_there_cannot_be_compared(reviewed, tmp_path: Path) -> None:
    verify(*reviewed(OTHERWISE, finding="f" * 12))
    verify(tmp_path / "none.csv", *reviewed(SAID)[1:])
