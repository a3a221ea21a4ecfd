"""`juesuan run --data s3://…`: the same release as in a folder, for whoever reads the store."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest
from fsspec.core import url_to_fs

from flows.settings import WORK
from tests.cli.conftest import Done, juesuan
from tests.cli.test_run import digests


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Done:
    """The samples in a folder of this machine."""
    return juesuan("run", data=tmp_path_factory.mktemp("local"))


def stored(url: str) -> dict[str, str]:
    """SHA-256 of every object of the release that the store's pointer leads to, by name."""
    store, base = url_to_fs(url)
    store.invalidate_cache()
    release = f"{base}/marts/{store.cat_file(f'{base}/marts/current').decode()}"
    return {Path(path).name: sha256(store.cat_file(path)).hexdigest() for path in store.find(release)}


def test_the_store_gets_the_bytes_of_a_folder_even_when_it_failed_on_the_way(local, url, door, tmp_path, monkeypatch):
    monkeypatch.setenv(WORK, str(tmp_path / "here"))
    door.left = 20
    failed = juesuan("run", data=url)
    assert failed.status == 1
    assert f"the object store {url} cannot be used (PermissionError: The door is shut.)" in failed.err
    with pytest.raises(FileNotFoundError):
        stored(url)

    door.left = None
    done = juesuan("run", data=url)
    assert (done.status, local.status) == (0, 0), done.err
    assert "all 7 tasks were done before" in done.out
    assert stored(url) == digests(local.data)

    monkeypatch.setenv(WORK, str(tmp_path / "there"))
    elsewhere = juesuan("run", data=url)
    # The site is made where it is looked at.
    assert (elsewhere.status, "1 tasks done, 6 were done before" in elsewhere.out) == (0, True), elsewhere.out
    assert stored(url) == digests(local.data)
    assert re.search(r"reports +5 rows  one row is", juesuan("marts", data=url).out)


def test_polars_reads_the_release_from_the_store(local, url, door, tmp_path, monkeypatch):
    monkeypatch.setenv(WORK, str(tmp_path))
    assert juesuan("run", data=url).status == 0
    store, base = url_to_fs(url)
    release = store.cat_file(f"{base}/marts/current").decode()
    reader = {"aws_endpoint_url": door.address, "aws_allow_http": "true"}
    facts = pl.scan_parquet(f"{url}/marts/{release}/facts.parquet", storage_options=reader).collect()
    assert facts.equals(pl.read_parquet(local.data / "marts" / "current" / "facts.parquet"))


def test_serve_asks_for_a_folder(url):
    refused = juesuan("serve", data=url)
    assert refused.status == 2 and "serve keeps its state in a folder of this machine" in refused.err
