"""Where sealed objects are kept: the port, its stores, and opening one by its address."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dedere.vault.files import FileStore
from dedere.vault.memory import MemoryStore
from dedere.vault.port import ObjectStore, PendingObject, Presence
from dedere.vault.s3 import S3Store, open_s3_store

if TYPE_CHECKING:
    from dedere.base.clock import Clock
    from dedere.base.identifiers import Identifiers

__all__ = ["FileStore", "MemoryStore", "ObjectStore", "PendingObject", "Presence", "S3Store", "open_store"]


def open_store(address: str, *, chance: Identifiers, clock: Clock) -> ObjectStore:
    """The store at `address`: a folder's path, `s3://bucket/prefix`, or `memory:`.

    Raises:
        StoreError: the store cannot be opened.
    """
    if address == "memory:":
        return MemoryStore()
    if address.startswith("s3://"):
        return open_s3_store(address, chance=chance, clock=clock)
    return FileStore(Path(address))
