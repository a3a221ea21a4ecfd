"""`juesuan run`, `acknowledge` and `marts` as people use them, on the real flow."""

import os
import re
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest


def digests(data):
    """SHA-256 of every file of the current marts."""
    folder = data / "marts" / "current"
    return {file.name: sha256(file.read_bytes()).hexdigest() for file in sorted(folder.iterdir())}


def mart(data, name):
    return pl.read_parquet(data / "marts" / "current" / f"{name}.parquet")


def test_the_samples_are_published_all_five(samples):
    assert samples.status == 0, samples.out + samples.err
    assert samples.out.startswith("5 published\n")
    assert mart(samples.data, "reports").height == 5
    assert set(mart(samples.data, "coverage")["status"]) == {"published"}


def test_a_second_run_redoes_nothing_and_leaves_the_same_bytes(samples, command):
    before = digests(samples.data)
    again = command("run", data=samples.data)
    assert again.status == 0
    assert "nothing to do: all 7 tasks were done before" in again.out
    assert digests(samples.data) == before


def test_the_same_samples_make_the_same_bytes_in_another_folder(samples, command, tmp_path):
    elsewhere = command("run", data=tmp_path)
    assert "7 tasks done" in elsewhere.out and "before" not in elsewhere.out
    assert digests(tmp_path) == digests(samples.data)


def test_neither_zone_nor_locale_nor_home_nor_path_of_the_machine_change_a_byte(samples, tmp_path):
    data = tmp_path / "数据 of 2023"
    done = subprocess.run(
        [sys.executable, "-m", "flows.cli", "run", "--data", str(data)],
        cwd=Path(__file__).resolve().parents[2],
        env=os.environ
        | {
            "TZ": "Pacific/Kiritimati",
            "LC_ALL": "C",
            "HOME": "/dev/null",
        },
        capture_output=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert digests(data) == digests(samples.data)
    assert (data / "marts" / "current").readlink() == (samples.data / "marts" / "current").readlink()


def test_a_result_whose_files_are_gone_is_made_again(samples, command, tmp_path):
    data = tmp_path / "data"
    shutil.copytree(samples.data, data, symlinks=True)
    shutil.rmtree(data / "curated" / "facts")
    again = command("run", data=data)
    assert again.status == 0
    assert "2 tasks done, 5 were done before" in again.out
    assert digests(data) == digests(samples.data)


def test_lines_in_a_pipe_tell_each_stage(samples):
    stages = [line.split(":")[0] for line in samples.err.splitlines()]
    assert stages == ["fetch", "read", "extract", "reconcile", "compare", "audit", "publish", "site"]


def test_the_site_of_the_release_is_made_and_told(samples):
    told = re.search(r"^site +(\S+) \((\d+) pages", samples.out, re.MULTILINE)
    assert told and Path(told[1]) == samples.data / "site" / "index.html"
    index = Path(told[1]).read_text(encoding="utf-8")
    assert (samples.data / "marts" / "current").resolve().name in index
    assert len(list((samples.data / "site").rglob("*.html"))) == int(told[2])


def test_without_a_site_none_is_made_and_the_one_that_stands_stays(samples, command, tmp_path):
    none = command("run", "--no-site", data=tmp_path)
    assert none.status == 0 and not (tmp_path / "site").exists()
    assert "6 tasks done" in none.out and "\nsite" not in none.out
    data = tmp_path / "data"
    shutil.copytree(samples.data, data, symlinks=True)
    before = (data / "site").readlink()
    assert command("run", "--no-site", data=data).status == 0
    assert (data / "site").readlink() == before and (data / "site" / "index.html").is_file()


def test_what_stands_in_the_place_of_the_site_is_told_and_all_else_is_published(command, tmp_path):
    (tmp_path / "site").mkdir()
    done = command("run", data=tmp_path)
    assert done.status == 1 and done.out.startswith("5 published\n")
    assert f"! {tmp_path / 'site'} is in the place of the site: move it away and run again" in done.out
    (tmp_path / "site").rmdir()
    assert "1 tasks done, 6 were done before" in command("run", data=tmp_path).out


def test_a_site_that_was_lost_is_made_again(samples, command, tmp_path):
    data = tmp_path / "data"
    shutil.copytree(samples.data, data, symlinks=True)
    (data / "site").unlink()
    again = command("run", data=data)
    assert "1 tasks done, 6 were done before" in again.out
    assert (data / "site" / "index.html").read_bytes() == (samples.data / "site" / "index.html").read_bytes()


def test_violated_reports_are_held_and_all_others_published(real):
    assert real.status == 1
    assert real.out.startswith("3 published, 2 held\n")
    urls = mart(real.data, "reports")["url"].str.extract(r"/(\d{3})_")
    assert sorted(urls) == ["001", "002", "004"]
    held = mart(real.data, "coverage").filter(status="held")
    assert sorted(held["url"].str.extract(r"/(\d{3})_")) == ["000", "003"]
    assert all("S14" in why or "S24" in why for why in held["why"])


def test_held_findings_are_told_with_the_command_that_lets_them_stand(real):
    findings = mart(real.data, "findings").filter(verdict="violated", severity="H")
    assert findings.height >= 4
    for finding in findings["finding"]:
        assert finding in real.out
    assert f"--data {real.data}" in real.out.split("juesuan acknowledge")[1]


def test_data_docs_show_the_held_reports(real):
    index = (real.data / "docs" / "index.html").read_text(encoding="utf-8")
    assert "攀枝花市西区行政审批局" in index


def test_with_every_finding_acknowledged_all_five_are_published(real, real_reports, command, tmp_path):
    data = tmp_path / "data"
    shutil.copytree(real.data, data, symlinks=True)
    findings = mart(data, "findings").filter(verdict="violated", severity="H")["finding"]
    for finding in findings:
        assert command("acknowledge", finding, "--reason", "as published", "--by", "Tester", data=data).status == 0
    done = command("run", real_reports, data=data)
    assert done.status == 0, done.out
    assert done.out.startswith("5 published\n")
    assert "4 were done before" in done.out
    assert sorted(mart(data, "reports")["status"]) == ["acknowledged", "acknowledged", "passed", "passed", "passed"]
    assert done.out.count("Tester: as published") == len(findings)


def test_a_finding_that_is_not_there_is_refused_with_those_alike(real, command):
    known = mart(real.data, "findings").filter(verdict="violated")["finding"][0]
    wrong = known[:-1] + ("0" if known[-1] != "0" else "1")
    done = command("acknowledge", wrong, "--reason", "r", "--by", "b", data=real.data)
    assert done.status == 2
    assert f"no finding {wrong}" in done.err and known in done.err
    assert not (real.data / "acknowledged.csv").exists()


def test_marts_lists_every_table_with_its_rows(real, command):
    done = command("marts", data=real.data)
    assert done.status == 0
    for name in ("reports", "facts", "three_public", "coverage"):
        assert re.search(rf"^{name} +{mart(real.data, name).height:,} rows  one row is ", done.out, re.MULTILINE)


def test_only_reports_of_the_year_asked_for_are_published(real_reports, command, tmp_path):
    done = command("run", real_reports, "--year", "2023", data=tmp_path)
    assert done.status == 0, done.out
    assert done.out.startswith("1 published, 4 of other years left aside\n")
    assert mart(tmp_path, "reports")["fiscal_year"].to_list() == [2023]
    assert mart(tmp_path, "coverage").height == 1
    outcomes = pl.read_parquet(tmp_path / "curated" / "outcomes" / "stage=audit" / "*.parquet")
    assert outcomes.filter(pl.col("message").str.starts_with("Left aside: it is of 2020")).height == 4


def test_one_bad_input_each_is_told_by_name_and_the_rest_is_published(real_reports, lost_site, command, tmp_path):
    inputs = tmp_path / "inputs"
    inputs.mkdir()
    shutil.copy(next(real_reports.glob("001_*.txt")), inputs / "good.txt")
    shutil.copy(next(real_reports.glob("001_*.txt")), inputs / "same-again.txt")
    (inputs / "empty.txt").touch()
    (inputs / "junk.bin").write_bytes(bytes(range(256)) * 40)
    (inputs / "budget.txt").write_text(
        "某某局2024年部门预算\n" + "2024年收入预算总额为100万元，支出预算总额为100万元。\n" * 20
    )
    catalogue = tmp_path / "catalogue.toml"
    catalogue.write_text(f'[[source]]\nname = "lost"\nurl = "{lost_site}/2023.html"\n')
    done = command("run", inputs, catalogue, inputs / "absent.docx", data=tmp_path / "data")
    assert done.status == 1
    assert done.out.startswith("1 published, 3 unreadable, 2 missing\n")
    coverage = {row["url"].rpartition("/")[2]: row for row in mart(done.data, "coverage").iter_rows(named=True)}
    statuses = {name: row["status"] for name, row in coverage.items()}
    assert statuses == {
        "good.txt": "published", "empty.txt": "unreadable", "junk.bin": "unreadable", "budget.txt": "unreadable",
        "absent.docx": "missing", "2023.html": "missing",
    }  # fmt: skip
    assert "404" in coverage["2023.html"]["why"]
    for row in coverage.values():
        assert row["status"] == "published" or (row["why"] and row["why"] in done.out)


def test_nothing_but_inputs_that_do_not_exist_is_wrong_usage(command, tmp_path):
    done = command("run", tmp_path / "absent.docx", tmp_path / "gone", data=tmp_path / "data")
    assert (done.status, done.out) == (2, "")
    assert "absent.docx" in done.err and done.err.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[[source]]\nname = "a"\npath = "a.txt"\nyaer = 2023\n', "unknown key yaer"),
        ("title = \n", "not readable as TOML"),
        ('acknowledged = "gone.csv"\n[[source]]\nname = "a"\npath = "."\n', "gone.csv"),
    ],
)
def test_a_catalogue_that_cannot_be_used_is_told_in_one_sentence(text, told, command, tmp_path):
    (tmp_path / "catalogue.toml").write_text(text)
    done = command("run", tmp_path / "catalogue.toml", data=tmp_path / "data")
    assert (done.status, done.out) == (2, "")
    assert told in done.err and done.err.count("\n") == 1


def test_a_data_folder_that_cannot_be_written_is_told(command, tmp_path):
    (tmp_path / "file").touch()
    done = command("run", data=tmp_path / "file" / "data")
    assert done.status == 2
    assert "cannot be written" in done.err and "--data" in done.err


def test_acknowledgements_that_are_named_must_be_there(command, tmp_path):
    done = command("run", "--acknowledged", tmp_path / "gone.csv", data=tmp_path / "data")
    assert done.status == 2
    assert "gone.csv" in done.err
