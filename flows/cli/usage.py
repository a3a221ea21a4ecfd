"""What the commands share: errors of use, the data folder's option, and where output goes."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


class UsageError(ValueError):
    """A command cannot do what it was asked. The message is one sentence; the exit status is 2."""


def data_argument(parser: argparse.ArgumentParser) -> None:
    """Adds `--data DIR`."""
    parser.add_argument("--data", type=Path, default=Path("data"), metavar="DIR", help="data folder (default: data)")


def put(content: bytes, output: Path | None) -> None:
    """Writes to a file, or to standard output. Raises UsageError where the file cannot be written."""
    if output is None:
        sys.stdout.buffer.write(content)
        return
    try:
        output.write_bytes(content)
    except OSError as error:
        raise UsageError(f"{output}: cannot be written: {error.strerror}") from None
