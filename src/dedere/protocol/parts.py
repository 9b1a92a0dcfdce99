"""Parts on their way in: which piece is taken next, and when a part is whole and true. No input or output.

Requirements P-140 to P-146. A part is announced by its letter and by nothing else: identifier, sealed size and digests
stand in what the sender signed. Pieces append at exactly the offset that is here; the whole counts only when all
digests match; a part that is whole and wrong is forgotten and starts again.
"""

from __future__ import annotations

from dataclasses import dataclass

from dedere.protocol.errors import PartRefusedError
from dedere.protocol.letter import Part

MAX_PIECE_BYTES = 64 * 1024 * 1024
"""The largest piece a door takes at once (P-143)."""


@dataclass(frozen=True, slots=True)
class ExpectedPart:
    """A part that a letter announced, and how many of its sealed bytes are here."""

    letter: str
    part: Part
    offset: int = 0

    @property
    def remaining(self) -> int:
        """Sealed bytes still to come."""
        return self.part.sealed_size - self.offset

    def require_piece(self, *, offset: int, length: int) -> None:
        """Nothing, if a piece of `length` bytes at `offset` is the next one (P-141, P-142).

        Raises:
            PartRefusedError: another offset (`part-offset`), nothing or more than announced (`part-length`).
        """
        if offset != self.offset:
            raise PartRefusedError("The part continues at another offset.", code="part-offset")
        if not 0 < length <= self.remaining:
            raise PartRefusedError("The piece is empty or longer than the part.", code="part-length")

    def require_whole(self, *, sealed_size: int, sealed_sha256: str, payload_sha256: str) -> None:
        """Nothing, if what is here is the announced part (P-144).

        Raises:
            PartRefusedError: it is not (`part-digest`, `part-length`).
        """
        if sealed_size != self.part.sealed_size:
            raise PartRefusedError("The part is longer or shorter than announced.", code="part-length")
        if (sealed_sha256, payload_sha256) != (self.part.sealed_sha256, self.part.payload_sha256):
            raise PartRefusedError("The part is not what the letter says.", code="part-digest")
