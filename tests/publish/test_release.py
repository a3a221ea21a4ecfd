"""Releases on a real file system: stage, switch, accumulate, crash."""

import fcntl
import json
import os
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest

from schemas import marts
from schemas.companions import COMPANIONS
from schemas.taxonomy.load import concepts
from schemas.validate import TableError
from tasks.publish import package, parquet, slices
from tasks.publish.describe import describe
from tasks.publish.marts import build
from tasks.publish.release import stage, switch
from tasks.publish.releases import ReleaseError, current


def entities(root):
    return sorted(pl.read_parquet(root / "current" / "reports.parquet")["url"])


def contents(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def everything(root):
    """Every file and link below the marts folder with its time of change."""
    return {path: path.lstat().st_mtime_ns for path in root.rglob("*") if path.name != ".lock" and not path.is_dir()}


def some(make):
    reports = [make.report(letter, entity_key=letter, entity=letter) for letter in "abc"]
    return reports, [make.fact(letter, n, "revenue_total", str(n)) for letter in "cab" for n in range(3)]


def test_a_release_holds_every_table_and_its_description(make, tmp_path):
    folder = make.publish(tmp_path, *some(make))
    told = package.read(folder)
    assert folder.name == told["version"] == f"2026-11-20-{told['digest'][:8]}"
    assert os.readlink(tmp_path / "current") == f"releases/{folder.name}"
    tables = {table.name: table for table in (*marts.TABLES, *COMPANIONS)}
    assert sorted(contents(folder)) == sorted(
        [*(f"{name}.parquet" for name in tables), "CHANGES.md", "datapackage.json"]
    )
    assert [resource["name"] for resource in told["resources"]] == [*tables]
    for resource in told["resources"]:
        path, schema = folder / resource["path"], tables[resource["name"]].schema
        assert path.stat().st_size == resource["bytes"]
        assert pl.read_parquet(path).height == resource["rows"]
        assert pl.read_parquet_schema(path) == schema
        assert [field["name"] for field in resource["schema"]["fields"]] == schema.names()
    facts = pl.read_parquet(folder / "facts.parquet")
    assert facts.select("report_id", "fact").rows() == [(make.report_id(x), n) for x in "abc" for n in range(3)]


def test_the_same_content_is_no_new_release(make, tmp_path):
    folder = make.publish(tmp_path, *some(make))
    before = everything(tmp_path)
    reports, facts = some(make)
    staged = make.stage(tmp_path, make.marts(reports[::-1], facts[::-1]), day=21)
    assert staged.unchanged and staged.path == folder
    assert switch(staged) == folder
    assert everything(tmp_path) == before


def test_the_same_content_gives_the_same_bytes_anywhere(make, tmp_path):
    one, two = (make.publish(tmp_path / name, *some(make)) for name in ("one", "two"))
    assert one.name == two.name and contents(one) == contents(two)


@pytest.mark.parametrize("row_group", [4, 1000])
def test_the_bytes_do_not_tell_in_what_slices_they_were_made(make, tmp_path, monkeypatch, row_group):
    monkeypatch.setattr(parquet, "ROW_GROUP", row_group)
    folders = []
    for size in (1, 2, 1000):
        monkeypatch.setattr(slices, "SLICE", size)
        root = tmp_path / str(size)
        make.publish(root, *some(make), [make.check(letter, "S01", "not_evaluated") for letter in "ab"])
        later = [make.report(letter, entity_key=letter, entity=letter, fiscal_year=2021) for letter in "def"]
        facts = [make.fact(letter, 0, "revenue_total", "7", fiscal_year=2021) for letter in "def"]
        folders.append(make.publish(root, later, facts, [make.check("d", "S03", "violated")], held="d", day=21))
    assert contents(folders[0]) == contents(folders[1]) == contents(folders[2])
    facts = folders[0] / "facts.parquet"
    assert pq.read_metadata(facts).num_row_groups == (3 if row_group == 4 else 1)
    assert pl.read_parquet(facts).height == 11
    assert pl.read_parquet(folders[0] / "findings.parquet").height == 3


def test_every_table_is_sorted_and_says_by_what(make, tmp_path):
    checks = [make.check(letter, "S01", "not_evaluated") for letter in "cab"]
    folder = make.publish(tmp_path, *some(make), checks)
    for name in ("reports", "facts", "year_over_year", "findings", "coverage"):
        columns = slices.order(marts.BY_NAME[name])
        with pq.ParquetFile(folder / f"{name}.parquet") as file:
            sorting = file.metadata.row_group(0).sorting_columns
            assert [file.schema_arrow.names[column.column_index] for column in sorting] == columns
        frame = pl.read_parquet(folder / f"{name}.parquet")
        assert frame.height >= 3 and frame.equals(frame.sort(columns))


def test_a_report_whose_facts_are_not_all_there_is_refused(make, tmp_path):
    run = make.run(*some(make))
    run = replace(run, reports=run.reports.with_columns(facts=pl.lit(4, pl.Int32)))
    with pytest.raises(TableError, match=r"report a{16} tells of 4 facts, and 3 arrived"):
        stage(tmp_path, build(run), date(2026, 11, 20), "r1")
    assert [path.name for path in tmp_path.iterdir()] == [".lock"]


def test_releases_accumulate(make, tmp_path):
    make.publish(tmp_path, [make.report("a")], [make.fact("a", 0, "revenue_total", "5")])
    following = make.report("b", fiscal_year=2021)
    change = make.fact("b", 0, "revenue_total_yoy_change", "1", fiscal_year=2021, period="change")
    now = make.fact("b", 1, "revenue_total", "7", fiscal_year=2021)
    make.publish(tmp_path, [following], [change, now], [make.check("b", "S01", "not_evaluated")], day=21)
    assert entities(tmp_path) == ["a.txt", "b.txt"]
    assert len(list((tmp_path / "releases").iterdir())) == 2
    frame = pl.read_parquet(tmp_path / "current" / "year_over_year.parquet")
    restated = frame.filter(fiscal_year=2021).select("prior_published", "restatement").row(0)
    assert [int(amount) for amount in restated] == [50_000, 10_000]
    assert pl.read_parquet(tmp_path / "current" / "findings.parquet").height == 1
    assert pl.read_parquet(tmp_path / "current" / "coverage.parquet").height == 2


def test_a_report_read_again_replaces_itself(make, tmp_path):
    old = make.check("a", "S01", "not_evaluated")
    make.publish(tmp_path, [make.report("a")], [make.fact("a", 0, "revenue_total", "5")], [old])
    make.publish(tmp_path, [make.report("b")], [make.fact("b", 0, "revenue_total", "6")])
    assert entities(tmp_path) == ["b.txt"]
    assert pl.read_parquet(tmp_path / "current" / "facts.parquet")["value"].to_list() == ["6"]
    assert pl.read_parquet(tmp_path / "current" / "findings.parquet").is_empty()
    assert pl.read_parquet(tmp_path / "current" / "coverage.parquet")["url"].to_list() == ["b.txt"]


def test_a_report_whose_identity_is_known_only_now_does_not_stay_twice(make, tmp_path):
    make.publish(tmp_path, [make.report("a", region_code="000000")])
    make.publish(tmp_path, [make.report("a")])
    assert pl.read_parquet(tmp_path / "current" / "reports.parquet")["region_code"].to_list() == ["510403"]


def test_a_report_that_is_held_now_leaves(make, tmp_path):
    others = make.report("c", entity_key="c", entity="c")
    make.publish(tmp_path, [make.report("a"), others], [make.fact("a", 0, "revenue_total", "5")])
    make.publish(tmp_path, [make.report("b")], checks=[make.check("b", "S03", "violated")], held="b")
    assert entities(tmp_path) == ["c.txt"]
    assert pl.read_parquet(tmp_path / "current" / "facts.parquet").is_empty()
    coverage = pl.read_parquet(tmp_path / "current" / "coverage.parquet")
    assert coverage.select("url", "status").rows() == [("b.txt", "held"), ("c.txt", "published")]


def test_what_is_missing_now_stays_published_and_says_so(make, tmp_path):
    make.publish(tmp_path, [make.report("a")], outcomes=[make.outcome("x.txt", "missing", "No such file.")])
    gone = [make.outcome("a.txt", "missing", "The site answers 404.")]
    make.publish(tmp_path, [make.report("b", entity_key="x", entity="x", url="x.txt")], outcomes=gone)
    coverage = pl.read_parquet(tmp_path / "current" / "coverage.parquet")
    assert coverage.select("url", "status", "why").rows() == [
        ("a.txt", "published", "The site answers 404."),
        ("x.txt", "published", ""),
    ]


def test_another_report_at_the_same_place_replaces_nothing(make, tmp_path):
    make.publish(tmp_path, [make.report("a", url="x.txt")])
    make.publish(tmp_path, [make.report("b", url="x.txt", fiscal_year=2021)])
    coverage = pl.read_parquet(tmp_path / "current" / "coverage.parquet")
    assert coverage.select("url", "fiscal_year", "status").rows() == [
        ("x.txt", 2020, "published"),
        ("x.txt", 2021, "published"),
    ]


def test_a_place_that_is_unreadable_twice_is_told_once_and_as_of_now(make, tmp_path):
    for message in ("It is encrypted.", "It is empty."):
        make.publish(tmp_path, [], outcomes=[make.outcome("x.doc", "unreadable", message)])
    coverage = pl.read_parquet(tmp_path / "current" / "coverage.parquet")
    assert coverage.select("url", "why").rows() == [("x.doc", "It is empty.")]


def test_who_was_missing_and_has_published_elsewhere_is_missing_no_more(make, tmp_path):
    known = make.place("list", fiscal_year=2020, region_code="510403", entity="西区样例局")
    make.publish(tmp_path, [], outcomes=[make.outcome("list", "missing", "Not yet.")], expected=[known])
    make.publish(tmp_path, [make.report("a")])
    coverage = pl.read_parquet(tmp_path / "current" / "coverage.parquet")
    assert coverage.select("url", "status", "kind", "why").rows() == [("a.txt", "published", "部门", "")]


def test_a_crash_before_the_switch_leaves_current_readable(make, tmp_path):
    folder = make.publish(tmp_path, [make.report("a")])
    staged = make.stage(tmp_path, make.marts([make.report("b", entity_key="b")]))
    assert current(tmp_path) == folder and entities(tmp_path) == ["a.txt"]
    assert sorted(staged.frames["reports"].collect()["url"]) == ["a.txt", "b.txt"]


def test_a_crash_between_rename_and_link_is_mended_by_the_next_run(make, tmp_path):
    make.publish(tmp_path, [make.report("a")])
    run = make.marts([make.report("b", entity_key="b")])
    staged = make.stage(tmp_path, run)
    release = tmp_path / "releases" / staged.name
    staged.path.rename(release)
    assert entities(tmp_path) == ["a.txt"]
    assert switch(make.stage(tmp_path, run)) == release
    assert entities(tmp_path) == ["a.txt", "b.txt"]


def test_the_next_run_sweeps_what_dead_runs_left(make, tmp_path):
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    dead, living = tmp_path / f".staging-{process.pid}-00ff", tmp_path / f".staging-{os.getpid()}-00ff"
    for folder in (dead, living):
        folder.mkdir(parents=True)
        (folder / "facts.parquet").write_bytes(b"half")
    make.publish(tmp_path, [make.report("a")])
    assert not dead.exists() and living.exists()


def test_two_runs_that_staged_on_the_same_release_do_not_lose_each_other(make, tmp_path):
    first = make.stage(tmp_path, make.marts([make.report("a")]))
    second = make.stage(tmp_path, make.marts([make.report("b", entity_key="b")]))
    switch(first)
    with pytest.raises(ReleaseError, match=r"another run has published 2026-11-20-[0-9a-f]{8} meanwhile; run again"):
        switch(second)
    switch(make.stage(tmp_path, make.marts([make.report("b", entity_key="b")])))
    assert entities(tmp_path) == ["a.txt", "b.txt"]


def test_a_switch_waits_for_the_lock(make, tmp_path):
    staged = make.stage(tmp_path, make.marts([make.report("a")]))
    with (tmp_path / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        waiting = threading.Thread(target=switch, args=(staged,))
        waiting.start()
        waiting.join(0.2)
        assert waiting.is_alive() and not (tmp_path / "current").exists()
    waiting.join(5)
    assert entities(tmp_path) == ["a.txt"]


def test_a_folder_that_cannot_be_written_is_told(make, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ReleaseError, match=r"the marts folder .*file/marts cannot be used \(Not a directory"):
        make.stage(tmp_path / "file" / "marts", make.marts([]))


def test_a_release_with_fewer_columns_is_continued(make, tmp_path):
    folder = make.publish(tmp_path, [make.report("a", title="x")])
    older(folder, pl.read_parquet(folder / "reports.parquet").drop("title"))
    make.publish(tmp_path, [make.report("b", entity_key="b", title="y")])
    assert pl.read_parquet(tmp_path / "current" / "reports.parquet")["title"].to_list() == [None, "y"]


def test_a_release_whose_rows_do_not_tell_yet_of_whom_they_are_is_continued(make, tmp_path):
    amounts = [make.fact(letter, 0, "three_public_expenditure", "1", "七") for letter in "ab"]
    folder = make.publish(tmp_path, [make.report("a", kind="单位")], amounts[:1])
    path = folder / "three_public.parquet"
    pl.read_parquet(path).drop("kind", "entity_key", "region_name", "fact").write_parquet(path)
    make.publish(tmp_path, [make.report("b", entity_key="b")], amounts[1:])
    table = pl.read_parquet(tmp_path / "current" / "three_public.parquet")
    assert table.select("report_id", "kind", "entity_key", "fact").rows() == [
        (make.report_id("a"), "单位", "西区样例局", None),
        (make.report_id("b"), "部门", "b", 0),
    ]


def test_a_release_with_other_columns_is_refused_in_words(make, tmp_path):
    folder = make.publish(tmp_path, [make.report("a")])
    older(folder, pl.read_parquet(folder / "reports.parquet").drop("entity").cast({"fiscal_year": pl.Int64}))
    with pytest.raises(ReleaseError, match=r"table reports was released with other columns \(fiscal_year, entity\)"):
        make.stage(tmp_path, make.marts([make.report("b")]))


def older(folder: Path, reports: pl.DataFrame) -> None:
    reports.write_parquet(folder / "reports.parquet")


def test_describe(make, tmp_path):
    assert describe(tmp_path) is None
    make.publish(tmp_path, *some(make))
    told = describe(tmp_path)
    assert told is not None and told.released == "2026-11-20" and told.code_revision == "r1"
    rows = {table.name: table.rows for table in told.tables}
    filled = {"reports": 3, "facts": 9, "year_over_year": 3, "coverage": 3, "concepts": concepts().height}
    assert rows == dict.fromkeys(marts.BY_NAME, 0) | filled | {"changes": 0}
    for table in told.tables:
        assert (
            table.path == (tmp_path / "current").resolve() / f"{table.name}.parquet"
            and table.path.stat().st_size == table.bytes
        )


def test_the_descriptor_tells_types_and_constraints(make, tmp_path):
    told = json.loads((make.publish(tmp_path, []) / "datapackage.json").read_text())
    reports = told["resources"][0]
    status = next(field for field in reports["schema"]["fields"] if field["name"] == "status")
    assert status["type"] == "string" and status["constraints"] == {
        "required": True,
        "enum": ["passed", "acknowledged"],
    }
    assert reports["schema"]["primaryKey"] == ["report_id"] and reports["hash"].startswith("sha256:")
