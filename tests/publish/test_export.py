"""What an export writes is what the release has, and nothing in it runs in a spreadsheet."""

import csv
import io
import zipfile
from datetime import date
from decimal import Decimal

import duckdb
import polars as pl
import pytest
from lxml import etree

from schemas.companions import COMPANIONS
from schemas.marts import BY_NAME
from tasks.publish.export import ExportError, as_xlsx, export, source

EVIL = ["=1+1", "+1", "-cmd|' /C calc'!A1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "－1", "+"]
TAME = ["-0.15", "1=1", "西区样例局", "12", 'a;"=1+1', "", "多\n行"]


@pytest.fixture
def release(make, tmp_path):
    """A release whose facts quote each of the texts."""
    facts = [make.fact("a", n, "revenue_total", f"{n}.07", quote=text) for n, text in enumerate([*EVIL, *TAME])]
    reviewed = [{"finding": "0" * 12, "by": "@某", "reason": "=1", "date": date(2026, 1, 1), "until": None}]
    checks = [make.check("a", "S03", "acknowledged", finding="0" * 12, lhs=Decimal("123456789012345.6"), facts=[0])]
    return make.publish(tmp_path / "marts", [make.report("a")], facts, checks, acknowledgements=reviewed)


def read_csv(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_all_tables_are_written_and_nothing_else(release, tmp_path):
    for file_format in ("csv", "xlsx"):
        written = export(release, tmp_path / file_format, file_format)
        names = [*BY_NAME, *(table.name for table in COMPANIONS)]
        assert [file.path.name for file in written] == [f"{name}.{file_format}" for name in names]
        assert {path.name for path in (tmp_path / file_format).iterdir()} == {file.path.name for file in written}
        assert written[1].rows == len(EVIL) + len(TAME)


def test_csv_has_every_value_exactly(release, tmp_path):
    export(release, tmp_path, "csv", ["facts"])
    rows, facts = read_csv(tmp_path / "facts.csv"), pl.read_parquet(release / "facts.parquet")
    assert [*rows[0]] == facts.columns and len(rows) == facts.height
    assert [Decimal(row["amount_cny"]) for row in rows] == facts["amount_cny"].to_list()
    assert [row["quote"] for row in rows][len(EVIL) :] == TAME
    assert (tmp_path / "facts.csv").read_bytes().startswith(b"\xef\xbb\xbf"), "the mark by which Excel knows UTF-8"
    assert {row["member_code"] for row in rows} == {""}


def test_csv_guards_text_that_looks_like_a_formula(release, tmp_path):
    export(release, tmp_path, "csv", ["facts", "findings"])
    rows = read_csv(tmp_path / "facts.csv")
    assert [row["quote"] for row in rows][: len(EVIL)] == [f"'{text}" for text in EVIL]
    (finding,) = read_csv(tmp_path / "findings.csv")
    assert (finding["acknowledged_by"], finding["acknowledged_reason"]) == ("'@某", "'=1")
    text = (tmp_path / "facts.csv").read_text(encoding="utf-8-sig")
    assert '"a;""=1+1"' in text, "text is in quotation marks, also where another separator would part it"


def cells(path, sheet=1):
    """The cells of a sheet by row: text, or the number as written; and whether there is any formula."""
    space = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    with zipfile.ZipFile(path) as book:
        root = etree.fromstring(book.read(f"xl/worksheets/sheet{sheet}.xml"))
    rows = [
        {cell.get("r"): (cell.get("t", "n"), "".join(cell.itertext())) for cell in row.iterfind("x:c", space)}
        for row in root.iterfind(".//x:row", space)
    ]
    assert not root.findall(".//x:f", space) and not root.findall(".//x:hyperlink", space)
    return rows


def test_a_workbook_has_text_as_text_and_numbers_as_numbers(release, tmp_path):
    export(release, tmp_path, "xlsx", ["facts"])
    head, *rows = cells(tmp_path / "facts.xlsx")
    places = {told: cell.rstrip("1") for cell, (_, told) in head.items()}
    quotes = [row.get(f"{places['quote']}{n}", ("", ""))[1] for n, row in enumerate(rows, 2)]
    assert [quote.replace("_x000D_", "\r") for quote in quotes] == [*EVIL, *TAME]
    amounts = [row[f"{places['amount_cny']}{n}"] for n, row in enumerate(rows, 2)]
    assert amounts[:2] == [("n", "700"), ("n", "10700")]
    assert {kind for row in rows for kind, told in row.values() if told in EVIL} == {"inlineStr"}


def test_a_workbook_tells_what_excel_cannot_hold(release, tmp_path, monkeypatch):
    monkeypatch.setattr(as_xlsx, "CELL", 8)
    export(release, tmp_path, "xlsx", ["findings"])
    about = "\n".join(told for row in cells(tmp_path / "findings.xlsx", 2) for _, told in row.values())
    assert f"Table findings of the release {release.name}" in about
    assert "1 numbers of this table have more and are rounded" in about
    texts = pl.read_parquet(release / "findings.parquet").select(pl.col(pl.String)).row(0)
    longer = sum(len(text) > 8 for text in texts if text)
    assert longer > 3 and f"A cell holds 8 characters: {longer} texts" in about
    assert "Left side in its base unit" in about


def test_a_table_that_is_longer_than_a_sheet_goes_on_in_the_next(release, tmp_path, monkeypatch):
    monkeypatch.setattr(as_xlsx, "SHEET_ROWS", 7)
    monkeypatch.setattr(source, "ROWS", 4)
    export(release, tmp_path, "xlsx", ["facts"])
    sheets = [cells(tmp_path / "facts.xlsx", number) for number in (1, 2, 3)]
    assert [len(sheet) for sheet in sheets] == [7, 7, 5]
    assert sheets[0][0] == sheets[1][0] == sheets[2][0]


def test_parts_are_put_together(release, tmp_path, monkeypatch):
    whole = export(release, tmp_path / "whole", "csv", ["facts"])[0].path.read_bytes()
    monkeypatch.setattr(source, "ROWS", 3)
    assert export(release, tmp_path / "parts", "csv", ["facts"])[0].path.read_bytes() == whole


def test_a_database_has_every_table_with_its_meaning(release, tmp_path):
    (written,) = export(release, tmp_path, "duckdb")
    with duckdb.connect(str(written.path), read_only=True) as database:
        for name in (*BY_NAME, "concepts", "changes"):
            theirs = database.sql(f"from {name}").pl()
            ours = pl.read_parquet(release / f"{name}.parquet")
            assert theirs.equals(ours) and theirs.schema == ours.schema
        told = dict(
            database.execute("select column_name, comment from duckdb_columns() where table_name = 'facts'").fetchall()
        )
        assert told["amount_cny"] == "Signed exact amount; empty for other units [yuan]"
        (about,) = database.execute("select comment from duckdb_tables() where table_name = 'facts'").fetchone()
        assert "one stated figure" in about and release.name in about


def test_a_file_that_is_there_is_replaced_whole(release, tmp_path):
    for file_format, name in (("csv", "reports.csv"), ("xlsx", "reports.xlsx"), ("duckdb", "juesuan.duckdb")):
        (tmp_path / name).write_bytes(b"old")
        (written,) = export(release, tmp_path, file_format, ["reports"])
        assert written.path == tmp_path / name and written.path.stat().st_size > 500
    assert not list(tmp_path.glob(".*"))


def test_what_cannot_be_exported_is_said_in_a_sentence(release, tmp_path):
    with pytest.raises(ExportError, match=r"has no table 'nonsense': choose of reports, facts, "):
        export(release, tmp_path, "csv", ["nonsense"])
    (tmp_path / "file").touch()
    for file_format in ("csv", "xlsx", "duckdb"):
        with pytest.raises(ExportError, match=r"the folder .*/file/x cannot be written: Not a directory"):
            export(release, tmp_path / "file" / "x", file_format)


def test_an_empty_table_has_a_heading(make, tmp_path):
    empty = make.publish(tmp_path / "marts", [])
    export(empty, tmp_path, "csv", ["reports"])
    assert [*csv.reader(io.StringIO((tmp_path / "reports.csv").read_text("utf-8-sig")))] == [
        BY_NAME["reports"].schema.names()
    ]
