"""`dedere dossier write HOME CASE`: writes a case as a dossier that verifies off line, whole or with parts left out.

With `--for` the dossier is for somebody outside: `--leave-out letter:ID` and `--leave-out item:ID` put the digest and
the reason in the place of what must not be shown, and no condition of use may forbid the disclosure of what stays.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dedere.base.errors import FacilityError, InputError

if TYPE_CHECKING:
    import argparse

    from dedere.node.jobs.redacting import Redaction


def register(parser: argparse.ArgumentParser) -> None:
    """Add the subcommands."""
    commands = parser.add_subparsers(dest="dossier_command", metavar="WHAT", required=True)
    write = commands.add_parser("write", help="write a case into the home's folder dossiers")
    write.add_argument("home", type=Path, metavar="HOME")
    write.add_argument("case", metavar="CASE", help="the case's identifier or our reference")
    write.add_argument("--officer", required=True, metavar="SIGN-IN-NAME", help="who asks for it")
    write.add_argument("--for", dest="recipient", default="", metavar="WHOM", help="somebody outside, like the defence")
    write.add_argument("--purpose", default="", help="for what, in the words of the conditions")
    write.add_argument("--leave-out", action="append", default=[], metavar="KIND:ID", help="letter:ID or item:ID")
    write.add_argument("--reason", default="", help="why it is left out; the dossier tells its reader")


def run(arguments: argparse.Namespace) -> int:
    """Do what the subcommand says."""
    from dedere.cli.commands.node import set_up_django
    from dedere.node.home import load_home

    if arguments.leave_out and not arguments.recipient:
        raise InputError("Say for whom the dossier is: --for.")
    home = load_home(arguments.home)
    set_up_django(home.folder)
    from dedere.cli.naming import case_called, officer_called
    from dedere.node.jobs.actions import ask_for_dossier
    from dedere.node.jobs.exports import run_export
    from dedere.node.jobs.models import Export
    from dedere.node.jobs.redacting import ask_for_redacted_dossier

    by = officer_called(arguments.officer)
    case = case_called(by, arguments.case).pk
    if arguments.recipient:
        export = ask_for_redacted_dossier(by=by, case_id=case, redaction=_redaction(arguments))
    else:
        export = ask_for_dossier(by=by, case_id=case)
    run_export(export.pk)
    done = Export.objects.get(pk=export.pk)
    if done.failure:
        raise FacilityError(done.failure)
    print(home.dossiers / done.folder)
    return 0


def _redaction(arguments: argparse.Namespace) -> Redaction:
    from dedere.node.jobs.redacting import ITEM, LETTER, Redaction

    left_out: dict[str, set[str]] = {LETTER: set(), ITEM: set()}
    for wish in arguments.leave_out:
        kind, colon, identifier = wish.partition(":")
        if kind not in left_out or not colon:
            raise InputError("What is left out is written letter:ID or item:ID.")
        left_out[kind].add(identifier)
    return Redaction(
        recipient=arguments.recipient,
        purpose=arguments.purpose,
        reason=arguments.reason,
        letters=frozenset(left_out[LETTER]),
        items=frozenset(left_out[ITEM]),
    )
