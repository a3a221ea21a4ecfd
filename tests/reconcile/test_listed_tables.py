"""W05 over written reports with a list of their tables: all there, one left out, one emptied, and what must not be told."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from random import Random

import polars as pl
import pytest

from schemas.raw import DOCUMENTS
from sources.writer.accounts import random_figures
from sources.writer.compose import write_report
from sources.writer.public_tables import layouts
from sources.writer.render import FORMATS
from sources.writer.report import Cell, Grid, Paragraph, PublicTable, Report, Table
from sources.writer.wording import random_form
from tasks.extract import extract
from tasks.read import read
from tasks.reconcile import reconcile

Blocks = list[Paragraph | Table | Grid]


def write(layout: str, seed: int) -> Report:
    return write_report(random_figures(Random(seed)), seed, form=random_form("AB"[seed % 2], seed), tables=layout)


def listed(report: Report, printed: Callable[[PublicTable], Blocks] = PublicTable.blocks) -> Report:
    """The report with a list of its tables above them, these as `printed`."""
    size = sum(len(table.blocks()) for table in report.tables)
    first = report.blocks.index(report.tables[0].blocks()[0])
    names = [Paragraph(f"{number}、{table.title}") for number, table in enumerate(report.tables, start=1)]
    own = [block for table in report.tables for block in printed(table)]
    return replace(report, blocks=[*report.blocks[:first], *names, *own, *report.blocks[first + size :]])


def told(report: Report, suffix: str = "docx") -> list[tuple[str, str]]:
    """Instance and verdict of W05."""
    content = FORMATS[suffix](report)
    document = hashlib.sha256(content).hexdigest()
    nothing = {name: [None] for name in DOCUMENTS.schema}
    documents = DOCUMENTS.frame(nothing | {"document": [document], "source": ["writer"], "url": [f"x.{suffix}"]})
    done = extract(read(content, document, f"x.{suffix}").blocks, documents)
    checks = reconcile(done.reports, done.facts, done.mentions, done.claims)
    return checks.filter(equation="W05").select("instance", "verdict").rows()


@pytest.mark.parametrize("layout", layouts())
@pytest.mark.parametrize("suffix", ["docx", "html"])
def test_listed_tables_that_are_there_hold_and_one_that_is_not_is_told(layout: str, suffix: str) -> None:
    report = write(layout, 2)
    assert [each for each in told(listed(report), suffix) if each[0] == "listed"] == [("listed", "exact")]
    gone = report.tables[5]
    left_out = listed(report, lambda table: [] if table is gone else table.blocks())
    wrong = [each for each in told(left_out, suffix) if each[1] == "violated"]
    assert wrong == [(gone.id.replace("table_", "表"), "violated")]


def emptied(table: PublicTable, note: str) -> Blocks:
    """The table with nothing where its amounts stand."""
    rows = tuple(tuple(Cell("", cell.colspan) if "." in cell.text else cell for cell in row) for row in table.rows)
    return replace(table, rows=rows, note=note, inside=False).blocks()


@pytest.mark.parametrize(
    ("note", "verdicts"),
    [("注：本表反映本年度支出情况。", ["violated"]), ("本部门没有相关支出，故本表为空表。", [])],
)
def test_a_table_without_amounts_is_told_unless_something_says_why(note: str, verdicts: list[str]) -> None:
    report = write("sichuan", 2)
    basic = next(table for table in report.tables if table.id == "table_06")
    bare = listed(report, lambda table: emptied(table, note) if table is basic else table.blocks())
    assert [verdict for name, verdict in told(bare) if name == "表06"] == verdicts


def test_without_a_list_or_without_tables_nothing_is_told_of_tables() -> None:
    report = write("sichuan", 2)
    unlisted = [name for name, _ in told(report)]
    elsewhere = [name for name, _ in told(listed(report, lambda table: []))]
    few = [name for name, _ in told(listed(report, lambda table: table.blocks() if table.id < "table_04" else []))]
    assert not [name for name in [*unlisted, *elsewhere, *few] if name == "listed" or name.startswith("表")]


def test_a_table_that_nobody_knows_may_be_the_missing_one() -> None:
    report = write("sichuan", 2)
    gone = report.tables[5]
    strange = Grid(tuple((Cell("事项"), Cell("甲"), Cell(f"{number}.5")) for number in range(6)))
    left = listed(report, lambda table: [strange] if table is gone else table.blocks())
    assert [each for each in told(left) if each[0] == "listed" or each[1] == "violated"] == []


def test_a_listed_table_may_be_printed_under_another_title() -> None:
    """国有资本…支出决算表 is listed, and 国有资本…收入支出决算表 is printed."""
    report = write("sichuan", 2)
    both = listed(report, lambda table: [] if table.id == "table_12" else table.blocks())
    own = next(table for table in report.tables if table.id == "table_11")
    names = [
        block for block in both.blocks if not (isinstance(block, Paragraph) and block.text.endswith(f"、{own.title}"))
    ]
    assert [name for name, verdict in told(both) if verdict == "violated"] == ["表12"]
    assert [name for name, verdict in told(replace(both, blocks=names)) if verdict == "violated"] == []


FUND = "八、政府性基金预算支出决算情况说明"


@pytest.mark.parametrize(
    ("sentences", "verdicts"),
    [
        ("2022年政府性基金预算财政拨款支出5万元。\n本部门没有使用政府性基金预算财政拨款安排的支出。", ["violated"]),
        ("2022年政府性基金预算财政拨款支出0万元。\n本部门没有使用政府性基金预算财政拨款安排的支出。", ["exact"]),
        ("本部门没有使用政府性基金预算财政拨款安排的支出。", []),
        ("2022年政府性基金预算财政拨款支出5万元。\n本部门没有使用政府性基金预算安排的“三公”经费支出。", []),
        ("2022年政府性基金预算财政拨款支出5万元，上年无政府性基金预算财政拨款支出。", []),
        ("2022年政府性基金预算财政拨款支出5万元，2021年度没有政府性基金支出。", []),
        ("2022年政府性基金预算财政拨款支出5万元，本年无政府性基金预算财政拨款收入，支出来自结转。", []),
        ("2022年政府性基金预算财政拨款支出5万元。所属单位没有政府性基金预算财政拨款支出。", []),
    ],
)
def test_what_is_said_not_to_exist(sentences: str, verdicts: list[str]) -> None:
    text = f"某县财政局\n2022年度部门决算\n第二部分 2022年度部门决算情况说明\n{FUND}\n{sentences}\n"
    document = hashlib.sha256(text.encode()).hexdigest()
    nothing = {name: [None] for name in DOCUMENTS.schema}
    documents = DOCUMENTS.frame(nothing | {"document": [document], "source": ["own"], "url": ["x.txt"]})
    done = extract(read(text.encode(), document, "x.txt").blocks, documents)
    checks = reconcile(done.reports, done.facts, done.mentions, done.claims).filter(equation="W05")
    assert checks["verdict"].to_list() == verdicts
    if verdicts == ["violated"]:
        assert checks["diagnosis"].to_list() == ["contradiction"] and "right would be" in checks["message"][0]
        assert done.claims.filter(pl.col("kind") == "none")["words"][0].endswith("安排的支出")
