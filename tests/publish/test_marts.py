"""Each mart from small curated frames, with the exact rows that come out."""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from schemas import marts
from schemas.validate import validate


def rows(frame: pl.DataFrame, *columns: str) -> list[tuple[object, ...]]:
    return frame.select(columns).rows()


def test_every_table_keeps_its_contract_also_when_empty(make):
    built = make.marts([])
    tables = built.tables
    assert set(tables) == set(marts.BY_NAME)
    for table in marts.TABLES:
        assert validate(tables[table.name], table).is_empty()


def test_report_has_headline_amounts_counts_and_status(make):
    facts = [
        make.fact("a", 0, "revenue_total", "9.00", "绩效报告"),
        make.fact("a", 1, "revenue_total", "8.94"),
        make.fact("a", 2, "revenue_total", "7", "一", period="prior"),
        make.fact("a", 3, "gpb_expenditure", "3.2", "五（一）"),
        make.fact("a", 4, "gpb_expenditure", "1", "五（二）", member_name="教育支出"),
        make.fact("a", 5, "expenditure_total", "5", state="template_left_over"),
    ]
    checks = [
        make.check("a", "S01", "exact"),
        make.check("a", "S03", "acknowledged"),
        make.check("a", "S04", "not_evaluated"),
        make.check("a", "S14", "violated", severity="D"),
    ]
    head = make.table("reports", [make.report("a"), make.report("b", entity_key="另一局")], facts, checks)
    validate(head, marts.REPORTS)
    a, b = head.rows(named=True)
    assert a["status"] == "acknowledged" and b["status"] == "passed"
    assert a["revenue_total"] == Decimal("89400") and a["gpb_expenditure"] == Decimal("32000")
    assert a["expenditure_total"] is None, "a left-over of the template states nothing"
    counts = ("facts", "checks", "evaluated", "violated", "acknowledged")
    assert [a[name] for name in counts] == [6, 4, 3, 1, 1]
    assert [b[name] for name in counts] == [0, 0, 0, 0, 0]
    assert b["revenue_total"] is None


def test_acknowledged_means_that_it_would_have_been_held(make):
    head = make.table("reports", [make.report("a")], checks=[make.check("a", "G01", "acknowledged", severity="D")])
    assert head["status"].to_list() == ["passed"]


def test_held_reports_are_only_in_findings_and_coverage(make):
    built = make.marts(
        [make.report("a"), make.report("b", entity_key="另一局", entity="另一局")],
        [make.fact("a", 0, "revenue_total", "1"), make.fact("b", 0, "revenue_total", "2")],
        [make.check("b", "S03", "violated")],
        held="b",
    )
    for name in ("facts", "reports", "year_over_year"):
        assert built.tables[name]["report_id"].to_list() == [make.report_id("a")]
    assert rows(built.tables["findings"], "report_id", "status") == [(make.report_id("b"), "held")]
    assert rows(built.tables["coverage"], "entity", "status", "why") == [
        ("西区样例局", "published", ""),
        ("另一局", "held", "S03 is violated."),
    ]
    assert rows(built.outcomes, "report_id", "stage", "outcome") == [(make.report_id("a"), "publish", "done")]


def test_spending_by_function_joins_statements_of_one_code(make):
    facts = [
        make.fact("a", 0, "gpb_function_expenditure", "97.93", "五（二）", member_code="208", member_name="社会保障"),
        make.fact(
            "a", 1, "gpb_function_share", "12.29", "五（二）", unit="%", member_code="208", member_name="社会保障"
        ),
        make.fact("a", 2, "gpb_function_expenditure", "9", "五（三）", member_code="20805", member_name="离退休"),
        make.fact(
            "a",
            3,
            "gpb_function_completion_rate",
            "98",
            "五（三）",
            unit="%",
            member_code="20805",
            budget_basis="调整预算",
        ),
        make.fact("a", 4, "gpb_function_expenditure", "3", "五（三）", parent_code="201", member_name="未知支出"),
        make.fact("a", 5, "function_expenditure", "98", "附表", member_code="208", member_name="社会保障和就业支出"),
        make.fact("a", 6, "function_expenditure_basic", "60", "附表", member_code="208"),
        make.fact("a", 7, "function_expenditure", "500", "附表", member_name="合计"),
        make.fact("a", 8, "gpb_function_expenditure", "97.9", "绩效报告", member_code="208", member_name="社会保障"),
        make.fact(
            "a", 9, "gpb_function_basic_expenditure", "50", "绩效报告", member_code="208", member_name="社会保障"
        ),
    ]
    table = make.table("spending_by_function", [make.report("a")], facts)
    validate(table, marts.SPENDING_BY_FUNCTION)
    assert rows(table, "budget", "level", "code", "parent_code", "name", "origin") == [
        ("all", "类", "208", None, "社会保障和就业支出", "table"),
        ("general", None, None, "201", "未知支出", "text"),
        ("general", "类", "208", None, "社会保障和就业支出", "text"),
        ("general", "款", "20805", None, "行政事业单位养老支出", "text"),
    ]
    assert table["fact"].to_list() == [5, 4, 0, 2], "the fact of the amount"
    figures = ("amount", "basic", "share", "completion_rate", "budget_basis")
    assert rows(table, *figures) == [
        (Decimal(980_000), Decimal(600_000), None, None, None),
        (Decimal(30_000), None, None, None, None),
        (Decimal(979_300), Decimal(500_000), Decimal("12.29"), None, None),
        (Decimal(90_000), None, None, Decimal(98), "调整预算"),
    ]


def test_spending_by_function_takes_tables_where_there_are_tables(make):
    """Text adds what tables do not tell; its functions without a code are those of the table."""
    facts = [
        make.fact("a", 0, "gpb_function_expenditure", "97.93", "五（二）", member_code="208", member_name="社会保障"),
        make.fact("a", 1, "gpb_function_share", "12.29", "五（二）", unit="%", member_code="208"),
        make.fact("a", 2, "gpb_function_expenditure", "3", "五（三）", parent_code="201", member_name="未知支出"),
        make.fact("a", 3, "gpb_function_expenditure", "4", "五（三）", member_code="2080501", member_name="离退休"),
        make.fact("a", 4, "gpb_function_expenditure", "97.9312", "表06", member_code="208"),
        make.fact("a", 5, "gpb_function_basic_expenditure", "50", "表06", member_code="208"),
        make.fact("b", 6, "gpb_function_expenditure", "3", "五（三）", parent_code="201", member_name="未知支出"),
    ]
    table = make.table(
        "spending_by_function", [make.report("a"), make.report("b", entity="乙局", entity_key="乙局")], facts
    )
    assert rows(table, "report_id", "code", "amount", "basic", "share", "origin") == [
        (make.report("a")["report_id"], "208", Decimal(979_312), Decimal(500_000), Decimal("12.29"), "table"),
        (make.report("a")["report_id"], "2080501", Decimal(40_000), None, None, "text"),
        (make.report("b")["report_id"], None, Decimal(30_000), None, None, "text"),
    ]


def test_official_name_is_that_of_the_fiscal_year(make):
    fact = make.fact("a", 0, "gpb_function_expenditure", "1", "五（三）", member_code="20805", member_name="x")
    table = make.table("spending_by_function", [make.report("a", fiscal_year=2019)], [fact | {"fiscal_year": 2019}])
    assert rows(table, "fiscal_year", "name") == [(2019, "行政事业单位离退休")]


def test_three_public_has_a_row_per_stated_component(make):
    facts = [
        make.fact("a", 0, "three_public_expenditure", "24.12", "七"),
        make.fact("a", 1, "three_public_budget_completion_rate", "80.89", "七", unit="%"),
        make.fact("a", 2, "official_vehicle_expenditure", "5.05", "七"),
        make.fact("a", 3, "official_vehicle_share", "20.93", "七", unit="%"),
        make.fact("a", 4, "official_vehicle_yoy_change", "-0.15", "七", period="change"),
        make.fact("a", 5, "official_vehicle_yoy_rate", "-2.88", "七", unit="%", period="change"),
        make.fact("a", 6, "official_vehicle_expenditure", "5.2", "七", period="prior"),
        make.fact("a", 7, "vehicle_fleet_count", "2", "七", unit="辆", member_name="合计"),
        make.fact("a", 8, "vehicle_fleet_count", "1", "七", unit="辆", member_name="轿车"),
        make.fact("a", 9, "domestic_reception_visitor_count", "2027", "七", unit="人次"),
        make.fact("a", 10, "official_reception_budget", "19.23", "附表"),
    ]
    table = make.table("three_public", [make.report("a")], facts)
    validate(table, marts.THREE_PUBLIC)
    assert rows(table, "component", "part_of", "amount", "budget", "share", "yoy_change", "yoy_rate") == [
        ("domestic_reception", "official_reception", None, None, None, None, None),
        ("official_reception", "total", None, Decimal(192_300), None, None, None),
        ("official_vehicle", "total", Decimal(50_500), None, Decimal("20.93"), Decimal(-1500), Decimal("-2.88")),
        ("total", None, Decimal(241_200), None, None, None, None),
        ("vehicle_operation", "official_vehicle", None, None, None, None, None),
    ]
    assert table["fact"].to_list() == [9, 10, 2, 0, 7], "the fact of the amount, else of another figure"
    assert rows(table, "budget_completion_rate", "vehicles_held", "visitors", "batches") == [
        (None, None, 2027, None),
        (None, None, None, None),
        (None, None, None, None),
        (Decimal("80.89"), None, None, None),
        (None, 2, None, None),
    ]


def test_projects_are_numbered_in_reading_order(make):
    facts = [
        make.fact("a", 0, "project_budget", "28.4", "绩效报告", member_name="人代会"),
        make.fact("a", 1, "project_executed", "7", "项目表", member_name="在线监督"),
        make.fact("a", 2, "project_budget", "8", "十（四）", member_name="在线监督"),
        make.fact("a", 3, "project_executed", "7.1", "十（四）", member_name="在线监督"),
        make.fact("a", 4, "project_execution_rate", "89", "十（四）", unit="%", member_name="在线监督"),
        make.fact("a", 5, "project_budget_other", "0", "项目表", member_name="在线监督"),
        make.fact("a", 6, "project_budget", "36.4", "项目表", member_name="合计"),
    ]
    table = make.table("project_performance", [make.report("a")], facts)
    validate(table, marts.PROJECT_PERFORMANCE)
    assert rows(table, "project", "name", "budget", "budget_other", "executed", "execution_rate", "indicators") == [
        (1, "人代会", Decimal(284_000), None, None, None, None),
        (2, "在线监督", Decimal(80_000), Decimal(0), Decimal(71_000), Decimal(89), None),
    ]
    assert table["fact"].to_list() == [0, 3], "the executed amount, else the budget"


def test_figures_tell_of_whom_and_of_which_budget_they_are(make):
    facts = [
        make.fact("a", 0, "gpb_function_expenditure", "9", "五（三）", member_code="20805"),
        make.fact("a", 1, "gpb_function_initial_budget", "7", "五（三）", member_code="20805"),
        make.fact("a", 2, "gpb_function_full_year_budget", "8", "五（三）", member_code="20805"),
        make.fact("a", 3, "three_public_initial_budget", "5", "七"),
        make.fact("a", 4, "three_public_budget_completion_rate", "80", "七", unit="%", budget_basis="年初预算"),
        make.fact("a", 5, "project_initial_budget", "3", "绩效报告", member_name="人代会"),
    ]
    tables = make.marts([make.report("a")], facts).tables
    budgets = rows(tables["spending_by_function"], "initially_budgeted", "budgeted")
    assert budgets == [(Decimal(70_000), Decimal(80_000))]
    assert rows(tables["three_public"], "initial_budget", "budget_basis") == [(Decimal(50_000), "年初预算")]
    assert tables["project_performance"]["initial_budget"].to_list() == [Decimal(30_000)]
    for name in ("spending_by_function", "three_public", "project_performance"):
        assert rows(tables[name], "region_name", "entity_key", "kind") == [("四川省攀枝花市西区", "西区样例局", "部门")]


@pytest.mark.parametrize(
    ("target", "actual", "met"),
    [
        ("召开1次", "召开1次", 1),
        ("≥90%", "95.5%", 1),
        ("≥90%", "89.9%", 0),
        ("≤3万元", "3万元", 1),
        (">3", "3", 0),
        ("<3", "2", 1),
        ("≥90%", "95", None),
        ("≥90%", "≥95%", None),
        ("90", "95", None),
        ("有效提高", "良好", None),
        ("≥90%", None, None),
    ],
)
def test_indicators_are_met_only_where_the_words_tell(make, target, actual, met):
    name = "甲项目·产出·数量·次数"
    facts = [make.fact("a", 0, "project_budget", "1", "项目表", member_name="甲项目")]
    facts.append(make.fact("a", 1, "indicator_target", target, "项目表", unit="text", member_name=name))
    if actual:
        facts.append(make.fact("a", 2, "indicator_actual", actual, "项目表", unit="text", member_name=name))
    table = make.table("project_performance", [make.report("a")], facts)
    assert rows(table, "indicators", "indicators_met") == [(1, met)]


def test_year_over_year_recomputes_and_meets_last_years_report(make):
    reports = [make.report("a"), make.report("b", fiscal_year=2019), make.report("c", region_code="000000")]
    facts = [
        make.fact("a", 0, "revenue_total", "894"),
        make.fact("a", 1, "revenue_total_yoy_change", "329.81", period="change"),
        make.fact("a", 2, "revenue_total_yoy_rate", "58.46", unit="%", period="change"),
        make.fact("b", 0, "revenue_total", "560.19", fiscal_year=2019),
        make.fact("c", 0, "three_public_expenditure", "0.11", "七"),
        make.fact("c", 1, "three_public_yoy_change", "0.11", "七", period="change"),
        make.fact("c", 2, "revenue_total", "3"),
        make.fact("c", 3, "revenue_total", "4", period="prior"),
    ]
    table = make.table("year_over_year", reports, facts)
    validate(table, marts.YEAR_OVER_YEAR)
    columns = ("concept", "fiscal_year", "current", "published_change", "published_rate", "implied_prior")
    assert rows(table, *columns, "recomputed_rate", "prior_published", "restatement") == [
        ("revenue_total", 2019, Decimal(5_601_900), None, None, None, None, None, None),
        ("revenue_total", 2020, Decimal(30_000), None, None, Decimal(40_000), Decimal(-25), None, None),
        ("three_public_expenditure", 2020, Decimal(1100), Decimal(1100), None, Decimal(0), None, None, None),
        (
            *("revenue_total", 2020, Decimal(8_940_000), Decimal(3_298_100), Decimal("58.46"), Decimal(5_641_900)),
            *(Decimal("58.46"), Decimal(5_601_900), Decimal(40_000)),
        ),
    ]
    assert table["fact"].to_list() == [0, 2, 1, 1], "the change, or else its rate, or else the amount"


def test_a_finding_of_words_tells_their_sentences(make):
    place = {"report_id": make.report_id("a"), "fiscal_year": 2020, "region_code": "510403", "section": "七"}
    place |= {"kind": "prior_year", "value": "2018", "words": "比2018年", "basis": None, "facts": []}
    claims = [
        place | {"claim": 0, "start": 50, "end": 56, "block": 1, "quote": "公务接待费比2018年增加1万元。"},
        place | {"claim": 1, "start": 10, "end": 16, "block": 0, "quote": "因公出国费比2018年持平。"},
    ]
    facts = [make.fact("a", 0, "revenue_total", "894", quote="收入总计894万元")]
    checks = [
        make.check("a", "G04", "violated", finding="0" * 12, claims=[0, 1], severity="D"),
        make.check("a", "C04", "violated", finding="1" * 12, claims=[1], facts=[0], severity="D"),
        make.check("a", "S03", "violated", finding="2" * 12, facts=[0]),
    ]
    table = make.table("findings", [make.report("a")], facts, checks, claims=claims)
    assert rows(table, "equation", "sentence") == [
        ("C04", "因公出国费比2018年持平。"),
        ("G04", "因公出国费比2018年持平。 ｜ 公务接待费比2018年增加1万元。"),
        ("S03", "收入总计894万元"),
    ]


def test_findings_tell_the_sentence_and_the_acknowledgement(make):
    facts = [
        make.fact("a", 0, "revenue_total", "894", quote="收、支总计894万元"),
        make.fact("a", 1, "expenditure_total", "894", quote="收、支总计894万元", start=0, end=10),
        make.fact("a", 2, "expenditure_total", "895", quote="支出总计895万元"),
    ]
    checks = [
        make.check("a", "S03", "acknowledged", finding="0" * 12, facts=[2, 1, 0], lhs=Decimal(1), rhs=Decimal(2)),
        make.check("a", "S01", "not_evaluated", finding="1" * 12, diagnosis="missing_item"),
        make.check("a", "S02", "rounding"),
    ]
    reviewed = [
        {"finding": "0" * 12, "by": "审计", "reason": "笔误", "date": date(2026, 1, 1), "until": date(2027, 1, 1)}
    ]
    table = make.table("findings", [make.report("a")], facts, checks, acknowledgements=reviewed)
    validate(table, marts.FINDINGS_TABLE)
    columns = ("equation", "verdict", "sentence", "acknowledged_by", "acknowledged_reason", "acknowledged_until")
    assert rows(table, *columns) == [
        ("S01", "not_evaluated", "", None, None, None),
        ("S03", "acknowledged", "收、支总计894万元 ｜ 支出总计895万元", "审计", "笔误", date(2027, 1, 1)),
    ]
    assert table.filter(equation="S03")["formula"].to_list() == ["收入总计 = 支出总计"]
    assert table["status"].unique().to_list() == ["acknowledged"]
