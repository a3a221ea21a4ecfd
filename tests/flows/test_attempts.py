"""What an attempt leaves for the next one, and what re-auditing takes for collected."""

from datetime import UTC, datetime

import polars as pl
import pytest

from flows.attempts import Attempts, collected
from schemas.raw import FETCHES
from tasks.fetch import Catalogue, RawStore, Source, fetch

A, B = "a" * 64, "b" * 64


def rows(*told: tuple[str, str, str, str | None, int]) -> pl.DataFrame:
    """raw.fetches of run, source, url, document, and the day of the attempt."""
    frame = [
        dict.fromkeys(FETCHES.schema)
        | {"run_id": run, "source": source, "url": url, "document": document, "role": "report"}
        | {"fetched_at": datetime(2026, 1, day, tzinfo=UTC), "outcome": "fetched" if document else "failed"}
        for run, source, url, document, day in told
    ]
    return pl.DataFrame(frame, schema=FETCHES.schema)


@pytest.fixture
def attempts(tmp_path):
    return Attempts(tmp_path / "attempt.parquet")


def test_what_failed_later_and_what_is_the_same_document_is_looked_at_afresh(attempts):
    assert attempts.standing().is_empty()
    attempts.keep(
        rows(("r", "s", "a", A, 1), ("r", "s", "a2", A, 1), ("r", "s", "b", B, 1), ("r", "s", "c", None, 1)), ["a"]
    )
    assert attempts.standing()["url"].to_list() == ["b"]
    attempts.end()
    assert attempts.standing().is_empty()


def test_a_run_that_no_deployment_made_keeps_nothing():
    alone = Attempts(None)
    alone.keep(rows(("r", "s", "a", A, 1)))
    assert alone.standing().is_empty()


def test_what_stands_is_not_looked_at_again_while_its_bytes_are_there(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).write_text(name)
    catalogue = Catalogue(source=tuple(Source(name=name, path=str(tmp_path / name)) for name in ("a", "b")))
    store = RawStore(tmp_path / "raw")
    first = fetch(catalogue, store, "r").fetches
    for name in ("a", "b"):
        (tmp_path / name).write_text(f"{name}, corrected")
    again = fetch(catalogue, store, "r", standing=first.head(1)).fetches
    assert again.row(0) == first.row(0)
    assert again["document"][1] != first["document"][1]
    store.path(first["document"][0]).unlink()
    assert fetch(catalogue, store, "r", standing=first.head(1)).fetches["document"][0] != first["document"][0]


def test_a_source_with_attachments_stands_as_a_whole_or_not_at_all(tmp_path):
    for name in ("text", "tables"):
        (tmp_path / name).write_text(name)
    source = Source(name="s", path=str(tmp_path / "text"), attachments=(str(tmp_path / "tables"),))
    catalogue, store = Catalogue(source=(source,)), RawStore(tmp_path / "raw")
    first = fetch(catalogue, store, "r").fetches
    assert fetch(catalogue, store, "r", standing=first).fetches.equals(first)
    later = fetch(catalogue, store, "r", standing=first.head(1)).fetches
    assert (later["fetched_at"] > first["fetched_at"]).all()
    assert later["document"].equals(first["document"])


def test_collected_is_the_last_run_of_each_source_and_the_last_row_of_each_location():
    earlier = rows(
        ("1", "s", "old", A, 1), ("2", "s", "a", None, 2), ("2", "s", "b", B, 2), ("2", "s", "a", A, 3), ("1", "t", "t", B, 1)
    )  # fmt: skip
    catalogue = Catalogue(source=tuple(Source(name=name, path=name) for name in ("t", "s", "u")))
    found = collected(earlier, catalogue, "now")
    assert found.select("source", "url", "document").rows() == [
        ("t", "t", B), ("s", "b", B), ("s", "a", A), ("u", "u", None)
    ]  # fmt: skip
    assert found.schema == FETCHES.schema
    assert "not been collected" in found["message"][3]
