"""A file on its way from a browser: sealed as it arrives, resumable at any cut, taken over by renaming.

    <folder>/<name>.header      the age header, sealed to the vault's key, before the first byte arrives
    <folder>/<name>.payload     the nonce and every whole chunk sealed so far

Nothing plain is written. What was received beyond the last whole chunk of 64 KiB is forgotten when a connection ends
and is sent again; so a chunk is sealed once, in its place, unless a crash tears it, when the same bytes come again.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
from typing import TYPE_CHECKING, BinaryIO

from dedere.base.errors import InputError
from dedere.crypto.age import SealedReader, open_header, payload_size, seal_header
from dedere.crypto.age.payload import BATCH, CHUNK, NONCE, SEALED_CHUNK, TAG, PayloadCipher
from dedere.crypto.age.recipients import FILE_KEY_LENGTH
from dedere.vault.errors import UploadBusyError, UploadOffsetError
from dedere.vault.files import facility, sync_file, sync_folder
from dedere.vault.ingest import StoredObject
from dedere.vault.pipeline import Stage
from dedere.vault.port import PIECE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from dedere.base.identifiers import Identifiers
    from dedere.crypto.age import Identity, Recipient
    from dedere.vault.port import ObjectStore


class SealedUpload:
    """An upload of `size` plain bytes under `name` in `folder`."""

    def __init__(self, folder: Path, name: str, size: int) -> None:
        self._folder = folder
        self._header = folder / f"{name}.header"
        self._payload = folder / f"{name}.payload"
        self.size = size

    def begin(self, recipients: Sequence[Recipient], *, chance: Identifiers) -> None:
        """Make the upload, empty.

        Raises:
            StoreFullError, StoreError: the disk failed.
        """
        file_key, nonce = chance.random_bytes(FILE_KEY_LENGTH), chance.random_bytes(NONCE)
        end = bytearray(0 if self.size else TAG)
        if not self.size:  # nothing follows that would seal the end
            PayloadCipher(file_key, nonce).seal(memoryview(b""), memoryview(end), first=0, final=True)
        header = seal_header(file_key, recipients, chance=chance)
        with facility("beginning an upload"):
            for path, content in ((self._payload, nonce + end), (self._header, header)):
                path.write_bytes(content)
                path.chmod(0o600)
                sync_file(path)
            sync_folder(self._folder)

    @property
    def offset(self) -> int:
        """How many plain bytes are here, sealed."""
        with facility("measuring an upload"):
            return self._offset(self._payload.stat().st_size)

    @property
    def complete(self) -> bool:
        """Whether the last byte is here."""
        with facility("measuring an upload"):
            return self._payload.stat().st_size == payload_size(self.size)

    def append(self, offset: int, pieces: Iterable[bytes], *, identities: Sequence[Identity]) -> int:
        """Seal what `pieces` gives and sync it, also when `pieces` breaks off by raising; the new offset.

        Raises:
            UploadOffsetError: the upload stands elsewhere than at `offset`.
            UploadBusyError: somebody else writes to it now.
            InputError: more came than the upload was to have.
            StoreFullError, StoreError: the disk failed.
        """
        with self._held() as file:
            if offset != self.offset:
                raise UploadOffsetError(f"The upload stands at byte {self.offset}, not {offset}.")
            if self.complete:
                return offset
            self._append(file, offset, pieces, cipher=self._cipher(identities))
        return self.offset

    def keep(self, store: ObjectStore, *, identities: Sequence[Identity]) -> StoredObject:
        """Digest the whole upload and take it over into the vault; its files are gone afterwards.

        Raises:
            InputError: it is not complete.
            SealError: what lies here was altered.
            StoreFullError, StoreError: the store failed; the upload stays.
        """
        if not self.complete:
            raise InputError(f"The upload is not complete: {self.offset} of {self.size} bytes are here.")
        with facility("reading an upload"):
            header = self._header.read_bytes()
            payload = _digest(self._payload)
            plain = hashlib.sha256()
            source = self._payload.open("rb", buffering=0)
            with SealedReader(header, source, identities) as reader, Stage(plain.update) as hashing:
                while piece := reader.read(PIECE):
                    hashing.write(piece)
                hashing.finish()
        store.adopt(self._payload, payload, header=header)
        size = payload_size(self.size)
        self.discard()
        return StoredObject(payload, self.size, plain.hexdigest(), size, len(header) + size)

    def discard(self) -> None:
        """Remove what arrived: the key first."""
        with facility("discarding an upload"):
            self._header.unlink(missing_ok=True)
            self._payload.unlink(missing_ok=True)

    def _offset(self, length: int) -> int:
        if length == payload_size(self.size):
            return self.size
        return max(0, length - NONCE) // SEALED_CHUNK * CHUNK

    def _cipher(self, identities: Sequence[Identity]) -> PayloadCipher:
        with facility("reading an upload"):
            file_key = open_header(self._header.read_bytes(), identities)
            with self._payload.open("rb") as file:
                return PayloadCipher(file_key, file.read(NONCE))

    def _append(self, file: BinaryIO, offset: int, pieces: Iterable[bytes], *, cipher: PayloadCipher) -> None:
        begun = bytearray()
        with facility("receiving an upload"):
            file.truncate(NONCE + offset // CHUNK * SEALED_CHUNK)
            file.seek(0, os.SEEK_END)
        try:
            for piece in pieces:
                if offset + len(begun) + len(piece) > self.size:
                    raise InputError("More was sent than the upload was to have.")
                begun += piece
                while len(begun) > BATCH:
                    offset += _seal(file, cipher, memoryview(begun)[:BATCH], first=offset // CHUNK, final=False)
                    del begun[:BATCH]
        finally:
            final = offset + len(begun) == self.size
            whole = len(begun) if final else len(begun) // CHUNK * CHUNK
            if whole or final:
                _seal(file, cipher, memoryview(begun)[:whole], first=offset // CHUNK, final=final)
            with facility("receiving an upload"):
                os.fsync(file.fileno())

    @contextlib.contextmanager
    def _held(self) -> Iterator[BinaryIO]:
        with facility("receiving an upload"):
            file = self._payload.open("r+b", buffering=0)
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise UploadBusyError("This upload is being written to on another connection.") from error
            yield file


def _seal(file: BinaryIO, cipher: PayloadCipher, plain: memoryview, *, first: int, final: bool) -> int:
    chunks = max(1, -(-len(plain) // CHUNK))
    sealed = memoryview(bytearray(len(plain) + TAG * chunks))
    cipher.seal(plain, sealed, first=first, final=final)
    size = len(plain)
    plain.release()
    with facility("receiving an upload"):
        written = 0
        while written < len(sealed):
            written += file.write(sealed[written:])
    return size


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb", buffering=0) as file:
        while piece := file.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()
