"""`dedere vault`: re-verify everything the vault holds, wrap it for new keys, tidy up after a crash.

Exit codes of `check`: 0 sound, 1 something is wrong.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from dedere.base.clock import SystemClock
from dedere.base.errors import FacilityError, InputError
from dedere.base.identifiers import RandomIdentifiers
from dedere.crypto.age import payload_size
from dedere.vault.check import Scope, Unhurried, check_store
from dedere.vault.keys import rotate_keys

if TYPE_CHECKING:
    import argparse

    from dedere.node.office import Office
    from dedere.vault.check import CheckReport

_TELL_EVERY = 100


def register(parser: argparse.ArgumentParser) -> None:
    """Add the subcommands."""
    commands = parser.add_subparsers(dest="vault_command", metavar="WHAT", required=True)
    check = commands.add_parser("check", help="find what is missing, altered, cut off or belongs to nothing")
    check.add_argument("home", type=Path, metavar="HOME")
    check.add_argument("--rate", type=float, metavar="MB", help="read at most this many megabytes a second")
    check.add_argument("--json", action="store_true", help="write the report as JSON")
    rotate = commands.add_parser("rotate", help="wrap every object for the newest sealing key; payloads stay")
    rotate.add_argument("home", type=Path, metavar="HOME")
    sweep = commands.add_parser("sweep", help="finish or remove what a crash left; safe beside a running node")
    sweep.add_argument("home", type=Path, metavar="HOME")


def run(arguments: argparse.Namespace) -> int:
    """Do what the subcommand says."""
    office = _office(arguments.home)
    match arguments.vault_command:
        case "check":
            return _check(office, rate=arguments.rate, as_json=arguments.json)
        case "rotate":
            return _rotate(office)
        case _:
            print(f"Swept: {office.store.sweep()} left-overs dealt with.")
            return 0


def _office(folder: Path) -> Office:
    from dedere.node.home import load_home
    from dedere.node.office import Office

    return Office(load_home(folder), SystemClock(), RandomIdentifiers())


def _check(office: Office, *, rate: float | None, as_json: bool) -> int:
    if rate is not None and rate <= 0:
        raise InputError("The rate is a number of megabytes a second above nothing.")
    from dedere.cli.commands.node import set_up_django

    set_up_django(office.home.folder)
    scope = Scope(expected_objects(), office.sealing_identities)
    pace = Unhurried(rate * 1e6) if rate is not None else None
    report = check_store(office.store, scope, pace=pace, progress=_tell)
    if as_json:
        print(json.dumps(_as_json(report), indent=2))
    else:
        for problem in report.problems:
            print(f"{problem.defect.value}: {problem.object_id}: {problem.sentence}")
        verdict = "sound" if report.sound else f"{len(report.problems)} problems"
        print(f"{report.objects} objects, {report.bytes_read / 1e9:.2f} GB read: {verdict}.")
    return 0 if report.sound else 1


def expected_objects() -> dict[str, int]:
    """Which objects the records of the node speak of, and how long their payloads are. Django is set up before."""
    from django.db import DatabaseError

    from dedere.node.cases.models import Attachment
    from dedere.node.evidence.models import Item
    from dedere.node.papers.models import PaperFile, Sheet

    try:
        destroyed = set(Item.objects.exclude(destroyed_at=None).values_list("object", flat=True))
        held = [pair for model in (Item, Attachment, PaperFile) for pair in model.objects.values_list("object", "size")]
        held += Sheet.objects.exclude(object="").values_list("object", "size")
    except DatabaseError as error:
        raise FacilityError("The node's database cannot be read: is this the home of a node?") from error
    return {name: payload_size(size) for name, size in held if name not in destroyed}


def _rotate(office: Office) -> int:
    identities = office.sealing_identities
    report = rotate_keys(
        office.store, identities=identities, recipients=[identities[0].recipient], chance=office.identifiers
    )
    print(f"{report.wrapped} objects are wrapped for the newest key.")
    for object_id in report.unopened:
        print(f"not opened by any key of this home: {object_id}")
    return 1 if report.unopened else 0


def _as_json(report: CheckReport) -> dict[str, object]:
    return {
        "version": "dedere-vault-check/1",
        "sound": report.sound,
        "objects": report.objects,
        "bytes_read": report.bytes_read,
        "problems": [
            {"object": problem.object_id, "defect": problem.defect.value, "sentence": problem.sentence}
            for problem in report.problems
        ],
    }


def _tell(report: CheckReport) -> None:
    if report.objects % _TELL_EVERY == 0 and sys.stderr.isatty():
        print(f"\r{report.objects} objects", end="\r", file=sys.stderr, flush=True)
