"""Figures that explain each other: every row of network_pairs.csv holds, fails, and can be unevaluable."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from schemas.taxonomy import load

Check = Callable[..., pl.DataFrame]
PAIRS = [row for row in load.pairs().rows(named=True) if row["relation"] != "same_change"]
STORIES = {
    "together": [(("5", "2"), "exact"), (("0", "0"), "exact"), (("5", "0"), "violated"), (("0", "2"), "violated")],
    "needs": [(("5", "2"), "exact"), (("0", "0"), "exact"), (("0", "2"), "exact"), (("5", "0"), "violated")],
    "at_most": [(("5", "2"), "exact"), (("2", "2"), "exact"), (("1", "2"), "violated")],
}
CASES = [(pair, values, verdict) for pair in PAIRS for values, verdict in STORIES[pair["relation"]]]


def of(found: pl.DataFrame, pair: dict[str, Any]) -> pl.DataFrame:
    return found.filter(pl.col("equation") == pair["equation"], pl.col("instance") == pair["instance"])


@pytest.fixture(scope="module")
def checks(batch: Callable[..., pl.DataFrame]) -> pl.DataFrame:
    rows = [list(zip((pair["first"], pair["second"]), values, strict=True)) for pair, values, _ in CASES]
    return batch({f"{number:016x}": row for number, row in enumerate(rows)})


@pytest.mark.parametrize("number", range(len(CASES)))
def test_pair(checks: pl.DataFrame, number: int) -> None:
    pair, _, verdict = CASES[number]
    found = of(checks.filter(pl.col("report_id") == f"{number:016x}"), pair).row(0, named=True)
    assert (found["verdict"], found["severity"], len(found["facts"])) == (verdict, "S", 2)
    if verdict == "violated" and pair["relation"] != "at_most":
        assert (found["lhs"], found["rhs"]) == (0, None)
        assert " is 0, but " in found["message"]


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair['equation']} {pair['instance']}")
def test_a_figure_alone_is_not_evaluated(check: Check, pair: dict[str, Any]) -> None:
    found = check((pair["first"], "5")).filter(pl.col("equation") == pair["equation"])
    assert found["verdict"].to_list() == ["not_evaluated"]


def test_members_are_compared_with_their_like(check: Check) -> None:
    rows: list[Any] = [("vehicle_purchased_count", "1", {"member_name": "轿车"})]
    rows += [
        ("vehicle_purchased_amount", value, {"member_name": name}) for name, value in (("轿车", "0"), ("越野车", "9"))
    ]
    found = check(*rows).filter(pl.col("equation") == "J06")
    assert found.select("instance", "verdict").rows() == [("amount/轿车", "violated")]


@pytest.mark.parametrize(
    ("amounts", "changes", "expected"),
    [
        (("79.10", "79.10"), ("4.94", "4.94"), ["exact"]),
        (("79.10", "79.10"), ("4.94", "4.93"), ["rounding"]),
        (("79.10", "79.10"), ("4.94", "4.92"), ["violated"]),
        (("79.10", "79.20"), ("4.94", "4.45"), []),  # units without administrative status are in one of them
        (("0", "0"), ("4.94", "4.45"), []),
    ],
)
def test_two_that_are_equal_changed_alike(
    check: Check, amounts: tuple[str, str], changes: tuple[str, str], expected: list[str]
) -> None:
    concepts = ("agency_operating_expenditure", "gpb_public_use_expenditure")
    rows: list[Any] = list(zip(concepts, amounts, strict=True))
    rows += [(f"{name}_yoy_change", value, {"period": "change"}) for name, value in zip(concepts, changes, strict=True)]
    found = check(*rows).filter(pl.col("equation") == "S27", pl.col("instance") == "change")
    assert found["verdict"].to_list() == expected
