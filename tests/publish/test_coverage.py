"""Which reports count, and what is told of those that are not there."""

from datetime import date

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


DUE = date(2021, 10, 31)


def listed(entity: str, *keys: str, **more: object) -> dict[str, object]:
    row = {"fiscal_year": 2020, "region_code": "510403", "entity": entity, "kind": "部门"}
    return row | {"keys": [entity, *keys], "due": DUE, "late": True} | more


def test_who_is_listed_is_told_by_identity(make):
    built = make.table(
        "coverage",
        [make.report("a", entity="审计局（新）", entity_key="审计局"), make.report("b", kind="单位")],
        outcomes=[make.outcome("http://127.0.0.1/y", "missing", "The site answers 404.")],
        expected=[
            make.place("a.txt"),
            make.place("b.txt"),
            make.place(
                "http://127.0.0.1/y", fiscal_year=2020, region_code="510403", entity="财局", entity_key="财政局"
            ),
        ],
        roster=[
            listed("区审计局", "审计局"),
            listed("西区样例局"),
            listed("财政局", late=False),
            listed("教育局", late=False, due=date(2026, 12, 31)),
        ],
    )
    validate(built, marts.COVERAGE_TABLE)
    assert rows(built, "url", "entity", "kind", "status", "due", "late", "why") == [
        ("a.txt", "区审计局", "部门", "published", DUE, False, ""),
        ("b.txt", "西区样例局", "单位", "published", None, None, ""),
        ("http://127.0.0.1/y", "财政局", "部门", "missing", DUE, False, "The site answers 404."),
        ("roster:510403/教育局/部门/2020", "教育局", "部门", "missing", date(2026, 12, 31), False,
         "It is not due before 2026-12-31."),
        ("roster:510403/西区样例局/部门/2020", "西区样例局", "部门", "missing", DUE, True,
         "It was to be published by 2021-10-31, and no source has it."),
    ]  # fmt: skip


def test_a_listed_report_that_is_held_has_been_published(make):
    built = make.table("coverage", [make.report("a")], held="a", roster=[listed("西区样例局")])
    assert rows(built, "status", "late") == [("held", False)]


def test_what_was_missing_is_published_in_a_later_release(make, tmp_path):
    roster = [listed("区样例局", "西区样例局")]
    make.publish(tmp_path, [make.report("b", entity="别局", entity_key="别局")], roster=roster)
    release = make.publish(tmp_path, [make.report("a")], roster=roster, day=21)
    told = pl.read_parquet(release / "coverage.parquet")
    assert rows(told, "entity", "status", "late") == [("区样例局", "published", False), ("别局", "published", None)]


def test_regions_have_their_names_also_where_nothing_was_published(make):
    silent = make.place("y", fiscal_year=2020, region_code="510800", entity="某局", entity_key="某局", kind="部门")
    nowhere = make.place("z")
    table = make.table("coverage", [make.report("a")], expected=[silent, nowhere])
    assert table.select("url", "status", "region_name").rows() == [
        ("a.txt", "published", "四川省攀枝花市西区"),
        ("y", "missing", "四川省广元市"),
        ("z", "missing", None),
    ]
