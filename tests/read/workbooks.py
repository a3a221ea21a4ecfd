"""Workbooks that no program writes any more, put together byte by byte: compound files, and Excel 5."""

import io
import struct
import zipfile
from collections.abc import Iterable

SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def compound(stream_name: str, stream: bytes) -> bytes:
    """A compound file that holds one stream."""
    count = max(8, -(-len(stream) // SECTOR))
    table = [FAT, END, *range(3, count + 2), END]
    table += [FREE] * (SECTOR // 4 - len(table))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<10I", 0, 1, 1, 0, 4096, END, 0, END, 0, 0) + b"\xff" * 432
    directory = _entry("Root Entry", 5, 1, END, 0) + _entry(stream_name, 2, -1, 2, count * SECTOR)
    sectors = struct.pack(f"<{len(table)}I", *table) + directory.ljust(SECTOR, b"\0")
    return header + sectors + stream.ljust(count * SECTOR, b"\0")


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    encoded = name.encode("utf-16-le")
    entry = encoded.ljust(64, b"\0") + struct.pack("<HBB3i", len(encoded) + 2, kind, 1, -1, -1, child)
    return entry + bytes(36) + struct.pack("<IQ", start, size)


def excel_5(
    sheet: str, cells: Iterable[tuple[int, int, str | float]], code_page: int | None, locked: bool = False
) -> bytes:
    """A workbook of Excel 5 with one sheet; texts are GBK, whether a code page says so or not."""
    name = sheet.encode("gbk")
    head = _record(0x809, struct.pack("<4H", 0x500, 5, 0, 0))
    if locked:
        head += _record(0x2F, struct.pack("<2H", 1, 2))
    if code_page:
        head += _record(0x42, struct.pack("<H", code_page))
    head += _record(0x31, struct.pack("<5H4x", 200, 0, 0x7FFF, 400, 0) + b"\x05Arial")
    head += _record(0xE0, struct.pack("<8H", 0, 0, 1, 0, 0, 0, 0, 0))
    place = len(head) + 4 + 7 + len(name) + 4
    body = _record(0x809, struct.pack("<4H", 0x500, 0x10, 0, 0))
    for row, column, value in cells:
        where = struct.pack("<3H", row, column, 0)
        if isinstance(value, str):
            text = value.encode("gbk")
            body += _record(0x204, where + struct.pack("<H", len(text)) + text)
        else:
            body += _record(0x203, where + struct.pack("<d", value))
    stream = (
        head + _record(0x85, struct.pack("<IHB", place, 0, len(name)) + name) + _record(0x0A) + body + _record(0x0A)
    )
    return compound("Book", stream)


def _record(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<2H", kind, len(data)) + data


def package(files: dict[str, str]) -> bytes:
    """A ZIP file."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return content.getvalue()


def xlsx(sheet: str, before: str = "", behind: str = "", strings: str = "") -> bytes:
    """An XLSX file of one sheet, given as the XML of its rows; `before` is set in front of the sheet's root."""
    workbook = (
        f'<workbook {MAIN} xmlns:r="{OFFICE}"><sheets><sheet name="Sheet1" sheetId="1" r:id="r1"/></sheets></workbook>'
    )
    relation = f'<Relationship Id="{{}}" Type="{OFFICE}/{{}}" Target="{{}}"/>'
    own = relation.format("r1", "worksheet", "sheet.xml") + relation.format("r2", "sharedStrings", "strings.xml")
    return package(
        {
            "_rels/.rels": f"<Relationships>{relation.format('r', 'officeDocument', 'xl/workbook.xml')}</Relationships>",
            "xl/workbook.xml": workbook,
            "xl/_rels/workbook.xml.rels": f"<Relationships>{own}</Relationships>",
            "xl/sheet.xml": f"{before}<worksheet {MAIN}><sheetData>{sheet}</sheetData>{behind}</worksheet>",
            "xl/strings.xml": f"<sst {MAIN}>{strings}</sst>",
        }
    )


def ods(table: str) -> bytes:
    """An ODS file of one sheet, given as the XML of its rows."""
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    body = f'<office:body><office:spreadsheet><table:table table:name="Sheet1">{table}</table:table></office:spreadsheet></office:body>'
    return package(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": f"<office:document-content {names}>{body}</office:document-content>",
        }
    )
