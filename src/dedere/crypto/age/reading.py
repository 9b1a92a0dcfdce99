"""Read any range of a sealed file without opening the rest."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, BinaryIO

from dedere.base.errors import DefectError
from dedere.crypto.age.payload import BATCH_CHUNKS, CHUNK, NONCE, SEALED_CHUNK, PayloadCipher, plain_size
from dedere.crypto.age.sealing import open_header
from dedere.crypto.digests import read_exactly
from dedere.crypto.errors import SealPayloadError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dedere.crypto.age.recipients import Identity


class SealedReader(io.RawIOBase):
    """The plain bytes of a sealed file as a seekable stream.

    Opening it checks the header, its MAC and the last chunk, so `size` is authenticated and a cut file is
    refused at once; every other chunk is checked before a byte of it is returned. Holds one batch of 4 MiB.
    Closes `payload_source` when it is closed itself.
    """

    def __init__(
        self, header: bytes, payload_source: BinaryIO, identities: Sequence[Identity], *, start: int = 0
    ) -> None:
        """Open; the payload begins at `start` in `payload_source` (the header's length where one file holds both).

        Raises:
            SealError: it does not open; the subclass says at which layer.
        """
        super().__init__()
        file_key = open_header(header, identities)
        self._source = payload_source
        self._start = start + NONCE
        self.size = plain_size(payload_source.seek(0, io.SEEK_END) - start)
        payload_source.seek(start)
        self._cipher = PayloadCipher(file_key, read_exactly(payload_source, NONCE))
        self._last = max(0, self.size - 1) // CHUNK
        self._position = 0
        self._open = bytearray()
        self._open_first = -1
        self._load(self._last, 1)

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def tell(self) -> int:
        """The position in the plain bytes."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Move; positions beyond the end read as empty."""
        origin = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self.size}[whence]
        if origin + offset < 0:
            raise DefectError("A position before the beginning does not exist.")
        self._position = origin + offset
        return self._position

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]  # any writable buffer
        """Fill `buffer` as far as one batch reaches; 0 at the end.

        Raises:
            SealPayloadError: what would be returned was changed.
        """
        target = memoryview(buffer).cast("B")
        wanted = min(len(target), self.size - self._position)
        if wanted <= 0:
            return 0
        chunk = self._position // CHUNK
        if not self._holds(chunk):
            needed = -(-(self._position % CHUNK + wanted) // CHUNK)
            self._load(chunk, min(needed, BATCH_CHUNKS))
        offset = self._position - self._open_first * CHUNK
        piece = memoryview(self._open)[offset : offset + wanted]
        target[: len(piece)] = piece
        self._position += len(piece)
        return len(piece)

    def read_range(self, offset: int, length: int) -> bytes:
        """`length` bytes from `offset`, fewer at the end."""
        self.seek(offset)
        pieces = []
        while length > 0 and (piece := self.read(length)):
            pieces.append(piece)
            length -= len(piece)
        return b"".join(pieces)

    def close(self) -> None:
        """Close this and the payload's source."""
        if not self.closed:
            self._source.close()
        super().close()

    def _holds(self, chunk: int) -> bool:
        return self._open_first >= 0 and 0 <= chunk - self._open_first < -(-len(self._open) // CHUNK)

    def _load(self, first: int, count: int) -> None:
        count = min(count, self._last + 1 - first)
        final = first + count == self._last + 1
        length = min(count * CHUNK, self.size - first * CHUNK) + count * (SEALED_CHUNK - CHUNK)
        self._source.seek(self._start + first * SEALED_CHUNK)
        sealed = read_exactly(self._source, length)
        if len(sealed) != length:
            raise SealPayloadError("The sealed data became shorter while it was read.")
        plain = bytearray(length - count * (SEALED_CHUNK - CHUNK))
        self._cipher.open(memoryview(sealed), memoryview(plain), first=first, final=final)
        self._open, self._open_first = plain, first
