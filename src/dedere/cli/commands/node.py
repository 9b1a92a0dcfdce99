"""`dedere node`: make a node's home, serve it, say what is wrong with it, let officers in."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from dedere.base.clock import SystemClock
from dedere.base.errors import FacilityError, InputError
from dedere.base.identifiers import RandomIdentifiers
from dedere.cli import moving


def register(parser: argparse.ArgumentParser) -> None:
    """Add the subcommands."""
    commands = parser.add_subparsers(dest="node_command", metavar="WHAT", required=True)

    init = commands.add_parser("init", help="make a new node")
    init.add_argument("home", type=Path, metavar="HOME")
    init.add_argument("--state", required=True, help="ISO 3166-1 alpha-2, e.g. NL")
    init.add_argument("--name", default="", help="the authority's name")
    init.add_argument("--languages", default="en", help="accepted languages, comma separated (ISO 639-1)")
    init.add_argument("--place", default="UTC", help="time zone of legal days, e.g. Europe/Amsterdam")
    init.add_argument("--pages-port", type=int, default=8000)
    init.add_argument("--gateway-port", type=int, default=8443)
    init.add_argument("--host", default="127.0.0.1", help="the address both listen on")
    init.add_argument("--gateway-url", default="", help="where other nodes reach the gateway")
    init.add_argument("--one-sided", action="store_true", help="nobody can reach this node: it fetches its letters")
    init.add_argument(
        "--passphrase", default="", metavar="PLACE", help="wrap the keys: file:PATH or credential:NAME holds under what"
    )
    init.add_argument("--database", default="", metavar="ADDRESS", help="an empty postgresql://USER@HOST/NAME")
    init.add_argument("--password", default="", metavar="PLACE", help="file:PATH or credential:NAME holds its password")
    init.add_argument("--demonstration", action="store_true", help="a home for demonstrations only")

    serve = commands.add_parser("serve", help="run pages, gateway and worker")
    serve.add_argument("home", type=Path, metavar="HOME")
    serve.add_argument("--port", type=int, help="serve the pages on this port instead")
    serve.add_argument(
        "--practice",
        action="store_true",
        help="answer by rules, as a counterpart for training (demonstration homes only)",
    )
    serve.add_argument(
        "--temper", default="helpful", help="how the practice partner is: helpful, slow, pedantic or refusing"
    )
    serve.add_argument(
        "--pace", type=float, default=1.0, metavar="SECONDS", help="how many seconds stand for an hour of its time"
    )

    check = commands.add_parser("check", help="say what is wrong with a home")
    check.add_argument("home", type=Path, metavar="HOME")

    doctor = commands.add_parser("doctor", help="look at a home and its machine, and say what to do")
    doctor.add_argument("home", type=Path, metavar="HOME")
    doctor.add_argument("--json", action="store_true")

    wrap = commands.add_parser("wrap", help="wrap every private key under a passphrase")
    wrap.add_argument("home", type=Path, metavar="HOME")
    wrap.add_argument("passphrase", metavar="PLACE", help="file:PATH or credential:NAME, which holds it")

    unwrap = commands.add_parser("unwrap", help="write every private key in clear again")
    unwrap.add_argument("home", type=Path, metavar="HOME")

    moving.register(commands.add_parser("move", help="carry a node over to another database, store and folder"))

    officer = commands.add_parser("officer", help="let an officer in and print their sign-in link")
    officer.add_argument("home", type=Path, metavar="HOME")
    officer.add_argument("sign_in_name", metavar="SIGN-IN-NAME")
    officer.add_argument("--name", required=True)
    officer.add_argument("--title", default="")
    officer.add_argument("--role", action="append", required=True, help="repeat for several roles")


def run(arguments: argparse.Namespace) -> int:
    """Do what the subcommand says."""
    return _COMMANDS[arguments.node_command](arguments)


def set_up_django(home: Path) -> None:
    """Load the node's settings for the home; a process works for one home."""
    import django

    os.environ["DEDERE_HOME"] = str(home)
    os.environ.setdefault("DEDERE_PROCESS", "command")
    os.environ["DJANGO_SETTINGS_MODULE"] = "dedere.node.settings.serving"
    django.setup()


def _migrate(home: Path) -> None:
    from django.core.management import call_command
    from django.db import connections

    set_up_django(home)
    call_command("migrate", verbosity=0, interactive=False)
    connections.close_all()


def _init(arguments: argparse.Namespace) -> int:
    from dedere.node.founding import Plan, found
    from dedere.node.home import DatabasePlace
    from dedere.node.passphrases import from_here
    from dedere.node.trust import own_card

    home = found(
        arguments.home,
        Plan(
            state=arguments.state,
            name=arguments.name or f"Central Authority of {arguments.state}",
            languages=tuple(code.strip() for code in arguments.languages.split(",") if code.strip()),
            place=arguments.place,
            pages_port=arguments.pages_port,
            gateway_port=arguments.gateway_port,
            host=arguments.host,
            gateway_url=arguments.gateway_url,
            one_sided=arguments.one_sided,
            passphrase=from_here(arguments.passphrase),
            demonstration=arguments.demonstration,
            records=DatabasePlace(arguments.database, from_here(arguments.password)),
        ),
        clock=SystemClock(),
        identifiers=RandomIdentifiers(),
        migrate=_migrate,
    )
    print(f"The node of {home.name} ({home.state}) is made: {home.folder}")
    print(f"Its card's fingerprint, for a note verbale: {own_card(home).fingerprint}")
    print("Next:")
    print(f"  dedere node officer {home.folder} NAME --name 'First Last' --role administrator")
    print(f"  dedere node serve {home.folder}")
    print("Then exchange cards with your first partner: dedere card --help")
    return 0


def _serve(arguments: argparse.Namespace) -> int:
    import dataclasses

    from dedere.cli.serving.supervisor import Supervisor
    from dedere.node.checking import complaints, warnings
    from dedere.node.home import load_home, require_describable, write_home

    home = load_home(arguments.home)
    if arguments.port is not None and arguments.port != home.pages.port:
        pages = dataclasses.replace(home.pages, port=arguments.port)
        # An address of its own, behind a proxy say, is not this port's.
        if pages.url == f"http://{pages.host}:{home.pages.port}":
            pages = dataclasses.replace(pages, url=f"http://{pages.host}:{pages.port}")
        home = dataclasses.replace(home, pages=pages)
        require_describable(home)
        write_home(home)
    wrong = complaints(home, clock=SystemClock())
    if wrong:
        raise FacilityError(" ".join(wrong))
    _migrate(home.folder)
    for sentence in warnings(home, clock=SystemClock()):
        print(sentence, flush=True)
    practice = _practice(arguments, demonstration=home.demonstration)
    return Supervisor(home, say=lambda line: print(line, flush=True), practice=practice).run()


def _practice(arguments: argparse.Namespace, *, demonstration: bool) -> str:
    """How the node practises, as its processes are told; empty when it does not."""
    from dedere.node.practising import Practice

    if not arguments.practice:
        return ""
    practice = Practice.parse(arguments.temper, arguments.pace)
    if not demonstration:
        raise InputError(
            "Only a demonstration home can be a practice partner: make one with `dedere node init --demonstration`."
        )
    print(f"This node is a practice partner ({practice.temper.value}): a program answers, nothing it says is real.")
    return practice.as_text()


def _check(arguments: argparse.Namespace) -> int:
    from dedere.node.checking import complaints, warnings
    from dedere.node.home import load_home

    home = load_home(arguments.home)
    wrong = complaints(home, clock=SystemClock()) or warnings(home, clock=SystemClock())
    for sentence in wrong:
        print(sentence)
    if not wrong:
        print("Nothing is wrong with this home.")
    return 1 if wrong else 0


def _doctor(arguments: argparse.Namespace) -> int:
    import dataclasses
    import json

    from dedere.node.doctor import ThisMachine, Verdict, examine
    from dedere.node.home import load_home

    found = list(examine(load_home(arguments.home), clock=SystemClock(), machine=ThisMachine()))
    if arguments.json:
        print(json.dumps([dataclasses.asdict(each) for each in found], indent=2))
    else:
        for each in found:
            print(f"{each.verdict.value:8} {each.topic:10} {each.sentence}")
    return 1 if any(each.verdict is Verdict.WRONG for each in found) else 0


def _move(arguments: argparse.Namespace) -> int:
    from dedere.node.home import load_home

    old = load_home(arguments.home)
    set_up_django(old.folder)
    return moving.run(arguments, old)


def _wrap(arguments: argparse.Namespace) -> int:
    """First the place is written down, then each file is wrapped: a crash between leaves files that all open."""
    import dataclasses

    from dedere.node.home import load_home, write_home
    from dedere.node.passphrases import from_here, read_passphrase, read_secret
    from dedere.node.wrapping import wrap_keys

    home = load_home(arguments.home)
    place = from_here(arguments.passphrase)
    passphrase = read_secret(home, place)
    if home.places.passphrase and read_passphrase(home) != passphrase:
        raise InputError("The keys are wrapped under another passphrase: run `dedere node unwrap` first.")
    home = dataclasses.replace(home, places=dataclasses.replace(home.places, passphrase=place))
    write_home(home)
    count = wrap_keys(home, passphrase=passphrase, identifiers=RandomIdentifiers())
    print(f"{count} key files are wrapped. Without the passphrase they are lost: keep it where the home is not.")
    return 0


def _unwrap(arguments: argparse.Namespace) -> int:
    import dataclasses

    from dedere.node.home import load_home, write_home
    from dedere.node.passphrases import read_passphrase
    from dedere.node.wrapping import unwrap_keys

    home = load_home(arguments.home)
    passphrase = read_passphrase(home)
    if passphrase is None:
        raise InputError("The settings name no passphrase: the keys are in clear.")
    count = unwrap_keys(home, passphrase=passphrase, identifiers=RandomIdentifiers())
    write_home(dataclasses.replace(home, places=dataclasses.replace(home.places, passphrase="")))
    print(f"{count} key files are in clear.")
    return 0


def _officer(arguments: argparse.Namespace) -> int:
    from dedere.node.home import load_home

    home = load_home(arguments.home)
    set_up_django(home.folder)
    from dedere.casework.acts import Role
    from dedere.node.accounts.actions import NewOfficer, invite_officer, make_sign_in_link

    try:
        roles = tuple(Role(word) for word in arguments.role)
    except ValueError as error:
        raise InputError(f"{error}: the roles are {', '.join(role.value for role in Role)}.") from error
    officer = invite_officer(
        by=None,
        new=NewOfficer(arguments.sign_in_name, arguments.name, arguments.title, roles),
    )
    print(f"{home.pages.url}/sign-in/{make_sign_in_link(officer=officer)}/")
    return 0


_COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "init": _init,
    "serve": _serve,
    "check": _check,
    "doctor": _doctor,
    "move": _move,
    "wrap": _wrap,
    "unwrap": _unwrap,
    "officer": _officer,
}
