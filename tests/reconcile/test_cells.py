"""Amounts in the prose of a project's table: T03."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from schemas.curated import FACTS, MENTIONS
from tasks.reconcile.cells import cells
from tests.reconcile.conftest import REPORT, fact_row, frame

TABLE = {"section": "项目表"}
OTHERS = (("甲项目", "67.18", 100), ("乙项目", "33.90", 1000), ("丙项目", "7.96", 2000))


@pytest.fixture
def found() -> Callable[..., pl.DataFrame]:
    """The checks of three project tables and the amounts (text, start) that stand in them."""

    def run(*amounts: tuple[str, int], reason: str = "indicator") -> pl.DataFrame:
        facts = []
        for name, value, start in OTHERS:
            more: dict[str, Any] = TABLE | {"member_name": name, "start": start, "end": start + 5}
            facts += [fact_row(len(facts), "project_budget", value, **more)]
            facts += [fact_row(len(facts), "project_executed", value, **more)]
        mentions = [
            {"report_id": REPORT, "mention": number, "fiscal_year": 2020, "region_code": "510403"}
            | {"text": text, "start": start, "end": start + len(text), "unit_kind": "money", "section": "项目表"}
            | {"outcome": "set_aside", "reason": reason}
            for number, (text, start) in enumerate(amounts)
        ]
        return cells(frame(FACTS, facts), frame(MENTIONS, mentions))

    return run


def test_what_another_project_spent(found: Callable[..., pl.DataFrame]) -> None:
    row = found(("67.18万元", 1400)).row(0, named=True)
    assert (row["instance"], row["diagnosis"]) == ("乙项目/67.18万元", "copied_figure: project_executed 甲项目")
    assert (row["verdict"], row["severity"], row["lhs"], row["rhs"]) == ("violated", "S", 671_800, 339_000)
    assert row["facts"] == [1, 3]


def test_one_digit_too_many(found: Callable[..., pl.DataFrame]) -> None:
    row = found(("333.90万元", 1400)).row(0, named=True)
    assert (row["diagnosis"], row["facts"]) == ("inserted_digit", [3])


@pytest.mark.parametrize(
    "amount",
    [
        ("67.18万元", 200),  # its own
        ("7.96万元", 1400),  # less than the project may spend
        ("928.57万元", 1400),  # whatever it is, it is nobody's
        ("67万元", 1400),  # two digits
        ("67.18元", 1400),  # a rate per head
        ("67.18万元", 5000),  # behind the last table
    ],
)
def test_what_may_be_right_is_not_told(found: Callable[..., pl.DataFrame], amount: tuple[str, int]) -> None:
    assert found(amount).height == 0


def test_what_is_no_indicator_is_not_told(found: Callable[..., pl.DataFrame]) -> None:
    assert found(("67.18万元", 1400), reason="threshold").height == 0


def test_a_table_that_tells_of_several_other_projects_is_an_overview(found: Callable[..., pl.DataFrame]) -> None:
    assert found(("67.18万元", 2100), ("33.90万元", 2200)).height == 0
    assert found(("67.18万元", 2100), ("67.18万元", 2200)).height == 1
