"""A home whose keys are those of `support.pki`: the node to which the published vectors are addressed. All fictional."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from dedere.base.clock import FixedClock
from dedere.base.identifiers import SeededIdentifiers
from dedere.crypto.age import write_identities
from dedere.crypto.keys import encode_private_key
from dedere.node.keys import PURPOSES, SEALING_FILE, write_private
from dedere.node.office import Office
from support import exchange, pki
from support.homes import fresh_home

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path


def office_of(folder: Path, state: str, *, now: dt.datetime = exchange.NOW) -> Office:
    """The office of a fictional authority under its first card, `support.exchange.card_of(state)`."""
    home, keys = fresh_home(folder, state), pki.state(state)
    shutil.rmtree(home.keys)
    home.keys.mkdir(mode=0o700)
    for name in PURPOSES:
        holder: pki.Holder = getattr(keys, name)
        write_private(home.keys / f"{name}.key", encode_private_key(holder.key))
        write_private(home.keys / f"{name}.pem", holder.certificate)
    chance = SeededIdentifiers(f"{state} at work")
    write_private(home.keys / SEALING_FILE, write_identities([keys.sealing], chance=chance, passphrase=None))
    write_private(home.cards / "0001.card.asice", exchange.card_of(state).container)
    return Office(home, FixedClock(now), chance)
