"""A newcomer's path: the commands of the README from a clone to an answer, typed in a copy of this tree."""

import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]
README = (HOUSE / "README.md").read_text(encoding="utf-8")
FIVE_MINUTES = 300
LEFT_OUT = shutil.ignore_patterns("data", ".venv", ".git", ".*cache", ".hypothesis")


def test_from_a_clone_to_an_answer(tmp_path: Path) -> None:
    section = README.split("## From a clone to an answer")[1].split("\n## ")[0]
    commands, answer = re.search(r"```sh\n(.*?)```\n```\n(.*?)```", section, re.DOTALL).groups()
    clone = tmp_path / "clone"
    shutil.copytree(HOUSE, clone, ignore=LEFT_OUT)
    # The packages are there already: setting them up takes a minute of the five.
    (clone / ".venv").symlink_to(sys.prefix)
    begun = time.monotonic()
    done = subprocess.run(
        ["bash", "-ec", commands], cwd=clone, capture_output=True, encoding="utf-8", timeout=FIVE_MINUTES, check=False
    )
    assert done.returncode == 0, done.stderr
    assert answer in done.stdout
    assert (clone / "data" / "site" / "index.html").is_file()
    assert time.monotonic() - begun < FIVE_MINUTES - 60
