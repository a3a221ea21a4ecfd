"""What several rooms' tests share: the five published reports, and a Prefect home of their own."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import pytest

from flows import settings

SHARED = Path(__file__).resolve().parents[2] / "shared"


def pytest_configure() -> None:
    """Gives the session a Prefect home, so that neither the user's server nor the user's runs are touched.

    Prefect reads its settings when it is first imported, which may be while tests are collected.
    """
    home = tempfile.mkdtemp(prefix="juesuan-prefect-")
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    for name in [name for name in os.environ if name.startswith("PREFECT_")]:
        del os.environ[name]
    # Where a conftest of the named files has imported `flows` already, what that has set is gone again by now.
    settings.apply()
    os.environ["PREFECT_HOME"] = home
    # Where the suite runs on several processors, each is told a terminal of 80 columns that is not there.
    os.environ.pop("COLUMNS", None)
    os.environ["PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL"] = "CRITICAL"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder beside the repository with the published reports and the facts checked by hand.

    They are not part of the repository: without them their tests are left out on a desk, and fail where CI runs.
    """
    if not SHARED.is_dir():
        tell = pytest.fail if os.environ.get("CI") else pytest.skip
        tell(f"{SHARED} is missing: it holds the published reports that this test reads")
    return SHARED


@pytest.fixture(scope="session")
def real_reports(shared: Path) -> Path:
    """The folder of the five published reports."""
    folder = shared / "reports"
    assert len(list(folder.glob("*.txt"))) == 5, f"{folder} must hold the five published reports"
    return folder
