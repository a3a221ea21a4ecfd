"""Revisions of the code and the taxonomy."""

import pytest

from flows import revision


@pytest.mark.parametrize("stage", revision.ROOMS)
def test_every_room_of_a_stage_is_there(stage):
    for room in revision.ROOMS[stage]:
        assert revision._sources(revision.HOUSE / room), room


@pytest.mark.parametrize(
    ("changed", "stages"),
    [
        ("tasks/read/text.py", {"read"}),
        ("tasks/extract/reading.py", {"extract"}),
        ("schemas/taxonomy/labels.csv", {"extract", "reconcile", "compare", "audit", "publish", "site"}),
        ("tasks/publish/marts.py", {"publish", "site"}),
    ],
)
def test_a_change_of_source_or_taxonomy_concerns_the_stages_that_use_it(changed, stages):
    touched = {
        stage
        for stage, rooms in revision.ROOMS.items()
        if any(revision.HOUSE / changed in revision._sources(revision.HOUSE / room) for room in rooms)
    }
    assert touched == stages


def test_the_revision_depends_on_names_and_contents(tmp_path, monkeypatch):
    monkeypatch.setattr(revision, "HOUSE", tmp_path)
    monkeypatch.setattr(revision, "ROOMS", {"read": ("room",)})
    (tmp_path / "room").mkdir()
    seen = set()
    for name, text in (("a.py", "1"), ("a.py", "2"), ("b.csv", "2"), ("notes.md", "no source")):
        (tmp_path / "room" / name).write_text(text)
        revision.revision.cache_clear()
        seen.add(revision.revision("read"))
    revision.revision.cache_clear()
    assert len(seen) == 3


def test_parts_of_a_digest_are_closed_off():
    assert revision.digest(["ab", "c"]) != revision.digest(["a", "bc"])
