"""What was fetched is kept, and what was read is whole.

Objects are looked at by name and size: their content is compared with their name whenever they are read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from expectations.suite import Rule, collected, judged, limited_suite, sentence
from expectations.tables import Tables, table

if TYPE_CHECKING:
    from great_expectations import ExpectationSuite

NAME = "raw"

MEDIA_TYPES = (
    "application/msword",
    "application/octet-stream",
    "application/pdf",
    "application/vnd.ms-excel",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.rar",
    "application/x-7z-compressed",
    "application/x-download",
    "application/x-rar-compressed",
    "application/x-zip-compressed",
    "application/xhtml+xml",
    "application/zip",
    "image/jpeg",
    "image/png",
    "image/tiff",
    "text/csv",
    "text/html",
    "text/plain",
)
"""What servers declare of formats that are read, and the two names by which they say nothing. The content decides what a
document is; another name is a hint that a server answers with something else than a report."""

RULES = (
    Rule("fetch-told", "A fetch that gave something names its bytes, any other one says why it failed", "critical", 0, 0),
    Rule("object-kept", "The bytes of every report are kept, as many as were fetched", "critical", 0, 0),
    Rule("blocks-known", "Every block belongs to a document that was collected", "critical", 0, 0),
    Rule("blocks-whole", "Blocks are numbered from 0 without a gap, and each text begins where the last one ends", "critical", 0, 0),
    Rule("blocks-there", "Every report has blocks", "critical", at_least=1),
    Rule("media-type-known", "Servers declare a media type that reports have", "info", 0, 0),
)  # fmt: skip

_RULES = {each.name: each for each in RULES}


def build_suite() -> ExpectationSuite:
    """Fetches, objects, documents and blocks, each against what it must agree with."""
    return limited_suite(NAME, RULES)


def evidence(tables: Tables) -> pl.DataFrame:
    """EVIDENCE with `value`, from `raw.fetches`, `raw.objects` (document, bytes; null where it is gone), `raw.documents`,
    `raw.blocks` and `curated.reports`.
    """
    fetches = table(tables, "raw.fetches")
    reports = table(tables, "curated.reports").select("report_id", "document", "url")
    blocks = _documents_of(table(tables, "raw.blocks"))
    frames = [
        _fetches(fetches),
        _objects(fetches, table(tables, "raw.objects"), reports),
        *_blocks(blocks, table(tables, "raw.documents"), reports),
        _media_types(fetches),
    ]
    return collected(RULES, frames)


def _fetches(fetches: pl.LazyFrame) -> pl.LazyFrame:
    named = pl.col("document").is_not_null() & pl.col("bytes").is_not_null()
    untold = pl.when(pl.col("outcome") == "fetched").then(~named).otherwise(pl.col("message").is_null())
    return judged(
        _RULES["fetch-told"], fetches, untold, sentence("{} is {}, and nothing more is told", "url", "outcome")
    )


def _objects(fetches: pl.LazyFrame, objects: pl.LazyFrame, reports: pl.LazyFrame) -> pl.LazyFrame:
    """A document of several files is an archive of them: larger than each."""
    fetched = fetches.drop_nulls("document").group_by("document").agg(sizes="bytes")
    kept = (
        reports.join(fetched, on="document")
        .join(objects.select("document", kept="bytes"), on="document", how="left")
        .sort("report_id")
    )
    archived = (pl.col("sizes").list.len() > 1) & (pl.col("kept") > pl.col("sizes").list.max())
    as_fetched = pl.col("sizes").list.contains(pl.col("kept"))
    told = sentence(
        "the object {} of {} {}",
        "document",
        "url",
        pl.when(pl.col("kept").is_null())
        .then(pl.lit("is gone"))
        .otherwise(sentence("has {} bytes, where {} were fetched", "kept", pl.col("sizes").list.first())),
    )
    return judged(_RULES["object-kept"], kept, ~(archived | as_fetched).fill_null(False), told)


def _documents_of(blocks: pl.LazyFrame) -> pl.LazyFrame:
    """By document what its blocks come to; the texts themselves are not loaded."""
    return blocks.group_by("document").agg(
        blocks=pl.len(),
        numbers=pl.col("block").n_unique(),
        last=pl.col("block").max(),
        begin=pl.col("start").min(),
        end=pl.col("end").max(),
        length=(pl.col("end") - pl.col("start")).cast(pl.Int64).sum(),
    )


def _blocks(blocks: pl.LazyFrame, documents: pl.LazyFrame, reports: pl.LazyFrame) -> list[pl.LazyFrame]:
    known = documents.select("document", known=pl.lit(True)).unique("document")
    located = (
        blocks.join(known, on="document", how="left")
        .join(reports, on="document", how="left")
        .sort("document", "report_id")
    )
    numbered = (pl.col("numbers") == pl.col("blocks")) & (pl.col("last") + 1 == pl.col("blocks"))
    joined = (pl.col("begin") == 0) & (pl.col("length") == pl.col("end"))
    counted = reports.join(blocks.select("document", "blocks"), on="document", how="left").sort("report_id")
    return [
        judged(
            _RULES["blocks-known"],
            located,
            pl.col("known").is_null(),
            sentence("{} blocks are of the document {}, which nobody collected", "blocks", "document"),
        ),
        judged(
            _RULES["blocks-whole"],
            located.drop_nulls("report_id"),
            ~(numbered & joined),
            sentence("the {} blocks of {} have a gap or overlap", "blocks", "url"),
        ),
        judged(
            _RULES["blocks-there"],
            counted,
            pl.col("blocks").fill_null(0),
            sentence("the report of {} has no blocks", "url"),
        ),
    ]


def _media_types(fetches: pl.LazyFrame) -> pl.LazyFrame:
    strange = ~pl.col("media_type").is_in(MEDIA_TYPES)
    told = sentence("the server of {} declares {}", "url", "media_type")
    return judged(_RULES["media-type-known"], fetches.drop_nulls("media_type"), strange, told)
