"""Reads documents of any format into the table `blocks`."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from tasks.read.archives.ole import SIGNATURE
from tasks.read.blocks import Blocks, Lacking, Unreadable, told
from tasks.read.detect import detect
from tasks.read.formats import read_here
from tasks.read.limits import read_limited

if TYPE_CHECKING:
    import polars as pl

_HERE = ("text", "html", "docx")
"""Formats whose readers are bounded by themselves; they do not pay for the way to another process."""

LARGE = 4 * 1024**2
"""Bytes. Larger ones take the way to the other process all the same: there are few, and one may be made to waste time."""

_PLACES = ("text", "table", "row", "column", "page", "sheet", "file", "box")
"""What the reader of a format tells of each block."""


class ReadDocument(NamedTuple):
    """`format` as `detect` tells it; `blocks` the table of that name for one document; `notes` what of it is missing."""

    format: str
    blocks: pl.DataFrame
    notes: list[str]


class ReadBatch(NamedTuple):
    """The blocks of all documents that could be read, their formats, and one sentence for each of the others.

    `notes` say of those that were read what of them could not be. `settled`: the documents alone decided
    it, and not what this machine lacks.
    """

    blocks: pl.DataFrame
    formats: dict[str, str]
    failures: dict[str, str]
    notes: dict[str, str]
    settled: bool


def read(content: bytes, document: str, name: str) -> ReadDocument:
    """The blocks of one document. `document` is its SHA-256, `name` what people know it by.

    The texts of all blocks, joined in order, are the document's text, and `start` and `end` are
    offsets in it. Raises Unreadable with one sentence.
    """
    format_name, blocks = _read(content, name)
    return ReadDocument(format_name, _frame([(document, blocks)]), blocks.notes)


def read_all(documents: Iterable[tuple[str, str, bytes]]) -> ReadBatch:
    """As `read`, for many documents, each given as its SHA-256, its name and its bytes."""
    readings: list[tuple[str, Blocks]] = []
    formats: dict[str, str] = {}
    failures: dict[str, str] = {}
    settled = True
    for document, name, content in documents:
        try:
            formats[document], blocks = _read(content, name)
        except Unreadable as error:
            failures[document] = str(error)
            settled = settled and not isinstance(error, Lacking)
        else:
            readings.append((document, blocks))
    notes = {document: told(blocks.notes) for document, blocks in readings if blocks.notes}
    return ReadBatch(_frame(readings), formats, failures, notes, settled)


def _read(content: bytes, name: str) -> tuple[str, Blocks]:
    """Reads in this process what needs no limits, and all else in the worker."""
    # Even to look into a compound file is its reader's work.
    format_name = None if content.startswith(SIGNATURE) else detect(content, name)
    if format_name in _HERE and len(content) <= LARGE:
        return read_here(content, name, format_name)
    return read_limited(content, name)


def _frame(readings: list[tuple[str, Blocks]]) -> pl.DataFrame:
    """One frame of all documents, from whole columns."""
    # Imported here, because the worker imports this room and makes no frames: half a second for each process.
    import polars as pl

    from schemas.raw import BLOCKS

    columns: dict[str, list[object]] = {name: [] for name in ("document", "block", "end", *_PLACES)}
    for document, blocks in readings:
        count = len(blocks.text)
        columns["document"] += [document] * count
        columns["block"] += range(count)
        columns["end"] += accumulate(map(len, blocks.text))
        for name in _PLACES:
            columns[name] += getattr(blocks, name)
    frame = pl.DataFrame(columns, schema={name: BLOCKS.schema[name] for name in columns})
    return frame.with_columns(
        pl.when(pl.col("table").is_null()).then(pl.lit("paragraph")).otherwise(pl.lit("cell")).alias("kind"),
        (pl.col("end") - pl.col("text").str.len_chars()).cast(pl.Int32).alias("start"),
    ).select(BLOCKS.schema.names())
