"""Uploads from a browser: sealed as they arrive, resumed after any cut, taken over by renaming."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedere.base.errors import InputError
from dedere.crypto.digests import sha256_hex
from dedere.vault.errors import StoreError, UploadBusyError, UploadOffsetError
from dedere.vault.memory import MemoryStore
from dedere.vault.store import FileStore
from dedere.vault.upload import SealedUpload
from support.vaults import CHANCE, content, identity, read_back

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHUNK = 64 * 1024
OURS = [identity("vault")]


def begun(folder: Path, size: int) -> SealedUpload:
    upload = SealedUpload(folder, "upload", size)
    upload.begin([OURS[0].recipient], chance=CHANCE)
    return upload


def cut_off(data: bytes) -> Iterator[bytes]:
    yield data
    raise ConnectionResetError


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 4 * 1024 * 1024, 9_000_000])
def test_an_upload_of_any_size_is_kept_as_it_was(tmp_path: Path, size: int) -> None:
    data = content(size)
    upload = begun(tmp_path, size)
    assert upload.append(0, [data[:100], data[100:]], identities=OURS) == size
    assert upload.complete
    assert upload.append(size, [], identities=OURS) == size
    store = FileStore(tmp_path / "vault")

    stored = upload.keep(store, identities=OURS)

    assert (stored.size, stored.sha256) == (size, sha256_hex(data))
    assert read_back(store, stored.id) == data
    assert store.payload_size(stored.id) == stored.payload_size
    assert sorted(path.name for path in tmp_path.iterdir()) == ["vault"]


def test_an_upload_goes_on_where_it_broke_off(tmp_path: Path) -> None:
    data = content(10 * CHUNK + 17)
    upload = begun(tmp_path, len(data))
    for end in (100, CHUNK + 5, 4 * CHUNK, len(data) - 1):
        offset = upload.offset
        with pytest.raises(ConnectionResetError):
            upload.append(offset, cut_off(data[offset:end]), identities=OURS)
        assert upload.offset == end // CHUNK * CHUNK
        assert not upload.complete
        upload = SealedUpload(tmp_path, "upload", len(data))
    upload.append(upload.offset, [data[upload.offset :]], identities=OURS)
    store = MemoryStore()
    assert read_back(store, upload.keep(store, identities=OURS).id) == data


@settings(deadline=None, max_examples=15)
@given(size=st.integers(0, 5 * CHUNK), cuts=st.lists(st.integers(0, 5 * CHUNK), max_size=6), torn=st.integers(0, 99))
def test_no_cut_and_no_torn_write_changes_a_byte(
    tmp_path_factory: pytest.TempPathFactory, size: int, cuts: list[int], torn: int
) -> None:
    data = content(size)
    folder = tmp_path_factory.mktemp("cut")
    upload = begun(folder, size)
    for cut in cuts:
        offset = upload.offset
        upload.append(offset, [data[offset : max(offset, min(cut, size))]], identities=OURS)
        if not upload.complete:
            with (folder / "upload.payload").open("ab") as file:
                file.write(os.urandom(torn))
    upload.append(upload.offset, [data[upload.offset :]], identities=OURS)
    store = MemoryStore()
    assert read_back(store, upload.keep(store, identities=OURS).id) == data


def test_nothing_plain_lies_on_the_disk(tmp_path: Path) -> None:
    data = b"the name of a witness " * 20_000
    upload = begun(tmp_path, len(data))
    upload.append(0, [data], identities=OURS)
    for path in tmp_path.iterdir():
        assert b"witness" not in path.read_bytes()
        assert path.stat().st_mode & 0o077 == 0


def test_an_upload_stands_at_one_offset_has_one_writer_and_takes_no_more_than_it_said(tmp_path: Path) -> None:
    upload = begun(tmp_path, 2 * CHUNK)
    with pytest.raises(UploadOffsetError, match="stands at byte 0, not 5"):
        upload.append(5, [b"x"], identities=OURS)

    def meddling() -> Iterator[bytes]:
        with pytest.raises(UploadBusyError):
            SealedUpload(tmp_path, "upload", 2 * CHUNK).append(0, [b"x"], identities=OURS)
        yield content(CHUNK)

    assert upload.append(0, meddling(), identities=OURS) == CHUNK
    with pytest.raises(InputError, match="More was sent"):
        upload.append(CHUNK, [content(CHUNK + 1)], identities=OURS)
    assert not upload.complete
    with pytest.raises(InputError, match="is not complete"):
        upload.keep(MemoryStore(), identities=OURS)


def test_an_upload_that_is_dropped_is_gone(tmp_path: Path) -> None:
    upload = begun(tmp_path, 10)
    upload.discard()
    upload.discard()
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(StoreError):
        _ = upload.offset
    with pytest.raises(StoreError):
        upload.append(0, [b"x"], identities=OURS)
