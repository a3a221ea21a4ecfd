"""Recall and precision against hand-checked facts of real reports."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.extract.conftest import extraction_of

GOLD = ["000", "002", "004"]
LEAST = 0.96
"""What the three reports reach is above; a change that falls below has broken a phrasing."""


@pytest.mark.parametrize("number", GOLD)
def test_recall_and_precision(number: str, shared: Path, tmp_path: Path) -> None:
    report = next((shared / "reports").glob(f"{number}_*.txt"))
    facts = extraction_of(report.read_bytes().decode()).facts
    facts.write_csv(tmp_path / "facts.csv")
    score = [
        sys.executable,
        str(shared / "tools" / "score.py"),
        str(shared / "gold" / f"facts_{number}.csv"),
        "facts.csv",
    ]
    line = subprocess.run(score, cwd=tmp_path, capture_output=True, text=True, check=True).stdout.splitlines()[0]
    words = line.split()
    assert float(words[words.index("recall") + 1]) >= LEAST, line
    assert float(words[words.index("precision") + 1]) >= LEAST, line


@pytest.mark.parametrize("number", ["000", "001", "002", "003", "004"])
def test_every_quote_stands_at_its_place(number: str, shared: Path) -> None:
    text = next((shared / "reports").glob(f"{number}_*.txt")).read_bytes().decode()
    facts = extraction_of(text).facts
    assert facts.height > 150
    assert all(text[start:end] == quote for start, end, quote in facts.select("start", "end", "quote").iter_rows())
