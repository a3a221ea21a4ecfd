"""The amounts behind the public tables: every account by function item and economic class, in agreement with the figures.

The narrative states classes, items and totals; the tables also state the groups, the columns and both classifications
crossed. Those are worked out here so that all of it adds up: whatever is not said to belong to an item goes to the
largest one.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from random import Random

from sources.writer.accounts import COMMON_ITEMS, FUND_ITEMS, RUNNING
from sources.writer.figures import FUNCTIONS, Figures, function_names

ECONOMIC_CLASSES = FUNCTIONS.with_name("economic_classes.csv")
BUDGETS = ("一般公共预算财政拨款", "政府性基金预算财政拨款", "国有资本经营预算财政拨款")
CAPITAL_ITEM = "2230105"
OWN_SOURCES = ("superior_subsidy", "institutional", "business", "subordinate_remittance", "other")
OTHER_KINDS = ("remit_superior", "business", "subsidy_subordinate")
PERSONNEL, PUBLIC_USE, PROJECTS = ("301", "303"), ("302", "310"), ("302", "303", "310", "399")

Ledger = Mapping[tuple[str, str], Decimal]
"""(concept, member) → 万元. A concept that begins with an underscore has no name in the taxonomy; behind an @ stands the
table to which an amount is confined."""

_Amounts = dict[str, int]


def ledger(figures: Figures) -> Ledger:
    """All amounts of the public tables that are not zero, each as an exact decimal of 万元."""
    return {key: Decimal(amount).scaleb(-2) for key, amount in _Books(figures).entries.items() if amount}


@cache
def economic_names() -> dict[str, str]:
    """Economic class (3 or 5 digits) → name."""
    with ECONOMIC_CLASSES.open(encoding="utf-8", newline="") as handle:
        return {row["code"]: row["name"] for row in csv.DictReader(handle)}


class _Books:
    """The entries of one ledger while it is kept, in hundredths of 万元."""

    def __init__(self, figures: Figures) -> None:
        self.entries: dict[tuple[str, str], int] = {
            (concept, member): int(value.scaleb(2))
            for (concept, member, place), value in figures.stated.items()
            if isinstance(value, Decimal) and "@" not in concept and not place
        }
        self._figures = figures
        self._rng = Random(f"ledger {figures.publisher.region_code} {figures.publisher.entity} {figures.year}")
        self._general_basic, self._general_project = self._general()
        self._fund = self._funds()
        capital = self._get("state_capital_expenditure")
        self._capital = {CAPITAL_ITEM: capital} if capital else {}
        self._main = max(self._general_basic, key=lambda code: self._general_basic[code])
        self._spending()
        self._revenue()
        self._fiscal()
        self._economic()

    def _get(self, concept: str, member: str = "") -> int:
        return self.entries.get((concept, member), 0)

    def _general(self) -> tuple[_Amounts, _Amounts]:
        """The general budget by item, basic and project; running costs and insurance are basic first."""
        known = function_names(self._figures.year)
        items = {code: self._get("gpb_function_expenditure", code) for code in self._items("gpb_function_expenditure")}
        left = self._get("gpb_basic_expenditure")
        basic: _Amounts = {}
        for code in sorted(items, key=lambda code: (known[code] not in RUNNING, code not in COMMON_ITEMS, code)):
            basic[code] = min(items[code], left)
            left -= basic[code]
        project = {code: items[code] - basic[code] for code in items}
        self._post("gpb_function_expenditure", items)
        self._post("gpb_function_basic_expenditure", basic)
        self._post("gpb_function_project_expenditure", project)
        return basic, project

    def _funds(self) -> _Amounts:
        concept = "government_fund_function_expenditure"
        items = {code: self._get(concept, code) for code in self._items(concept)}
        if not items and self._get("government_fund_expenditure"):
            items = {FUND_ITEMS[0]: self._get("government_fund_expenditure")}
        self._post(concept, items)
        self._post("_fund_project", items)
        opening = _shared(self._get("government_fund_opening"), items)
        revenue = _shared(self._get("revenue_government_fund"), items)
        self._post("_fund_opening", opening)
        self._post("_fund_revenue", revenue)
        self._post("_fund_closing", {code: opening.get(code, 0) + revenue.get(code, 0) - items[code] for code in items})
        return items

    def _items(self, concept: str) -> list[str]:
        return [code for code in self._figures.members(concept) if len(code) == 7]

    def _spending(self) -> None:
        """公开03表: all money by item and kind."""
        basic, main = dict(self._general_basic), self._main
        basic[main] += self._get("expenditure_basic") - sum(basic.values())
        project = _sum(self._general_project, self._fund, self._capital)
        project[main] = project.get(main, 0) + self._get("expenditure_project") - sum(project.values())
        others = {kind: {main: self._get(f"expenditure_{kind}")} for kind in OTHER_KINDS}
        self._post("function_expenditure_basic", basic)
        self._post("function_expenditure_project", project)
        for kind, amounts in others.items():
            self._post(f"function_expenditure_{kind}", amounts)
        self._post("function_expenditure", _sum(basic, project, *others.values()))

    def _revenue(self) -> None:
        """公开02表: all money by item and source."""
        general = _shared(
            self._get("revenue_general_budget"), _sum(self._general_basic, self._general_project), self._main
        )
        fund = _shared(self._get("revenue_government_fund"), self._fund)
        capital = _shared(self._get("revenue_state_capital"), self._capital)
        fiscal = _sum(general, fund, capital)
        own = {source: {self._main: self._get(f"revenue_{source}")} for source in OWN_SOURCES}
        self._post("function_revenue_fiscal_appropriation", fiscal)
        for source, amounts in own.items():
            self._post(f"function_revenue_{source}", amounts)
        self._post("function_revenue", _sum(fiscal, *own.values()))

    def _fiscal(self) -> None:
        """公开04表 and the tables of funds and state capital: balances by budget, spending by class."""
        capital_opening = self._get("state_capital_expenditure") - self._get("revenue_state_capital")
        self.entries["state_capital_opening", ""] = capital_opening
        for end in ("opening", "closing"):
            whole, fund = self._get(f"fiscal_carryover_{end}"), self._get(f"government_fund_{end}")
            capital = self._get(f"state_capital_{end}")
            for budget, amount in zip(BUDGETS, (whole - fund - capital, fund, capital), strict=True):
                self.entries[f"fiscal_carryover_{end}", budget] = amount
        for budget, total in zip(BUDGETS, ("gpb", "government_fund", "state_capital"), strict=True):
            self.entries["_fiscal_total", budget] = self._get(f"{total}_expenditure") + self._get(
                "fiscal_carryover_closing", budget
            )
        self._post("_capital", self._capital)
        spent = _sum(self._general_basic, self._general_project, self._fund, self._capital)
        self._post("fiscal_function_expenditure", spent)

    def _economic(self) -> None:
        """The tables by economic class: items crossed with classes, each table with the amounts of its own scope."""
        basic = self._cut(PERSONNEL, self._get("gpb_personnel_expenditure")) | self._cut(
            PUBLIC_USE, self._get("gpb_public_use_expenditure")
        )
        project = self._cut(PROJECTS, sum(self._general_project.values()))
        rest = _sum(self._fund, self._capital)
        general = _crossed(self._general_basic, basic), _crossed(self._general_project, project)
        crossed = {
            "table_05": (*general, _crossed(rest, self._cut(PROJECTS, sum(rest.values())))),
            "table_07": general,
            "table_09": general[1:],
        }
        for class_, amount in _with_totals(basic).items():
            self.entries["economic_class_expenditure@table_08", class_] = amount
        for table, parts in crossed.items():
            for part in parts:
                for (item, class_), amount in part.items():
                    for code in (class_[:3], class_):
                        self._add(f"economic_class_expenditure@{table}", code, amount)
                        for member in (item[:3], item[:5], item):
                            self._add(f"_{code}@{table}", member, amount)

    def _cut(self, classes: Iterable[str], total: int) -> _Amounts:
        """A total by economic class, at random."""
        if not total:
            return {}
        codes = [code for code in economic_names() if len(code) == 5 and code[:3] in classes]
        codes = sorted(self._rng.sample(codes, min(len(codes), self._rng.randint(4, 14), total)))
        cuts = sorted(self._rng.sample(range(1, total), len(codes) - 1))
        return {code: end - start for code, start, end in zip(codes, [0, *cuts], [*cuts, total], strict=True)}

    def _post(self, concept: str, items: _Amounts) -> None:
        """Enters items with their groups and classes."""
        for code, amount in _with_totals(items).items():
            self.entries[concept, code] = amount

    def _add(self, concept: str, member: str, amount: int) -> None:
        self.entries[concept, member] = self._get(concept, member) + amount


def _with_totals(items: _Amounts) -> _Amounts:
    """Items with the sums of the codes above them: groups and classes of functions, classes of economic items."""
    totals: _Amounts = {}
    for code, amount in items.items():
        for above in {code[:3], code[:5], code}:
            totals[above] = totals.get(above, 0) + amount
    return totals


def _sum(*parts: _Amounts) -> _Amounts:
    return {code: sum(part.get(code, 0) for part in parts) for code in sorted(set().union(*parts))}


def _shared(total: int, like: _Amounts, main: str | None = None) -> _Amounts:
    """A total on the items of `like`: each as much as it has there, the main or first item what is left or lacks."""
    if not like:
        return {}
    shared: _Amounts = {}
    first = main or min(like)
    left = total
    for code in sorted(like, key=lambda code: code == first):
        shared[code] = left if code == first else min(left, like[code])
        left -= shared[code]
    return shared


def _crossed(items: _Amounts, classes: _Amounts) -> dict[tuple[str, str], int]:
    """A table of items and classes with these sums at its margins."""
    crossed: dict[tuple[str, str], int] = {}
    left = dict(classes)
    for item, amount in items.items():
        for class_ in classes:
            taken = min(amount, left[class_])
            if taken:
                crossed[item, class_] = taken
                amount -= taken
                left[class_] -= taken
    return crossed
