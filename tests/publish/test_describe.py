"""How to open a table: the lines that people paste."""

import subprocess
from pathlib import Path

import duckdb
import pandas
import polars
import pytest

from tasks.publish.describe import openers


@pytest.mark.parametrize("folder", ["plain", "it's", 'a "b" $HOME', "西区 数据"])
def test_lines_open_the_file_whatever_the_folder_is_called(tmp_path: Path, folder: str) -> None:
    path = tmp_path / folder / "t.parquet"
    path.parent.mkdir()
    duckdb.sql("select 7 as x").write_parquet(str(path))
    lines = openers(path)
    # What the shell hands to duckdb, of which tests have the library and not the program.
    query = subprocess.check_output(["bash", "-c", lines["DuckDB"].replace("duckdb -c", "printf %s")], text=True)
    assert duckdb.sql(query).fetchall() == [(7,)]
    names = {"pl": polars, "pd": pandas}
    for tool in ("polars", "pandas"):
        assert eval(lines[tool], names)["x"].to_list() == [7]
    assert lines["R"].startswith("arrow::read_parquet(") and lines["R"].endswith('t.parquet")')
