"""The law's figures: loading, one explained basis, the matrix of all pairs for all crimes, one full contents check.

Run: .venv/bin/python benchmarks/law_figures.py. Prints each figure beside what was promised; exit code 1 when one
is missed. Time of the processor counts, and of several rounds the
least: other work on the machine only adds.
"""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from dedere.treaty.basis import legal_basis
from dedere.treaty.contents import check_contents
from dedere.treaty.loading import load_law
from dedere.treaty.matrix import matrices
from dedere.treaty.question import BasisQuestion
from dedere.treaty.requestfile import parse_request_file
from dedere.treaty.words import RequestKind

TODAY = dt.date(2026, 11, 24)
EXAMPLE = Path(__file__).parent.parent / "examples" / "nl-sn-mla" / "request.toml"
START = """
import time
began = time.process_time()
from dedere.treaty.loading import load_law
load_law()
print(time.process_time() - began)
"""


def seconds(action: Callable[[], object], *, rounds: int = 5, times: int = 1) -> float:
    """The least time of some rounds, for one of `times` actions."""
    found = []
    for _ in range(rounds):
        start = time.process_time()
        for _ in range(times):
            action()
        found.append((time.process_time() - start) / times)
    return min(found)


def in_a_fresh_process() -> float:
    """Loading everything, the imports included."""
    found = [float(subprocess.check_output([sys.executable, "-c", START])) for _ in range(5)]
    return min(found)


def main() -> int:
    """Measure and compare."""
    law = load_law()
    question = BasisQuestion(requesting="NL", requested="SN", function=RequestKind.MLA, crimes=("genocide",), on=TODAY)
    request = parse_request_file(EXAMPLE.read_bytes(), name=EXAMPLE.name)
    figures = {
        "loading everything, in a fresh process": (in_a_fresh_process(), 0.3),
        "an explained basis, all instruments": (seconds(lambda: legal_basis(law, question), times=20), 0.005),
        "its JSON": (seconds(lambda: legal_basis(law, question).as_json(), times=20), 0.005),
        "matrix of 193 × 192 pairs, one function, all crimes": (
            seconds(lambda: matrices(law, question), rounds=3),
            2.0,
        ),
        "a full contents check": (seconds(lambda: check_contents(law, request, on=TODAY), times=10), 0.020),
    }
    for name, (measured, promised) in figures.items():
        print(f"{name:<52} {measured * 1000:9.2f} ms   promised {promised * 1000:7.1f} ms")
    return int(any(measured > promised for measured, promised in figures.values()))


if __name__ == "__main__":
    sys.exit(main())
