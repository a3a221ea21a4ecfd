"""A data folder whose home is an object store: what a run brings from there, and what it sends there.

The store has the data folder under the same paths, and in place of the link `marts/current` an object that holds where
the link leads. A run works in a folder of this machine. When it begins the store is right, when it ends the folder is;
what they had in common is noted, so that only what has changed since moves (docs/decisions/0024).
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from flows.folder import Folder
from flows.location import is_url, working_folder
from flows.store import ObjectStore, Seen, StoreError
from tasks.publish.release import point
from tasks.publish.releases import current

RAW, OBJECTS, RELEASES = "raw/", "raw/objects/", "marts/releases/"
LAYERS = (RAW, "curated/", "audit/", "docs/", RELEASES, ".results/", ".attempts/")
"""What the store has of a data folder, besides the acknowledgements and the pointer."""

ACKNOWLEDGED = "acknowledged.csv"
UNCHANGING = (OBJECTS, RELEASES)
FOR_EVER = (RAW, RELEASES)
"""Paths that are never removed, wherever they are missing."""

NOTES = ".store.json"


class Stamp(NamedTuple):
    """Bytes of a file, and when it was written in nanoseconds."""

    size: int
    written: int


class Noted(NamedTuple):
    """A path as it was when store and folder had the same."""

    mark: str
    stamp: Stamp


@dataclass(slots=True)
class Mirror:
    """A folder and the store that it mirrors; without a store every method does nothing. They raise StoreError."""

    root: Path
    store: ObjectStore | None
    _turned: str | None = None
    _sent: dict[str, Stamp] = field(default_factory=dict)

    @classmethod
    def of(cls, data: str | Path) -> Mirror:
        """The data folder of that name or URL. Raises FolderError for a store that this installation cannot reach."""
        return cls(working_folder(data), ObjectStore.at(str(data).rstrip("/")) if is_url(data) else None)

    def bring(self) -> None:
        """Makes the folder what the store is, but for what has changed in the folder alone."""
        if not self.store:
            return
        pointed, noted = self._notes()
        there = _shared(self.store.listing())
        wanted = [path for path, seen in there.items() if self._is_wanted(path, seen, noted.get(path))]
        if ACKNOWLEDGED in wanted:
            self._check_acknowledged(self.store, noted.get(ACKNOWLEDGED))
        self.store.get(wanted, self.root)
        for path in noted.keys() - there.keys():
            if not path.startswith(FOR_EVER) and self._stamp(path) == noted[path].stamp:
                (self.root / path).unlink()
        self._turned = self.store.pointer()
        if self._turned and self._turned != pointed:
            self._bring_release(self.store, self._turned, there)
        # What has changed here stays noted as it was, so that it is sent.
        same = {path: noted[path].stamp for path in noted if path not in wanted}
        self._note(there, {path: stamp for path in there if (stamp := same.get(path) or self._stamp(path))})

    def send_raw(self) -> None:
        """Sends what was fetched, the objects before what refers to them."""
        if self.store:
            self._send(self.store, OBJECTS, RAW)

    def send(self) -> None:
        """Makes the store what the folder is; when all of it is there, turns the store's pointer to the folder's release.

        Raises StoreError when another run has turned it since `bring`: what that run published would be lost.
        """
        if not self.store:
            return
        here = self._send(self.store, OBJECTS, RAW, "")
        there = _shared(self.store.listing())
        gone = (self._notes()[1].keys() & there.keys()) - here.keys()
        self.store.remove([path for path in gone if not path.startswith(FOR_EVER)])
        release = current(self.root / "marts")
        if release and (target := f"releases/{release.name}") != self._turned:
            self.store.point(target, self._turned)
            self._turned = target
        self._note(there, here)

    def _is_wanted(self, path: str, seen: Seen, noted: Noted | None) -> bool:
        """Whether the folder does not have an object, or has it as it was before somebody else changed it."""
        stamp = self._stamp(path)
        if path.startswith(RELEASES):
            return False
        if stamp and path.startswith(OBJECTS):
            return stamp.size != seen.size
        return not stamp or not noted or noted.mark != seen.mark

    def _check_acknowledged(self, store: ObjectStore, noted: Noted | None) -> None:
        """Raises StoreError when what people acknowledged here would be lost."""
        file, stamp = self.root / ACKNOWLEDGED, self._stamp(ACKNOWLEDGED)
        if stamp and not (noted and noted.stamp == stamp) and file.read_bytes() != store.read(ACKNOWLEDGED):
            raise StoreError(
                f"{file} and {ACKNOWLEDGED} in {store.url} have both changed: bring the lines of both into one of them, "
                "and remove the other one"
            )

    def _bring_release(self, store: ObjectStore, target: str, there: Mapping[str, Seen]) -> None:
        """Brings a release, unless it is here, and lets the folder's link lead to it."""
        marts = self.root / "marts"
        files = [path for path in there if path.startswith(f"marts/{target}/")]
        if not files:
            raise StoreError(f"{store.url}: the release {target}, which is to be the current one, is gone: restore it")
        if not (marts / target).exists():
            # A release is there as a whole or not at all; what a killed run leaves under this name is swept up.
            staging = marts / f".staging-{os.getpid()}-{os.urandom(4).hex()}"
            store.get(files, staging)
            (marts / target).parent.mkdir(exist_ok=True)
            (staging / "marts" / target).rename(marts / target)
            shutil.rmtree(staging)
        point(marts, PurePosixPath(target).name)

    def _send(self, store: ObjectStore, *groups: str) -> dict[str, Stamp]:
        """Sends what has changed, one group of paths after the other; gives what the folder has."""
        here, there, (_, noted) = self._here(), store.listing(), self._notes()
        for group in groups:
            changed = [
                path
                for path, stamp in here.items()
                if path.startswith(group) and not self._is_sent(path, stamp, there.get(path), noted.get(path))
            ]
            store.put(changed, self.root)
            self._sent |= {path: here[path] for path in changed}
        return here

    def _is_sent(self, path: str, stamp: Stamp, seen: Seen | None, noted: Noted | None) -> bool:
        """Whether the store has a file of the folder as it is now."""
        if self._sent.get(path) == stamp:
            return True
        if seen and path.startswith(UNCHANGING):
            return seen.size == stamp.size
        return seen is not None and noted == Noted(seen.mark, stamp)

    def _here(self) -> dict[str, Stamp]:
        """The files that the folder has to share."""
        found = [Path(at, name) for layer in LAYERS for at, _, names in os.walk(self.root / layer) for name in names]
        paths = [file.relative_to(self.root).as_posix() for file in [*found, self.root / ACKNOWLEDGED]]
        return {path: stamp for path in paths if _is_shared(path) and (stamp := self._stamp(path))}

    def _stamp(self, path: str) -> Stamp | None:
        try:
            told = (self.root / path).stat()
        except FileNotFoundError:
            return None
        return Stamp(told.st_size, told.st_mtime_ns)

    def _notes(self) -> tuple[str | None, dict[str, Noted]]:
        """Where the pointer led, and what store and folder had in common; nothing where it was never noted."""
        try:
            told = json.loads((self.root / NOTES).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None, {}
        return told["pointer"], {path: Noted(mark, Stamp(*stamp)) for path, (mark, stamp) in told["files"].items()}

    def _note(self, there: Mapping[str, Seen], here: Mapping[str, Stamp]) -> None:
        files = {path: Noted(there[path].mark, stamp) for path, stamp in here.items() if path in there}
        partial = self.root / f"{NOTES}.partial"
        partial.write_text(json.dumps({"pointer": self._turned, "files": files}), encoding="utf-8")
        partial.replace(self.root / NOTES)


@contextmanager
def opened(data: str | Path) -> Iterator[Folder]:
    """The data folder of that name; one in a store is brought before, kept from runs on this machine, and sent afterwards.

    Raises FolderError and StoreError.
    """
    mirror = Mirror.of(data)
    folder = Folder(mirror.root)
    if not mirror.store:
        yield folder
        return
    folder.check_writable()
    with folder.held():
        mirror.bring()
        yield folder
        mirror.send()


def _shared(there: Mapping[str, Seen]) -> dict[str, Seen]:
    return {path: seen for path, seen in there.items() if _is_shared(path)}


def _is_shared(path: str) -> bool:
    """Whether store and folder have this path in common, where it is there."""
    return (path.startswith(LAYERS) and not path.endswith(".partial")) or path == ACKNOWLEDGED
