"""What the commands share: errors of use, the data folder's option, and where output goes."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from flows.location import is_url

if TYPE_CHECKING:
    from flows.folder import Folder


class UsageError(ValueError):
    """A command cannot do what it was asked. The message is one sentence; the exit status is 2."""


def data_argument(parser: argparse.ArgumentParser) -> None:
    """Adds `--data DIR`: a path, or the URL of a data folder in an object store as it is."""
    parser.add_argument(
        "--data",
        type=lambda text: text if is_url(text) else Path(text),
        default=Path("data"),
        metavar="DIR",
        help="data folder, or the URL of one in an object store, like s3://bucket/juesuan (default: data)",
    )


@contextmanager
def data_folder(options: argparse.Namespace) -> Iterator[Folder]:
    """The data folder that `--data` names, as a command other than a run uses it. Raises UsageError."""
    from flows.folder import FolderError
    from flows.mirror import opened
    from flows.store import StoreError

    try:
        with opened(options.data) as folder:
            yield folder
    except (FolderError, StoreError) as error:
        raise UsageError(str(error)) from None


def put(content: bytes, output: Path | None) -> None:
    """Writes to a file, or to standard output. Raises UsageError where the file cannot be written."""
    if output is None:
        sys.stdout.buffer.write(content)
        return
    try:
        output.write_bytes(content)
    except OSError as error:
        raise UsageError(f"{output}: cannot be written: {error.strerror}") from None
