"""A part pushed by our client to our door, beside a bare tus upload to the same server: bytes a second of each.

Both go over the same gunicorn, TLS 1.3 and loopback into a file. The bare upload has no signatures and no digests; ours
has both, on either side. Usage: part_transfer.py [MIB]
"""

from __future__ import annotations

import os
import resource
import ssl
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dedere.node.settings.testing")

import httpx2  # noqa: E402 - after the path is set

from dedere.base.clock import FixedClock  # noqa: E402
from dedere.base.identifiers import RandomIdentifiers  # noqa: E402
from dedere.protocol.card import key_id  # noqa: E402
from dedere.protocol.letter import Part  # noqa: E402
from dedere.transport.client import NodeClient  # noqa: E402
from dedere.transport.http_signature import ClientIdentity  # noqa: E402
from support import exchange, pki  # noqa: E402
from support.doors import MemoryNode  # noqa: E402
from support.served import served, tls_holder  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterable

MIB = 1024 * 1024
PIECE = 64 * MIB


class FileNode(MemoryNode):
    """A door that takes one part into a file, as a node's inbox does."""

    def __init__(self, path: Path, size: int) -> None:
        super().__init__("SN", FixedClock(exchange.NOW))
        self._path = path
        self._size = size

    def part_offset(self, *, partner: str, letter_id: str, part_id: str) -> tuple[int, int]:
        """What is in the file."""
        del partner, letter_id, part_id
        return self._path.stat().st_size if self._path.exists() else 0, self._size

    def append_part(
        self, *, partner: str, letter_id: str, part_id: str, offset: int, length: int, pieces: Iterable[bytes]
    ) -> int:
        """Append to the file."""
        del partner, letter_id, part_id, length
        with self._path.open("ab") as file:
            for piece in pieces:
                offset += file.write(piece)
            os.fsync(file.fileno())
        return offset

    def part_receipt(self, *, partner: str, letter_id: str, part_id: str) -> bytes:
        """Not what is measured."""
        del partner, letter_id, part_id
        return b"PK"


def bare(environ: dict[str, object], start_response: object) -> list[bytes]:
    """A bare tus PATCH: append the body to a file."""
    if not callable(start_response):
        raise TypeError
    body = environ["wsgi.input"]
    left = int(str(environ["CONTENT_LENGTH"]))
    with Path(str(os.environ["BARE_FILE"])).open("ab") as file:
        while left:
            piece = body.read(min(left, 4 * MIB))  # type: ignore[attr-defined] # a WSGI input
            left -= file.write(piece)
        os.fsync(file.fileno())
    start_response("204 No Content", [])
    return [b""]


def main(arguments: list[str]) -> int:
    """Measure both and print the comparison."""
    import django  # noqa: PLC0415 - settings first

    django.setup()
    size = int(arguments[0] if arguments else "1024") * MIB
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "part"
        with source.open("wb") as file:
            block = os.urandom(4 * MIB)
            for _ in range(size // len(block)):
                file.write(block)
        bare_rate = measure_bare(folder, source, size)
        our_rate = measure_ours(folder, source, size)
    print(f"bare tus {bare_rate:7.0f} MiB/s")
    print(f"ours     {our_rate:7.0f} MiB/s = {100 * our_rate / bare_rate:.0f} % (to reach: 60 %)")
    print(f"client's peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")
    return 0


def measure_bare(folder: Path, source: Path, size: int) -> float:
    """Plain PATCH requests of 64 MiB."""
    os.environ["BARE_FILE"] = str(folder / "bare")
    context = ssl.create_default_context(cadata=tls_holder("SN").certificate.decode())
    with served(MemoryNode("SN", FixedClock(exchange.NOW)), folder, application=bare) as address:
        started = time.perf_counter()
        with httpx2.Client(verify=context, timeout=300) as client, source.open("rb") as file:
            while piece := file.read(PIECE):
                client.patch(f"{address}/part", content=piece)
        seconds = time.perf_counter() - started
    (folder / "bare").unlink()
    return size / MIB / seconds


def measure_ours(folder: Path, source: Path, size: int) -> float:
    """Our client and our door."""
    part = Part(exchange.identifier("part"), "part", "video/mp4", size, "0" * 64, size, "0" * 64, "0" * 64)
    with served(FileNode(folder / "ours", size), folder) as address:
        certificate = tls_holder("SN").certificate.decode()
        card = replace(exchange.card_of("SN").card, addresses=(address,), tls_certificates=(certificate,))
        keys = pki.state("NL").gateway
        identity = ClientIdentity(keys.signer, key_id(keys.certificate.decode()))
        started = time.perf_counter()
        with (
            NodeClient(card, identity, clock=FixedClock(exchange.NOW), ids=RandomIdentifiers()) as client,
            source.open("rb") as file,
        ):
            client.push_part(exchange.identifier("letter"), part, file)
        seconds = time.perf_counter() - started
    return size / MIB / seconds


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
