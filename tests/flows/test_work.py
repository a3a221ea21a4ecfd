"""The processes that work on batches."""

import os
import subprocess
import sys

import pytest

from flows.work import POLARS_THREADS, one_thread_each


@pytest.mark.parametrize(("told", "threads"), [(None, "1"), ("2", "2")])
def test_processes_of_a_pool_have_one_thread_each_unless_somebody_says_how_many(monkeypatch, told, threads):
    monkeypatch.delenv(POLARS_THREADS, raising=False)
    if told:
        monkeypatch.setenv(POLARS_THREADS, told)
    with one_thread_each():
        process = [sys.executable, "-c", "import polars; print(polars.thread_pool_size())"]
        assert subprocess.run(process, capture_output=True, text=True, check=True).stdout.strip() == threads
    assert os.environ.get(POLARS_THREADS) == told
