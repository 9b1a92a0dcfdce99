"""`dedere card`: show our card, write it out, compare and pin a partner's, note a theft."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path

from dedere.base.clock import parse_instant
from dedere.base.errors import FacilityError


def register(parser: argparse.ArgumentParser) -> None:
    """Add the subcommands."""
    commands = parser.add_subparsers(dest="card_command", metavar="WHAT", required=True)

    show = commands.add_parser("show", help="show our newest card, or the one in a file")
    show.add_argument("home", type=Path, metavar="HOME_OR_FILE")

    export = commands.add_parser("export", help="write our newest card to a file for a partner")
    export.add_argument("home", type=Path, metavar="HOME")
    export.add_argument("file", type=Path, metavar="FILE")

    pin = commands.add_parser("pin", help="trust a partner's card")
    pin.add_argument("home", type=Path, metavar="HOME")
    pin.add_argument("file", type=Path, metavar="FILE")
    pin.add_argument("--fingerprint", required=True, help="as the partner told it by another way, e.g. a note verbale")

    compromise = commands.add_parser("compromise", help="note that a partner's keys were stolen")
    compromise.add_argument("home", type=Path, metavar="HOME")
    compromise.add_argument("digest", metavar="CARD-DIGEST")
    compromise.add_argument("--since", required=True, help="the first instant of doubt, like 2026-11-24T09:30:00Z")


def run(arguments: argparse.Namespace) -> int:
    """Do what the subcommand says."""
    match arguments.card_command:
        case "show":
            return _show(arguments.home)
        case "export":
            return _export(arguments.home, arguments.file)
        case "pin":
            return _pin(arguments)
        case _:
            return _compromise(arguments)


def _show(place: Path) -> int:
    from dedere.node.home import load_home
    from dedere.node.trust import own_card
    from dedere.protocol.card import CardChain

    card = own_card(load_home(place)) if place.is_dir() else CardChain.begin(_read(place)).newest
    content = card.card
    print(f"{content.name} ({content.state})")
    print(f"  card {content.serial}, valid {content.valid_from} to {content.valid_until}")
    print(f"  fingerprint {card.fingerprint}")
    print(f"  functions   {', '.join(content.functions)}")
    print(f"  languages   {', '.join(content.languages)}")
    print(f"  addresses   {', '.join(content.addresses)}")
    print(f"  digest      {card.digest}")
    return 0


def _export(folder: Path, file: Path) -> int:
    from dedere.node.home import load_home
    from dedere.node.trust import own_card

    card = own_card(load_home(folder))
    file.write_bytes(card.container)
    print(f"{file}: give it to the partner by any way, and this fingerprint by another: {card.fingerprint}")
    return 0


def _pin(arguments: argparse.Namespace) -> int:
    from dedere.cli.commands.node import set_up_django
    from dedere.node.home import load_home

    set_up_django(load_home(arguments.home).folder)
    from dedere.node.exchange.actions import pin_card

    card = pin_card(by=None, container=_read(arguments.file), fingerprint=arguments.fingerprint)
    print(f"The card of {card.card.name} ({card.card.state}) is pinned: letters can be exchanged.")
    return 0


def _compromise(arguments: argparse.Namespace) -> int:
    from dedere.cli.commands.node import set_up_django
    from dedere.node.home import load_home

    set_up_django(load_home(arguments.home).folder)
    from dedere.node.exchange.actions import report_compromise

    since: dt.datetime = parse_instant(arguments.since)
    report_compromise(by=None, digest=arguments.digest, since=since)
    print("Noted: nothing new under this card is taken from now on.")
    return 0


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise FacilityError(f"{path} cannot be read: {error.strerror}.") from error
