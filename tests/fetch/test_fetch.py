import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from schemas.raw import DOCUMENTS, FETCHES
from schemas.validate import validate
from tasks.fetch import Catalogue, Fetched, RawStore, fetch, from_inputs, load
from tasks.read import read

NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def catalogue(tmp_path: Path):
    """Writes a catalogue of paths and URLs and loads it."""

    def build(**locations: str) -> Catalogue:
        entries = (
            f'[[source]]\nname = "{name}"\n{"url" if "://" in where else "path"} = "{where}"\nkind = "单位"\n'
            for name, where in locations.items()
        )
        path = tmp_path / "catalogue.toml"
        path.write_text("fiscal_year = 2020\n" + "".join(entries), encoding="utf-8")
        return load(path)

    return build


def run(catalogue: Catalogue, store: RawStore, previous: pl.DataFrame | None = None, run_id: str = "r1") -> Fetched:
    fetched = fetch(catalogue, store, run_id, previous, clock=lambda: NOW)
    validate(fetched.fetches, FETCHES)
    validate(fetched.documents, DOCUMENTS)
    return fetched


def messages(fetched: Fetched) -> dict[str, str | None]:
    return dict(fetched.fetches.select("url", "message").iter_rows())


def test_a_file_is_fetched_as_the_catalogue_gives_it(tmp_path: Path, catalogue, store: RawStore) -> None:
    (tmp_path / "a.txt").write_bytes(b"abc")
    fetched = run(catalogue(a="a.txt"), store)
    assert fetched.fetches.to_dicts() == [
        {
            "run_id": "r1",
            "source": "a",
            "url": "a.txt",
            "fetched_at": NOW,
            "role": "report",
            "outcome": "fetched",
            "http_status": None,
            "document": sha256(b"abc"),
            "object": sha256(b"abc"),
            "bytes": 3,
            "media_type": None,
            "etag": None,
            "last_modified": None,
            "message": None,
        }
    ]
    assert fetched.documents.to_dicts() == [
        {
            "document": sha256(b"abc"),
            "source": "a",
            "url": "a.txt",
            "fiscal_year": 2020,
            "region_code": None,
            "entity": None,
            "kind": "单位",
        }
    ]
    assert store.get(sha256(b"abc")) == b"abc"


def test_a_folder_gives_its_files_sorted_and_without_litter(tmp_path: Path, catalogue, store: RawStore) -> None:
    litter = ["~$b.docx", "Thumbs.db", ".DS_Store", ".git/config", "__MACOSX/a.txt"]
    for number, name in enumerate(["z.txt", "a.txt", "b/c.txt", "b/a.txt", *litter]):
        file = tmp_path / "reports" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(str(number))
    fetched = run(catalogue(a="reports/"), store)
    found = fetched.fetches["url"].to_list()
    assert found == ["reports/a.txt", "reports/b/a.txt", "reports/b/c.txt", "reports/z.txt"]
    assert fetched.fetches["source"].unique().to_list() == ["a"]


def test_what_is_missing_or_empty(tmp_path: Path, catalogue, store: RawStore) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty.txt").touch()
    os.mkfifo(tmp_path / "pipe")
    fetched = run(catalogue(a="none.txt", b="empty", c="empty.txt", d="pipe"), store)
    assert messages(fetched) == {
        "none.txt": "none.txt is missing: there is no such file or folder.",
        "empty": "empty is a folder without files.",
        "empty.txt": None,
        "pipe": "pipe is neither a file nor a folder.",
    }
    assert fetched.fetches["outcome"].to_list() == ["failed", "failed", "fetched", "failed"]
    assert fetched.documents["url"].to_list() == ["empty.txt"]


@contextmanager
def ordinary_user(*folders: Path) -> Iterator[None]:
    """Opens the way to the files under test, and gives up the rights of a superuser, who may read all."""
    user, modes = os.geteuid(), [folder.stat().st_mode for folder in folders]
    for folder in folders:
        folder.chmod(0o755)
    os.seteuid(user or 65534)
    try:
        yield
    finally:
        os.seteuid(user)
        for folder, mode in zip(folders, modes, strict=True):
            folder.chmod(mode)


def test_what_may_not_be_read_is_told(tmp_path: Path, catalogue, store: RawStore) -> None:
    closed = [tmp_path / name for name in ("closed.txt", "reports/closed", "closed")]
    closed[0].write_text("x")
    closed[1].mkdir(parents=True)
    closed[2].mkdir()
    wanted = catalogue(a="closed.txt", b="reports", c="closed/a.txt")
    for path in closed:
        path.chmod(0)
    temporary = Path(tempfile.gettempdir())
    above = [folder for folder in tmp_path.parents if folder.is_relative_to(temporary) and folder != temporary]
    with ordinary_user(tmp_path, *above):
        fetched = run(wanted, store)
    for path in closed:
        path.chmod(0o755)
    assert messages(fetched) == {
        "closed.txt": "closed.txt cannot be read: Permission denied.",
        "reports/closed": "reports/closed cannot be opened: Permission denied.",
        "closed/a.txt": "closed/a.txt cannot be read: Permission denied.",
    }


def test_a_file_above_the_limit_is_not_read(tmp_path: Path, catalogue, store: RawStore) -> None:
    with (tmp_path / "large.txt").open("wb") as file:
        file.truncate(200 * 1024**2 + 1)
    assert messages(run(catalogue(a="large.txt"), store)) == {
        "large.txt": "large.txt is larger than 209,715,200 bytes, the limit for one document."
    }


def test_a_name_in_another_encoding_is_no_obstacle(tmp_path: Path, store: RawStore) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    Path(os.fsdecode(os.fsencode(folder) + "/决算.txt".encode("gbk"))).write_text("x")
    fetched = run(from_inputs([folder]), store)
    assert fetched.fetches["outcome"].to_list() == ["fetched"]
    assert "\ufffd" in fetched.fetches["url"][0]


def test_identical_bytes_are_one_document_of_the_first_source(tmp_path: Path, catalogue, store: RawStore) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("same")
    fetched = run(catalogue(b="b.txt", a="a.txt"), store)
    assert fetched.fetches.height == 2
    assert fetched.documents.select("source", "url").rows() == [("b", "b.txt")]


def test_a_location_in_two_sources_is_fetched_once(tmp_path: Path, catalogue, store: RawStore) -> None:
    (tmp_path / "reports").mkdir()
    for name in ("a.txt", "b.txt"):
        (tmp_path / "reports" / name).write_text(name)
    fetched = run(catalogue(one="reports/b.txt", all="reports"), store)
    assert fetched.fetches.select("source", "url").rows() == [("one", "reports/b.txt"), ("all", "reports/a.txt")]


def test_urls_and_files_keep_the_order_of_the_catalogue(tmp_path: Path, site, answers, catalogue, store) -> None:
    (tmp_path / "c.txt").write_text("c")
    url = site.on("/a", answers(200, b"abc", Content_Type="text/plain", ETag='"1"'))
    fetched = run(catalogue(none=site.url + "/none", a=url, c="c.txt"), store)
    assert fetched.fetches["source"].to_list() == ["none", "a", "c"]
    assert fetched.fetches["http_status"].to_list() == [404, 200, None]
    assert fetched.fetches["etag"].to_list() == [None, '"1"', None]
    assert fetched.fetches["media_type"].to_list() == [None, "text/plain", None]
    assert messages(fetched)[site.url + "/none"] == f"{site.url}/none answered 404 Not Found."
    assert fetched.documents["source"].to_list() == ["a", "c"]


def test_an_unchanged_document_is_not_fetched_again(site, answers, catalogue, store: RawStore) -> None:
    url = site.on("/a", answers(200, b"abc", Content_Type="text/plain", ETag='"1"'), answers(304))
    first = run(catalogue(a=url), store)
    second = run(catalogue(a=url), store, first.fetches, "r2")
    changed = {"run_id": "r2", "http_status": 304}
    assert second.fetches.to_dicts() == [first.fetches.row(0, named=True) | changed]
    assert second.documents.equals(first.documents)
    assert site.requests[1][1]["If-None-Match"] == '"1"'
    third = run(catalogue(a=url), store, pl.concat([second.fetches, first.fetches]), "r3")
    assert third.documents.equals(first.documents)


def test_a_lost_object_is_fetched_again(site, answers, catalogue, store: RawStore) -> None:
    url = site.on("/a", answers(200, b"abc", ETag='"1"'))
    first = run(catalogue(a=url), store)
    store.path(sha256(b"abc")).unlink()
    run(catalogue(a=url), store, first.fetches, "r2")
    assert "If-None-Match" not in site.requests[1][1]
    assert store.get(sha256(b"abc")) == b"abc"


def test_files_of_one_report_are_one_document(tmp_path: Path, store: RawStore) -> None:
    (tmp_path / "c.toml").write_text(
        '[[source]]\nname = "a"\npath = "text.txt"\nattachments = ["tables.csv", "annex.txt"]\n', encoding="utf-8"
    )
    (tmp_path / "text.txt").write_text("某局2020年度部门决算\n", encoding="utf-8")
    (tmp_path / "tables.csv").write_text("项目,决算数\n本年收入合计,10.00\n本年支出合计,9.00\n", encoding="utf-8")
    fetched = run(load(tmp_path / "c.toml"), store)
    assert fetched.fetches["url"].to_list() == ["text.txt", "tables.csv", "annex.txt"]
    assert messages(fetched)["annex.txt"] == "annex.txt is missing: there is no such file or folder."
    (document,) = fetched.documents["document"]
    assert fetched.fetches["document"].to_list() == [document, document, None]
    assert fetched.documents["url"].to_list() == ["text.txt"]
    blocks = read(store.get(document), document, "a").blocks
    assert blocks["file"].unique(maintain_order=True).to_list() == ["1-text.txt", "2-tables.csv"]
    assert run(load(tmp_path / "c.toml"), store).documents["document"].to_list() == [document]
