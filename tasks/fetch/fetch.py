"""Fetches what a catalogue names: one row per attempt, one document per distinct content."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from stat import S_ISREG
from typing import Any, NamedTuple

import httpx
import polars as pl

from schemas.raw import DOCUMENTS, FETCHES
from tasks.fetch import http
from tasks.fetch.catalogue import Catalogue, Source
from tasks.fetch.known import last_known
from tasks.fetch.parts import bundled
from tasks.fetch.store import RawStore

CONNECTIONS = 4
"""Few, since most sites of a roster stand on the same small municipal server."""

LITTER = ("Thumbs.db", "desktop.ini", "__MACOSX")
"""What operating systems leave in folders; hidden files and Word's lock files (~$…) are left out as well."""

Clock = Callable[[], datetime]


class Fetched(NamedTuple):
    """`fetches`: the table of that name, in the order of the catalogue; `documents`: likewise, one row per content."""

    fetches: pl.DataFrame
    documents: pl.DataFrame


@dataclass(frozen=True, slots=True)
class _Item:
    """One location to fetch: a URL, a file, or a path of which is known already why it gives nothing."""

    source: Source
    location: str
    file: Path | None = None
    fault: str | None = None

    @property
    def is_url(self) -> bool:
        """Whether it is asked of a server."""
        return self.location.startswith(("http://", "https://"))


def fetch(
    catalogue: Catalogue,
    store: RawStore,
    run_id: str,
    previous: pl.DataFrame | None = None,
    clock: Clock = lambda: datetime.now(UTC),
    standing: pl.DataFrame | None = None,
) -> Fetched:
    """Fetches every source that names its reports, stores the bytes, and tells of each location what came of it.
    Sources with lists are for `tasks.fetch.sites`.

    `previous` holds rows of `fetches` of earlier runs: a URL that answered with validators is asked
    for conditionally, and an answer of 304 takes the stored object. `standing` are rows of an earlier attempt of this
    run: their locations are not asked again, and the rows are given as they are. Attempts that were repeated have rows
    before all others. Nothing is raised for a location that fails: its row
    has the outcome `failed` and a sentence. A location that stands in two sources is fetched for the
    first, and identical bytes from two locations are one document, the first one's. The files of a source with
    attachments are one document: an archive of them.
    """
    first: dict[str, _Item] = {}
    for item in _items(catalogue):
        first.setdefault(item.location, item)
    items = list(first.values())
    known = last_known(previous, store)
    stands = _standing(items, standing, store)
    repeated: list[dict[str, Any]] = []

    with http.client() as client, ThreadPoolExecutor(CONNECTIONS) as pool:

        def attempt(item: _Item) -> dict[str, Any]:
            if item.location in stands:
                return stands[item.location]

            def told(result: dict[str, Any]) -> dict[str, Any]:
                where = {"run_id": run_id, "source": item.source.name, "url": item.location, "role": "report"}
                return where | {"fetched_at": clock()} | result

            def repeat(fault: http.FetchError) -> None:
                repeated.append(told({"outcome": "repeated", "http_status": fault.status, "message": str(fault)}))

            return told(_from_url(client, item, store, known, repeat) if item.is_url else _from_file(item, store))

        # Files are read one after the other: threads do not make a disk faster.
        waiting = [pool.submit(attempt, item) if item.is_url else item for item in items]
        rows = [attempt(each) if isinstance(each, _Item) else each.result() for each in waiting]

    anew = [(item, row) for item, row in zip(items, rows, strict=True) if item.location not in stands]
    _put_together(anew, store)
    documents = _documents(items, [row.get("document") for row in rows])
    return Fetched(pl.DataFrame([*repeated, *rows], schema=FETCHES.schema), documents)


def _items(catalogue: Catalogue) -> Iterator[_Item]:
    for source in catalogue.sources:
        if source.listing:
            continue
        if source.url:
            yield _Item(source, source.url)
        elif os.path.isdir(source.file):  # Path.is_dir raises where a folder above is closed
            yield from _folder(source)
        else:
            yield _Item(source, _printable(source.location), source.file)
        for attachment in source.attachments:
            yield _Item(source, attachment, source.beside(attachment))


def _put_together(fetched: list[tuple[_Item, dict[str, Any]]], store: RawStore) -> None:
    """Gives all files of a source with attachments one document: the archive of what was fetched of them."""
    parts: dict[str, list[dict[str, Any]]] = {}
    for item, row in fetched:
        if item.source.attachments and row.get("document"):
            parts.setdefault(item.source.name, []).append(row)
    for several in parts.values():
        if len(several) > 1:
            whole = store.put(bundled((row["url"], store.get(row["document"])) for row in several))
            for row in several:
                row["document"] = whole


def _folder(source: Source) -> Iterator[_Item]:
    """All files below a folder, sorted; links to folders are not followed."""
    faults: list[OSError] = []
    files = sorted(
        Path(folder, name)
        for folder, folders, names in os.walk(source.file, onerror=faults.append)
        for name in names
        if not any(map(_is_litter, Path(folder, name).relative_to(source.file).parts))
    )
    for file in files:
        yield _Item(source, _below(source, file), file)
    for fault in faults:
        location = _below(source, Path(fault.filename))
        yield _Item(source, location, fault=f"{location} cannot be opened: {fault.strerror}.")
    if not files and not faults:
        location = _printable(source.location)
        yield _Item(source, location, fault=f"{location} is a folder without files.")


def _is_litter(name: str) -> bool:
    return name.startswith((".", "~$")) or name in LITTER


def _below(source: Source, path: Path) -> str:
    """The location of a path below a source's folder, written as the catalogue writes the folder."""
    return _printable((Path(source.location) / path.relative_to(source.file)).as_posix())


def _printable(location: str) -> str:
    """The location in valid Unicode: names from old archives may be in another encoding."""
    return os.fsencode(location).decode("utf-8", "replace")


def _from_file(item: _Item, store: RawStore) -> dict[str, Any]:
    if item.file is None:
        return _failed(item.fault)
    try:
        status = item.file.stat()
        if not S_ISREG(status.st_mode):
            return _failed(f"{item.location} is neither a file nor a folder.")
        if status.st_size > http.MAX_BYTES:
            return _failed(f"{item.location} is larger than {http.MAX_BYTES:,} bytes, the limit for one document.")
        content = item.file.read_bytes()
    except FileNotFoundError:
        return _failed(f"{item.location} is missing: there is no such file or folder.")
    except OSError as error:
        return _failed(f"{item.location} cannot be read: {error.strerror}.")
    return {"outcome": "fetched", **_stored(store, content)}


def _from_url(
    client: httpx.Client,
    item: _Item,
    store: RawStore,
    known: dict[str, dict[str, Any]],
    repeat: http.Repeated,
) -> dict[str, Any]:
    before = known.get(item.location, {})
    try:
        response = http.get(client, item.location, before.get("etag"), before.get("last_modified"), repeated=repeat)
    except http.FetchError as error:
        return _failed(str(error), error.status)
    if response.status == 304:
        kept = {name: before[name] for name in ("object", "bytes", "media_type", "etag", "last_modified")}
        return {"outcome": "fetched", "http_status": 304, "document": before["object"]} | kept
    return {
        "outcome": "fetched",
        "http_status": response.status,
        **_stored(store, response.content),
        "media_type": response.media_type,
        "etag": response.etag,
        "last_modified": response.last_modified,
    }


def _stored(store: RawStore, content: bytes) -> dict[str, Any]:
    """The document is the object, until it becomes one of the files of a report."""
    sha256 = store.put(content)
    return {"document": sha256, "object": sha256, "bytes": len(content)}


def _failed(message: str | None, status: int | None = None) -> dict[str, Any]:
    return {"outcome": "failed", "http_status": status, "message": message}


def _standing(items: list[_Item], rows: pl.DataFrame | None, store: RawStore) -> dict[str, dict[str, Any]]:
    """By location, the rows that stand. A source with attachments is one document: all of it stands, or nothing."""
    if rows is None:
        return {}
    kept = {row["url"]: row for row in rows.iter_rows(named=True) if store.has(row["document"])}
    parted = {item.source.name for item in items if item.source.attachments and item.location not in kept}
    return {
        item.location: kept[item.location] | {"source": item.source.name}
        for item in items
        if item.location in kept and item.source.name not in parted
    }


def _documents(items: list[_Item], documents: list[str | None]) -> pl.DataFrame:
    first: dict[str, dict[str, Any]] = {}
    for item, document in zip(items, documents, strict=True):
        if document is not None:
            row = {"document": document, "source": item.source.name, "url": item.location}
            first.setdefault(document, row | item.source.told)
    return pl.DataFrame(list(first.values()), schema=DOCUMENTS.schema)
