"""Ctrl-C during a run."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]


@pytest.fixture
def interrupts_arrive():
    """A shell may start the tests with interrupts ignored, which the command would inherit."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_ctrl_c_ends_the_run_at_once_without_a_word_and_the_next_run_finishes(
    interrupts_arrive, real_reports, command, tmp_path
):
    run = subprocess.Popen(
        [sys.executable, "-m", "flows.cli", "run", str(real_reports), "--data", str(tmp_path)],
        cwd=HOUSE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )
    assert run.stderr and run.stderr.readline().startswith("fetch:")
    os.killpg(run.pid, signal.SIGINT)
    out, err = run.communicate(timeout=30)
    assert run.returncode == 130
    assert out == ""
    assert all(line.split(":")[0] in ("read", "extract", "reconcile", "audit") for line in err.splitlines()), err
    assert command("run", real_reports, data=tmp_path).out.startswith("3 published, 2 held\n")
