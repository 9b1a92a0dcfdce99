"""A keyed index that tells nothing of what it holds without its secret."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedere.base.errors import InputError
from dedere.base.identifiers import SeededIdentifiers
from dedere.crypto.blinding import DIGEST_LENGTH, BlindIndex
from dedere.crypto.errors import SealPayloadError

SECRET = bytes(range(32))


def test_the_same_word_has_the_same_digest_and_every_kind_its_own() -> None:
    index = BlindIndex(SECRET)

    assert index.digest("word", "petrovic") == index.digest("word", "petrovic")
    digests = {
        index.digest("word", "petrovic"),
        index.digest("bones", "petrovic"),
        index.digest("wor", "dpetrovic"),
        BlindIndex(bytes(32)).digest("word", "petrovic"),
    }
    assert len(digests) == 4
    assert all(len(digest) == DIGEST_LENGTH for digest in digests)


@given(st.binary(max_size=300))
def test_a_record_comes_back_and_its_length_is_hidden(record: bytes) -> None:
    index = BlindIndex(SECRET)
    closed = index.close(record, beside=b"digest", chance=SeededIdentifiers("chance"))

    assert index.open(closed, beside=b"digest") == record
    assert (len(closed) - 12 - 16) % 64 == 0


def test_a_record_moved_changed_or_of_another_secret_is_refused() -> None:
    index = BlindIndex(SECRET)
    closed = index.close(b"who", beside=b"digest", chance=SeededIdentifiers("chance"))

    for changed, beside, reader in (
        (closed, b"another", index),
        (closed[:-1] + bytes([closed[-1] ^ 1]), b"digest", index),
        (closed, b"digest", BlindIndex(bytes(32))),
        (b"short", b"digest", index),
    ):
        with pytest.raises(SealPayloadError):
            reader.open(changed, beside=beside)


def test_a_secret_of_another_length_is_refused() -> None:
    with pytest.raises(InputError):
        BlindIndex(b"short")
