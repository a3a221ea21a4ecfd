"""Invents the particulars behind the accounts: three-public expenses, procurement, vehicles, projects, staff, assets."""

from __future__ import annotations

from itertools import pairwise
from random import Random

from sources.writer.draft import Draft
from sources.writer.figures import Key, Value
from sources.writer.wording import names

COMPONENTS = ("overseas_travel", "official_vehicle", "official_reception")
SIDES = ("domestic", "foreign")
VEHICLE_TYPES = ("轿车", "越野车", "载客汽车")
EXECUTION_PARTS = ("project_budget_fiscal", "project_executed_fiscal", "project_budget_other", "project_executed_other")


def three_public(draft: Draft) -> None:
    """Overseas travel, official vehicles and receptions, with budgets, the year before, and counts."""
    rng = draft.rng
    purchase, operation = _vehicles(draft)
    current = {
        "overseas_travel": _overseas(draft),
        "official_vehicle": purchase + operation,
        "official_reception": _reception(draft),
        "vehicle_purchase": purchase,
        "vehicle_operation": operation,
    }
    budget = {stem: _at_least(rng, amount) for stem, amount in current.items()}
    prior = {stem: rng.choice((amount, rng.randint(0, 2 * amount + 100))) for stem, amount in current.items()}
    prior = {stem: draft.last(stem, amount) for stem, amount in prior.items()}
    for amounts in (budget, prior):
        amounts["official_vehicle"] = amounts["vehicle_purchase"] + amounts["vehicle_operation"]
    whole, planned, before = (sum(amounts[stem] for stem in COMPONENTS) for amounts in (current, budget, prior))
    draft.split("three_public_expenditure", {f"{stem}_expenditure": current[stem] for stem in COMPONENTS})
    for stem, amount in current.items():
        draft.amount(f"{stem}_expenditure", amount)
        draft.percent(f"{stem}_share", amount, whole)
        draft.amount(f"{stem}_budget", budget[stem])
        draft.percent(f"{stem}_budget_completion_rate", amount, budget[stem])
        draft.growth(stem, amount, prior[stem])
        if amount == prior[stem] == 0:
            draft.amount(f"{stem}_expenditure@prior", 0)
    draft.percent("three_public_budget_completion_rate", whole, planned)
    for basis in ("budget", "initial_budget"):
        draft.amount(f"three_public_{basis}", planned)
    draft.growth("three_public", whole, before)
    for concept in ("meeting_expenditure", "training_expenditure"):
        draft.amount(concept, rng.choices((0, rng.randint(5, 2_000)), (1, 2))[0])


def agency(draft: Draft, years: tuple[int, int]) -> None:
    """Agency operating expenditure of this year and the last, and what was planned."""
    draft.total("agency_operating_expenditure", *years)
    budget = _at_least(draft.rng, years[0])
    draft.amount("agency_operating_expenditure_budget", budget)
    draft.percent("agency_operating_expenditure_budget_completion_rate", years[0], budget)


def procurement(draft: Draft) -> None:
    """Goods, works and services, and what of it small and medium firms got."""
    rng = draft.rng
    parts = {
        "procurement_goods": rng.choice((0, rng.randint(1, 9_000))),
        "procurement_works": rng.choices((0, rng.randint(100, 30_000)), (5, 1))[0],
        "procurement_services": rng.choice((0, rng.randint(1, 9_000))),
    }
    for concept, amount in parts.items():
        draft.amount(concept, amount)
    total = sum(parts.values())
    sme = rng.choice((total, rng.randint(0, total)))
    micro = rng.choice((0, sme, rng.randint(0, sme)))
    draft.amount("procurement_expenditure", total)
    for size, amount in (("sme", sme), ("micro", micro)):
        draft.amount(f"procurement_{size}_contract", amount)
        draft.percent(f"procurement_{size}_share", amount, total)
    draft.percent("procurement_micro_share@sme", micro, sme)
    awarded = rng.randint(0, sme)
    for concept, amount in (
        ("procurement_sme_reserved_budget", sme),
        ("procurement_micro_reserved_budget", micro),
        ("procurement_sme_awarded_in_reserved", awarded),
        ("procurement_micro_awarded_in_reserved", rng.randint(0, awarded)),
        ("procurement_sme_awarded_in_other", rng.randint(0, total - awarded)),
    ):
        draft.amount(concept, amount)


def projects(draft: Draft, total: int) -> None:
    """Project spending, cut into projects with budgets; the counts of the performance section."""
    rng = draft.rng
    number = min(total, rng.randint(1, 6))
    for step in ("pre_evaluated", "target_set", "monitored", "self_evaluated", "evaluated"):
        draft.count(f"project_{step}_count", number)
    draft.count("department_self_evaluation_score", rng.randint(80, 100))
    draft.count("project_disclosed_count", min(number, 5))
    if number == 0:
        return
    named = dict(zip(rng.sample(names("projects"), number), _cut(rng, total, number), strict=True))
    budgets = {name: _at_least(rng, amount) for name, amount in named.items()}
    initial = {name: _at_least(rng, amount) for name, amount in named.items()}
    draft.amount("project_expenditure_initial_budget", sum(initial.values()))
    for name, amount in initial.items():
        draft.amount("project_initial_budget", amount, name)
    for name in list(named)[:5]:
        draft.amount("project_budget", budgets[name], name)
        draft.amount("project_executed", named[name], name)
        draft.percent("project_execution_rate", named[name], budgets[name], name)
        for concept, amount in zip(EXECUTION_PARTS, (budgets[name], named[name], 0, 0), strict=True):
            draft.amount(concept, amount, name)
    if number <= 5:
        _project_totals(draft, budgets, named)


def evaluation(draft: Draft) -> None:
    """What the projects with targets, the monitored and the evaluated ones are worth; scores and ratings."""
    rng, number = draft.rng, draft.number("project_self_evaluated_count")
    if not number:
        return
    spent = draft.hundredths("expenditure_project")
    worth = max(1, spent * rng.randint(50, 100) // 100)
    for step in ("target", "monitored", "self_evaluated"):
        draft.amount(f"project_{step}_amount", worth)
    draft.percent("project_self_evaluated_amount_share", worth, spent)
    draft.amount("project_self_evaluation_average_score", rng.randint(8_000, 10_000))
    for rating, rated in zip(("优", "良", "合格", "不合格"), _shared(rng, number, 4), strict=True):
        draft.count("project_rated_count", rated, rating)
    found = rng.randint(0, 9)
    solved = rng.randint(0, found)
    for state, issues in (("发现", found), ("已整改", solved), ("整改中", found - solved)):
        draft.count("project_issue_count", issues, state)


def _project_totals(draft: Draft, budgets: dict[str, int], executed: dict[str, int]) -> None:
    """Full-year budget, and the projects by type: possible where every project is disclosed."""
    basic = draft.hundredths("fiscal_expenditure_basic") + draft.rng.choice((0, 1_000))
    draft.amount("full_year_budget", basic + sum(budgets.values()))
    draft.amount("full_year_budget_basic", basic)
    draft.amount("full_year_budget_project", sum(budgets.values()))
    lasting = draft.rng.randint(0, len(budgets))
    for kind, members in (("常年", list(budgets)[:lasting]), ("阶段（一次性）", list(budgets)[lasting:])):
        if members:
            budget = sum(budgets[name] for name in members)
            draft.count("project_type_count", len(members), kind)
            draft.amount("project_type_budget", budget, kind)
            draft.percent("project_type_execution_rate", sum(executed[name] for name in members), budget, kind)
            surplus = sum(10 * (budgets[name] - executed[name]) > budgets[name] for name in members)
            draft.count("project_type_high_surplus_count", surplus, kind)


def staff(draft: Draft, administrative: bool) -> None:
    """Offices, subordinate units, posts and people."""
    rng = draft.rng
    draft.count("internal_office_count", rng.randint(2, 8))
    units = {
        "行政单位": rng.randint(0, 1),
        "参照公务员法管理的事业单位": rng.randint(0, 2),
        "其他事业单位": rng.randint(0, 3),
    }
    draft.count("subordinate_unit_count", sum(units.values()))
    for unit, number in units.items():
        draft.count("subordinate_unit_count", number, unit)
    kinds = ("行政", "事业", "工勤") if administrative else ("事业", "工勤")
    posts = {kind: rng.randint(1, 30) for kind in kinds}
    people = {kind: rng.randint(1, number) for kind, number in posts.items()}
    if draft.before:
        posts, people = (
            {kind: int(draft.before.members(concept)[kind + suffix]) for kind in kinds}
            for concept, suffix in (("staff_authorized", "编制"), ("staff_actual", "人员"))
        )
    for concept, suffix, counted in (("staff_authorized", "编制", posts), ("staff_actual", "人员", people)):
        draft.count(concept, sum(counted.values()), "合计")
        for kind, number in counted.items():
            draft.count(concept, number, kind + suffix)
    draft.count("staff_retired", rng.randint(0, 25), "退休人员")


def fixed_assets(draft: Draft) -> None:
    """Fixed assets by class, gross and net."""
    rng = draft.rng
    classes = {name: rng.randint(100, 60_000) for name in names("asset_classes") if rng.random() < 0.7}
    if draft.before:
        last = draft.before.members("fixed_asset_class_amount")
        classes = {name: max(1, int(amount * rng.randint(90, 110))) for name, amount in last.items()}
    gross = sum(classes.values())
    depreciation = rng.randint(0, gross)
    draft.amount("fixed_asset_gross", gross)
    draft.amount("fixed_asset_depreciation", depreciation)
    draft.amount("fixed_asset_net", gross - depreciation)
    for name, amount in classes.items():
        draft.amount("fixed_asset_class_amount", amount, name)
        draft.percent("fixed_asset_class_share", amount, gross, name)


def planned(rng: Random, amount: int) -> int:
    """An initial budget: what was spent, more, less, or nothing."""
    drawn = rng.random()
    if drawn < 0.3:
        return amount
    return 0 if drawn < 0.42 else max(1, amount * rng.randint(60, 130) // 100)


def withhold(draft: Draft) -> dict[Key, Value]:
    """What of all that the report prints: zeros and particulars are left out at random."""
    rng, stated = draft.rng, draft.stated
    gone = {concept for group, chance in OPTIONAL.items() if rng.random() < chance for concept in names(group)}
    bare, silent = rng.random() < 0.3, rng.random() < 0.25
    for (concept, member, _), value in stated.items():
        if value == 0 and not member and concept in names("may_be_left_out"):
            share = concept.removesuffix("_expenditure") + "_share"
            gone |= {concept, share} if silent else {share} if bare else set()
    return {key: value for key, value in stated.items() if key[0] not in gone}


# Groups of particulars (wording.toml) and how likely a report leaves the whole group out.
OPTIONAL = {
    "prior_zero": 0.5,
    "three_public_growth": 0.6,
    "equipment": 0.2,
    "subordinate_units": 0.5,
    "project_types": 0.6,
    "initial_budgets": 0.3,
    "initial_total": 0.3,
    "full_year_budgets": 0.7,
    "other_funds": 0.5,
    "assets": 0.4,
    "scores": 0.5,
    "pre_evaluated": 0.5,
    "vehicle_purchases": 0.3,
}


def _overseas(draft: Draft) -> int:
    amount = draft.rng.choices((0, draft.rng.randint(100, 3_000)), (12, 1))[0]
    draft.count("overseas_travel_group_count", draft.rng.randint(1, 3) if amount else 0)
    draft.count("overseas_travel_person_count", draft.rng.randint(3, 9) if amount else 0)
    return amount


def _vehicles(draft: Draft) -> tuple[int, int]:
    """The fleet by type and use. Returns what was paid for purchases and for operation."""
    rng = draft.rng
    fleet = {kind: rng.choices((0, rng.randint(1, 4)), (3, 2))[0] for kind in VEHICLE_TYPES}
    if draft.before:
        last = draft.before.members("vehicle_fleet_count")
        fleet = {kind: int(last[kind]) for kind in VEHICLE_TYPES}
    bought = {kind: number and rng.choices((0, 1), (15, 1))[0] for kind, number in fleet.items()}
    paid = {kind: number * rng.randint(900, 2_500) for kind, number in bought.items()}
    held = sum(fleet.values())
    operation = held * rng.randint(50, 500)
    draft.count("vehicle_purchased_count", sum(bought.values()), "合计")
    draft.count("vehicle_fleet_count", held, "合计")
    for kind in VEHICLE_TYPES:
        draft.count("vehicle_purchased_count", bought[kind], kind)
        draft.amount("vehicle_purchased_amount", paid[kind], kind)
        draft.count("vehicle_fleet_count", fleet[kind], kind)
    draft.count("vehicle_count", held)
    uses = names("vehicle_uses") + rng.sample(names("more_vehicle_uses"), rng.choice((0, 0, 2, 4)))
    for use, number in zip(uses, _shared(rng, held, len(uses)), strict=True):
        draft.count("vehicle_use_count", number, use)
    draft.text("asset_reference_date", rng.choice((f"{draft.year}年12月31日", f"{draft.year}年12月底")))
    for concept in names("equipment"):
        draft.count(concept, rng.choices((0, rng.randint(1, 6)), (4, 1))[0])
    for outdated in names("equipment")[:2] if draft.year >= 2022 else names("equipment")[2:]:
        del draft.stated[outdated, "", ""]
    return sum(paid.values()), operation


def _reception(draft: Draft) -> int:
    """Domestic and foreign receptions with batches, visitors and what they were for."""
    rng = draft.rng
    domestic = rng.choices((0, rng.randint(5, 3_000)), (1, 3))[0]
    foreign = rng.choices((0, rng.randint(5, 300)), (15, 1))[0]
    for side, amount in zip(SIDES, (domestic, foreign), strict=True):
        batches = rng.randint(1, 1 + amount // 10) if amount else 0
        draft.amount(f"{side}_reception_expenditure", amount)
        draft.count(f"{side}_reception_batch_count", batches)
        draft.count(f"{side}_reception_visitor_count", batches * rng.randint(2, 12))
    for what in ("batch_count", "visitor_count"):
        draft.count(f"reception_{what}", sum(draft.number(f"{side}_reception_{what}") for side in SIDES))
    if domestic > 10 and rng.random() < 0.5:
        for name, amount in zip(rng.sample(names("receptions"), 2), _cut(rng, domestic, 2), strict=True):
            draft.amount("reception_item_expenditure", amount, name)
    return domestic + foreign


def _at_least(rng: Random, amount: int) -> int:
    """A budget that the amount keeps to."""
    return amount + (rng.randint(0, amount + 1) if rng.random() < 0.3 else 0)


def _cut(rng: Random, total: int, pieces: int) -> list[int]:
    """A total cut into pieces of at least one."""
    cuts = [0, *sorted(rng.sample(range(1, total), pieces - 1)), total]
    return [end - start for start, end in pairwise(cuts)]


def _shared(rng: Random, total: int, places: int) -> list[int]:
    """A number of things put into places."""
    counts = [0] * places
    for _ in range(total):
        counts[rng.randrange(places)] += 1
    return counts
