"""Reports as PDF: pages drawn with all the traps of real ones, and Word documents that LibreOffice exports."""

import io
import re
import zipfile
from collections import Counter
from dataclasses import replace
from random import Random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdfium2 import PdfDocument
from reportlab.lib.pdfencrypt import StandardEncryption

from schemas.raw import DOCUMENTS
from sources.writer.accounts import random_figures
from sources.writer.compose import write_report
from sources.writer.render import FORMATS
from sources.writer.report import Table
from sources.writer.wording import random_form
from tasks.extract import extract
from tasks.read import Unreadable, read
from tasks.read.pdf.page import MAX_PAGES, pages, plain
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

Cells = dict[tuple[int, int], str]

SHA256 = "0" * 64


def tables(content: bytes) -> list[Cells]:
    """The cells of each table that are not empty, without white space."""
    blocks = read_pdf(content, "a.pdf")
    found: dict[int, Cells] = {}
    for text, table, row, column in zip(blocks.text, blocks.table, blocks.row, blocks.column, strict=True):
        if table is not None and row is not None and column is not None:
            cells = found.setdefault(table, {})
            assert (row, column) not in cells
            cells[row, column] = "".join(text.split())
    return [{place: text for place, text in cells.items() if text} for cells in found.values()]


def paragraphs(content: bytes) -> list[str]:
    blocks = read_pdf(content, "a.pdf")
    return [text.rstrip("\n") for text, table in zip(blocks.text, blocks.table, strict=True) if table is None]


def expected(rows: Rows) -> Cells:
    return {
        (number, column): "".join(text.split())
        for number, row in enumerate(rows)
        for column, text in enumerate(row)
        if text
    }


def drawn(rows: Rows, layout: Layout, size: tuple[int, int] = LANDSCAPE, turned: bool = False) -> bytes:
    drawing = Drawing(size, turned=turned)
    drawing.text(350, 30, "收入决算表", 14)
    drawing.text(700, 45, "单位：万元")
    draw_table(drawing, 40, 55, rows, layout)
    return drawing.bytes()


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


SENTENCE = (
    "收入总计一百万元，与上年相比增加十万元，增长百分之十，主要原因是新增项目支出和人员变动，其中财政拨款收入九十万元。"
)


def write(drawing: Drawing, y: float, text: str, indent: float = 20) -> float:
    """A paragraph of lines from 80 to 500 points, in letters of ten."""
    x = 80 + indent
    while text:
        count = int((500 - x) / 10)
        drawing.text(x, y, text[:count])
        text, x, y = text[count:], 80, y + 18
    return y


@pytest.mark.parametrize("indent", [20, 0])
def test_lines_become_paragraphs(indent: float) -> None:
    drawing = Drawing()
    texts = [
        "一、收入支出决算总体情况说明",
        SENTENCE * 2,
        "二、收入决算情况说明",
        SENTENCE[:-1] + "：",
        "（一）" + SENTENCE,
    ]
    y = 80.0
    for text in texts:
        y = write(drawing, y, text, indent)
    assert paragraphs(drawing.bytes()) == texts


def test_paragraphs_go_on_over_pages_without_heads_and_page_numbers() -> None:
    drawing = Drawing()
    text = (SENTENCE * 12)[: 40 + 42 * 11]
    parts = [text[:166], text[166 : 166 + 42 * 4], text[334:]]
    for number, page in enumerate(parts, start=1):
        drawing.text(230, 40, "某区某局决算")
        drawing.text(230, 780, "内部资料")
        write(drawing, 100, page, 20 if number == 1 else 0)
        drawing.text(290, 810, f"- {number} -")
        if number < len(parts):
            drawing.page()
    assert paragraphs(drawing.bytes()) == ["某区某局决算", text, "内部资料"]


def test_the_unit_above_each_table_is_no_head_of_pages() -> None:
    drawing = Drawing()
    for number in range(4):
        if number:
            drawing.page()
        drawing.text(250, 40, f"表{number}")
        drawing.text(480, 52, "单位：万元")
        draw_table(drawing, 40, 60, *amounts_table(Random(number), 3))
    content = drawing.bytes()
    assert len(tables(content)) == 4
    assert paragraphs(content) == [text for number in range(4) for text in (f"表{number}", "单位：万元")]


def test_a_table_of_contents_stays_as_it_is() -> None:
    drawing = Drawing()
    lines = [f"{number}、收入决算情况说明{'.' * 60}{number}" for number in "一二三四"]
    for index, line in enumerate(lines):
        drawing.text(80, 100 + 20 * index, line)
    assert paragraphs(drawing.bytes()) == lines


def test_a_watermark_breaks_nothing() -> None:
    drawing = Drawing()
    drawing.slanted(100, 300, "内部资料", 45)
    write(drawing, 100, SENTENCE[:40])
    drawing.page()
    drawing.slanted(100, 300, "内部资料", 45)
    end = write(drawing, 100, (SENTENCE * 4)[40:], 0)
    draw_table(drawing, 80, end, [["项目", "合计"], ["基本支出", "1.00"]], Layout([100, 80]))
    content = drawing.bytes()
    assert paragraphs(content) == [SENTENCE * 4, "内部资料"]
    assert tables(content) == [{(0, 0): "项目", (0, 1): "合计", (1, 0): "基本支出", (1, 1): "1.00"}]


def test_letters_drawn_twice_are_one() -> None:
    drawing = Drawing()
    for offset in (0, 0.3):
        drawing.text(80 + offset, 100, "部门决算2023")
    assert paragraphs(drawing.bytes()) == ["部门决算2023"]


@pytest.mark.parametrize(
    ("printed", "meant"),
    [("⼀", "一"), ("⾨", "門"), ("⻔", "门"), ("⻓", "长"), ("\uf98e", "年"), ("（", "（"), ("Ⅱ", "Ⅱ")],
)
def test_radicals_become_ideographs(printed: str, meant: str) -> None:
    assert plain(printed) == meant


def fault(content: bytes) -> str:
    with pytest.raises(Unreadable) as error:
        read(content, SHA256, "a.pdf")
    assert "\n" not in str(error.value)
    return str(error.value)


def one_page(**options: object) -> bytes:
    drawing = Drawing(**options)
    drawing.text(80, 100, "部门决算")
    return drawing.bytes()


def test_a_password_is_told_and_an_empty_one_needs_none() -> None:
    assert fault(one_page(encrypt=StandardEncryption("secret"))) == "a.pdf: the PDF is encrypted: remove its password."
    assert paragraphs(one_page(encrypt=StandardEncryption("", "owner", canCopy=0))) == ["部门决算"]


def test_damaged_files_are_told() -> None:
    content = drawn(*income_table(Random(0), 60))
    for share in (0.1, 0.5, 0.9, 0.99):
        assert (
            fault(content[: int(len(content) * share)])
            == "a.pdf: the PDF is damaged, cut short or without pages: fetch it again."
        )
    assert "damaged" in fault(b"%PDF-1.7\nnothing of use\nstartxref\n0\n%%EOF")


def test_pages_are_needed_and_bounded() -> None:
    empty = io.BytesIO()
    PdfDocument.new().save(empty)
    assert fault(one_page(encrypt=StandardEncryption("secret")))
    assert fault(empty.getvalue()) == "a.pdf: the PDF is damaged, cut short or without pages: fetch it again."
    drawing = Drawing()
    for _ in range(MAX_PAGES):
        drawing.page()
    drawing.text(80, 100, "部门决算")
    assert fault(drawing.bytes()) == "a.pdf: the PDF has 2,001 pages, more than 2,000: split it."


def test_an_empty_scan_is_told() -> None:
    drawing = Drawing()
    drawing.image()
    assert fault(drawing.bytes()).startswith("a.pdf: the document holds no text, perhaps only images")


def test_a_page_that_is_a_picture_is_known_among_others() -> None:
    drawing = Drawing()
    write(drawing, 100, SENTENCE)
    drawing.page()
    drawing.image()
    drawing.text(290, 810, "2")
    content = drawing.bytes()
    assert [page.picture is None for page in pages(content, "a.pdf")] == [True, False]
    assert paragraphs(content) == [SENTENCE]


def test_a_line_with_a_broad_gap_is_two_paragraphs() -> None:
    drawing = Drawing()
    drawing.text(80, 100, "编制单位：某区某局")
    drawing.text(400, 100, "单位：万元")
    assert paragraphs(drawing.bytes()) == ["编制单位：某区某局", "单位：万元"]


def test_text_that_leans_a_little_is_read() -> None:
    drawing = Drawing()
    drawing.slanted(80, 100, "部门决算", 1)
    assert paragraphs(drawing.bytes()) == ["部门决算"]


def test_the_format_is_told_behind_stray_bytes() -> None:
    assert read(b"\r\n\r\n" + one_page(), SHA256, "a").format == "pdf"


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


@settings(max_examples=60, deadline=None)
@given(damage=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=4)), max_size=4))
def test_files_with_wrong_bytes_are_read_or_told(damage: list[tuple[float, bytes]]) -> None:
    content = bytearray(one_page())
    for where, instead in damage:
        at = int(where * len(content))
        content[at : at + len(instead)] = instead
    try:
        read_pdf(bytes(content), "a.pdf")
    except Unreadable as error:
        assert str(error).startswith("a.pdf: ")


# Reports as a department exports them: written as DOCX, dressed as its Word does, turned into PDF by LibreOffice.

FACT = ("concept", "member_code", "member_name", "period", "value", "unit", "section", "amount_cny")
PROSE = (
    '<w:p><w:pPr><w:overflowPunct w:val="0"/><w:spacing w:line="560" w:lineRule="exact"/>'
    '<w:ind w:firstLineChars="200" w:firstLine="640"/><w:jc w:val="both"/></w:pPr><w:r><w:rPr><w:sz w:val="32"/></w:rPr>'
)
REPORTS = [(family, seed, dress) for family in "ABC" for seed in range(5) for dress in ("plain", "official")]


def dressed(content: bytes, dress: str) -> bytes:
    """A report's DOCX; `official` sets prose large, indented and justified."""
    if dress == "plain":
        return content
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as package, zipfile.ZipFile(out, "w") as again:
        for name in package.namelist():
            part = package.read(name).decode()
            if name == "word/document.xml":
                part = re.sub(r"<w:p><w:r>(?=<w:t[^>]*>[^<]*。)", PROSE, part)
            again.writestr(name, part)
    return out.getvalue()


def facts(content: bytes, name: str) -> tuple[Counter[tuple[object, ...]], tuple[object, ...]]:
    """What a report states, and whose it is, without the places."""
    blocks = read(content, SHA256, name).blocks
    nothing = {column: [None] for column in ("fiscal_year", "region_code", "entity", "kind")}
    extraction = extract(
        blocks, DOCUMENTS.frame({"document": [SHA256], "source": ["writer"], "url": [name], **nothing})
    )
    identity = extraction.reports.select("entity", "kind", "fiscal_year", "region_code").row(0)
    return Counter(extraction.facts.select(FACT).rows()), identity


def test_exported_reports_state_what_their_word_documents_state(office) -> None:
    """Recall and precision over reports of all families; the message says what was missed and what was invented."""
    documents: dict[str, bytes] = {}
    ruled = 0
    for family, seed, dress in REPORTS:
        report = write_report(random_figures(Random(seed)), seed, form=random_form(family, seed))
        ruled += any(isinstance(block, Table) for block in report.blocks)
        documents[f"{family}{seed}{dress}.docx"] = dressed(FORMATS["docx"](report), dress)
    assert ruled
    missed: dict[str, Counter[tuple[object, ...]]] = {}
    invented: dict[str, Counter[tuple[object, ...]]] = {}
    told = 0
    for name, content in office(documents).items():
        truth, identity = facts(documents[name], "report.docx")
        found, same = facts(content, "report.docx")
        assert same == identity, name
        told += truth.total()
        missed[name], invented[name] = truth - found, found - truth
    lost, added = (sum(each.total() for each in errors.values()) for errors in (missed, invented))
    message = f"{lost} of {told} missed, {added} invented: " + str(
        {name: (missed[name], invented[name]) for name in missed if missed[name] or invented[name]}
    )
    assert lost <= 0.003 * told and added <= 0.002 * told, message


SPREADSHEET = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
 office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.spreadsheet">
<office:automatic-styles>{styles}
<style:style style:name="text" style:family="table-cell"><style:table-cell-properties {border} fo:wrap-option="wrap"
 style:vertical-align="middle"/><style:text-properties fo:font-size="9pt" style:font-size-asian="9pt"/></style:style>
<style:style style:name="number" style:family="table-cell"><style:table-cell-properties {border}
 style:vertical-align="middle"/><style:paragraph-properties fo:text-align="end"/>
<style:text-properties fo:font-size="9pt"/></style:style>
<style:page-layout style:name="page"><style:page-layout-properties fo:page-width="29.7cm" fo:page-height="21cm"
 style:print-orientation="landscape" fo:margin="1.5cm" style:scale-to-X="1" style:scale-to-Y="0"/></style:page-layout>
<style:style style:name="sheet" style:family="table" style:master-page-name="Default"/></office:automatic-styles>
<office:master-styles><style:master-page style:name="Default" style:page-layout-name="page">
<style:footer><text:p>— <text:page-number>1</text:page-number> —</text:p></style:footer></style:master-page>
</office:master-styles><office:body><office:spreadsheet><table:table table:name="S" table:style-name="sheet">{columns}
<table:table-header-rows>{head}</table:table-header-rows>{body}</table:table></office:spreadsheet></office:body>
</office:document>"""


def spreadsheet(rows: Rows, layout: Layout, border: str) -> bytes:
    """A sheet with the title above the table, all of which is repeated on each printed page."""
    width = len(layout.widths)

    def printed(number: int, row: list[str | None]) -> str:
        cells = []
        for column, text in enumerate(row):
            down, across = layout.spans.get((number, column), (1, 1))
            style = "number" if text and column > 2 and text[-1].isdigit() else "text"
            cells.append(
                f'<table:table-cell table:style-name="{style}" table:number-rows-spanned="{down}"'
                f' table:number-columns-spanned="{across}" office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
                if text is not None
                else "<table:covered-table-cell/>"
            )
        return f"<table:table-row>{''.join(cells)}</table:table-row>"

    title = "".join(
        f'<table:table-row><table:table-cell table:number-columns-spanned="{width}" office:value-type="string">'
        f"<text:p>{text}</text:p></table:table-cell>{'<table:covered-table-cell/>' * (width - 1)}</table:table-row>"
        for text in ("收入决算表", "单位：万元")
    )
    lines = [printed(number, row) for number, row in enumerate(rows)]
    styles = "".join(
        f'<style:style style:name="c{number}" style:family="table-column"><style:table-column-properties'
        f' style:column-width="{points / 72:.2f}in"/></style:style>'
        for number, points in enumerate(layout.widths)
    )
    columns = "".join(f'<table:table-column table:style-name="c{number}"/>' for number in range(width))
    head, body = title + "".join(lines[: layout.header]), "".join(lines[layout.header :])
    return SPREADSHEET.format(styles=styles, border=border, columns=columns, head=head, body=body).encode()


def test_exported_spreadsheets_come_back_cell_by_cell(office) -> None:
    made = {}
    for seed in range(3):
        rows, layout = income_table(Random(seed), 50)
        for name, border in (("ruled", 'fo:border="0.5pt solid #000000"'), ("unruled", "")):
            made[f"{name}{seed}.fods"] = rows, spreadsheet(rows, layout, border)
    for name, content in office({name: sheet for name, (_, sheet) in made.items()}).items():
        assert tables(content) == [expected(made[name][0])], name
        assert paragraphs(content) == ["收入决算表", "单位：万元"], name


def test_blocks_keep_the_contract(blocks) -> None:
    rows, layout = income_table(Random(0), 30)
    frame = blocks(drawn(rows, layout))
    assert frame.filter(pl.col("kind") == "cell")["table"].unique().to_list() == [0]
    assert frame["box"].list.len().unique().to_list() == [4]
    assert PORTRAIT[0] < frame["box"].list.get(2).max() < LANDSCAPE[0]
