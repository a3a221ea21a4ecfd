"""T01: statements of the same figure agree within what they print, and only statements of like scope are compared."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from schemas.taxonomy import load

ANNEX = {"section": "绩效报告"}


@pytest.fixture
def repeats(check: Callable[..., pl.DataFrame]) -> Callable[..., list[dict[str, Any]]]:
    """The T01 rows of one report."""
    return lambda *rows: check(*rows).filter(pl.col("equation") == "T01").rows(named=True)


@pytest.mark.parametrize(
    ("first", "second", "verdict"),
    [
        ("116.9", "116.90", "exact"),
        ("894", "894.00", "exact"),
        ("894", "894.40", "rounding"),
        ("116.9", "116.94", "rounding"),
        ("116.90", "116.91", "rounding"),
        ("116.90", "116.92", "violated"),
        ("383.93", "381.75", "violated"),
        ("0", "0.01", "violated"),
    ],
)
def test_statements_are_as_exact_as_they_are_printed(repeats: Any, first: str, second: str, verdict: str) -> None:
    # Without its trailing zeros 0.01 is uncertain by 0.005; a printed 0 is exact.
    (found,) = repeats(("fiscal_revenue_total", first), ("fiscal_revenue_total", second, ANNEX))
    assert found["verdict"] == verdict
    assert (found["lhs"], found["rhs"]) == (Decimal(first) * 10_000, Decimal(second) * 10_000)


def test_the_precision_of_other_figures_does_not_matter(repeats: Any) -> None:
    rows = [
        ("fiscal_revenue_total", "894"),
        ("fiscal_revenue_total", "893.60", ANNEX),
        ("fiscal_expenditure_total", "1.25"),
    ]
    assert repeats(*rows)[0]["verdict"] == "rounding"


def test_a_figure_stated_once_gives_no_row(repeats: Any) -> None:
    assert repeats(("revenue_total", "1.00"), ("expenditure_total", "2.00")) == []


def test_all_statements_are_compared_with_the_first_and_the_worst_is_told(repeats: Any) -> None:
    (found,) = repeats(*[("gpb_expenditure", value) for value in ("5.00", "5.00", "9.00", "6.00")])
    assert (found["verdict"], found["rhs"], found["facts"]) == ("violated", 90_000, [0, 1, 2, 3])


def test_a_publication_in_the_annex_counts_after_the_form(repeats: Any) -> None:
    (found,) = repeats(("expenditure_project", "154.78", ANNEX), ("expenditure_project", "155.50"))
    assert (found["lhs"], found["rhs"]) == (1_555_000, 1_547_800)


def test_members_are_the_same_by_code_or_by_name(repeats: Any) -> None:
    def project(name: str, value: str, section: str) -> tuple[Any, ...]:
        return ("project_budget", value, {"member_name": name, "section": section})

    rows = [
        project("“午餐补助”", "67.18", "十（四）"),
        project("午餐 补助", "67.19", "项目表"),
        project("其他", "1.00", "项目表"),
    ]
    assert [row["instance"] for row in repeats(*rows)] == ["project_budget/午餐补助/current"]
    codes = [("gpb_function_expenditure", "5.00", {"member_code": "2010101", "member_name": name}) for name in "甲乙"]
    assert [row["instance"] for row in repeats(*codes)] == ["gpb_function_expenditure/2010101/current"]


def test_items_without_a_code_are_not_the_same_because_they_share_a_name(repeats: Any) -> None:
    rows = [("gpb_function_expenditure", value, {"member_name": "行政运行"}) for value in ("5.00", "6.00")]
    assert repeats(*rows) == []


def test_periods_are_apart(repeats: Any) -> None:
    rows = [("gpb_expenditure", "5.00"), ("gpb_expenditure", "6.00", {"period": "prior"})]
    assert repeats(*rows) == []


def test_completion_of_different_budgets_is_not_compared(repeats: Any) -> None:
    rates = [
        ("gpb_budget_completion_rate", value, {"budget_basis": basis})
        for value, basis in (("97", "年初预算"), ("99", "调整预算"))
    ]
    assert repeats(*rates) == []
    assert len(repeats(*rates, rates[0])) == 1


def test_sections_of_another_scope_are_not_compared(repeats: Any) -> None:
    """人员经费 in section 一 means that of all funds; in sections 五 and 六 that of the general public budget."""
    own = ("gpb_personnel_expenditure", "5.00")
    assert repeats(("gpb_personnel_expenditure", "6.00", {"section": "一"}), own) == []
    assert len(repeats(("gpb_personnel_expenditure", "6.00", {"section": "五（一）"}), own)) == 1


@pytest.mark.parametrize("concept", load.repeats().filter(pl.col("compared") == "never")["concept"])
def test_many_valued_concepts_are_not_compared(repeats: Any, concept: str) -> None:
    assert repeats((concept, "1"), (concept, "2")) == []


@pytest.mark.parametrize("concept", ["staff_actual", "staff_authorized", "staff_retired", "internal_office_count"])
def test_head_counts_do_not_hold_a_report(repeats: Any, concept: str) -> None:
    (found,) = repeats((concept, "8"), (concept, "14", ANNEX))
    assert (found["verdict"], found["severity"]) == ("violated", "S")


def test_everything_else_does(repeats: Any) -> None:
    (found,) = repeats(("three_public_expenditure", "1.00"), ("three_public_expenditure", "2.00"))
    assert found["severity"] == "H"


def table(number: int) -> dict[str, str]:
    return {"section": f"表{number:02}"}


@pytest.mark.parametrize(
    ("printed", "verdict", "diagnosis"),
    [
        ("979300.00", "exact", None),
        ("979312.55", "rounding", None),
        ("979350.00", "rounding", None),
        ("979350.01", "violated", "inconsistent"),
        ("97.93", "violated", "scale_slip"),
        ("9793000000", "violated", "scale_slip"),
    ],
)
def test_text_and_tables_state_the_same(repeats: Any, printed: str, verdict: str, diagnosis: str | None) -> None:
    """The text in 万元, the table in 元: rounded in the text, or in the wrong unit by a factor of 10,000."""
    (found,) = repeats(("gpb_expenditure", "97.93"), ("gpb_expenditure", printed, {**table(6), "unit": "元"}))
    assert (found["verdict"], found["diagnosis"], found["severity"]) == (verdict, diagnosis, "H")


def test_tables_are_compared_with_each_other(repeats: Any) -> None:
    """A class stands in the overview and in the table of expenditure."""
    member = {"member_code": "208", "member_name": "社会保障和就业支出"}
    rows = [
        ("function_expenditure", value, {**member, **table(number)}) for value, number in (("9.00", 1), ("9.02", 3))
    ]
    (found,) = repeats(*rows)
    assert (found["verdict"], found["facts"]) == ("violated", [0, 1])


def test_economic_classes_of_tables_of_different_scope_are_not_compared(repeats: Any) -> None:
    member = {"member_code": "301", "member_name": "工资福利支出"}
    rows = [("economic_class_expenditure", f"{number}.00", {**member, **table(number)}) for number in (5, 7, 8, 9)]
    assert repeats(*rows) == []
