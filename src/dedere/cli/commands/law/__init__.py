"""`dedere law`: legal basis, completeness, grounds, clocks, and the review of the data; never needs Django."""

from __future__ import annotations

import argparse
import importlib
from typing import Protocol

_GROUPS = ("basis", "files", "clocks", "reading", "reviewing", "docs")


class Group(Protocol):
    """What a module of this package offers: some subcommands."""

    def register(self, commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
        """Add its subcommands, each with the default `run_law`: a function from arguments to an exit code."""
        ...


def register(parser: argparse.ArgumentParser) -> None:
    """Add the subcommands."""
    commands = parser.add_subparsers(dest="law_command", metavar="WHAT", required=True)
    for name in _GROUPS:
        module: Group = importlib.import_module(f"{__name__}.{name}")
        module.register(commands)


def run(arguments: argparse.Namespace) -> int:
    """Do what the subcommand says; the result is the exit code."""
    return int(arguments.run_law(arguments))
