"""`dedere pack`: write everything that waits for a partner to a medium, to be carried by hand."""

from __future__ import annotations

import argparse
from pathlib import Path


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("home", type=Path, metavar="HOME")
    parser.add_argument("state", metavar="STATE", help="the partner, e.g. SN")
    parser.add_argument("medium", type=Path, metavar="FOLDER", help="a folder or medium; a new folder is made in it")


def run(arguments: argparse.Namespace) -> int:
    """Write one carrier, and say what is in it."""
    from dedere.cli.commands.node import set_up_django
    from dedere.node.home import load_home

    set_up_django(load_home(arguments.home).folder)
    from dedere.node.exchange.packing import pack

    packed = pack(partner=arguments.state, medium=arguments.medium)
    print(f"{packed.folder}: {packed.letters} letters and {packed.parts} parts for {arguments.state}.")
    print("They stay queued until their receipts are here: bring the medium back, or let the network be faster.")
    return 0
