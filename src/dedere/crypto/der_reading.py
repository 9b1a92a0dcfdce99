"""Read ASN.1 in DER (ITU-T X.690), strictly: definite and shortest lengths, nothing left over, one step at a time.

Never descends by itself, so that nesting in the input costs nothing. Slices keep the bytes as they came, which is what
signatures are verified over.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

INTEGER = 0x02
BIT_STRING = 0x03
OCTETS = 0x04
NULL = 0x05
IDENTIFIER = 0x06
UTC_TIME = 0x17
GENERALIZED_TIME = 0x18
SEQUENCE = 0x30
SET = 0x31
_CONSTRUCTED = 0x20
_HIGH_TAG = 0x1F
_LONG_FORM = 0x80
_LONGEST_LENGTH = 4
_UTC = re.compile(rb"[0-9]{12}Z")
_GENERALIZED = re.compile(rb"([0-9]{14})(?:\.([0-9]{0,8}[1-9]))?Z")


class DerError(Exception):
    """Not the DER that was expected; becomes a SignatureError before it leaves this package."""


@dataclass(frozen=True, slots=True)
class Element:
    """One value: its tag, its content, and all its bytes as they came."""

    tag: int
    content: bytes
    whole: bytes

    def expect(self, *tags: int) -> Element:
        """This element, if it has one of `tags`."""
        if self.tag not in tags:
            raise DerError(f"tag {self.tag:#x} where another was expected")
        return self

    def children(self, *tags: int) -> Reader:
        """A reader over what stands inside, if this element has one of `tags`, by default SEQUENCE."""
        self.expect(*(tags or (SEQUENCE,)))
        return Reader(self.content)

    def only_child(self) -> Element:
        """The one element inside an explicit tag."""
        if not self.tag & _CONSTRUCTED:
            raise DerError("nothing can stand inside")
        return read_one(self.content)

    def integer(self) -> int:
        """The value of an INTEGER, not negative."""
        content = self.expect(INTEGER).content
        shortest = content[:1] != b"\x00" or len(content) == 1 or content[1] & 0x80
        if not content or content[0] & 0x80 or not shortest:
            raise DerError("an integer that is negative or not in its shortest form")
        return int.from_bytes(content, "big")

    def octets(self) -> bytes:
        """The value of an OCTET STRING."""
        return self.expect(OCTETS).content

    def identifier(self) -> str:
        """The value of an OBJECT IDENTIFIER, dotted."""
        content = self.expect(IDENTIFIER).content
        if not content or content[-1] & 0x80:
            raise DerError("an object identifier that does not end")
        numbers, value = [], 0
        for octet in content:
            if value == 0 and octet == 0x80:  # noqa: PLR2004 - a leading zero digit
                raise DerError("an object identifier that is not in its shortest form")
            value = value << 7 | octet & 0x7F
            if not octet & 0x80:
                numbers.append(value)
                value = 0
        first = min(numbers[0] // 40, 2)
        return ".".join(map(str, (first, numbers[0] - 40 * first, *numbers[1:])))

    def time(self) -> dt.datetime:
        """The value of a UTCTime or GeneralizedTime, in UTC."""
        self.expect(UTC_TIME, GENERALIZED_TIME)
        if self.tag == UTC_TIME:
            if not _UTC.fullmatch(self.content):
                raise DerError("a time in another form")
            century = b"20" if self.content < b"50" else b"19"
            return _moment(century + self.content[:-1], b"")
        parts = _GENERALIZED.fullmatch(self.content)
        if not parts:
            raise DerError("a time in another form")
        return _moment(parts[1], parts[2] or b"")


class Reader:
    """Elements one after another; remembers where it is."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._place = 0

    def next(self, *tags: int) -> Element:
        """The next element, if it has one of `tags` (any without)."""
        element, self._place = _read(self._data, self._place)
        return element.expect(*tags) if tags else element

    def optional(self, *tags: int) -> Element | None:
        """The next element if there is one with one of `tags`; otherwise nothing is consumed."""
        if self._place < len(self._data) and self._data[self._place] in tags:
            return self.next()
        return None

    def rest(self) -> Iterator[Element]:
        """All that remain."""
        while self._place < len(self._data):
            yield self.next()

    def end(self) -> None:
        """Return only if nothing remains."""
        if self._place != len(self._data):
            raise DerError("something stands where nothing was expected")


def read_one(data: bytes) -> Element:
    """The one element that is exactly `data`.

    Raises:
        DerError: it is not DER, or something follows.
    """
    element, end = _read(data, 0)
    if end != len(data):
        raise DerError("something follows the end")
    return element


def issuer_and_serial(certificate: bytes) -> tuple[bytes, bytes]:
    """Issuer and serial number, a positive one, as they stand in a certificate, both DER (RFC 5280, 4.1)."""
    body = read_one(certificate).children().next().children()
    body.optional(0xA0)
    serial = body.next(INTEGER)
    if not serial.integer():
        raise DerError("a serial number that is zero")
    body.next(SEQUENCE)
    return body.next(SEQUENCE).whole, serial.whole


def _read(data: bytes, start: int) -> tuple[Element, int]:
    if len(data) - start < 2:  # noqa: PLR2004 - tag and length
        raise DerError("the data ends early")
    tag, length = data[start], data[start + 1]
    place = start + 2
    if tag & _HIGH_TAG == _HIGH_TAG:
        raise DerError("a tag in long form")
    if length >= _LONG_FORM:
        count = length & 0x7F
        encoded = data[place : place + count]
        length = int.from_bytes(encoded, "big")
        shortest = encoded[:1] != b"\x00" and length >= _LONG_FORM
        if not 0 < count <= _LONGEST_LENGTH or len(encoded) != count or not shortest:
            raise DerError("a length that is indefinite, cut or not in its shortest form")
        place += count
    end = place + length
    if end > len(data):
        raise DerError("the data ends early")
    return Element(tag, data[place:end], data[start:end]), end


def _moment(digits: bytes, fraction: bytes) -> dt.datetime:
    text = digits.decode("ascii")
    numbers = (text[:4], text[4:6], text[6:8], text[8:10], text[10:12], text[12:14])
    year, month, day, hour, minute, second = map(int, numbers)
    try:
        return dt.datetime(year, month, day, hour, minute, second, int(fraction[:6].ljust(6, b"0")), tzinfo=dt.UTC)
    except ValueError as error:
        raise DerError("no such time") from error
