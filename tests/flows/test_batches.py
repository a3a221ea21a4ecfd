"""Batches: a document belongs to one for ever."""

import polars as pl
import pytest

from flows import batches
from flows.batches import assign
from flows.folder import Folder
from schemas.raw import DOCUMENTS


def documents(*names, **told):
    rows = [
        dict.fromkeys(DOCUMENTS.schema) | {"document": f"{ord(name):064x}", "source": "s", "url": f"{name}.txt"} | told
        for name in names
    ]
    return DOCUMENTS.frame({column: [row[column] for row in rows] for column in DOCUMENTS.schema})


@pytest.fixture(autouse=True)
def batches_of_two(monkeypatch):
    monkeypatch.setattr(batches, "SIZE", 2)


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path)


def test_new_documents_fill_new_batches_in_the_order_of_the_catalogue(folder):
    made = assign(folder, documents(*"cab"))
    assert [batch.documents for batch in made] == [2, 1]
    assert pl.read_parquet(folder.documents(made[0].name))["url"].to_list() == ["c.txt", "a.txt"]


@pytest.mark.parametrize(("new", "sizes"), [(2, [2]), (7, [2, 2, 2, 1]), (35, [3] * 11 + [2]), (101, [4] * 25 + [1])])
def test_many_new_documents_make_larger_batches_up_to_a_limit(folder, monkeypatch, new, sizes):
    monkeypatch.setattr(batches, "LARGEST", 4)
    made = assign(folder, documents(*map(chr, range(200, 200 + new))))
    assert [batch.documents for batch in made] == sizes


def test_the_same_documents_make_the_same_batches(folder, tmp_path):
    first = assign(folder, documents(*"abc"))
    assert assign(folder, documents(*"abc")) == first
    assert assign(folder, documents(*"cab")) == [first[1], first[0]]
    assert assign(Folder(tmp_path / "elsewhere"), documents(*"abc")) == first


def test_a_corrected_document_makes_a_batch_of_its_own(folder):
    first = assign(folder, documents(*"abcd"))
    now = assign(folder, documents(*"abcX"))
    assert now[:2] == first
    assert [batch.documents for batch in now] == [2, 2, 1]


def test_a_part_of_a_batch_is_still_the_whole_batch(folder):
    first = assign(folder, documents(*"ab"))
    assert assign(folder, documents("b")) == first


def test_what_the_catalogue_tells_anew_changes_the_keys_of_its_batch_alone(folder):
    first = assign(folder, documents(*"abcd"))
    now = assign(folder, pl.concat([documents(*"abc"), documents("d", fiscal_year=2023)]))
    assert now[0] == first[0]
    assert now[1].name == first[1].name
    assert not set(now[1].keys.values()) & set(first[1].keys.values())
    assert pl.read_parquet(folder.documents(now[1].name))["fiscal_year"].to_list() == [None, 2023]
