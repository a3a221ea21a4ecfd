"""Documents that are reports, and documents that are something else."""

import hashlib

import polars as pl
import pytest

from schemas.curated import FACTS, MENTIONS, OUTCOMES, REPORTS
from schemas.raw import BLOCKS, DOCUMENTS
from schemas.validate import validate
from tasks.extract import Extraction, extract
from tasks.read import read_all

REPORT = """某市某区档案馆2022年度部门决算
第二部分 2022年度部门决算情况说明
一、收入支出决算总体情况说明
2022年度收、支总计12.5万元。全年接待读者3批。
"""
BUDGET = """某市某区档案馆2022年部门预算编制说明
一、部门预算收支总体情况
2022年预算收入总计12.5万元，其中一般公共预算拨款收入12.5万元。
"""


def extraction(
    texts: dict[str, str], known: dict[str, object] | None = None, *, require_year: bool = True
) -> Extraction:
    named = [(hashlib.sha256(text.encode()).hexdigest(), name, text.encode()) for name, text in texts.items()]
    empty = dict.fromkeys(DOCUMENTS.schema, [None] * len(named))
    columns = empty | {
        "document": [sha for sha, _, _ in named],
        "source": ["composed"] * len(named),
        "url": list(texts),
    }
    columns |= {name: [value] * len(named) for name, value in (known or {}).items()}
    return extract(read_all(named).blocks, DOCUMENTS.frame(columns), "r1", require_year=require_year)


def test_all_frames_keep_their_contracts() -> None:
    result = extraction({"a.txt": REPORT, "b.txt": BUDGET})
    validate(result.reports, REPORTS)
    validate(result.facts, FACTS)
    validate(result.mentions, MENTIONS)
    validate(result.outcomes, OUTCOMES)
    assert result.reports["url"].to_list() == ["a.txt"]


def test_a_budget_is_set_aside_with_a_sentence_and_stops_nothing() -> None:
    outcomes = extraction({"a.txt": REPORT, "b.txt": BUDGET}).outcomes
    assert outcomes["outcome"].to_list() == ["done", "unreadable"]
    assert "b.txt" in outcomes["message"][1] and "budget" in outcomes["message"][1]


def test_a_quantity_that_nothing_explains_is_counted() -> None:
    result = extraction({"a.txt": REPORT})
    assert result.mentions.filter(pl.col("outcome") == "unmapped")["text"].to_list() == ["3批"]
    assert result.reports.select("facts", "mentions", "unmapped").row(0) == (2, 4, 1)


def test_amounts_are_exact_yuan() -> None:
    facts = extraction({"a.txt": REPORT}).facts
    assert facts["amount_cny"].cast(pl.String).to_list() == ["125000.0000"] * 2


def test_the_word_of_the_catalogue_wins() -> None:
    known = {"fiscal_year": 2021, "region_code": "510403", "entity": "某馆", "kind": "单位"}
    report = extraction({"a.txt": REPORT}, known).reports
    assert report.select("fiscal_year", "region_code", "entity", "kind").row(0) == (2021, "510403", "某馆", "单位")


def test_a_fragment_without_a_year_is_read_only_when_asked() -> None:
    fragment = "一、收入支出决算总体情况说明\n收、支总计12.5万元，比上年增加1万元。\n"
    refused = extraction({"c.txt": fragment})
    assert refused.reports.is_empty() and "fiscal year" in refused.outcomes["message"][0]
    assert extraction({"c.txt": fragment}, require_year=False).facts.height == 4


def test_an_empty_batch_gives_empty_frames() -> None:
    result = extract(BLOCKS.frame(), DOCUMENTS.frame())
    assert result.reports.is_empty() and result.facts.schema == FACTS.schema


@pytest.mark.parametrize("other", ["这是一篇散文，没有任何数字。\n", "2022年政府工作报告\n全市生产总值增长6%。\n"])
def test_a_text_of_another_genre_is_refused(other: str) -> None:
    assert extraction({"d.txt": other}).outcomes["outcome"].to_list() == ["unreadable"]


@pytest.mark.parametrize(
    ("number", "unit", "is_held"),
    [
        ("99999999999.999999", "万元", True),
        ("123456789012", "万元", False),
        ("9999999", "亿元", True),
        ("12345678", "亿元", False),
        ("999999999999999.9999", "元", True),
        ("0.12345", "元", False),
        ("0.1234567", "万元", False),
        ("1234567890123456789012345.67", "万元", False),
        ("1,234,567,890,123,456,789", "万元", False),
    ],
)
def test_a_number_with_more_digits_than_any_account_is_set_aside(number: str, unit: str, is_held: bool) -> None:
    result = extraction({"a.txt": REPORT.replace("12.5万元", number + unit)})
    mentions = result.mentions.filter(pl.col("text") == number + unit)
    assert mentions["outcome"].to_list() == ["fact" if is_held else "set_aside"]
    assert mentions["reason"].to_list() == [None if is_held else "overlong"]
    assert [value for value in result.facts["value"] if value in number.replace(",", "")] == (
        [number, number] if is_held else []
    )
