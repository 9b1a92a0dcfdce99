"""A temporary file that only this process can read: sealed to a key that lives in memory and nowhere else."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING, BinaryIO, cast

from dedere.crypto.age import SealedReader, SealingWriter, X25519Identity

if TYPE_CHECKING:
    from typing_extensions import Buffer

    from dedere.base.identifiers import Identifiers


class Scratch:
    """Written once, then read. It has no name on the disk; when it is closed or the process ends, nobody opens it."""

    def __init__(self, chance: Identifiers) -> None:
        self._identity = X25519Identity.generate(chance)
        # Closed with the reader, or by `discard`.
        self._file: BinaryIO = cast("BinaryIO", tempfile.TemporaryFile(prefix="scratch-"))  # noqa: SIM115
        self._writer = SealingWriter(self._file, [self._identity.recipient], chance=chance, header_in_sink=False)

    def write(self, piece: Buffer, /) -> int:
        """Append; the number of bytes."""
        return self._writer.write(piece)

    def finish(self) -> SealedReader:
        """What was written, seekable. Closing it lets go of the file."""
        with self._writer:
            self._writer.finish()
        return SealedReader(self._writer.header, self._file, [self._identity])

    def discard(self) -> None:
        """Let go of what was written."""
        with self._writer:
            self._file.close()
