"""`juesuan serve` where it does not start."""

import signal
import socket

import pytest

from flows.cli import main


@pytest.fixture(autouse=True)
def at_home(tmp_path, monkeypatch):
    """A data folder and Prefect's of its own; what the command does about SIGTERM is undone."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "home"))
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--port", "65536"], "--port 65536: a port is a number from 1 to 65535"),
        (["--webhook", "example.org"], "--webhook example.org: an address begins with http:// or https://"),
        (["nothing.toml"], "nothing.toml: there is no such catalogue"),
    ],
)
def test_wrong_usage_is_told(arguments, told, capsys):
    assert main(["serve", *arguments]) == 2
    assert told in capsys.readouterr().err


def test_a_port_that_somebody_has_is_told(capsys):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert main(["serve", "--port", str(port)]) == 2
    assert f"port {port} cannot be used (Address already in use): name another one" in capsys.readouterr().err


def test_a_folder_of_prefect_that_cannot_be_had_is_told(tmp_path, capsys):
    (tmp_path / "home").touch()
    assert main(["serve"]) == 2
    assert f"Prefect's folder {tmp_path / 'home'} cannot be written (File exists)" in capsys.readouterr().err
