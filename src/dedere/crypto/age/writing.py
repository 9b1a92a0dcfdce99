"""Seal a stream of any size in constant memory, with both digests, beside the cipher."""

from __future__ import annotations

import hashlib
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Self

from dedere.base.errors import DefectError
from dedere.crypto.age.payload import BATCH, BATCH_CHUNKS, CHUNK, NONCE, SEALED_CHUNK, TAG, PayloadCipher
from dedere.crypto.age.recipients import FILE_KEY_LENGTH
from dedere.crypto.age.sealing import seal_header
from dedere.crypto.digests import write_all

if TYPE_CHECKING:
    from collections.abc import Sequence

    from typing_extensions import Buffer

    from dedere.base.identifiers import Identifiers
    from dedere.crypto.age.recipients import Recipient
    from dedere.crypto.digests import Writable


class SealingWriter:
    """Seals what is written to it into `sink`: header first, unless `header_in_sink` is off, then the payload.

    Works in batches of 4 MiB. The SHA-256 of the plain bytes and of the payload are computed in two threads of
    their own, since hashing lets the interpreter go and the cipher does not. `write` has used its argument up
    when it returns. Close it with `finish`; leaving a `with` block without `finish` only ends the threads, and
    what stands in the sink then is not a complete file.
    """

    def __init__(
        self, sink: Writable, recipients: Sequence[Recipient], *, chance: Identifiers, header_in_sink: bool = True
    ) -> None:
        file_key = chance.random_bytes(FILE_KEY_LENGTH)
        nonce = chance.random_bytes(NONCE)
        self.header = seal_header(file_key, recipients, chance=chance)
        self.plain_size = 0
        self.payload_size = NONCE
        self._sink = sink
        self._cipher = PayloadCipher(file_key, nonce)
        self._pending = bytearray()
        self._chunks = 0
        self._finished = False
        self._plain_digest = hashlib.sha256()
        self._payload_digest = hashlib.sha256(nonce)
        self._threads: tuple[ThreadPoolExecutor, ThreadPoolExecutor] | None = None
        self._sealed = [bytearray(), bytearray()]
        self._hashing: Future[None] | None = None
        write_all(sink, self.header + nonce if header_in_sink else nonce)

    def write(self, data: Buffer, /) -> int:
        """Seal all of `data`; the number of bytes."""
        if self._finished:
            raise DefectError("Nothing can be sealed after the end.")
        view = memoryview(data).cast("B")
        rest = view
        while len(self._pending) + len(rest) > BATCH:
            if self._pending:
                take = BATCH - len(self._pending)
                self._pending += rest[:take]
                self._batch(memoryview(self._pending))
                self._pending = bytearray()
                rest = rest[take:]
            else:
                self._batch(rest[:BATCH])
                rest = rest[BATCH:]
        self._pending += rest
        self.plain_size += len(view)
        return len(view)

    def finish(self) -> int:
        """Seal the end; the length of the header. Digests and sizes are complete from here on."""
        if self._finished:
            raise DefectError("The end was sealed before.")
        self._finished = True
        plain = memoryview(self._pending)
        sealed = bytearray(len(plain) + TAG * BATCH_CHUNKS)
        written = self._cipher.seal(plain, memoryview(sealed), first=self._chunks, final=True)
        self._settle()
        self._plain_digest.update(plain)
        self._payload_digest.update(memoryview(sealed)[:written])
        write_all(self._sink, memoryview(sealed)[:written])
        self.payload_size += written
        self._end_threads()
        return len(self.header)

    @property
    def plain_sha256(self) -> str:
        """SHA-256 of what was written, after `finish`."""
        return self._after_end(self._plain_digest.hexdigest())

    @property
    def payload_sha256(self) -> str:
        """SHA-256 of the payload, after `finish`."""
        return self._after_end(self._payload_digest.hexdigest())

    @property
    def sealed_size(self) -> int:
        """Bytes of header and payload together."""
        return len(self.header) + self.payload_size

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end_threads()

    def _batch(self, plain: memoryview) -> None:
        """Seal one full batch; plain bytes are hashed before this returns, sealed ones before the next batch is."""
        if self._threads is None:
            self._threads = (ThreadPoolExecutor(1, "plain-digest"), ThreadPoolExecutor(1, "payload-digest"))
            self._sealed = [bytearray(BATCH_CHUNKS * SEALED_CHUNK) for _ in range(2)]
        plain_thread, payload_thread = self._threads
        hashing_plain = plain_thread.submit(self._plain_digest.update, plain)
        sealed = memoryview(self._sealed[self._chunks // BATCH_CHUNKS % 2])
        written = self._cipher.seal(plain, sealed, first=self._chunks, final=False)
        self._settle()
        self._hashing = payload_thread.submit(self._payload_digest.update, sealed)
        self._chunks += len(plain) // CHUNK
        self.payload_size += written
        try:
            write_all(self._sink, sealed)
        finally:
            hashing_plain.result()

    def _settle(self) -> None:
        if self._hashing is not None:
            self._hashing.result()
            self._hashing = None

    def _end_threads(self) -> None:
        if self._threads is not None:
            for thread in self._threads:
                thread.shutdown()
            self._threads = None

    def _after_end(self, digest: str) -> str:
        if not self._finished:
            raise DefectError("The digest is complete only after the end was sealed.")
        return digest
