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
    "=行政运行": [
        {"member_code": "2010101", "member_name": "行政运行"},
        {"member_code": "2010301", "member_name": "行政运行"},
    ],
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

    The others have modules of their own: test_repeats.py, test_identity.py, test_names.py, test_wholes.py, test_pairs.py,
    test_projects.py, test_cells.py, test_scores.py; derived figures in test_rates.py, words in test_claims.py, two reports in across/.
    """
    told = {(equation, VERDICTS[story]) for equation, *_, story in CASES}
    sums = load.equations().filter(pl.col("kind").is_in(load.SUMS))["equation"].to_list()
    assert told == {(equation, verdict) for equation in sums for verdict in VERDICTS.values()}
    elsewhere = {"T01", "I01", "B12", "S28", "J04", "J05", "J06", "J07", "T02", "T03"}
    assert elsewhere <= set(load.equations()["equation"]) - set(sums)


def test_all_but_these_are_accounting_identities() -> None:
    """An accounting identity that does not hold holds the report; what is worded loosely, and counted, does not."""
    soft = load.equations().filter(pl.col("kind").is_in(load.SUMS), pl.col("severity") != "H")["equation"]
    assert {"S23", "S27", "S30", "S35", "J02", "J03"} <= set(soft)
    assert not set(soft) & {*(f"S{number:02}" for number in range(1, 23)), "S29", "S31", "S32", "S33"}


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
    by_member = totals[0]["member"] != "none" and rule(equation)["per"] != ""
    each = {row["member"]: 1 if by_member else len(MEMBERS[row["member"]]) for row in rows}
    sum_of_parts = sum((row["weight"] * part * each[row["member"]] for row in parts), Decimal(0))
    in_total = sum(each[row["member"]] for row in totals)
    first = sum_of_parts - part * (in_total - 1)
    stated: list[tuple[str, str, dict[str, Any]]] = []
    if "no total" not in story:
        kinds = [(row, members) for row in totals for members in MEMBERS[row["member"]]]
        figures = sum(each[row["member"]] for row in rows if row["weight"])
        others = sum_of_parts if by_member else part
        first += off(case, story, figures, unit)
        stated += [fact(row, first if n == 0 else others, more) for n, (row, more) in enumerate(kinds)]
    if "no parts" not in story:
        stated += [fact(row, part, more) for row in parts for more in MEMBERS[row["member"]]]
    return stated


def rule(equation: str) -> dict[str, Any]:
    return load.equations().row(by_predicate=pl.col("equation") == equation, named=True)


def off(case: tuple[str, ...], story: str, figures: int, unit: Decimal) -> Decimal:
    """What the total is off by: half a unit for each figure is explained by rounding, in whole units."""
    explained = figures // 2 if unit < 1 else 0
    units = {"off by what rounding explains": explained, "off by one unit more": explained + 1}.get(story, 0)
    own = {row[:3]: row[3] for row in load.instances().iter_rows()}
    kind = own.get(case[:3], rule(case[0])["kind"])
    return units * unit * (-1 if kind == "at_most" else 1)


def fact(row: dict[str, Any], value: Decimal, more: dict[str, str]) -> tuple[str, str, dict[str, Any]]:
    section = {"section": row["sections"].split(" ")[0]} if row["sections"] else {}
    return row["concept"], str(value), {**more, **section}
