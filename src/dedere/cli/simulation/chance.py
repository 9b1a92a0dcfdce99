"""Chance for the simulator: one small stream for every purpose, all from one seed. Never for a node."""

from __future__ import annotations

import hashlib

_BLOCK = 64


class Stream:
    """An endless stream of bytes that follows from its name; a source of identifiers."""

    def __init__(self, name: str) -> None:
        self._name = name.encode()
        self._block = 0
        self._left = b""

    def random_bytes(self, count: int) -> bytes:
        """The next `count` bytes."""
        while len(self._left) < count:
            self._block += 1
            self._left += hashlib.blake2b(self._name + self._block.to_bytes(8, "big"), digest_size=_BLOCK).digest()
        taken, self._left = self._left[:count], self._left[count:]
        return taken

    def below(self, sides: int) -> int:
        """A number from 0 to `sides` - 1."""
        return int.from_bytes(self.random_bytes(6), "big") % sides

    def new(self) -> str:
        """The next identifier: 26 characters."""
        return self.random_bytes(13).hex()


def throw(*names: object, sides: int) -> int:
    """A number from 0 to `sides` - 1 that follows from the names alone."""
    name = "/".join(map(str, names))
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=6).digest(), "big") % sides
