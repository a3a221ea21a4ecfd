"""The frame of checks as a whole: its table, its identities, and what it takes to import."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import polars as pl

from schemas.curated import CHECKS, FACTS, MENTIONS, REPORTS
from schemas.taxonomy import load
from schemas.validate import validate
from tasks.reconcile import reconcile

ROWS = [
    ("procurement_expenditure", "0"),
    ("procurement_goods", "13.36"),
    ("gpb_expenditure", "5"),
    ("gpb_expenditure", "6"),
]
FIRST, SECOND = "0000000000000001", "0000000000000002"


def test_the_checks_keep_their_table(check: Callable[..., pl.DataFrame]) -> None:
    validate(check(*ROWS), CHECKS)


def test_no_reports_no_checks() -> None:
    assert validate(reconcile(REPORTS.frame(), FACTS.frame(), MENTIONS.frame()), CHECKS).height == 0


def test_a_report_without_facts_is_told_to_be_unchecked(check: Callable[..., pl.DataFrame]) -> None:
    found = check()
    assert set(found["verdict"]) == {"not_evaluated"}
    counted = load.equations().filter(
        ~pl.col("kind").is_in(["repeat", "identity", "names", "cells", "words", *load.ACROSS])
    )
    assert set(counted["equation"]) <= set(found["equation"])


def test_reports_of_a_batch_do_not_touch_each_other(batch: Callable[..., pl.DataFrame]) -> None:
    other = [("procurement_expenditure", "13.36")]
    together = batch({FIRST: ROWS, SECOND: other})
    apart = pl.concat([batch({FIRST: ROWS}), batch({SECOND: other})])
    assert together.equals(apart)


def test_the_order_of_the_facts_does_not_matter(gold: Any) -> None:
    reports, facts = gold("000")
    shuffled = facts.sample(fraction=1, shuffle=True, seed=7)
    assert reconcile(reports, shuffled, MENTIONS.frame()).equals(reconcile(reports, facts, MENTIONS.frame()))


def test_a_finding_is_a_digest_of_publisher_year_equation_and_figures(one: Callable[..., dict[str, Any]]) -> None:
    text = "510403|某局|部门|2020|S24||0.000000|133600.000000"
    assert one("S24", *ROWS)["finding"] == hashlib.sha256(text.encode()).hexdigest()[:12]


def test_a_finding_is_that_of_the_figures_and_not_of_the_document(batch: Callable[..., pl.DataFrame]) -> None:
    moved = [("revenue_other", "1.00"), *ROWS]
    changed = [("procurement_expenditure", "0"), ("procurement_goods", "13.37")]
    found = batch({FIRST: ROWS, SECOND: moved, "0000000000000003": changed})
    first, second, third = found.filter(pl.col("equation") == "S24")["finding"]
    assert first == second != third


def test_findings_of_one_report_are_distinct(gold: Any) -> None:
    found = reconcile(*gold("004"), MENTIONS.frame())
    assert found["finding"].n_unique() == found.height


def test_reconciling_needs_no_validation_engine() -> None:
    """The command that checks one file answers in about a second: pandera alone takes longer to import."""
    heavy = {"pandera", "pandas", "great_expectations", "prefect"}
    code = "import sys, tasks.reconcile; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not heavy & set(done.stdout.split())
