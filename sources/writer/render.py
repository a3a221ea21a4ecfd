"""A report as a file: the text dump of a Word document or of a PDF, a web page, or a Word document."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from html import escape
from random import Random

from sources.writer.report import Cell, Grid, Paragraph, Report, Rows, Table

PAGE = """<!DOCTYPE html>
<html lang="zh-CN">
<head><meta charset="utf-8"><title>{title}</title></head>
<body>
<div class="nav"><a href="/">首页</a> &gt; <a href="/zwgk">政务公开</a> &gt; 财政预决算</div>
<h1>{title}</h1>
<div class="content">
{body}
</div>
</body>
</html>
"""
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
PORTRAIT = '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1440" w:right="1300" w:bottom="1440" w:left="1300"/></w:sectPr>'
LANDSCAPE = (
    '<w:sectPr><w:pgSz w:w="23811" w:h="16838" w:orient="landscape"/>'
    '<w:pgMar w:top="1000" w:right="1000" w:bottom="1000" w:left="1000"/></w:sectPr>'
)
"""A4; for the public tables, which have up to forty columns, A3 on its broad side."""

NEXT_SHEET = '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
"""Before each public table."""

RULED = '<w:tblW w:w="5000" w:type="pct"/><w:tblBorders>{}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="40" w:type="dxa"/><w:right w:w="40" w:type="dxa"/></w:tblCellMar>'.format(
    "".join(f'<w:{side} w:val="single" w:sz="4"/>' for side in ("top", "left", "bottom", "right", "insideH", "insideV"))
)
"""Tables have lines, and are as wide as the text."""

SMALL = '<w:rPr><w:sz w:val="14"/></w:rPr>'
"""Seven points, the size of letters in tables."""

LINE = 9000
NARROWEST, WIDEST = 4, 24
"""Characters: what a column has room for at least, and at most before its texts are broken."""

PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
}
EPOCH = (1980, 1, 1, 0, 0, 0)


def txt(report: Report) -> bytes:
    """As Word documents come out as text: a cell per line behind a tab, a blank line behind each row, marks kept.

    A second blank line ends a table: cells may hold line breaks, so that nothing else tells its end.
    """
    lines = []
    for block in report.blocks:
        if isinstance(block, Paragraph):
            lines.append(_marked(block) + "\n")
        else:
            lines += [*("".join(f"\t{text}\n" for text in row) + "\n" for row in _dumped(_grid(block))), "\n"]
    return "".join(lines).encode()


def _dumped(grid: Grid) -> list[list[str]]:
    """The cells of each row as Word's text export has them: a cell that spans rows goes on as an empty one below."""
    rows: list[dict[int, str]] = [{} for _ in grid.rows]
    for row, column, cell in grid.placed():
        rows[row][column] = cell.text
        for below in range(row + 1, row + cell.rowspan):
            rows[below][column] = ""
    return [[cells[column] for column in sorted(cells)] for cells in rows]


PAGE_NUMBERS = ("{0}", "- {0} -", "— {0} —", "第 {0} 页", "第{0}页 共{1}页")


def broken(report: Report) -> bytes:
    """As PDF pages come out as text: lines end at the right margin, wherever that is, and pages carry furniture.

    The margin cuts words and numbers in two. Between the lines of two pages stand a page number and, at times,
    a running head.
    """
    rng = Random(f"{report.publisher} {report.year} {len(report.blocks)}")
    width, indent = rng.randint(60, 88), rng.choice(("", "    ", "　　"))
    lines = [line for text in _lines(report) for line in _broken(indent + text if "。" in text else text, width)]
    height = rng.randint(24, 38)
    pages = [lines[start : start + height] for start in range(0, len(lines), height)]
    number, feed = rng.choice(PAGE_NUMBERS), rng.choice(("", "\f"))
    head = rng.choice(("", "", f"{report.publisher.entity}{report.year}年度{report.publisher.kind}决算"))
    return feed.join(
        "\n".join([*filter(None, [head]), *page, number.format(at, len(pages))]) + "\n"
        for at, page in enumerate(pages, start=1)
    ).encode()


def _lines(report: Report) -> Iterator[str]:
    """Paragraphs, and rows of tables with their cells one behind the other; without the marks of Word."""
    for block in report.blocks:
        if isinstance(block, Paragraph):
            if block.text:
                yield re.sub(r"\.{9,}", "........", block.text)
        else:
            for row in _grid(block).rows:
                yield " ".join(cell.text.replace("\n", "") for cell in row if cell.text)


def _broken(text: str, width: int) -> list[str]:
    """A text in lines of a width; a Chinese character is two wide."""
    lines, used = [""], 0
    for character in text:
        size = 1 if character.isascii() else 2
        if used + size > width:
            lines.append("")
            used = 0
        lines[-1] += character
        used += size
    return lines


def html(report: Report) -> bytes:
    """As a page of a government site."""
    title = f"{report.publisher.entity}{report.year}年度{report.publisher.kind}决算"
    body = (
        _html_paragraph(block.text) if isinstance(block, Paragraph) else _html_table(_grid(block).rows)
        for block in report.blocks
    )
    return PAGE.format(title=escape(title), body="\n".join(filter(None, body))).encode()


def docx(report: Report) -> bytes:
    """As a Word document; equal reports are equal byte for byte, on every machine: nothing in it is compressed or dated."""
    sheets = [table.blocks()[0] for table in report.tables]
    body = "".join(
        NEXT_SHEET * (block in sheets)
        + (_docx_paragraph(block.text) if isinstance(block, Paragraph) else _docx_table(_grid(block)))
        for block in report.blocks
    )
    sheet = LANDSCAPE if report.tables else PORTRAIT
    document = f'<w:document xmlns:w="{WORD}"><w:body>{body}{sheet}</w:body></w:document>'
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        for name, part in {**PARTS, "word/document.xml": document}.items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system = 3
            package.writestr(entry, DECLARATION + part)
    return content.getvalue()


FORMATS: dict[str, Callable[[Report], bytes]] = {"txt": txt, "html": html, "docx": docx}


def _marked(paragraph: Paragraph) -> str:
    text = paragraph.text
    for offset, mark in reversed(paragraph.marks):
        text = text[:offset] + mark + text[offset:]
    return text


def _grid(table: Table | Grid) -> Grid:
    """The last cell of a short row spans what is left."""
    if isinstance(table, Grid):
        return table
    width = max(len(row) for row in table.rows)
    return Grid(tuple((*map(Cell, row[:-1]), Cell(row[-1], width - len(row) + 1)) for row in table.rows))


def _html_paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>" if text else ""


def _html_table(rows: Rows) -> str:
    lines = [f"<tr>{''.join(map(_html_cell, row))}</tr>" for row in rows]
    return "<table>\n" + "\n".join(lines) + "\n</table>"


def _html_cell(cell: Cell) -> str:
    spans = (("colspan", cell.colspan), ("rowspan", cell.rowspan))
    merged = "".join(f' {name}="{span}"' for name, span in spans if span > 1)
    return f"<td{merged}>{escape(cell.text).replace(chr(10), '<br>')}</td>"


def _docx_paragraph(text: str, size: str = "") -> str:
    runs = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line, quote=False)}</w:t>' for line in text.split("\n"))
    return f"<w:p><w:r>{size}{runs}</w:r></w:p>" if text else "<w:p/>"


def _docx_table(grid: Grid) -> str:
    """A cell that spans rows is continued by an empty one in each of them."""
    rows: list[dict[int, str]] = [{} for _ in grid.rows]
    for row, column, cell in grid.placed():
        rows[row][column] = _docx_cell(cell.text, cell.colspan, '<w:vMerge w:val="restart"/>' * (cell.rowspan > 1))
        for below in range(row + 1, row + cell.rowspan):
            rows[below][column] = _docx_cell("", cell.colspan, "<w:vMerge/>")
    body = "".join(f"<w:tr>{''.join(cells[column] for column in sorted(cells))}</w:tr>" for cells in rows)
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in _widths(grid))
    return f"<w:tbl><w:tblPr>{RULED}</w:tblPr><w:tblGrid>{columns}</w:tblGrid>{body}</w:tbl>"


def _widths(grid: Grid) -> list[int]:
    """Widths of the columns by their longest texts, as shares of LINE; a Chinese character is two wide."""
    longest = [NARROWEST] * grid.width
    for _, column, cell in grid.placed():
        if cell.colspan == 1:
            wide = sum(1 if character.isascii() else 2 for character in cell.text)
            longest[column] = max(longest[column], min(wide, WIDEST))
    return [LINE * each // sum(longest) for each in longest]


def _docx_cell(text: str, colspan: int, merged: str) -> str:
    properties = f'<w:gridSpan w:val="{colspan}"/>{merged}'
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{_docx_paragraph(text, SMALL)}</w:tc>"
