"""What this project sets of Prefect, in one place, before Prefect is imported.

An environment variable that the user has set wins over every line here.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


class HomeError(ValueError):
    """Prefect's own folder cannot be used. The message is one sentence."""


DEFAULTS = {
    # The first start of the temporary server makes its database; the default of 20 s is too short for a slow disk.
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    # Telemetry has two switches: the server's and the client's.
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    # A run whose process is gone is found by what it has not told since (flows/automations.yaml).
    "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "60",
    # What the flows log appears at the flow run in Prefect's UI.
    "PREFECT_LOGGING_EXTRA_LOGGERS": "juesuan",
    # The same logger is used outside of flow runs, where there is nothing for the lines to appear at.
    "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
}

SERVED, PAGES = "JUESUAN_SERVED", "JUESUAN_PAGES"
"""Environment variables by which `juesuan serve` tells its flow runs which data folder's pages it serves, and where."""

WEBHOOK = "JUESUAN_WEBHOOK"
"""Environment variable with the address that is called when a run has failed, or a report is late."""

DASK = "JUESUAN_DASK"
"""Environment variable with the address of the Dask scheduler whose workers do the work of the batches."""

WORK = "JUESUAN_WORK"
"""Environment variable with the folder for this machine's copies of data folders whose home is an object store."""


def apply() -> None:
    """Sets what the environment does not set."""
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)


def quiet() -> None:
    """Keeps Prefect's own log off the terminal, unless the user asked for it with PREFECT_LOGGING_LEVEL."""
    if "PREFECT_LOGGING_LEVEL" not in os.environ:
        os.environ.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "CRITICAL")


def check_home() -> None:
    """Raises HomeError where the temporary server could not keep its database, and would be waited for in vain."""
    if "PREFECT_API_URL" in os.environ:
        return
    home = Path(os.environ.get("PREFECT_HOME") or "~/.prefect").expanduser()
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home):
            pass
    except OSError as error:
        raise HomeError(
            f"Prefect's folder {home} cannot be written ({error.strerror}): make it writable, "
            "or name another one in the environment variable PREFECT_HOME"
        ) from None
