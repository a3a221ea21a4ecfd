"""Staff by unit and kind: S28."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

Check = Callable[..., pl.DataFrame]
ANNEX = "绩效报告"


def staff(*counts: tuple[str, str], concept: str = "staff_actual", section: str = "第一部分") -> list[Any]:
    return [(concept, number, {"member_name": name, "section": section}) for name, number in counts]


def verdicts(found: pl.DataFrame, equation: str, instance: str) -> list[str]:
    rows = found.filter(pl.col("equation") == equation, pl.col("instance").str.starts_with(instance))
    return rows["verdict"].to_list()


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([("合计", "30"), ("行政人员", "20"), ("事业人员", "10")], ["exact"]),
        ([("合计", "31"), ("行政人员", "20"), ("事业人员", "10")], ["violated"]),
        ([("合计", "29"), ("行政人员", "20"), ("事业人员", "10")], ["violated"]),
        ([("合计", "30"), ("行政人员", "20"), ("事业人员", "10"), ("聘用人员", "4")], ["exact"]),  # 4 of them: 其中
        ([("合计", "30"), ("聘用人员", "4")], []),  # one kind is an example
        ([("合计", "33"), ("在职", "30"), ("行政", "20"), ("事业", "10")], []),  # 3 are told as something else
        ([("合计", "30"), ("在职", "30"), ("行政", "20"), ("事业", "10")], ["exact"]),
        ([("合计", "29"), ("在职", "30"), ("行政", "20"), ("事业", "10")], ["violated"]),
        ([("行政人员", "20"), ("事业人员", "10")], []),
        ([("办公室·合计", "30"), ("办公室·行政", "20"), ("办公室·事业", "9")], ["violated"]),
        ([("办公室·合计", "30"), ("办公室·行政", "20"), ("中心·事业", "9")], []),
    ],
)
def test_a_total_is_the_sum_of_its_kinds(check: Check, counts: list[tuple[str, str]], expected: list[str]) -> None:
    assert verdicts(check(*staff(*counts)), "S28", "kinds/") == expected


@pytest.mark.parametrize(("total", "expected"), [("15", ["exact"]), ("16", ["violated"]), (None, [])])
def test_the_retired_are_of_two_kinds(check: Check, total: str | None, expected: list[str]) -> None:
    rows = staff(("离休人员", "2"), ("退休人员", "13"), concept="staff_retired")
    rows += [("staff_retired", total, {"section": "第一部分"})] if total else []
    assert verdicts(check(*rows), "S28", "kinds/") == expected


def test_kinds_of_another_section_are_no_parts(check: Check) -> None:
    rows = staff(("合计", "30")) + staff(("行政", "20"), ("事业", "9"), section=ANNEX)
    assert verdicts(check(*rows), "S28", "kinds/") == []


@pytest.mark.parametrize(("total", "expected"), [("37", "exact"), ("40", "exact"), ("36", "violated")])
def test_units_do_not_exceed_the_report(check: Check, total: str, expected: str) -> None:
    """Units are told elsewhere than the total, one with a total and one by its kinds; some may not be told."""
    rows = staff(("甲室·合计", "14"), ("乙室·行政", "9"), ("乙室·工勤", "14")) + staff(("合计", total), section=ANNEX)
    assert verdicts(check(*rows), "S28", "units/") == [expected]


@pytest.mark.parametrize(("people", "expected"), [("13", "exact"), ("14", "violated")])
def test_no_more_people_than_posts(check: Check, people: str, expected: str) -> None:
    rows = staff(("行政编制", "13"), concept="staff_authorized") + staff(("行政人员", people))
    found = check(*rows).filter(pl.col("equation") == "S28", pl.col("instance").str.starts_with("limit"))
    assert found.select("verdict", "severity").rows() == [(expected, "S")]


@pytest.mark.parametrize(("total", "expected"), [("17", []), ("18", ["violated"])])
def test_a_person_may_hold_a_post_of_another_kind(check: Check, total: str, expected: list[str]) -> None:
    rows = staff(("合计", "17"), ("事业编制", "8"), concept="staff_authorized")
    assert verdicts(check(*rows, *staff(("合计", total), ("事业人员", "9"))), "S28", "limit") == expected


def test_totals_of_posts_and_people_count_different_people(check: Check) -> None:
    rows = staff(("合计", "47"), concept="staff_authorized") + staff(("合计", "56"))
    assert verdicts(check(*rows), "S28", "limit") == []


def test_a_report_without_staff_is_not_evaluated(check: Check) -> None:
    assert verdicts(check(), "S28", "") == ["not_evaluated"]
