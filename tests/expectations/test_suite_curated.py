"""Each expectation of the curated layer is met by tables that agree, and fails where one row does not."""

from datetime import UTC, datetime
from decimal import Decimal

import polars as pl
import pytest

from expectations import suite_curated
from expectations.tables import Tables
from tests.expectations.support import fails_each, report_id, told

ONE = report_id(0)
LAST_DIGIT = Decimal("0.000001")


@pytest.fixture
def good(reports, facts, mentions, checks, fetches, blocks) -> Tables:
    """One report with two facts, two quantities, and a check of each verdict."""
    return {
        "curated.reports": reports({}),
        "curated.facts": facts({}, {"fact": 1}),
        "curated.mentions": mentions({}, {"mention": 1}),
        "curated.checks": checks(
            {},
            {"instance": "rounding", "lhs": Decimal(12345700), "residual": Decimal(100), "verdict": "rounding"},
            {"instance": "violated", "lhs": Decimal(12345701), "residual": Decimal(101), "verdict": "violated"},
            {"instance": "acknowledged", "lhs": Decimal(1), "residual": Decimal(-12345599), "verdict": "acknowledged"},
            {"instance": "unknown", "lhs": None, "residual": None, "bound": None, "verdict": "not_evaluated"},
            {"equation": "S11", "lhs": Decimal(12345601), "residual": Decimal(1), "bound": Decimal(0)},
        ),
        "raw.fetches": fetches({}),
        "raw.blocks": blocks({"block": 3, "end": 100}),
    }


def test_each_expectation_fails(good, reports, facts, mentions, checks, fetches, blocks) -> None:
    changes = {
        "report-once": {"curated.reports": reports({}, {})},
        "facts-numbered": {"curated.facts": facts({}, {"fact": 2})},
        "mentions-once": {"curated.mentions": mentions({}, {})},
        "checks-there": {"curated.checks": good["curated.checks"].clear()},
        "checks-once": {"curated.checks": checks({}, {})},
        "checks-of-report": {"curated.checks": checks({}, {"report_id": report_id(7)})},
        "checks-of-facts": {"curated.checks": checks({"facts": [0, 2]})},
        "span-in-text": {"curated.facts": facts({}, {"fact": 1, "end": 101})},
        "amount-exact": {"curated.facts": facts({"amount_cny": Decimal("12345600.0001")}, {"fact": 1})},
        "amount-plausible": {
            "curated.facts": facts(
                {"amount_cny": Decimal("10000000000000.0001"), "number": Decimal("1000000000.000001")}, {"fact": 1}
            )
        },
        "residual-exact": {"curated.checks": checks({"residual": LAST_DIGIT})},
        "pass-explained": {"curated.checks": checks({"residual": Decimal(100) + LAST_DIGIT, "verdict": "rounding"})},
        "finding-explained": {"curated.checks": checks({"residual": Decimal(100), "verdict": "violated"})},
        "year-over": {"raw.fetches": fetches({"fetched_at": datetime(2023, 12, 31, tzinfo=UTC)})},
    }
    broken = fails_each(suite_curated, good, changes)
    named = {name for name, rows in broken.items() if {report for report, _ in rows} == {ONE}}
    assert named == set(changes) - {"checks-of-report"}
    assert broken["checks-of-report"] == {(report_id(7), "1 checks are of a report that is not there")}
    assert broken["amount-exact"] == {
        (ONE, "fact 0 (revenue_total) prints 1234.56 万元, is counted as 1234.560000 and as 12345600.0001 yuan")
    }
    assert broken["checks-of-facts"] == {(ONE, "a check refers to fact 2, and the report has 2")}
    assert broken["year-over"] == {
        (ONE, "the report is about 2023, and was fetched in 2023: its year was read wrongly")
    }


def rules(tables: Tables) -> set[str]:
    return {rule for rule, _, _ in told(suite_curated, tables)}


@pytest.mark.parametrize("change", [{"start": 24}, {"start": 25}, {"end": 101}, {"block": 4}])
def test_a_figure_stands_inside_the_text(good, facts, change: dict[str, int]) -> None:
    assert rules({**good, "curated.facts": facts({}, {"fact": 1} | change)}) == {"span-in-text"}


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ({"value": "1234.5"}, True),
        ({"number": Decimal("-1234.56"), "amount_cny": Decimal("-12345600")}, False),
        ({"amount_cny": Decimal("-12345600")}, True),
        ({"unit": "", "unit_inferred": True}, False),
        ({"unit": "", "unit_inferred": True, "amount_cny": Decimal("123456")}, True),
        ({"unit": "元", "amount_cny": Decimal("1234.56")}, False),
        ({"unit": "元"}, True),
        ({"amount_cny": None}, True),
        ({"unit_kind": "percent", "unit": "%", "amount_cny": None}, False),
    ],
)
def test_an_amount_is_the_printed_number_times_its_unit(good, facts, change: dict[str, object], broken: bool) -> None:
    assert rules({**good, "curated.facts": facts({}, {"fact": 1} | change)}) == ({"amount-exact"} if broken else set())


def test_the_largest_amount_is_plausible(good, facts) -> None:
    most = {"amount_cny": Decimal(10**13), "number": Decimal(10**9), "value": "1000000000"}
    assert not rules({**good, "curated.facts": facts(most, {"fact": 1})})


@pytest.mark.parametrize(
    ("equation", "residual", "broken"), [("S03", 1, True), ("S11", 1, False), ("S11", -1, True), ("S03", 0, False)]
)
def test_exact_means_no_residual_and_for_a_limit_none_below(good, checks, equation, residual, broken) -> None:
    sides = {"lhs": Decimal(12345600 + residual), "residual": Decimal(residual), "equation": equation}
    assert rules({**good, "curated.checks": checks(sides)}) == ({"pass-explained"} if broken else set())


@pytest.mark.parametrize(("instance", "broken"), [("held", False), ("held/a", False), ("", True)])
def test_of_an_equation_only_some_instances_are_limits(good, checks, instance, broken) -> None:
    sides = {"lhs": Decimal(12345601), "residual": Decimal(1), "equation": "S26", "instance": instance}
    assert rules({**good, "curated.checks": checks(sides)}) == ({"pass-explained"} if broken else set())


@pytest.mark.parametrize(("off", "broken"), [("0.005", False), ("0.006", True)])
def test_an_exact_percentage_is_what_its_amounts_round_to(good, checks, off, broken) -> None:
    rate = {
        "equation": "C01",
        "unit_kind": "percent",
        "rhs": Decimal(90),
        "bound": Decimal("0.005"),
        "verdict": "exact",
    }
    told = rate | {"lhs": 90 + Decimal(off), "residual": Decimal(off)}
    assert rules({**good, "curated.checks": checks(told)}) == ({"pass-explained"} if broken else set())


@pytest.mark.parametrize("equation", ["C04", "J04"])
def test_no_residual_decides_what_words_and_pairs_say(good, checks, equation) -> None:
    sides = {"lhs": Decimal(90), "rhs": Decimal(100), "residual": Decimal(-10), "bound": Decimal(0)}
    assert not rules({**good, "curated.checks": checks({"equation": equation, "verdict": "exact"} | sides)})


def test_checks_without_sides_are_not_compared(good, checks) -> None:
    bare = {"lhs": None, "rhs": None, "residual": None, "bound": None, "verdict": "violated", "equation": "I01"}
    assert not rules({**good, "curated.checks": checks(bare)})


def test_a_frame_in_pieces_of_which_a_filter_empties_one_is_no_hindrance(good, facts) -> None:
    """Polars 2.1 panics there with `pl.format`."""
    pieces = [facts({}, {"fact": 1}), facts(*({"fact": 2, "unit_kind": "text", "number": None} for _ in range(3)))]
    frame = pl.concat(pieces, rechunk=False)
    assert rules({**good, "curated.facts": frame}) == {"facts-numbered"}
