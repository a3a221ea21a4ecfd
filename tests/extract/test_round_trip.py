"""What the writer states is what the readers and the extractor find, in every format: nothing more, nothing less."""

import hashlib
import unicodedata
from collections import Counter
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from schemas.raw import DOCUMENTS
from sources.writer.accounts import random_figures
from sources.writer.compose import write_report
from sources.writer.render import FORMATS
from sources.writer.report import Fact, Report
from sources.writer.samples import samples
from tasks.extract import Extraction, extract
from tasks.read import read

# Titles of posts and people stand with or without these words: 行政编制, 行政.
ROLE_WORDS = ("编制", "人员")

Stated = tuple[str, str, str, str, str, int]


def plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def member(concept: str, code: str | None, name: str | None) -> str:
    """A code or a name; totals have none."""
    shown = code or name or ""
    if concept.startswith("staff_"):
        for word in ROLE_WORDS:
            shown = shown.removesuffix(word)
    return "" if shown == "合计" else plain(shown)


def stated(facts: list[Fact]) -> Counter[Stated]:
    return Counter(
        (
            fact.concept,
            member(fact.concept, fact.member_code, fact.member_name),
            fact.period,
            plain(fact.value),
            plain(fact.unit),
            -1 if fact.negative and plain(fact.value).strip("0.") else 1,
        )
        for fact in facts
    )


def found(extraction: Extraction) -> Counter[Stated]:
    return Counter(
        (
            row["concept"],
            member(row["concept"], row["member_code"], row["member_name"]),
            row["period"],
            plain(row["value"]),
            plain(row["unit"]),
            -1 if row["number"] is not None and row["number"] < 0 else 1,
        )
        for row in extraction.facts.iter_rows(named=True)
        if not row["concept"].startswith("indicator_")
    )


def check(report: Report, format_name: str) -> None:
    """Writes, reads and extracts one report, and compares facts, quotes and identity."""
    content = FORMATS[format_name](report)
    document = hashlib.sha256(content).hexdigest()
    name = f"report.{format_name}"
    blocks = read(content, document, name).blocks
    nothing = {column: [None] for column in ("fiscal_year", "region_code", "entity", "kind")}
    documents = DOCUMENTS.frame({"document": [document], "source": ["writer"], "url": [name], **nothing})
    extraction = extract(blocks, documents)
    assert extraction.outcomes["message"].to_list() == [""]

    truth, facts = stated(report.facts), found(extraction)
    assert (truth - facts, facts - truth) == (Counter(), Counter())

    text = "".join(blocks["text"])
    for row in extraction.facts.iter_rows(named=True):
        assert text[row["start"] : row["end"]] == row["quote"]
        assert plain(row["value"]) in plain(row["quote"]).replace(",", "")

    identity = extraction.reports.row(0, named=True)
    publisher = report.publisher
    assert (identity["fiscal_year"], identity["region_code"]) == (report.year, publisher.region_code)
    assert (identity["entity"], identity["kind"]) == (publisher.entity, publisher.kind)


@given(seed=st.integers(min_value=0, max_value=2**32), format_name=st.sampled_from(sorted(FORMATS)))
@example(seed=3, format_name="txt")
@settings(max_examples=40, deadline=None)
def test_random_reports(seed: int, format_name: str) -> None:
    check(write_report(random_figures(Random(seed)), seed), format_name)


@pytest.mark.parametrize("name", sorted(samples()))
def test_bundled_samples(name: str) -> None:
    check(samples()[name], name.rpartition(".")[2])
