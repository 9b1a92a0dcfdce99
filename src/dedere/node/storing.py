"""Where the node keeps sealed evidence, as `home.toml` says under `[store]`: a folder of the home, or object storage.

`address` is `s3://BUCKET/PREFIX`; `endpoint` the address of the service where the region does not imply it; `region`
the region; `credentials` the place of a secret that holds the access key's name and, after a colon, the key. What is
not given is what the environment says.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.base.errors import FacilityError, InputError

if TYPE_CHECKING:
    from dedere.base.clock import Clock
    from dedere.base.identifiers import Identifiers
    from dedere.node.home import Home
    from dedere.vault.store import ObjectStore

_ADDRESS = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
_ENDPOINT = re.compile(r"https?://[A-Za-z0-9.\[\]:-]+")


@dataclass(frozen=True, slots=True)
class StorePlace:
    """Where sealed evidence lies. An empty `address`: in the home's folder `vault`."""

    address: str = ""
    endpoint: str = ""
    region: str = ""
    credentials: str = ""


def read_store_place(table: object, place: str) -> StorePlace:
    """The section `[store]` of the settings at `place`, strictly.

    Raises:
        InputError: a setting is unknown or not in its form.
    """
    names = [field.name for field in dataclasses.fields(StorePlace)]
    if not isinstance(table, Mapping) or not all(isinstance(value, str) for value in table.values()):
        raise InputError(f"{place}: store is a table of texts.")
    if unknown := sorted(set(table) - set(names)):
        raise InputError(f"{place} [store]: unknown setting {unknown[0]!r}.")
    found = StorePlace(**{name: table[name] for name in names if name in table})
    if found == StorePlace():
        return found
    if not _ADDRESS.fullmatch(found.address):
        raise InputError(f"{place} [store]: the address is written s3://BUCKET/PREFIX.")
    if found.endpoint and not _ENDPOINT.fullmatch(found.endpoint):
        raise InputError(f"{place} [store]: the endpoint is written like https://s3.example.org, without a path.")
    if found.credentials and not found.credentials.startswith(("file:", "credential:")):
        raise InputError(f"{place} [store]: a secret's place begins with file: or credential:.")
    return found


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
