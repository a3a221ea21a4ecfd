"""Which figures take part in an equation, how exact they are, and when an equation says nothing."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.curated import FACTS
from tasks.reconcile.figures import figures
from tests.reconcile.conftest import fact_row, frame

One = Callable[..., dict[str, Any]]

CLASS = {"section": "五（二）"}
ITEM = {"section": "五（三）"}


def yuan(text: str) -> Decimal:
    """万元 as yuan."""
    return Decimal(text) * 10_000


def test_a_printed_zero_has_no_uncertainty(one: One) -> None:
    rows = [("procurement_goods", "5.00"), ("procurement_works", "0.00"), ("procurement_services", "0")]
    assert one("S24", ("procurement_expenditure", "5.01"), *rows)["bound"] == yuan("0.01")


def test_trailing_zeros_that_were_dropped_do_not_widen_the_bound(one: One) -> None:
    found = one("S03", ("revenue_total", "894"), ("expenditure_total", "894.02"))
    assert (found["verdict"], found["bound"]) == ("violated", yuan("0.01"))


def test_precision_is_that_of_the_section_that_prints_the_figure(one: One) -> None:
    rows = [("gpb_expenditure", "10.00"), ("government_fund_expenditure", "44")]
    found = one("S10", ("fiscal_expenditure_current_year", "54.50"), *rows)
    assert (found["verdict"], found["bound"]) == ("rounding", yuan("0.51"))


FUND = ("government_fund_expenditure", "44")
HUNDREDTHS = [
    (f"procurement_{kind}", value) for kind, value in (("goods", "1.25"), ("works", "2.50"), ("services", "3.75"))
]


@pytest.mark.parametrize(
    ("section", "others", "bound"),
    [
        ([FUND], HUNDREDTHS, "0.015"),
        ([FUND], [], "0.51"),  # too few in the whole report
        ([FUND], [(name, value, {"section": "表10"}) for name, value in HUNDREDTHS], "0.51"),  # tables are no text
        ([FUND, ("government_fund_opening", "40"), ("government_fund_closing", "4")], HUNDREDTHS, "0.51"),
        ([FUND, ("government_fund_opening", "40"), ("government_fund_closing", "0")], HUNDREDTHS, "0.015"),
        ([FUND, ("government_fund_opening", "40.1255")], HUNDREDTHS, "0.01005"),  # finer than the report
        ([FUND], [*HUNDREDTHS, ("meeting_expenditure", "9.1234")], "0.015"),  # one slip of the pen
    ],
)
def test_few_amounts_are_as_exact_as_the_text(one: One, section: list[Any], others: list[Any], bound: str) -> None:
    """Amounts of funds are round often enough: one of them tells no precision, three of them do."""
    rows = [("fiscal_expenditure_current_year", "53.50"), ("gpb_expenditure", "10.00"), *section, *others]
    found = one("S10", *rows)
    assert (found["bound"], found["verdict"]) == (yuan(bound), "rounding" if bound == "0.51" else "violated")


def test_percentages_do_not_borrow_precision() -> None:
    rows = [
        fact_row(n, "gpb_function_share", value, section="五（二）") for n, value in enumerate(("1.25", "2.50", "3.75"))
    ]
    alone = fact_row(9, "gpb_expenditure_share", "97", section="五（一）")
    found = figures(frame(FACTS, [*rows, alone])).filter(pl.col("concept") == "gpb_expenditure_share")
    assert found["half"].to_list() == [Decimal("0.5")]


def test_precision_is_not_shared_between_reports(batch: Callable[..., pl.DataFrame]) -> None:
    fine = [("revenue_total", "5.25"), ("expenditure_total", "5.25")]
    coarse = [("revenue_total", "5"), ("expenditure_total", "6")]
    found = batch({"a" * 16: fine, "b" * 16: coarse}).filter(pl.col("equation") == "S03")
    assert found["bound"].to_list() == [yuan("0.01"), yuan("1")]


def test_a_figure_in_yuan_does_not_sharpen_those_in_ten_thousands(one: One) -> None:
    rows = [("overseas_travel_expenditure", "1.00"), ("official_reception_expenditure", "25.37", {"unit": "元"})]
    found = one("S20", ("three_public_expenditure", "1.00"), *rows)
    assert (found["verdict"], found["residual"]) == ("rounding", Decimal("-25.37"))
    assert found["bound"] == Decimal("100.005")


def test_counts_are_exact(one: One) -> None:
    kinds = [
        ("vehicle_use_count", "1", {"member_name": "机要通信用车"}),
        ("vehicle_use_count", "2", {"member_name": "其他用车"}),
    ]
    found = one("S26", ("vehicle_count", "3"), *kinds, instance="vehicle_count")
    assert (found["verdict"], found["bound"], found["unit_kind"]) == ("exact", 0, "count")


def test_only_the_current_period_and_no_template_left_overs_take_part(one: One) -> None:
    rows = [("revenue_total", "5.00", {"period": "prior"}), ("revenue_total", "6.00", {"state": "template_left_over"})]
    found = one("S03", *rows, ("revenue_total", "7.00"), ("expenditure_total", "7.00"))
    assert (found["verdict"], found["facts"]) == ("exact", [2, 3])


def test_a_figure_of_another_kind_of_unit_takes_no_part(one: One) -> None:
    percent = ("expenditure_total", "9.00", {"unit_kind": "percent", "amount_cny": None})
    assert one("S03", ("revenue_total", "9.00"), percent)["diagnosis"] == "absent: expenditure_total"


@pytest.mark.parametrize(
    ("first", "second"), [("绩效报告", "三"), ("项目表", "绩效报告"), ("一", "三")], ids="before-".join
)
def test_the_section_of_precedence_speaks(one: One, first: str, second: str) -> None:
    """Main sections before the performance report before project tables; of the main sections the concept's own."""
    rows = [("expenditure_basic", "1.00", {"section": first}), ("expenditure_basic", "2.00", {"section": second})]
    assert one("S18", *rows, ("gpb_basic_expenditure", "1.50"))["lhs"] == yuan("2")


def test_the_first_in_reading_order_speaks_within_a_section(one: One) -> None:
    rows = [("expenditure_basic", "1.00"), ("expenditure_basic", "2.00")]
    assert one("S18", *rows, ("gpb_basic_expenditure", "0.50"))["lhs"] == yuan("1")


def test_an_unknown_section_is_an_error(check: Callable[..., pl.DataFrame]) -> None:
    with pytest.raises(ValueError, match=r"section '十二' is not listed in network_sections\.csv"):
        check(("revenue_total", "1.00", {"section": "十二"}))


def test_absent_parts_count_as_zero_where_the_form_leaves_out_zeros(one: One) -> None:
    found = one(
        "S02",
        ("expenditure_current_year", "522.10"),
        ("expenditure_basic", "418.21"),
        ("expenditure_project", "103.89"),
    )
    assert found["verdict"] == "exact"
    found = one("S02", ("expenditure_current_year", "522.10"), ("expenditure_basic", "418.21"))
    assert (found["verdict"], found["diagnosis"]) == ("violated", "missing_item")


def test_an_absent_concept_is_named(one: One) -> None:
    found = one("S17", ("gpb_basic_expenditure", "5.00"), ("gpb_personnel_expenditure", "3.00"))
    assert (found["verdict"], found["diagnosis"]) == ("not_evaluated", "absent: gpb_public_use_expenditure")
    assert (found["lhs"], found["rhs"], found["residual"], found["bound"]) == (None, None, None, None)


class TestBalancingFigures:
    """Opening and closing balances are mostly unprinted: what they amount to must not be negative."""

    TOTAL = ("revenue_total", "894.00")
    YEAR = ("revenue_current_year", "776.73")

    def test_unprinted(self, one: One) -> None:
        found = one("S04", self.TOTAL, self.YEAR)
        assert found["verdict"] == "not_evaluated"
        assert found["diagnosis"] == "absent: carryover_opening, non_fiscal_balance_used"
        assert found["residual"] == yuan("117.27")

    def test_unprinted_and_negative(self, one: One) -> None:
        assert one("S04", ("revenue_total", "776.00"), self.YEAR)["verdict"] == "violated"

    def test_one_printed_and_the_rest_is_zero(self, one: One) -> None:
        found = one("S04", self.TOTAL, self.YEAR, ("carryover_opening", "117.27"))
        assert found["verdict"] == "exact"

    def test_one_printed_and_the_rest_is_not_zero(self, one: One) -> None:
        found = one("S04", self.TOTAL, self.YEAR, ("carryover_opening", "100.00"))
        assert (found["verdict"], found["diagnosis"]) == ("not_evaluated", "absent: non_fiscal_balance_used")

    def test_all_printed(self, one: One) -> None:
        rows = [("carryover_opening", "100.00"), ("non_fiscal_balance_used", "17.00")]
        assert one("S04", self.TOTAL, self.YEAR, *rows)["verdict"] == "violated"


class TestReadings:
    """An equation may be read in several admissible ways; the one that fits best counts."""

    YEAR = ("revenue_current_year", "100.00")
    OTHER = ("revenue_other", "10.00")

    def test_fiscal_appropriation_stands_for_the_three_budgets(self, one: One) -> None:
        assert one("S01", self.YEAR, ("revenue_fiscal_appropriation", "90.00"), self.OTHER)["verdict"] == "exact"
        found = one("S01", self.YEAR, ("revenue_fiscal_appropriation", "89.00"), self.OTHER)
        assert (found["verdict"], found["residual"]) == ("violated", yuan("1"))

    def test_it_is_not_counted_beside_them(self, one: One) -> None:
        rows = [("revenue_fiscal_appropriation", "90.00"), ("revenue_general_budget", "90.00")]
        assert one("S01", self.YEAR, *rows, self.OTHER)["rhs"] == yuan("100")

    def test_domestic_reception_may_include_foreign_guests(self, one: One) -> None:
        rows = [("domestic_reception_expenditure", "5.00"), ("foreign_reception_expenditure", "1.00")]
        assert one("S22", ("official_reception_expenditure", "5.00"), *rows)["verdict"] == "exact"
        assert one("S22", ("official_reception_expenditure", "6.00"), *rows)["verdict"] == "exact"
        assert one("S22", ("official_reception_expenditure", "5.50"), *rows)["verdict"] == "violated"

    def test_funds_may_pay_basic_expenditure(self, one: One) -> None:
        rows = [
            ("gpb_expenditure", "50.00"),
            ("gpb_basic_expenditure", "40.00"),
            ("government_fund_expenditure", "20.00"),
        ]
        project = ("expenditure_project", "25.00")
        assert one("S19", project, *rows, ("expenditure_basic", "45.00"))["verdict"] == "exact"
        assert one("S19", project, *rows, ("expenditure_basic", "40.00"))["verdict"] == "violated"


class TestFunctions:
    """Classes and items of the functional classification."""

    def test_classes_without_a_code_count(self, one: One) -> None:
        rows = [
            ("gpb_function_expenditure", "6.00", {"member_code": "201", **CLASS}),
            ("gpb_function_expenditure", "4.00", {"member_name": "某支出", **CLASS}),
        ]
        assert one("S13", ("gpb_expenditure", "10.00"), *rows)["verdict"] == "exact"

    def test_only_items_that_nothing_subdivides_count(self, one: One) -> None:
        rows = [
            ("gpb_function_expenditure", "10.00", {"member_code": "201", **ITEM}),
            ("gpb_function_expenditure", "10.00", {"member_code": "20101", **ITEM}),
            ("gpb_function_expenditure", "6.00", {"member_code": "2010101", **ITEM}),
            ("gpb_function_expenditure", "4.00", {"member_name": "某项", "parent_code": "20101", **ITEM}),
            ("gpb_function_expenditure", "0", {"member_code": "206", **ITEM}),
            ("gpb_function_expenditure", "10.00", {"member_name": "合计", **ITEM}),
        ]
        found = one("S15", ("gpb_expenditure", "10.00"), *rows)
        assert (found["verdict"], found["facts"]) == ("exact", [0, 3, 4, 5])

    def test_a_group_with_its_items_listed_is_no_item(self, one: One) -> None:
        rows = [
            ("gpb_function_expenditure", "10.00", {"member_code": "20101", **ITEM}),
            ("gpb_function_expenditure", "10.00", {"member_code": "2010101", **ITEM}),
            ("gpb_function_expenditure", "5.00", {"member_code": "20103", **ITEM}),
        ]
        found = one("S15", ("gpb_expenditure", "15.00"), *rows)
        assert (found["verdict"], found["facts"]) == ("exact", [0, 2, 3])

    def test_an_item_without_a_code_belongs_to_the_class_of_its_parent(self, one: One) -> None:
        rows = [
            ("gpb_function_expenditure", "10.00", {"member_code": "201", **CLASS}),
            ("gpb_function_expenditure", "6.00", {"member_code": "2010101", **ITEM}),
            ("gpb_function_expenditure", "4.00", {"member_name": "某项", "parent_code": "20103", **ITEM}),
        ]
        assert one("S14", *rows, instance="201")["verdict"] == "exact"

    def test_an_item_of_unknown_class_accuses_no_class(self, one: One) -> None:
        rows = [
            ("gpb_function_expenditure", "10.00", {"member_code": "201", **CLASS}),
            ("gpb_function_expenditure", "6.00", {"member_code": "2010101", **ITEM}),
        ]
        strange = ("gpb_function_expenditure", "4.00", {"member_name": "某项", **ITEM})
        assert one("S14", *rows, instance="201")["verdict"] == "violated"
        found = one("S14", *rows, strange, instance="201")
        assert (found["verdict"], found["diagnosis"]) == ("not_evaluated", "unclassified_items")
        assert one("S15", ("gpb_expenditure", "10.00"), *rows, strange)["verdict"] == "exact"

    def test_items_of_one_name_and_unknown_class_are_different_items(self, one: One) -> None:
        rows = [("gpb_function_expenditure", value, {"member_name": "行政运行", **ITEM}) for value in ("3.00", "4.00")]
        assert one("S15", ("gpb_expenditure", "7.00"), *rows)["verdict"] == "exact"

    def test_a_class_of_zero_without_items_has_nothing_to_add_up(self, check: Callable[..., pl.DataFrame]) -> None:
        rows = [
            ("gpb_function_expenditure", "6.00", {"member_code": "201", **CLASS}),
            ("gpb_function_expenditure", "0", {"member_code": "205", **CLASS}),
            ("gpb_function_expenditure", "6.00", {"member_code": "2010101", **ITEM}),
        ]
        found = check(*rows).filter(pl.col("equation") == "S14")
        assert found.select("instance", "verdict").rows() == [("201", "exact")]

    def test_a_list_of_some_items_falls_short_of_nothing(self, check: Callable[..., pl.DataFrame]) -> None:
        classes = [
            ("gpb_function_expenditure", "6.00", {"member_code": code, **CLASS}) for code in ("201", "205", "208")
        ]
        item = ("gpb_function_expenditure", "5.00", {"member_code": "2010101", **ITEM})
        total = ("gpb_expenditure", "18.00")
        found = check(total, *classes, item).filter(pl.col("diagnosis") == "some_items")
        assert found["equation"].to_list() == ["S14", "S15"]
        exceeding = ("gpb_function_expenditure", "7.00", {"member_code": "2010101", **ITEM})
        assert check(total, *classes, exceeding).filter(pl.col("verdict") == "violated")["instance"].to_list() == [
            "201"
        ]

    def test_one_class_that_falls_short_is_a_finding(self, check: Callable[..., pl.DataFrame]) -> None:
        classes = [("gpb_function_expenditure", "6.00", {"member_code": code, **CLASS}) for code in ("201", "205")]
        item = ("gpb_function_expenditure", "6.00", {"member_code": "2010101", **ITEM})
        found = check(("gpb_expenditure", "12.00"), *classes, item)
        assert found.filter(pl.col("verdict") == "violated")["equation"].to_list() == ["S15"]

    def test_several_classes_that_fall_short_with_items_of_their_own_are_findings(
        self, check: Callable[..., pl.DataFrame]
    ) -> None:
        """A list that means to be incomplete leaves out classes; this one has all of them."""
        classes = [("gpb_function_expenditure", "6.00", {"member_code": code, **CLASS}) for code in ("201", "205")]
        items = [
            ("gpb_function_expenditure", "5.00", {"member_code": f"{code}0101", **ITEM}) for code in ("201", "205")
        ]
        found = check(("gpb_expenditure", "12.00"), *classes, *items)
        assert found.filter(pl.col("verdict") == "violated").select("equation", "instance").rows() == [
            ("S14", "201"),
            ("S14", "205"),
            ("S15", ""),
        ]

    def test_a_complete_list_holds(self, check: Callable[..., pl.DataFrame]) -> None:
        classes = [("gpb_function_expenditure", "6.00", {"member_code": code, **CLASS}) for code in ("201", "205")]
        items = [
            ("gpb_function_expenditure", "6.00", {"member_code": f"{code}0101", **ITEM}) for code in ("201", "205")
        ]
        found = check(("gpb_expenditure", "12.00"), *classes, *items).filter(pl.col("equation").is_in(["S14", "S15"]))
        assert set(found["verdict"]) == {"exact"}

    def test_the_classes_of_the_structure_are_no_items(self, one: One) -> None:
        row = ("gpb_function_expenditure", "6.00", {"member_code": "201", **CLASS})
        assert one("S15", ("gpb_expenditure", "6.00"), row)["verdict"] == "not_evaluated"


class TestUnreadFigures:
    """What could not be read may explain a gap: it must never accuse a publisher."""

    ROWS = (("procurement_expenditure", "10.00"), ("procurement_goods", "6.00"))

    @pytest.mark.parametrize("section", ["十（二）", "十"])
    def test_in_a_section_that_takes_part(self, one: One, section: str) -> None:
        found = one("S24", *self.ROWS, unread=[(section, "4.00万元")])
        assert (found["verdict"], found["diagnosis"]) == ("not_evaluated", "unread_figures")
        assert found["residual"] == yuan("4")

    @pytest.mark.parametrize("unread", [("十（四）", "4.00万元"), ("十（二）", "0.00万元")])
    def test_elsewhere_or_zero(self, one: One, unread: tuple[str, str]) -> None:
        assert one("S24", *self.ROWS, unread=[unread])["verdict"] == "violated"

    def test_where_an_absent_part_would_stand(self, one: One) -> None:
        rows = [("three_public_expenditure", "9.00"), ("official_vehicle_expenditure", "5.00")]
        assert one("S20", *rows)["verdict"] == "violated"
        assert one("S20", *rows, unread=[("七（二）", "4.00万元")])["diagnosis"] == "unread_figures"

    def test_of_a_budget_that_is_not_told_of(self, one: One) -> None:
        rows = [
            ("fiscal_expenditure_current_year", "9.00"),
            ("gpb_expenditure", "5.00"),
            ("state_capital_expenditure", "0"),
        ]
        found = one("S10", *rows)
        assert (found["verdict"], found["diagnosis"]) == ("not_evaluated", "absent: government_fund_expenditure")
        assert one("S10", *rows, ("government_fund_expenditure", "3.00"))["verdict"] == "violated"

    def test_what_adds_up_passes_all_the_same(self, one: One) -> None:
        rows = (*self.ROWS, ("procurement_works", "4.00"))
        assert one("S24", *rows, unread=[("十（二）", "3.00万元")])["verdict"] == "exact"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.just(0) | st.integers(min_value=100, max_value=10**9), min_size=5, max_size=5))
def test_correct_accounts_are_never_accused_for_being_rounded(one: One, parts: list[int]) -> None:
    """Whole yuan add up exactly; each figure is then printed in 万元 with two decimals on its own.

    A printed zero counts as exact, so an amount is zero or large enough to be printed.
    """
    kinds = ("basic", "project", "remit_superior", "business", "subsidy_subordinate")
    rows = [(f"expenditure_{kind}", printed(part)) for kind, part in zip(kinds, parts, strict=True)]
    found = one("S02", ("expenditure_current_year", printed(sum(parts))), *rows)
    assert found["verdict"] in ("exact", "rounding")


def printed(amount: int) -> str:
    """Yuan in 万元 with two decimals."""
    return str((Decimal(amount) / 10_000).quantize(Decimal("0.01")))


def test_text_and_tables_are_never_added_together(one: Any) -> None:
    """Each states the classes once: the sum of the text takes those of the text, that of the table those of the table."""
    rows: list[Any] = [("gpb_expenditure", "30.00"), ("gpb_expenditure", "30.00", {"section": "表06"})]
    for section in ("五（二）", "表04", "表06"):
        for code, value in (("201", "10.00"), ("208", "20.00")):
            member = {"member_code": code, "member_name": code, "section": section}
            rows.append(("gpb_function_expenditure", value, member))
    assert (one("S13", *rows)["verdict"], one("S13", *rows)["rhs"]) == ("exact", 300_000)
    table = one("B05", *rows, instance="gpb_expenditure")
    assert (table["verdict"], table["rhs"], table["facts"]) == ("exact", 300_000, [1, 6, 7])


def test_a_class_of_a_table_is_the_sum_of_its_leaves(one: Any) -> None:
    """款 are the sums of their 项, and a 款 without any counts itself; a class alone has nothing to add up."""
    amounts = {"208": "6.00", "20805": "5.00", "2080505": "3.00", "2080506": "2.00", "20808": "1.00", "210": "4.00"}
    rows = [
        ("function_expenditure", value, {"member_code": code, "member_name": code, "section": "表03"})
        for code, value in amounts.items()
    ]
    found = one("B13", *rows, instance="表03/208")
    assert (found["verdict"], found["rhs"], found["facts"]) == ("exact", 60_000, [0, 2, 3, 4])
    assert one("B13", *rows, instance="表03/210")["verdict"] == "not_evaluated"


def test_each_row_of_a_table_adds_up(one: Any) -> None:
    item = {"member_code": "2080505", "member_name": "某项", "section": "表03"}
    parts = [("function_expenditure_basic", "2.00", item), ("function_expenditure_project", "1.00", item)]
    assert one("B03", ("function_expenditure", "3.00", item), *parts, instance="row/2080505")["verdict"] == "exact"
    off = one("B03", ("function_expenditure", "3.02", item), *parts, instance="row/2080505")
    assert (off["verdict"], off["message"].split(";")[0]) == (
        "violated",
        "B03 某项 3.02万元 ≠ 3万元, 支出决算（功能分类）·基本支出 + 支出决算（功能分类）·项目支出",
    )


def test_tables_that_a_report_does_not_have_take_one_row(check: Any) -> None:
    found = check(("gpb_expenditure", "30.00")).filter(pl.col("equation").str.starts_with("B"))
    assert found["equation"].is_unique().all()
    assert set(found["verdict"]) == {"not_evaluated"}
