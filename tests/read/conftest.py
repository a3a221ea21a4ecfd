"""The five real reports beside the checkout, and DOCX files put together part by part."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from schemas.raw import BLOCKS
from schemas.validate import validate
from tasks.read import read
from tests.office import converted

SHA256 = "0" * 64

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
DEFAULT_TYPE = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
OFFICE_XML = "application/vnd.openxmlformats-officedocument.wordprocessingml"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


@pytest.fixture(scope="session")
def reports(real_reports: Path) -> dict[str, bytes]:
    """The bytes of the real reports by their number, 000 to 004."""
    return {file.name[:3]: file.read_bytes() for file in sorted(real_reports.glob("*.txt"))}


def build_docx(body: str, **parts: str) -> bytes:
    """A DOCX file of a body and further parts (numbering, styles, footnotes), all given as inner XML."""
    roots = {"numbering": "numbering", "styles": "styles", "footnotes": "footnotes"}
    relations = "".join(f'<Relationship Id="{kind}" Type="{RELATION}{kind}" Target="{kind}.xml"/>' for kind in parts)
    package = f'<Relationship Id="r" Type="{RELATION}officeDocument" Target="/word/document.xml"/>'
    namespace = f'xmlns="{PACKAGE}/relationships"'
    types = {kind: f"{OFFICE_XML}.{kind}+xml" for kind in parts} | {"document": f"{OFFICE_XML}.document.main+xml"}
    overrides = "".join(f'<Override PartName="/word/{kind}.xml" ContentType="{own}"/>' for kind, own in types.items())
    files = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">{DEFAULT_TYPE}{overrides}</Types>',
        "_rels/.rels": f"<Relationships {namespace}>{package}</Relationships>",
        "word/_rels/document.xml.rels": f"<Relationships {namespace}>{relations}</Relationships>",
        "word/document.xml": f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>",
    } | {
        f"word/{kind}.xml": f"<w:{roots[kind]} {NAMESPACES}>{inner}</w:{roots[kind]}>" for kind, inner in parts.items()
    }
    return zipped(files)


def zipped(files: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.fixture
def docx() -> Callable[..., bytes]:
    return build_docx


@pytest.fixture
def archive() -> Callable[[dict[str, str]], bytes]:
    return zipped


@pytest.fixture
def blocks() -> Callable[[bytes | str], pl.DataFrame]:
    """Reads a document and sees to what holds for every format: the contract of the table, and the tiling."""

    def run(content: bytes | str) -> pl.DataFrame:
        frame = read(content.encode() if isinstance(content, str) else content, SHA256, "report").blocks
        validate(frame, BLOCKS)
        assert frame["start"].to_list() == [0, *frame["end"].to_list()[:-1]]
        assert frame.select((pl.col("end") - pl.col("start") == pl.col("text").str.len_chars()).all()).item()
        return frame

    return run


@pytest.fixture
def texts(blocks) -> Callable[[bytes | str], list[str]]:
    """The texts of all blocks without what separates them."""
    return lambda content: [text.strip("\r\n") for text in blocks(content)["text"]]


@pytest.fixture
def cells(blocks) -> Callable[[bytes | str], list[tuple[int, int, int, str]]]:
    """Table, row, column and text of all cells."""

    def run(content: bytes | str) -> list[tuple[int, int, int, str]]:
        frame = blocks(content).filter(pl.col("kind") == "cell")
        return frame.select("table", "row", "column", pl.col("text").str.strip_chars()).rows()

    return run


@pytest.fixture(scope="session")
def office(tmp_path_factory) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    """Turns Office documents, given by file name, into PDF in one run of LibreOffice with a profile of its own."""
    return lambda documents: converted(documents, "pdf", tmp_path_factory.mktemp("office"))
