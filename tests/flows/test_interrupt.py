"""Worker processes of a run whose first process is killed alone."""

import subprocess
import sys
import time
from pathlib import Path

from tests.flows.conftest import HOUSE, alive

RUN = """
import os, time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from flows.interrupt import belong_to_the_run

if __name__ == "__main__":
    pool = ProcessPoolExecutor(2, mp_context=get_context("spawn"), initializer=belong_to_the_run)
    list(pool.map(time.sleep, [0.5, 0.5]))
    print(*pool._processes, flush=True)
    time.sleep(60)
"""


def test_they_end_by_themselves(tmp_path: Path) -> None:
    (tmp_path / "run.py").write_text(RUN)
    environment = {"PYTHONPATH": str(HOUSE)}
    run = subprocess.Popen([sys.executable, tmp_path / "run.py"], env=environment, stdout=subprocess.PIPE, text=True)
    assert run.stdout
    workers = {int(each) for each in run.stdout.readline().split()}
    assert len(workers) == len(alive(workers)) == 2
    run.kill()
    run.wait()
    until = time.monotonic() + 20
    while alive(workers) and time.monotonic() < until:
        time.sleep(0.1)
    assert not alive(workers)
