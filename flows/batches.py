"""Batches: fixed sets of documents, the unit of work and of caching.

A document belongs to one batch for ever, so a report that is corrected (a new document) makes a new
batch, and the others stay done. `raw/documents/<batch>.parquet` says which documents a batch has, and
what the catalogue of the last run that met them says of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from flows.folder import Folder
from flows.revision import digest, revision
from schemas.raw import DOCUMENTS
from schemas.validate import write

SIZE = 250
"""Documents in a batch: large enough that a task is seconds of work, small enough to keep every processor busy."""

SHARE, LARGEST = 10, 1_000
"""Of many new documents a batch takes a tenth, but no more than that: each batch writes a file into every partition
that it has reports of, and what a thousand reports state is held in memory with ease."""


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch. `keys` by stage: equal keys mean equal results."""

    name: str
    documents: int
    keys: dict[str, str]


def assign(folder: Folder, documents: pl.DataFrame) -> list[Batch]:
    """The batches that hold these documents (raw.documents), new ones made for the new documents.

    What the catalogue says now replaces what it said before; a batch of which that differs is done again.
    """
    placed = _placed(folder)
    new = documents.filter(~pl.col("document").is_in(list(placed)))
    names = dict.fromkeys(placed[document] for document in documents["document"] if document in placed)
    batches = [_told(folder, name, documents) for name in names]
    for part in new.iter_slices(min(max(SIZE, new.height // SHARE), LARGEST)):
        name = digest(part["document"])
        write(part, DOCUMENTS, folder.documents(name))
        batches.append(Batch(name, part.height, _keys(part)))
    return batches


def _placed(folder: Folder) -> dict[str, str]:
    """By document, the name of its batch."""
    return {
        document: file.stem
        for file in sorted(folder.documents("").parent.glob("*.parquet"))
        for document in pl.read_parquet(file, columns=["document"])["document"]
    }


def _told(folder: Folder, name: str, documents: pl.DataFrame) -> Batch:
    """A batch that is there already, with what is known of its documents brought up to date."""
    before = pl.read_parquet(folder.documents(name))
    kept = before.join(documents, on="document", how="anti")
    now = pl.concat([kept, documents.join(before, on="document", how="semi")])
    told = before.select("document").join(now, on="document", how="left", maintain_order="left")
    if not told.equals(before):
        write(told, DOCUMENTS, folder.documents(name))
    return Batch(name, told.height, _keys(told))


def _keys(documents: pl.DataFrame) -> dict[str, str]:
    """Each stage's key: what its own code is, and the key of the stage whose result it takes over."""
    known = documents.write_csv()
    read = digest([known, revision("read")])
    extract = digest([read, revision("extract")])
    return {"read": read, "extract": extract, "reconcile": digest([extract, revision("reconcile")])}
