"""Every derived figure agrees, is off by what rounding explains, by one unit more, and can be unevaluable.

The reports are generated from the rows of network_rates.csv and network_splits.csv; what rounding explains is computed here
with fractions, and never taken from the code under test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

import polars as pl
import pytest

from schemas.taxonomy import load

Row = tuple[str, str, dict[str, Any]]

HALF = Fraction(1, 200)
"""Half a unit of the last place of figures with two decimals."""

PLACE = Decimal("0.01")
VERDICTS = {
    "agrees": "exact",
    "off by what rounding explains": "rounding",
    "off by one unit more": "violated",
    "figures missing": "not_evaluated",
}
PART, WHOLE, LARGER = Decimal("3.21"), Decimal("7.65"), Decimal("9.87")
RATES = load.rates().filter(pl.col("reading") != "wrong_base").rows(named=True)
RATE_CASES = [(number, story) for number in range(len(RATES)) for story in VERDICTS]
SPLITS = sorted(set(load.splits().select("equation", "instance", "reading").iter_rows()))
SPLIT_CASES = [(*split, story) for split in SPLITS for story in VERDICTS]
CLASS = {"member_code": "201", "member_name": "甲"}
ITEM = {"member_code": "2010101", "member_name": "子"}
PROJECT = {"member_name": "项目甲"}


def percentage(part: Fraction, whole: Fraction, kind: str) -> Fraction:
    """What two amounts give."""
    if kind == "growth":
        return 100 * part / (whole - part)
    return 100 * part / whole - (100 if kind == "prior" else 0)


def span(part: Decimal, whole: Decimal, kind: str) -> tuple[Fraction, Fraction]:
    """The least and the largest percentage that amounts with two decimals admit; a printed 0 is exact."""
    ends = [[Fraction(value) + sign * (HALF if value else 0) for sign in (-1, 1)] for value in (part, whole)]
    given = [percentage(one, other, kind) for one, other in product(*ends)]
    return min(given), max(given)


def half_up(value: Fraction) -> Decimal:
    """To two decimals, halves away from zero."""
    units = int(abs(value) * 100 + Fraction(1, 2))
    return Decimal(-units if value < 0 else units) * PLACE


def largest(high: Fraction) -> Decimal:
    """The largest percentage with two decimals whose interval reaches down to `high`."""
    return Decimal((high + HALF) * 100 // 1) * PLACE


@pytest.fixture(scope="module")
def rate_checks(batch: Callable[..., pl.DataFrame]) -> pl.DataFrame:
    """All percentages in all cases as one batch: one report for each."""
    return batch({f"{number:016x}": list(rate_report(*case)) for number, case in enumerate(RATE_CASES)})


@pytest.mark.parametrize("case", RATE_CASES, ids=lambda case: f"{RATES[case[0]]['percent']}-{case[0]}-{case[1]}")
def test_percentage(rate_checks: pl.DataFrame, case: tuple[int, str]) -> None:
    rule = RATES[case[0]]
    found = rate_checks.filter(
        pl.col("report_id") == f"{RATE_CASES.index(case):016x}", pl.col("equation") == rule["equation"]
    )
    assert found["verdict"].to_list() == [VERDICTS[case[1]]]
    assert rule["percent"] in found["instance"][0] or case[1] == "figures missing"


def rate_report(number: int, story: str) -> Iterator[Row]:
    """The part, the whole and the percentage of one rule; of a reading that only confirms, the first reading as well."""
    rule = RATES[number]
    kind = rule["kind"]
    part, whole = (WHOLE, PART) if kind == "prior" else (PART, WHOLE)
    _, high = span(part, whole, kind)
    right = half_up(percentage(Fraction(part), Fraction(whole), kind))
    assert right < largest(high), "rounding must explain at least one unit"
    printed = {"off by what rounding explains": largest(high), "off by one unit more": largest(high) + PLACE}
    member, shared, own = members(rule)
    section = home(rule["percent"])
    yield rule["part"], str(part), {**shared, "section": section, "period": "change" if kind == "growth" else "current"}
    if story != "figures missing":
        period = "prior" if kind == "prior" else "current"
        yield rule["whole"], str(whole), {**own, "section": section, "period": period}
    if kind != "completion" and rule["reading"] != "a":
        first = next(row for row in RATES if row["percent"] == rule["percent"] and row["reading"] == "a")
        # Far above the part: what is off from the second reading must not come near to this one.
        if story != "figures missing":
            yield first["whole"], str(LARGER), {**own, "section": section}
        if first["part"] != rule["part"]:
            yield first["part"], str(part), {**shared, "section": section}
    change = {"period": "change"} if kind in ("growth", "prior") else {}
    basis = {"budget_basis": rule["basis"] or None}
    yield rule["percent"], str(printed.get(story, right)), {**member, **change, **basis, "section": section}


def members(rule: dict[str, Any]) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """The members of percentage, part and whole."""
    some = ITEM if "function" in rule["part"] else PROJECT
    label = load.concepts().row(by_predicate=pl.col("concept") == rule["part"], named=True)["label_zh"]
    nothing: dict[str, str] = {}
    return {
        "none": (nothing, nothing, nothing),
        "part": (PROJECT, PROJECT, nothing),
        "class": (CLASS, CLASS, nothing),
        "all": (some, some, some),
        "label": ({"member_name": label}, nothing, nothing),
    }[rule["member"]]


def home(concept: str) -> str:
    section = load.concepts().row(by_predicate=pl.col("concept") == concept, named=True)["section"]
    return str(section).partition(";")[0]


@pytest.fixture(scope="module")
def split_checks(batch: Callable[..., pl.DataFrame]) -> pl.DataFrame:
    """All splits in all cases as one batch: one report for each."""
    return batch({f"{number:016x}": list(split_report(*case)) for number, case in enumerate(SPLIT_CASES)})


@pytest.mark.parametrize("case", SPLIT_CASES, ids="-".join)
def test_split(split_checks: pl.DataFrame, case: tuple[str, str, str, str]) -> None:
    equation, instance, _, story = case
    found = split_checks.filter(
        pl.col("report_id") == f"{SPLIT_CASES.index(case):016x}",
        pl.col("equation") == equation,
        pl.col("instance").str.replace("/.*", "").is_in([instance, ""]),
    )
    assert found["verdict"].to_list() == [VERDICTS[story]]


def split_report(equation: str, instance: str, reading: str, story: str) -> Iterator[Row]:
    own = pl.col("equation") == equation, pl.col("instance") == instance, pl.col("reading") == reading
    rows = load.splits().filter(*own)
    parts = rows["part"].to_list()
    kinds = {"C02": ITEM, "P05": CLASS if rows["member"][0] == "class" else PROJECT}
    # A split by members has two of them, one by concepts all of its concepts.
    terms: list[tuple[str, dict[str, str]]] = [(part, {}) for part in parts]
    if rows["member"][0] != "none":
        other = {"member_code": "2080505", "member_name": "丑"} if equation == "C02" else {"member_name": "乙"}
        terms = [(parts[0], kinds[equation]), (parts[0], other)]
    writers = {"P05": shares, "G03": changes, "G07": priors, "C02": completions, "C03": completions}
    return writers[equation](rows["total"][0], terms, story)


def derived(base: str, kind: str) -> dict[str, Any] | None:
    """The rule of a percentage about an amount."""
    column = "whole" if kind == "growth" else "part"
    rules = [rule for rule in RATES if rule["kind"] == kind and rule[column] == base and rule["reading"] == "a"]
    return rules[0] if rules else None


def shares(total: str, terms: list[tuple[str, dict[str, str]]], story: str) -> Iterator[Row]:
    """Two parts of a third and two thirds; two shares explain 0.01 of their sum, the others are zeros."""
    section = home(derived(terms[0][0], "share")["percent"])  # type: ignore[index]
    shown = {"off by what rounding explains": "33.34", "off by one unit more": "33.35"}.get(story, "33.33")
    yield total, "30.03", {"section": section}
    for number, (part, member) in enumerate(terms):
        amount, share = [("10.01", shown), ("20.02", "66.67"), ("0", "0")][min(number, 2)]
        rule = derived(part, "share")
        assert rule
        yield part, amount, {**member, "section": section}
        if story != "figures missing" or number:
            yield rule["percent"], share, {**member, "section": section}


def changes(total: str, terms: list[tuple[str, dict[str, str]]], story: str) -> Iterator[Row]:
    """Two parts change, the others do not; three figures explain 0.01 of the sum."""
    rule = derived(total, "growth")
    assert rule
    section = home(rule["percent"])
    told = {"off by what rounding explains": "3.01", "agrees": "3.00"}.get(story, "3.02")
    yield rule["part"], told, {"section": section, "period": "change"}
    moved = iter(("1.00", "2.00"))
    for part, _ in terms:
        own = derived(part, "growth")
        if not own:
            yield part, "0", {}
            continue
        change = next(moved, "0")
        if story != "figures missing" or change != "1.00":
            yield own["part"], change, {"section": section, "period": "change"}


def priors(total: str, terms: list[tuple[str, dict[str, str]]], story: str) -> Iterator[Row]:
    """Prior totals of 90 and 85; four figures and the opening balance explain 0.02 of their difference."""
    opening = {"off by what rounding explains": "5.02", "off by one unit more": "5.03"}.get(story, "5.00")
    for base, change in ((total, "10.00"), (terms[0][0], "10.00" if story == "figures missing" else "15.00")):
        rule = derived(base, "growth")
        assert rule
        yield base, "100.00", {}
        yield rule["part"], change, {"period": "change"}
    yield terms[1][0], opening, {"section": home(total)}


def completions(total: str, terms: list[tuple[str, dict[str, str]]], story: str) -> Iterator[Row]:
    """Each part spent 10.00 and half of its budget, the last one all of it."""
    rule = derived(total, "completion")
    assert rule
    section = home(derived(terms[0][0], "completion")["percent"])  # type: ignore[index]
    rates = [Decimal("50.05")] * (len(terms) - 1) + [Decimal("100.00")]
    spent = 10 * len(terms)
    budgets = [
        [100 * (10 + sign * HALF) / (Fraction(rate) - other * HALF) for sign, other in ((-1, -1), (0, 0), (1, 1))]
        for rate in rates
    ]
    least, middle, _ = (sum(column, Fraction(0)) for column in zip(*budgets, strict=True))
    right, high = half_up(100 * Fraction(spent) / middle), 100 * (spent + HALF) / least
    printed = {"off by what rounding explains": largest(high), "off by one unit more": largest(high) + PLACE}
    yield total, f"{spent}.00", {"section": section}
    yield rule["percent"], str(printed.get(story, right)), {"section": section}
    for number, ((part, member), rate) in enumerate(zip(terms, rates, strict=True)):
        own = derived(part, "completion")
        assert own
        yield part, "10.00", {**member, "section": section}
        if story != "figures missing" or number:
            yield own["percent"], str(rate), {**member, "section": section}


TOTAL = "three_public"
FROM_ZERO: dict[tuple[str, str], list[Row]] = {
    ("G06", "exact"): [
        (f"{TOTAL}_expenditure", "0", {}),
        (f"{TOTAL}_yoy_change", "0", {}),
        (f"{TOTAL}_yoy_rate", "0", {}),
    ],
    ("G06", "rounding"): [
        (f"{TOTAL}_expenditure", "0.11", {}),
        (f"{TOTAL}_yoy_change", "0.11", {}),
        (f"{TOTAL}_yoy_rate", "2200.00", {}),
    ],
    ("G06", "violated"): [
        (f"{TOTAL}_expenditure", "0.11", {}),
        (f"{TOTAL}_yoy_change", "0.11", {}),
        (f"{TOTAL}_yoy_rate", "100.00", {}),
    ],
    ("G06", "not_evaluated"): [(f"{TOTAL}_yoy_rate", "100.00", {})],
    **{
        ("C05", verdict): [
            ("gpb_function_expenditure", "5.00", {**ITEM, "section": "五（三）"}),
            ("gpb_function_initial_budget", "0", {**ITEM, "section": "五（三）"}),
            ("gpb_function_completion_rate", rate, {**ITEM, "budget_basis": "年初"}),
        ]
        for verdict, rate in (("exact", "100.00"), ("violated", "85.00"))
    },
    ("C05", "not_evaluated"): [("gpb_function_completion_rate", "85.00", {**ITEM, "budget_basis": "年初"})],
}
NEVER = {("C05", "rounding")}
"""A printed zero is exact: rounding explains nothing."""


@pytest.mark.parametrize("case", FROM_ZERO, ids="-".join)
def test_percentages_of_zero(check: Callable[..., pl.DataFrame], case: tuple[str, str]) -> None:
    change = {"period": "change"}
    rows = [(name, value, more | change if "_yoy_" in name else more) for name, value, more in FROM_ZERO[case]]
    found = check(*rows).filter(pl.col("equation") == case[0])
    assert found["verdict"].to_list() == [case[1]]
    assert found["diagnosis"].to_list() == [{"violated": "zero_base", "not_evaluated": "absent: figures"}.get(case[1])]


def test_every_derived_equation_has_its_cases() -> None:
    """A rule without a report that it holds for, one that rounding explains, one that breaks it and one it cannot judge."""
    told = {(RATES[number]["equation"], VERDICTS[story]) for number, story in RATE_CASES}
    told |= {(equation, VERDICTS[story]) for equation, _, _, story in SPLIT_CASES}
    told |= set(FROM_ZERO)
    rules = [
        *(f"P{number:02}" for number in range(1, 10)),
        "G01",
        "G03",
        "G06",
        "G07",
        "C01",
        "C02",
        "C03",
        "C05",
        "J01",
    ]
    assert told == {(rule, verdict) for rule in rules for verdict in VERDICTS.values()} - NEVER
    kinds = (*load.RATE_KINDS, *load.DERIVED, *load.FROM_ZERO)
    known = load.equations().filter(pl.col("kind").is_in(kinds))
    assert (sorted(known["equation"]), set(known["severity"])) == (sorted(rules), {"D"})


SEEDS = range(2000)
KINDS = {
    "share": ("procurement_sme_contract", "procurement_expenditure", "procurement_sme_share"),
    "growth": ("gpb_expenditure_yoy_change", "gpb_expenditure", "gpb_expenditure_yoy_rate"),
    "prior": ("gpb_expenditure", "gpb_expenditure", "gpb_expenditure_yoy_rate"),
}


def drawn(seed: int) -> tuple[str, Decimal, Decimal, Decimal]:
    """A kind, part, whole and percentage with two decimals: mostly near what is right, sometimes a zero or far off."""
    rng = Random(seed)
    kind = rng.choice(list(KINDS))
    part, whole = (Decimal(rng.choice((0, rng.randint(1, 20), rng.randint(1, 5000)))) * PLACE for _ in range(2))
    part *= rng.choice((1, -1)) if kind == "growth" else 1
    divisor = whole - part if kind == "growth" else whole
    right = half_up(percentage(Fraction(part), Fraction(whole), kind)) if divisor else Decimal(0)
    return kind, part, whole, right + rng.choice((0, 0, 1, -1, rng.randint(-40, 40), rng.randint(-9000, 9000))) * PLACE


def brute_force(kind: str, part: Decimal, whole: Decimal, printed: Decimal) -> str | None:
    """The verdict by intervals of fractions; None where the amounts admit a whole that is zero, or less."""
    small = HALF * 2 if kind == "growth" else HALF
    divisor = whole - part if kind == "growth" else whole
    if divisor == 0 or Fraction(divisor) <= (small if whole and part else HALF):
        return None
    low, high = span(part, whole, kind)
    if half_up(percentage(Fraction(part), Fraction(whole), kind)) == printed:
        return "exact"
    # A printed 0 shows no places: it may stand for anything below a half.
    half = HALF if printed else Fraction(1, 2)
    return "rounding" if low - half <= Fraction(printed) <= high + half else "violated"


def test_intervals_against_fractions(batch: Callable[..., pl.DataFrame]) -> None:
    reports = {}
    for seed in SEEDS:
        kind, part, whole, printed = drawn(seed)
        names = KINDS[kind]
        section = {"section": home(names[2])}
        periods = {"growth": ("change", "current", "change"), "prior": ("current", "prior", "change")}
        own = periods.get(kind, ("current",) * 3)
        values = (part, whole, printed)
        reports[f"{seed:016x}"] = [
            (name, str(value), {**section, "period": period})
            for name, value, period in zip(names, values, own, strict=True)
        ] + [("gpb_function_share", "0.01", {**CLASS, **section})]
    found = batch(reports).filter(pl.col("equation").is_in(["P07", "G01"]), pl.col("lhs").is_not_null())
    verdicts = dict(found.select("report_id", "verdict").iter_rows())
    expected = {f"{seed:016x}": brute_force(*drawn(seed)) for seed in SEEDS}
    told = {report: verdict for report, verdict in expected.items() if verdict}
    assert {report: verdicts.get(report) for report in told} == told
    assert min(list(told.values()).count(verdict) for verdict in ("exact", "rounding", "violated")) > 100


def test_parts_that_do_not_make_up_the_total_bound_nothing(batch: Callable[..., pl.DataFrame]) -> None:
    """Rounding of a small part may not reach down to a far lower rate of the total: no bound is negative."""
    rates = load.rates().filter(pl.col("equation") == "C01", pl.col("reading") == "a")
    percent = dict(rates.unique("part", keep="first", maintain_order=True).select("part", "percent").iter_rows())
    total, part = load.splits().filter(pl.col("equation") == "C03").select("total", "part").row(0)
    here = {"section": home(total)}
    rows = [(total, "10", here), (percent[total], "60.66", here), (part, "1", here), (percent[part], "100", here)]
    found = batch({"0" * 16: rows}).filter(pl.col("equation") == "C03", pl.col("lhs").is_not_null())
    assert found.select("verdict", "bound").rows() == [("not_evaluated", None)]
