"""`dedere`: finds the command, runs it, and turns every error into one sentence and an exit code.

Exit codes: 0 done; 1 refused, failed or found wrong; 2 the command line or an input was not acceptable, or
(for `verify`) the result is indeterminate; 130 interrupted.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from importlib.metadata import version
from typing import Protocol

from dedere.base.errors import DedereError, InputError

# A command's module is imported only when the command is named: `dedere verify` starts without Django.
COMMANDS: dict[str, str] = {
    "node": "make, serve and check a node's home",
    "demo": "two authorities, one request, end to end",
    "verify": "check a letter, a receipt, a dossier or an evidence export, off line",
    "law": "legal basis, completeness, grounds, clocks, and the review of the data",
    "card": "authority cards: show, compare, pin, rotate, revoke",
    "pack": "write everything pending for a partner to a folder or medium",
    "unpack": "take in what came on a folder or medium",
    "paper": "make, sign and look over formal documents",
    "vault": "check the vault, rotate its keys",
    "evidence": "take files and folders into evidence",
    "dossier": "write a case as a dossier, whole or with parts left out",
    "backup": "keep moments of a home on a medium, restore one, rehearse it",
    "simulate": "run many authorities over a hostile network",
}


class Command(Protocol):
    """What a command's module offers."""

    def register(self, parser: argparse.ArgumentParser) -> None:
        """Add its arguments."""
        ...

    def run(self, arguments: argparse.Namespace) -> int:
        """Do the work; the result is the exit code."""
        ...


def main(argv: list[str] | None = None) -> int:
    """Run one command line and answer its exit code."""
    words = sys.argv[1:] if argv is None else argv
    parser = argparse.ArgumentParser(
        prog="dedere",
        description="The office and the courier of a central authority under the Ljubljana – The Hague Convention.",
    )
    parser.add_argument("--version", action="version", version=f"dedere {version('dedere')}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    chosen = next((word for word in words if not word.startswith("-")), None)
    for name, purpose in COMMANDS.items():
        command_parser = commands.add_parser(name, help=purpose, description=purpose.capitalize() + ".")
        if name == chosen:
            _module(name).register(command_parser)
    arguments = parser.parse_args(words)
    return _run(_module(arguments.command), arguments)


def _module(name: str) -> Command:
    module: Command = importlib.import_module(f"dedere.cli.commands.{name}")
    return module


def _run(module: Command, arguments: argparse.Namespace) -> int:
    try:
        return module.run(arguments)
    except InputError as error:
        print(f"dedere: {error}", file=sys.stderr)
        return 2
    except DedereError as error:
        print(f"dedere: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # Whoever read our output stopped reading; that is not our failure.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("dedere: interrupted", file=sys.stderr)
        return 130
    except Exception as error:
        sentence = _trouble_of_the_machine(error)
        if sentence is None:
            raise
        print(f"dedere: {sentence}", file=sys.stderr)
        return 1


def _trouble_of_the_machine(error: Exception) -> str | None:
    """A sentence for what the disk or the database refused; None for what is a mistake of ours."""
    if isinstance(error, OSError) and error.strerror:
        place = f"{error.filename}: " if error.filename else ""
        return f"{place}{error.strerror}."
    # Only a command that has set Django up can have met its database.
    django = sys.modules.get("django.db.utils")
    if django is not None and isinstance(error, django.DatabaseError):
        return f"The node's database does not answer ({error}): `dedere node check HOME` says what is wrong with it."
    return None
