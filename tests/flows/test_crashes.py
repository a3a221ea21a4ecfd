"""Killed runs (see tests/crashes.py, which does the same thirty times)."""

import pytest

from tests.crashes import crash, prepare


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    return prepare(tmp_path_factory.mktemp("crashes"), 2, 4)


@pytest.mark.parametrize(("stage", "delay"), [("fetch", 0.0), ("extract", 0.3), ("switched", 0.0)])
def test_a_killed_run_loses_nothing_and_the_next_one_finishes_with_the_same_bytes(scene, tmp_path, stage, delay):
    done = crash(scene, tmp_path / "data", stage, delay)
    assert done.killed, "the run had ended before it was killed"
    assert done.faults == []
    assert done.reads > 0
