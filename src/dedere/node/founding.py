"""A new home: keys, a certificate for each, the authority's first card, an empty database and vault.

The home is built beside its place and moved there at the end: there is a whole home or none.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from dedere.base.clock import Clock
from dedere.base.errors import FacilityError, InputError
from dedere.base.identifiers import Identifiers
from dedere.crypto.timestamps import LocalTimestamper
from dedere.node.databases import require_unused
from dedere.node.home import DatabasePlace, Home, KeyPlaces, Listening, require_describable, write_home
from dedere.node.keys import make_keys, read_certificate, read_sealing_identities, signer_for, write_private
from dedere.protocol.card import Card, SignedCard, pack_card
from dedere.protocol.container import Signing

CARD_LASTS = dt.timedelta(days=2 * 365)
FUNCTIONS = ("mla", "extradition", "transfer")


@dataclass(frozen=True, slots=True)
class Plan:
    """What a new node is to be. Ports are of this machine; `gateway_url` is where other nodes reach it.

    `one_sided`: nobody reaches it, it fetches its letters. `passphrase` says where the secret lies under which its keys
    are wrapped, as in `home.toml`. `records`: the database, which must be empty.
    """

    state: str
    name: str
    languages: tuple[str, ...] = ("en",)
    place: str = "UTC"
    pages_port: int = 8000
    gateway_port: int = 8443
    host: str = "127.0.0.1"
    gateway_url: str = ""
    one_sided: bool = False
    passphrase: str = ""
    demonstration: bool = False
    records: DatabasePlace = field(default_factory=DatabasePlace)


def found(folder: Path, plan: Plan, *, clock: Clock, identifiers: Identifiers, migrate: Callable[[Path], None]) -> Home:
    """Make the home of a new node at `folder`. `migrate` makes the database of the home it is given.

    Raises:
        InputError: something is there already, or the plan is not acceptable.
        FacilityError: the disk does not take it, or the passphrase cannot be read.
    """
    folder = folder.absolute()
    require_describable(_home(folder, plan))
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"{folder} is not an empty folder: choose another place for the new node.")
    require_unused(_home(folder, plan))
    building = folder.with_name(f".{folder.name}.being-made")
    shutil.rmtree(building, ignore_errors=True)
    try:
        _build(_home(building, plan), clock=clock, identifiers=identifiers)
        migrate(building)
        if folder.exists():
            folder.rmdir()
        building.rename(folder)
        sync_folder(folder.parent)
    except OSError as error:
        raise FacilityError(f"{folder} cannot be made: {error.strerror}.") from error
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return _home(folder, plan)


def _build(home: Home, *, clock: Clock, identifiers: Identifiers) -> None:
    home.folder.mkdir(mode=0o700, parents=True)
    for each in home.folders():
        each.mkdir(mode=0o700)
    write_home(home)
    make_keys(home, clock=clock, identifiers=identifiers)
    write_card(home, first_card(home, clock=clock))


def first_card(home: Home, *, clock: Clock) -> SignedCard:
    """The card that begins the authority's chain."""
    now = clock.now()
    stamper = LocalTimestamper(signer_for(home, "timestamp", [read_certificate(home, "timestamp")]), clock=clock)
    signer = signer_for(home, "authority", [read_certificate(home, "authority")])
    signing = Signing(signer=signer, signed_at=now, timestamper=stamper)
    return pack_card(
        Card(
            state=home.state,
            name=home.name,
            functions=FUNCTIONS,
            languages=home.languages,
            addresses=(home.gateway.url,) if home.is_reachable else (),
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
    write_private(path, card.container)
    sync_folder(home.cards)
    return path


def _home(folder: Path, plan: Plan) -> Home:
    reachable_at = plan.gateway_url or f"https://{plan.host}:{plan.gateway_port}"
    return Home(
        folder=folder,
        state=plan.state,
        name=plan.name,
        languages=plan.languages,
        place=plan.place,
        demonstration=plan.demonstration,
        pages=Listening(plan.host, plan.pages_port, f"http://{plan.host}:{plan.pages_port}"),
        gateway=Listening(plan.host, plan.gateway_port, "" if plan.one_sided else reachable_at),
        places=KeyPlaces(passphrase=plan.passphrase),
        polls=("*",) if plan.one_sided else (),
        records=plan.records,
    )


def sync_folder(folder: Path) -> None:
    """Have the folder's list of files on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
