"""LibreOffice, as the tests use it: documents saved in another format."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

TIMEOUT = 300
"""Seconds for one run, which converts many documents."""


def converted(documents: dict[str, bytes], format_name: str, folder: Path) -> dict[str, bytes]:
    """The documents, given by file name, in another format, by the same names; made in `folder` with a profile of its own."""
    program = shutil.which("soffice")
    assert program, "soffice is missing: install the packages of tests/apt.txt"
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in documents.items():
        (folder / name).write_bytes(content)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [program, profile, "--headless", "--convert-to", format_name, "--outdir", str(folder)]
    files = [str(folder / name) for name in documents]
    environment = os.environ | {"HOME": str(folder)}
    subprocess.run([*command, *files], check=True, capture_output=True, timeout=TIMEOUT, env=environment)
    return {name: (folder / name).with_suffix(f".{format_name}").read_bytes() for name in documents}
