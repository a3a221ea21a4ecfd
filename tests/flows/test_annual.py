"""The flow itself, on several batches in processes of their own."""

import logging
import shutil
from pathlib import Path

import polars as pl
import pytest

from flows import batches
from flows.annual import annual
from flows.summary import Summary


def run(inputs: Path, data: Path) -> tuple[str, Summary]:
    state = annual([str(inputs)], data=str(data), return_state=True)
    return state.type.value, state.result(raise_on_failure=False)


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory, real_reports: Path) -> tuple[Path, Path, Summary]:
    """Five reports in three batches, run once: the folder of the reports, the data folder, the summary."""
    reports, data = tmp_path_factory.mktemp("reports"), tmp_path_factory.mktemp("data")
    for file in real_reports.glob("*.txt"):
        shutil.copy(file, reports)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batches, "SIZE", 2)
        status, summary = run(reports, data)
    assert status == "FAILED", summary
    return reports, data, summary


@pytest.fixture
def own(several, tmp_path) -> tuple[Path, Path]:
    """A copy of the reports and of the data folder."""
    reports, data, _ = several
    for name, folder in (("reports", reports), ("data", data)):
        shutil.copytree(folder, tmp_path / name, symlinks=True)
    return tmp_path / "reports", tmp_path / "data"


def test_every_stage_of_every_batch_is_done_once(several):
    _, _, summary = several
    assert summary["work"] == {
        "read": (3, 0),
        "extract": (3, 0),
        "reconcile": (3, 0),
        "compare": (1, 0),
        "audit": (1, 0),
        "publish": (1, 0),
        "site": (1, 0),
    }
    assert summary["published"] == 3
    assert [entry["status"] for entry in summary["entries"]] == ["held", "held"]


def test_a_new_report_redoes_only_itself(several, own, real_reports):
    _, data = own
    reports = several[0]
    corrected = next(reports.glob("000_*.txt"))
    before = corrected.read_text(encoding="utf-8")
    corrected.write_text(before.replace("97.93万元", "97.66万元").replace("797.02万元", "796.73万元"), encoding="utf-8")
    try:
        _, summary = run(reports, data)
    finally:
        corrected.write_text(before, encoding="utf-8")
    assert summary["work"]["read"] == (1, 3)
    assert summary["work"]["reconcile"] == (1, 3)


def test_a_batch_that_fails_stops_no_other_and_is_taken_up_again(several, own):
    reports, data = several[0], own[1]
    blocks = sorted((data / "raw" / "blocks").glob("*.parquet"))[0]
    blocks.unlink()
    blocks.mkdir()
    status, summary = run(reports, data)
    assert status == "FAILED"
    assert summary["work"]["read"] == (0, 2)
    assert len(summary["broken"]) == 1 and "stage read" in summary["broken"][0]
    unreadable = [entry for entry in summary["entries"] if entry["status"] == "unreadable"]
    assert unreadable and all("takes it up again" in entry["why"] for entry in unreadable)
    blocks.rmdir()
    _, summary = run(reports, data)
    assert summary["broken"] == []
    assert summary["work"]["read"] == (1, 2)
    assert summary["published"] == 3


def test_a_record_cut_short_by_a_killed_run_is_made_again(several, own):
    reports, data = several[0], own[1]
    for record in (data / ".results").iterdir():
        record.write_bytes(record.read_bytes()[:40])
    _, summary = run(reports, data)
    assert summary["work"]["read"] == (3, 0)
    assert summary["published"] == 3


def test_what_is_logged_tells_the_stages(several, own, caplog):
    with caplog.at_level(logging.INFO, "juesuan"):
        run(several[0], own[1])
    told = [record.progress.stage for record in caplog.records if hasattr(record, "progress")]
    assert list(dict.fromkeys(told)) == ["fetch", "read", "extract", "reconcile", "compare", "audit", "publish", "site"]


def test_the_tables_of_all_batches_together_have_unique_keys(several):
    reports = pl.scan_parquet(several[1] / "curated" / "reports").collect()
    assert reports["report_id"].n_unique() == reports.height == 5
