"""The files in archives: ZIP, TAR, GZIP with what Python has; RAR and 7z with libarchive, where the system has it.

Nothing is written to disk, so that the paths of files are names and no more.
"""

from __future__ import annotations

import gzip
import io
import re
import tarfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Any

from tasks.read.archives.archive import FAULTS, open_archive
from tasks.read.blocks import Lacking, Unreadable

MAX_BYTES = 256 * 1024**2
"""Of all files of a document together, unpacked. A report with its tables and annexes has some ten million."""

MAX_FILES = 1000

_UTF_8_NAME, _ENCRYPTED = 0x800, 1
_RAR_5 = b"Rar!\x1a\x07\x01"
_SECRET = re.compile("encrypt|crypt|passphrase", re.IGNORECASE)

_FAULTS = (*FAULTS, tarfile.TarError)


class Refused(Unreadable):
    """An archive exceeds the limits: none of it is read."""


@dataclass(slots=True)
class Room:
    """What may still be unpacked of one document, with all archives in it."""

    name: str
    left: int = MAX_BYTES
    files: int = MAX_FILES

    def enter(self) -> None:
        """Counts one more file."""
        self.files -= 1
        if self.files < 0:
            raise Refused(f"{self.name}: the archive holds more than {MAX_FILES:,} files: refused.")

    def take(self, file: IO[bytes] | gzip.GzipFile) -> bytes:
        """All bytes of a file."""
        content = file.read(self.left + 1)
        self.use(len(content))
        return content

    def use(self, count: int) -> None:
        """Counts bytes that are unpacked."""
        self.left -= count
        if self.left < 0:
            raise Refused(f"{self.name}: the archive unpacks to more than {MAX_BYTES:,} bytes: refused.")


Unpacked = Iterator[tuple[str, bytes | Unreadable]]
"""Path and content of each file, or why it cannot be unpacked; without a path where that holds for more than one."""


def unpack(kind: str, content: bytes, name: str, room: Room, wanted: Callable[[str], bool]) -> Unpacked:
    """The wanted files of an archive in their order; of one that is cut short those before the fault, then that.

    `kind` is the archive's format as detected. Raises Refused beyond the limits.
    """
    try:
        yield from _UNPACKERS[kind](content, name, room, wanted)
    except Refused:
        raise
    except Unreadable as error:
        yield "", error
    except _FAULTS:
        yield "", _damaged(name)


def _zip(content: bytes, name: str, room: Room, wanted: Callable[[str], bool]) -> Unpacked:
    encrypted = False
    with open_archive(content, name) as archive:
        for entry in archive.infolist():
            path = _zip_path(entry)
            if entry.is_dir() or not wanted(path):
                continue
            room.enter()
            if entry.flag_bits & _ENCRYPTED:
                encrypted = True
                continue
            try:
                with archive.open(entry) as file:
                    unpacked = room.take(file)
            except Refused:
                raise
            except FAULTS:
                yield path, _damaged(f"{name}/{path}")
            else:
                yield path, unpacked
    if encrypted:
        yield "", _encrypted(name)


def _zip_path(entry: zipfile.ZipInfo) -> str:
    """The path: a name without the mark of UTF-8 is in the code page of the machine that packed it."""
    path = entry.filename
    if not entry.flag_bits & _UTF_8_NAME:
        with suppress(UnicodeEncodeError):  # where the entry tells its name in Unicode besides
            path = decoded(path.encode("cp437"))
    return path.replace("\\", "/")


def decoded(path: bytes) -> str:
    """A path in UTF-8 or else in the code page of Chinese systems."""
    try:
        return path.decode()
    except UnicodeDecodeError:
        return path.decode("gb18030", "replace")


def _tar(content: bytes, name: str, room: Room, wanted: Callable[[str], bool]) -> Unpacked:
    with tarfile.open(fileobj=io.BytesIO(content), mode="r:", errors="surrogateescape") as archive:
        for entry in archive:
            path = decoded(entry.name.encode("utf-8", "surrogateescape"))
            file = archive.extractfile(entry) if entry.isreg() and wanted(path) else None
            if file:
                room.enter()
                yield path, room.take(file)


def _gzip(content: bytes, name: str, room: Room, wanted: Callable[[str], bool]) -> Unpacked:
    """One file, which has the archive's name without its ending."""
    path = re.sub(r"\.t?gz$", "", name.rpartition("/")[2], flags=re.IGNORECASE)
    room.enter()
    with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
        yield path, room.take(file)


def _with_libarchive(content: bytes, name: str, room: Room, wanted: Callable[[str], bool]) -> Unpacked:
    """RAR and 7z."""
    libarchive = _libarchive(name)
    kind = "7zip" if content.startswith(b"7z") else "rar5" if content.startswith(_RAR_5) else "rar"
    try:
        with libarchive.memory_reader(content, kind, "none") as entries:
            for entry in entries:
                path = entry.pathname
                path = (decoded(path) if isinstance(path, bytes) else path or "").replace("\\", "/")
                if not (entry.isdir or entry.issym) and wanted(path):
                    room.enter()
                    try:
                        unpacked = _joined(entry.get_blocks(), room)
                    except libarchive.ArchiveError as error:
                        if _SECRET.search(str(error)):
                            raise
                        yield path, _damaged(f"{name}/{path}")
                    else:
                        # A checksum that does not fit is a warning to the library, and its data is then of any length.
                        whole = entry.size in (None, len(unpacked))
                        yield path, unpacked if whole else _damaged(f"{name}/{path}")
    except libarchive.ArchiveError as error:
        yield "", _encrypted(name) if _SECRET.search(str(error)) else _damaged(name)


def _joined(parts: Iterable[bytes], room: Room) -> bytes:
    taken = []
    for part in parts:
        room.use(len(part))
        taken.append(part)
    return b"".join(taken)


def _libarchive(name: str) -> Any:
    try:
        import libarchive  # type: ignore[import-untyped]
    except (ImportError, OSError, AttributeError, TypeError) as error:
        raise Lacking(
            f"{name}: RAR and 7z archives are read with the system's libarchive, which is not installed: "
            "install it (on Debian and Ubuntu: apt-get install libarchive-tools), or pack the files as ZIP."
        ) from error
    return libarchive


_UNPACKERS: dict[str, Callable[[bytes, str, Room, Callable[[str], bool]], Unpacked]] = {
    "zip": _zip,
    "tar": _tar,
    "gzip": _gzip,
    "rar": _with_libarchive,
    "7z": _with_libarchive,
}
KINDS = frozenset(_UNPACKERS)


def _damaged(name: str) -> Unreadable:
    return Unreadable(f"{name}: the archive is damaged here, cut short, or packed in an unusual way: pack it anew.")


def _encrypted(name: str) -> Unreadable:
    return Unreadable(f"{name}: the archive is encrypted: remove its password.")
