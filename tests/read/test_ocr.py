"""Scans and images: pages of reports and tables printed, scanned, and read back; and what is told of doubtful figures."""

import re
import signal
import struct
import subprocess
import sys
import zlib
from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

import tasks
from sources.writer.accounts import random_figures
from sources.writer.compose import write_report
from sources.writer.render import FORMATS
from sources.writer.wording import random_form
from tasks.read import Unreadable, read
from tasks.read.pdf.page import Page
from tasks.read.pdf.pdf import MAX_PICTURES, read_pdf
from tasks.read.scan.figures import told
from tasks.read.scan.image import pictures
from tasks.read.scan.ocr import Letter
from tasks.read.scan.scan import SECONDS, read_scan
from tests.read.drawing import Drawing, Layout, Rows, amounts_table, draw_table, income_table
from tests.read.pages import SENTENCE, SHA256, drawn, dressed, expected, facts, paragraphs, tables, write
from tests.read.scanning import CLEAN, POOR, USUAL, image, printed, scanned

REPORTS = [("B", 2, CLEAN), ("C", 5, USUAL)]


def test_scanned_reports_state_what_their_word_documents_state(office) -> None:
    """Recall and precision of facts; the message says what was missed and what was invented."""
    documents = {}
    for family, seed, _ in REPORTS:
        report = write_report(random_figures(Random(seed)), seed, form=random_form(family, seed))
        documents[f"{family}{seed}.docx"] = dressed(FORMATS["docx"](report), "plain")
    made = office(documents)
    missed: Counter[tuple[object, ...]] = Counter()
    invented: Counter[tuple[object, ...]] = Counter()
    count = 0
    for (family, seed, scanner), (name, content) in zip(REPORTS, made.items(), strict=True):
        truth, identity = facts(documents[name], "report.docx")
        found, same = facts(scanned(content, scanner), "scan.pdf")
        assert same == identity, (family, seed)
        count += truth.total()
        missed += truth - found
        invented += found - truth
    message = f"{missed.total()} of {count} missed, {invented.total()} invented: {missed} {invented}"
    assert count > 150
    assert missed.total() <= 0.03 * count and invented.total() <= 0.01 * count, message


def test_a_scanned_table_comes_back_cell_by_cell() -> None:
    rows, layout = income_table(Random(1), 16)
    content = drawn(rows, layout)
    boxes = read_pdf(content, "a.pdf").box
    content = scanned(content, USUAL)
    assert tables(content) == [expected(rows)]
    blocks = read_pdf(content, "a.pdf")
    assert blocks.recognised
    assert blocks.notes == ["a.pdf: the text of page 1 was recognised from pictures and may be wrong."]
    assert np.abs(np.array(blocks.box) - np.array(boxes)).max() < 10  # the picture leans


def test_an_image_of_a_table_without_lines(blocks) -> None:
    rows, layout = amounts_table(Random(3), 10)
    layout.rule = "none"
    drawing = Drawing()
    draw_table(drawing, 40, 100, rows, layout)
    content = image(printed(drawing.bytes()), "PNG")
    document = read(content, SHA256, "a.png")
    assert document.format == "image-scan"
    assert document.notes == ["a.png: the text of page 1 was recognised from pictures and may be wrong."]
    cells = document.blocks.filter(kind="cell").select("row", "column", "text").rows()
    assert {(row, column): text.strip() for row, column, text in cells if text.strip()} == expected(rows)


def test_only_the_pages_that_are_pictures_are_recognised() -> None:
    drawing = Drawing()
    write(drawing, 100, SENTENCE)
    drawing.page()
    drawing.picture(printed(note("二、收入决算说明"))[0])
    drawing.text(290, 810, "2")
    content = drawing.bytes()
    assert paragraphs(content) == [SENTENCE, "二、收入决算说明"]
    blocks = read_pdf(content, "a.pdf")
    assert blocks.page == [1, 2]
    assert blocks.notes == ["a.pdf: the text of page 2 was recognised from pictures and may be wrong."]
    assert read(content, SHA256, "a.pdf").format == "pdf-scan"


def note(*texts: str) -> bytes:
    drawing = Drawing()
    for number, text in enumerate(texts):
        drawing.text(80, 100 + 30 * number, text, 16)
    return drawing.bytes()


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_pictures_are_read_upright(quarters: int) -> None:
    (page,) = printed(note("某区某局2023年度决算", "收入总计1,024.50万元"))
    content = image([Image.fromarray(np.rot90(np.asarray(page.convert("L")), quarters))], "TIFF")
    assert read(content, SHA256, "a.tif").blocks["text"].to_list() == [
        "某区某局2023年度决算\n",
        "收入总计1,024.50万元\n",
    ]


def test_figures_of_a_poor_picture_are_left_out() -> None:
    rows, layout = income_table(Random(1), 6)
    content = scanned(drawn(rows, layout), POOR)
    blocks = read_pdf(content, "a.pdf")
    assert not re.search(r"\d", "".join(blocks.text))
    assert "□" in "".join(blocks.text)
    assert re.fullmatch(r"a\.pdf: \d+ figures that are not sure are left out, .*", blocks.notes[1])


def test_figures_of_a_page_whose_words_are_doubtful_are_left_out() -> None:
    drawing = Drawing()
    drawing.text(80, 80, "收入总计1,024.50万元", 16)
    write(drawing, 120, SENTENCE * 8)
    content = drawing.bytes()
    assert "1,024.50" in "".join(paragraphs(scanned(content, USUAL)))
    assert "1,024.50" not in "".join(paragraphs(scanned(content, replace(POOR, noise=20))))


def letters(text: str, unsure: str = "", sure: float = 0.7) -> list[Letter]:
    return [Letter(letter, sure if letter in unsure else 1, 0) for letter in text]


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("1,O24.5l", "1,024.51"),
        ("1.024.50", "1,024.50"),
        ("1，024.50", "1,024.50"),
        ("12，345，67", "12,345.67"),
        ("24:50", "24.50"),
        ("1.024", "□□□□□"),  # thousands, or three decimals
        ("1,0245", "□□□□□□"),
        ("12,34", "□□□□□"),
        ("Ol", "Ol"),
        ("OK行1l", "OK行1l"),
        ("3台(套)，(12)", "3台（套），(12)"),
        ("收入132,62万元", "收入□□□□□□□□"),
        ("（一）2023年，增长12.5%。", "（一）2023年，增长12.5%。"),
    ],
)
def test_what_looks_like_digits_is_read_as_such_in_figures_alone(read: str, meant: str) -> None:
    assert "".join(told(letters(read))) == meant


@pytest.mark.parametrize(
    ("text", "unsure", "meant"),
    [
        ("增加12.5万元，减少30元", "5", "增加□□□□□□，减少30元"),
        ("增加12.5万元，减少30元", "万", "增加□□□□□□，减少30元"),
        ("增加12.5万元，减少30元", "增", "增加12.5万元，减少30元"),
        ("1,024.50", "2", "□□□□□□□□"),
        ("1,024.50", ".", "1,024.50"),
    ],
)
def test_figures_that_are_not_sure_are_blotted_out(text: str, unsure: str, meant: str) -> None:
    assert "".join(told(letters(text, unsure))) == meant


def test_an_amount_that_lost_its_point_is_left_out() -> None:
    column = ["1,024.50", "93.25", "12.00", "212342", "0"]
    drawing = Drawing()
    rows: Rows = [["项目", "合计"], *([name, text] for name, text in zip("甲乙丙丁戊", column, strict=True))]
    draw_table(drawing, 40, 60, rows, Layout([150, 150], size=14))
    (found,) = tables(scanned(drawing.bytes()))
    assert [found[row, 1] for row in range(1, 6)] == ["1,024.50", "93.25", "12.00", "□□□□□□", "0"]


def test_nothing_is_fetched() -> None:
    """The models come with the package: a process that must not open connections reads a picture."""
    script = (
        "import os, sys\n"
        "sys.addaudithook(lambda event, _: event in ('socket.connect', 'socket.getaddrinfo') and os._exit(9))\n"
        "from tasks.read.scan.image import read_image\n"
        "print(read_image(sys.stdin.buffer.read(), 'a.png').text)"
    )
    content = image(printed(note("收入决算")), "PNG")
    command = [sys.executable, "-c", script]
    house = Path(tasks.__file__).parents[1]
    done = subprocess.run(command, input=content, capture_output=True, cwd=house, timeout=120, check=False)
    assert (done.returncode, done.stdout.decode().strip()) == (0, "['收入决算\\n']"), done.stderr.decode()


def test_the_clock_is_put_back_for_each_page() -> None:
    signal.setitimer(signal.ITIMER_REAL, 600)
    try:
        read_scan(Page(1, 100, 100, picture=np.full((300, 300), 255, np.uint8)))
        assert signal.getitimer(signal.ITIMER_REAL)[0] > 600 + SECONDS - 100
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def fault(content: bytes) -> str:
    with pytest.raises(Unreadable) as error:
        read(content, SHA256, "a.png")
    assert "\n" not in str(error.value)
    return str(error.value)


def png(width: int, height: int) -> bytes:
    """An image that claims a size and says nothing."""
    parts = (b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0), b"IDAT", b"IEND")
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(part) - 4) + part + struct.pack(">I", zlib.crc32(part)) for part in parts
    )


@pytest.mark.parametrize("size", [(100_000, 100_000), (10_000, 10_000)])
def test_images_of_too_many_pixels_are_told(size: tuple[int, int]) -> None:
    assert fault(png(*size)) == "a.png: an image has more than 89,000,000 pixels: make it smaller."


def test_a_page_with_an_image_of_too_many_pixels_is_told() -> None:
    drawing = Drawing()
    drawing.picture(Image.new("1", (10_000, 10_000), 1))
    assert fault(drawing.bytes()) == "a.png: an image has more than 89,000,000 pixels: make it smaller."


def test_pages_to_recognise_are_bounded() -> None:
    lines = [Image.new("1", (600, 1), 1) for _ in range(MAX_PICTURES + 1)]
    assert fault(image(lines, "TIFF")) == "a.png: more than 200 pages are pictures: split it."


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "BMP", "GIF"])
def test_damaged_and_empty_images_are_told(kind: str) -> None:
    content = image([Image.effect_noise((200, 300), 50)], kind)
    damaged = "a.png: the image is damaged, cut short, or of an unusual kind: scan it anew."
    assert fault(content[: len(content) // 2]) == damaged
    empty = image([Image.new("L", (20, 30), 255)], kind)
    assert fault(empty).startswith("a.png: the document holds no text")


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_colors_of_all_kinds_are_read_as_shades(mode: str) -> None:
    drawn = Image.new("L", (40, 60), 255)
    drawn.paste(0, (10, 10, 30, 30))
    if mode == "I;16":
        drawn = Image.fromarray(np.asarray(drawn).astype(np.uint16) * 257)
    content = image([drawn if mode == "I;16" else drawn.convert(mode)], "PNG")
    (page,) = pictures(content, "a.png")
    assert page.picture is not None
    assert page.picture.min() < 10 and page.picture.max() > 245 and page.picture.mean() > 150
    assert (round(page.width), round(page.height)) == (561, 842)


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@settings(max_examples=100, deadline=None)
@given(
    kind=st.sampled_from(["PNG", "JPEG", "TIFF", "BMP", "GIF"]),
    damage=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=4)), max_size=4),
)
def test_images_with_wrong_bytes_are_seen_or_told(kind: str, damage: list[tuple[float, bytes]]) -> None:
    content = bytearray(image([Image.effect_noise((20, 30), 50)], kind))
    for where, instead in damage:
        at = int(where * len(content))
        content[at : at + len(instead)] = instead
    try:
        list(pictures(bytes(content), "a.png"))
    except Unreadable as error:
        assert str(error).startswith("a.png: ")
