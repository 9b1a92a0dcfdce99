"""Where sealed objects are kept: the port and its stores."""

from __future__ import annotations

from dedere.vault.files import FileStore
from dedere.vault.memory import MemoryStore
from dedere.vault.port import ObjectStore, PendingObject, Presence
from dedere.vault.s3 import S3Access, S3Store, open_s3_store

__all__ = [
    "FileStore",
    "MemoryStore",
    "ObjectStore",
    "PendingObject",
    "Presence",
    "S3Access",
    "S3Store",
    "open_s3_store",
]
