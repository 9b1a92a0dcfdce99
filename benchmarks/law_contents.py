"""The figures of requests: reading a file, checking its contents, grounds, clocks, a new file; and a very long request.

Run: .venv/bin/python benchmarks/law_contents.py. Prints each figure beside what was promised; exit code 1 when one is
missed. Time of the processor counts, and of several rounds the least: other work on the machine only adds.
"""

from __future__ import annotations

import copy
import datetime as dt
import sys
import time
from collections.abc import Callable
from pathlib import Path

from dedere.treaty.contents import check_contents
from dedere.treaty.grounds import GroundInputs, assess_grounds
from dedere.treaty.limits import ClockQuestion, Event, Place, run_clocks
from dedere.treaty.loading import load_law
from dedere.treaty.requestfile import RequestFile, parse_request_file, request_from_tables
from dedere.treaty.requestfile_template import new_request_file

TODAY = dt.date(2026, 11, 24)
EXAMPLE = Path(__file__).parent.parent / "examples" / "nl-sn-mla" / "request.toml"
PROMISED = 0.020


def seconds(action: Callable[[], object], *, rounds: int = 5, times: int = 5) -> float:
    """The least time of some rounds, for one of `times` actions."""
    found = []
    for _ in range(rounds):
        start = time.process_time()
        for _ in range(times):
            action()
        found.append((time.process_time() - start) / times)
    return min(found)


def long_request(request: RequestFile, *, copies: int) -> RequestFile:
    """The same request with its items, persons and facts many times over, each with ids and links of its own."""
    tables = request.as_json()
    part = tables["request"]
    if not isinstance(part, dict):
        raise TypeError
    facts, persons, items = part["facts"]["statements"], part["persons"], part["assistance"]["items"]
    originals = copy.deepcopy((facts, persons, items))
    for number in range(1, copies):
        for rows, more in zip((facts, persons, items), copy.deepcopy(originals), strict=True):
            for row in more:
                for key in ("id", "alias"):
                    if key in row:
                        row[key] = f"{row[key]}-{number}"
                for key in ("facts", "persons"):
                    if key in row:
                        row[key] = [f"{link}-{number}" for link in row[key]]
                rows.append(row)
    return request_from_tables(tables, name="long.json")


def main() -> int:
    """Measure and compare."""
    law = load_law()
    data = EXAMPLE.read_bytes()
    request = parse_request_file(data, name=EXAMPLE.name)
    every = tuple(law.instruments)
    long = long_request(request, copies=30)
    arrest = [Event("arrest.provisional", TODAY), Event("request.received", TODAY)]
    question = ClockQuestion(
        instruments=every, place=Place("Europe/Amsterdam"), now=dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
    )
    figures: dict[str, tuple[float, float | None]] = {
        "a full contents check": (seconds(lambda: check_contents(law, request, on=TODAY)), PROMISED),
        "the same against all instruments": (
            seconds(lambda: check_contents(law, request, on=TODAY, instruments=every)),
            PROMISED,
        ),
        f"{len(long.items)} items, {len(long.persons)} persons": (
            seconds(lambda: check_contents(law, long, on=TODAY)),
            None,
        ),
        "reading the file": (seconds(lambda: parse_request_file(data, name=EXAMPLE.name)), None),
        "grounds, all instruments": (
            seconds(lambda: assess_grounds(law, request, known=GroundInputs(on=TODAY, instruments=every))),
            None,
        ),
        "clocks, all instruments": (seconds(lambda: run_clocks(law, arrest, question=question)), None),
        "a new request file": (seconds(lambda: new_request_file(law, "mla", "search", instruments=every)), None),
    }
    missed = False
    for name, (found, promised) in figures.items():
        late = promised is not None and found > promised
        missed = missed or late
        beside = f"promised under {promised * 1000:.0f} ms" if promised is not None else "no promise"
        print(f"{name:40} {found * 1000:8.2f} ms   {beside}{'   MISSED' if late else ''}")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
