"""Identifiers and chance as an input: random, opaque, without meaning, safe in URLs and file names."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets  # noqa: TID251 - the one place
from typing import Protocol

from dedere.base.errors import InputError

_SHAPE = re.compile(r"[a-z2-7]{26}")


class Identifiers(Protocol):
    """A source of chance."""

    def new(self) -> str:
        """A fresh identifier: 26 characters of lower-case base32, 128 bits and more of chance."""
        ...

    def random_bytes(self, count: int) -> bytes:
        """`count` unpredictable bytes."""
        ...


class RandomIdentifiers:
    """The operating system's chance."""

    def new(self) -> str:
        """A fresh identifier."""
        return _encode(self.random_bytes(17))

    def random_bytes(self, count: int) -> bytes:
        """`count` unpredictable bytes."""
        return secrets.token_bytes(count)


class SeededIdentifiers:
    """The same sequence for the same seed: for tests and the simulator, never for a node."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._drawn = 0

    def new(self) -> str:
        """The next identifier of the sequence."""
        return _encode(self.random_bytes(17))

    def random_bytes(self, count: int) -> bytes:
        """The next `count` bytes of the sequence."""
        self._drawn += 1
        return hashlib.shake_256(f"{self._seed}/{self._drawn}".encode()).digest(count)


def require_identifier(text: str) -> str:
    """`text` if it has the shape of an identifier.

    Raises:
        InputError: it has not.
    """
    if not _SHAPE.fullmatch(text):
        raise InputError("An identifier has 26 characters, a to z and 2 to 7.")
    return text


def _encode(chance: bytes) -> str:
    return base64.b32encode(chance).decode("ascii").lower()[:26]
