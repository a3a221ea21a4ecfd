import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.raw import BLOCKS
from schemas.validate import validate
from tasks.read import Unreadable, read, read_all
from tests.read.containers import compound

SHA256 = "0" * 64


def fault(content: bytes) -> str:
    with pytest.raises(Unreadable) as error:
        read(content, SHA256, "a.docx")
    assert "\n" not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize("content", [b"", bytes(100)])
def test_an_empty_file_is_told(content: bytes) -> None:
    assert fault(content) == "a.docx: the file is empty: fetch it again or ask its publisher."


@pytest.mark.parametrize("content", [b"\n \n", b"\xef\xbb\xbf\n", b"<html><body><img src=a></body></html>"])
def test_a_document_without_text_is_told(content: bytes) -> None:
    assert fault(content).startswith("a.docx: the document holds no text, perhaps only images")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (compound({"Contents": b""}), "a compound file of an unknown kind"),
        (b"{\\rtf1\\ansi", "RTF"),
        (b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument/>', "Word 2003 XML"),
        (b'<?xml version="1.0"?><a/>', "XML"),
    ],
)
def test_formats_that_are_not_read_are_told(content: bytes, told: str) -> None:
    assert fault(content) == f"a.docx: {told} is not read yet: convert it to PDF, DOCX, XLSX, HTML or text."


@pytest.mark.parametrize(
    ("member", "told"),
    [
        ("xl/workbook.bin", "Excel in binary form (.xlsb)"),
        ("OFD.xml", "OFD"),
        ("content.xml", "OpenDocument"),
    ],
)
def test_archives_that_are_not_read_are_told(archive, member: str, told: str) -> None:
    assert (
        fault(archive({member: "x"})) == f"a.docx: {told} is not read yet: convert it to PDF, DOCX, XLSX, HTML or text."
    )


def test_an_encrypted_office_file_is_told() -> None:
    assert fault(compound({"EncryptedPackage": b""})) == "a.docx: the Office file is encrypted: remove its password."


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("部门决算".encode(), "text"),
        (b"BMI 2020", "text"),
        ("支出<100万元>，收入<p>1".encode(), "text"),
        (b"<!DOCTYPE html><p>a", "html"),
        (b"\n\xef\xbb\xbf".strip() + b"<!-- x --><p>a", "html"),
        ("<HTML><p>决算".encode("utf-16"), "html"),
        (b'<?xml version="1.0"?><!DOCTYPE html><html><p>a</p></html>', "html"),
        ("决算<br>".encode() * 5, "html"),
    ],
)
def test_the_format_is_told_by_the_content_and_not_by_the_name(content: bytes, expected: str) -> None:
    assert read(content, SHA256, "a.docx").format == expected


def test_a_docx_may_have_any_name(docx) -> None:
    assert read(docx("<w:p><w:r><w:t>a</w:t></w:r></w:p>"), SHA256, "a.txt").format == "docx"


def test_an_unknown_version_of_zip_is_told(docx) -> None:
    content = bytearray(docx("<w:p/>"))
    content[content.index(b"PK\x01\x02") + 6] = 119
    assert "damaged" in fault(bytes(content))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(max_size=4)), min_size=1, max_size=4))
def test_damaged_files_are_read_or_told(docx, damage: list[tuple[float, bytes]]) -> None:
    for content in (docx("<w:p><w:r><w:t>支出</w:t></w:r></w:p>", numbering="", styles=""), "\t支出\n\n<p>".encode()):
        damaged = bytearray(content)
        for where, instead in damage:
            at = int(where * len(content))
            damaged[at : at + 2] = instead
        try:
            validate(read(bytes(damaged), SHA256, "a.docx").blocks, BLOCKS)
        except Unreadable as error:
            # Cut so that it is no DOCX any more, it is an archive, whose files are named with it.
            assert str(error).startswith(("a.docx: ", "a.docx/"))


def test_many_documents_give_one_frame_and_a_sentence_for_each_failure() -> None:
    batch = read_all([("1" * 64, "a.txt", "一\n二\n".encode()), ("2" * 64, "b.txt", b""), ("3" * 64, "c", b"<p>x</p>")])
    validate(batch.blocks, BLOCKS)
    assert batch.blocks.select("document", "block", "text", "start", "end").rows() == [
        ("1" * 64, 0, "一\n", 0, 2),
        ("1" * 64, 1, "二\n", 2, 4),
        ("3" * 64, 0, "x\n", 0, 2),
    ]
    assert batch.formats == {"1" * 64: "text", "3" * 64: "html"}
    assert batch.notes == {}
    assert batch.failures == {"2" * 64: "b.txt: the file is empty: fetch it again or ask its publisher."}


def test_nothing_to_read_gives_an_empty_table() -> None:
    batch = read_all([])
    validate(batch.blocks, BLOCKS)
    assert batch.blocks.is_empty()
