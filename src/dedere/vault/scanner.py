"""Asking a malware scanner: clamd's INSTREAM command over a socket, as its manual page clamd(8) describes it.

The opened bytes go to the scanner piece by piece and nowhere else. Whatever it answers is a remark about the item; what
it cannot scan is said to be not scanned, never to be clean.
"""

from __future__ import annotations

import contextlib
import enum
import socket
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.base.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedere.crypto.digests import Readable

PIECE = 1024 * 1024
"""Bytes sent in one chunk."""

_REPLY_LIMIT = 4096
_TIMEOUT = 60.0
_PORTS = range(1, 65536)


class ScanVerdict(enum.StrEnum):
    """What came of a scan. UNAVAILABLE: nobody answered; it is worth asking again."""

    CLEAN = "clean"
    FOUND = "found"
    NOT_SCANNED = "not-scanned"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class ScanResult:
    """A verdict, and what the scanner called it or why it did not scan."""

    verdict: ScanVerdict
    text: str = ""


@dataclass(frozen=True, slots=True)
class Scanner:
    """A clamd: `place` is the path of its socket, or host and port."""

    place: str | tuple[str, int]
    timeout: float = _TIMEOUT

    @classmethod
    def at(cls, address: str) -> Scanner:
        """The scanner at `unix:/path/of/socket` or `tcp:host:port`.

        Raises:
            InputError: the address is neither.
        """
        kind, _, rest = address.partition(":")
        host, _, port = rest.rpartition(":")
        if kind == "unix" and rest.startswith("/"):
            return cls(rest)
        if kind == "tcp" and host and port.isascii() and port.isdigit() and int(port) in _PORTS:
            return cls((host.strip("[]"), int(port)))
        raise InputError("A malware scanner's address is written unix:/path/of/socket or tcp:host:port.")

    @property
    def name(self) -> str:
        """What to call the scanner in a record."""
        return "clamd"

    def scan(self, source: Readable) -> ScanResult:
        """Stream `source` to the scanner, to its end or until the scanner has heard enough.

        Errors of the source are not caught: a damaged item is no result of a scan.
        """
        try:
            with self._connected() as line:
                line.sendall(b"zINSTREAM\0")
                # A scanner that stops listening (its limit, a restart) may have answered: its reply is read anyway.
                whole = _send(line, source)
                reply = _receive(line)
        except OSError as error:
            return ScanResult(ScanVerdict.UNAVAILABLE, f"{type(error).__name__}.")
        return _judge(reply, whole=whole)

    @contextlib.contextmanager
    def _connected(self) -> Iterator[socket.socket]:
        family = socket.AF_UNIX if isinstance(self.place, str) else socket.AF_INET
        if isinstance(self.place, tuple) and ":" in self.place[0]:
            family = socket.AF_INET6
        with socket.socket(family, socket.SOCK_STREAM) as line:
            line.settimeout(self.timeout)
            line.connect(self.place)
            yield line


def _send(line: socket.socket, source: Readable) -> bool:
    """Send everything; whether the scanner listened to the end."""
    while True:
        piece = source.read(PIECE)
        try:
            line.sendall(struct.pack("!I", len(piece)) + piece)
        except (BrokenPipeError, ConnectionResetError):
            return False
        if not piece:
            return True


def _receive(line: socket.socket) -> str:
    reply = bytearray()
    with contextlib.suppress(ConnectionResetError):
        while b"\0" not in reply and len(reply) < _REPLY_LIMIT and (more := line.recv(_REPLY_LIMIT)):
            reply += more
    text = bytes(reply).partition(b"\0")[0].decode(errors="replace")
    return "".join(each for each in text if each.isprintable()).strip()


def _judge(reply: str, *, whole: bool) -> ScanResult:
    text = reply.removeprefix("stream: ")
    if not reply:
        return ScanResult(ScanVerdict.UNAVAILABLE, "No reply.")
    if text.endswith(" FOUND"):
        return ScanResult(ScanVerdict.FOUND, text.removesuffix(" FOUND"))
    if text == "OK" and whole:
        return ScanResult(ScanVerdict.CLEAN)
    return ScanResult(ScanVerdict.NOT_SCANNED, text.removesuffix(" ERROR") or "The scanner gave no verdict.")
