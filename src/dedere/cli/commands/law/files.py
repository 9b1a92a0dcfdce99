"""`dedere law check`, `grounds`, `clocks` and `new`: what concerns one request file."""

from __future__ import annotations

import argparse


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommands."""
