"""Reports as a department exports them: written as DOCX, dressed as its Word does, turned into PDF by LibreOffice."""

from collections import Counter
from random import Random

from sources.writer.accounts import random_figures
from sources.writer.compose import write_report
from sources.writer.render import FORMATS
from sources.writer.report import Table
from sources.writer.wording import random_form
from tests.read.drawing import (
    Layout,
    Rows,
    income_table,
)
from tests.read.pages import dressed, expected, facts, paragraphs, tables

REPORTS = [(family, seed, dress) for family in "ABC" for seed in range(5) for dress in ("plain", "official")]


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
