"""Where sealed objects are kept: the port, its stores, and opening one by its address."""

from __future__ import annotations

from pathlib import Path

from dedere.vault.files import FileStore
from dedere.vault.memory import MemoryStore
from dedere.vault.port import ObjectStore, PendingObject, Presence

__all__ = ["FileStore", "MemoryStore", "ObjectStore", "PendingObject", "Presence", "open_store"]


def open_store(address: str) -> ObjectStore:
    """The store at `address`: a folder's path, or `memory:`.

    Raises:
        StoreError: the store cannot be opened.
    """
    if address == "memory:":
        return MemoryStore()
    return FileStore(Path(address))
