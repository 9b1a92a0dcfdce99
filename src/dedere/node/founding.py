"""A new home: keys, a certificate for each, the authority's first card, an empty database and vault.

The home is built beside its place and moved there at the end: there is a whole home or none.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dedere.base.clock import Clock
from dedere.base.errors import InputError
from dedere.base.identifiers import Identifiers
from dedere.node.home import Home, Listening, write_home
from dedere.node.keys import make_keys, read_certificate, read_sealing_identities, read_signer, read_timestamper
from dedere.protocol.card import Card, SignedCard, pack_card
from dedere.protocol.container import Signing

CARD_LASTS = dt.timedelta(days=2 * 365)
FUNCTIONS = ("mla", "extradition", "transfer")


@dataclass(frozen=True, slots=True)
class Plan:
    """What a new node is to be. Ports are of this machine; `gateway_url` is where other nodes reach it."""

    state: str
    name: str
    languages: tuple[str, ...] = ("en",)
    place: str = "UTC"
    pages_port: int = 8000
    gateway_port: int = 8443
    host: str = "127.0.0.1"
    gateway_url: str = ""
    demonstration: bool = False


def found(folder: Path, plan: Plan, *, clock: Clock, identifiers: Identifiers, migrate: Callable[[Path], None]) -> Home:
    """Make the home of a new node at `folder`. `migrate` makes the database of the home it is given.

    Raises:
        InputError: something is there already, or the plan is not acceptable.
    """
    _check(plan)
    folder = folder.absolute()
    if folder.exists() and any(folder.iterdir()):
        raise InputError(f"{folder} is not empty: choose another place for the new node.")
    building = folder.with_name(f".{folder.name}.being-made")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(mode=0o700, parents=True)
    home = _home(building, plan)
    for each in home.folders():
        each.mkdir(mode=0o700)
    write_home(home)
    make_keys(home, clock=clock, identifiers=identifiers)
    write_card(home, first_card(home, clock=clock))
    migrate(building)
    if folder.exists():
        folder.rmdir()
    building.rename(folder)
    _sync_folder(folder.parent)
    return _home(folder, plan)


def first_card(home: Home, *, clock: Clock) -> SignedCard:
    """The card that begins the authority's chain."""
    now = clock.now()
    signing = Signing(signer=read_signer(home, "authority"), signed_at=now, timestamper=read_timestamper(home, clock))
    return pack_card(
        Card(
            state=home.state,
            name=home.name,
            functions=FUNCTIONS,
            languages=home.languages,
            addresses=(home.gateway.url,),
            signing_certificates=(read_certificate(home, "authority"),),
            gateway_certificates=(read_certificate(home, "gateway"),),
            timestamp_certificates=(read_certificate(home, "timestamp"),),
            tls_certificates=(read_certificate(home, "tls"),),
            sealing_recipients=tuple(str(identity.recipient.encode()) for identity in read_sealing_identities(home)),
            valid_from=now.date(),
            valid_until=(now + CARD_LASTS).date(),
        ),
        signing=signing,
    )


def write_card(home: Home, card: SignedCard) -> Path:
    """Put one of our own cards where `exchange` and partners find it."""
    path = home.cards / f"{card.card.serial:04d}.card.asice"
    path.write_bytes(card.container)
    return path


def _home(folder: Path, plan: Plan) -> Home:
    gateway_url = plan.gateway_url or f"https://{plan.host}:{plan.gateway_port}"
    return Home(
        folder=folder,
        state=plan.state,
        name=plan.name,
        languages=plan.languages,
        place=plan.place,
        demonstration=plan.demonstration,
        pages=Listening(plan.host, plan.pages_port, f"http://{plan.host}:{plan.pages_port}"),
        gateway=Listening(plan.host, plan.gateway_port, gateway_url),
    )


def _check(plan: Plan) -> None:
    if len(plan.state) != 2 or not plan.state.isascii() or not plan.state.isupper():  # noqa: PLR2004 - alpha-2
        raise InputError("A State is written with its two capital letters, like NL (ISO 3166-1 alpha-2).")
    if not plan.name.strip():
        raise InputError("An authority needs a name.")
    if not plan.languages:
        raise InputError("An authority accepts requests in at least one language.")
    try:
        ZoneInfo(plan.place)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise InputError(f"{plan.place!r} is not a time zone: write it like Europe/Amsterdam.") from error


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
