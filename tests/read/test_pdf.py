"""PDF pages drawn with all the traps of real ones: their text, and files that are damaged."""

import io
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdfium2 import PdfDocument
from reportlab.lib.pdfencrypt import StandardEncryption

from tasks.read import Unreadable, read
from tasks.read.pdf.page import MAX_PAGES, pages, plain
from tasks.read.pdf.pdf import read_pdf
from tests.read.drawing import (
    Drawing,
    Layout,
    amounts_table,
    draw_table,
    income_table,
)
from tests.read.pages import (
    SENTENCE,
    SHA256,
    drawn,
    paragraphs,
    tables,
    write,
)


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
