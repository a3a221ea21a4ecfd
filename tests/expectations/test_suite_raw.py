"""Each expectation of the raw layer is met by what was kept whole, and fails where one thing of it is not."""

import polars as pl
import pytest

from expectations import suite_raw
from expectations.tables import Tables
from tests.expectations.support import fails_each, report_id, told

DOCUMENT, OTHER = "0" * 64, "f" * 64


def kept(*rows: tuple[str, int | None]) -> pl.DataFrame:
    return pl.DataFrame(rows, {"document": pl.String, "bytes": pl.Int64}, orient="row")


@pytest.fixture
def good(reports, fetches, documents, blocks) -> Tables:
    """One document of two blocks, fetched from a server, and one that failed."""
    return {
        "raw.fetches": fetches(
            {"media_type": "text/html"},
            {"url": "b", "document": None, "bytes": None, "outcome": "failed", "message": "404"},
        ),
        "raw.objects": kept((DOCUMENT, 1000)),
        "raw.documents": documents({}),
        "raw.blocks": blocks({}, {"block": 1, "start": 10, "end": 30}),
        "curated.reports": reports({}),
    }


def test_each_expectation_fails(good, fetches, blocks) -> None:
    changes = {
        "fetch-told": {"raw.fetches": fetches({"bytes": None})},
        "object-kept": {"raw.objects": kept((DOCUMENT, None))},
        "blocks-known": {"raw.documents": good["raw.documents"].clear()},
        "blocks-whole": {"raw.blocks": blocks({}, {"block": 2, "start": 10, "end": 30})},
        "blocks-there": {"raw.blocks": good["raw.blocks"].clear()},
        "media-type-known": {"raw.fetches": fetches({"media_type": "application/json"})},
    }
    broken = fails_each(suite_raw, good, changes)
    assert broken["object-kept"] == {(report_id(0), f"the object {DOCUMENT} of samples/a.txt is gone")}
    assert broken["blocks-whole"] == {(report_id(0), "the 2 blocks of samples/a.txt have a gap or overlap")}
    assert broken["media-type-known"] == {(None, "the server of samples/a.txt declares application/json")}


@pytest.mark.parametrize(
    ("size", "message"),
    [
        (1000, None),
        (999, f"the object {DOCUMENT} of samples/a.txt has 999 bytes, where 1000 were fetched"),
        (1001, f"the object {DOCUMENT} of samples/a.txt has 1001 bytes, where 1000 were fetched"),
    ],
)
def test_an_object_has_as_many_bytes_as_were_fetched(good, size: int, message: str | None) -> None:
    broken = told(suite_raw, {**good, "raw.objects": kept((DOCUMENT, size))})
    assert {sentence for _, _, sentence in broken} == ({message} if message else set())


def test_an_archive_of_several_files_is_larger_than_each(good, fetches) -> None:
    several = {"raw.fetches": fetches({}, {"url": "b", "bytes": 500})}
    assert not told(suite_raw, {**good, **several, "raw.objects": kept((DOCUMENT, 1700))})
    assert told(suite_raw, {**good, **several, "raw.objects": kept((DOCUMENT, 800))})


@pytest.mark.parametrize("start", [9, 11])
def test_blocks_that_overlap_or_leave_a_gap_are_not_whole(good, blocks, start: int) -> None:
    frame = blocks({}, {"block": 1, "start": start, "end": 30})
    assert {rule for rule, _, _ in told(suite_raw, {**good, "raw.blocks": frame})} == {"blocks-whole"}


def test_what_became_no_report_holds_nothing(good, reports, documents, fetches, blocks) -> None:
    """An unreadable document has an outcome of its own."""
    frames = {
        "raw.fetches": fetches({}, {"url": "b", "document": OTHER}),
        "raw.objects": kept((DOCUMENT, 1000), (OTHER, None)),
        "raw.documents": documents({}, {"document": OTHER}),
    }
    assert not told(suite_raw, {**good, **frames})
