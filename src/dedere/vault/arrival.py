"""Parts that arrive sealed: received in pieces over any number of connections, verified whole, taken over as is.

A part is received into two files, so that taking it over is a rename however large it is:

    <folder>/<name>.header      the age header, complete and synced before the first payload byte is written
    <folder>/<name>.payload     what follows it

The offset of an interrupted upload is the sum of both lengths. Nothing is believed of a part before `ingest_arrival`
has compared the sealed size, the digests of the sealed whole and of the payload, and, by opening it once in passing,
the size and digest of the plain bytes with what its letter announced.
"""

from __future__ import annotations

import hashlib
import io
import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, BinaryIO, cast

from dedere.base.errors import InputError
from dedere.crypto.age import SealedReader, read_header, rewrap_header, split_sealed
from dedere.crypto.age.header import header_length
from dedere.crypto.errors import SealPayloadError
from dedere.vault.errors import PartDiffersError
from dedere.vault.files import facility, sync_folder
from dedere.vault.ingest import StoredObject
from dedere.vault.pipeline import Stage
from dedere.vault.port import PIECE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from dedere.base.identifiers import Identifiers
    from dedere.crypto.age import Identity, Recipient
    from dedere.vault.port import ObjectStore


@dataclass(frozen=True, slots=True)
class Announced:
    """What the letter says of a part; sizes in bytes, digests SHA-256 in hexadecimal."""

    size: int
    sha256: str
    sealed_size: int
    sealed_sha256: str
    payload_sha256: str


@dataclass(frozen=True, slots=True)
class Opening:
    """With what an arrived part is opened, and to whom its header is wrapped when it is kept; to none: as it came."""

    identities: Sequence[Identity]
    recipients: Sequence[Recipient]
    chance: Identifiers


class Arrival:
    """A part being received under `name` in `folder`; made anew or continued after an interruption.

    One writer at a time: the caller sees to that.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self.header_path = folder / f"{name}.header"
        self.payload_path = folder / f"{name}.payload"

    @property
    def offset(self) -> int:
        """How many bytes of the sealed whole are here."""
        with facility("measuring an upload"):
            return sum(path.stat().st_size for path in (self.header_path, self.payload_path) if path.exists())

    def append(self, pieces: Iterable[bytes]) -> int:
        """Append what `pieces` gives and sync it, also when `pieces` breaks off by raising; the new offset.

        Raises:
            SealHeaderError: what arrived so far does not begin as a sealed part.
            StoreFullError, StoreError: the disk failed.
        """
        with facility("receiving a part"):
            begun = bytearray(self._header_so_far())
            header, payload = self.header_path.open("ab", buffering=0), self.payload_path.open("ab", buffering=0)
        with header, payload:
            try:
                for piece in pieces:
                    with facility("receiving a part"):
                        _write_all(payload, self._append_header(header, begun, piece=piece))
            finally:
                with facility("receiving a part"):
                    os.fsync(payload.fileno())
        return self.offset

    def rewind(self, offset: int) -> None:
        """Forget, durably, what arrived after `offset`: a piece that turned out wrong is taken back.

        Raises:
            InputError: that much has not arrived.
        """
        with facility("rewinding an upload"):
            beyond = self.offset - offset
            if offset < 0 or beyond < 0:
                raise InputError("An upload is taken back to an offset it has reached.")
            for path in (self.payload_path, self.header_path):
                size = path.stat().st_size if path.exists() else 0
                if size and beyond:
                    with path.open("r+b") as file:
                        file.truncate(max(0, size - beyond))
                        os.fsync(file.fileno())
                    beyond -= min(size, beyond)

    def read_header(self) -> bytes:
        """The whole header.

        Raises:
            SealHeaderError: it has not arrived whole.
        """
        with facility("reading an upload"):
            return split_sealed(self._header_so_far())[0]

    def open_payload(self) -> BinaryIO:
        """What arrived of the payload."""
        with facility("reading an upload"):
            return self.payload_path.open("rb", buffering=0)

    def discard(self) -> None:
        """Remove what arrived."""
        with facility("discarding an upload"):
            self.header_path.unlink(missing_ok=True)
            self.payload_path.unlink(missing_ok=True)

    def _header_so_far(self) -> bytes:
        return self.header_path.read_bytes() if self.header_path.exists() else b""

    def _append_header(self, file: io.FileIO, begun: bytearray, *, piece: bytes) -> memoryview:
        """Write what of `piece` belongs to the header; what is left of it is payload."""
        if begun and header_length(begun):
            return memoryview(piece)
        before = len(begun)
        begun += piece
        end = header_length(begun) or len(begun)
        _write_all(file, memoryview(begun[before:end]))
        if end == header_length(begun):
            os.fsync(file.fileno())
            sync_folder(self._folder)
        del begun[end:]
        return memoryview(piece)[end - before :]


def _write_all(file: io.FileIO, piece: memoryview) -> None:
    written = 0
    while written < len(piece):
        written += file.write(piece[written:])


def ingest_arrival(
    arrival: Arrival,
    announced: Announced,
    *,
    store: ObjectStore,
    opening: Opening,
    progress: Callable[[int], None] | None = None,
) -> StoredObject:
    """Verify an arrived part against what was announced and take it over; the arrival is gone afterwards.

    The same part again is no error: the object is held once. `progress` is told the payload bytes verified so far.

    Raises:
        SealError: it is not a sealed part, its header is not whole, or it is not sealed to us.
        PartDiffersError: it is not what was announced; the sentence says in what. Nothing is kept, the arrival stays.
        StoreFullError, StoreError: the store failed; the arrival stays.
    """
    header = arrival.read_header()
    with arrival.open_payload() as payload:
        part = _SealedPart(header, payload, payload_size=arrival.offset - len(header))
        stored = _verify(part, announced, opening=opening, also=None, progress=progress)
    kept = _header_to_keep(header, opening)
    store.adopt(arrival.payload_path, stored.id, header=kept)
    arrival.discard()
    return _with_header(stored, kept)


def ingest_sealed(
    source: BinaryIO,
    announced: Announced,
    *,
    store: ObjectStore,
    opening: Opening,
    progress: Callable[[int], None] | None = None,
) -> StoredObject:
    """Verify a sealed part that is one seekable file and copy it into the store, in one pass.

    Raises:
        SealError, PartDiffersError, StoreError: as for `ingest_arrival`; nothing is kept then.
    """
    header, _ = read_header(source)
    size = source.seek(0, io.SEEK_END)
    part = _SealedPart(header, source, payload_size=size - len(header), offset=len(header))
    pending = store.begin()
    try:
        stored = _verify(part, announced, opening=opening, also=pending.write, progress=progress)
        kept = _header_to_keep(header, opening)
        pending.commit(stored.id, kept)
    finally:
        pending.abandon()
    return _with_header(stored, kept)


@dataclass(frozen=True, slots=True)
class _SealedPart:
    header: bytes
    source: BinaryIO
    payload_size: int
    offset: int = 0


def _verify(
    part: _SealedPart,
    announced: Announced,
    *,
    opening: Opening,
    also: Callable[[bytes], object] | None,
    progress: Callable[[int], None] | None,
) -> StoredObject:
    sealed_size = len(part.header) + part.payload_size
    if sealed_size != announced.sealed_size:
        raise PartDiffersError(
            f"The part has {sealed_size} sealed bytes; its letter announced {announced.sealed_size}."
        )
    sealed, payload, plain = hashlib.sha256(part.header), hashlib.sha256(), hashlib.sha256()

    def payload_passes(piece: bytes) -> None:
        payload.update(piece)
        if also is not None:
            also(piece)

    with Stage(sealed.update) as sealed_stage, Stage(payload_passes) as payload_stage:
        witness = _Witness(part, (sealed_stage, payload_stage), progress)
        size = _open_through(witness, part.header, opening=opening, consume=plain.update)
        sealed_stage.finish()
        payload_stage.finish()
    _require("sealed file", sealed.hexdigest(), announced.sealed_sha256)
    _require("payload", payload.hexdigest(), announced.payload_sha256)
    _require("content", plain.hexdigest(), announced.sha256)
    if size != announced.size:
        raise PartDiffersError(f"The part holds {size} bytes; its letter announced {announced.size}.")
    return StoredObject(payload.hexdigest(), size, plain.hexdigest(), part.payload_size, sealed_size)


def _open_through(witness: _Witness, header: bytes, *, opening: Opening, consume: Callable[[bytes], object]) -> int:
    size = 0
    try:
        # The reader calls these two methods only.
        reader = SealedReader(header, cast("BinaryIO", witness), opening.identities)
        while piece := reader.read(PIECE):
            consume(piece)
            size += len(piece)
    except SealPayloadError as error:
        raise PartDiffersError("The part was altered on its way: its sealed content does not open.") from error
    return size


def _require(what: str, found: str, announced: str) -> None:
    if found != announced:
        raise PartDiffersError(
            f"The part's {what} has another SHA-256 ({found[:16]}…) than announced ({announced[:16]}…)."
        )


def _header_to_keep(header: bytes, opening: Opening) -> bytes:
    if not opening.recipients:
        return header
    return rewrap_header(header, opening.identities, opening.recipients, chance=opening.chance)


def _with_header(stored: StoredObject, header: bytes) -> StoredObject:
    return replace(stored, sealed_size=len(header) + stored.payload_size)


class _Witness:
    """A payload that is handed, each byte once and in order, to the stages while somebody reads it in any order.

    Whoever opens a sealed file to its end has read all of it: what is not read is not handed on, and digests differ.
    """

    def __init__(self, part: _SealedPart, stages: Sequence[Stage], progress: Callable[[int], None] | None) -> None:
        self._part = part
        self._stages = stages
        self._progress = progress
        self._position = 0
        self._seen = 0

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Move in the payload."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._part.payload_size}[whence]
        self._position = start + offset
        return self._position

    def read(self, count: int, /) -> bytes:
        """Payload bytes, handed on when they are the next unseen ones."""
        self._part.source.seek(self._part.offset + self._position)
        piece = self._part.source.read(count)
        start, self._position = self._position, self._position + len(piece)
        if start <= self._seen < self._position:
            fresh = piece[self._seen - start :]
            for stage in self._stages:
                stage.write(fresh)
            self._seen = self._position
            if self._progress is not None:
                self._progress(self._seen)
        return piece
