"""Invents the accounts of one department for one year. Everything adds up, to the hundredth of a 万元.

Amounts are integers of 0.01 万元 while they are computed; `Draft` turns them into published figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from random import Random

from sources.writer import details
from sources.writer.draft import Draft
from sources.writer.figures import ROOM, Figures, Publisher, function_names, rows

# How likely a department spends on an item beside its own group, and how much of its running cost (in percent).
COMMON_ITEMS = {
    "2080501": (0.5, 3),
    "2080505": (0.95, 9),
    "2080506": (0.5, 3),
    "2080801": (0.2, 4),
    "2101101": (0.9, 5),
    "2101102": (0.4, 2),
    "2101103": (0.6, 2),
    "2210201": (0.95, 8),
}
PROJECT_ITEMS = {"2050803": (0.15, 2), "2130599": (0.2, 10)}
RUNNING = ("行政运行", "事业运行")
FUND_ITEMS = ("2120802", "2120803", "2120804")
EMPTY_CLASSES = ("205", "206", "207")
ONE_ZONE = 100
"""So many random reports in a row share a development zone: few of them are then of the same publisher and year."""


@dataclass(frozen=True)
class Spending:
    """What the general public budget pays for."""

    personnel: int
    public_use: int
    project: int

    @property
    def basic(self) -> int:
        """Basic expenditure."""
        return self.personnel + self.public_use

    @property
    def total(self) -> int:
        """All of it."""
        return self.basic + self.project


def random_figures(rng: Random, number: int = 0, year: int | None = None) -> Figures:
    """Consistent accounts at random: single-class departments, zeros, funds paid from carry-over, no vehicles, …

    `number`: the running number of the report, which decides the zone of its publisher. `year`: the fiscal year; else a
    random one.
    """
    year, group, publisher = random_publisher(rng, number, year)
    return Figures(publisher, year, details.withhold(_accounts(rng, year, group)))


def random_years(rng: Random, number: int = 0, years: int = 2) -> list[Figures]:
    """One publisher's accounts of years that follow each other, the first one first.

    What each states of the year before is what the accounts of that year come to, whether its report prints it or not.
    """
    while True:
        first, group, publisher = random_publisher(rng, number)
        if all(group + "01" in function_names(first + later) for later in range(years)):
            break
    written: list[Figures] = []
    draft = None
    for year in range(first, first + years):
        draft = _accounts(rng, year, group, draft)
        written.append(Figures(publisher, year, details.withhold(draft)))
    return written


def _accounts(rng: Random, year: int, group: str, before: Draft | None = None) -> Draft:
    """Everything that a department could state of a year."""
    draft = Draft(rng, year, rng.choices((2, 1, 0), (6, 2, 1))[0], before)
    administrative = rng.random() < 0.85
    if before:
        administrative = before.hundredths("agency_operating_expenditure") > 0
    basic, project = _functions(draft, group, administrative)
    public_use = sum(basic.values()) * rng.randint(4, 22) // 100
    spending = Spending(sum(basic.values()) - public_use, public_use, sum(project.values()))
    draft.amount("gpb_expenditure", spending.total)
    draft.amount("gpb_basic_expenditure", spending.basic)
    draft.amount("gpb_personnel_expenditure", spending.personnel)
    draft.amount("gpb_public_use_expenditure", spending.public_use)
    projects = _funding(draft, spending, administrative)
    public_use_before = _growth(draft, spending)
    details.three_public(draft)
    details.agency(draft, (public_use, public_use_before) if administrative else (0, 0))
    details.procurement(draft)
    details.projects(draft, projects)
    details.evaluation(draft)
    details.staff(draft, administrative)
    details.fixed_assets(draft)
    return draft


def random_publisher(rng: Random, number: int = 0, year: int | None = None) -> tuple[int, str, Publisher]:
    """A fiscal year, the function group that pays for the publisher, and the publisher."""
    year = year or rng.randint(2018, 2024)
    organ = rng.choice([organ for organ in organs() if organ["group"] + "01" in function_names(year)])
    region = rng.choice(regions())
    kind = rng.choices(("部门", "单位"), (3, 1))[0]
    own = zones()[number // ONE_ZONE % len(zones())]
    entity, short = region["name"] + own + organ["organ"], (own or region["short"]) + organ["short"]
    return year, organ["group"], Publisher(region["code"], entity, short, kind)


@cache
def zones() -> list[str]:
    """Invented development zones of two syllables; the first is none."""
    syllables = rows(ROOM / "zones.csv")
    return ["", *(one["first"] + other["second"] + "开发区" for other in syllables for one in syllables)]


@cache
def organs() -> list[dict[str, str]]:
    """Kinds of organisations with the function group that pays for them."""
    return rows(ROOM / "organs.csv")


@cache
def regions() -> list[dict[str, str]]:
    """Regions of GB/T 2260 in which the invented publishers sit."""
    return rows(ROOM / "regions.csv")


def _functions(draft: Draft, group: str, administrative: bool) -> tuple[dict[str, int], dict[str, int]]:
    """Spending by function item, basic and project. States classes, items and completion rates."""
    rng, known = draft.rng, function_names(draft.year)
    size = rng.randint(3_000, 90_000)
    institution = next((group + item for item in ("50", "04") if known.get(group + item) == "事业运行"), group + "01")
    basic = {group + "01" if administrative else institution: size}
    if institution not in basic and rng.random() < 0.4:
        basic[institution] = rng.randint(500, size)
    special = [code for code in known if len(code) == 7 and code[:5] == group and known[code] not in RUNNING]
    project = {code: rng.randint(50, size) for code in rng.sample(special, rng.randint(0, min(3, len(special))))}
    if rng.random() < 0.9:
        for kind, items in ((basic, COMMON_ITEMS), (project, PROJECT_ITEMS)):
            for code, (chance, share) in items.items():
                if rng.random() < chance:
                    kind[code] = max(1, size * share * rng.randint(50, 150) // 10_000)
    _state_functions(draft, basic | project)
    return basic, project


def _state_functions(draft: Draft, items: dict[str, int]) -> None:
    rng, total, budgets, planned = draft.rng, sum(items.values()), 0, 0
    classes: dict[str, int] = dict.fromkeys(EMPTY_CLASSES, 0) if rng.random() < 0.15 else {}
    for code, amount in items.items():
        classes[code[:3]] = classes.get(code[:3], 0) + amount
    for code in sorted(classes):
        draft.amount("gpb_function_expenditure", classes[code], code)
        draft.percent("gpb_function_share", classes[code], total, code)
    for code in sorted(items):
        budget = items[code] + (0 if rng.random() < 0.75 else rng.randint(1, items[code] + 1))
        initial = details.planned(rng, items[code])
        budgets += budget
        planned += initial
        draft.amount("gpb_function_expenditure", items[code], code)
        draft.percent("gpb_function_completion_rate", items[code], budget, code)
        draft.amount("gpb_function_initial_budget", initial, code)
        draft.amount("gpb_function_full_year_budget", budget, code)
        if initial:
            draft.percent("gpb_function_completion_rate@initial", items[code], initial, code)
    draft.percent("gpb_budget_completion_rate", total, budgets)
    draft.amount("gpb_full_year_budget", budgets)
    draft.amount("gpb_initial_budget", planned)
    if planned:
        draft.percent("gpb_budget_completion_rate@initial", total, planned)


def _funding(draft: Draft, spending: Spending, administrative: bool) -> int:
    """All revenue and spending, with carry-over. Returns the project spending of the three budgets."""
    rng, gpb = draft.rng, spending.total
    fund = rng.choices((0, rng.randint(100, gpb)), (3, 1))[0]
    capital = rng.choices((0, rng.randint(100, 5_000)), (15, 1))[0]
    draft.amount("government_fund_expenditure", fund)
    if fund:
        draft.amount("government_fund_function_expenditure", fund, rng.choice(FUND_ITEMS))
    draft.amount("state_capital_expenditure", capital)
    gpb_opening = rng.choices((0, rng.randint(0, gpb // 3)), (2, 3))[0]
    fund_opening = rng.choice((0, fund))
    closing = rng.choices((0, rng.randint(0, gpb // 3)), (2, 3))[0]
    if draft.before:
        gpb_opening, fund_opening = draft.before.hundredths("fiscal_carryover_closing"), 0
        closing = max(closing, gpb_opening - gpb)
    opening = gpb_opening + fund_opening
    fiscal = {
        "revenue_general_budget": gpb + closing - gpb_opening,
        "revenue_government_fund": fund - fund_opening,
        "revenue_state_capital": capital,
    }
    own, own_basic, own_business = _own_money(rng, administrative)
    revenue = draft.split("revenue_current_year", fiscal | own)
    projects = spending.project + fund + capital
    spent = draft.split(
        "expenditure_current_year",
        {
            "expenditure_basic": spending.basic + own_basic,
            "expenditure_project": projects,
            "expenditure_remit_superior": 0,
            "expenditure_business": own_business,
            "expenditure_subsidy_subordinate": 0,
        },
    )
    draft.amount("government_fund_opening", fund_opening)
    draft.amount("government_fund_closing", 0)
    draft.amount("gpb_project_expenditure", spending.project)
    for concept, amount in (
        ("revenue_current_year", revenue),
        ("revenue_general_budget", fiscal["revenue_general_budget"]),
    ):
        draft.growth(concept, amount, _prior(rng, amount))
    kinds = {"expenditure_basic": spending.basic + own_basic, "expenditure_project": projects}
    before = {concept: _prior(rng, amount) for concept, amount in kinds.items()}
    for concept, amount in kinds.items():
        draft.growth(concept, amount, before[concept])
    draft.growth("expenditure_current_year", spent, sum(before.values()) + spent - sum(kinds.values()))
    draft.amount("revenue_fiscal_appropriation", sum(fiscal.values()))
    draft.percent("revenue_fiscal_appropriation_share", sum(fiscal.values()), revenue)
    draft.percent("gpb_expenditure_share", gpb, spent)
    draft.amount("fiscal_revenue_current_year", sum(fiscal.values()))
    draft.amount("fiscal_expenditure_current_year", gpb + projects - spending.project)
    draft.amount("fiscal_expenditure_basic", spending.basic)
    draft.amount("fiscal_expenditure_project", projects)
    _balances(draft, opening, closing, sum(own.values()) - own_basic - own_business)
    return projects


def _own_money(rng: Random, administrative: bool) -> tuple[dict[str, int], int, int]:
    """Revenue beside the three budgets, and what of it basic spending and business take."""
    other = rng.choices((0, rng.randint(1, 60), rng.randint(100, 8_000)), (5, 4, 1))[0]
    earned = [0 if administrative or rng.random() < 0.7 else rng.randint(100, 20_000) for _ in range(2)]
    own = {
        "revenue_superior_subsidy": rng.choices((0, rng.randint(100, 3_000)), (12, 1))[0],
        "revenue_institutional": earned[0],
        "revenue_business": earned[1],
        "revenue_subordinate_remittance": 0,
        "revenue_other": other,
    }
    return own, rng.choice((0, other)), earned[1] * rng.randint(50, 100) // 100


def _balances(draft: Draft, opening: int, closing: int, own_left: int) -> None:
    """Opening and closing balances and the two totals, all funds and fiscal funds."""
    rng = draft.rng
    own_opening = rng.choices((0, rng.randint(1, 400)), (3, 1))[0]
    if draft.before:
        own_opening = draft.before.hundredths("carryover_closing") - opening
    used = rng.choices((0, rng.randint(1, 900)), (8, 1))[0]
    distributed = own_left // 4 if own_left > 400 and rng.random() < 0.3 else 0
    draft.amount("non_fiscal_balance_used", used)
    draft.amount("carryover_opening", opening + own_opening)
    draft.amount("surplus_distribution", distributed)
    draft.total("carryover_closing", closing + own_left + own_opening + used - distributed, opening + own_opening)
    draft.amount("fiscal_carryover_opening", opening)
    draft.amount("fiscal_carryover_closing", closing)


def _growth(draft: Draft, spending: Spending) -> int:
    """The totals, and the year before, in which personnel, public use and projects add up as they do this year.

    Where revenue and spending are compared separately, last year's spending is stated without its closing
    balance, which is this year's opening balance. Returns the public-use spending of the year before.
    """
    rng = draft.rng
    personnel, public_use = _prior(rng, spending.personnel), _prior(rng, spending.public_use)
    gpb = personnel + public_use + (_prior(rng, spending.project) if spending.project else 0)
    carried = {prefix: draft.hundredths(f"{prefix}carryover_opening") for prefix in ("", "fiscal_")}
    fiscal = gpb + rng.choice((0, rng.randint(0, gpb))) + carried["fiscal_"]
    prior = {"": fiscal + rng.choice((0, rng.randint(0, 3_000))) + carried[""], "fiscal_": fiscal}
    separate = rng.random() < 0.2
    for prefix, own in (("", draft.hundredths("non_fiscal_balance_used")), ("fiscal_", 0)):
        total = draft.hundredths(f"{prefix}revenue_current_year") + own + carried[prefix]
        draft.total(f"{prefix}revenue_total", total, prior[prefix])
        spent = prior[prefix] - (carried[prefix] if separate else 0)
        draft.total(f"{prefix}expenditure_total", total, spent, f"{prefix}expenditure_current_year" * separate)
    draft.growth("gpb_expenditure", spending.total, gpb)
    draft.growth("gpb_personnel_expenditure", spending.personnel, personnel)
    draft.growth("gpb_public_use_expenditure", spending.public_use, public_use)
    return public_use


def _prior(rng: Random, current: int) -> int:
    return (
        current
        if not current or rng.random() < 0.05
        else max(1, current * rng.randint(60, 150) // 100 + rng.randint(0, 20))
    )
