"""Reads documents of any format into the table `blocks`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from itertools import accumulate
from typing import NamedTuple

import polars as pl

from schemas.raw import BLOCKS
from tasks.read.blocks import Blocks, Unreadable
from tasks.read.detect import detect

_PLACES = ("text", "table", "row", "column", "page", "sheet", "file", "box")
"""What the reader of a format tells of each block."""


class ReadDocument(NamedTuple):
    """`format` is one of those that `detect` tells; `blocks` is the table of that name for one document."""

    format: str
    blocks: pl.DataFrame


class ReadBatch(NamedTuple):
    """The blocks of all documents that could be read, their formats, and one sentence for each of the others."""

    blocks: pl.DataFrame
    formats: dict[str, str]
    failures: dict[str, str]


def read(content: bytes, document: str, name: str) -> ReadDocument:
    """The blocks of one document. `document` is its SHA-256, `name` what people know it by.

    The texts of all blocks, joined in order, are the document's text, and `start` and `end` are
    offsets in it. Raises Unreadable with one sentence.
    """
    format_name, blocks = _read(content, name)
    return ReadDocument(format_name, _frame([(document, blocks)]))


def read_all(documents: Iterable[tuple[str, str, bytes]]) -> ReadBatch:
    """As `read`, for many documents, each given as its SHA-256, its name and its bytes."""
    readings: list[tuple[str, Blocks]] = []
    formats: dict[str, str] = {}
    failures: dict[str, str] = {}
    for document, name, content in documents:
        try:
            formats[document], blocks = _read(content, name)
        except Unreadable as error:
            failures[document] = str(error)
        else:
            readings.append((document, blocks))
    return ReadBatch(_frame(readings), formats, failures)


def _read(content: bytes, name: str) -> tuple[str, Blocks]:
    format_name = detect(content, name)
    blocks = _reader(format_name)(content, name)
    if not blocks.text:
        raise Unreadable(f"{name}: the document holds no text, perhaps only images: ask its publisher for the text.")
    return format_name, blocks


def _reader(format_name: str) -> Callable[[bytes, str], Blocks]:
    """The reader of a format: `read_docx` of tasks.read.docx, and so on.

    Each is imported when it is first needed: most runs need one of them.
    """
    reader: Callable[[bytes, str], Blocks] = getattr(import_module(f"tasks.read.{format_name}"), f"read_{format_name}")
    return reader


def _frame(readings: list[tuple[str, Blocks]]) -> pl.DataFrame:
    """One frame of all documents, from whole columns."""
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
