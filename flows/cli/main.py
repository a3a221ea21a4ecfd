"""The command line: `juesuan COMMAND`, one module per command.

A command module has HELP, EPILOG, `arguments(parser)` and `run(options) -> exit status`. It imports what
is slow to load only where it uses it.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from flows.cli import acknowledge, check, diff, export, facts, marts, run, serve, sources
from flows.cli.usage import UsageError
from flows.interrupt import INTERRUPTED

COMMANDS = {
    "run": run,
    "facts": facts,
    "check": check,
    "acknowledge": acknowledge,
    "marts": marts,
    "diff": diff,
    "export": export,
    "sources": sources,
    "serve": serve,
}


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and gives its exit status; 2 with one sentence on stderr for what cannot be used."""
    options = _parser().parse_args(argv)
    try:
        status: int = options.command.run(options)
        sys.stdout.flush()
        return status
    except UsageError as error:
        print(f"juesuan: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        # Whoever read the output has gone; what is still buffered must not fail again at the exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="juesuan", description="Audited Parquet from final-accounts reports (部门决算)."
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, module in COMMANDS.items():
        command = commands.add_parser(
            name,
            help=module.HELP,
            description=module.HELP,
            epilog=module.EPILOG,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        module.arguments(command)
        command.set_defaults(command=module)
    return parser
