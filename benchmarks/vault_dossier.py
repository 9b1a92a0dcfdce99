"""A dossier of many items written and verified, beside the bare SHA-256 of the same bytes.

Run: .venv/bin/python benchmarks/vault_dossier.py [--items 10000] [--size 200000]. The bound for writing is the digest
of the items and writing as many synced files, for verifying the digest of the files read back. Wanted: 60 % of it.
"""

from __future__ import annotations

import argparse
import datetime as dt
import functools
import hashlib
import io
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import bagit

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from dedere.base.identifiers import RandomIdentifiers, SeededIdentifiers  # noqa: E402 - after the path is set
from dedere.dossier.contents import EvidenceForm, ExportedItem  # noqa: E402
from dedere.dossier.export import write_dossier  # noqa: E402
from dedere.dossier.verify import verify_path  # noqa: E402
from dedere.vault.files import sync_file  # noqa: E402
from dedere.vault.ledger import CustodyEvent, Happening, append  # noqa: E402
from support.dossiers import LONG_AFTER, export  # noqa: E402

AT = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)


def make_item(number: int, data: bytes) -> ExportedItem:
    """An item with a ledger of two entries."""
    identifier = SeededIdentifiers(f"benchmark {number}").new()
    digest = hashlib.sha256(data).hexdigest()
    first = append(identifier, Happening(CustodyEvent.COLLECTED, AT, "Officer Diop (fictional)", "SN"), last=None)
    second = append(identifier, Happening(CustodyEvent.INGESTED, AT, "machine", "SN", sha256=digest), last=first)
    return ExportedItem(
        id=identifier,
        title=f"Photograph {number} (fictional)",
        name=f"{number}.jpg",
        media_type="image/jpeg",
        size=len(data),
        sha256=digest,
        object=digest,
        ledger=(first, second),
        form=EvidenceForm.PLAIN,
        open=functools.partial(io.BytesIO, data),
    )


def memory() -> float:
    """MiB that this process had at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def timed(action: Callable[[], object]) -> float:
    """Seconds one run takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def write_files(folder: Path, contents: list[bytes], count: int) -> None:
    """As many files of the same content, each hashed on the way, synced sixteen at a time."""
    folder.mkdir()
    for number in range(count):
        data = contents[number % len(contents)]
        hashlib.sha256(data)
        (folder / str(number)).write_bytes(data)
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(sync_file, folder.iterdir()))


def hash_files(folder: Path) -> None:
    """The SHA-256 of every file, in pieces of 4 MiB."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb", buffering=0) as file:
                digest = hashlib.sha256()
                while piece := file.read(4 * 1024 * 1024):
                    digest.update(piece)


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--size", type=int, default=200_000)
    arguments = parser.parse_args()
    chance = RandomIdentifiers()
    contents = [chance.random_bytes(arguments.size) for _ in range(min(arguments.items, 100))]
    # Made as they are asked for: the memory that is told is the dossier's own.
    items = (make_item(number, contents[number % len(contents)]) for number in range(arguments.items))
    total = arguments.items * arguments.size
    with tempfile.TemporaryDirectory() as folder:
        bound = timed(lambda: write_files(Path(folder) / "bare", contents, arguments.items))
        target = Path(folder) / "dossier"
        writing = timed(lambda: write_dossier(target, export(items=items)))
        print(f"written: {total / 1e6:.0f} MB in {writing:.1f} s; most memory so far {memory():.0f} MiB")
        print(f"  bare synced files and their digests: {bound:.1f} s, {bound / writing:.0%} (wanted: 60 %)")
        reading = timed(lambda: hash_files(target))
        start = time.perf_counter()
        report = verify_path(target, at=LONG_AFTER)
        verifying = time.perf_counter() - start
        print(
            f"verified ({report.verdict.value}) in {verifying:.1f} s; bare digests of its files: {reading:.1f} s, "
            f"{reading / verifying:.0%} (wanted: 60 %)"
        )
        peer = timed(lambda: bagit.Bag(str(target)).validate(processes=2))
        print(f"bagit's own validator, which knows digests alone, on two processes: {peer:.1f} s")
    print(f"most memory: {memory():.0f} MiB")


if __name__ == "__main__":
    main()
