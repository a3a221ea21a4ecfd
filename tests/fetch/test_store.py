import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tasks.fetch import CorruptObject, RawStore


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_an_object_is_addressed_by_its_content(tmp_path: Path) -> None:
    store = RawStore(tmp_path)
    sha256 = store.put(b"abc")
    assert sha256 == hashlib.sha256(b"abc").hexdigest()
    assert store.path(sha256) == tmp_path / "objects" / sha256[:2] / sha256
    assert store.get(sha256) == b"abc"
    assert store.has(sha256)
    assert not store.has("0" * 64)


def test_an_object_is_never_rewritten(tmp_path: Path) -> None:
    store = RawStore(tmp_path)
    path = store.path(store.put(b"abc"))
    before = path.stat()
    store.put(b"abc")
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_an_object_that_was_cut_short_is_stored_again(tmp_path: Path) -> None:
    store = RawStore(tmp_path)
    sha256 = store.put(b"abc")
    store.path(sha256).write_bytes(b"")
    assert store.get(store.put(b"abc")) == b"abc"


def test_many_writers_of_one_object_leave_one_file(tmp_path: Path) -> None:
    store = RawStore(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(store.put, [b"abc" * 10_000] * 50))) == 1
    assert len(files(tmp_path)) == 1


def test_an_interrupted_write_leaves_no_object(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = RawStore(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            store.put(b"abc")
    assert not store.has(hashlib.sha256(b"abc").hexdigest())
    assert store.get(store.put(b"abc")) == b"abc"


def test_changed_bytes_are_noticed(tmp_path: Path) -> None:
    store = RawStore(tmp_path)
    sha256 = store.put(b"abc")
    store.path(sha256).write_bytes(b"abd")
    with pytest.raises(CorruptObject, match=f"{sha256}: the stored bytes have changed: delete this file"):
        store.get(sha256)


def test_an_object_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        RawStore(tmp_path).get("0" * 64)
