"""The public tables agree with the figures of the report and with each other, in every layout."""

from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random

import pytest

from sources.writer.__main__ import main
from sources.writer.accounts import random_figures
from sources.writer.breaking import break_figure
from sources.writer.compose import write_report
from sources.writer.figures import Figures
from sources.writer.public_tables import layouts, public_tables
from sources.writer.render import FORMATS
from sources.writer.report import Change, Fact, Grid, PublicTable
from sources.writer.wording import FORMS
from tasks.read import read

SEEDS = range(30)
YUAN = {"万元": Decimal(1), "元": Decimal(10_000)}
# Sums over the columns of a row: the row's total and its parts, by the concepts of the tables.
ROWS = {
    "function_revenue": (
        "function_revenue_fiscal_appropriation",
        "function_revenue_superior_subsidy",
        "function_revenue_institutional",
        "function_revenue_business",
        "function_revenue_subordinate_remittance",
        "function_revenue_other",
    ),
    "function_expenditure": (
        "function_expenditure_basic",
        "function_expenditure_project",
        "function_expenditure_remit_superior",
        "function_expenditure_business",
        "function_expenditure_subsidy_subordinate",
    ),
    "gpb_function_expenditure": ("gpb_function_basic_expenditure", "gpb_function_project_expenditure"),
}
# The total of the classes of each concept.
TOTALS = {
    "function_revenue": "revenue_current_year",
    "function_expenditure": "expenditure_current_year",
    "fiscal_function_expenditure": "fiscal_expenditure_current_year",
    "gpb_function_expenditure": "gpb_expenditure",
    "gpb_function_basic_expenditure": "gpb_basic_expenditure",
    "gpb_function_project_expenditure": "gpb_project_expenditure",
    "government_fund_function_expenditure": "government_fund_expenditure",
}


@cache
def written(layout: str) -> list[tuple[Figures, list[PublicTable]]]:
    figures = [random_figures(Random(seed)) for seed in SEEDS]
    return [(each, public_tables(each, layout, seed)) for seed, each in zip(SEEDS, figures, strict=True)]


def amount(fact: Fact) -> Decimal:
    """In 万元, with its sign."""
    return Decimal(fact.value) / YUAN[fact.unit] * (-1 if fact.negative else 1)


def amounts(tables: list[PublicTable], table: str | None = None) -> dict[tuple[str, str], Decimal]:
    """(concept, member) → amount, of all tables or of one."""
    return {
        (fact.concept, fact.member_code or fact.member_name): amount(fact)
        for each in tables
        if table in (None, each.id)
        for fact in each.facts
        if table or fact.concept != "economic_class_expenditure"
    }


@pytest.mark.parametrize("layout", layouts())
def test_every_amount_agrees_with_the_figures(layout: str) -> None:
    for figures, tables in written(layout):
        for table in tables:
            for fact in table.facts:
                stated = figures.value(fact.concept, fact.member_code or fact.member_name)
                assert stated in (None, amount(fact)), fact


@pytest.mark.parametrize("layout", layouts())
def test_rows_and_columns_add_up(layout: str) -> None:
    for _, tables in written(layout):
        found = amounts(tables)
        for (concept, member), value in found.items():
            if concept in ROWS and member:
                assert value == sum(found.get((part, member), 0) for part in ROWS[concept])
            below = [
                own for name, own in found if name == concept and own.startswith(member) and len(own) == len(member) + 2
            ]
            if below and member.isdigit():
                assert value == sum(found[concept, own] for own in below), (concept, member)
        for concept, total in TOTALS.items():
            classes = [value for (name, member), value in found.items() if name == concept and len(member) == 3]
            assert sum(classes) == found.get((total, ""), 0), concept
        assert found["revenue_total", ""] == found["expenditure_total", ""]
        assert found["fiscal_revenue_total", ""] == found["fiscal_expenditure_total", ""]


@pytest.mark.parametrize("table", ["table_05", "table_07", "table_08", "table_09"])
def test_economic_classes_add_up_to_what_the_table_is_about(table: str) -> None:
    totals = {
        "table_05": "fiscal_expenditure_current_year",
        "table_07": "gpb_expenditure",
        "table_08": "gpb_basic_expenditure",
        "table_09": "gpb_project_expenditure",
    }
    for _, tables in written("sichuan"):
        found = amounts(tables, table)
        economic = {member: value for (name, member), value in found.items() if name == "economic_class_expenditure"}
        assert sum(value for code, value in economic.items() if len(code) == 3) == amounts(tables).get(
            (totals[table], ""), 0
        )
        assert sum(value for code, value in economic.items() if len(code) == 5) == sum(
            value for code, value in economic.items() if len(code) == 3
        )


@pytest.mark.parametrize("layout", layouts())
def test_merged_cells_leave_no_gap_and_no_overlap(layout: str) -> None:
    for _, tables in written(layout)[:10]:
        for table in tables:
            grid = table.grid()
            covered = Counter(
                (row + down, column + right)
                for row, column, cell in grid.placed()
                for down in range(cell.rowspan)
                for right in range(cell.colspan)
            )
            assert covered == Counter((row, column) for row in range(len(grid.rows)) for column in range(grid.width))


def test_layouts_differ_as_published_ones_do() -> None:
    tables = {layout: [table for _, each in written(layout) for table in each] for layout in layouts()}
    assert {layout: len(public_tables(random_figures(Random(1)), layout, 1)) for layout in layouts()} == {
        "sichuan": 13,
        "sichuan_2020": 14,
        "national": 9,
        "shanghai": 9,
    }
    assert {table.unit for table in tables["sichuan"]} == {"元", "万元"}
    assert {len(table.rows[0]) for table in tables["national"] if table.id == "table_01"} == {2}
    assert all(not table.number for table in tables["shanghai"])
    assert any("没有政府性基金预算" in table.note for table in tables["sichuan_2020"])


def test_an_empty_table_states_nothing_and_says_so() -> None:
    for _, tables in written("sichuan_2020"):
        fund = next(table for table in tables if table.title.startswith("政府性基金预算财政拨款“三公”"))
        assert not fund.facts
        assert "空表" in fund.note


def test_blank_cells_state_nothing() -> None:
    for _, tables in written("sichuan"):
        for table in tables:
            for row in table.rows:
                for cell in row:
                    assert bool(cell.facts) <= any(character.isdigit() for character in cell.text)
                    assert all(fact.value == cell.text.replace(",", "").removeprefix("-") for fact in cell.facts)


def test_a_misprint_changes_one_printing() -> None:
    figures = random_figures(Random(11))
    change = Change("gpb_expenditure", Decimal("0.01"), place=0)
    before, after = public_tables(figures, "sichuan", 11), public_tables(figures, "sichuan", 11, changed=change)
    differing = [
        (old, new)
        for was, now in zip(before, after, strict=True)
        for old, new in zip(was.facts, now.facts, strict=True)
        if old != new
    ]
    assert [(old.concept, old.section) for old, _ in differing] == [("gpb_expenditure", "table_04")]
    assert amount(differing[0][1]) - amount(differing[0][0]) == Decimal("0.01")


def test_the_grid_of_a_table_begins_with_its_title_and_ends_with_its_note() -> None:
    table = public_tables(random_figures(Random(2)), "sichuan", 2)[0]
    grid = table.grid()
    assert isinstance(grid, Grid)
    assert grid.rows[0][0].text == "收入支出决算总表"
    assert grid.rows[1][0].text == "公开01表"
    assert [cell.text for cell in grid.rows[2]] == [f"部门：{table.entity}", f"单位：{table.unit}"]
    assert grid.rows[-1][0].text.startswith("注：本表反映")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("format_name", ["html", "docx"])
def test_reports_print_the_tables_with_their_merged_cells(form: str, format_name: str) -> None:
    for seed, layout in enumerate(layouts()):
        report = write_report(random_figures(Random(seed)), seed, form=form, tables=layout)
        read_back = read(FORMATS[format_name](report), "0" * 64, f"report.{format_name}").blocks
        found: dict[int, dict[tuple[int, int], str]] = {}
        for row in read_back.filter(read_back["kind"] == "cell").iter_rows(named=True):
            if row["text"].strip():
                found.setdefault(row["table"], {})[row["row"], row["column"]] = row["text"].strip()
        for table in report.tables:
            grid = table.grid() if table.inside else Grid(table.rows)
            assert {(row, column): cell.text for row, column, cell in grid.placed() if cell.text} in found.values()


def test_the_facts_of_the_tables_are_facts_of_the_report() -> None:
    figures = random_figures(Random(4))
    plain, with_tables = write_report(figures, 4), write_report(figures, 4, tables="sichuan")
    added = [fact for table in with_tables.tables for fact in table.facts]
    assert with_tables.facts == plain.facts + added
    assert not plain.tables
    counted = {fact.concept for fact in added}
    places = Counter(
        (fact.concept, fact.member_code or fact.member_name, fact.place)
        for fact in with_tables.facts
        if fact.concept in counted
    )
    assert set(places.values()) == {1}


def test_a_misprint_counts_the_printings_of_text_and_tables_together() -> None:
    figures = random_figures(Random(11))
    printed = [fact for fact in write_report(figures, 11).facts if fact.concept == "gpb_expenditure"]
    broken = break_figure(
        figures, 11, "gpb_expenditure", Decimal(1), place=len(printed), form="sichuan", tables="sichuan"
    )
    before = write_report(figures, 11, tables="sichuan")
    differing = [old for old, new in zip(before.facts, broken.facts, strict=True) if old != new]
    assert [(fact.concept, fact.section) for fact in differing] == [("gpb_expenditure", "table_04")]


def test_the_command_line_writes_workbooks(tmp_path: Path) -> None:
    main(["--count", "2", "--out", str(tmp_path), "--format", "xlsx", "--tables", "national", "--truth"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["00000.csv", "00000.xlsx", "00001.csv", "00001.xlsx"]
    assert read((tmp_path / "00000.xlsx").read_bytes(), "0" * 64, "a").blocks["table"].max() == 8
    with pytest.raises(SystemExit):
        main(["--count", "1", "--out", str(tmp_path), "--format", "xlsx"])
