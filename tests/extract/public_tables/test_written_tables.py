"""The tables of written reports, in every layout: exactly the facts that their cells state, nothing unexplained, and the
equations among tables and text hold.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from random import Random

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from schemas.raw import DOCUMENTS
from sources.writer.accounts import random_figures
from sources.writer.compose import write_report
from sources.writer.public_tables import layouts
from sources.writer.render import FORMATS
from sources.writer.report import Report
from sources.writer.wording import random_form
from tasks.extract import Extraction, extract
from tasks.read import read
from tasks.reconcile import reconcile

SEEDS = st.integers(min_value=0, max_value=2**32)
ALIGNED = ("docx", "html")
"""Formats that tell the columns of cells."""

Stated = tuple[str, str, str, str, str]


def write(seed: int, layout: str) -> Report:
    return write_report(random_figures(Random(seed)), seed, form=random_form("AB"[seed % 2], seed), tables=layout)


def read_back(report: Report, suffix: str) -> Extraction:
    content = FORMATS[suffix](report)
    document = hashlib.sha256(content).hexdigest()
    nothing = {column: [None] for column in ("fiscal_year", "region_code", "entity", "kind")}
    documents = DOCUMENTS.frame({"document": [document], "source": ["writer"], "url": [f"x.{suffix}"], **nothing})
    return extract(read(content, document, f"x.{suffix}").blocks, documents)


def stated(report: Report) -> Counter[Stated]:
    return Counter(
        (
            fact.concept,
            fact.member_code or fact.member_name,
            fact.value,
            fact.unit,
            fact.section.replace("table_", "表"),
        )
        for fact in report.facts
        if fact.section.startswith("table_")
    )


def found(extraction: Extraction) -> Counter[Stated]:
    tables = extraction.facts.filter(pl.col("section").str.starts_with("表"))
    member = pl.coalesce("member_code", "member_name", pl.lit(""))
    return Counter(tables.select("concept", member, "value", "unit", "section").iter_rows())


@pytest.mark.parametrize("layout", layouts())
@given(seed=SEEDS, suffix=st.sampled_from(ALIGNED))
@example(seed=15943, suffix="html")
@settings(max_examples=15, deadline=None)
def test_tables_come_back_exactly(layout: str, seed: int, suffix: str) -> None:
    report = write(seed, layout)
    extraction = read_back(report, suffix)
    truth, facts = stated(report), found(extraction)
    assert truth
    assert (truth - facts, facts - truth) == (Counter(), Counter())
    unmapped = extraction.mentions.filter(pl.col("section").str.starts_with("表"), outcome="unmapped")
    assert unmapped["text"].to_list() == []


@pytest.mark.parametrize("layout", layouts())
@given(seed=SEEDS)
@settings(max_examples=10, deadline=None)
def test_text_and_tables_agree(layout: str, seed: int) -> None:
    """Nothing is added twice: text and tables state one figure each, and no equation takes rows of both."""
    extraction = read_back(write(seed, layout), "html")
    checks = reconcile(extraction.reports, extraction.facts, extraction.mentions)
    # The writer loses units on purpose: W07 tells them.
    assert checks.filter(pl.col("equation") != "W07", verdict="violated")["message"].to_list() == []
    assert set(checks.filter(pl.col("verdict").is_in(["exact", "rounding"]))["equation"]) >= {
        "B01",
        "B02",
        "B03",
        "T01",
    }


@pytest.mark.parametrize("seed", range(6))
def test_a_dump_without_columns_is_never_guessed_at(seed: int) -> None:
    """Where a text dump does not tell which columns a heading spans, its amounts are left alone."""
    report = write(seed, "sichuan")
    assert found(read_back(report, "txt")) - stated(report) == Counter()
