"""Sealing keys, stores and a foreign part, for tests of the vault and what builds on it."""

from __future__ import annotations

import functools
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.base.identifiers import SeededIdentifiers
from dedere.crypto.age import X25519Identity
from dedere.crypto.digests import sha256_hex
from dedere.vault.arrival import Announced, Opening
from dedere.vault.ingest import Sealing, StoredObject, ingest_stream
from dedere.vault.memory import MemoryStore
from dedere.vault.reading import open_object, prepare_copy, sealed_stream

if TYPE_CHECKING:
    from dedere.vault.store import ObjectStore


@functools.cache
def identity(name: str) -> X25519Identity:
    """The identity of that name, the same in every run."""
    return X25519Identity.generate(SeededIdentifiers(name))


CHANCE = SeededIdentifiers("vault tests")


def content(size: int, seed: str = "content") -> bytes:
    """Bytes that do not compress, the same in every run."""
    return SeededIdentifiers(seed).random_bytes(size)


def sealing(store: ObjectStore, name: str = "vault") -> Sealing:
    """Sealing to the identity of that name."""
    return Sealing(store, [identity(name).recipient], CHANCE)


def keep(store: ObjectStore, data: bytes, name: str = "vault") -> StoredObject:
    """Ingest bytes."""
    return ingest_stream(io.BytesIO(data), store=store, recipients=[identity(name).recipient], chance=CHANCE)


def read_back(store: ObjectStore, object_id: str, name: str = "vault") -> bytes:
    """The plain bytes of an object."""
    with open_object(store, object_id, [identity(name)]) as reader:
        return reader.read_range(0, reader.size)


@dataclass(frozen=True)
class ForeignPart:
    """A part as another State sends it."""

    plain: bytes
    sealed: bytes
    header: bytes
    announced: Announced


def foreign_part(plain: bytes, recipient: str = "our card") -> ForeignPart:
    """A part sealed by another State for the identity `recipient`."""
    store = MemoryStore()
    stored = keep(store, plain, "their vault")
    copy = prepare_copy(
        store,
        stored.id,
        identities=[identity("their vault")],
        recipients=[identity(recipient).recipient],
        chance=CHANCE,
    )
    with sealed_stream(store, stored.id, copy.header) as stream:
        sealed = stream.read()
    assert sha256_hex(sealed) == copy.sealed_sha256
    announced = Announced(stored.size, stored.sha256, copy.sealed_size, copy.sealed_sha256, stored.id)
    return ForeignPart(plain, sealed, copy.header, announced)


def opening(*, kept_for: str = "vault", opened_by: str = "our card") -> Opening:
    """Our card's identity opens, the vault's recipient keeps."""
    recipients = [identity(kept_for).recipient] if kept_for else []
    return Opening([identity(opened_by)], recipients, CHANCE)
