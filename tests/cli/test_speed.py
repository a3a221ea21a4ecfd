"""Commands on one report answer at once: nothing slow is loaded that they do not need."""

import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]
SLOW = ("prefect", "great_expectations", "pandera", "pandas")


@pytest.mark.parametrize("command", [["facts"], ["check"], ["check", "--format", "html"]])
def test_nothing_slow_is_loaded_for_one_report(command: list[str], real_reports: Path) -> None:
    report = next(real_reports.glob("001_*.txt"))
    program = (
        "import sys\nfrom flows.cli import main\n"
        f"assert main({[*command, str(report)]!r}) == 0\n"
        f"print(*set({SLOW}) & set(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=HOUSE, capture_output=True, encoding="utf-8", timeout=60, check=True
    )
    assert done.stderr.split() == []
