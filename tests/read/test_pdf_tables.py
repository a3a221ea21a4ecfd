"""Tables on PDF pages, ruled or not, come back cell by cell."""

from dataclasses import replace
from random import Random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.read.pdf.pdf import read_pdf
from tests.read.drawing import (
    LANDSCAPE,
    PORTRAIT,
    Drawing,
    Layout,
    Rows,
    amounts_table,
    draw_table,
    income_table,
)
from tests.read.pages import drawn, expected, paragraphs, tables

TRAPS: dict[str, dict[str, object]] = {
    "plain": {},
    "lines as bars": {"rule": "bars"},
    "digits on another baseline": {"drop": 2.5},
    "letters spaced out": {"spaced": (0, 3, 4, 5)},
    "different heights": {"align": ("top", "middle", "bottom")},
    "drawn in any order": {"shuffle": 1},
}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("trap", TRAPS)
def test_ruled_tables_come_back_cell_by_cell(trap: str, seed: int) -> None:
    rows, layout = income_table(Random(seed), 12)
    assert tables(drawn(rows, replace(layout, **TRAPS[trap]))) == [expected(rows)]


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("repeat", [False, True])
def test_tables_go_on_over_pages(repeat: bool, turned: bool) -> None:
    rows, layout = income_table(Random(5), 60)
    content = drawn(rows, replace(layout, repeat=repeat), turned=turned)
    assert tables(content) == [expected(rows)]
    assert max(page for page in read_pdf(content, "a.pdf").page if page) > 2


UNRULED: dict[str, dict[str, object]] = {
    "no lines": {},
    "digits on another baseline": {"drop": 2.5},
    "letters spaced out": {"spaced": (1, 2)},
    "different heights": {"align": ("middle", "top", "bottom")},
    "names at the top": {"align": ("top",)},
    "names at the bottom": {"align": ("bottom",)},
    "close lines": {"padding": 1, "align": ("top",)},
    "drawn in any order": {"shuffle": 1},
    "level lines": {"rule": "rows"},
    "three lines": {"rule": "three"},
    "upright lines": {"rule": "columns"},
    "open sides": {"rule": "open"},
}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", [150, 90], ids=["short names", "wrapped names"])
@pytest.mark.parametrize("trap", UNRULED)
def test_tables_without_all_lines_come_back_cell_by_cell(trap: str, name: float, seed: int) -> None:
    rows, layout = amounts_table(Random(seed), 12, name=name)
    assert tables(drawn(rows, replace(layout, **({"rule": "none"} | UNRULED[trap])))) == [expected(rows)]


@pytest.mark.parametrize("seed", range(3))
def test_a_wide_table_with_narrow_columns_needs_no_lines(seed: int) -> None:
    rows, layout = income_table(Random(seed), 12)
    assert tables(drawn(rows, replace(layout, rule="none"))) == [expected(rows)]


@pytest.mark.parametrize("repeat", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_tables_without_lines_go_on_over_pages(seed: int, repeat: bool) -> None:
    rows, layout = amounts_table(Random(seed), 60)
    assert tables(drawn(rows, replace(layout, rule="none", repeat=repeat))) == [expected(rows)]


@pytest.mark.parametrize("rule", ["full", "none"])
def test_two_tables_side_by_side(rule: str) -> None:
    drawing = Drawing(LANDSCAPE)
    left, layout = amounts_table(Random(0), 8, columns=2, name=100)
    right, _ = amounts_table(Random(3), 12, columns=2, name=100)
    draw_table(drawing, 40, 60, left, replace(layout, rule=rule))
    draw_table(drawing, 420, 66, right, replace(layout, rule=rule))
    assert tables(drawing.bytes()) == [expected(left), expected(right)]


@pytest.mark.parametrize("rule", ["full", "none"])
def test_a_table_of_two_halves_is_one(rule: str) -> None:
    rows: Rows = [["收入", None, "支出", None], ["项目", "决算数", "项目", "决算数"]]
    rows += [["一、财政拨款收入", "1,024.50", "一、一般公共服务支出", "830.16"], ["", "", "二、外交支出", ""]]
    rows += [["二、事业收入", "", "三、社会保障和就业支出", "194.34"], ["总计", "1,024.50", "总计", "1,024.50"]]
    spans = {(0, 0): (1, 2), (0, 2): (1, 2)}
    assert tables(drawn(rows, Layout([200, 120, 200, 120], rule, spans=spans))) == [expected(rows)]


def test_a_table_of_another_title_is_another_one() -> None:
    drawing = Drawing()
    parts = [amounts_table(Random(seed), 4) for seed in range(3)]
    for number, (rows, layout) in enumerate(parts):
        if number:
            drawing.page()
        if number < 2:
            drawing.text(200, 40, f"表{'一二'[number]}")
        draw_table(drawing, 40, 60, rows, layout)
    first, second, third = (rows for rows, _ in parts)
    assert tables(drawing.bytes()) == [expected(first), expected(second + third[1:])]


def test_a_row_that_a_page_end_cuts_is_put_together() -> None:
    drawing = Drawing()
    layout = Layout([60, 90])
    draw_table(drawing, 40, 60, [["项目", "合计"], ["机关事业单位", "10.00"]], layout)
    drawing.page()
    draw_table(drawing, 40, 60, [["项目", "合计"], ["养老保险", ""], ["合计", "10.00"]], layout)
    rows: Rows = [["项目", "合计"], ["机关事业单位养老保险", "10.00"], ["合计", "10.00"]]
    assert tables(drawing.bytes()) == [expected(rows)]


def test_a_frame_that_goes_down_to_the_end_of_the_page_is_no_row() -> None:
    drawing = Drawing()
    rows, layout = amounts_table(Random(2), 3)
    end = draw_table(drawing, 40, 60, rows, layout)
    for x in (40, 40 + sum(layout.widths)):
        drawing.line(x, end, x, end + 30)
    drawing.page()
    draw_table(drawing, 40, 60, [rows[0], ["合计", "1.00", "", "", ""]], layout)
    assert tables(drawing.bytes()) == [expected([*rows, ["合计", "1.00", "", "", ""]])]


def test_cells_tell_page_and_box() -> None:
    drawing = Drawing()
    drawing.page()
    draw_table(drawing, 40, 60, [["项目", "合计"], ["一", "1.00"]], Layout([100, 80], padding=5))
    blocks = read_pdf(drawing.bytes(), "a.pdf")
    assert blocks.text == ["项目\n", "合计\n", "一\n", "1.00\n"]
    assert blocks.page == [2] * 4
    assert blocks.box == [[40, 60, 140, 80], [140, 60, 220, 80], [40, 80, 140, 101], [140, 80, 220, 101]]


def test_text_in_a_frame_is_no_table() -> None:
    drawing = Drawing()
    draw_table(drawing, 40, 60, [["说明"], ["本表为空"]], Layout([200]))
    assert paragraphs(drawing.bytes()) == ["说明", "本表为空"]


CELL = st.sampled_from(["", "合计", "行政运行", "基本支出", "12.50", "1,024.00", "0"])


@settings(max_examples=60, deadline=None)
@given(
    rows=st.integers(2, 5).flatmap(
        lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=2, max_size=8)
    ),
    rule=st.sampled_from(["full", "bars", "open"]),
    drop=st.sampled_from([0, 2]),
    align=st.sampled_from(["top", "middle", "bottom"]),
)
def test_any_ruled_table_comes_back(rows: list[list[str]], rule: str, drop: float, align: str) -> None:
    rows[0][:2] = ["项目", "合计"]  # a table says at least this
    layout = Layout([70] * len(rows[0]), rule, drop=drop, align=(align,))
    drawing = Drawing()
    draw_table(drawing, 60, 80, [list(row) for row in rows], layout)
    assert tables(drawing.bytes()) == [expected([list(row) for row in rows])]


def test_blocks_keep_the_contract(blocks) -> None:
    rows, layout = income_table(Random(0), 30)
    frame = blocks(drawn(rows, layout))
    assert frame.filter(pl.col("kind") == "cell")["table"].unique().to_list() == [0]
    assert frame["box"].list.len().unique().to_list() == [4]
    assert PORTRAIT[0] < frame["box"].list.get(2).max() < LANDSCAPE[0]
