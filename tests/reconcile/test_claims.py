"""Words against figures: what holds, what is wrong, what cannot be told, and what must not be reported."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl
import pytest

from schemas.curated import CHECKS, CLAIMS, FACTS, MENTIONS, REPORTS
from schemas.taxonomy import load
from schemas.validate import validate
from tasks.reconcile import reconcile
from tests.reconcile.conftest import REPORT, fact_row, frame, report_row

ITEM = {"member_code": "2010101", "member_name": "行政运行", "section": "五（三）"}
SPENT, RATE, BUDGET = "gpb_function_expenditure", "gpb_function_completion_rate", "gpb_function_initial_budget"
OPERATING = "agency_operating_expenditure"
CHANGE, GROWTH = f"{OPERATING}_yoy_change", f"{OPERATING}_yoy_rate"
MOVED = {"period": "change"}

Rows = Sequence[tuple[Any, ...]]


def claim_row(number: int, kind: str, value: str, **more: Any) -> dict[str, Any]:
    row = {"report_id": REPORT, "claim": number, "fiscal_year": 2020, "region_code": "510403", "kind": kind}
    row |= {"value": value, "basis": None, "words": value, "facts": [], "section": "七", "start": number}
    return row | {"end": number + 1, "quote": value, "block": number} | more


def checks(rows: Rows = (), *claims: dict[str, Any], **identity: Any) -> pl.DataFrame:
    """All checks of words of one report with these facts and claims."""
    facts = []
    for number, (concept, value, *more) in enumerate(rows):
        columns = {"start": 10 * number, "end": 10 * number + 9} | (more[0] if more else {})
        printed = {name: columns.pop(name) for name in ("unit", "value") if name in columns}
        facts.append(fact_row(number, concept, value, **columns) | printed)
    reports = frame(REPORTS, [report_row() | identity])
    found = reconcile(reports, frame(FACTS, facts), MENTIONS.frame(), frame(CLAIMS, claims))
    rules = load.equations().filter(pl.col("kind") == "words")["equation"].implode()
    return validate(found, CHECKS).filter(pl.col("equation").is_in(rules))


def told(rows: Rows = (), *claims: dict[str, Any], **identity: Any) -> list[tuple[str, str]]:
    """Rule and verdict of each check."""
    return checks(rows, *claims, **identity).select("equation", "verdict").rows()


def item(spent: str, rate: str | None = None, budget: str | None = None, basis: str | None = None) -> Rows:
    rows: list[tuple[Any, ...]] = [(SPENT, spent, ITEM)]
    rows += [(RATE, rate, ITEM | {"budget_basis": basis})] if rate else []
    return [*rows, (BUDGET, budget, ITEM)] if budget else rows


def budget(value: str, rows: Rows, basis: str | None = None) -> dict[str, Any]:
    words = {"less": "决算数小于预算数", "greater": "决算数大于预算数", "equal": "决算数等于预算数"}[value]
    return claim_row(0, "budget", value, basis=basis, words=words, facts=list(range(len(rows))), section="五（三）")


def operating(change: str, rate: str, **more: Any) -> Rows:
    """A change and its rate right behind it."""
    ends = {"start": 100, "end": 110}, {"start": 111, "end": 118}
    return [(CHANGE, change, MOVED | ends[0] | more), (GROWTH, rate, MOVED | ends[1])]


RELEASED = claim_row(0, "no_change", "与2019年持平", facts=[0], section="十（一）")

NO_FUND = claim_row(0, "none", "government_fund_expenditure", section="八")


def items(*spent: str, code: str = "20101") -> Rows:
    """Functional items, each in a paragraph of its own."""
    return [
        (SPENT, each, ITEM | {"member_code": f"{code}{number + 1:02}", "block": number})
        for number, each in enumerate(spent)
    ]


def reason(number: int, words: str = "原因是项目追加3.5万元", **more: Any) -> dict[str, Any]:
    return claim_row(number, "explained", words, section="五（三）", block=number, **more)


OFFICE = {"entity": "西区行政审批局", "region_name": "四川省攀枝花市西区"}

GROUP = claim_row(0, "group_weight", "3", basis="3/2", section="项目表")


def line(weight: str) -> dict[str, Any]:
    """A line of that group in a score table."""
    return claim_row(1, "score_weight", weight, basis="3/2/2", section="项目表")


HOLDS: dict[str, tuple[Any, ...]] = {
    "C04": (item("90", "90"), budget("less", item("90", "90"))),
    "G02": (operating("5", "3"),),
    "G04": ((), claim_row(0, "prior_year", "2019")),
    "G05": ([(OPERATING, "5"), (CHANGE, "0", MOVED)], RELEASED),
    "S34": ((), GROUP, line("3")),
    "W02": ((), claim_row(0, "statement_year", "2020")),
    "W05": ([("government_fund_expenditure", "0", {"section": "八"})], NO_FUND),
}
"""The rules that can say that words are right; the others only tell what should not stand there."""

WRONG: dict[str, tuple[Any, ...]] = {
    "C04": (item("110", "110"), budget("less", item("110", "110"))),
    "G02": (operating("5", "-3"),),
    "G04": ((), claim_row(0, "prior_year", "2018")),
    "G05": ([(OPERATING, "5"), (CHANGE, "0.01", MOVED)], RELEASED),
    "S34": ((), GROUP, line("4")),
    "W01": ((), claim_row(0, "template", "增加/减少")),
    "W02": ((), claim_row(0, "statement_year", "2019")),
    "W03": ((), claim_row(0, "name", "西区行政审报局")),
    "W05": ([("government_fund_expenditure", "5", {"section": "八"})], NO_FUND),
    "W06": ((), claim_row(0, "reason", "government_fund")),
    "W07": ((), claim_row(0, "typing", "0万元%")),
    "W08": (items("90", "80"), reason(0), reason(1)),
}

ABSENT: dict[str, tuple[Any, ...]] = {
    "C04": (item("90"), budget("less", item("90"))),
    "G02": ([(CHANGE, "5", MOVED)],),
    "G04": ((), claim_row(0, "prior_year", "2018", fiscal_year=None)),
    "G05": ([(OPERATING, "5")], RELEASED),
    "S34": ((), GROUP),
    "W01": ((),),
    "W02": ((), claim_row(0, "statement_year", "2019", fiscal_year=None)),
    "W03": ((), claim_row(0, "name", "本部门")),
    "W05": ([("government_fund_expenditure", "5", {"section": "绩效报告"})], NO_FUND),
    "W06": ((),),
    "W07": ((),),
    "W08": (items("90", "80"), reason(0)),
}
"""Nothing to compare with: no row, which is no pass."""


def test_every_rule_has_its_cases() -> None:
    rules = set(load.equations().filter(pl.col("kind") == "words")["equation"])
    assert rules == set(WRONG) == set(ABSENT)
    assert set(HOLDS) == {"C04", "G02", "G04", "G05", "S34", "W02", "W05"}


@pytest.mark.parametrize("rule", HOLDS)
def test_right_words_hold(rule: str) -> None:
    assert [each for each in told(*HOLDS[rule]) if each[0] == rule] == [(rule, "exact")]


@pytest.mark.parametrize("rule", WRONG)
def test_wrong_words_are_found_and_told_with_what_is_right(rule: str) -> None:
    found = checks(*WRONG[rule], **OFFICE).filter(pl.col("equation") == rule)
    assert found["verdict"].to_list() == ["violated"]
    assert found["message"][0].startswith(f"{rule} ") and "right would be" in found["message"][0]
    assert found["severity"][0] == ("S" if rule[0] in "WS" else "D")


@pytest.mark.parametrize("rule", ABSENT)
def test_without_anything_to_compare_nothing_is_said(rule: str) -> None:
    assert [each for each in told(*ABSENT[rule]) if each[0] == rule] == []


@pytest.mark.parametrize(
    ("value", "rows", "verdict"),
    [
        ("less", item("90", "100.00"), "rounding"),  # a small difference is hidden
        ("greater", item("90", "100"), "rounding"),
        ("less", item("90", "100.01"), "violated"),
        ("greater", item("90", "99.99"), "violated"),
        ("equal", item("90", "100.00"), "exact"),
        ("equal", item("90", "99.99"), "violated"),
        ("equal", item("90", None, "90.01"), "rounding"),  # 90.005 may be both
        ("equal", item("90", None, "90.02"), "violated"),
        ("greater", item("90", None, "90.00"), "rounding"),
        ("greater", item("0", None, "0"), "violated"),  # printed zeros hide nothing
        ("equal", item("0", None, "0"), "exact"),
        ("less", item("90", "110", "100"), "exact"),  # one of two measures fits
    ],
)
def test_the_printed_precision_bounds_what_can_be_said(value: str, rows: Rows, verdict: str) -> None:
    assert [each[1] for each in told(rows, budget(value, rows)) if each[0] == "C04"] == [verdict]


@pytest.mark.parametrize(
    ("value", "rows", "basis"),
    [
        ("equal", item("0", "0"), None),  # 0 of 0
        ("greater", item("265", "0", None, "年初"), None),  # a rate of a budget of 0
        ("greater", item("90", "90", None, "调整"), "年初"),  # of another budget
        ("less", item("90", "110"), "年初"),  # of a budget that is not named
    ],
)
def test_what_the_figures_do_not_tell(value: str, rows: Rows, basis: str | None) -> None:
    assert "C04" not in [rule for rule, _ in told(rows, budget(value, rows, basis))]


def test_a_completion_rate_is_compared_with_100_percent() -> None:
    found = checks(*WRONG["C04"]).filter(pl.col("equation") == "C04").row(0, named=True)
    assert (found["lhs"], found["rhs"], found["residual"]) == (110, 100, 10)
    assert found["facts"] == [0, 1] and found["claims"] == [0]
    assert found["message"].endswith("the completion rate is 110%; right would be 决算数大于预算数")


@pytest.mark.parametrize(
    "rows",
    [
        operating("5", "0"),  # zeros have no direction
        operating("0", "-3"),
        operating("5", "-3", end=102),  # the rate stands elsewhere
        operating("-5", "-3"),
    ],
)
def test_directions_that_do_not_contradict(rows: Rows) -> None:
    assert ("G02", "violated") not in told(rows)


def test_a_double_negative_is_not_judged() -> None:
    rows = operating("5", "3")
    twice = [rows[0], (GROWTH, "3", rows[1][2] | {"value": "-3"})]
    assert told(twice) == []


@pytest.mark.parametrize(("before", "verdict"), [("4.99", "exact"), ("5.01", "exact"), ("5.02", "violated")])
def test_growth_against_the_amounts_of_both_years(before: str, verdict: str) -> None:
    """5.00 may be 5.005 and 5.01 may be 5.005: it may have grown."""
    rows = [(OPERATING, "5.00"), (OPERATING, before, {"period": "prior"}), (CHANGE, "0.01", MOVED)]
    assert told(rows) == [("G02", verdict)]


@pytest.mark.parametrize(("before", "verdict"), [("5.00", "exact"), ("5.01", "rounding"), ("5.02", "violated")])
def test_unchanged_against_the_year_before(before: str, verdict: str) -> None:
    rows = [(OPERATING, "5.00"), (OPERATING, before, {"period": "prior"})]
    assert told(rows, RELEASED) == [("G05", verdict)]


def test_another_sections_change_says_nothing_of_it() -> None:
    rows = [(OPERATING, "5"), (CHANGE, "1", MOVED | {"section": "绩效报告"})]
    assert told(rows, RELEASED) == []


def test_left_overs_of_one_kind_are_one_finding_wherever_they_stand() -> None:
    both = [claim_row(number, "template", "增加/减少", block=number) for number in range(2)]
    glossary = [claim_row(number, "template", "（款）（项）", section="名词解释") for number in (2, 3)]
    found = checks((), *both, *glossary)
    assert found["instance"].to_list() == ["增加/减少", "（款）（项）"]
    assert found["claims"].to_list() == [[0, 1], [2, 3]]
    assert all(message.endswith("; so in 2 places") for message in found["message"])
    assert found["diagnosis"].to_list() == ["template_left_over"] * 2


def test_what_is_mistyped_again_with_another_figure_is_one_finding() -> None:
    mistyped = [
        claim_row(number, "typing", value) for number, value in enumerate(("支出0.07万", "支出1,233万", "0万元%"))
    ]
    found = checks((), *mistyped)
    assert found.select("instance", "claims").rows() == [("0万元%", [2]), ("支出0万", [0, 1])]


def test_the_same_wrong_year_of_statements_is_one_finding() -> None:
    years = [claim_row(0, "statement_year", "2019"), claim_row(1, "statement_year", "2019", section="一", block=9)]
    assert checks((), *years).select("instance", "claims").rows() == [("2019", [0, 1])]


def test_how_often_words_stand_does_not_change_which_finding_it_is() -> None:
    rows = [claim_row(number, "template", "***", block=number) for number in range(3)]
    once, thrice = checks((), rows[0]), checks((), *rows)
    assert once["finding"].to_list() == thrice["finding"].to_list()


@pytest.mark.parametrize(("kind", "right", "apart"), [("prior_year", "2019", 30), ("instant", "2020", 200)])
def test_words_that_name_the_right_year_may_go_on_to_another(kind: str, right: str, apart: int) -> None:
    both = [claim_row(0, kind, right, block=1), claim_row(1, kind, "2015", block=1, start=apart, end=apart + 5)]
    assert told((), *both) == [("G04", "exact")]


def test_another_sentence_of_the_paragraph_is_judged_by_itself() -> None:
    both = [claim_row(0, "prior_year", "2019", block=1), claim_row(1, "prior_year", "2015", block=1, start=60, end=65)]
    assert sorted(told((), *both)) == [("G04", "exact"), ("G04", "violated")]


def test_days_are_of_the_fiscal_year() -> None:
    found = checks((), claim_row(0, "instant", "2019", words="截至2019年"))
    assert found.select("equation", "verdict", "diagnosis").rows() == [("G04", "violated", "wrong_year")]
    assert found["message"][0] == "G04 “截至2019年” in a report of 2020: right would be 2020"


@pytest.mark.parametrize(
    ("name", "entity"),
    [
        ("区政府办公室", "西区人民政府办公室"),  # short forms
        ("发改局", "西区发展和改革局"),
        ("攀枝花市西区行政审批局", "西区行政审批局"),  # with its region
        ("西区行政审批局", "攀枝花市西区行政审批局"),
        ("县农业农村和水利局", "某县农业农村局"),  # may be the name after a reform
    ],
)
def test_names_that_may_be_the_publishers(name: str, entity: str) -> None:
    region = "四川省攀枝花市西区" if "西区" in entity else None
    assert told((), claim_row(0, "name", name), entity=entity, region_name=region) == []


@pytest.mark.parametrize(
    ("name", "entity"),
    [
        ("某县农业农材局", "某县农业农村局"),  # misspelt
        ("某县教育局", "某县交通运输局"),  # another body
    ],
)
def test_names_that_are_surely_not(name: str, entity: str) -> None:
    found = told((), claim_row(0, "name", name), entity=entity, region_name="某省某县")
    assert found == [("W03", "violated")]


BARE = {"unit_inferred": True, "unit": ""}
WITH_UNIT = [("gpb_expenditure", "9", {"section": "十（一）"}), ("gpb_budget", "8", {"section": "十（一）"})]


def test_an_amount_without_a_unit() -> None:
    found = checks([*WITH_UNIT, (OPERATING, "5.00", BARE)]).filter(equation="W07")
    assert found["message"].to_list() == [
        "W07 机关运行经费支出 5.00 has no unit: right would be 万元 behind it, or the unit that is meant"
    ]


@pytest.mark.parametrize(
    "rows",
    [
        [(OPERATING, "5.00", BARE)],  # nothing shows that units are printed there
        [*WITH_UNIT, (OPERATING, "5.00", BARE | {"section": "表06"})],  # in a table
    ],
)
def test_units_that_are_not_printed_anywhere_are_none_lost(rows: Rows) -> None:
    assert "W07" not in [rule for rule, _ in told(rows)]


@pytest.mark.parametrize(
    ("rows", "reasons"),
    [
        (items("90", "80"), (reason(0), reason(1, "原因是项目追加3.6万元"))),  # another figure
        (items("90", "90"), (reason(0), reason(1))),  # may be one thing said twice
        (items("90", "80", code="201"), (reason(0), reason(1))),  # groups
        (items("90", "70", "80"), (reason(0), reason(2))),  # not the item right above
        ([*items("90", "80"), (SPENT, "7", ITEM | {"block": 1})], (reason(0), reason(1))),  # one of two items
    ],
)
def test_reasons_that_are_not_surely_copied(rows: Rows, reasons: tuple[dict[str, Any], ...]) -> None:
    assert "W08" not in [rule for rule, _ in told(rows, *reasons)]
