"""What the commands share: errors of use, and the data folder's option."""

from __future__ import annotations

import argparse
from pathlib import Path


class UsageError(ValueError):
    """A command cannot do what it was asked. The message is one sentence; the exit status is 2."""


def data_argument(parser: argparse.ArgumentParser) -> None:
    """Adds `--data DIR`."""
    parser.add_argument("--data", type=Path, default=Path("data"), metavar="DIR", help="data folder (default: data)")
