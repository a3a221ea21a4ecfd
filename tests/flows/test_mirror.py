"""A data folder and the object store that is its home, in S3's own words on loopback."""

from __future__ import annotations

from pathlib import Path

import pytest
from fsspec.core import url_to_fs

from flows.folder import Folder, FolderError
from flows.location import working_folder
from flows.mirror import Mirror, opened
from flows.settings import WORK
from flows.store import StoreError
from tasks.publish.release import current, point

FIRST, SECOND = "2026-01-01-aaaaaaaa", "2026-02-01-bbbbbbbb"
HEAD = "finding,reason\n"


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str):
    """By name, the data folder of a machine."""

    def mirror(name: str) -> Mirror:
        monkeypatch.setenv(WORK, str(tmp_path / name))
        there = Mirror.of(url)
        Folder(there.root).check_writable()
        return there

    return mirror


def write(root: Path, **files: str) -> None:
    for path, content in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)


def publish(root: Path, release: str) -> None:
    folder = f"marts/releases/{release}"
    write(root, **{f"{folder}/facts.parquet": release * 9, f"{folder}/datapackage.json": release})
    point(root / "marts", release)


def fill(root: Path) -> None:
    """What a run leaves behind, and what it leaves half done."""
    write(
        root,
        **{
            "raw/objects/ab/abcd": "bytes as fetched",
            "raw/fetches/run.parquet": "fetches",
            "raw/documents/batch.parquet": "documents",
            "curated/facts/fiscal_year=2023/region_code=510403/batch.parquet": "facts",
            "docs/index.html": "pages",
            "docs/.mark": "",
            ".results/key": "result",
            "acknowledged.csv": HEAD,
            "raw/objects/ab/.ef.partial": "half",
            "marts/.staging-1-ab/facts.parquet": "half",
            ".lock": "somebody",
        },
    )
    publish(root, FIRST)


def files(root: Path) -> dict[str, str]:
    """Everything that folder and store have in common, and where the link leads."""
    found = {
        path.relative_to(root).as_posix(): path.read_text()
        for path in root.rglob("*")
        if path.is_file() and not {".lock", ".store.json"} & {path.name}
        if not path.name.endswith(".partial") and ".staging-1-ab" not in path.parts
    }
    release = current(root / "marts")
    return found | {"current": release.name if release else ""}


def test_another_machine_gets_what_was_sent_and_nothing_that_is_half_done(machine):
    here, there = machine("here"), machine("there")
    here.bring()
    fill(here.root)
    here.send()
    there.bring()
    assert files(there.root) == files(here.root)
    assert not list(there.root.rglob("*.partial")) and not list(there.root.rglob(".staging-*"))


def test_what_did_not_change_is_not_moved(machine, door):
    here = machine("here")
    fill(here.root)
    here.send()
    before = door.written
    again = machine("here")
    again.bring()
    again.send_raw()
    again.send()
    assert door.written == before


def test_what_was_fetched_is_sent_before_the_work_on_it(machine, url):
    here, there = machine("here"), machine("there")
    fill(here.root)
    here.send_raw()
    there.bring()
    assert {path.split("/")[0] for path in files(there.root)} == {"raw", "current"}


def test_each_side_keeps_what_only_it_has_changed(machine):
    here, there = machine("here"), machine("there")
    fill(here.root)
    here.send()
    there.bring()
    write(there.root, **{"docs/index.html": "new pages", ".results/other": "result"})
    (there.root / ".results/key").unlink()
    there.send()
    write(here.root, **{"acknowledged.csv": HEAD + "3f9a0c21b7de,one item left out\n"})
    again = machine("here")
    again.bring()
    again.send()
    assert files(again.root) == files(there.root) | {"acknowledged.csv": HEAD + "3f9a0c21b7de,one item left out\n"}
    machine("there").bring()
    assert files(there.root) == files(again.root)


def test_raw_is_for_ever_wherever_it_is_missing(machine):
    here = machine("here")
    fill(here.root)
    here.send()
    before = files(here.root)
    (here.root / "raw/fetches/run.parquet").unlink()
    (here.root / "raw/objects/ab/abcd").unlink()
    here.send()
    machine("here").bring()
    assert files(here.root) == before


@pytest.mark.parametrize("left", range(12))
def test_a_store_that_fails_on_the_way_loses_nothing_and_shows_a_whole_release(machine, door, left):
    here = machine("here")
    fill(here.root)
    here.send()
    write(here.root, **{"raw/objects/cd/cdef": "more", "raw/fetches/again.parquet": "more", "docs/index.html": "other"})
    write(here.root, **{".results/new": "result", "curated/facts/new.parquet": "facts", "acknowledged.csv": HEAD * 2})
    publish(here.root, SECOND)

    def run() -> None:
        each = machine("here")
        each.bring()
        (each.root / ".results/key").unlink(missing_ok=True)
        each.send_raw()
        each.send()

    door.left = left
    failed = False
    try:
        run()
    except StoreError as error:
        failed = True
        assert "The door is shut" in str(error) and str(error).count("\n") == 0
    assert failed == (left < 10), "ten writes are needed"
    door.left = None

    reader = machine(f"reader-{left}")
    reader.bring()
    release = current(reader.root / "marts")
    assert release and release.name == (FIRST if failed else SECOND)
    assert {path.name for path in release.iterdir()} == {"facts.parquet", "datapackage.json"}

    whole = files(here.root)
    run()
    assert files(here.root) == whole
    fresh = machine(f"fresh-{left}")
    fresh.bring()
    assert files(fresh.root) == {path: text for path, text in whole.items() if FIRST not in path}


def test_of_two_runs_that_publish_the_second_is_told_and_goes_on_from_the_first(machine):
    here, there = machine("here"), machine("there")
    fill(here.root)
    here.send()
    for each in (here, there):
        each.bring()
    publish(there.root, SECOND)
    there.send()
    publish(here.root, "2026-03-01-cccccccc")
    with pytest.raises(StoreError, match=f"another run has published releases/{SECOND} meanwhile; run again"):
        here.send()
    machine("here").bring()
    assert files(here.root)["current"] == SECOND


def test_acknowledgements_are_never_overwritten(machine, url):
    here, there = machine("here"), machine("there")
    fill(here.root)
    here.send()
    there.bring()
    for each, line in ((here, "one"), (there, "two")):
        write(each.root, **{"acknowledged.csv": HEAD + line})
    there.send()
    with pytest.raises(StoreError, match="have both changed"):
        machine("here").bring()
    assert (here.root / "acknowledged.csv").read_text() == HEAD + "one"


def test_commands_work_on_what_the_store_has_now(machine, url):
    here = machine("here")
    fill(here.root)
    here.send()
    machine("there")
    with opened(url) as folder:
        write(folder.root, **{"acknowledged.csv": HEAD + "line"})
    machine("here").bring()
    assert files(here.root)["acknowledged.csv"] == HEAD + "line"


def test_no_object_is_written_outside_of_the_folder(machine, url, tmp_path):
    store, base = url_to_fs(url)
    store.pipe_file(f"{base}/raw/../../../evil", b"evil")
    store.pipe_file(f"{base}/elsewhere/evil", b"evil")
    here = machine("here")
    here.bring()
    assert not list(tmp_path.rglob("evil"))


@pytest.mark.parametrize("target", ["../../outside", "releases/../..", "elsewhere", ""])
def test_a_pointer_that_leads_elsewhere_is_not_followed(machine, url, target):
    store, base = url_to_fs(url)
    store.pipe_file(f"{base}/marts/current", target.encode())
    with pytest.raises(StoreError, match="which is no release: restore it"):
        machine("here").bring()


def test_a_release_that_is_gone_is_told(machine, url):
    store, base = url_to_fs(url)
    store.pipe_file(f"{base}/marts/current", f"releases/{FIRST}".encode())
    with pytest.raises(StoreError, match=f"releases/{FIRST}, which is to be the current one, is gone"):
        machine("here").bring()


def test_a_store_that_is_not_there_is_told_in_one_sentence(machine, url, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    store, _ = url_to_fs(url)
    store.clear_instance_cache()
    with pytest.raises(StoreError, match=r"^the object store s3://.* cannot be used \(.*\): see that it answers.*$"):
        machine("here").bring()
    store.clear_instance_cache()


def test_an_unknown_protocol_is_told():
    with pytest.raises(FolderError, match="the data folder nowhere://x cannot be reached"):
        Mirror.of("nowhere://x")


def test_a_folder_of_this_machine_has_no_store(tmp_path):
    fill(tmp_path)
    before = files(tmp_path)
    local = Mirror.of(tmp_path)
    local.bring()
    local.send_raw()
    local.send()
    assert files(tmp_path) == before and not (tmp_path / ".store.json").exists()


def test_each_store_has_a_folder_of_its_own(monkeypatch):
    monkeypatch.setenv(WORK, "/srv/copies")
    one, other = working_folder("s3://a/accounts"), working_folder("s3://b/accounts/")
    assert one.parent == other.parent == Path("/srv/copies") and one != other
    assert working_folder("s3://a/accounts/") == one
    assert working_folder(Path("data")) == Path("data")
