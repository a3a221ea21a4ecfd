"""One run at a time on a data folder, whatever became of the one before."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from flows.folder import Folder, FolderError
from schemas.curated import OUTCOMES
from tests.cli.conftest import juesuan

HOUSE = Path(__file__).resolve().parents[2]
HOLDS = "import sys; from pathlib import Path; from flows.folder import Folder\nwith Folder(Path(sys.argv[1])).held(): print(flush=True); sys.stdin.read()"


@pytest.fixture
def other(tmp_path):
    """Another process that has the folder."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(tmp_path)],
        cwd=HOUSE,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout and process.stdout.readline()
    yield process
    process.kill()
    process.communicate()


def test_a_second_run_is_refused_with_the_name_of_the_first(other, tmp_path):
    done = juesuan("run", data=tmp_path)
    assert (done.status, done.out) == (2, "")
    assert f"the data folder {tmp_path} is in use by process {other.pid} on " in done.err
    assert done.err.count("\n") == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == [".lock"]


def test_a_killed_run_leaves_no_lock(other, tmp_path):
    os.kill(other.pid, signal.SIGKILL)
    other.wait()
    with (
        Folder(tmp_path).held(),
        pytest.raises(FolderError, match=f"process {os.getpid()} on .* since 20"),
        Folder(tmp_path).held(),
    ):
        pass
    with Folder(tmp_path).held():
        pass


def test_what_a_killed_run_left_half_written_is_removed_and_nothing_else(tmp_path):
    whole, half = tmp_path / "raw" / "objects" / "ab" / "abcd", tmp_path / "raw" / "objects" / "ab" / ".1f.partial"
    whole.parent.mkdir(parents=True)
    for file in (whole, half):
        file.write_bytes(b"bytes")
    Folder(tmp_path).sweep()
    assert whole.exists() and not half.exists()


def test_columns_that_came_later_are_empty_in_what_older_code_has_left(tmp_path):
    row = {
        "source": "s",
        "url": "u",
        "document": None,
        "report_id": None,
        "stage": "read",
        "outcome": "done",
        "message": "",
    }
    now = OUTCOMES.frame({name: [value] for name, value in row.items()})
    for name, frame in (("a", now), ("b", now.drop("report_id").with_columns(gone=pl.lit(1)))):
        path = tmp_path / "curated" / "outcomes" / f"{name}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        frame.write_parquet(path)
    assert Folder(tmp_path).scan_all(OUTCOMES).collect().equals(pl.concat([now, now]))
