"""`juesuan facts`."""

import csv
import io
import json
import zipfile
from pathlib import Path

import polars as pl
import pytest

from flows.cli import main
from flows.cli.facts import FIRST


@pytest.fixture
def report(real_reports: Path) -> Path:
    return next(real_reports.glob("002_*.txt"))


def test_csv_has_the_columns_that_others_build_on_and_empty_cells_for_null(report, capfdbinary):
    assert main(["facts", str(report)]) == 0
    rows = list(csv.DictReader(io.StringIO(capfdbinary.readouterr().out.decode("utf-8"))))
    assert tuple(rows[0])[: len(FIRST)] == FIRST
    total = next(row for row in rows if row["concept"] == "revenue_total")
    assert (total["value"], total["unit"], total["amount_cny"]) == ("538.25", "万元", "5382500.0000")
    assert total["member_code"] == ""


def test_every_quote_is_the_text_between_its_offsets(report, capfdbinary):
    text = report.read_text(encoding="utf-8")
    assert main(["facts", str(report), "--format", "json"]) == 0
    facts = json.loads(capfdbinary.readouterr().out)
    assert len(facts) > 100
    assert all(text[fact["start"] : fact["end"]] == fact["quote"] for fact in facts)


def test_parquet_holds_the_same_facts_with_exact_amounts(report, tmp_path, capfdbinary):
    out = tmp_path / "facts.parquet"
    assert main(["facts", str(report), "--format", "parquet", "-o", str(out)]) == 0
    assert main(["facts", str(report)]) == 0
    frame = pl.read_parquet(out)
    assert frame.schema["amount_cny"] == pl.Decimal(24, 4)
    assert frame.height == len(list(csv.reader(io.StringIO(capfdbinary.readouterr().out.decode())))) - 1


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("empty.txt", b"", "empty"),
        ("junk.txt", bytes(range(256)) * 40, "neither text nor a known format"),
        ("novel.txt", "从前有座山，山里有座庙。\n".encode() * 50, "novel.txt"),
        ("absent.txt", None, "absent.txt"),
    ],
)
def test_what_is_no_report_is_told_in_one_sentence(name, content, told, tmp_path, capfd):
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    assert main(["facts", str(file)]) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert told in err and err.count("\n") == 1


def test_what_of_an_archive_is_not_read_is_told_and_the_rest_printed(tmp_path, capfd):
    report = Path(__file__).parents[2] / "sources" / "sample" / "002.txt"
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.write(report, "部门决算.txt")
        packed.writestr("附表.pps", bytes.fromhex("d0cf11e0a1b11ae1"))
    assert main(["facts", str(report)]) == 0
    alone = capfd.readouterr().out.count("\n")
    assert main(["facts", str(archive)]) == 0
    out, err = capfd.readouterr()
    assert out.count("\n") == alone > 100
    assert err.startswith(f"juesuan: {archive}/附表.pps: the Office file is damaged") and err.count("\n") == 1


def test_an_output_that_cannot_be_written_is_told(report, tmp_path, capfd):
    assert main(["facts", str(report), "-o", str(tmp_path / "no" / "folder.csv")]) == 2
    assert "cannot be written" in capfd.readouterr().err
