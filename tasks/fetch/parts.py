"""A report that its publisher gave out as several files: one document, an archive of the bytes as fetched."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The date that the archive gives its files, so that the same files make the same archive."""


def bundled(parts: Iterable[tuple[str, bytes]]) -> bytes:
    """A ZIP archive of files, each given as its location (URL or path) and its bytes; nothing is compressed."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as archive:
        for number, (location, content) in enumerate(parts, start=1):
            archive.writestr(zipfile.ZipInfo(f"{number}-{_file_name(location)}", EPOCH), content)
    return whole.getvalue()


def _file_name(location: str) -> str:
    return PurePosixPath(unquote(urlsplit(location).path)).name or "file"
