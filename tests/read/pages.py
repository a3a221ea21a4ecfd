"""What tests of PDF files and of scans share: pages to draw, and what was read of them."""

import io
import re
import zipfile
from collections import Counter

from schemas.raw import DOCUMENTS
from tasks.extract import extract
from tasks.read import read
from tasks.read.pdf.pdf import read_pdf
from tests.read.drawing import (
    LANDSCAPE,
    Drawing,
    Layout,
    Rows,
    draw_table,
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


FACT = ("concept", "member_code", "member_name", "period", "value", "unit", "section", "amount_cny")

PROSE = (
    '<w:p><w:pPr><w:overflowPunct w:val="0"/><w:spacing w:line="560" w:lineRule="exact"/>'
    '<w:ind w:firstLineChars="200" w:firstLine="640"/><w:jc w:val="both"/></w:pPr><w:r><w:rPr><w:sz w:val="32"/></w:rPr>'
)


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
