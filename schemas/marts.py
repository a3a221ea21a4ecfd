"""Tables of the marts: what analysts read. A release holds one Parquet file for each of them."""

import polars as pl

from schemas.curated import CHECKS, FACTS, KINDS, REGION_CODE, REPORT_ID
from schemas.curated import REPORTS as CURATED_REPORTS
from schemas.table import MONEY, NUMBER, Column, Reference, Table

VERSION = 1
"""Of the tables. It rises with every change that a reader of an older release would stumble over: a column that is gone,
renamed, of another type or another meaning. A new column at its place is none."""

PUBLISHED = ("passed", "acknowledged")
AUDITED = (*PUBLISHED, "held")
COVERAGE = ("published", "held", "unreadable", "missing")
FINDINGS = ("violated", "acknowledged", "not_evaluated")
BUDGETS = ("general", "government_fund", "state_capital", "fiscal", "all")
LEVELS = ("类", "款", "项")
COMPONENTS = (
    "total",
    "overseas_travel",
    "official_vehicle",
    "vehicle_purchase",
    "vehicle_operation",
    "official_reception",
    "domestic_reception",
    "foreign_reception",
)

_CURATED = {column.name: column for column in CURATED_REPORTS.columns}
_CHECK = {column.name: column for column in CHECKS.columns}
_REPORT, _YEAR, _REGION = _CURATED["report_id"], _CURATED["fiscal_year"], _CURATED["region_code"]
_ENTITY, _KEY, _KIND = _CURATED["entity"], _CURATED["entity_key"], _CURATED["kind"]
_IDENTITY = (_REPORT, _YEAR, _REGION, _CURATED["region_name"], _ENTITY, _KEY, _KIND)

_BASIS = Column(
    "budget_basis",
    pl.String,
    "Which budget the rate of completion refers to, as printed; empty if not told",
    nullable=True,
)

_OF_REPORT = Reference("reports", ("report_id",))
_OF_FACT = Reference("facts", ("report_id", "fact"))


def _money(name: str, description: str) -> Column:
    return Column(name, MONEY, description, unit="yuan", nullable=True)


def _percent(name: str, description: str) -> Column:
    return Column(name, NUMBER, description, unit="percent", nullable=True)


def _fact(which: str) -> Column:
    told = f"The fact that states {which}: its sentence, place and printed form are in `facts`"
    return Column("fact", pl.Int32, f"{told}; empty in rows that an older release was made with", nullable=True)


def _count(name: str, description: str, unit: str = "", *, nullable: bool = False) -> Column:
    return Column(name, pl.Int64, description, unit=unit, nullable=nullable, at_least=0)


REPORTS = Table(
    name="reports",
    layer="marts",
    grain="one published report: entity × fiscal year × kind",
    key=("report_id",),
    columns=(
        _REPORT,
        _YEAR,
        _REGION,
        _CURATED["region_name"],
        _ENTITY,
        _KEY,
        _KIND,
        _CURATED["title"],
        _CURATED["source"],
        _CURATED["url"],
        _CURATED["document"],
        _CURATED["format"],
        _CURATED["restated"],
        Column(
            "status",
            pl.String,
            "passed, or acknowledged where a reviewed discrepancy would else have held it",
            values=PUBLISHED,
        ),
        _money("revenue_total", "收入总计: all revenue with opening balances"),
        _money("revenue_current_year", "本年收入合计: revenue of the year"),
        _money("expenditure_total", "支出总计: all expenditure with distribution and closing balances"),
        _money("expenditure_current_year", "本年支出合计: expenditure of the year"),
        _money("gpb_expenditure", "一般公共预算财政拨款支出: expenditure from the general public budget"),
        _money(
            "gpb_basic_expenditure", "一般公共预算财政拨款基本支出: basic expenditure from the general public budget"
        ),
        _money("three_public_expenditure", "“三公”经费支出: overseas travel, official vehicles and official reception"),
        _money("government_fund_expenditure", "政府性基金预算财政拨款支出: expenditure from government funds"),
        _count("facts", "Number of facts"),
        _count("mentions", "Number of quantities met in the sections in scope"),
        _count("unmapped", "How many of them resolve to no concept"),
        _count("checks", "Number of checks"),
        _count("evaluated", "How many of them could be evaluated"),
        _count("violated", "How many are violated and not acknowledged; none of severity H in a published report"),
        _count("acknowledged", "How many are violated and acknowledged"),
        _CURATED["code_revision"],
    ),
)

_FACTS = Table(
    name="facts",
    layer="marts",
    grain="one stated figure of a published report",
    key=FACTS.key,
    columns=FACTS.columns,
    references=(_OF_REPORT,),
)

SPENDING_BY_FUNCTION = Table(
    name="spending_by_function",
    layer="marts",
    grain="one function of one budget in one published report; 款 and 项 are parts of their 类: add one level only",
    key=("report_id", "budget", "code", "parent_code", "name"),
    columns=(
        *_IDENTITY,
        Column(
            "budget",
            pl.String,
            "Whose money: general public budget, government funds, state capital budget, fiscal (these three together), "
            "or all sources",
            values=BUDGETS,
        ),
        Column(
            "level",
            pl.String,
            "Level of the code: class, group or item; empty without a code",
            nullable=True,
            values=LEVELS,
        ),
        Column("code", pl.String, "Function code", nullable=True, pattern=r"[0-9]{3}([0-9]{2}){0,2}"),
        Column(
            "parent_code",
            pl.String,
            "Code of the class or group that a function without a code stands under",
            nullable=True,
        ),
        Column(
            "name", pl.String, "Official name of the code in the fiscal year where it is known, else as the fact has it"
        ),
        _money("amount", "Expenditure"),
        _money("basic", "Of it basic expenditure, where stated"),
        _money("project", "Of it project expenditure, where stated"),
        _money("initially_budgeted", "Budget of the beginning of the year, where stated"),
        _money("budgeted", "Budget after adjustment, or the only one that is stated"),
        _percent("share", "Published share of the budget's expenditure"),
        _percent("completion_rate", "Published rate of budget completion"),
        _BASIS,
        Column(
            "origin",
            pl.String,
            "Where it is stated: in a table where the report has one that names the function, else in a sentence",
            values=("text", "table"),
        ),
        _fact("the amount, or else the first other figure of the row"),
    ),
    references=(_OF_REPORT, _OF_FACT),
)

THREE_PUBLIC = Table(
    name="three_public",
    layer="marts",
    grain="one component of the three-public expenses in one published report; add components of one `part_of` only",
    key=("report_id", "component"),
    columns=(
        *_IDENTITY,
        Column("component", pl.String, "Component of the three-public expenses, or their total", values=COMPONENTS),
        Column(
            "part_of",
            pl.String,
            "The component that it is a part of; empty for the total",
            nullable=True,
            values=COMPONENTS,
        ),
        _money("amount", "Expenditure"),
        _money("initial_budget", "Budget of the beginning of the year, where stated"),
        _money("budget", "Budget after adjustment, or the only one that is stated"),
        _percent("share", "Published share of the total"),
        _money("yoy_change", "Published change against the year before"),
        _percent("yoy_rate", "Published rate of change against the year before"),
        _percent("budget_completion_rate", "Published rate of budget completion"),
        _BASIS,
        _count("groups", "Overseas groups", "groups", nullable=True),
        _count("persons", "Persons travelling overseas", "persons", nullable=True),
        _count("vehicles_purchased", "Vehicles purchased in the year", "vehicles", nullable=True),
        _count("vehicles_held", "Official vehicles held at the end of the year", "vehicles", nullable=True),
        _count("batches", "Batches of guests received", "batches", nullable=True),
        _count("visitors", "Guests received, each visit counted", "visits", nullable=True),
        _fact("the amount, or else the first other figure of the row"),
    ),
    references=(_OF_REPORT, _OF_FACT),
)

PROJECT_PERFORMANCE = Table(
    name="project_performance",
    layer="marts",
    grain="one project that a published report tells the budget or the execution of",
    key=("report_id", "project"),
    columns=(
        *_IDENTITY,
        Column("project", pl.Int32, "Number of the project in the report, in reading order from 1", at_least=1),
        Column("name", pl.String, "Name of the project"),
        _money("initial_budget", "Budget of the beginning of the year, where stated"),
        _money("budget", "Budget of the year"),
        _money("budget_fiscal", "Of it fiscal appropriation"),
        _money("budget_other", "Of it other funds"),
        _money("executed", "Executed amount"),
        _money("executed_fiscal", "Of it fiscal appropriation"),
        _money("executed_other", "Of it other funds"),
        _percent("execution_rate", "Published rate of execution"),
        _count("indicators", "Performance indicators with a target; empty where the report lists none", nullable=True),
        _count(
            "indicators_met",
            "How many of them are met: the actual value is the target, or on its right side where the target says "
            "≥, ≤, > or <; empty where this cannot be told of each",
            nullable=True,
        ),
        _fact("the executed amount, or else the first other figure of the row"),
    ),
    references=(_OF_REPORT, _OF_FACT),
)

YEAR_OVER_YEAR = Table(
    name="year_over_year",
    layer="marts",
    grain="one concept that reports compare with the year before, in one published report: entity × concept × fiscal year",
    key=("report_id", "concept"),
    columns=(
        *_IDENTITY,
        Column("concept", pl.String, "Concept of the amount that changed: see the table `concepts`"),
        _money("current", "Amount of the fiscal year"),
        _money("published_change", "Change against the year before, as published"),
        _percent("published_rate", "Rate of change, as published"),
        _money("implied_prior", "The year before as this report has it: current less change, else as printed"),
        _percent(
            "recomputed_rate",
            "Change by the year before as this report has it, rounded half up to two decimals; empty where that is zero",
        ),
        _money("prior_published", "The year before as its own report states it, where that is published"),
        _money("restatement", "implied_prior less prior_published"),
        _fact("the published change, or else its rate, or else an amount"),
    ),
    references=(_OF_REPORT, _OF_FACT),
)

FINDINGS_TABLE = Table(
    name="findings",
    layer="marts",
    grain="one check of a published or held report that is violated, acknowledged or could not be evaluated",
    key=("report_id", "equation", "instance"),
    columns=(
        _REPORT,
        _CHECK["finding"],
        _YEAR,
        _REGION,
        _CURATED["region_name"],
        _ENTITY,
        _KEY,
        _KIND,
        _CURATED["url"],
        Column("status", pl.String, "Status of the report", values=AUDITED),
        _CHECK["equation"],
        _CHECK["instance"],
        Column("formula", pl.String, "The equation in the words of the statutory form", nullable=True),
        _CHECK["severity"],
        Column("verdict", pl.String, "Outcome of the check", values=FINDINGS),
        _CHECK["diagnosis"],
        _CHECK["unit_kind"],
        _CHECK["lhs"],
        _CHECK["rhs"],
        _CHECK["residual"],
        _CHECK["bound"],
        _CHECK["message"],
        Column("sentence", pl.String, "The published fragments that took part, in reading order, joined by “ ｜ ”"),
        Column("acknowledged_by", pl.String, "Who reviewed it", nullable=True),
        Column("acknowledged_reason", pl.String, "Why it is accepted", nullable=True),
        Column("acknowledged_date", pl.Date, "When the review was made", nullable=True),
        Column("acknowledged_until", pl.Date, "Last day of the acknowledgement; empty without an end", nullable=True),
    ),
)

COVERAGE_TABLE = Table(
    name="coverage",
    layer="marts",
    grain="one expected report: entity × fiscal year × kind of the roster or of a source, or one source location where these "
    "are unknown",
    key=("url", "report_id"),
    columns=(
        Column("fiscal_year", pl.Int16, "Fiscal year; empty where unknown", nullable=True, at_least=1990),
        Column("region_code", pl.String, "GB/T 2260 code; empty where unknown", nullable=True, pattern=REGION_CODE),
        _CURATED["region_name"],
        Column(
            "entity",
            pl.String,
            "The publishing organisation, by its name in the roster where it is listed; empty where unknown",
            nullable=True,
        ),
        Column("kind", pl.String, "Kind of accounts; empty where unknown", nullable=True, values=KINDS),
        Column("source", pl.String, "Name of the source in the catalogue; `roster` where it has none"),
        Column(
            "url",
            pl.String,
            "Where it was fetched from, or was expected; `roster:…` where the roster lists it and no source has it",
        ),
        Column("status", pl.String, "What is there", values=COVERAGE),
        Column("report_id", pl.String, "The report, once it is one", nullable=True, pattern=REPORT_ID),
        Column("why", pl.String, "Why it is not published, in one sentence; empty where nothing is to be told"),
        Column(
            "due", pl.Date, "Last day on which it is to be published; empty where no roster lists it", nullable=True
        ),
        Column(
            "late",
            pl.Boolean,
            "It is missing although that day was past when the run looked; empty where no roster lists it",
            nullable=True,
        ),
    ),
)

TABLES = (
    REPORTS,
    _FACTS,
    SPENDING_BY_FUNCTION,
    THREE_PUBLIC,
    PROJECT_PERFORMANCE,
    YEAR_OVER_YEAR,
    FINDINGS_TABLE,
    COVERAGE_TABLE,
)
BY_NAME = {table.name: table for table in TABLES}
