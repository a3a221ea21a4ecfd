"""Archives as their tools write them; RAR, which no free tool writes, is put together in containers.py."""

import gzip
import io
import os
import re
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.raw import BLOCKS
from schemas.validate import validate
from tasks.read import ReadDocument, Unreadable, read
from tasks.read.archives.members import MAX_BYTES, MAX_FILES
from tests.read.conftest import SHA256, build_docx
from tests.read.containers import compound, rar4, rar5, word

TEXT = "决算"
FOLDER = {
    "报告/附件10.txt": "附件十\n".encode(),
    "报告/附件2.txt": "附件二\n".encode(),
    "报告/2023年度部门决算.doc": word("决算正文\r"),
    "报告/公开说明.html": "<html><p>说明</p></html>".encode(),
    "报告/图.png": b"\x89PNG\r\n\x1a\n",
    "报告/Thumbs.db": b"\0\1",
    "__MACOSX/报告/._a.txt": b"x",
}
IN_ORDER = [
    ("报告/公开说明.html", "说明\n"),
    ("报告/2023年度部门决算.doc", "决算正文\n"),
    ("报告/附件2.txt", "附件二\n"),
    ("报告/附件10.txt", "附件十\n"),
]


def zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def tarred(files: dict[str, bytes], encoding: str = "utf-8") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT, encoding=encoding) as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def read_bundle(content: bytes, name: str = "a.zip") -> ReadDocument:
    done = read(content, SHA256, name)
    validate(done.blocks, BLOCKS)
    return done


def files(content: bytes, name: str = "a.zip") -> list[tuple[str, str]]:
    return read_bundle(content, name).blocks.select("file", "text").rows()


def fault(content: bytes, name: str = "a.zip") -> str:
    with pytest.raises(Unreadable) as error:
        read(content, SHA256, name)
    assert "\n" not in str(error.value)
    return str(error.value)


@pytest.fixture
def packed(tmp_path: Path) -> Callable[..., bytes]:
    """Packs FOLDER with 7-Zip."""

    def run(name: str, *options: str) -> bytes:
        for path, content in FOLDER.items():
            (tmp_path / "in" / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "in" / path).write_bytes(content)
        archive = tmp_path / name
        utf_8 = os.environ | {"LC_ALL": "C.UTF-8"}
        subprocess.run(
            ["7z", "a", *options, str(archive), "."], cwd=tmp_path / "in", env=utf_8, check=True, capture_output=True
        )
        return archive.read_bytes()

    return run


@pytest.mark.parametrize("name", ["a.zip", "a.7z", "a.tar"])
def test_archives_are_read_as_one_document_texts_in_order(packed, name: str) -> None:
    done = read_bundle(packed(name), name)
    assert done.format == name[2:]
    assert done.blocks.select("file", "text").rows() == IN_ORDER
    assert done.notes == []


@pytest.mark.parametrize("method", ["LZMA", "LZMA2", "PPMd", "BZip2", "Deflate"])
def test_7z_is_read_however_it_is_packed(packed, method: str) -> None:
    assert files(packed("a.7z", f"-m0={method}")) == IN_ORDER


@pytest.mark.parametrize(
    "content",
    [
        rar4({name.replace("/", "\\").encode("gbk"): content for name, content in FOLDER.items()}),
        rar5(FOLDER),
        tarred(FOLDER),
        tarred(FOLDER, "gbk"),
        zipped(FOLDER),
    ],
    ids=["rar4", "rar5", "tar", "tar-gbk", "zip"],
)
def test_names_are_read_in_any_code_page(content: bytes) -> None:
    assert files(content) == IN_ORDER


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_names_in_zip_without_the_mark_of_utf_8(encoding: str) -> None:
    raw = "报告/决算.txt".encode(encoding)
    content = zipped({"x" * len(raw): TEXT.encode()}).replace(b"x" * len(raw), raw)
    assert files(content) == [("报告/决算.txt", TEXT + "\n")]


def test_gzip_holds_one_file_or_a_tar() -> None:
    assert files(gzip.compress(word("决算\r")), "报告.doc.gz") == [("报告.doc", "决算\n")]
    assert files(gzip.compress(tarred(FOLDER)), "a.tgz") == [(f"a/{path}", text) for path, text in IN_ORDER]


def test_archives_in_archives_are_read_to_the_third() -> None:
    content = zipped({"三.txt": b"3"})
    content = zipped({"二.zip": content, "二.txt": b"2"})
    content = zipped({"一.zip": content, "一.txt": b"1"})
    assert files(content) == [("一.txt", "1\n"), ("一.zip/二.txt", "2\n"), ("一.zip/二.zip/三.txt", "3\n")]
    done = read_bundle(zipped({"零.zip": content}))
    assert done.blocks["text"].to_list() == ["1\n", "2\n"]
    assert done.notes == [
        "a.zip/零.zip/一.zip/二.zip: archives within archives within archives are not read: unpack it."
    ]


def test_tables_are_counted_through_all_files() -> None:
    table = "<table><tr><td>甲<td>乙</table>".encode()
    blocks = read_bundle(zipped({"1.html": table + b"<p>x</p>" + table, "2.html": table})).blocks
    assert blocks.select("file", "table").rows() == [
        ("1.html", 0),
        ("1.html", 0),
        ("1.html", None),
        ("1.html", 1),
        ("1.html", 1),
        ("2.html", 2),
        ("2.html", 2),
    ]


def test_what_cannot_be_read_is_told_and_the_others_are_read() -> None:
    done = read_bundle(zipped({"a.doc": compound({"WordDocument": b"x"}), "b.pps": compound({}), "c.txt": b"1"}))
    assert done.blocks["text"].to_list() == ["1\n"]
    assert [re.split("[:.] ", note)[0] for note in done.notes] == ["a.zip/b.pps", "a.zip/a.doc"]


def test_the_same_text_in_another_format_is_left_out_and_told() -> None:
    docx = build_docx("<w:p><w:r><w:t>x</w:t></w:r></w:p>")
    done = read_bundle(zipped({"a.txt": b"x", "b.txt": b"y", "a.docx": docx, "c.txt": b"y"}))
    assert done.blocks.select("file", "text").rows() == [("a.docx", "x\n"), ("b.txt", "y\n")]
    assert done.notes == ["a.zip/a.txt: left out, because a.docx is the same text in another format."]


def test_another_format_stands_in_for_a_damaged_one() -> None:
    done = read_bundle(zipped({"a.doc": compound({"WordDocument": b"x"}), "a.txt": b"x"}))
    assert done.blocks.select("file", "text").rows() == [("a.txt", "x\n")]
    assert len(done.notes) == 1


def test_paths_are_names_only() -> None:
    assert files(zipped({"../../../etc/决算.txt": b"1"})) == [("../../../etc/决算.txt", "1\n")]


@pytest.mark.parametrize(("name", "options"), [("a.zip", ["-pk"]), ("a.7z", ["-pk"]), ("b.7z", ["-pk", "-mhe=on"])])
def test_encrypted_archives_are_told(packed, name: str, options: list[str]) -> None:
    assert fault(packed(name, *options), name) == f"{name}: the archive is encrypted: remove its password."


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (zipped({}), "a.zip: the archive holds no document that can be read. It is empty, or holds pictures only"),
        (zipped({"a.png": b"x"}), "a.zip: the archive holds no document that can be read. It is empty"),
        (zipped({"a.txt": b"1"})[:-30], "a.zip: the Office file or archive is damaged, cut short"),
        (gzip.compress(b"1" * 1000)[:-9], "a.zip: the archive is damaged here, cut short"),
        (
            rar5({"a.txt": b"123"})[:-9],
            "a.zip: the archive holds no document that can be read. a.zip/a.txt: the archive",
        ),
        (zipped({f"{at}.txt": b"1" for at in range(MAX_FILES + 1)}), "a.zip: the archive holds more than 1,000 files"),
        (zipped({f"{at}" * 20: b"" for at in range(40_000)}), "a.zip: the archive holds too many files"),
        (zipped({"a.txt": bytes(MAX_BYTES), "b.txt": b"1"}), "a.zip: the archive unpacks to more than"),
        (gzip.compress(bytes(MAX_BYTES + 1)), "a.zip: the archive unpacks to more than"),
    ],
    ids=["empty", "pictures", "cut", "cut-gzip", "cut-rar", "files", "directory", "bomb", "gzip-bomb"],
)
def test_what_is_no_report_is_told(content: bytes, told: str) -> None:
    assert fault(content).startswith(told)


def test_a_wrong_checksum_is_told(packed) -> None:
    content = packed("a.7z", "-mx0").replace("附件二".encode(), "附件三".encode())
    done = read_bundle(content, "a.7z")
    assert done.blocks.select("file", "text").rows() == [row for row in IN_ORDER if "附件2" not in row[0]]
    assert done.notes[0].startswith("a.7z/报告/附件2.txt: the archive is damaged here")


def test_nothing_is_told_at_endless_length() -> None:
    told = fault(zipped({f"{at}.x": compound({"a": b"%d" % at}) for at in range(100)}))
    assert told.count("is not read yet") == 5
    assert told.endswith(" And 95 more like these.")


def test_a_system_without_libarchive_is_told() -> None:
    """Found out by another process, because this one has the library loaded."""
    program = (
        "import sys; sys.path.insert(0, '.')\n"
        "from tasks.read.formats import read_here\n"
        "try: read_here(sys.stdin.buffer.read(), 'a.rar')\n"
        "except ValueError as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=rar5({"a.txt": b"1"}),
        env=os.environ | {"LIBARCHIVE": "libabsent.so"},
        check=True,
        capture_output=True,
    )
    assert done.stdout.decode().startswith("a.rar: RAR and 7z archives are read with the system's libarchive")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100, deadline=None)
@given(
    st.sampled_from(range(5)),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=4)), min_size=1, max_size=5),
)
def test_damaged_archives_are_read_or_told(kind: int, damage: list[tuple[float, bytes]]) -> None:
    own = {name: content for name, content in FOLDER.items() if name.endswith("txt")}
    old = {name.encode("gbk"): content for name, content in own.items()}
    archives = (zipped(own), tarred(own), gzip.compress(tarred(own)), rar4(old), rar5(own))
    content = bytearray(archives[kind])
    for where, instead in damage:
        at = int(where * len(content))
        content[at : at + len(instead)] = instead
    try:
        validate(read(bytes(content), SHA256, "a.zip").blocks, BLOCKS)
    except Unreadable as error:
        assert str(error).startswith("a.zip")
        assert "fault of the program" not in str(error)
