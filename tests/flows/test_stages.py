"""The stages of one batch, on real bytes in a real folder."""

import zipfile
from pathlib import Path

import polars as pl
import pytest

from flows import stages
from flows.batches import assign
from flows.curated import write_partitions
from flows.folder import Folder, file_name
from flows.stages import _isolated, extract_batch, read_batch, reconcile_batch, write_failure
from schemas.curated import CHECKS, OUTCOMES, REPORTS
from schemas.raw import DOCUMENTS
from tasks.fetch import RawStore
from tasks.read.limits import Worker
from tests.read.containers import rar5


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def batch_of(folder: Folder, *contents: bytes) -> str:
    store = RawStore(folder.raw)
    rows = [
        dict.fromkeys(DOCUMENTS.schema)
        | {"document": store.put(content), "source": "s", "url": f"https://example.org/a/{number}.txt"}
        for number, content in enumerate(contents)
    ]
    frame = DOCUMENTS.frame({name: [row[name] for row in rows] for name in DOCUMENTS.schema})
    return assign(folder, frame)[0].name


def outcomes(folder: Folder, files: list[str]) -> dict[str, tuple[str, str]]:
    rows = folder.scan(OUTCOMES, files).collect().iter_rows(named=True)
    return {file_name(row["url"]): (row["outcome"], row["message"]) for row in rows}


@pytest.fixture
def report(real_reports: Path) -> bytes:
    return next(real_reports.glob("003_*.txt")).read_bytes()


def test_from_bytes_to_checks(folder, report):
    batch = batch_of(folder, report, b"")
    read = read_batch(folder, batch)
    told = outcomes(folder, read["files"])
    assert told["0.txt"] == ("done", "")
    assert told["1.txt"][0] == "unreadable" and "1.txt" in told["1.txt"][1]
    extracted = extract_batch(folder, batch, read["formats"])
    reports = folder.scan(REPORTS, extracted["files"]).collect()
    assert reports.select("fiscal_year", "region_code", "format").rows() == [(2020, "510403", "text")]
    assert len(reports["code_revision"][0]) == 16
    checks = folder.scan(CHECKS, reconcile_batch(folder, batch, extracted["files"])["files"]).collect()
    assert "violated" in checks["verdict"]


def test_a_batch_without_anything_readable_goes_through(folder):
    batch = batch_of(folder, b"")
    extracted = extract_batch(folder, batch, read_batch(folder, batch)["formats"])
    checked = reconcile_batch(folder, batch, extracted["files"])
    assert folder.scan(REPORTS, extracted["files"]).collect().is_empty()
    assert folder.scan(CHECKS, checked["files"]).collect().is_empty()


def test_a_damaged_object_stops_its_document_alone_and_is_tried_again(folder, report):
    batch = batch_of(folder, report, report + b"\n")
    damaged = RawStore(folder.raw).put(report)
    RawStore(folder.raw).path(damaged).write_bytes(b"overwritten")
    read = read_batch(folder, batch)
    told = outcomes(folder, read["files"])
    assert told["0.txt"][0] == "unreadable" and "have changed" in told["0.txt"][1]
    assert told["1.txt"] == ("done", "")
    assert not read["settled"]


def test_what_of_an_archive_is_not_read_is_told_beside_its_being_done(folder, tmp_path):
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("决算.txt", "收入合计1万元\n")
        packed.writestr("附表.pps", bytes.fromhex("d0cf11e0a1b11ae1"))
    batch = batch_of(folder, archive.read_bytes(), b"")
    read = read_batch(folder, batch)
    told = outcomes(folder, read["files"])
    assert told["0.txt"][0] == "done"
    assert told["0.txt"][1].startswith("0.txt/附表.pps: the Office file is damaged")
    assert told["1.txt"][0] == "unreadable"
    assert list(read["formats"].values()) == ["zip"]


def test_what_the_machine_lacks_is_tried_again(folder, monkeypatch):
    monkeypatch.setenv("LIBARCHIVE", "libabsent.so")
    monkeypatch.setattr("tasks.read.limits._worker", Worker())
    batch = batch_of(folder, rar5({"决算.txt": b"1"}), b"1")
    read = read_batch(folder, batch)
    told = outcomes(folder, read["files"])
    assert told["0.txt"][0] == "unreadable" and "libarchive" in told["0.txt"][1]
    assert told["1.txt"] == ("done", "")
    assert not read["settled"]
    monkeypatch.delenv("LIBARCHIVE")
    monkeypatch.setattr("tasks.read.limits._worker", Worker())
    again = read_batch(folder, batch)
    assert again["settled"] and "rar" in again["formats"].values()


def test_what_breaks_the_code_is_set_apart_and_the_others_go_on():
    def work(items):
        if "b" in items:
            raise KeyError("b")
        return list(items)

    done, broken = _isolated(work, ["a", "b", "c"])
    assert done == [["a"], ["c"]]
    assert list(broken) == ["b"]


def test_a_portion_that_breaks_leaves_the_others_whole(monkeypatch):
    monkeypatch.setattr(stages, "PORTION", 2)

    def work(items):
        if "b" in items:
            raise KeyError("b")
        return list(items)

    done, broken = _isolated(work, ["a", "b", "c", "d", "e"])
    assert done == [["a"], ["c", "d"], ["e"]]
    assert list(broken) == ["b"]


def test_what_is_wrong_with_the_machine_is_not_blamed_on_a_document():
    def work(items):
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        _isolated(work, ["a", "b"])


def test_a_failed_batch_gives_every_document_a_reason(folder, report):
    batch = batch_of(folder, report, b"x")
    file = write_failure(folder, batch, "read", "OSError: No space left")
    assert {outcome for outcome, _ in outcomes(folder, [file]).values()} == {"unreadable"}


def test_partitions_that_a_batch_fills_no_more_are_removed(folder, report):
    batch = batch_of(folder, report)
    extracted = extract_batch(folder, batch, read_batch(folder, batch)["formats"])
    reports = folder.scan(REPORTS, extracted["files"]).collect()
    (written,) = write_partitions(folder, reports, REPORTS, batch)
    (moved,) = write_partitions(folder, reports.with_columns(fiscal_year=pl.lit(2021, pl.Int16)), REPORTS, batch)
    assert "fiscal_year=2021" in moved
    assert not (folder.root / written).exists()
    assert (folder.root / moved).exists()


def test_partitions_are_read_with_their_keys_by_polars_and_duckdb(folder, report):
    import duckdb

    batch = batch_of(folder, report)
    extract_batch(folder, batch, read_batch(folder, batch)["formats"])
    table = folder.root / "curated" / "reports"
    assert pl.scan_parquet(table).select("fiscal_year", "region_code").collect().rows() == [(2020, "510403")]
    # DuckDB takes the folder names for numbers; the columns in the files have their own types.
    files = f"read_parquet('{table}/**/*.parquet', hive_partitioning = false)"
    found = duckdb.sql(f"select fiscal_year, region_code from {files}").fetchall()
    assert found == [(2020, "510403")]


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://example.org/a/%E5%86%B3%E7%AE%97.docx?v=1", "决算.docx"),
        ("folder/报告.txt", "报告.txt"),
        ("https://example.org/", "https://example.org/"),
    ],
)
def test_people_know_a_document_by_the_last_part_of_its_address(url, name):
    assert file_name(url) == name
