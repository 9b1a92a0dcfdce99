"""Sealing and signing: what they cost, beside what the machine's cipher and digest allow.

Run: .venv/bin/python benchmarks/seal.py [--size 2G]. Prints one line a figure with its bound.
The bound for sealing is the work (one cipher, two digests) spread perfectly over two cores; on a busy machine give it
priority (`nice -n -10`), since it waits for three threads to meet.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from dedere.base.clock import FixedClock
from dedere.base.identifiers import RandomIdentifiers
from dedere.crypto import age
from dedere.crypto.age.payload import BATCH, BATCH_CHUNKS, SEALED_CHUNK, PayloadCipher
from dedere.crypto.cades import sign_cades, verify_cades
from dedere.crypto.keys import CertificateContent, FileSigner, Purpose, generate_signing_key, self_issued_certificate
from dedere.crypto.timestamps import LocalTimestamper

CHANCE = RandomIdentifiers()
IDENTITY = age.HybridIdentity.generate(CHANCE)
MIB = 1024 * 1024
CORES = 2


class Nowhere:
    """A sink that keeps nothing."""

    def write(self, _: object, /) -> None:
        """Take all."""


def seconds(action: Callable[[], object], *, times: int = 1) -> float:
    """The least time of three rounds, for one of `times` actions."""
    rounds = []
    for _ in range(3):
        start = time.perf_counter()
        for _ in range(times):
            action()
        rounds.append((time.perf_counter() - start) / times)
    return min(rounds)


def sealing(size: int, folder: Path) -> Path:
    """Throughput of SealingWriter against the bound; the sealed file."""
    plain = memoryview(CHANCE.random_bytes(4 * BATCH))
    cipher, sealed = PayloadCipher(bytes(16), bytes(16)), memoryview(bytearray(BATCH_CHUNKS * SEALED_CHUNK))
    one_cipher = seconds(lambda: cipher.seal(plain[:BATCH], sealed, first=0, final=False), times=20) / BATCH
    one_digest = seconds(lambda: hashlib.sha256(plain[:BATCH]), times=20) / BATCH
    bound = 1 / ((one_cipher + 2 * one_digest) / CORES)
    print(
        f"cipher {1 / one_cipher / 1e9:.2f} GB/s, digest {1 / one_digest / 1e9:.2f} GB/s, bound {bound / 1e9:.2f} GB/s"
    )

    def seal_into(sink: object) -> None:
        with age.SealingWriter(sink, [IDENTITY.recipient], chance=CHANCE) as writer:  # type: ignore[arg-type]  # a file or nowhere
            for start in range(0, size, len(plain)):
                writer.write(plain[: min(len(plain), size - start)])
            writer.finish()

    speed = size / seconds(lambda: seal_into(Nowhere()))
    print(
        f"seal with both digests, kept nowhere: {speed / 1e9:.2f} GB/s, {speed / bound:.0%} of the bound (60 % wanted)"
    )
    path = folder / "sealed"

    def seal_into_file() -> None:
        with path.open("wb", buffering=0) as file:
            seal_into(file)

    speed = size / seconds(seal_into_file)
    print(f"seal with both digests, into a file:  {speed / 1e9:.2f} GB/s")
    return path


def reading(path: Path) -> None:
    """Reading it back: whole, and the first byte of random ranges."""
    with path.open("rb") as file:
        header, _ = age.read_header(file)

        def whole() -> None:
            reader = age.SealedReader(header, path.open("rb", buffering=0), [IDENTITY], start=len(header))
            buffer = bytearray(BATCH)
            while reader.readinto(buffer):
                pass
            reader.close()

        size = path.stat().st_size
        print(f"open whole: {size / seconds(whole) / 1e9:.2f} GB/s")
        reader = age.SealedReader(header, file, [IDENTITY], start=len(header))
        waits, ranges = [], []
        for _ in range(200):
            offset = int.from_bytes(CHANCE.random_bytes(8)) % max(1, reader.size - BATCH)
            start = time.perf_counter()
            reader.seek(offset)
            reader.read(1)
            waits.append(time.perf_counter() - start)
            start = time.perf_counter()
            reader.read_range(offset, BATCH)
            ranges.append(time.perf_counter() - start)
        print(
            f"random range: first byte {max(waits) * 1e3:.2f} ms at worst (50 wanted), 4 MiB {max(ranges) * 1e3:.1f} ms"
        )
        other = age.HybridIdentity.generate(CHANCE).recipient
        took = seconds(lambda: age.rewrap_header(header, [IDENTITY], [other], chance=CHANCE), times=50)
        print(f"header for another recipient: {took * 1e3:.2f} ms (wanted: 5)")


def signing() -> None:
    """Signing, stamping, validating a letter of 500 kB."""
    now = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
    signers = []
    for purpose in (Purpose.AUTHORITY, Purpose.TIMESTAMP):
        key = generate_signing_key()
        content = CertificateContent("Fictional", "NL", "Fictional", now, now + dt.timedelta(days=9), purpose)
        signers.append(FileSigner(key, [self_issued_certificate(key, content)]))
    timestamper = LocalTimestamper(signers[1], clock=FixedClock(now))
    letter = CHANCE.random_bytes(500_000)
    trusted = [each.certificate_chain[0] for each in signers]

    def sign() -> bytes:
        return sign_cades(letter, signers[0], signed_at=now, timestamper=timestamper)

    signed = sign()
    print(f"sign and stamp 500 kB: {seconds(sign, times=100) * 1e3:.2f} ms")
    validate = seconds(lambda: verify_cades(signed, letter, trusted=trusted, at=now), times=100)
    print(f"validate signature and stamp: {validate * 1e3:.2f} ms")
    seal = seconds(lambda: age.seal(letter, [IDENTITY.recipient], chance=CHANCE), times=100)
    sealed = age.seal(letter, [IDENTITY.recipient], chance=CHANCE)
    opened = seconds(lambda: age.open_sealed(sealed, [IDENTITY]), times=100)
    print(f"seal 500 kB: {seal * 1e3:.2f} ms, open: {opened * 1e3:.2f} ms")


def main() -> None:
    """Measure everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", default="1G", help="of the sealed file, e.g. 256M, 4G")
    text = parser.parse_args().size
    size = int(float(text[:-1]) * {"M": MIB, "G": 1024 * MIB}[text[-1]])
    with tempfile.TemporaryDirectory() as folder:
        reading(sealing(size, Path(folder)))
    signing()
    latest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"most memory: {latest / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
