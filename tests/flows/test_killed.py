"""`juesuan serve` is killed with a run under way; the next one takes everything up."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import polars as pl

from tests.flows.conftest import Served, alive, descendants, end_serve, environment, open_site, start_serve
from tests.flows.test_automations import TOLD
from tests.flows.test_serve import written


def automations(served: Served) -> dict[str, Any]:
    """By name, when each was made; the names are different. When one is called, the server counts that as a change."""
    there = served.api("automations/filter", {})
    found = {each["name"]: each["created"] for each in there}
    assert len(found) == len(there)
    return found


def refused(home: Path) -> str:
    """What a second serve on the same folder says."""
    command = [sys.executable, "-m", "flows.cli", "serve", "--port", "4199"]
    second = subprocess.run(command, cwd=home, env=environment(), capture_output=True, text=True, timeout=60)
    assert second.returncode == 2
    return second.stderr


def test_nothing_is_left_of_a_killed_serve_and_the_next_one_runs_what_was_lost(tmp_path: Path) -> None:
    with open_site() as site:
        site.pages["/0.txt"], site.seconds["/0.txt"] = written(0), 60.0
        (tmp_path / "2.txt").write_bytes(written(2))
        sources = f'[[source]]\nname = "a"\npath = "2.txt"\n[[source]]\nname = "b"\nurl = "{site.address}/0.txt"\n'
        (tmp_path / "reports.toml").write_text(sources, encoding="utf-8")
        served = start_serve(tmp_path, "--webhook", f"{site.address}/told")
        made = automations(served)
        assert set(made) == TOLD
        run = served.start("annual", "annual", inputs=["reports.toml"], previous_year=False)
        while not site.asked["/0.txt"]:
            assert served.api(f"flow_runs/{run}")["state_type"] in ("SCHEDULED", "PENDING", "RUNNING")
            time.sleep(0.5)
        assert f"is served already, by process {served.process.pid} at {served.address}" in refused(tmp_path)

        started = descendants(served.process.pid)
        assert len(started) >= 4
        served.process.send_signal(signal.SIGKILL)
        served.process.wait()
        site.seconds.clear()
        served = start_serve(tmp_path, "--webhook", f"{site.address}/told")
        try:
            assert not alive(started)
            assert automations(served) == made
            done = served.ended(run, attempt=2)
            assert (done["state_type"], done["state"]["message"]) == ("COMPLETED", "2 published")
            states = served.api(f"flow_run_states/?flow_run_id={run}")
            (crashed,) = [each for each in states if each["type"] == "CRASHED"]
            assert crashed["message"].startswith("It was lost: juesuan serve or the machine was killed while it ran.")
            assert pl.read_parquet(tmp_path / "data" / "marts" / "current" / "reports.parquet").height == 2
        finally:
            end_serve(served)


def test_it_ends_by_itself_where_its_server_is_killed(tmp_path: Path) -> None:
    served = start_serve(tmp_path)
    started = descendants(served.process.pid) - {served.process.pid}
    (server,) = [each for each in started if b"flows.server:app" in Path(f"/proc/{each}/cmdline").read_bytes()]
    os.kill(server, signal.SIGKILL)
    assert served.process.wait(60) == 1
    assert not alive(started)
    assert "has ended by itself" in (tmp_path / "stderr.txt").read_text()
