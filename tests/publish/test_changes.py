"""What two releases differ in, from releases that are published one after the other."""

import json
from decimal import Decimal

import polars as pl

from tasks.publish.notes import SHOWN, Difference, as_json, markdown
from tasks.publish.release import NOTES
from tasks.publish.releases import difference


def told(folder, *columns):
    return pl.read_parquet(folder / "changes.parquet").select(columns).rows()


def total(make, letter, value, number=0, **more):
    return make.fact(letter, number, "revenue_total", value, **more)


def test_the_first_release_has_nothing_to_be_compared_with(make, tmp_path):
    folder = make.publish(tmp_path, [make.report("a")], [total(make, "a", "5")])
    assert told(folder, "change") == []
    notes = (folder / NOTES).read_text()
    assert "The first release" in notes and "| facts | — | 1 |" in notes


def test_a_restated_figure_is_told_with_both_amounts(make, tmp_path):
    old = [
        total(make, "a", "5"),
        make.fact("a", 1, "gpb_expenditure", "3"),
        make.fact("a", 2, "revenue_current_year", "9"),
    ]
    new = [
        total(make, "b", "6.5", 4),
        make.fact("b", 5, "gpb_expenditure", "30000", unit="元", unit_kind="money", amount_cny=Decimal(30_000)),
    ]
    make.publish(tmp_path, [make.report("a")], old)
    folder = make.publish(tmp_path, [make.report("b")], [*new, make.fact("b", 6, "expenditure_total", "7")], day=21)
    ids = (make.report_id("b"), make.report_id("a"))
    assert told(folder, "change", "why", "report_id", "report_before", "concept", "before", "now") == [
        ("figure", "new_document", *ids, "expenditure_total", None, "7万元"),
        ("figure", "new_document", *ids, "revenue_current_year", "9万元", None),
        ("figure", "new_document", *ids, "revenue_total", "5万元", "6.5万元"),
        ("replaced", "new_document", *ids, None, None, None),
    ]
    assert told(folder, "number_before", "number_now", "fact_before", "fact_now")[2] == (50_000, 65_000, 0, 4)
    notes = (folder / NOTES).read_text()
    assert "## Restated by the publisher: 3" in notes and "## Replaced by a newer document: 1" in notes
    assert "| 西区样例局 2020 部门 | 收入总计 | 5万元 | 6.5万元 | the publisher has issued another document |" in notes


def test_the_statement_that_counts_is_compared(make, tmp_path):
    """The order in which a report says things, and what it says once more in an annex, change nothing."""
    make.publish(tmp_path, [make.report("a")], [total(make, "a", "5"), total(make, "a", "8", 1, section="绩效报告")])
    facts = [total(make, "b", "9", 0, section="绩效报告"), total(make, "b", "5", 1)]
    folder = make.publish(tmp_path, [make.report("b")], facts, day=21)
    assert told(folder, "change") == [("replaced",)]


def test_the_same_document_read_by_other_code_is_told_apart(make, tmp_path):
    make.publish(tmp_path, [make.report("a")], [total(make, "a", "5")])
    folder = make.publish(tmp_path, [make.report("a", code_revision="r2")], [total(make, "a", "50")], day=21)
    assert told(folder, "change", "why", "before", "now") == [("figure", "new_code", "5万元", "50万元")]
    assert "## Read otherwise: 1" in (folder / NOTES).read_text()


def test_both_at_once_are_told_as_both(make, tmp_path):
    make.publish(tmp_path, [make.report("a")], [total(make, "a", "5")])
    folder = make.publish(tmp_path, [make.report("b", code_revision="r2")], [total(make, "b", "50")], day=21)
    assert told(folder, "change", "why") == [("figure", "new_document_and_code"), ("replaced", "new_document")]


def test_reports_that_came_and_went(make, tmp_path):
    make.publish(tmp_path, [make.report("a"), make.report("c", entity_key="c", entity="c|<b>")])
    checks = [make.check("d", "S03", "violated")]
    newer = make.report("d", entity_key="c", entity="c|<b>")
    added = make.report("e", entity_key="e", entity="e")
    folder = make.publish(tmp_path, [newer, added], checks=checks, held="d", day=21)
    assert told(folder, "change", "why", "report_id", "report_before") == [
        ("added", "new_report", make.report_id("e"), None),
        ("removed", "held", make.report_id("c"), make.report_id("c")),
    ]
    assert r"| c\|\<b\> 2020 部门 | the audit holds it now |" in (folder / NOTES).read_text(), "names are no markup"
    gone = difference(folder, tmp_path / "releases" / sorted(path.name for path in folder.parent.iterdir())[0])
    assert gone.of("removed").select("why", "entity").rows() == [("gone", "e")]


def test_an_acknowledgement_changes_the_status(make, tmp_path):
    make.publish(tmp_path, [make.report("a")], checks=[make.check("a", "S03", "exact")])
    folder = make.publish(tmp_path, [make.report("a")], checks=[make.check("a", "S03", "acknowledged")], day=21)
    assert told(folder, "change", "why", "before", "now") == [("status", "review", "passed", "acknowledged")]


def test_untouched_reports_differ_in_nothing(make, tmp_path):
    make.publish(tmp_path, [make.report("a")], [total(make, "a", "5")])
    folder = make.publish(
        tmp_path, [make.report("b", fiscal_year=2021)], [total(make, "b", "6", fiscal_year=2021)], day=21
    )
    assert told(folder, "change", "report_id") == [("added", make.report_id("b"))]
    assert "| facts | 1 | 2 |" in (folder / NOTES).read_text()


def test_a_release_and_itself_differ_in_nothing(make, tmp_path):
    folder = make.publish(tmp_path, [make.report("a")], [total(make, "a", "5")])
    same = difference(folder, folder)
    assert same.changes.is_empty() and "No report and no figure has changed." in markdown(same)


def test_long_lists_are_cut_and_say_so(make, tmp_path):
    make.publish(tmp_path, [make.report("a")], [total(make, "a", "5")])
    facts = [make.fact("b", n, "gpb_function_expenditure", "1", member_code=f"{20100 + n}") for n in range(SHOWN + 3)]
    folder = make.publish(tmp_path, [make.report("b")], facts, day=21)
    notes = (folder / NOTES).read_text()
    assert f"## Restated by the publisher: {SHOWN + 4}" in notes and "… and 4 more in `changes.parquet`." in notes


def test_json_has_exact_numbers_and_all_changes(make, tmp_path):
    make.publish(tmp_path, [make.report("a")], [total(make, "a", "5.01")])
    folder = make.publish(tmp_path, [make.report("b")], [total(make, "b", "6")], day=21)
    found = difference(
        tmp_path / "releases" / json.loads((folder / "datapackage.json").read_text())["previous"], folder
    )
    assert isinstance(found, Difference)
    plain = json.loads(json.dumps(as_json(found)))
    assert plain["counts"] == {"figure": 1, "replaced": 1} and plain["now"] == folder.name
    assert plain["changes"][0]["number_before"] == "50100.000000"
    assert plain["rows"]["facts"] == {"before": 1, "now": 1}
