"""Several files as one zip, written while it is sent: memory stays bounded, nothing is put on disk."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_PIECE = 4 * 1024 * 1024


class _Outlet:
    """What zipfile writes to: keeps the pieces until they are taken. It cannot seek, so zipfile does not try."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def taken(self) -> bytes:
        pieces, self._pieces = b"".join(self._pieces), []
        return pieces


def zipped(files: Iterable[tuple[str, Path]]) -> Iterator[bytes]:
    """The bytes of a zip (stored, 64-bit sizes) of the files under their names, piece by piece."""
    outlet = _Outlet()
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_STORED) as archive:  # type: ignore[call-overload] # it only writes
        for name, path in files:
            with path.open("rb") as source, archive.open(name, "w", force_zip64=True) as entry:
                while piece := source.read(_PIECE):
                    entry.write(piece)
                    yield outlet.taken()
    yield outlet.taken()
