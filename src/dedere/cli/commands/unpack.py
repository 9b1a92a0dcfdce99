"""`dedere unpack`: take in what came on a medium by hand, and write the receipts for the way back."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("home", type=Path, metavar="HOME")
    parser.add_argument("medium", type=Path, metavar="FOLDER", help="a carrier, or a folder or medium that holds some")


def run(arguments: argparse.Namespace) -> int:
    """Take in every carrier for this authority; 1 when anything on the medium was refused."""
    from dedere.cli.commands.node import set_up_django
    from dedere.node.home import load_home

    set_up_django(load_home(arguments.home).folder)
    from dedere.node.exchange.unpacking import unpack

    done = unpack(medium=arguments.medium)
    print(f"Taken in: {done.letters} letters, {done.parts} parts, {done.receipts_taken} receipts for our own letters.")
    for folder in done.receipts:
        print(f"{folder}: the receipts; give the medium back with them.")
    for sentence in done.refusals:
        print(f"refused: {sentence}", file=sys.stderr)
    return 1 if done.refusals else 0
