"""A store in memory: for tests and the simulator. It behaves as the file store does and keeps nothing."""

from __future__ import annotations

import io
import threading
from typing import TYPE_CHECKING, BinaryIO

from dedere.base.errors import DefectError
from dedere.vault.port import Presence, require_object_id, unknown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from typing_extensions import Buffer


class MemoryStore:
    """An `ObjectStore` in two dictionaries, which tests may alter to imitate damage."""

    def __init__(self) -> None:
        self.headers: dict[str, bytes] = {}
        self.payloads: dict[str, bytes] = {}
        self._lock = threading.Lock()

    def begin(self) -> MemoryPending:
        """Begin an object."""
        return MemoryPending(self)

    def adopt(self, payload: Path, object_id: str, *, header: bytes) -> bool:
        """Take over a payload file."""
        pending = self.begin()
        pending.write(payload.read_bytes())
        fresh = pending.commit(object_id, header)
        payload.unlink()
        return fresh

    def put(self, object_id: str, *, header: bytes, payload: bytes) -> bool:
        """Store both halves at once; False when the object was held."""
        require_object_id(object_id)
        with self._lock:
            if self.holds(object_id):
                return False
            self.headers[object_id] = header
            self.payloads[object_id] = payload
            return True

    def holds(self, object_id: str) -> bool:
        """Whether the whole object is there."""
        return require_object_id(object_id) in self.headers and object_id in self.payloads

    def read_header(self, object_id: str) -> bytes:
        """The header."""
        if object_id not in self.headers:
            raise unknown(object_id)
        return self.headers[object_id]

    def replace_header(self, object_id: str, header: bytes) -> None:
        """Put another header in its place."""
        with self._lock:
            if object_id not in self.headers:
                raise unknown(object_id)
            self.headers[object_id] = header

    def open_payload(self, object_id: str) -> BinaryIO:
        """The payload, seekable."""
        if object_id not in self.payloads:
            raise unknown(object_id)
        return io.BytesIO(self.payloads[object_id])

    def payload_size(self, object_id: str) -> int:
        """The payload's length in bytes."""
        if object_id not in self.payloads:
            raise unknown(object_id)
        return len(self.payloads[object_id])

    def survey(self) -> Iterator[Presence]:
        """Everything that is there."""
        for object_id in sorted(self.headers.keys() | self.payloads.keys()):
            yield Presence(object_id, header=object_id in self.headers, payload=object_id in self.payloads)

    def destroy(self, object_id: str) -> None:
        """Destroy both halves."""
        with self._lock:
            header = self.headers.pop(object_id, None)
            payload = self.payloads.pop(object_id, None)
        if header is None and payload is None:
            raise unknown(object_id)

    def sweep(self) -> int:
        """Nothing outlives a crash in memory."""
        return 0


class MemoryPending:
    """An object being written in memory."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self._payload: bytearray | None = bytearray()

    def write(self, piece: Buffer, /) -> int:
        """Append payload bytes."""
        if self._payload is None:
            raise DefectError("An object that was committed or abandoned takes no more bytes.")
        before = len(self._payload)
        self._payload += piece
        return len(self._payload) - before

    def commit(self, object_id: str, header: bytes) -> bool:
        """Make the object exist."""
        if self._payload is None:
            raise DefectError("An object is committed once.")
        payload, self._payload = bytes(self._payload), None
        return self._store.put(object_id, header=header, payload=payload)

    def abandon(self) -> None:
        """Leave nothing behind."""
        self._payload = None
