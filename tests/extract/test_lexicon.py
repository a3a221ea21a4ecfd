"""The taxonomy's rows are checked as they are loaded."""

import csv
import re
import shutil
from pathlib import Path

import pytest

from tasks.extract.data import LONGEST, TAXONOMY, TaxonomyError, remembered, rows
from tasks.extract.document import plain_forms
from tasks.extract.lexicon import Lexicon, lexicon

PHRASES = Path(__file__).parent / "phrases"


@pytest.fixture
def taxonomy(tmp_path: Path) -> Path:
    for file in TAXONOMY.glob("*.csv"):
        shutil.copy(file, tmp_path)
    return tmp_path


def append(path: Path, *cells: str) -> None:
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerow(cells)


@pytest.mark.parametrize(
    ("file", "cells", "complaint"),
    [
        ("labels.csv", ("一", "", "money", "支出", "", "no_such_concept", "", ""), "unknown concept no_such_concept"),
        ("labels.csv", ("一", "", "furlong", "支出", "", "revenue_total", "", ""), "unknown unit 'furlong'"),
        ("labels.csv", ("一", "", "money", "(支出", "", "revenue_total", "", ""), "not a regular expression"),
        ("labels.csv", ("一", "money"), "wrong number of columns"),
        ("sections.csv", ("一", "", "", "any", "core", "[一"), "not a regular expression"),
    ],
)
def test_a_wrong_row_is_told_with_file_and_line(
    taxonomy: Path, file: str, cells: tuple[str, ...], complaint: str
) -> None:
    append(taxonomy / file, *cells)
    with pytest.raises(TaxonomyError, match=rf"{file}, line \d+: .*{complaint}"):
        Lexicon(taxonomy)


def test_the_longest_label_wins() -> None:
    matcher = lexicon().matcher("六", "万元", "")
    found = matcher.fixed_before("2022年一般公共预算财政拨款基本支出")
    assert found is not None
    assert found[0].concepts == ("gpb_basic_expenditure",)


def test_a_label_before_other_words_is_no_label() -> None:
    assert lexicon().matcher("七", "万元", "").fixed_before("公务接待费用来接待外宾时另付") is None


@pytest.mark.parametrize("phrases", sorted(PHRASES.glob("*.toml")), ids=lambda path: path.stem)
def test_asides_begin_with_the_characters_that_their_rows_name(phrases: Path) -> None:
    reasons = [row for _, row in rows("reasons.csv", "reason", "begins", "pattern", "description")]
    text = plain_forms(phrases.read_text(encoding="utf-8"))
    for row in reasons:
        found = re.compile(row["pattern"]).finditer(text)
        assert {aside[0][0] for aside in found if not re.match(f"[{row['begins']}]", aside[0])} == set()


def test_short_texts_are_remembered_and_long_ones_are_not() -> None:
    asked: list[str] = []

    @remembered
    def length(text: str) -> int:
        asked.append(text)
        return len(text)

    short, long = "支" * LONGEST, "支" * (LONGEST + 1)
    assert [length(text) for text in (short, short, long, long)] == [LONGEST, LONGEST, LONGEST + 1, LONGEST + 1]
    assert asked == [short, long, long]
