"""What all commands share: help, wrong usage, pipes that close."""

import subprocess
import sys
from pathlib import Path

import pytest

from flows.cli import main
from flows.cli.main import COMMANDS

HOUSE = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("command", COMMANDS)
def test_help_says_what_the_command_does_with_examples(command, capsys):
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    out = capsys.readouterr().out
    assert COMMANDS[command].HELP in " ".join(out.split())
    assert f"juesuan {command}" in out.split("examples:")[1]


@pytest.mark.parametrize(
    "arguments", [[], ["nonsense"], ["run", "--nonsense"], ["run", "--year", "next"], ["facts"], ["acknowledge", "x"]]
)
def test_wrong_usage_ends_with_2(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("usage: juesuan")


def test_a_closed_pipe_ends_quietly(real_reports):
    report = next(real_reports.glob("001_*.txt"))
    done = subprocess.run(
        [
            "bash",
            "-c",
            f"{sys.executable} -m flows.cli facts {report} --format json | head -c 1; echo ; echo ${{PIPESTATUS[0]}}",
        ],
        cwd=HOUSE,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "0"
    assert done.stderr == ""


def test_marts_of_a_folder_without_any_say_what_to_do(tmp_path, capsys):
    assert main(["marts", "--data", str(tmp_path)]) == 2
    err = capsys.readouterr().err
    assert "nothing is published" in err and "juesuan run" in err
