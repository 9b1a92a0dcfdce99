"""Taking evidence in, beside what the tools at hand need for less: `sha256sum` and then `age`.

Run: .venv/bin/python benchmarks/vault_ingest.py [--size 4G] [--files 10000] [--folder DIR]. The ingest writes a sealed,
durable object with both digests; the tools read the file twice and sync nothing. The bound is the slower of the disk
(dd with fsync into the same folder) and the work of one cipher and two digests spread perfectly over two cores.
Wanted: at most 0.7 of the tools' time, at least 60 % of the bound, under 128 MB; 400 small files a second.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from dedere.base.identifiers import RandomIdentifiers
from dedere.crypto.age import X25519Identity
from dedere.crypto.age.payload import BATCH, BATCH_CHUNKS, SEALED_CHUNK, PayloadCipher

CHANCE = RandomIdentifiers()
IDENTITY = X25519Identity.generate(CHANCE)
UNITS = {"M": 1024**2, "G": 1024**3}
INGEST = """
import resource, sys
from pathlib import Path
from dedere.base.identifiers import RandomIdentifiers
from dedere.crypto.age import parse_recipient
from dedere.vault.ingest import ingest_file
from dedere.vault.store import FileStore
store = FileStore(Path(sys.argv[2]))
ingest_file(Path(sys.argv[1]), store=store, recipients=[parse_recipient(sys.argv[3])], chance=RandomIdentifiers())
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
SMALL = """
import sys, time
from pathlib import Path
from dedere.base.identifiers import RandomIdentifiers
from dedere.crypto.age import parse_recipient
from dedere.vault.folder import FolderFile, ingest_folder
from dedere.vault.ingest import Sealing
from dedere.vault.store import FileStore
sealing = Sealing(FileStore(Path(sys.argv[2])), [parse_recipient(sys.argv[3])], RandomIdentifiers())
start = time.perf_counter()
count = sum(isinstance(entry, FolderFile) for entry in ingest_folder(Path(sys.argv[1]), sealing))
print(count / (time.perf_counter() - start))
"""


def timed(action: Callable[[], object]) -> float:
    """Seconds one run takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def least(action: Callable[[], object]) -> float:
    """The least of three runs."""
    return min(timed(action) for _ in range(3))


def write_random(path: Path, size: int) -> None:
    """A file that does not compress."""
    block = CHANCE.random_bytes(16 * 1024 * 1024)
    with path.open("wb") as file:
        for number in range(0, size, len(block)):
            file.write(number.to_bytes(8, "big") + block[8 : min(len(block), size - number)])


def work_bound() -> float:
    """Bytes a second of one cipher and two digests on two cores."""
    plain = memoryview(CHANCE.random_bytes(BATCH))
    cipher, sealed = PayloadCipher(bytes(16), bytes(16)), memoryview(bytearray(BATCH_CHUNKS * SEALED_CHUNK))
    one_cipher = least(lambda: cipher.seal(plain, sealed, first=0, final=False)) / BATCH
    one_digest = least(lambda: hashlib.sha256(plain)) / BATCH
    return 2 / (one_cipher + 2 * one_digest)


def large(folder: Path, size: int) -> None:
    """One large file."""
    source, target = folder / "source", folder / "target"
    write_random(source, size)
    disk = size / timed(
        lambda: subprocess.run(
            ["dd", f"if={source}", f"of={target}", "bs=4M", "conv=fsync"], check=True, stderr=subprocess.DEVNULL
        )
    )
    target.unlink()
    work = work_bound()
    bound = min(disk, work)
    print(f"disk {disk / 1e6:.0f} MB/s, work {work / 1e6:.0f} MB/s on two cores: bound {bound / 1e6:.0f} MB/s")
    recipient = IDENTITY.recipient.encode()

    def tools() -> None:
        subprocess.run(["sha256sum", str(source)], check=True, stdout=subprocess.DEVNULL)
        subprocess.run(["age", "-r", recipient, "-o", str(target), str(source)], check=True)

    memory = [0]

    def ours() -> None:
        words = [sys.executable, "-c", INGEST, str(source), str(folder / "vault"), recipient]
        memory[0] = int(subprocess.run(words, check=True, capture_output=True).stdout)

    rounds = []
    for _ in range(3):
        by_tools = timed(tools)
        target.unlink()
        by_us = timed(ours)
        shutil.rmtree(folder / "vault")
        rounds.append((by_us / by_tools, by_tools, by_us))
    ratio, by_tools, by_us = min(rounds)
    print(f"sha256sum, then age: {by_tools:.1f} s; ingest: {by_us:.1f} s: {ratio:.2f} of it (wanted: 0.70)")
    print(f"ingest {size / by_us / 1e6:.0f} MB/s: {size / by_us / bound:.0%} of the bound (wanted: 60 %)")
    print(f"most memory {memory[0] / 1024:.0f} MiB (wanted: under 128)")
    source.unlink()


def small(folder: Path, count: int) -> None:
    """Many small files."""
    source = folder / "many"
    source.mkdir()
    for number in range(count):
        (source / f"{number}.txt").write_bytes(os.urandom(20_000))
    words = [sys.executable, "-c", SMALL, str(source), str(folder / "vault"), IDENTITY.recipient.encode()]
    speed = float(subprocess.run(words, check=True, capture_output=True).stdout)
    print(f"{count} files of 20 kB: {speed:.0f} a second, durable one by one (wanted: 400)")


def main() -> None:
    """Measure both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", default="4G")
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--folder", type=Path, default=None, help="on the disk to measure")
    arguments = parser.parse_args()
    size = int(float(arguments.size[:-1]) * UNITS[arguments.size[-1]])
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        large(Path(folder), size)
        small(Path(folder), arguments.files)


if __name__ == "__main__":
    main()
