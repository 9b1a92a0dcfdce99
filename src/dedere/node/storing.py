"""Where the node keeps sealed evidence, as `home.toml` says under `[store]`: a folder of the home, or object storage.

`address` is `s3://BUCKET/PREFIX`; `endpoint` the address of the service where the region does not imply it; `region`
the region; `credentials` the place of a secret that holds the access key's name and, after a colon, the key. What is
not given is what the environment says.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dedere.base.errors import FacilityError, InputError
from dedere.node.policies import StorePlace

if TYPE_CHECKING:
    from dedere.base.clock import Clock
    from dedere.base.identifiers import Identifiers
    from dedere.node.home import Home
    from dedere.vault.store import ObjectStore

_ADDRESS = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
_ENDPOINT = re.compile(r"https?://[A-Za-z0-9.\[\]:-]+")


def require_store(place: StorePlace) -> None:
    """Let a place of evidence pass in its forms, or one that says nothing.

    Raises:
        InputError: the address of the bucket or of the service is not in its form.
    """
    if place == StorePlace():
        return
    if not _ADDRESS.fullmatch(place.address):
        raise InputError("The address of object storage is written s3://BUCKET/PREFIX.")
    if place.endpoint and not _ENDPOINT.fullmatch(place.endpoint):
        raise InputError("The endpoint of object storage is written like https://s3.example.org, without a path.")


def open_node_store(home: Home, *, chance: Identifiers, clock: Clock) -> ObjectStore:
    """The store that the settings name.

    Raises:
        StoreError: it cannot be opened.
        FacilityError: its credentials are not where the settings say, or not in their form.
    """
    from dedere.vault.store import FileStore, S3Access, open_s3_store  # noqa: PLC0415 - who keeps nothing loads none

    place = home.store
    if not place.address:
        return FileStore(home.vault)
    access = S3Access(place.endpoint, place.region, *_credentials(home))
    return open_s3_store(place.address, access, chance=chance, clock=clock)


def _credentials(home: Home) -> tuple[str, str]:
    from dedere.node.passphrases import read_secret  # noqa: PLC0415 - it knows homes, which know this module

    if not home.store.credentials:
        return "", ""
    name, colon, key = read_secret(home, home.store.credentials).partition(":")
    if not (name and colon and key):
        raise FacilityError("The store's credentials are written NAME:KEY, the access key's name and the key.")
    return name, key
