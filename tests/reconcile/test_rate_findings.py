"""Which amounts a percentage is compared with, the likely causes of misfits, and what the findings say.

The figures of the first tests are those of published final accounts, with their real errors and what only looks like one.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pytest

from schemas.raw import DOCUMENTS
from schemas.taxonomy import load
from sources.writer.accounts import random_figures
from sources.writer.breaking import break_figure
from sources.writer.compose import write_report
from sources.writer.public_tables import layouts
from sources.writer.render import FORMATS
from sources.writer.wording import FAMILIES, random_form
from tasks.extract import extract
from tasks.read import read_all
from tasks.reconcile import reconcile

Check = Callable[..., pl.DataFrame]
One = Callable[..., dict[str, Any]]

CHANGE = {"period": "change"}
CLASSES = {"section": "五（二）"}
ITEMS = {"section": "五（三）"}
HEAD = {"section": "五（一）"}


def growth(stem: str, base: str, current: str, change: str, rate: str, **more: Any) -> list[Any]:
    return [
        (base, current, more),
        (f"{stem}_yoy_change", change, {**CHANGE, **more}),
        (f"{stem}_yoy_rate", rate, {**CHANGE, **more}),
    ]


def split(total: str, *parts: tuple[str, str]) -> list[Any]:
    """Classes with their shares."""
    rows: list[Any] = [("gpb_expenditure", total, CLASSES)]
    for number, (amount, share) in enumerate(parts):
        member = {"member_code": str(201 + number), "member_name": "某支出", **CLASSES}
        rows += [("gpb_function_expenditure", amount, member), ("gpb_function_share", share, member)]
    return rows


def derived(checks: pl.DataFrame) -> pl.DataFrame:
    """The rows of derived figures."""
    kinds = (*load.RATE_KINDS, *load.DERIVED, *load.FROM_ZERO)
    known = load.equations().filter(pl.col("kind").is_in(kinds))
    return checks.join(known.select("equation"), on="equation", how="semi", maintain_order="left")


def told(checks: pl.DataFrame) -> list[tuple[str, str, str]]:
    """The violated derived figures: equation, instance, diagnosis."""
    return derived(checks).filter(pl.col("verdict") == "violated").select("equation", "instance", "diagnosis").rows()


def run(contents: list[bytes]) -> tuple[pl.DataFrame, dict[str, int]]:
    """The checks of text reports, and which report is which."""
    read = [(sha256(content).hexdigest(), f"{number}.txt", content) for number, content in enumerate(contents)]
    ids = [digest for digest, _, _ in read]
    nothing = {name: [None] * len(read) for name in DOCUMENTS.schema}
    documents = DOCUMENTS.frame(nothing | {"document": ids, "source": ids, "url": ids})
    done = extract(read_all(read).blocks, documents)
    assert done.reports.height == len(contents)
    numbers = {digest[:16]: number for number, digest in enumerate(ids)}
    return reconcile(done.reports, done.facts, done.mentions), numbers


def test_the_published_reports(real_reports: Path) -> None:
    """All that is wrong with their percentages, and nothing that rounding or the form explains."""
    files = sorted(real_reports.glob("*.txt"))
    checks, numbers = run([file.read_bytes() for file in files])
    found = [
        (files[numbers[row["report_id"]]].name[:3], row["equation"], row["instance"], row["diagnosis"])
        for row in derived(checks).filter(pl.col("verdict") == "violated").iter_rows(named=True)
    ]
    assert sorted(found) == [
        ("001", "G06", "official_reception_yoy_rate/七", "zero_base"),
        ("001", "G06", "official_vehicle_yoy_rate/七", "zero_base"),
        ("001", "G06", "three_public_yoy_rate/七", "zero_base"),
        ("002", "P04", "gpb_function_share/201/五（二）", "truncated"),
        ("003", "G01", "agency_operating_expenditure_yoy_rate/十（一）", "wrong_base"),
        ("003", "G01", "expenditure_total_yoy_rate/一", "wrong_base"),
        ("003", "G01", "fiscal_expenditure_total_yoy_rate/四", "wrong_base"),
        ("003", "G01", "fiscal_revenue_total_yoy_rate/四", "wrong_base"),
        ("003", "G01", "gpb_expenditure_yoy_rate/五（一）", "wrong_base"),
        ("003", "G01", "revenue_total_yoy_rate/一", "wrong_base"),
        ("003", "P04", "gpb_function_share/221/五（二）", "truncated"),
    ]


@pytest.mark.parametrize("tables", [None, *layouts()])
@pytest.mark.parametrize("family", FAMILIES)
def test_consistent_reports_have_no_findings(family: str, tables: str | None) -> None:
    contents = [
        FORMATS["txt"](write_report(random_figures(Random(seed)), seed, form=random_form(family, seed), tables=tables))
        for seed in range(7000, 7012)
    ]
    checks, _ = run(contents)
    assert told(checks) == []
    assert derived(checks).filter(pl.col("verdict").is_in(["exact", "rounding"])).height > 200


@pytest.mark.parametrize(
    ("concept", "equation"),
    [
        ("gpb_expenditure_share", "P03"),
        ("expenditure_basic_share", "P02"),
        ("gpb_expenditure_yoy_rate", "G01"),
        ("gpb_expenditure_yoy_change", "G01"),
    ],
)
def test_a_misprint_is_found(concept: str, equation: str) -> None:
    """By a percentage point, or 10万元, of which rounding explains neither."""
    by = Decimal(10 if concept.endswith("change") else 1)
    broken = [break_figure(random_figures(Random(seed)), seed, concept, by) for seed in range(8000, 8010)]
    checks, _ = run([FORMATS["txt"](report) for report in broken])
    found = checks.filter(pl.col("equation") == equation, pl.col("verdict") == "violated")
    assert found["report_id"].n_unique() == len(broken)


class TestNotReported:
    """Residuals that rounding explains, and legitimate exceptions."""

    @pytest.mark.parametrize(
        ("current", "change", "rate"),
        [("69.22", "25.96", "59.99"), ("37.73", "-2.88", "-7"), ("1233.76", "524.41", "73.93"), ("5", "0", "0")],
    )
    def test_growth(self, check: Check, current: str, change: str, rate: str) -> None:
        name = "agency_operating_expenditure"
        assert told(check(*growth(name, name, current, change, rate))) == []

    def test_a_small_figure_has_a_wide_interval(self, check: Check) -> None:
        section = {"section": "七"}
        rows = [("three_public_expenditure", "0.11", section)]
        for stem, amount, share in (("official_vehicle", "0.04", "36"), ("official_reception", "0.07", "64")):
            rows += [(f"{stem}_expenditure", amount, section), (f"{stem}_share", share, section)]
        assert told(check(*rows)) == []

    def test_nothing_completes_nothing(self, check: Check) -> None:
        """0% may be 0 of something: the other rates then fit together only with a budget that is not printed."""
        section = {"section": "七"}
        rows: list[Any] = [("three_public_expenditure", "24.12"), ("three_public_budget_completion_rate", "80.89")]
        for stem, amount, rate in (
            ("overseas_travel", "0", "0"),
            ("official_vehicle", "5.05", "50.55"),
            ("official_reception", "19.07", "99.17"),
        ):
            rows += [(f"{stem}_expenditure", amount, section), (f"{stem}_budget_completion_rate", rate, section)]
        found = check(*rows)
        assert told(found) == []
        assert found.filter(pl.col("equation") == "C03")["verdict"].to_list() == ["not_evaluated"]

    def test_rates_of_several_budgets_are_not_added_up(self, one: One) -> None:
        """The rate of the total is of the initial budget, which the items do not tell."""
        total = [
            ("gpb_expenditure", "30.00", ITEMS),
            ("gpb_initial_budget", "20.00", {**ITEMS, "budget_basis": "年初"}),
        ]
        total += [("gpb_budget_completion_rate", "150.00", ITEMS)]
        for code, amount in (("2010101", "10.00"), ("2080505", "20.00")):
            item = {"member_code": code, "member_name": "某项", **ITEMS}
            total += [("gpb_function_expenditure", amount, item), ("gpb_function_completion_rate", "100.00", item)]
        assert one("C02", *total)["verdict"] == "not_evaluated"
        total[2] = ("gpb_budget_completion_rate", "120.00", {**ITEMS, "budget_basis": "全年"})
        assert one("C02", *total)["verdict"] == "not_evaluated"

    def test_a_group_is_not_added_to_its_items(self, one: One) -> None:
        rows = [("gpb_expenditure", "30.00", ITEMS), ("gpb_budget_completion_rate", "60.00", ITEMS)]
        for code, amount, rate in (("20101", "10.00", "90"), ("2010101", "10.00", "100"), ("2080505", "20.00", "50")):
            item = {"member_code": code, "member_name": "某项", **ITEMS}
            rows += [("gpb_function_expenditure", amount, item), ("gpb_function_completion_rate", rate, item)]
        assert one("C02", *rows)["verdict"] == "exact"

    def test_halves_are_rounded_up(self, one: One) -> None:
        rows = [("procurement_expenditure", "80.00"), ("procurement_sme_contract", "10.00")]
        for share, verdict in (("13", "exact"), ("12", "rounding")):
            assert one("P07", *rows, ("procurement_sme_share", share))["verdict"] == verdict

    @pytest.mark.parametrize("share", ["0", "100"])
    def test_a_share_of_nothing(self, one: One, share: str) -> None:
        rows = [("procurement_expenditure", "0"), ("procurement_sme_contract", "0"), ("procurement_sme_share", share)]
        assert one("P07", *rows)["verdict"] == "exact"

    def test_another_share_of_nothing(self, one: One) -> None:
        rows = [("procurement_expenditure", "0"), ("procurement_sme_contract", "0"), ("procurement_sme_share", "35")]
        assert (one("P07", *rows)["verdict"], one("P07", *rows)["diagnosis"]) == ("violated", "zero_base")

    def test_a_part_of_a_whole_that_was_left_at_zero(self, one: One) -> None:
        rows = [("procurement_expenditure", "0"), ("procurement_sme_contract", "5.00"), ("procurement_sme_share", "50")]
        found = one("P07", *rows)
        assert (found["verdict"], found["diagnosis"]) == ("not_evaluated", "whole_is_zero")

    def test_a_percentage_with_fewer_places_agrees_as_far_as_it_shows(self, check: Check) -> None:
        assert told(check(*split("939.98", ("663.69", "70.61"), ("204.43", "22"), ("71.86", "7.6")))) == []

    def test_a_printed_zero_may_be_less_than_a_half(self, check: Check) -> None:
        assert told(check(*split("438.56", ("438.29", "99.94"), ("0.27", "0")))) == []

    def test_shares_of_an_incomplete_split_need_not_add_up(self, one: One) -> None:
        found = one("P05", *split("50.00", ("10.00", "20.00"), ("15.00", "30.00")))
        assert (found["verdict"], found["diagnosis"]) == ("not_evaluated", "absent: parts")

    @pytest.mark.parametrize(
        ("parts", "verdict"),
        [
            ((("10.00", "20.00"), ("40.00", "80.00")), "exact"),
            ((("16.67", "33.34"), ("16.67", "33.34"), ("16.66", "33.33")), "rounding"),
            ((("10.00", "20.00"), ("40.00", "81.00")), "violated"),
            ((("10.00", "20"), ("40.00", "81")), "rounding"),
            ((("10.00", "20"), ("40.00", "82")), "violated"),
        ],
    )
    def test_shares_of_a_split_that_adds_up(self, one: One, parts: Any, verdict: str) -> None:
        assert one("P05", *split("50.00", *parts))["verdict"] == verdict

    def test_one_change_for_both_totals_implies_no_balance(self, one: One) -> None:
        rows = [*growth("revenue_total", "revenue_total", "50.00", "5.00", "11.11")]
        rows += [*growth("expenditure_total", "expenditure_total", "50.00", "5.00", "11.11")]
        assert one("G07", *rows, ("carryover_opening", "3.00"))["verdict"] == "not_evaluated"

    def test_more_left_than_carried_over_may_have_been_distributed(self, one: One) -> None:
        rows = [*growth("revenue_total", "revenue_total", "50.00", "5.00", "11.11")]
        rows += [*growth("expenditure_total", "expenditure_total", "50.00", "9.00", "21.95")]
        assert one("G07", *rows, ("carryover_opening", "3.00"))["verdict"] == "not_evaluated"
        assert one("G07", *rows, ("carryover_opening", "5.00"))["verdict"] == "violated"

    def test_parts_without_a_change_may_have_changed(self, one: One) -> None:
        section = {"section": "七", **CHANGE}
        rows = [("three_public_yoy_change", "3.00", section), ("official_vehicle_yoy_change", "1.00", section)]
        assert one("G03", *rows)["verdict"] == "not_evaluated"


class TestCompletion:
    """The completion rate of a total beside those of its items."""

    def verdict(self, one: One, total: str, *items: tuple[str, str, str], basis: str | None = None) -> str:
        rows: list[Any] = [("gpb_expenditure", "30.00", ITEMS), ("gpb_budget_completion_rate", total, ITEMS)]
        for code, amount, rate in items:
            item = {"member_code": code, "member_name": "某项", **ITEMS}
            own = {**item, "budget_basis": basis if code.startswith("208") else None}
            rows += [("gpb_function_expenditure", amount, item), ("gpb_function_completion_rate", rate, own)]
        return str(one("C02", *rows)["verdict"])

    FIRST = ("2010101", "10.00", "100")
    SECOND = ("2080505", "20.00", "50.01")

    def test_a_group_without_items_counts(self, one: One) -> None:
        assert self.verdict(one, "60.01", ("20101", "10.00", "100"), self.SECOND) == "exact"

    def test_a_hundred_is_as_exact_as_its_section(self, one: One) -> None:
        assert self.verdict(one, "60.09", self.FIRST, self.SECOND) == "violated"

    def test_items_of_different_budgets_are_not_added_up(self, one: One) -> None:
        assert self.verdict(one, "90.00", self.FIRST, self.SECOND, basis="年初") == "not_evaluated"

    def test_an_item_of_nothing_may_lower_the_rate_but_not_raise_it(self, one: One) -> None:
        nothing = ("2101101", "0", "0")
        assert self.verdict(one, "50.00", self.FIRST, self.SECOND, nothing) == "not_evaluated"
        assert self.verdict(one, "70.00", self.FIRST, self.SECOND, nothing) == "violated"


class TestCauses:
    """Each diagnosis, with its sentence."""

    def cause(self, check: Check, *rows: Any, equation: str) -> tuple[str, str]:
        found = check(*rows).filter(pl.col("equation") == equation, pl.col("verdict") == "violated")
        assert found.height == 1
        return found["diagnosis"][0], found["message"][0]

    def test_wrong_base_of_growth(self, check: Check) -> None:
        rows = growth("revenue_total", "revenue_total", "384.49", "17.05", "4.43")
        assert self.cause(check, *rows, equation="G01") == (
            "wrong_base",
            "G01 收入总计比上年增减率 4.43% ≠ 4.64%, 17.05万元 on 367.44万元 of the prior year; "
            "the change is divided by this year's figure; "
            "off by 0.2102 percentage points, rounding explains at most 0.0065 percentage points",
        )

    def test_wrong_base_of_a_share(self, check: Check) -> None:
        rows = [("expenditure_current_year", "50.00"), ("fiscal_expenditure_current_year", "40.00")]
        share = [("gpb_expenditure", "30.00", HEAD), ("gpb_expenditure_share", "75.00", HEAD)]
        diagnosis, message = self.cause(check, *rows, *share, equation="P03")
        assert diagnosis == "wrong_base"
        assert "75% ≠ 60%" in message
        assert "it is the share of 财政拨款支出本年合计" in message

    def test_truncated(self, check: Check) -> None:
        rows = split("332.77", ("281.99", "84.74"), ("16", "4.81"), ("13.93", "4.19"), ("20.86", "6.26"))
        diagnosis, message = self.cause(check, *rows, equation="P04")
        assert diagnosis == "truncated"
        assert "6.26% ≠ 6.27%, 20.86万元 of 332.77万元 一般公共预算财政拨款支出" in message

    def test_truncated_to_integers(self, check: Check) -> None:
        rows = split("522.08", ("415.41", "79"), ("45.96", "9"), ("25.42", "5"), ("35.29", "7"))
        assert self.cause(check, *rows, equation="P04")[0] == "truncated"

    def test_plugged(self, check: Check) -> None:
        """Rounded up, for the true shares add up to 99.99."""
        rows = split("3000.00", ("1000.00", "33.34"), ("1000.00", "33.33"), ("1000.00", "33.33"))
        assert self.cause(check, *rows, equation="P04")[0] == "plugged"

    def test_off_by_less_than_a_unit_without_adding_up(self, check: Check) -> None:
        rows = split("3000.00", ("1000.00", "33.34"), ("1000.00", "33.33"))
        assert self.cause(check, *rows, equation="P04")[0] is None

    def test_scale_slip(self, check: Check) -> None:
        rows = [*split("100.00", ("25.00", "0.25"), ("75.00", "75.00"))]
        found = check(*rows).filter(pl.col("equation") == "P04", pl.col("verdict") == "violated")
        assert found["diagnosis"].to_list() == ["scale_slip"]

    @pytest.mark.parametrize(
        ("total", "change", "rate", "diagnosis"),
        [
            ("417.36", "84.21", "2.53", "scale_slip"),  # 25.28
            ("417.36", "842.1", "25.28", "scale_slip"),  # more than there is
            ("4173.6", "84.21", "25.28", "scale_slip"),
            ("417.36", "84.21", "252.8", "scale_slip"),
            ("417.36", "84.21", "52.28", "transposed_digits"),
            ("417.36", "48.21", "25.28", "transposed_digits"),
            ("471.36", "84.21", "25.28", "transposed_digits"),
            ("417.36", "84.21", "27.28", None),
            ("417.36", "84.21", "5.28", None),
        ],
    )
    def test_a_slip_of_one_figure(
        self, check: Check, total: str, change: str, rate: str, diagnosis: str | None
    ) -> None:
        rows = growth("revenue_total", "revenue_total", total, change, rate)
        assert self.cause(check, *rows, equation="G01")[0] == diagnosis

    def test_two_digits_of_a_number_that_would_begin_with_zero(self, check: Check) -> None:
        """20% was never 02%."""
        assert self.cause(check, *split("1000.00", ("29.00", "20"), ("971.00", "97")), equation="P04")[0] is None

    def test_a_slip_within_a_few_times_what_rounding_explains_is_chance(self, check: Check) -> None:
        rows = growth("revenue_total", "revenue_total", "1.27", "0.31", "23")  # 32.29, of 31.6 to 33.0
        assert self.cause(check, *rows, equation="G01")[0] is None

    def test_what_slipped_in_a_share_slipped_in_the_sum_of_shares(self, check: Check) -> None:
        rows = split("100.00", ("25.38", "52.38"), ("74.62", "74.62"))
        assert self.cause(check, *rows, equation="P05")[0] == "transposed_digits"

    def test_another_misfit_says_nothing_of_the_sum_of_shares(self, check: Check) -> None:
        rows = split("100.00", ("25.38", "27.38"), ("74.62", "74.62"))
        assert self.cause(check, *rows, equation="P05")[0] is None

    def test_sign(self, check: Check) -> None:
        rows = growth("revenue_total", "revenue_total", "90.00", "-10.00", "10.00")
        assert self.cause(check, *rows, equation="G01")[0] == "sign"

    def test_zero_base(self, check: Check) -> None:
        rows = growth("three_public", "three_public_expenditure", "0.11", "0.11", "100", section="七")
        assert self.cause(check, *rows, equation="G06") == (
            "zero_base",
            "G06 “三公”经费支出决算比上年增减率 100%, 0.11万元 on 0万元 of the prior year; nothing is a percentage of zero",
        )

    def test_an_initial_budget_of_zero(self, check: Check) -> None:
        item = {"member_code": "2010101", "member_name": "某项", "budget_basis": "年初", **ITEMS}
        rows = [("gpb_function_initial_budget", "0", item), ("gpb_function_expenditure", "5.00", item)]
        assert self.cause(check, *rows, ("gpb_function_completion_rate", "85", item), equation="C05")[0] == "zero_base"
        assert told(check(*rows, ("gpb_function_completion_rate", "100", item))) == []
        assert told(check(*rows, ("gpb_function_completion_rate", "85", {**item, "budget_basis": None}))) == []

    def test_no_cause(self, check: Check) -> None:
        rows = growth("revenue_total", "revenue_total", "90.00", "10.00", "44.44")
        assert self.cause(check, *rows, equation="G01")[0] is None


class TestPairs:
    """The amounts that a percentage belongs to."""

    TOTAL = ("expenditure_current_year", "50.00")
    MISPRINT = ("expenditure_current_year", "80.00", {"section": "绩效报告"})

    def test_those_of_the_same_paragraph_come_first(self, check: Check) -> None:
        rows = [("gpb_expenditure", "40.00", {**HEAD, "block": 1}), ("gpb_expenditure", "30.00", {**HEAD, "block": 2})]
        share = ("gpb_expenditure_share", "60.00", {**HEAD, "block": 2})
        later = ("gpb_expenditure", "20.00", {**HEAD, "block": 3})
        assert told(check(self.TOTAL, *rows, share, later)) == []

    def test_the_last_before_the_percentage_comes_first(self, check: Check) -> None:
        rows = [("gpb_expenditure", value, HEAD) for value in ("40.00", "30.00")]
        assert told(check(self.TOTAL, *rows, ("gpb_expenditure_share", "60.00", HEAD))) == []

    def test_the_whole_is_that_of_its_own_section(self, check: Check) -> None:
        rows = [self.MISPRINT, self.TOTAL, ("gpb_expenditure", "30.00", HEAD), ("gpb_expenditure_share", "60.00", HEAD)]
        assert told(check(*rows)) == []

    def test_another_scope_is_not_taken(self, one: One) -> None:
        """A share in the performance report says nothing about the totals of the main sections."""
        annex = {"section": "绩效报告"}
        rows = [self.TOTAL, ("gpb_expenditure", "30.00", annex), ("gpb_expenditure_share", "75.00", annex)]
        found = one("P03", *rows)
        assert (found["verdict"], found["diagnosis"]) == ("not_evaluated", "absent: expenditure_current_year")

    def test_a_change_of_another_section_is_not_taken(self, one: One) -> None:
        rows = growth("gpb_expenditure", "gpb_expenditure", "110.00", "10.00", "10.00", section="五")
        assert one("G01", *rows)["verdict"] == "exact"
        rows[1] = ("gpb_expenditure_yoy_change", "20.00", {**CHANGE, "section": "一"})
        assert one("G01", *rows)["verdict"] == "not_evaluated"

    def test_each_statement_is_an_instance(self, check: Check) -> None:
        rows = growth("gpb_expenditure", "gpb_expenditure", "110.00", "10.00", "10.00", section="五（一）")
        again = growth("gpb_expenditure", "gpb_expenditure", "110.00", "10.00", "10.00", section="一")
        found = check(*rows, *rows, *again).filter(pl.col("equation") == "G01")
        name = "gpb_expenditure_yoy_rate"
        assert found["instance"].to_list() == [f"{name}/一", f"{name}/五（一）", f"{name}/五（一）/2"]
        assert set(found["verdict"]) == {"exact"}

    def test_percentages_without_amounts_take_one_row(self, check: Check) -> None:
        items = [{"member_code": code, "member_name": "某项", **ITEMS} for code in ("2010101", "2080505")]
        found = check(*[("gpb_function_completion_rate", "95", item) for item in items])
        found = found.filter(pl.col("equation") == "C01")
        assert found.select("instance", "verdict").rows() == [("gpb_function_completion_rate", "not_evaluated")]

    def test_a_bare_budget_may_be_the_adjusted_one(self, one: One) -> None:
        item = {"member_code": "2010101", "member_name": "某项", **ITEMS}
        rows = [("gpb_function_initial_budget", "20.00", {**item, "budget_basis": "年初"})]
        rows += [("gpb_function_expenditure", "10.00", item)]
        assert one("C01", *rows, ("gpb_function_completion_rate", "50.00", item))["verdict"] == "exact"
        found = one("C01", *rows, ("gpb_function_completion_rate", "80.00", item))
        assert (found["verdict"], found["diagnosis"]) == ("not_evaluated", "absent: gpb_function_budget")
        named = ("gpb_function_completion_rate", "80.00", {**item, "budget_basis": "年初"})
        assert one("C01", *rows, named)["verdict"] == "violated"

    def test_an_initial_budget_just_before_the_rate_is_its_own(self, one: One) -> None:
        rows = [("gpb_expenditure", "10.00", ITEMS), ("gpb_initial_budget", "20.00", {**ITEMS, "budget_basis": "年初"})]
        assert one("C01", *rows, ("gpb_budget_completion_rate", "80.00", ITEMS))["verdict"] == "violated"

    def test_a_whole_may_be_restated_in_another_main_section(self, one: One) -> None:
        share = [("gpb_expenditure", "30.00", HEAD), ("gpb_expenditure_share", "75.00", HEAD)]
        found = one("P03", ("expenditure_current_year", "50.00", {"section": "一"}), *share)
        assert (found["verdict"], found["rhs"]) == ("violated", 60)
        annex = one("P03", ("expenditure_current_year", "50.00", {"section": "绩效报告"}), *share)
        assert annex["verdict"] == "not_evaluated"

    def test_either_whole_of_the_share_of_small_firms(self, one: One) -> None:
        rows = [("procurement_expenditure", "100.00"), ("procurement_sme_contract", "50.00")]
        rows += [("procurement_micro_contract", "20.00")]
        for share, verdict in (("20.00", "exact"), ("40.00", "exact"), ("30.00", "violated")):
            assert one("P07", *rows, ("procurement_micro_share", share))["verdict"] == verdict

    def test_the_prior_figure_that_is_printed_counts_as_well(self, check: Check) -> None:
        name = "agency_operating_expenditure"
        rows = [*growth(name, name, "110.00", "10.00", "10.00"), (name, "90.00", {"period": "prior"})]
        assert told(check(*rows)) == [("G01", f"{name}_yoy_rate/十（一）/prior", None)]

    def test_a_figure_beyond_all_bounds_was_misread(self, check: Check) -> None:
        rows = [("procurement_expenditure", "1" + "0" * 12), ("procurement_sme_contract", "5.00")]
        found = check(*rows, ("procurement_sme_share", "50"), ("gpb_expenditure_share", "9" * 9))
        assert told(found) == []
