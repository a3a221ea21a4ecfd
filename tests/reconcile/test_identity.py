"""I01: catalogue and text must name the same report."""

from typing import Any

import polars as pl

from schemas.curated import FACTS, MENTIONS, REPORTS
from tasks.reconcile import reconcile
from tests.reconcile.conftest import frame, report_row


def checks_of(**columns: Any) -> pl.DataFrame:
    reports = frame(REPORTS, [report_row() | columns])
    found = reconcile(reports, FACTS.frame(), MENTIONS.frame())
    return found.filter(pl.col("equation") == "I01")


def test_a_contradiction_is_a_finding_that_holds_nothing() -> None:
    found = checks_of(conflict="fiscal year 2020, not 2019")
    assert found.select("verdict", "severity", "message").rows() == [
        ("violated", "D", "I01 the text says fiscal year 2020, not 2019")
    ]


def test_agreement_is_none() -> None:
    assert checks_of(conflict=None).is_empty()


def test_another_contradiction_is_another_finding() -> None:
    said = [checks_of(conflict=f"fiscal year 2020, not {year}")["finding"][0] for year in (2018, 2019)]
    assert said[0] != said[1]
