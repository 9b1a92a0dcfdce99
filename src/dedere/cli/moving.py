"""`dedere node move`: carry a node over to another database, store and folder."""

from __future__ import annotations

import argparse
import dataclasses
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from dedere.base.clock import SystemClock
from dedere.base.identifiers import RandomIdentifiers

if TYPE_CHECKING:
    from dedere.node.home import Home


def register(move: argparse.ArgumentParser) -> None:
    """Add its arguments."""
    move.add_argument("home", type=Path, metavar="OLD", help="a home that is not served")
    move.add_argument("new", type=Path, metavar="NEW", help="an empty or missing folder")
    move.add_argument("--database", default="", metavar="ADDRESS", help="postgresql://USER@HOST/NAME; none: a file")
    move.add_argument("--password", default="", metavar="PLACE", help="file:PATH or credential:NAME holds its password")
    move.add_argument("--store", default="", metavar="ADDRESS", help="s3://BUCKET/PREFIX; none: a folder of the home")
    move.add_argument("--endpoint", default="", metavar="URL", help="where the object storage answers")
    move.add_argument("--region", default="", help="its region")
    move.add_argument("--credentials", default="", metavar="PLACE", help="file:PATH or credential:NAME holds NAME:KEY")


def run(arguments: argparse.Namespace, old: Home) -> int:
    """Move; Django is set up for `old`."""
    from dedere.cli.serving.supervisor import only_supervisor
    from dedere.node.moving import move

    new = _target(arguments, old)
    with only_supervisor(old):
        moved = move(old, new, clock=SystemClock(), identifiers=RandomIdentifiers())
    print(
        f"{moved.files} files, {moved.objects} sealed objects and {moved.rows} rows of {moved.tables} tables are the "
        f"same in {new.folder}; {moved.there_already} of the files, objects and tables were there already."
    )
    print(f"Next: dedere node check {new.folder}; then serve it. {old.folder} is served no more: keep it as a backup.")
    return 0


def _target(arguments: argparse.Namespace, old: Home) -> Home:
    """The home that the words describe.

    Raises:
        InputError: it could not be read again as it would be written.
    """
    from dedere.node.home import DatabasePlace, load_home, write_home
    from dedere.node.passphrases import from_here
    from dedere.node.policies import StorePlace

    new = dataclasses.replace(
        old,
        folder=arguments.new.absolute(),
        records=DatabasePlace(arguments.database, from_here(arguments.password)),
        store=StorePlace(arguments.store, arguments.endpoint, arguments.region, from_here(arguments.credentials)),
    )
    with tempfile.TemporaryDirectory() as trial:
        write_home(dataclasses.replace(new, folder=Path(trial)))
        load_home(Path(trial))
    return new
