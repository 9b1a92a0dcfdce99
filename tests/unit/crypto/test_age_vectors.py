"""The published age vectors (CCTV): every one decided at the layer it names."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING

import pytest

from dedere.crypto import age
from dedere.crypto.errors import (
    ArmorError,
    NoMatchingIdentityError,
    SealError,
    SealHeaderError,
    SealMacError,
    SealPayloadError,
)
from support.agejudges import AgeVector, published_vectors
from support.requirement import lacks

if TYPE_CHECKING:
    from dedere.crypto.age import Identity

VECTORS = published_vectors()
LAYERS: dict[str, type[SealError]] = {
    "armor failure": ArmorError,
    "header failure": SealHeaderError,
    "no match": NoMatchingIdentityError,
    "HMAC failure": SealMacError,
    "payload failure": SealPayloadError,
}

pytestmark = pytest.mark.judge


def identities_of(vector: AgeVector) -> list[Identity]:
    keys: list[Identity] = [age.parse_identity(text) for text in vector.identities]
    return [*keys, *(age.PassphraseIdentity(text) for text in vector.passphrases)]


def test_all_published_vectors_are_here() -> None:
    if not VECTORS:
        lacks("needs npm ci in tests/judges")
    assert len(VECTORS) == 143


@pytest.mark.parametrize("name", sorted(VECTORS))
def test_a_published_vector_is_decided_as_published(name: str) -> None:
    vector = VECTORS[name]

    def opened() -> bytes:
        sealed = age.dearmor(vector.sealed) if vector.armored else vector.sealed
        return age.open_sealed(sealed, identities_of(vector))

    if vector.expect == "success":
        assert hashlib.sha256(opened()).hexdigest() == vector.payload_sha256
        return
    with pytest.raises(SealError) as caught:
        opened()
    assert type(caught.value) is LAYERS[vector.expect]


@pytest.mark.parametrize("name", sorted(VECTORS))
def test_reading_as_a_stream_decides_a_published_vector_alike(name: str) -> None:
    vector = VECTORS[name]

    def opened() -> bytes:
        sealed = age.dearmor(vector.sealed) if vector.armored else vector.sealed
        source = io.BytesIO(sealed)
        header, _ = age.read_header(source)
        reader = age.SealedReader(header, source, identities_of(vector), start=len(header))
        return reader.read()

    if vector.expect == "success":
        assert hashlib.sha256(opened()).hexdigest() == vector.payload_sha256
        return
    with pytest.raises(SealError) as caught:
        opened()
    assert type(caught.value) is LAYERS[vector.expect]
