"""The format of a document, told from its content; names and media types lie too often."""

from __future__ import annotations

import codecs
import re
import zipfile

from tasks.read.archives import ole
from tasks.read.archives.archive import FAULTS, open_archive
from tasks.read.blocks import Unreadable
from tasks.read.encoding import decode
from tasks.read.workbook.separated import separator

_READABLE = "PDF, DOCX, XLSX, HTML or text"

_RTF = b"{\\rtf"
_IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")

_PDF = b"%PDF-"
_PDF_WITHIN = 1024
"""Bytes in which readers of PDF look for its beginning; some servers put a few before it."""

_ARCHIVES = (
    (b"Rar!\x1a\x07", 0, "rar"),
    (b"7z\xbc\xaf\x27\x1c", 0, "7z"),
    (b"\x1f\x8b\x08", 0, "gzip"),
    (b"ustar", 257, "tar"),
)
"""Signature, where it stands, and the format that `tasks.read.archives.members` knows."""

_OLE_STREAMS = (("WordDocument", "doc"), ("Workbook", "xls"), ("Book", "xls"))

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
"""The second is that of an archive without files."""

_ZIP_MEMBERS = (
    ("xl/workbook.bin", "Excel in binary form (.xlsb)"),
    ("ppt/", "PowerPoint (.pptx)"),
    ("OFD.xml", "OFD"),
    ("content.xml", "OpenDocument"),
)

_HEAD = 4096
_LINES = 65_536
"""Bytes in which lines are looked at for separators."""

_MAIL_BEGINS = re.compile(
    rb"(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?Content-Type:\s*(?:multipart/related|multipart/alternative|text/html)",
    re.IGNORECASE,
)
_WORD_XML = re.compile(r"<(?:\w+:)?(?:wordDocument|package)\b")
_MARKUP_BEGINS = re.compile(r"<(?:!doctype\s+html|!--|[a-z][a-z0-9]*[\s/>])", re.IGNORECASE)
_MARKUP = re.compile(r"</?(?:html|body|table|tr|td|div|p|br|span)\b[^<>]*>", re.IGNORECASE)


def detect(content: bytes, name: str) -> str:
    """The name of a format that has a reader: `docx`, `doc`, `html` …

    Raises Unreadable for an empty file and for formats that are not read.
    """
    if not content.strip(b"\x00"):
        raise Unreadable(f"{name}: the file is empty: fetch it again or ask its publisher.")
    if content.startswith(ole.SIGNATURE):
        return _ole(content, name)
    if content.startswith(_ZIP):
        return _zip(content, name)
    for signature, offset, format_name in _ARCHIVES:
        if content.startswith(signature, offset):
            return format_name
    head = content[:_HEAD].lstrip()
    if _PDF in content[:_PDF_WITHIN]:
        return "pdf"
    if head.startswith(_RTF):
        raise _not_read(name, "RTF")
    # Two letters are not evidence enough: a text may begin with them.
    if head.startswith(_IMAGES) and (not head.startswith(b"BM") or b"\x00" in head):
        return "image"
    if _MAIL_BEGINS.match(head):
        return "mhtml"
    if _markup(content[:_HEAD], name):
        return "html"
    return "separated" if separator(decode(_first_lines(content), name)) else "text"


def _first_lines(content: bytes) -> bytes:
    """Enough of a text to tell what it is, cut where no character is cut in two."""
    if len(content) <= _LINES:
        return content
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content[: _LINES - _LINES % 2]
    return content[: content.rfind(b"\n", 0, _LINES) + 1]


def _not_read(name: str, format_name: str) -> Unreadable:
    return Unreadable(f"{name}: {format_name} is not read yet: convert it to {_READABLE}.")


def _ole(content: bytes, name: str) -> str:
    """Which of the formats in Microsoft's compound files this is; encrypted Office files are among them."""
    compound = ole.Compound(content, name)
    if "EncryptedPackage" in compound:
        raise Unreadable(f"{name}: the Office file is encrypted: remove its password.")
    for stream, format_name in _OLE_STREAMS:
        if stream in compound:
            return format_name
    raise _not_read(name, "a compound file of an unknown kind")


def _zip(content: bytes, name: str) -> str:
    with open_archive(content, name) as archive:
        members = archive.namelist()
        mimetype = _mimetype(archive)
    if any(member.startswith("word/") for member in members):
        return "docx"
    if "content.xml" in members and b"spreadsheet" in mimetype:
        return "ods"
    for beginning, format_name in _ZIP_MEMBERS:
        if any(member.startswith(beginning) for member in members):
            raise _not_read(name, format_name)
    return "xlsx" if any(member.startswith("xl/") for member in members) else "zip"


def _mimetype(archive: zipfile.ZipFile) -> bytes:
    """What an OpenDocument file says of itself; nothing for other files."""
    try:
        with archive.open("mimetype") as file:
            return file.read(_HEAD)
    except FAULTS:
        return b""


def _markup(head: bytes, name: str) -> bool:
    """HTML is where the text begins with markup, or where tags stand in it again and again."""
    utf16 = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    text = head.decode("utf-16" if utf16 else "latin-1", "replace").removeprefix("ï»¿").lstrip()
    if text.startswith("<?xml") and "<html" not in text.lower():
        raise _not_read(name, "Word 2003 XML" if _WORD_XML.search(text) else "XML")
    begins = text.startswith("<?xml") or _MARKUP_BEGINS.match(text) is not None
    return begins or len(_MARKUP.findall(text)) >= 5
