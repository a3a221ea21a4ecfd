"""Tables of the raw layer: what was fetched, and the documents as they were read."""

import polars as pl

from schemas.table import Column, Table

SHA256 = r"[0-9a-f]{64}"

FETCHES = Table(
    name="fetches",
    layer="raw",
    grain="one attempt to fetch one source location",
    key=("run_id", "url", "fetched_at"),
    columns=(
        Column("run_id", pl.String, "The run that made the attempt"),
        Column("source", pl.String, "Name of the source in the catalogue"),
        Column("url", pl.String, "Where it was fetched from: a URL or a path as the catalogue gives it"),
        Column("fetched_at", pl.Datetime("us", "UTC"), "When the attempt ended"),
        Column(
            "role",
            pl.String,
            "What was looked for there: a report or a file of one, a page that leads to its files, a page of a list, or a "
            "site's rules for programs",
            values=("report", "page", "listing", "robots"),
        ),
        Column(
            "outcome",
            pl.String,
            "What came of it; repeated: it failed and was tried again; absent: it is not there and need not be",
            values=("fetched", "failed", "repeated", "absent"),
        ),
        Column("http_status", pl.Int16, "HTTP status; empty for files", nullable=True, at_least=100),
        Column(
            "document",
            pl.String,
            "SHA-256 of the document: of the bytes, or of the archive of a report in several files",
            nullable=True,
            pattern=SHA256,
        ),
        Column("object", pl.String, "SHA-256 of the bytes", nullable=True, pattern=SHA256),
        Column("bytes", pl.Int64, "Number of bytes", unit="bytes", nullable=True, at_least=0),
        Column("media_type", pl.String, "Media type as the server declared it", nullable=True),
        Column("etag", pl.String, "Validator for conditional requests", nullable=True),
        Column("last_modified", pl.String, "Validator for conditional requests", nullable=True),
        Column("message", pl.String, "Why it failed, in one sentence", nullable=True),
    ),
)

LISTINGS = Table(
    name="listings",
    layer="raw",
    grain="one link of a site's lists, as a run met it",
    key=("run_id", "source", "url"),
    columns=(
        Column("run_id", pl.String, "The run that looked"),
        Column("source", pl.String, "Name of the source in the catalogue"),
        Column("listing", pl.String, "Address of the list's page that shows the link first"),
        Column("url", pl.String, "Where the link leads"),
        Column("title", pl.String, "What the link says"),
        Column("taken", pl.Boolean, "Whether a report was looked for there"),
        Column("reason", pl.String, "Why it was passed over", nullable=True),
    ),
)

BLOCKS = Table(
    name="blocks",
    layer="raw",
    grain="one paragraph or table cell of one document, in reading order",
    key=("document", "block"),
    columns=(
        Column("document", pl.String, "SHA-256 of the document's bytes", pattern=SHA256),
        Column("block", pl.Int32, "Number in reading order, from 0", at_least=0),
        Column("kind", pl.String, "What the block is", values=("paragraph", "cell")),
        Column(
            "text",
            pl.String,
            "The characters of the block with whatever separates it from the next one: "
            "the texts of all blocks, joined in order, are the document's text",
        ),
        Column(
            "start", pl.Int32, "Offset of the first character in the document's text", unit="characters", at_least=0
        ),
        Column("end", pl.Int32, "Offset behind the last character", unit="characters", at_least=0),
        Column("file", pl.String, "File in the archive, where the document is an archive", nullable=True),
        Column("page", pl.Int32, "Page, from 1, where the format has pages", nullable=True, at_least=1),
        Column(
            "box",
            pl.List(pl.Int32),
            "Left, top, right and bottom on the page, where the format has pages",
            unit="points",
            nullable=True,
        ),
        Column("sheet", pl.String, "Sheet, where the format has sheets", nullable=True),
        Column("table", pl.Int32, "Table of a cell, from 0 within the document", nullable=True, at_least=0),
        Column("row", pl.Int32, "Row of a cell, from 0", nullable=True, at_least=0),
        Column("column", pl.Int32, "Column of a cell, from 0", nullable=True, at_least=0),
    ),
)

DOCUMENTS = Table(
    name="documents",
    layer="raw",
    grain="one document that a run collected, with what the catalogue says of it",
    key=("document",),
    columns=(
        Column("document", pl.String, "SHA-256 of the document's bytes", pattern=SHA256),
        Column("source", pl.String, "Name of the source in the catalogue"),
        Column("url", pl.String, "Where it was fetched from"),
        Column("fiscal_year", pl.Int16, "Fiscal year, where the catalogue gives it", nullable=True, at_least=1990),
        Column(
            "region_code", pl.String, "GB/T 2260 code, where the catalogue gives it", nullable=True, pattern=r"[0-9]{6}"
        ),
        Column("entity", pl.String, "Publishing organisation, where the catalogue gives it", nullable=True),
        Column(
            "kind",
            pl.String,
            "Kind of accounts, where the catalogue gives it",
            nullable=True,
            values=("部门", "单位", "本级"),
        ),
    ),
)

TABLES = (FETCHES, LISTINGS, BLOCKS, DOCUMENTS)
