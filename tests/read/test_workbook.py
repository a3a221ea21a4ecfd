"""Workbooks as programs write them come back cell by cell, the same from every format; bad ones are told."""

import datetime
import io
import time
import zipfile
from collections.abc import Callable
from random import Random

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.raw import BLOCKS
from schemas.validate import validate
from sources.writer.accounts import random_figures
from sources.writer.public_tables import layouts, public_tables
from sources.writer.report import PublicTable
from sources.writer.spreadsheet import xlsx as written_xlsx
from tasks.read import Unreadable, read
from tests import office
from tests.read.workbooks import compound, excel_5, ods, xlsx

SHA256 = "0" * 64
FORMATS = ("xlsx", "xls", "ods")

Cells = dict[tuple[str | None, int, int], str]


def cells(content: bytes) -> Cells:
    """(sheet, row, column) → text without the mark at its end, of all cells that are not blank."""
    frame = validate(read(content, SHA256, "a.xlsx").blocks, BLOCKS)
    return {
        (row["sheet"], row["row"], row["column"]): row["text"][:-1]
        for row in frame.iter_rows(named=True)
        if row["kind"] == "cell" and row["text"].strip()
    }


def texts(content: bytes) -> list[str]:
    return read(content, SHA256, "a.xlsx").blocks["text"].to_list()


def fault(content: bytes) -> str:
    with pytest.raises(Unreadable) as error:
        read(content, SHA256, "a.xls")
    assert "\n" not in str(error.value)
    return str(error.value)


def sample() -> bytes:
    """A workbook with everything that offices put into them."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    formats = {name: book.add_format({"num_format": name}) for name in ("0.00%", "00", "#,##0.00", "0.00;-0.00;;@")}
    date = book.add_format({"num_format": 'yyyy"年"m"月"d"日"'})
    sheet = book.add_worksheet("Z01 收入支出决算总表(财决01表)")
    sheet.merge_range(0, 0, 0, 3, "收入支出决算总表")
    sheet.merge_range(1, 0, 2, 0, "科目编码")
    sheet.merge_range(1, 1, 1, 2, "事业收入")
    sheet.write_row(2, 1, ["小计", "其中：教育收费", "占比"])
    sheet.write_row(3, 0, [2010101, 1234.56])
    sheet.write_number(3, 3, 0.1234, formats["0.00%"])
    sheet.write_row(4, 0, ["2010102", 0.1 + 0.2])
    sheet.write_number(4, 2, 894, formats["#,##0.00"])
    sheet.write_number(4, 3, 0, formats["0.00;-0.00;;@"])
    sheet.write_number(5, 0, 1, formats["00"])
    sheet.write_number(5, 1, 12.3456, formats["#,##0.00"])
    sheet.write_number(5, 2, -7.1, formats["#,##0.00"])
    sheet.write_row(6, 0, ["隐藏的行", 99])
    sheet.set_row(6, None, None, {"hidden": True})
    sheet.write_datetime(7, 0, datetime.datetime(2020, 12, 31), date)
    sheet.write_boolean(7, 1, True)
    sheet.write_formula(7, 2, "=1/0", None, "#DIV/0!")
    sheet.write_formula(7, 3, "=B4*2", None, 2469.12)
    sheet.write_row(9, 0, ["第一行\n第二行", "", " 空格"])
    sheet.write_string(9, 4, "末")
    hidden = book.add_worksheet("底稿")
    hidden.write(0, 0, "不公开")
    hidden.hide()
    book.add_worksheet("空表")
    other = book.add_worksheet("Sheet4")
    other.write(2, 1, "右下角")
    book.close()
    return content.getvalue()


MAIN_SHEET = "Z01 收入支出决算总表(财决01表)"
EXPECTED = {
    (0, 0): "收入支出决算总表",
    (1, 0): "科目编码",
    (1, 1): "事业收入",
    (2, 1): "小计",
    (2, 2): "其中：教育收费",
    (2, 3): "占比",
    (3, 0): "2010101",
    (3, 1): "1234.56",
    (3, 3): "12.34%",
    (4, 0): "2010102",
    (4, 1): "0.3",
    (4, 2): "894.00",
    (5, 0): "01",
    (5, 1): "12.3456",
    (5, 2): "-7.10",
    (7, 0): "2020年12月31日",
    (7, 1): "TRUE",
    (7, 2): "#DIV/0!",
    (7, 3): "2469.12",
    (9, 0): "第一行\n第二行",
    (9, 2): " 空格",
    (9, 4): "末",
}


@pytest.fixture(scope="session")
def convert(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bytes, str], bytes]:
    """Saves an XLSX file in another format, as LibreOffice does it."""
    folder = tmp_path_factory.mktemp("office")

    def converted(content: bytes, format_name: str) -> bytes:
        if format_name == "xlsx":
            return content
        return office.converted({"book.xlsx": content}, format_name, folder)["book.xlsx"]

    return converted


@pytest.fixture(scope="session", params=FORMATS)
def workbook(request: pytest.FixtureRequest, convert: Callable[[bytes, str], bytes]) -> tuple[str, bytes]:
    """The sample in one format."""
    return request.param, convert(sample(), request.param)


def test_every_cell_comes_back_as_shown(workbook: tuple[str, bytes]) -> None:
    format_name, content = workbook
    assert read(content, SHA256, "决算.et").format == format_name
    assert cells(content) == {(MAIN_SHEET, *place): text for place, text in EXPECTED.items()} | {
        ("Sheet4", 2, 1): "右下角"
    }


def test_sheets_are_tables_and_their_names_are_titles(workbook: tuple[str, bytes]) -> None:
    frame = read(workbook[1], SHA256, "a").blocks
    paragraphs = frame.filter(frame["kind"] == "paragraph")
    assert paragraphs["text"].to_list() == [MAIN_SHEET + "\n"]
    assert frame["table"].drop_nulls().unique().to_list() == [0, 1]


def test_the_text_reads_row_by_row_and_merged_positions_are_no_cells(workbook: tuple[str, bytes]) -> None:
    lines = "".join(texts(workbook[1])).split("\n")
    assert lines[1:5] == [
        "收入支出决算总表",
        "科目编码\t事业收入",
        "小计\t其中：教育收费\t占比",
        "2010101\t1234.56\t\t12.34%",
    ]
    frame = read(workbook[1], SHA256, "a").blocks
    header = frame.filter((frame["row"] == 2) & (frame["table"] == 0))
    assert header["column"].to_list() == [1, 2, 3]


@pytest.mark.parametrize("layout", layouts())
@pytest.mark.parametrize("one_sheet", [False, True])
def test_public_tables_come_back_exactly(layout: str, one_sheet: bool) -> None:
    for seed in range(4):
        tables = public_tables(random_figures(Random(seed)), layout, seed)
        found = read(written_xlsx(tables, one_sheet, seed), SHA256, "a.xlsx").blocks
        placed = {
            (row["table"], row["row"], row["column"]): row["text"][:-1]
            for row in found.iter_rows(named=True)
            if row["kind"] == "cell" and row["text"].strip()
        }
        assert placed == shown(tables, one_sheet, placed)


def shown(
    tables: list[PublicTable], one_sheet: bool, found: dict[tuple[int, int, int], str]
) -> dict[tuple[int, int, int], str]:
    """What a workbook of these tables shows: amounts that are stored as numbers have no separators, zeros may be dashes."""
    expected, top = {}, 0
    for number, table in enumerate(tables):
        grid = table.grid()
        for row, column, cell in grid.placed():
            place = (0, row + top, column) if one_sheet else (number, row, column)
            ways = [cell.text, cell.text.replace(",", ""), "-" if cell.text == "0.00" else cell.text]
            if cell.text:
                expected[place] = next((way for way in ways if found.get(place) == way), cell.text)
        top += len(grid.rows) + 1
    return expected


@pytest.mark.parametrize("format_name", ["xls", "ods"])
def test_public_tables_are_the_same_in_other_formats(convert: Callable[[bytes, str], bytes], format_name: str) -> None:
    content = written_xlsx(public_tables(random_figures(Random(3)), "national", 3), seed=3)
    assert cells(convert(content, format_name)) == cells(content)


ROWS: list[tuple[int, int, str | float]] = [
    (0, 0, "收入决算表"),
    (1, 0, "科目编码"),
    (1, 1, "金额"),
    (2, 0, 2010101.0),
    (2, 1, 1234.56),
]


@pytest.mark.parametrize("code_page", [936, None])
def test_excel_5_with_and_without_its_code_page(code_page: int | None) -> None:
    content = excel_5("收入决算表", ROWS, code_page)
    expected = {(0, 0): "收入决算表", (1, 0): "科目编码", (1, 1): "金额", (2, 0): "2010101", (2, 1): "1234.56"}
    assert cells(content) == {("收入决算表", *place): text for place, text in expected.items()}


def test_a_locked_workbook_is_told() -> None:
    assert fault(excel_5("表", ROWS, 936, locked=True)) == "a.xls: the workbook is encrypted: remove its password."
    content = compound("EncryptedPackage", bytes(4096))
    assert fault(content) == "a.xls: the Office file is encrypted: remove its password."


def test_workbooks_cut_short_are_told(workbook: tuple[str, bytes]) -> None:
    content = workbook[1]
    for share in (0.3, 0.6, 0.9):
        message = fault(content[: int(len(content) * share)])
        assert "fetch it again" in message or "is not read yet" in message


@settings(max_examples=60, deadline=None)
@given(data=st.data(), format_name=st.sampled_from(["xlsx", "xls"]))
def test_damaged_workbooks_are_read_or_told(data: st.DataObject, format_name: str) -> None:
    content = bytearray(sample() if format_name == "xlsx" else excel_5("表", ROWS, 936))
    for _ in range(data.draw(st.integers(1, 20))):
        content[data.draw(st.integers(8, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        read(bytes(content), SHA256, "a.xlsx")
    except Unreadable as error:
        assert "\n" not in str(error)


def test_a_workbook_without_text_is_told() -> None:
    assert "holds no text" in fault(xlsx('<row r="1"><c r="A1"/></row>'))


CELL = '<row r="{0}"><c r="A{0}" t="s"><v>0</v></c></row>'
ENTITY = '<!DOCTYPE x [<!ENTITY a "aaaa">]>'


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (lambda: xlsx("<row><c><v>1</v></c></row>" * 1_500_000), "unpacks to more than"),
        (lambda: xlsx('<row><c t="str"><v>&a;</v></c></row>', before=ENTITY), "declares XML entities"),
        (
            lambda: xlsx("".join(map(CELL.format, range(1, 60))), strings=f"<si><t>{'长' * 1_000_000}</t></si>"),
            "the text is longer than 50,000,000 characters",
        ),
        (
            lambda: xlsx(
                "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c><c r="XFD{n}"><v>1</v></c></row>' for n in range(1, 99))
            ),
            "the sheets hold more than 1,000,000 cells",
        ),
        (lambda: xlsx("<row>"), "damaged, cut short or encrypted"),
        (
            lambda: ods(
                '<table:table-row table:number-rows-repeated="1048576">'
                '<table:table-cell table:number-columns-repeated="16384"><text:p>1</text:p></table:table-cell>'
                "</table:table-row>"
            ),
            "the sheets hold more than 1,000,000 cells",
        ),
        (lambda: compound("Workbook", bytes(17 * 1024**2)[:60_000] + b"x"), "damaged or cut short"),
        (lambda: compound("Workbook", b"x" * 4096) + bytes(17 * 1024**2), "larger than 16,777,216 bytes"),
    ],
)
def test_bombs_are_refused_in_bounded_time(content: Callable[[], bytes], told: str) -> None:
    bomb = content()
    started = time.process_time()
    assert told in fault(bomb)
    assert time.process_time() - started < 10


def test_merged_cells_over_merged_cells_cost_little() -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c><c r="Z{n}"><v>1</v></c></row>' for n in range(1, 2_000))
    merged = "<mergeCells>{}</mergeCells>".format('<mergeCell ref="A1:XFD1048576"/>' * 10_000)
    started = time.process_time()
    assert len(cells(xlsx(rows, behind=merged))) == 2 * 1_999
    assert time.process_time() - started < 10


def test_cells_without_references_and_with_strict_names() -> None:
    content = xlsx(
        '<row><c t="inlineStr"><is><r><t>收入</t></r><r><t>合计</t></r><rPh><t>shou</t></rPh></is></c><c><v>7</v></c></row>'
    )
    assert cells(content) == {("Sheet1", 0, 0): "收入合计", ("Sheet1", 0, 1): "7"}
    strict = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(strict, "w") as new:
        for name in old.namelist():
            text = old.read(name).replace(
                b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                b"http://purl.oclc.org/ooxml/spreadsheetml/main",
            )
            new.writestr(name, text)
    assert cells(strict.getvalue()) == cells(content)


def test_control_characters_that_are_written_by_their_codes() -> None:
    assert cells(xlsx('<row><c t="str"><v>第一行_x000D_\n第二行</v></c></row>')) == {("Sheet1", 0, 0): "第一行\n第二行"}
