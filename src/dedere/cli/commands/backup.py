"""`dedere backup`: keep moments of a node's home on a medium, and make homes from them again."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from dedere.base.clock import SystemClock
from dedere.base.errors import InputError
from dedere.base.identifiers import RandomIdentifiers

if TYPE_CHECKING:
    from dedere.node.backup import Made

_TELL_EVERY = 1000


def register(parser: argparse.ArgumentParser) -> None:
    """Add the subcommands."""
    commands = parser.add_subparsers(dest="backup_command", metavar="WHAT", required=True)

    key = commands.add_parser("key", help="make the key that opens backups, to be kept elsewhere")
    key.add_argument("home", type=Path, metavar="HOME")
    key.add_argument("file", type=Path, metavar="FILE", help="where the key is written; carry it away")

    make = commands.add_parser("make", help="put the home as it stands onto the medium; the node may run")
    make.add_argument("home", type=Path, metavar="HOME")
    make.add_argument("medium", type=Path, metavar="MEDIUM", help="a folder: a disk, a share")
    make.add_argument("--keep", type=int, metavar="N", help="then forget all but the newest N moments")
    make.add_argument("--json", action="store_true")

    listing = commands.add_parser("list", help="the moments on a medium")
    listing.add_argument("medium", type=Path, metavar="MEDIUM")

    restore = commands.add_parser("restore", help="make the home of a moment again")
    restore.add_argument("medium", type=Path, metavar="MEDIUM")
    restore.add_argument("home", type=Path, metavar="HOME", help="an empty or missing folder")
    _opening(restore)

    rehearse = commands.add_parser("rehearse", help="restore into a folder that is thrown away, and report")
    rehearse.add_argument("medium", type=Path, metavar="MEDIUM")
    rehearse.add_argument("--place", type=Path, metavar="FOLDER", help="where there is room for the whole home")
    rehearse.add_argument("--json", action="store_true")
    _opening(rehearse)


def _opening(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--key", type=Path, required=True, metavar="FILE", help="the backup key")
    parser.add_argument("--moment", default="", metavar="TIME", help="the newest not after this, as `list` writes them")


def run(arguments: argparse.Namespace) -> int:
    """Do what the subcommand says."""
    match arguments.backup_command:
        case "key":
            return _key(arguments)
        case "make":
            return _make(arguments)
        case "list":
            return _list(arguments)
        case "restore":
            return _restore(arguments)
        case _:
            return _rehearse(arguments)


def _key(arguments: argparse.Namespace) -> int:
    from dedere.node.backup import make_backup_key
    from dedere.node.home import load_home

    recipient = make_backup_key(load_home(arguments.home), arguments.file, identifiers=RandomIdentifiers())
    print(f"Backups of this home are sealed for {recipient[:24]}… from now on.")
    print(f"{arguments.file} opens them: keep it, and a copy of it, where neither the node nor the medium is.")
    return 0


def _make(arguments: argparse.Namespace) -> int:
    from dedere.node.backup import Medium, make_backup
    from dedere.node.home import load_home

    if arguments.keep is not None and arguments.keep < 1:
        raise InputError("Keep at least one moment.")
    medium = Medium(arguments.medium)
    home = load_home(arguments.home)
    made = make_backup(home, medium, clock=SystemClock(), identifiers=RandomIdentifiers(), tell=_tell)
    forgotten = medium.forget_all_but(arguments.keep) if arguments.keep else 0
    if arguments.json:
        facts = {name: getattr(made, name) for name in made.__slots__}
        print(json.dumps({**facts, "forgotten_files": forgotten}, indent=2))
    else:
        print(
            f"{made.moment}: {made.files} sealed files, {made.new_files} of them new ({_size(made.new_bytes)}), "
            f"and {_size(made.sealed_bytes)} of database, keys and settings."
        )
        if home.store.address:
            print(f"Evidence lies in {home.store.address}, which keeps its own copies: it is not on this medium.")
        if forgotten:
            print(f"{forgotten} files that no moment speaks of are gone from the medium.")
    for complaint in made.complaints:
        print(complaint, file=sys.stderr)
    return 1 if made.complaints else 0


def _list(arguments: argparse.Namespace) -> int:
    from dedere.node.backup import Medium

    medium = Medium(arguments.medium)
    medium.require_known()
    for name in medium.moments():
        print(f"{name}  {_size(medium.sealed_moment(name).stat().st_size)}")
    return 0


def _restore(arguments: argparse.Namespace) -> int:
    from dedere.node.backup import Medium, restore

    done = restore(
        Medium(arguments.medium),
        arguments.home,
        key=arguments.key,
        moment=arguments.moment,
        clock=SystemClock(),
        tell=_tell_files,
    )
    print(f"{arguments.home} is as it was at {done.moment}: {done.files} sealed files, {_size(done.bytes)}.")
    print("Compare the fingerprint of the authority's card with the printed one before anything is served:")
    print(f"  {done.fingerprint}")
    return 0


def _rehearse(arguments: argparse.Namespace) -> int:
    from dedere.node.backup import Medium, rehearse

    done = rehearse(
        Medium(arguments.medium),
        key=arguments.key,
        clock=SystemClock(),
        place=arguments.place,
        moment=arguments.moment,
        tell=_tell_files,
    )
    if arguments.json:
        print(json.dumps({name: getattr(done, name) for name in done.__slots__}, indent=2))
    else:
        print(
            f"The home of {done.moment} was restored and checked in {done.seconds / 60:.1f} minutes: {done.files} "
            f"sealed files, {_size(done.bytes)}. The card's fingerprint is {done.fingerprint}."
        )
        print("\n".join(done.complaints) or "Nothing is wrong with it.")
    return 1 if done.complaints else 0


def _tell(made: Made) -> None:
    if made.files % _TELL_EVERY == 0 and sys.stderr.isatty():
        print(f"\r{made.files} files, {made.new_files} new", end="", file=sys.stderr, flush=True)


def _tell_files(files: int) -> None:
    if files % _TELL_EVERY == 0 and sys.stderr.isatty():
        print(f"\r{files} files", end="", file=sys.stderr, flush=True)


def _size(count: int) -> str:
    amount, unit = float(count), "B"
    for unit in ("B", "KiB", "MiB", "GiB", "TiB"):  # noqa: B007 - the last one is meant
        if amount < 1024:  # noqa: PLR2004 - the step between units
            break
        amount /= 1024
    return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
