"""`dedere evidence add HOME MEASURE PATH…`: takes files and folders of this machine into evidence for a measure.

A folder keeps its structure. Links, devices, pipes and what changes while it is read are refused with a sentence each
and do not stop the rest. Exit code 1 when something was refused.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from dedere.base.errors import InputError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from dedere.node.accounts.models import Officer
    from dedere.node.evidence.actions import Collected, FolderResult


def register(parser: argparse.ArgumentParser) -> None:
    """Add the subcommands."""
    commands = parser.add_subparsers(dest="evidence_command", metavar="WHAT", required=True)
    add = commands.add_parser("add", help="take files and folders into evidence for a measure")
    add.add_argument("home", type=Path, metavar="HOME")
    add.add_argument("measure", metavar="MEASURE", help="the measure as its page's address names it")
    add.add_argument("paths", type=Path, metavar="PATH", nargs="+", help="a file, or a folder with all that is in it")
    add.add_argument("--officer", required=True, metavar="SIGN-IN-NAME", help="who takes it in")
    add.add_argument("--collected-by", required=True, metavar="NAME", help="name and function of who collected it")
    add.add_argument("--collected-on", required=True, metavar="DAY", help="written 2026-11-24")
    add.add_argument("--place", default="", help="where it was collected")
    add.add_argument("--how", default="", help="how it was collected")


def run(arguments: argparse.Namespace) -> int:
    """Do what the subcommand says."""
    from dedere.cli.commands.node import set_up_django
    from dedere.node.home import load_home

    set_up_django(load_home(arguments.home).folder)
    from dedere.cli.naming import officer_called
    from dedere.node.evidence.actions import Collected

    by = officer_called(arguments.officer)
    collected = Collected(
        on=_day(arguments.collected_on), by=arguments.collected_by, place=arguments.place, note=arguments.how
    )
    taken = refused = 0
    for path in arguments.paths:
        for found in _take(path, by, arguments.measure, collected):
            taken += bool(found.item)
            refused += bool(found.refusal)
            # What a file is called is somebody else's word; `path` is a safe name.
            print(f"{found.path}: {found.refusal or found.item}")
    print(f"{taken} items are in the vault, {refused} entries were refused.")
    return 1 if refused else 0


def _take(path: Path, by: Officer, measure: str, collected: Collected) -> Iterator[FolderResult]:
    from dedere.node.evidence.actions import ingest_file, ingest_folder

    if path.is_dir():
        yield from ingest_folder(by=by, assignment_id=measure, folder=path, collected=collected)
    else:
        yield ingest_file(by=by, assignment_id=measure, path=path, collected=collected)


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise InputError("A day is written like 2026-11-24.") from error
