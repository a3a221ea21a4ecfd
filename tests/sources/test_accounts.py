"""The invented accounts add up: every equation is recomputed here from the published figures alone."""

from decimal import ROUND_HALF_UP, Decimal
from random import Random

import pytest

from sources.writer.accounts import ONE_ZONE, random_figures, random_publisher, zones
from sources.writer.figures import Figures

SEEDS = range(400)
SOURCES = (
    "general_budget government_fund state_capital superior_subsidy institutional business subordinate_remittance other"
)
KINDS = "basic project remit_superior business subsidy_subordinate"


@pytest.fixture(scope="module")
def accounts() -> list[Figures]:
    return [random_figures(Random(seed)) for seed in SEEDS]


def amount(figures: Figures, concept: str, member: str = "") -> Decimal:
    """A stated amount; what is left out is zero."""
    return Decimal(figures.value(concept, member) or 0)


def total(figures: Figures, concept: str, members: list[str]) -> Decimal:
    return sum((amount(figures, concept, member) for member in members), Decimal(0))


def half_up(part: Decimal, whole: Decimal, like: Decimal) -> Decimal:
    return (100 * part / whole if whole else Decimal(0)).quantize(like, ROUND_HALF_UP)


def check_sum(accounts: list[Figures], left: str, right: str) -> None:
    """Compares two sums of concepts, e.g. "a + b", for all accounts."""
    for figures in accounts:
        sides = [sum(amount(figures, concept) for concept in side.split(" + ")) for side in (left, right)]
        assert sides[0] == sides[1], f"{left} = {right} in {figures.publisher.entity}"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("revenue_current_year", " + ".join(f"revenue_{source}" for source in SOURCES.split())),
        ("expenditure_current_year", " + ".join(f"expenditure_{kind}" for kind in KINDS.split())),
        ("revenue_total", "expenditure_total"),
        ("revenue_total", "revenue_current_year + non_fiscal_balance_used + carryover_opening"),
        ("expenditure_total", "expenditure_current_year + surplus_distribution + carryover_closing"),
        ("fiscal_revenue_total", "fiscal_expenditure_total"),
        ("fiscal_revenue_total", "fiscal_revenue_current_year + fiscal_carryover_opening"),
        ("fiscal_expenditure_total", "fiscal_expenditure_current_year + fiscal_carryover_closing"),
        (
            "fiscal_revenue_current_year",
            "revenue_general_budget + revenue_government_fund + revenue_state_capital",
        ),
        ("revenue_fiscal_appropriation", "fiscal_revenue_current_year"),
        (
            "fiscal_expenditure_current_year",
            "gpb_expenditure + government_fund_expenditure + state_capital_expenditure",
        ),
        ("fiscal_expenditure_current_year", "fiscal_expenditure_basic + fiscal_expenditure_project"),
        ("gpb_basic_expenditure", "gpb_personnel_expenditure + gpb_public_use_expenditure"),
        (
            "expenditure_project + gpb_basic_expenditure",
            "gpb_expenditure + government_fund_expenditure + state_capital_expenditure",
        ),
        (
            "three_public_expenditure",
            "overseas_travel_expenditure + official_vehicle_expenditure + official_reception_expenditure",
        ),
        ("official_vehicle_expenditure", "vehicle_purchase_expenditure + vehicle_operation_expenditure"),
        ("official_reception_expenditure", "domestic_reception_expenditure + foreign_reception_expenditure"),
        ("procurement_expenditure", "procurement_goods + procurement_works + procurement_services"),
        ("fixed_asset_gross", "fixed_asset_depreciation + fixed_asset_net"),
        ("full_year_budget", "full_year_budget_basic + full_year_budget_project"),
    ],
)
def test_sums(accounts: list[Figures], left: str, right: str) -> None:
    check_sum(accounts, left, right)


@pytest.mark.parametrize(
    ("less", "more"),
    [
        ("fiscal_revenue_total", "revenue_total"),
        ("fiscal_expenditure_current_year", "expenditure_current_year"),
        ("gpb_basic_expenditure", "expenditure_basic"),
        ("procurement_micro_contract", "procurement_sme_contract"),
        ("procurement_sme_contract", "procurement_expenditure"),
        ("project_disclosed_count", "project_target_set_count"),
    ],
)
def test_limits(accounts: list[Figures], less: str, more: str) -> None:
    for figures in accounts:
        assert 0 <= amount(figures, less) <= amount(figures, more)


def test_functions_add_up_to_classes_and_classes_to_the_budget(accounts: list[Figures]) -> None:
    for figures in accounts:
        codes = figures.members("gpb_function_expenditure")
        classes = [code for code in codes if len(code) == 3]
        for code in classes:
            items = [item for item in codes if len(item) == 7 and item.startswith(code)]
            assert total(figures, "gpb_function_expenditure", items) == amount(
                figures, "gpb_function_expenditure", code
            )
        assert total(figures, "gpb_function_expenditure", classes) == amount(figures, "gpb_expenditure")


@pytest.mark.parametrize(
    ("concept", "whole"),
    [
        ("vehicle_fleet_count", "合计"),
        ("vehicle_purchased_count", "合计"),
        ("staff_authorized", "合计"),
        ("staff_actual", "合计"),
        ("subordinate_unit_count", ""),
    ],
)
def test_kinds_add_up_to_their_total(accounts: list[Figures], concept: str, whole: str) -> None:
    for figures in accounts:
        kinds = [kind for kind in figures.members(concept) if kind != whole]
        assert total(figures, concept, kinds) == amount(figures, concept, whole)


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        ("vehicle_use_count", "vehicle_count"),
        ("vehicle_purchased_amount", "vehicle_purchase_expenditure"),
        ("fixed_asset_class_amount", "fixed_asset_gross"),
        ("project_initial_budget", "project_expenditure_initial_budget"),
        ("project_type_count", "project_target_set_count"),
        ("reception_item_expenditure", "domestic_reception_expenditure"),
    ],
)
def test_members_add_up_to_another_figure(accounts: list[Figures], parts: str, whole: str) -> None:
    stated = [figures for figures in accounts if figures.members(parts) and figures.value(whole) is not None]
    assert stated
    for figures in stated:
        assert total(figures, parts, figures.members(parts)) == amount(figures, whole)


def test_disclosed_projects_are_part_of_project_spending(accounts: list[Figures]) -> None:
    for figures in accounts:
        projects = figures.members("project_budget")
        assert len(projects) == amount(figures, "project_disclosed_count")
        executed = total(figures, "project_executed", projects)
        everything = len(projects) == amount(figures, "project_target_set_count")
        assert executed == amount(figures, "expenditure_project") or not everything
        assert executed <= amount(figures, "expenditure_project")
        for project in projects:
            assert amount(figures, "project_executed", project) <= amount(figures, "project_budget", project)


SHARES = [
    *((f"revenue_{source}", "revenue_current_year") for source in SOURCES.split()),
    *((f"expenditure_{kind}", "expenditure_current_year") for kind in KINDS.split()),
    ("gpb_expenditure", "expenditure_current_year"),
    ("overseas_travel", "three_public_expenditure"),
    ("official_vehicle", "three_public_expenditure"),
    ("official_reception", "three_public_expenditure"),
]


@pytest.mark.parametrize(("part", "whole"), SHARES)
def test_shares(accounts: list[Figures], part: str, whole: str) -> None:
    numerator = part if part.startswith(("revenue", "expenditure", "gpb")) else f"{part}_expenditure"
    stated = [(figures, figures.value(f"{part}_share")) for figures in accounts]
    assert any(share is not None for _, share in stated)
    for figures, share in stated:
        if isinstance(share, Decimal):
            assert share == half_up(amount(figures, numerator), amount(figures, whole), share)


@pytest.mark.parametrize(
    ("current", "stem"),
    [
        ("revenue_total", "revenue_total"),
        ("expenditure_total", "expenditure_total"),
        ("fiscal_revenue_total", "fiscal_revenue_total"),
        ("gpb_expenditure", "gpb_expenditure"),
        ("gpb_personnel_expenditure", "gpb_personnel_expenditure"),
        ("agency_operating_expenditure", "agency_operating_expenditure"),
        ("three_public_expenditure", "three_public"),
        ("official_reception_expenditure", "official_reception"),
    ],
)
def test_growth_is_measured_against_the_year_before(accounts: list[Figures], current: str, stem: str) -> None:
    for figures in accounts:
        change, rate = (figures.value(f"{stem}_yoy_{suffix}") for suffix in ("change", "rate"))
        if change is None:
            continue
        prior = amount(figures, current) - Decimal(change)
        assert prior >= 0
        assert (rate is None) == (prior == 0)
        if isinstance(rate, Decimal):
            assert rate == half_up(Decimal(change), prior, rate)


def test_personnel_and_public_use_explain_the_growth_without_projects(accounts: list[Figures]) -> None:
    without = [
        figures for figures in accounts if figures.value("gpb_expenditure") == figures.value("gpb_basic_expenditure")
    ]
    assert without
    for figures in without:
        parts = (amount(figures, f"gpb_{part}_expenditure_yoy_change") for part in ("personnel", "public_use"))
        assert sum(parts) == amount(figures, "gpb_expenditure_yoy_change")


def test_things_and_their_cost_come_together(accounts: list[Figures]) -> None:
    for figures in accounts:
        for side in ("domestic", "foreign"):
            batches, visitors = (amount(figures, f"{side}_reception_{noun}_count") for noun in ("batch", "visitor"))
            assert bool(batches) == bool(amount(figures, f"{side}_reception_expenditure"))
            assert visitors >= batches
        groups = amount(figures, "overseas_travel_group_count")
        assert bool(groups) == bool(amount(figures, "overseas_travel_expenditure"))
        assert bool(amount(figures, "vehicle_fleet_count", "合计")) == bool(
            amount(figures, "vehicle_operation_expenditure")
        )


def test_the_odd_cases_occur(accounts: list[Figures]) -> None:
    """Zeros, single-class departments, funds paid from carry-over, no vehicles, no projects, two comparisons."""
    met = {
        "one class": lambda f: sum(len(code) == 3 for code in f.members("gpb_function_expenditure")) == 1,
        "fund from carry-over": lambda f: (
            f.value("government_fund_expenditure") and not f.value("revenue_government_fund")
        ),
        "no vehicles": lambda f: f.value("vehicle_count") == 0,
        "no projects": lambda f: not f.members("project_budget"),
        "spends more than it gets": lambda f: f.value("expenditure_current_year") > f.value("revenue_current_year"),
        "apart": lambda f: f.value("revenue_total_yoy_change") != f.value("expenditure_total_yoy_change"),
        "no reception": lambda f: f.value("official_reception_expenditure") == 0,
        "unchanged": lambda f: (
            f.value("gpb_expenditure_yoy_change") == 0 or f.value("official_vehicle_yoy_change") == 0
        ),
        "no zeros": lambda f: f.value("revenue_subordinate_remittance") is None,
    }
    for name, condition in met.items():
        assert any(condition(figures) for figures in accounts), name


def test_same_seed_same_accounts() -> None:
    assert random_figures(Random(7)) == random_figures(Random(7))
    assert random_figures(Random(7)) != random_figures(Random(8))


def test_ten_thousand_reports_are_nearly_all_of_a_publisher_and_year_of_their_own() -> None:
    told = [random_publisher(Random(number), number) for number in range(10_000)]
    assert len({(year, publisher) for year, _, publisher in told}) >= 9_850


def test_the_first_reports_are_of_publishers_without_a_zone_and_zones_begin_again_after_the_last() -> None:
    assert len(set(zones())) == len(zones()) > 1_000
    plain, zoned, again = (random_publisher(Random(5), n)[2].entity for n in (5, ONE_ZONE, ONE_ZONE * len(zones())))
    assert zones()[1] in zoned and plain == again == zoned.replace(zones()[1], "")
