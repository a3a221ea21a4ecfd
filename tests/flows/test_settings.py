"""Prefect's settings: ours where the user has none."""

import pytest

from flows import settings


def test_what_the_user_set_wins(monkeypatch):
    monkeypatch.setenv("DO_NOT_TRACK", "0")
    monkeypatch.delenv("PREFECT_SERVER_ANALYTICS_ENABLED", raising=False)
    settings.apply()
    assert settings.os.environ["DO_NOT_TRACK"] == "0"
    assert settings.os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"


def test_prefects_log_is_quiet_unless_the_user_asks_for_it(monkeypatch):
    name = "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL"
    monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PREFECT_LOGGING_LEVEL", "INFO")
    settings.quiet()
    assert name not in settings.os.environ
    monkeypatch.delenv("PREFECT_LOGGING_LEVEL")
    settings.quiet()
    assert settings.os.environ[name] == "CRITICAL"


def test_a_home_of_prefect_that_cannot_be_written_is_told_at_once(monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "file" / "home"))
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    with pytest.raises(settings.HomeError, match=r"file/home cannot be written \(Not a directory\): .* PREFECT_HOME"):
        settings.check_home()
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:4200/api")
    settings.check_home()
