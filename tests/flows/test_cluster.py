"""The same flow on a Dask cluster of two worker processes."""

from __future__ import annotations

import shutil
import sys
import threading
import time
from pathlib import Path

import dask
import pytest

from flows import batches, work
from flows.cluster import ClusterError, connected
from flows.settings import DASK
from tests.cli.conftest import Done, juesuan
from tests.cli.test_run import digests
from tests.crashes import write_reports
from tests.flows.cluster import HOUSE, cluster

REPORTS, BATCH = 200, 25


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("written")
    write_reports(folder, REPORTS)
    return folder


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "SIZE", BATCH)


@pytest.fixture(scope="module")
def local(reports: Path, tmp_path_factory: pytest.TempPathFactory) -> Done:
    """The same reports without a cluster."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batches, "SIZE", BATCH)
        return juesuan("run", reports, data=tmp_path_factory.mktemp("local"))


def curated(data: Path) -> list[str]:
    return sorted(
        str(file.relative_to(data)) for file in data.glob("[rc]*/**/*.parquet") if "fetches" not in file.parts
    )


def test_two_workers_make_the_same_bytes(local, reports, tmp_path, monkeypatch):
    monkeypatch.setattr(work, "ProcessPoolTaskRunner", None)
    with cluster(tmp_path, 2) as there:
        monkeypatch.setenv(DASK, there.address)
        done = juesuan("run", reports, data=tmp_path / "data")
    assert (local.status, done.status) == (0, 0), local.err + done.err
    assert digests(done.data) == digests(local.data)
    assert curated(done.data) == curated(local.data)


def test_a_worker_that_is_killed_loses_nothing_and_nothing_is_there_twice(local, reports, tmp_path, monkeypatch):
    data = tmp_path / "data"
    killed: list[int] = []

    def kill(worker):
        while not list(data.glob("raw/blocks/*.parquet")):
            time.sleep(0.005)
        worker.kill()
        killed.append(len(list(data.glob("curated/outcomes/stage=reconcile/*.parquet"))))

    with cluster(tmp_path, 2) as there:
        monkeypatch.setenv(DASK, there.address)
        threading.Thread(target=kill, args=there.workers[:1], daemon=True).start()
        done = juesuan("run", reports, data=data)
    assert killed and killed[0] < REPORTS // BATCH, "the worker was killed when its work was done"
    assert done.status == 0, done.out + done.err
    assert digests(data) == digests(local.data)
    assert curated(data) == curated(local.data)


def test_a_worker_with_other_code_is_not_asked(tmp_path):
    house = tmp_path / "house"
    for room in ("flows", "tasks", "schemas", "expectations"):
        shutil.copytree(HOUSE / room, house / room)
    (house / "schemas" / "raw.py").open("a").write("# another version\n")
    with (
        cluster(tmp_path, 1, house) as there,
        pytest.raises(ClusterError, match=r"the Dask worker tcp://.* runs other code than this run"),
        connected(there.address),
    ):
        pass


def test_without_prefect_dask_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "prefect_dask.task_runners", None)
    with pytest.raises(ClusterError, match=r"pip install 'juesuan\[dask\]'"), connected("tcp://127.0.0.1:1"):
        pass


def test_without_a_scheduler_it_says_so():
    with (
        dask.config.set({"distributed.comm.timeouts.connect": "1s"}),
        pytest.raises(ClusterError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:1 \("),
        connected("tcp://127.0.0.1:1"),
    ):
        pass
