"""Every equation of the network holds, fails by one unit of the last place beyond the bound, and can be unevaluable.

The reports are generated from the rows of the network; what is expected of them is counted here from the figures
that are printed, and never taken from the code under test.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from schemas.taxonomy import load

PART = Decimal("10.01")
LAST_PLACE = {"money": Decimal("0.01"), "count": Decimal(1)}
CODES = ("301+303", "302+307+309+310+311+312+313+399")
MEMBERS: dict[str, list[dict[str, str]]] = {
    **{codes: [{"member_code": code, "member_name": code} for code in codes.split("+")] for codes in CODES},
    "none": [{}],
    "each": [{"member_name": "甲"}, {"member_name": "乙"}],
    "class": [{"member_code": "201", "member_name": "甲"}, {"member_code": "208", "member_name": "乙"}],
    "leaf": [{"member_code": "2010101", "member_name": "子"}, {"member_code": "2080505", "member_name": "丑"}],
    "below": [{"member_code": "20101", "member_name": "寅"}, {"member_code": "2080505", "member_name": "丑"}],
}
VERDICTS = {
    "adds up": "exact",
    "off by what rounding explains": "rounding",
    "off by one unit more": "violated",
    "no total": "not_evaluated",
    "no parts": "not_evaluated",
}
READINGS = sorted(set(load.network().select("equation", "instance", "reading").iter_rows()))
CASES = [(*reading, story) for reading in READINGS for story in VERDICTS]


@pytest.fixture(scope="module")
def checks(batch: Callable[..., pl.DataFrame]) -> pl.DataFrame:
    """All cases as one batch: one report for each."""
    return batch({f"{number:016x}": report(*case) for number, case in enumerate(CASES)})


@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_equation(checks: pl.DataFrame, case: tuple[str, str, str, str]) -> None:
    equation, instance, _, story = case
    found = checks.filter(pl.col("report_id") == f"{CASES.index(case):016x}", pl.col("equation") == equation)
    if found.height > 1 and instance:
        found = found.filter(pl.col("instance").str.replace("/.*", "") == instance)
    verdicts = found["verdict"].to_list()
    if story.startswith("off by"):
        # Where an equation goes by members the first one is off, the other one adds up.
        assert sorted(verdicts) == sorted([expected(case), *["exact"] * (found.height - 1)])
    else:
        assert set(verdicts) == {expected(case)}


def test_every_equation_has_its_cases() -> None:
    """An equation without a report that it holds for, one that breaks it and one that it cannot judge has no test.

    T01 compares statements and I01 identities, B12 names: they have no sides, see test_repeats.py, test_identity.py, test_names.py. Y01 and
    the like are about two reports: see across/.
    """
    told = {(equation, VERDICTS[story]) for equation, *_, story in CASES}
    sums = [*(f"S{number:02}" for number in range(1, 27)), *(f"B{number:02}" for number in range(1, 12)), "B13"]
    assert told == {(equation, verdict) for equation in sums for verdict in VERDICTS.values()}
    across = ["Y01", "Y02", "Y03", "U01"]
    assert load.equations()["equation"].to_list() == [*sums, "T01", "I01", "B12", *across]


def test_all_but_these_are_accounting_identities() -> None:
    """An accounting identity that does not hold holds the report; words and details of reception do not."""
    soft = load.equations().filter(pl.col("severity") != "H").select("equation", "severity")
    across = [("Y01", "D"), ("Y02", "S"), ("Y03", "S"), ("U01", "S")]
    assert soft.rows() == [("S23", "S"), ("I01", "D"), ("B12", "S"), *across]


def expected(case: tuple[str, str, str, str]) -> str:
    """Counts are exact: rounding explains nothing of their difference."""
    rows = components(case)
    return "exact" if rows[0]["unit_kind"] == "count" and "rounding" in case[3] else VERDICTS[case[3]]


def components(case: tuple[str, str, str, str]) -> list[dict[str, Any]]:
    equation, instance, reading, _ = case
    same = (pl.col("equation") == equation, pl.col("instance") == instance, pl.col("reading") == reading)
    concepts = load.concepts().select("concept", "unit_kind")
    return load.network().filter(*same).join(concepts, on="concept", maintain_order="left").rows(named=True)


def report(*case: str) -> list[tuple[str, str, dict[str, Any]]]:
    """The facts of one case. Every part is 10.01 (a count: 10), the total what they add up to, then put off."""
    equation, _, _, story = case
    rows = components((equation, case[1], case[2], story))
    unit = LAST_PLACE[rows[0]["unit_kind"]]
    part = PART.quantize(unit)
    totals = [row for row in rows if row["side"] == "total"]
    parts = [row for row in rows if row["side"] == "part"]
    by_member = totals[0]["member"] != "none"
    each = {row["member"]: 1 if by_member else len(MEMBERS[row["member"]]) for row in rows}
    sum_of_parts = sum((row["weight"] * part * each[row["member"]] for row in parts), Decimal(0))
    first = sum_of_parts - part * (len(totals) - 1)
    stated: list[tuple[str, str, dict[str, Any]]] = []
    if "no total" not in story:
        kinds = [(row, members) for row in totals for members in MEMBERS[row["member"]]]
        figures = sum(each[row["member"]] for row in rows if row["weight"])
        others = sum_of_parts if by_member else part
        first += off(equation, story, figures, unit)
        stated += [fact(row, first if n == 0 else others, more) for n, (row, more) in enumerate(kinds)]
    if "no parts" not in story:
        stated += [fact(row, part, more) for row in parts for more in MEMBERS[row["member"]]]
    return stated


def off(equation: str, story: str, figures: int, unit: Decimal) -> Decimal:
    """What the total is off by: half a unit for each figure is explained by rounding, in whole units."""
    explained = figures // 2 if unit < 1 else 0
    units = {"off by what rounding explains": explained, "off by one unit more": explained + 1}.get(story, 0)
    kind = load.equations().row(by_predicate=pl.col("equation") == equation, named=True)["kind"]
    return units * unit * (-1 if kind == "at_most" else 1)


def fact(row: dict[str, Any], value: Decimal, more: dict[str, str]) -> tuple[str, str, dict[str, Any]]:
    section = {"section": row["sections"].split(" ")[0]} if row["sections"] else {}
    return row["concept"], str(value), {**more, **section}
