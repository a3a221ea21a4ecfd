"""Projects in words and in tables: T02."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

Check = Callable[..., pl.DataFrame]


def told(names: str, section: str) -> list[Any]:
    return [("project_budget", "5.00", {"member_name": f"{name}项目", "section": section}) for name in names]


def report(disclosed: str, words: str, tables: str) -> list[Any]:
    count = [("project_disclosed_count", disclosed)] if disclosed else []
    return [*count, *told(words, "十（四）"), *told(tables, "项目表")]


@pytest.mark.parametrize(
    ("disclosed", "words", "tables", "expected"),
    [
        ("3", "甲乙丙", "甲乙丙", {"narratives": "exact", "tables": "exact", "names": "exact"}),
        ("3", "甲乙丙", "甲乙", {"narratives": "exact", "tables": "violated"}),
        ("4", "甲乙丙", "甲乙丙", {"narratives": "violated", "tables": "violated", "names": "exact"}),
        ("3", "甲乙丙", "甲乙丁", {"narratives": "exact", "tables": "exact", "names": "violated"}),
        ("3", "甲乙丙", "", {"narratives": "exact"}),
        ("2", "", "甲乙", {"tables": "exact"}),
        ("", "甲乙丙", "甲乙", {"tables": "violated"}),
        ("", "甲乙", "", {"": "not_evaluated"}),
        ("", "", "", {"": "not_evaluated"}),
    ],
)
def test_number_and_names(check: Check, disclosed: str, words: str, tables: str, expected: dict[str, str]) -> None:
    found = check(*report(disclosed, words, tables)).filter(pl.col("equation") == "T02")
    assert dict(found.select("instance", "verdict").iter_rows()) == expected
    assert set(found["severity"]) == {"S"}


def test_what_lacks_is_named(check: Check) -> None:
    found = check(*report("3", "甲乙丙", "甲乙")).filter(pl.col("equation") == "T02", pl.col("verdict") == "violated")
    assert found["message"].to_list() == ["T02 3 projects are disclosed, 2 have a table; without one: 丙项目"]
    assert found.select("lhs", "rhs", "residual").rows() == [(3, 2, 1)]


def test_a_table_of_several_projects_says_nothing(check: Check) -> None:
    joint = [("project_budget", "15.00", {"member_name": "三个项目合并填报", "section": "项目表"})]
    found = check(*report("3", "甲乙丙", ""), *joint).filter(pl.col("equation") == "T02")
    assert found["instance"].to_list() == ["narratives"]
