"""An object store with a data folder: whatever fsspec reaches by a URL, seen as paths of that folder."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from pathlib import Path, PurePosixPath
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar

from flows.folder import FolderError

POINTER = "marts/current"
"""The object that holds the path of the current release, below `marts/`."""

MARKS = ("ETag", "etag", "mtime", "created")
"""What stores tell of an object that is another one when the object has changed, each under a name of its own."""

P = ParamSpec("P")
T = TypeVar("T")


class StoreError(RuntimeError):
    """The object store does not do what it is asked. The message is one sentence."""


class Seen(NamedTuple):
    """What the store tells of an object: a mark of its content, and bytes."""

    mark: str
    size: int


def _told(method: Callable[Concatenate[ObjectStore, P], T]) -> Callable[Concatenate[ObjectStore, P], T]:
    """Whatever a store and the libraries between raise becomes a StoreError."""

    @wraps(method)
    def asked(self: ObjectStore, /, *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return method(self, *args, **kwargs)
        except StoreError:
            raise
        except Exception as error:
            raise StoreError(
                f"the object store {self.url} cannot be used ({type(error).__name__}: {error}): "
                "see that it answers and lets this machine in, then run again; what is done stays done"
            ) from error

    return asked


@dataclass(frozen=True, slots=True)
class ObjectStore:
    """The objects below one URL. Paths are relative to it."""

    url: str
    _files: Any
    _base: str

    @classmethod
    def at(cls, url: str) -> ObjectStore:
        """Raises FolderError where fsspec does not know the protocol, or its part for it is not installed."""
        from fsspec.core import url_to_fs  # type: ignore[import-untyped]

        try:
            files, base = url_to_fs(url)
        except (ImportError, ValueError) as error:
            raise FolderError(f"the data folder {url} cannot be reached ({error})") from None
        return cls(url, files, base.rstrip("/"))

    @_told
    def listing(self) -> dict[str, Seen]:
        """What is there now. A path that leads out of the folder is none."""
        self._files.invalidate_cache()
        found: dict[str, dict[str, Any]] = self._files.find(self._base, detail=True)
        told = {name.removeprefix(f"{self._base}/"): info for name, info in found.items()}
        return {
            path: Seen(str(next((info[key] for key in MARKS if key in info), "")), int(info["size"]))
            for path, info in told.items()
            if ".." not in PurePosixPath(path).parts
        }

    @_told
    def get(self, paths: Sequence[str], folder: Path) -> None:
        """Writes the objects into a folder."""
        if paths:
            self._files.get([self._name(path) for path in paths], [str(folder / path) for path in paths])

    @_told
    def read(self, path: str) -> bytes:
        """The bytes of an object."""
        content: bytes = self._files.cat_file(self._name(path))
        return content

    @_told
    def put(self, paths: Sequence[str], folder: Path) -> None:
        """Stores these files of a folder, each in one step, in any order."""
        if paths:
            self._files.put([str(folder / path) for path in paths], [self._name(path) for path in paths])

    @_told
    def remove(self, paths: Sequence[str]) -> None:
        """Removes objects that are there."""
        if paths:
            self._files.rm([self._name(path) for path in paths])

    @_told
    def pointer(self) -> str | None:
        """The current release as a path below `marts/`, if there is one."""
        try:
            target: str = self._files.cat_file(self._name(POINTER)).decode().strip()
        except FileNotFoundError:
            return None
        if not re.fullmatch(r"releases/[\w-]+", target):
            raise StoreError(f"{self.url}/{POINTER} leads to {target!r}, which is no release: restore it")
        return target

    @_told
    def point(self, target: str, before: str | None) -> None:
        """Turns the pointer to a release. Raises StoreError when it no longer leads where it did `before`."""
        if (now := self.pointer()) != before:
            raise StoreError(f"{self.url}: another run has published {now} meanwhile; run again")
        self._files.pipe_file(self._name(POINTER), target.encode())

    def _name(self, path: str) -> str:
        return f"{self._base}/{path}"
