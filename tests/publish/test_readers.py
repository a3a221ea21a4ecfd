"""What DuckDB, polars and pandas see while releases are switched under them."""

import contextlib
import os
import threading
from pathlib import Path

import duckdb
import pandas
import polars as pl
import pytest


def read_duckdb(path: Path) -> list[int]:
    return [row[0] for row in duckdb.sql(f"select block from read_parquet('{path}')").fetchall()]


def read_polars(path: Path) -> list[int]:
    return pl.read_parquet(path, columns=["block"])["block"].to_list()


def scan_polars(path: Path) -> list[int]:
    return pl.scan_parquet(path).select("block").collect()["block"].to_list()


def read_pandas(path: Path) -> list[int]:
    return pandas.read_parquet(path, columns=["block"])["block"].tolist()


@pytest.fixture
def turning(make, tmp_path):
    """The marts folder with two releases that take turns: facts of the one carry block 1, of the other block 2."""
    for block, size in SIZES.items():
        facts = [make.fact("a", n, "revenue_total", "1", block=block) for n in range(size)]
        make.publish(tmp_path, [make.report("a")], facts)
    releases = sorted(path.name for path in (tmp_path / "releases").iterdir())
    done = threading.Event()

    def take_turns() -> None:
        while not done.wait(0.001):
            releases.reverse()
            link = tmp_path / ".current-test"
            link.symlink_to(Path("releases", releases[0]))
            os.replace(link, tmp_path / "current")

    switching = threading.Thread(target=take_turns)
    switching.start()
    yield tmp_path
    done.set()
    switching.join()


SIZES = {1: 300, 2: 700}
READERS = pytest.mark.parametrize("read", [read_duckdb, read_polars, scan_polars, read_pandas])


@READERS
def test_a_reader_of_a_resolved_release_is_never_disturbed(turning, read):
    seen = [read((turning / "current").resolve() / "facts.parquet") for _ in range(50)]
    assert {(len(blocks), *set(blocks)) for blocks in seen} == {(300, 1), (700, 2)}


@pytest.mark.parametrize("read", [read_polars, scan_polars, read_pandas])
def test_a_reader_of_current_sees_a_whole_table_or_an_error(turning, read):
    """These open the file more than once, and a switch between the openings is an error. DuckDB may then mix two releases."""
    seen = set()
    for _ in range(50):
        with contextlib.suppress(OSError, duckdb.Error, pl.exceptions.ComputeError, pl.exceptions.PanicException):
            blocks = read(turning / "current" / "facts.parquet")
            seen.add((len(blocks), *set(blocks)))
    assert seen == {(300, 1), (700, 2)}
