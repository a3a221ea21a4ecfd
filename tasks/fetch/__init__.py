"""Catalogue, HTTP and raw objects: what was promised, what arrived, and the bytes as they came."""

from tasks.fetch.catalogue import Catalogue, CatalogueError, Source, from_inputs, load
from tasks.fetch.fetch import Fetched, fetch
from tasks.fetch.store import CorruptObject, RawStore

__all__ = [
    "Catalogue",
    "CatalogueError",
    "CorruptObject",
    "Fetched",
    "RawStore",
    "Source",
    "fetch",
    "from_inputs",
    "load",
]
