"""The descriptor of a release is a valid data package, and true."""

import json
from hashlib import sha256

import pytest
from frictionless import Package

from tasks.publish import package


@pytest.fixture
def release(make, tmp_path):
    reports = [
        make.report("a", url="https://www.example.cn/2020/a.html"),
        make.report("b", fiscal_year=2021, url="https://www.example.cn/2021/b.html"),
        make.report("c", entity_key="c", url="c.txt", source="卷宗"),
    ]
    facts = [make.fact("a", 0, "three_public_expenditure", "1", "七")]
    return make.publish(tmp_path, reports, facts, [make.check("a", "S01", "not_evaluated")])


def told(folder, name):
    return next(each for each in package.read(folder)["resources"] if each["name"] == name)


def test_frictionless_finds_no_fault(release):
    checked = Package.validate_descriptor(str(release / package.NAME))
    assert checked.flatten(["title", "note"]) == []


@pytest.mark.parametrize(
    "break_it",
    [
        lambda descriptor: descriptor["resources"][0].pop("path"),
        lambda descriptor: descriptor["resources"][0]["schema"]["fields"][0].update(type="yuan"),
        lambda descriptor: descriptor["licenses"][0].update(name=["other-pd"]),
        lambda descriptor: descriptor.update(resources={}),
    ],
)
def test_frictionless_would_find_faults(release, break_it):
    descriptor = package.read(release)
    break_it(descriptor)
    assert not Package.validate_descriptor(descriptor).valid


def test_keys_and_references_are_told(release):
    schema = told(release, "three_public")["schema"]
    assert schema["primaryKey"] == ["report_id", "component"]
    assert schema["foreignKeys"] == [
        {"fields": ["report_id"], "reference": {"resource": "reports", "fields": ["report_id"]}},
        {"fields": ["report_id", "fact"], "reference": {"resource": "facts", "fields": ["report_id", "fact"]}},
    ]
    assert told(release, "coverage")["schema"]["uniqueKeys"] == [["url", "report_id"]], "a report_id may be empty"
    amount = next(field for field in schema["fields"] if field["name"] == "amount")
    assert (amount["type"], amount["unit"]) == ("number", "yuan")


def test_files_are_those_that_are_told(release):
    for resource in package.read(release)["resources"]:
        content = (release / resource["path"]).read_bytes()
        assert resource["hash"] == f"sha256:{sha256(content).hexdigest()}" and resource["bytes"] == len(content)


def test_sources_are_those_of_the_reports(release):
    descriptor = package.read(release)
    assert descriptor["sources"] == [
        {"title": "卷宗", "reports": 1},
        {"title": "样例", "path": "https://www.example.cn/", "reports": 2},
    ]
    assert descriptor["licenses"] and descriptor["previous"] is None and descriptor["version"] == release.name


def test_the_next_release_names_the_one_before(make, tmp_path, release):
    after = make.publish(tmp_path, [make.report("d", entity_key="d")], day=21)
    assert json.loads((after / package.NAME).read_text())["previous"] == release.name
