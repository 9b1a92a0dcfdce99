"""Our node behind the contract of conformance/README.md. Everything it sends is fictional."""
# ruff: noqa: INP001, PLC0415, S603, S606, T201 - a program; it loads what a command needs, runs our own programs and prints

from __future__ import annotations

import json
import os
import runpy
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DEDERE = Path(sys.executable).with_name("dedere")
OFFICERS = (("anna", "Anna Fictief", "case-officer"), ("bram", "Bram Verzonnen", "approver"))


def main(arguments: list[str]) -> int:
    """Do what the command says."""
    command, *rest = arguments
    match command:
        case "init":
            return _init(Path(rest[0]), rest[1], int(rest[2]))
        case "card":
            return _dedere("card", "export", *rest, quiet=True) or _print_fingerprint(Path(rest[0]))
        case "pin":
            return _dedere("card", "pin", rest[0], rest[1], "--fingerprint", rest[2])
        case "serve":
            return _serve(rest[0])
        case "vectors":
            return _vectors()
        case _:
            _set_up(Path(rest[0]))
            return _officers_deed(command, rest[1:])


def _serve(home: str) -> int:
    """Become the node itself, so that signals reach it."""
    os.execv(DEDERE, [str(DEDERE), "node", "serve", home])


def _officers_deed(command: str, words: list[str]) -> int:
    if command == "send":
        return _send(*words)
    return _outbox() if command == "outbox" else _inbox()


def _dedere(*arguments: str, quiet: bool = False) -> int:
    done = subprocess.run([str(DEDERE), *arguments], stdout=subprocess.DEVNULL if quiet else None, check=False)
    return done.returncode


def _init(home: Path, state: str, port: int) -> int:
    ports = ("--gateway-port", str(port), "--pages-port", str(port + 1))
    code = _dedere("node", "init", str(home), "--state", state, *ports, "--demonstration", quiet=True)
    for name, full, role in OFFICERS:
        code = code or _dedere("node", "officer", str(home), name, "--name", full, "--role", role, quiet=True)
    return code


def _print_fingerprint(home: Path) -> int:
    from dedere.node.home import load_home
    from dedere.node.trust import own_card

    print(own_card(load_home(home)).fingerprint)
    return 0


def _set_up(home: Path) -> None:
    from dedere.cli.commands.node import set_up_django

    set_up_django(home)


def _send(partner: str) -> int:
    sys.path.insert(0, str(ROOT / "tests"))
    from dedere.casework.request import RequestDraft
    from dedere.node.accounts.models import Officer
    from dedere.node.cases import actions
    from dedere.node.office import office
    from support.requests import assistance

    author, approver = (Officer.objects.get(sign_in_name=name) for name, _, _ in OFFICERS)
    request = assistance("hearing-video", "lhc")
    request["request"]["requesting_state"], request["request"]["requested_state"] = office().state, partner
    tables = RequestDraft.from_tables(request).as_json()
    draft = actions.start_draft(by=author, partner=partner, title="A fictional request", request=tables)
    submitted = actions.submit_draft(by=author, draft_id=draft.pk, approver_id=approver.identifier)
    actions.approve_draft(by=approver, draft_id=draft.pk, digest=submitted.digest)
    return 0


def _outbox() -> int:
    from dedere.node.exchange.models import OutgoingLetter

    for row in OutgoingLetter.objects.order_by("queued_at"):
        print(json.dumps({"letter": row.pk, "partner": row.partner, "state": row.state}))
    return 0


def _inbox() -> int:
    from dedere.node.exchange.models import IncomingLetter

    for row in IncomingLetter.objects.prefetch_related("parts").order_by("received_at"):
        held = [part.pk for part in row.parts.all() if part.receipt is not None]
        print(json.dumps({"letter": row.pk, "partner": row.partner, "digest": row.digest, "parts": held}))
    return 0


def _vectors() -> int:
    sys.path.insert(0, str(ROOT / "tests"))
    perform = runpy.run_path(str(ROOT / "tests/support/vectors.py"))["perform"]
    for line in sys.stdin:
        vector = json.loads(line)
        print(json.dumps(perform(vector["operation"], vector["given"])))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
