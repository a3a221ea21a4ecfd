"""Which reports count, and what is told of those that are not there."""

import polars as pl

from schemas import marts
from schemas.validate import validate


def rows(frame: pl.DataFrame, *columns: str) -> list[tuple[object, ...]]:
    return frame.select(columns).rows()


def test_the_later_document_supersedes(make):
    built = make.marts([make.report("a"), make.report("b"), make.report("c", kind="本级")])
    assert built.tables["reports"]["report_id"].to_list() == [make.report_id("b"), make.report_id("c")]
    assert rows(built.outcomes, "url", "outcome", "message") == [
        ("a.txt", "superseded", "A later document is the same report: b.txt."),
        ("b.txt", "done", ""),
        ("c.txt", "done", ""),
    ]
    assert rows(built.tables["coverage"], "url", "status") == [("b.txt", "published"), ("c.txt", "published")]


def test_a_held_correction_does_not_bring_the_old_version_back(make):
    built = make.marts([make.report("a"), make.report("b")], held="b")
    assert built.tables["reports"].is_empty()
    assert rows(built.tables["coverage"], "url", "status") == [("b.txt", "held")]


def test_namesakes_without_a_region_or_a_name_never_merge(make):
    unknown = [make.report("a", region_code="000000"), make.report("b", region_code="000000")]
    unknown += [make.report("c", entity_key=""), make.report("d", entity_key="")]
    assert make.table("reports", unknown).height == 4


def test_coverage_names_who_is_not_there_and_why(make):
    built = make.table(
        "coverage",
        [make.report("a", region_code="000000")],
        outcomes=[
            make.outcome("x.doc", "unreadable", "x.doc is encrypted."),
            make.outcome("http://127.0.0.1/y", "missing", "The site answers 404.", stage="fetch"),
            make.outcome("copy.txt", "done", document="a" * 64),
        ],
        expected=[
            make.place("a.txt"),
            make.place("copy.txt"),
            make.place("http://127.0.0.1/y", fiscal_year=2020, region_code="510403", entity="审计局", kind="部门"),
            make.place("z.txt"),
        ],
    )
    validate(built, marts.COVERAGE_TABLE)
    assert rows(built, "url", "fiscal_year", "region_code", "entity", "status", "report_id", "why") == [
        ("a.txt", 2020, None, "西区样例局", "published", make.report_id("a"), ""),
        ("http://127.0.0.1/y", 2020, "510403", "审计局", "missing", None, "The site answers 404."),
        ("x.doc", None, None, None, "unreadable", None, "x.doc is encrypted."),
        ("z.txt", None, None, None, "missing", None, "The run recorded nothing about it."),
    ]


def test_an_entity_found_elsewhere_is_not_missing(make):
    known = {"fiscal_year": 2020, "region_code": "510403", "entity": "西区样例局"}
    built = make.table(
        "coverage",
        [make.report("a")],
        outcomes=[make.outcome("list", "missing", "It is not on the list.")],
        expected=[make.place("list", **known), make.place("a.txt", **known)],
    )
    assert rows(built, "url", "status", "why") == [("a.txt", "published", "It is not on the list.")]


def test_a_held_report_without_a_hard_finding_tells_what_the_audit_said(make):
    held = make.outcome("a.txt", "held", "It has no facts.", stage="audit", report_id=make.report_id("a"))
    built = make.table("coverage", [make.report("a")], outcomes=[held], held="a")
    assert rows(built, "status", "why") == [("held", "It has no facts.")]
