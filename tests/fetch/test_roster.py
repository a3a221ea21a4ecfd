"""The roster's file: what it may say, and that a fault is told by file, line and column."""

from pathlib import Path

import pytest

from schemas.roster import ROSTER
from schemas.validate import validate
from tasks.fetch import CatalogueError
from tasks.fetch import load as load_catalogue
from tasks.fetch.roster import RosterError, load

GOOD = """entity,region_code,kind,from,until,parent,aliases,deadline
某区审计局,510403,部门,2019,,,某区审计局机关|某区审计局办公室,

某区审计局,510403,本级,2019,2021,某区审计局,,09-30
"""
HEADER = "entity,region_code,kind,from,until,parent,aliases,deadline\n"


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_text(text, encoding=encoding)
    return path


def test_a_roster_is_read_with_the_deadline_of_the_catalogue(tmp_path: Path) -> None:
    rows = load(write(tmp_path / "r.csv", GOOD, "utf-8-sig"), "11-15")
    validate(rows, ROSTER)
    assert rows.rows() == [
        ("某区审计局", "510403", "部门", 2019, None, None, "某区审计局机关|某区审计局办公室", "11-15"),
        ("某区审计局", "510403", "本级", 2019, 2021, "某区审计局", None, "09-30"),
    ]


def test_columns_that_may_be_empty_may_be_left_out(tmp_path: Path) -> None:
    rows = load(write(tmp_path / "r.csv", "from,kind,entity,region_code\n2020,部门,某局,510403\n"))
    assert rows["deadline"].to_list() == ["10-31"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "entity,kind\n",
            "line 1: the header lacks region_code, from; it names entity, region_code, kind, from and may",
        ),
        (HEADER.replace("aliases", "alias"), "line 1: the header has 'alias'; it names"),
        (HEADER + "某局,510403,部门\n", "line 2: as many fields are needed as the header names."),
        (HEADER + "某局,5104,部门,2020,,,,\n", "line 2, column region_code: it must be six digits, found '5104'."),
        (HEADER + "\n,510403,部门,2020,,,,\n", "line 3, column entity: it must be not empty, found ''."),
        (HEADER + "某局,510403,局,2020,,,,\n", "line 2, column kind: it must be one of 部门, 单位, 本级, found '局'."),
        (HEADER + "某局,510403,部门,20,,,,\n", "line 2, column from: it must be a year such as 2023, found '20'."),
        (HEADER + "某局,510403,部门,2020,2019,,,\n", "line 2, column until: it must not be before from, 2020."),
        (HEADER + "某局,510403,部门,2020,,,,9-30\n", "line 2, column deadline: it must be a month and a day such as"),
        (HEADER + "某局,510403,部门,2020,,,,02-29\n", "line 2, column deadline: 02-29 is no day of every year."),
        (
            HEADER + "某局,510403,部门,2020,,某委,,\n",
            "line 2, column parent: a 部门 has none; units (单位, 本级) have.",
        ),
        (
            HEADER + "某局,510403,部门,2020,2022,,,\n某局,510403,部门,2022,,,,\n",
            "line 3, column entity: 某局 is listed twice as 部门 for the same year.",
        ),
        (HEADER + '"某局,510403\n', "line 2: this is not CSV (unexpected end of data)."),
    ],
)
def test_a_fault_is_told_in_one_sentence(tmp_path: Path, text: str, told: str) -> None:
    path = write(tmp_path / "r.csv", text)
    with pytest.raises(RosterError) as error:
        load(path)
    assert str(error.value).startswith(f"{path}, {told}")
    assert str(error.value).endswith(".") and "\n" not in str(error.value)


def test_files_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    with pytest.raises(RosterError, match=r"none\.csv: the roster cannot be opened"):
        load(tmp_path / "none.csv")
    with pytest.raises(RosterError, match="not in UTF-8"):
        load(write(tmp_path / "r.csv", GOOD, "gb18030"))


def test_a_catalogue_names_its_roster(tmp_path: Path) -> None:
    write(tmp_path / "r.csv", GOOD)
    source = '[[source]]\nname = "甲"\npath = "a"\n'
    catalogue = load_catalogue(write(tmp_path / "c.toml", 'roster = "r.csv"\ndeadline = "12-01"\n' + source))
    assert catalogue.listed["deadline"].to_list() == ["12-01", "09-30"]
    assert load_catalogue(write(tmp_path / "d.toml", source)).listed.is_empty()
    with pytest.raises(CatalogueError, match='deadline must be a month and a day in quotation marks, such as "09-30"'):
        load_catalogue(write(tmp_path / "e.toml", 'deadline = "31.10."\n' + source))
    write(tmp_path / "r.csv", "entity\n")
    with pytest.raises(CatalogueError, match=r"r\.csv, line 1: the header lacks region_code, kind, from"):
        load_catalogue(tmp_path / "c.toml")
