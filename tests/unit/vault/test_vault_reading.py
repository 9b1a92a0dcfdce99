"""Reading ranges, and sending the same payload under another header."""

from __future__ import annotations

import io

import pytest

from dedere.crypto.age import open_sealed
from dedere.crypto.digests import sha256_hex
from dedere.crypto.errors import NoMatchingIdentityError, SealPayloadError
from dedere.vault.errors import UnknownObjectError
from dedere.vault.port import PIECE
from dedere.vault.reading import open_object, prepare_copy, sealed_stream
from dedere.vault.store import MemoryStore
from support.vaults import CHANCE, content, identity, keep, read_back

DATA = content(500_000)


def test_any_range_is_read() -> None:
    store = MemoryStore()
    stored = keep(store, DATA)
    with open_object(store, stored.id, [identity("vault")]) as reader:
        for start, length in ((0, 10), (65_530, 20), (499_990, 100), (300_000, 1)):
            assert reader.read_range(start, length) == DATA[start : start + length]


def test_an_altered_range_is_refused_and_others_are_not() -> None:
    store = MemoryStore()
    stored = keep(store, DATA)
    altered = bytearray(store.payloads[stored.id])
    altered[200_000] ^= 1
    store.payloads[stored.id] = bytes(altered)
    with open_object(store, stored.id, [identity("vault")]) as reader:
        assert reader.read_range(0, 100) == DATA[:100]
        with pytest.raises(SealPayloadError):
            reader.read_range(199_000, 2000)


def test_what_is_not_held_cannot_be_read() -> None:
    for ask in (lambda: open_object(MemoryStore(), "0" * 64, []), lambda: sealed_stream(MemoryStore(), "0" * 64)):
        with pytest.raises(UnknownObjectError):
            ask()


def test_a_copy_for_another_recipient_has_another_header_and_the_same_payload() -> None:
    store = MemoryStore()
    stored = keep(store, DATA)
    copy = prepare_copy(
        store,
        stored.id,
        identities=[identity("vault")],
        recipients=[identity("other State").recipient],
        chance=CHANCE,
    )
    assert copy.header != store.read_header(stored.id)
    with sealed_stream(store, stored.id, copy.header) as stream:
        sealed = stream.readall()
        assert stream.size == copy.sealed_size == len(sealed)
    assert sha256_hex(sealed) == copy.sealed_sha256
    assert sealed[len(copy.header) :] == store.payloads[stored.id]
    assert open_sealed(sealed, [identity("other State")]) == DATA
    with pytest.raises(NoMatchingIdentityError):
        open_sealed(sealed, [identity("vault")])
    assert read_back(store, stored.id) == DATA


def test_a_stream_resumes_at_any_offset() -> None:
    store = MemoryStore()
    stored = keep(store, DATA)
    with sealed_stream(store, stored.id) as stream:
        whole = stream.read()
        assert stream.readable()
        assert stream.seekable()
        for offset in (0, 5, len(store.headers[stored.id]), len(store.headers[stored.id]) + 1, 300_000):
            assert stream.seek(offset) == stream.tell() == offset
            assert stream.readall() == whole[offset:]
        assert stream.seek(-3, io.SEEK_END) == len(whole) - 3
        buffer = bytearray(10)
        assert stream.readinto(buffer) == 3
        assert bytes(buffer[:3]) == whole[-3:]
        stream.seek(5)
        assert stream.seek(2, io.SEEK_CUR) == 7
        assert stream.seek(-100) == 0
    stream.close()
    assert stream.closed


def test_a_digest_of_a_large_stream_tells_its_progress() -> None:
    store = MemoryStore()
    stored = keep(store, content(PIECE + 100))
    told: list[int] = []
    with sealed_stream(store, stored.id) as stream:
        assert stream.digest(told.append) == sha256_hex(store.headers[stored.id] + store.payloads[stored.id])
        assert told[-1] == stream.size
        assert stream.tell() == 0
