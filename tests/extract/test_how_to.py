"""The page docs/how-to-add-a-phrasing.md: a new phrasing is one row of data."""

import shutil
import sys
from pathlib import Path

import pytest

from tasks.extract.data import TAXONOMY
from tasks.extract.lexicon import Lexicon
from tests.extract.conftest import extraction_of

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to-add-a-phrasing.md"
SENTENCE = "本年度机关事务保障支出18.20万元，比上年增加1.20万元，增长7.06%。"
REPORT = f"某市某区档案馆2022年度部门决算\n（一）机关运行经费支出情况\n{SENTENCE}\n"
ROW = "十 十（一）,,money,机关事务保障(?:支出)?,,agency_operating_expenditure,,\n"


def test_one_row_teaches_a_phrasing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = extraction_of(REPORT)
    assert before.facts.is_empty()
    assert before.reports["unmapped"][0] == 3

    for file in TAXONOMY.glob("*.csv"):
        shutil.copy(file, tmp_path)
    with (tmp_path / "labels.csv").open("a", encoding="utf-8") as labels:
        labels.write(ROW)
    taught = Lexicon(tmp_path)
    monkeypatch.setattr(sys.modules["tasks.extract.extract"], "lexicon", lambda: taught)
    facts = extraction_of(REPORT).facts
    assert facts.select("concept", "value").rows() == [
        ("agency_operating_expenditure", "18.20"),
        ("agency_operating_expenditure_yoy_change", "1.20"),
        ("agency_operating_expenditure_yoy_rate", "7.06"),
    ]


def test_the_page_tells_this_example() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert SENTENCE in page
    for cell in ROW.strip().split(","):
        assert f"`{cell}`" in page or not cell
