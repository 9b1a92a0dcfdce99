"""Reading objects: any range of the plain bytes without a decrypted copy, and the sealed bytes for sending."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from dedere.crypto.age import SealedReader, rewrap_header
from dedere.vault.pipeline import Stage
from dedere.vault.port import PIECE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dedere.base.identifiers import Identifiers
    from dedere.crypto.age import Identity, Recipient
    from dedere.vault.port import ObjectStore


@dataclass(frozen=True, slots=True)
class SealedCopy:
    """An object as it goes to somebody else: the same payload under a header for that recipient.

    The header is random each time it is made, and `sealed_sha256` depends on it: keep it with what announces it.
    """

    object_id: str
    header: bytes
    sealed_size: int
    sealed_sha256: str


def open_object(store: ObjectStore, object_id: str, identities: Sequence[Identity]) -> SealedReader:
    """The plain bytes, seekable; each range is authenticated as it is read. Close it after use.

    Raises:
        UnknownObjectError: nothing is held under this identifier.
        SealError: none of the identities opens it, or it was altered (then on reading).
    """
    header = store.read_header(object_id)
    payload = store.open_payload(object_id)
    try:
        return SealedReader(header, payload, identities)
    except BaseException:
        payload.close()
        raise


def prepare_copy(
    store: ObjectStore,
    object_id: str,
    *,
    identities: Sequence[Identity],
    recipients: Sequence[Recipient],
    chance: Identifiers,
) -> SealedCopy:
    """Wrap the object's key for `recipients` and digest the sealed whole; the payload is read once and not written.

    Raises:
        UnknownObjectError, SealError: as for `open_object`.
    """
    header = rewrap_header(store.read_header(object_id), identities, recipients, chance=chance)
    with sealed_stream(store, object_id, header) as stream:
        return SealedCopy(object_id, header, stream.size, stream.digest())


def sealed_stream(store: ObjectStore, object_id: str, header: bytes | None = None) -> SealedStream:
    """The object as one age file under `header`, or under the vault's own: for sending, resumable at any offset."""
    own = store.read_header(object_id)
    return SealedStream(own if header is None else header, store.open_payload(object_id), store.payload_size(object_id))


class SealedStream(io.RawIOBase):
    """Header and payload read as one file."""

    def __init__(self, header: bytes, payload: BinaryIO, payload_size: int) -> None:
        super().__init__()
        self._header = header
        self._payload = payload
        self._position = 0
        self.size = len(header) + payload_size
        """Length of the whole in bytes."""

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def tell(self) -> int:
        """The offset of the next byte."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Move to another offset."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self.size}[whence]
        self._position = max(0, start + offset)
        return self._position

    def read(self, count: int = -1, /) -> bytes:
        """At most `count` bytes, all the rest when negative; fewer at the end of header or payload."""
        if count < 0:
            return self.readall()
        start = len(self._header)
        if self._position < start:
            piece = self._header[self._position : self._position + count]
        else:
            self._payload.seek(self._position - start)
            piece = self._payload.read(count)
        self._position += len(piece)
        return piece

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override] # the base takes any writable buffer
        """Fill `buffer` as far as one read goes."""
        piece = self.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)

    def digest(self, progress: Callable[[int], None] | None = None) -> str:
        """The SHA-256 of the whole; reading continues at the beginning."""
        self.seek(0)
        digest = hashlib.sha256()
        with Stage(digest.update) as hashing:
            while piece := self.read(PIECE):
                hashing.write(piece)
                if progress is not None:
                    progress(self._position)
            hashing.finish()
        self.seek(0)
        return digest.hexdigest()

    def close(self) -> None:
        """Close the payload."""
        if not self.closed:
            self._payload.close()
        super().close()
