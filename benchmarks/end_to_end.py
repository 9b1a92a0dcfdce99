"""The main job as a whole: how long, and how much memory each process takes at most.

Runs `dedere demo --once` with an evidence file of the size given, and prints the time from start to the last check and
the highest resident memory of every process. To keep: under 90 s with 64 MiB; no process above 256 MiB with 1 GiB.
What peers need by their own documentation is in docs/develop/figures.md.

    python benchmarks/end_to_end.py [--evidence 1G] [--kill SN@0.4]
"""

from __future__ import annotations

import argparse
import contextlib
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from dedere.cli.demonstration.office import process_tree

LIMIT_MIB = 256


def main() -> int:
    """Measure once and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--evidence", default="1G")
    parser.add_argument("--kill", action="append", default=[])
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        kills = [word for wish in arguments.kill for word in ("--kill", wish)]
        command = [sys.executable, "-m", "dedere", "demo", "--once", "--folder", f"{folder}/demo"]
        began = time.monotonic()
        demo = subprocess.Popen([*command, "--evidence", arguments.evidence, *kills])
        highest = _watch(demo)
        seconds = time.monotonic() - began
    print(f"\nwhole demonstration, evidence {arguments.evidence}: {seconds:.1f} s, exit {demo.returncode}")
    for name, kib in sorted(highest.items(), key=lambda each: -each[1]):
        print(f"  {kib / 1024:7.1f} MiB  {name}")
    most = max(highest.values(), default=0) / 1024
    print(f"highest resident memory of any process: {most:.1f} MiB (bound {LIMIT_MIB} MiB)")
    return demo.returncode


def _watch(demo: subprocess.Popen[bytes]) -> dict[str, int]:
    highest: dict[str, int] = {}
    while demo.poll() is None:
        for pid in [demo.pid, *process_tree(demo.pid)]:
            with contextlib.suppress(OSError, StopIteration, ValueError):
                words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
                name = b" ".join(words[1:6]).decode(errors="replace")
                status = Path(f"/proc/{pid}/status").read_text()
                kib = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
                highest[name] = max(highest.get(name, 0), kib)
        time.sleep(0.2)
    return highest


if __name__ == "__main__":
    sys.exit(main())
