"""Letters of 500 kB signed, sealed, delivered over HTTPS, receipted and logged between two nodes, beside `as4`.

The receiver is a whole node at work (pages, gateway, worker); the sender is a worker at work in this process. Each
letter is an approved draft whose printed act (random bytes that begin as a PDF) is at hand: writing documents is
measured by `papers.py`. The peer builds, signs, encrypts, parses and receipts as many messages of that size as it can
in one process, without network, disk or log; it runs in an environment of its own, made on first use in `.make/as4`.

To keep: at least 25 letters a second; at half that rate p50 below 0.5 s and p99 below 2 s from ready to receipt.

    python benchmarks/letters.py [--letters 300] [--pace 12.5]
"""

# ruff: noqa: PLC0415 - what needs Django is loaded when the home is known

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from dedere.cli.demonstration.homes import NETHERLANDS, SENEGAL, pin_each_other  # noqa: E402
from support.running import RunningNode, new_node  # noqa: E402

DOCUMENT = b"%PDF-1.7\n" + os.urandom(480_000)
PACED_SECONDS = 12


def main() -> int:
    """Measure once and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--letters", type=int, default=300)
    parser.add_argument("--pace", type=float, default=12.5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        sender, receiver = new_node(Path(folder), NETHERLANDS), new_node(Path(folder), SENEGAL)
        pin_each_other(sender.home, receiver.home)
        receiver.start()
        try:
            receiver.wait()
            rate, cpu, times = _send(sender, receiver, arguments.letters, arguments.pace)
        finally:
            receiver.stop()
    peer = _peer()
    print(f"letters of {len(DOCUMENT) // 1000} kB: {rate:.1f} a second sustained (bound 25)")
    print(f"  CPU of both nodes: {cpu * 1000:.0f} ms a letter, i.e. {2 / cpu:.1f} a second on two idle cores")
    print(f"  the same size through as4, in process: {peer['rate']:.1f} a second, CPU {peer['cpu'] * 1000:.0f} ms")
    p50, p99 = times[len(times) // 2], times[int(len(times) * 0.99)]
    print(f"  ready-to-sign to receipt at {arguments.pace} a second: p50 {p50:.2f} s (0.5), p99 {p99:.2f} s (2)")
    return 0


def _send(sender: RunningNode, receiver: RunningNode, letters: int, pace: float) -> tuple[float, float, list[float]]:
    """Letters a second, CPU seconds a letter on both sides, and the sorted times of letters at a steady pace."""
    from dedere.cli.commands.node import set_up_django

    set_up_django(sender.home.folder)
    from dedere.node.exchange import sealing
    from dedere.node.jobs.worker import Worker
    from support.correspondence import _ask, _begin

    setattr(sealing, "act_pdf", lambda _letter, _draft: DOCUMENT)  # noqa: B010 - the document is at hand
    _begin()
    paced = int(pace * PACED_SECONDS)
    drafts = _hold(_ask("SN", letters + paced + 5))
    worker = Worker()
    working = threading.Thread(target=worker.run)
    working.start()
    try:
        _release(drafts[:5], every=0)
        used, began = _cpu(receiver), time.perf_counter()
        _release(drafts[5 : letters + 5], every=0)
        rate, cpu = letters / (time.perf_counter() - began), (_cpu(receiver) - used) / letters
        times = _release(drafts[letters + 5 :], every=1 / pace)
    finally:
        worker.stop()
        working.join()
    return rate, cpu, sorted(times)


def _hold(drafts: list[str]) -> list[str]:
    """The drafts, approved, as if the second officer's yes were still to come."""
    from dedere.node.cases.models import Draft

    Draft.objects.filter(pk__in=drafts).update(state=Draft.State.SUBMITTED)
    return drafts


def _release(drafts: list[str], *, every: float) -> list[float]:
    """Have the worker find the drafts approved, one each `every` seconds; each one's time until its receipt is here."""
    from dedere.node.cases.models import Draft
    from dedere.node.exchange.models import OutgoingLetter

    ready: dict[str, float] = {}
    times: dict[str, float] = {}
    begin = time.perf_counter()
    while len(times) < len(drafts):
        due = len(drafts) if not every else min(len(drafts), 1 + int((time.perf_counter() - begin) / every))
        new = drafts[len(ready) : due]
        if new:
            # A letter that had to wait for its turn was ready when the pace said so.
            ready |= {draft: begin + (len(ready) + number) * every for number, draft in enumerate(new)}
            Draft.objects.filter(pk__in=new).update(state=Draft.State.APPROVED)
        done = OutgoingLetter.objects.filter(complete=True, pk__in=ready.keys() - times.keys())
        for letter in done.values_list("pk", flat=True):
            times[letter] = time.perf_counter() - ready[letter]
        time.sleep(0.01 if every else 0.1)
    return list(times.values())


def _cpu(node: RunningNode) -> float:
    """CPU seconds of this process and the node's, so far."""
    tick = os.sysconf("SC_CLK_TCK")
    total = time.process_time()
    for pid in node.processes():
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        total += (int(fields[11]) + int(fields[12])) / tick
    return total


def _peer() -> dict[str, float]:
    python = ROOT / ".make/as4/bin/python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(python.parents[1])], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", "as4==0.2.0"], check=True)
    command = [str(python), str(ROOT / "benchmarks/as4_peer.py"), str(len(DOCUMENT)), "10"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    sys.exit(main())
