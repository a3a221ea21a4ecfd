"""S34: weights of groups, weights and scores of lines, and the total of a score table."""

from __future__ import annotations

from typing import Any

import pytest

from tests.reconcile.test_claims import checks, claim_row

GROUP, OTHER = "3/2", "3/5"
LINES = {f"{GROUP}/2": ("3", "3"), f"{GROUP}/3": ("5", "4.5"), f"{OTHER}/5": ("12", "12")}


def lines(table: dict[str, tuple[str | None, str | None]], total: str | None = None, **groups: str) -> list[Any]:
    """The claims of a score table: (weight, score) by address."""
    told = [
        ("group_weight", groups[name], address) for name, address in (("one", GROUP), ("two", OTHER)) if name in groups
    ]
    told += [("score_weight", weight, address) for address, (weight, _) in table.items() if weight]
    told += [("score", score, address) for address, (_, score) in table.items() if score]
    told += [("score_total", total, "3")] if total else []
    return [
        claim_row(number, kind, value, basis=address, words=f"（{value}分）\n组", section="项目表")
        for number, (kind, value, address) in enumerate(told)
    ]


def verdicts(*claims: Any) -> dict[str, str]:
    found = checks((), *claims)
    assert set(found["equation"]) <= {"S34"}
    assert set(found["severity"]) <= {"S"}
    return dict(found.select("instance", "verdict").iter_rows())


@pytest.mark.parametrize(("weight", "verdict"), [("8", "exact"), ("9", "violated"), ("7", "violated")])
def test_a_group_weighs_what_its_lines_weigh(weight: str, verdict: str) -> None:
    found = verdicts(*lines(LINES, one=weight, two="12"))
    assert found[f"项目表/weight/（{weight}分）组"] == verdict
    assert found["项目表/weight/（12分）组"] == "exact"


def test_the_message_tells_both_and_all_claims() -> None:
    found = checks((), *lines(LINES, one="7")).filter(verdict="violated").row(0, named=True)
    assert found["message"] == ("S34 “（7分）组” weighs 7, the weights of its lines come to 8: right would be the same")
    assert (found["lhs"], found["rhs"], found["claims"]) == (7, 8, [0, 1, 2])


def test_a_line_that_is_scored_without_a_weight_leaves_its_group_open() -> None:
    found = verdicts(*lines(LINES | {f"{GROUP}/4": (None, "2")}, one="7", two="11"))
    assert "项目表/weight/（7分）组" not in found
    assert found["项目表/weight/（11分）组"] == "violated"


@pytest.mark.parametrize(("score", "verdict"), [("3", "exact"), ("2", "exact"), ("3.5", "violated")])
def test_no_line_is_scored_above_its_weight(score: str, verdict: str) -> None:
    found = verdicts(*lines(LINES | {f"{GROUP}/2": ("3", score)}))
    assert found == {"项目表/lines/3" if verdict == "exact" else f"项目表/line/{GROUP}/2": verdict}


@pytest.mark.parametrize(
    ("total", "verdict"),
    [("19.5", "exact"), ("19", "violated"), ("19.4", "violated"), ("20", "violated"), ("95", "violated")],
)
def test_the_total_is_the_sum_of_the_scores(total: str, verdict: str) -> None:
    assert verdicts(*lines(LINES, total))[f"项目表/score/（{total}分）组"] == verdict


def test_a_total_that_rounds_the_scores() -> None:
    assert verdicts(*lines(LINES | {f"{GROUP}/3": ("5", "4.48")}, "19.5"))["项目表/score/（19.5分）组"] == "rounding"


def test_a_line_without_a_score_leaves_the_total_open() -> None:
    assert "项目表/score/（95分）组" not in verdicts(*lines(LINES | {f"{OTHER}/6": ("5", None)}, "95"))


def test_a_report_without_a_score_table_has_no_row() -> None:
    assert verdicts() == {}
