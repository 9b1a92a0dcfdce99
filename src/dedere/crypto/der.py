"""Write ASN.1 in DER (ITU-T X.690): the few types that signatures and time-stamps are made of. Reads nothing."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from dedere.base.clock import require_utc

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

NULL = b"\x05\x00"
_LONG_FORM = 0x80
_LAST_UTC_YEAR = 2049


def element(tag: int, content: bytes) -> bytes:
    """Tag, length, content."""
    length = len(content)
    if length < _LONG_FORM:
        return bytes((tag, length)) + content
    encoded = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((tag, _LONG_FORM | len(encoded))) + encoded + content


def sequence(*parts: bytes) -> bytes:
    """SEQUENCE of `parts`, already encoded."""
    return element(0x30, b"".join(parts))


def set_of(parts: Iterable[bytes], *, tag: int = 0x31) -> bytes:
    """SET OF `parts`, sorted as DER wants them; with `tag` where it is implicitly tagged."""
    return element(tag, b"".join(sorted(parts)))


def explicit(number: int, content: bytes) -> bytes:
    """`content` under the explicit context tag `number`."""
    return element(0xA0 | number, content)


def integer(value: int) -> bytes:
    """INTEGER, not negative."""
    return element(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def octets(value: bytes) -> bytes:
    """OCTET STRING."""
    return element(0x04, value)


def boolean_true() -> bytes:
    """BOOLEAN true; false is always a default and left out."""
    return b"\x01\x01\xff"


@functools.cache
def identifier(dotted: str) -> bytes:
    """OBJECT IDENTIFIER."""
    first, second, *rest = map(int, dotted.split("."))
    return element(0x06, b"".join(map(_base128, (first * 40 + second, *rest))))


def algorithm(dotted: str, *parameters: bytes) -> bytes:
    """AlgorithmIdentifier."""
    return sequence(identifier(dotted), *parameters)


def generalized_time(moment: dt.datetime) -> bytes:
    """GeneralizedTime in whole seconds UTC."""
    return element(0x18, require_utc(moment).strftime("%Y%m%d%H%M%SZ").encode("ascii"))


def time(moment: dt.datetime) -> bytes:
    """Time as CMS wants it (RFC 5652, 11.3): UTCTime up to 2049, GeneralizedTime from then on."""
    moment = require_utc(moment)
    if moment.year > _LAST_UTC_YEAR:
        return generalized_time(moment)
    return element(0x17, moment.strftime("%y%m%d%H%M%SZ").encode("ascii"))


def _base128(value: int) -> bytes:
    digits = [value & 0x7F]
    while value := value >> 7:
        digits.append(value & 0x7F | 0x80)
    return bytes(reversed(digits))
