"""`juesuan marts TABLE`, `diff` and `export` on small releases."""

import json

import duckdb
import polars as pl
import pytest

from tests.publish.conftest import Maker


@pytest.fixture
def two(tmp_path):
    """A data folder with two releases: the second restates a total."""
    make, data = Maker(), tmp_path / "data"
    data.mkdir()
    make.publish(data / "marts", [make.report("a")], [make.fact("a", 0, "revenue_total", "5")])
    make.publish(data / "marts", [make.report("b")], [make.fact("b", 0, "revenue_total", "6")], day=21)
    return data


def test_marts_tells_how_to_open_what_it_lists(two, command):
    done = command("marts", data=two)
    assert done.status == 0 and "changes" in done.out and "concepts" in done.out
    lines = dict(line.strip().split("  ", 1) for line in done.out.split("to open reports.parquet:\n")[1].splitlines())
    assert [*lines] == ["DuckDB", "polars", "pandas", "R"] and all(
        str(two.resolve()) in line for line in lines.values()
    )
    query = lines["DuckDB"].strip().removeprefix('duckdb -c "').removesuffix('"')
    assert duckdb.sql(query).pl()["report_id"].to_list() == ["b" * 16]
    assert eval(lines["polars"].strip(), {"pl": pl}).height == 1


def test_marts_tells_the_columns_of_a_table(two, command):
    done = command("marts", "three_public", data=two)
    line = next(line for line in done.out.splitlines() if line.startswith("amount "))
    assert line.split(maxsplit=3) == ["amount", "number,", "yuan", "Expenditure"]
    assert "to open three_public.parquet:" in done.out
    unknown = command("marts", "nonsense", data=two)
    assert unknown.status == 2 and "there is no table 'nonsense': choose one of reports, facts" in unknown.err


def test_diff_tells_what_the_last_release_changed(two, command):
    done = command("diff", data=two)
    assert done.status == 0
    assert "| 西区样例局 2020 部门 | 收入总计 | 5万元 | 6万元 | the publisher has issued another document |" in done.out
    assert done.out == (two / "marts" / "current" / "CHANGES.md").read_text()


def test_diff_takes_names_either_way_round(two, command):
    older, newer = sorted(path.name for path in (two / "marts" / "releases").iterdir())
    told = json.loads(command("diff", newer, older, "--format", "json", data=two).out)
    assert (told["before"], told["now"]) == (newer, older)
    assert [change["now"] for change in told["changes"] if change["change"] == "figure"] == ["5万元"]


@pytest.mark.parametrize("name", ["2020-01-01-00000000", "../releases", ""])
def test_a_release_that_is_not_there_is_told_with_those_that_are(two, command, name):
    done = command("diff", name, "current", data=two)
    assert done.status == 2 and "has no release" in done.err and "2026-11-20-" in done.err


def test_diff_of_the_first_release_says_what_to_do(tmp_path, command):
    make = Maker()
    make.publish(tmp_path / "marts", [make.report("a")])
    done = command("diff", data=tmp_path)
    assert done.status == 2 and "names none before it: name a release" in done.err
    nothing = command("diff", data=tmp_path / "nowhere")
    assert nothing.status == 2 and "it has none" in nothing.err


def test_export_writes_one_table_of_an_older_release(two, command, tmp_path):
    done = command(
        "export", "--format", "csv", "--table", "facts", "--release", "previous", "-o", tmp_path / "out", data=two
    )
    assert done.status == 0 and "1 rows" in done.out
    (written,) = (tmp_path / "out").iterdir()
    assert pl.read_csv(written, schema_overrides={"value": pl.String})["value"].to_list() == ["5"]


def test_export_of_what_is_not_there_ends_with_2(two, command, tmp_path):
    for arguments, told in ((["--table", "x"], "has no table 'x'"), (["--release", "x"], "has no release 'x'")):
        done = command("export", "--format", "csv", "-o", tmp_path / "out", *arguments, data=two)
        assert done.status == 2 and told in done.err
