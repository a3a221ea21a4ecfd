"""A report in several files: an archive of text, tables and annexes, read as one document."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePosixPath

import schemas.taxonomy
from tasks.read.archives.members import KINDS, Refused, Room, unpack
from tasks.read.blocks import Blocks, Unreadable, told
from tasks.read.detect import detect
from tasks.read.formats import broke, read_here

MAX_DEPTH = 3
"""Of archives within archives; the outermost is the first."""

PROSE = ("docx", "doc", "mhtml", "html", "text", "pdf")
"""Formats of texts, those first that keep more of them. All other formats are tables."""

_LEFT_OUT = re.compile(
    r"(?:^|/)(?:__MACOSX/|~\$|\.(?!\.?/))|\.(?:"
    r"jpe?g|png|gif|bmp|tiff?|ico|webp|svg|[ew]mf|mp[34]|avi|wmv|mov|wav|"
    r"db|ini|lnk|url|css|js|exe|dll|msi|bat|com|scr|ttf|otf|sig|p7s"
    r")$",
    re.IGNORECASE,
)
"""What is no part of a report: pictures, programs, and what systems leave in folders."""

_DIGITS = re.compile(r"(\d+)")
_WORDS = Path(schemas.taxonomy.__file__).parent / "attachments.csv"


def read_bundle(content: bytes, name: str) -> Blocks:
    """The blocks of all files, texts before tables; `file` is the path in the archive.

    What cannot be read becomes a note. Raises Unreadable where nothing can, and where limits are exceeded.
    """
    notes: list[Unreadable] = []
    found = list(_files(content, name, Room(name), notes))
    whole = Blocks()
    read: dict[str, str] = {}
    seen: set[bytes] = set()
    for path, format_name, unpacked in sorted(found, key=_order):
        stem = _stem(path)
        if format_name in PROSE and stem in read:
            same = f"left out, because {read[stem]} is the same text in another format."
            notes.append(Unreadable(f"{name}/{path}: {same}"))
            continue
        if unpacked in seen:
            continue
        seen.add(unpacked)
        try:
            whole.append(read_here(unpacked, f"{name}/{path}", format_name)[1], path)
        except Unreadable as error:
            notes.append(error)
        except MemoryError:
            raise
        except Exception as error:
            notes.append(broke(f"{name}/{path}", error))
        else:
            if format_name in PROSE:
                read[stem] = path
    if not whole.text and len(notes) == 1:
        raise notes[0]
    whole.notes += map(str, notes)
    if not whole.text:
        why = told(whole.notes) or "It is empty, or holds pictures only: ask its publisher for the text."
        raise Unreadable(f"{name}: the archive holds no document that can be read. {why}")
    return whole


File = tuple[str, str, bytes]
"""Path, format, content."""


def _files(
    content: bytes, name: str, room: Room, notes: list[Unreadable], folder: str = "", depth: int = 1
) -> Iterator[File]:
    """The documents in an archive and in those within it; what is none becomes a note."""
    archive = f"{name}/{folder}".rstrip("/")
    for path, unpacked in unpack(detect(content, archive), content, archive, room, _is_wanted):
        try:
            if isinstance(unpacked, Unreadable):
                raise unpacked
            format_name = detect(unpacked, f"{archive}/{path}")
            if format_name not in KINDS:
                yield folder + path, format_name, unpacked
            elif depth < MAX_DEPTH:
                yield from _files(unpacked, name, room, notes, f"{folder}{path}/", depth + 1)
            else:
                raise Unreadable(f"{archive}/{path}: archives within archives within archives are not read: unpack it.")
        except Refused:
            raise
        except Unreadable as error:
            notes.append(error)


def _is_wanted(path: str) -> bool:
    return not _LEFT_OUT.search(path)


def _stem(path: str) -> str:
    return str(PurePosixPath(path).with_suffix(""))


def _order(file: File) -> tuple[bool, int, list[tuple[int, str]], int]:
    """Texts before tables, then by words in the name, then by name with its numbers as numbers, then by format."""
    path, format_name, _ = file
    rank = next((rank for word, rank in _ranks() if word in path), 2)
    parts = _DIGITS.split(_stem(path))
    natural = [(int(part), "") if at % 2 and len(part) < 19 else (-1, part) for at, part in enumerate(parts)]
    keeps = PROSE.index(format_name) if format_name in PROSE else len(PROSE)
    return keeps == len(PROSE), rank, natural, keeps


@cache
def _ranks() -> tuple[tuple[str, int], ...]:
    """Words in the names of files, and how early these stand; the first word that a name has counts."""
    with _WORDS.open(encoding="utf-8", newline="") as file:
        return tuple((row["word"], int(row["rank"])) for row in csv.DictReader(file))
