"""A clamd in a thread that speaks INSTREAM as clamd(8) describes it: the test's own, with two signatures."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-" + b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@dataclass
class Clamd:
    """What the fake does and what it saw. `most` is its StreamMaxLength; `answer` replaces what it would say."""

    address: str = ""
    most: int = 1 << 40
    answer: bytes | None = None
    streams: list[bytes] = field(default_factory=list)

    def serve(self, line: socket.socket) -> None:
        """One connection: `zINSTREAM\\0`, chunks with their length in network byte order, an empty one at the end."""
        command = _exactly(line, len(b"zINSTREAM\0"))
        if command != b"zINSTREAM\0":
            line.sendall(b"UNKNOWN COMMAND\0")
            return
        stream = bytearray()
        while length := struct.unpack("!I", _exactly(line, 4))[0]:
            if len(stream) + length > self.most:
                line.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
            stream += _exactly(line, length)
        self.streams.append(bytes(stream))
        found = b"stream: Eicar-Test-Signature FOUND\0" if EICAR in stream else b"stream: OK\0"
        line.sendall(found if self.answer is None else self.answer)


@contextlib.contextmanager
def clamd(folder: Path | None = None, *, most: int = 1 << 40, answer: bytes | None = None) -> Iterator[Clamd]:
    """A clamd at a socket in `folder`, or at a port of loopback."""
    fake = Clamd(most=most, answer=answer)
    with socket.socket(socket.AF_UNIX if folder else socket.AF_INET, socket.SOCK_STREAM) as door:
        if folder:
            door.bind(str(folder / "clamd.sock"))
            fake.address = f"unix:{folder / 'clamd.sock'}"
        else:
            door.bind(("127.0.0.1", 0))
            fake.address = f"tcp:127.0.0.1:{door.getsockname()[1]}"
        door.listen()
        door.settimeout(0.2)
        over = threading.Event()
        thread = threading.Thread(target=_accept, args=(door, fake, over), daemon=True)
        thread.start()
        try:
            yield fake
        finally:
            over.set()
            thread.join(5)


def _accept(door: socket.socket, fake: Clamd, over: threading.Event) -> None:
    while not over.is_set():
        with contextlib.suppress(TimeoutError):
            line, _ = door.accept()
            with line, contextlib.suppress(OSError, EOFError):
                line.settimeout(5)
                fake.serve(line)


def _exactly(line: socket.socket, count: int) -> bytes:
    found = bytearray()
    while len(found) < count:
        more = line.recv(count - len(found))
        if not more:
            raise EOFError
        found += more
    return bytes(found)
