import os
from pathlib import Path

import pytest

from tasks.fetch import CatalogueError, from_inputs, load

GOOD = """
title = "示例"
fiscal_year = 2020
acknowledged = "acknowledged.csv"

[[source]]
name = "甲"
path = "sample/a.docx"
region_code = "510403"
entity = "甲局"
kind = "部门"

[[source]]
name = "乙"
url = "https://example.org/b"
fiscal_year = 2019
"""


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_text(text, encoding=encoding)
    return path


def test_a_catalogue_is_read_with_its_defaults(tmp_path: Path) -> None:
    catalogue = load(write(tmp_path / "c.toml", GOOD))
    first, second = catalogue.sources
    assert (catalogue.title, catalogue.acknowledged_file) == ("示例", tmp_path / "acknowledged.csv")
    assert (first.location, first.file, first.fiscal_year) == ("sample/a.docx", tmp_path / "sample/a.docx", 2020)
    assert (first.region_code, first.entity, first.kind) == ("510403", "甲局", "部门")
    assert (second.location, second.fiscal_year) == ("https://example.org/b", 2019)


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    assert load(write(tmp_path / "c.toml", GOOD, "utf-8-sig")).title == "示例"


LISTING = '[[source]]\nname = "甲"\nlisting = "http://a.cn/b/"\n'
SOURCE = '[[source]]\nname = "甲"\npath = "a"\n'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "names no source: add at least one table headed [[source]]."),
        (
            'yr = 1\npth = "a"',
            "unknown key yr: known keys are title, fiscal_year, acknowledged, roster, deadline, source.",
        ),
        ("fiscal_year = ", "the catalogue is not readable as TOML: Invalid value (at end of document)."),
        ("a = 1\nb = [", "the catalogue is not readable as TOML: Invalid value (at end of document)."),
        ("a = 1\na = 2\n", "the catalogue is not readable as TOML: Cannot overwrite a value (at line 2, column 6)."),
        ("title = 3\n" + SOURCE, "title must be a text that is not empty, found 3."),
        ('[source]\nname = "甲"', "source must be tables headed [[source]], found {'name': '甲'}."),
        ("source = [3]", "source must be tables headed [[source]], found 3."),
        (SOURCE + '[[source]]\npath = "b"', "source 2: the key name is missing."),
        (
            '[[source]]\nname = "甲"\npth = "a"',
            'source 1 ("甲"): unknown key pth: known keys are name, path, url, listing, site, attachments, fiscal_year, region_code, entity, kind.',
        ),
        ('[[source]]\nname = "甲"', 'source 1 ("甲") has neither path nor url nor listing: give exactly one of them.'),
        (SOURCE + 'url = "http://a"', 'source 1 ("甲") has both path and url: give exactly one of them.'),
        (SOURCE + SOURCE, 'two sources are named "甲": the key name must be unique.'),
        (
            SOURCE + 'fiscal_year = "2020"',
            "source 1 (\"甲\"): fiscal_year must be a year between 1990 and 2100, without quotation marks, found '2020'.",
        ),
        (SOURCE + "fiscal_year = 20", 'source 1 ("甲"): fiscal_year must be a year between 1990 and 2100, without'),
        (SOURCE + "region_code = 510403", 'source 1 ("甲"): region_code must be six digits in quotation marks, found'),
        (SOURCE + 'region_code = "5104"', 'source 1 ("甲"): region_code must be six digits in quotation marks, found'),
        (SOURCE + 'kind = "局"', "source 1 (\"甲\"): kind must be 部门, 单位 or 本级, found '局'."),
        (SOURCE + 'entity = ""', "source 1 (\"甲\"): entity must be a text that is not empty, found ''."),
        (
            '[[source]]\nname = "甲"\nurl = "ftp://a"',
            'source 1 ("甲"): url must be an address that begins with http://',
        ),
        (
            SOURCE + "[source.site]\npause = 1",
            'source 1 ("甲") describes a site, but names no listing: add the address of its list.',
        ),
        (LISTING + 'attachments = ["a"]', 'source 1 ("甲") has a listing: attachments are looked for on the pages'),
        ('[[source]]\nname = "甲"\nlisting = "a"', 'source 1 ("甲"): listing must be an address of a page that lists'),
        (
            LISTING + "site = { link = 'a' }",
            'source 1 ("甲"), site: unknown key link: known keys are links, title, next, pages, first_page, max_pages,',
        ),
        (
            LISTING + "site = { links = 'a[' }",
            'source 1 ("甲"), site: links must be a CSS selector of the list\'s links',
        ),
        (
            LISTING + "site = { title = '(' }",
            'source 1 ("甲"), site: title must be a regular expression that titles match',
        ),
        (
            LISTING + "site = { pages = 'a' }",
            'source 1 ("甲"), site: pages must be an address with {page} in it, such as',
        ),
        (
            LISTING + "site = { pause = 61 }",
            'source 1 ("甲"), site: pause must be seconds between two requests, from 0',
        ),
        (
            '[[source]]\nname = "甲"\npath = "a\\u0000"',
            'source 1 ("甲"): path must be a path relative to the catalogue',
        ),
    ],
)
def test_a_fault_is_told_in_one_sentence(tmp_path: Path, text: str, told: str) -> None:
    path = write(tmp_path / "c.toml", text)
    with pytest.raises(CatalogueError) as error:
        load(path)
    assert str(error.value).startswith(f"{path}: {told}")
    assert str(error.value).endswith(".")
    assert "\n" not in str(error.value)


def test_a_catalogue_in_another_encoding_is_told(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="not in UTF-8: save it in that encoding"):
        load(write(tmp_path / "c.toml", GOOD, "gb18030"))


@pytest.mark.parametrize(("name", "told"), [("none.toml", "there is no such catalogue"), (".", "cannot be opened")])
def test_a_catalogue_that_cannot_be_opened_is_told(tmp_path: Path, name: str, told: str) -> None:
    with pytest.raises(CatalogueError, match=told):
        load(tmp_path / name)


def test_inputs_are_catalogues_folders_and_files(tmp_path: Path) -> None:
    catalogue = write(tmp_path / "c.toml", GOOD)
    report = write(tmp_path / "r.txt", "x")
    folder = tmp_path / "reports"
    folder.mkdir()
    merged = from_inputs([report, catalogue, folder, report])
    assert [source.name for source in merged.sources] == [str(report), "甲", "乙", str(folder)]
    assert [source.file for source in merged.sources if source.path] == [report, tmp_path / "sample/a.docx", folder]
    assert merged.acknowledged_file == tmp_path / "acknowledged.csv"
    assert merged.sources[0].fiscal_year is None


def test_one_catalogue_stays_as_it_is(tmp_path: Path) -> None:
    path = write(tmp_path / "c.toml", GOOD)
    assert from_inputs([path, path]) == load(path)


def test_an_input_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"none\.txt: there is no such file or folder\.$"):
        from_inputs([tmp_path / "none.txt"])


def test_catalogues_that_do_not_go_together_are_told(tmp_path: Path) -> None:
    first = write(tmp_path / "c.toml", GOOD)
    same_names = write(tmp_path / "d.toml", GOOD)
    other = write(tmp_path / "e.toml", 'acknowledged = "e.csv"\n[[source]]\nname = "丙"\npath = "a"')
    with pytest.raises(CatalogueError, match='have a source named "甲": names must be unique'):
        from_inputs([first, same_names])
    with pytest.raises(
        CatalogueError, match=r"different acknowledgements, .*acknowledged\.csv, .*e\.csv: run one each"
    ):
        from_inputs([first, other])


def test_a_name_in_another_encoding_is_told(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + "/决算.txt".encode("gbk")))
    path.write_text("x")
    with pytest.raises(CatalogueError, match="not in UTF-8: rename the file, or give its folder"):
        from_inputs([path])
