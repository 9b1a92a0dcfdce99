"""How many bytes of a part go at once: more while it goes well, fewer after each break: bad lines advance too."""

from __future__ import annotations

_FIRST = 8 * 1024 * 1024
_LEAST = 256 * 1024
_MOST = 16 * 1024 * 1024  # a piece is in memory whole, twice while it is answered; a door takes more


class PieceSize:
    """The size of the next piece in bytes, between 256 KiB and 16 MiB (P-165)."""

    def __init__(self) -> None:
        self.bytes = _FIRST

    def grow(self) -> None:
        """A piece arrived: the next may be twice as large."""
        self.bytes = min(self.bytes * 2, _MOST)

    def shrink(self) -> None:
        """The line broke within a piece: the next is a quarter."""
        self.bytes = max(self.bytes // 4, _LEAST)
