"""Pages of an office with years of records, asked for by twenty officers at once.

Makes a home with 30,000 requests, 500,000 items and 3 million entries in the log (`office_records.py`), or a tenth of
it with `--scale 0.1`, serves its pages as a node serves them, and has twenty officers turn over the pages that they
turn over all day. Beside each page's p50 and p95 stands what the same server takes for a page that asks the records for
nothing but who is there: what is left is what the page itself costs.

To keep: p95 of every list, search, case and Today page below 300 ms with twenty officers on two cores. Officers read:
between two pages of one officer lies `--think` seconds; 0 is a flood of requests.

    python benchmarks/office.py [--scale 0.1] [--seconds 60] [--think 1] [--home FOLDER, kept and used again]
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random  # noqa: TID251 - which page is turned to next
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
BOUND = 0.300
COMMON_WORD = "clinic"
Times = dict[str, list[float]]


def main() -> int:
    """Measure once and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--think", type=float, default=1.0)
    parser.add_argument("--home", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = arguments.home or Path(folder)
        made = _records(place, arguments.scale)
        print(", ".join(f"{count:,} {what}" for what, count in made["counts"].items()))
        with _serving(place / "nl") as port:
            quiet = _ask(port, made, seconds=min(15.0, arguments.seconds), think=0, officers=1)
            times = _ask(port, made, seconds=arguments.seconds, think=arguments.think, officers=20)
    pages = sum(map(len, times.values()))
    print(f"20 officers, {arguments.think} s between pages, {pages / arguments.seconds:.0f} pages a second")
    print(f"{'page':24}{'alone p50':>11}{'p50':>8}{'p95':>8}  ms (bound p95 {BOUND * 1000:.0f})")
    for name, took in sorted(times.items()):
        alone = f"{_at(quiet.get(name, [0.0]), 50) * 1000:.0f}"
        late = " over" if _at(took, 95) > BOUND else ""
        print(f"{name:24}{alone:>11}{_at(took, 50) * 1000:>8.0f}{_at(took, 95) * 1000:>8.0f}{late}")
    return 0


def _records(place: Path, scale: float) -> dict[str, Any]:
    """The records, made once for a home that is kept."""
    known = place / "made.json"
    if not known.exists():
        place.mkdir(parents=True, exist_ok=True)
        home = place / "nl"
        began = time.perf_counter()
        _run(
            "-m", "dedere", "node", "init", str(home), "--state", "NL", "--name", "Central Authority (fictional)",
            "--languages", "en,fr", "--place", "Europe/Amsterdam", "--demonstration",
            "--pages-port", str(_free_port()), "--gateway-port", str(_free_port()),
        )  # fmt: skip
        amounts = {"requests": 30_000, "items": 500_000, "events": 3_000_000}
        words = [word for name, count in amounts.items() for word in (f"--{name}", str(int(count * scale)))]
        known.write_text(_run(str(ROOT / "benchmarks/office_records.py"), str(home), *words).splitlines()[-1])
        print(f"records made in {time.perf_counter() - began:.0f} s")
    made: dict[str, Any] = json.loads(known.read_text())
    return made


def _ask(port: int, made: dict[str, Any], *, seconds: float, think: float, officers: int) -> Times:
    """Have each officer turn pages until the time is over; the times of each kind of page."""
    times: Times = defaultdict(list)
    until = time.monotonic() + seconds
    names = sorted(name for name in made["sessions"] if name.startswith("officer"))[:officers]
    work = [
        threading.Thread(target=_officer, args=(port, made, name, times, until, think), daemon=True) for name in names
    ]
    for each in work:
        each.start()
    for each in work:
        each.join()
    return times


def _officer(port: int, made: dict[str, Any], name: str, times: Times, until: float, think: float) -> None:
    chance = random.Random(name)
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    time.sleep(chance.random() * think)
    while time.monotonic() < until:
        page, address, session = _next_page(made, name, chance)
        began = time.perf_counter()
        line.request("GET", address, headers={"Cookie": f"dedere-{port}={session}"})
        answer = line.getresponse()
        answer.read()
        if answer.status != 200:
            raise SystemExit(f"{address}: {answer.status}")
        times[page].append(time.perf_counter() - began)
        if think:
            time.sleep(chance.expovariate(1 / think))
    line.close()


def _next_page(made: dict[str, Any], name: str, chance: random.Random) -> tuple[str, str, str]:
    """What is asked for next: which kind of page, at which address, in whose session."""
    case = chance.choice(made["cases"][name])
    pages = {
        "account (nothing asked)": "/account/",
        "today": "/",
        "cases": "/cases/",
        "cases, page 9": "/cases/?page=9",
        "cases, by stage": "/cases/?stage=executed",
        "search, rare word": f"/cases/?text={case['word']}",
        "search, common word": f"/cases/?text={COMMON_WORD}",
        "case": f"/cases/{case['id']}/",
        "case, evidence": f"/cases/{case['id']}/evidence/",
        "case, clocks": f"/cases/{case['id']}/clocks/",
        "case, log": f"/cases/{case['id']}/log/",
        "drafts": "/requests/",
        "incoming": "/messages/incoming/",
        "deliveries": "/messages/",
        "evidence": "/evidence/",
        "evidence, searched": f"/evidence/?text={chance.randrange(90) + 10}",
    }
    if case["letter"]:
        pages["incoming letter"] = f"/messages/incoming/{case['letter']}/"
    if chance.random() < 1 / (len(pages) + 1):
        return "log of the house", f"/system/log/?page={chance.randrange(1, 2000)}", made["sessions"]["auditor"]
    page = chance.choice(sorted(pages))
    return page, pages[page], made["sessions"][name]


@contextmanager
def _serving(home: Path) -> Iterator[int]:
    """The pages of the home, in a process of their own."""
    from dedere.node.home import load_home  # noqa: PLC0415 - the home is made first

    port = load_home(home).pages.port
    environment = {**os.environ, "DEDERE_HOME": str(home), "DEDERE_PROCESS": "pages"}
    environment["DJANGO_SETTINGS_MODULE"] = "dedere.node.settings.serving"
    served = subprocess.Popen([sys.executable, "-m", "dedere.cli.serving.process", "pages"], env=environment)
    try:
        _await(port)
        yield port
    finally:
        served.terminate()
        served.wait(20)


def _await(port: int) -> None:
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("The pages did not come up.")


def _run(*words: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "tests")}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    done = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    return done.stdout


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def _at(took: list[float], percent: int) -> float:
    ordered = sorted(took)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


if __name__ == "__main__":
    sys.exit(main())
