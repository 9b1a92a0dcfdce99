"""The evidence of the demonstration: a file of any size, made by a program, the same bytes every time."""

from __future__ import annotations

import hashlib
from pathlib import Path

PIECE = 4 * 1024 * 1024


def make_evidence(path: Path, size: int) -> Path:
    """Write `size` bytes that no compression shrinks, in constant memory; they say at their beginning what they are."""
    path.parent.mkdir(parents=True, exist_ok=True)
    head = b"Fictional survey data, made by a program for a demonstration.\n"
    with path.open("wb") as file:
        written = file.write(head[:size])
        number = 0
        while written < size:
            piece = hashlib.shake_128(f"dedere demonstration {number}".encode()).digest(min(PIECE, size - written))
            written += file.write(piece)
            number += 1
    return path
