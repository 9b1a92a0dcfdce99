"""Verifying a custody ledger of a million entries, and rotating the vault's keys.

Run: .venv/bin/python benchmarks/vault_ledger.py [--entries 1000000]. Wanted: under 20 s for a million entries.
Beside it, the bare SHA-256 of the same lines: no verification can be faster.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import tempfile
import time
from pathlib import Path

from dedere.vault.ledger import CustodyEntry, CustodyEvent, Happening, append, verify_ledger_lines

START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def write(path: Path, count: int) -> None:
    """A ledger of that many entries."""
    last: CustodyEntry | None = None
    with path.open("wb") as file:
        for number in range(count):
            event = CustodyEvent.EXAMINED if last else CustodyEvent.COLLECTED
            happening = Happening(
                event,
                START + dt.timedelta(minutes=number),
                "Officer Van Dijk (fictional)",
                "NL",
                "The Hague, room 4",
                note="Looked at for the hearing",
                sha256="ab" * 32,
            )
            last = append("item", happening, last=last)
            file.write(last.canonical() + b"\n")


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=1_000_000)
    count = parser.parse_args().entries
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.jsonl"
        write(path, count)
        start = time.perf_counter()
        with path.open("rb") as lines:
            for line in lines:
                hashlib.sha256(line)
        bare = time.perf_counter() - start
        start, used = time.perf_counter(), time.process_time()
        with path.open("rb") as lines:
            report = verify_ledger_lines(lines)
        took, worked = time.perf_counter() - start, time.process_time() - used
        print(
            f"{report.entries} entries, {path.stat().st_size / 1e6:.0f} MB: {took:.1f} s ({worked:.1f} s of one core)"
        )
        print(f"wanted for a million: under 20 s; bare SHA-256 of the lines: {bare:.1f} s")


if __name__ == "__main__":
    main()
