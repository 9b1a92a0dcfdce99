"""A part of 10 GiB from one node at work to another, beside a bare tus upload to the same server.

Both nodes run all their processes; the part is sealed into the sender's vault beforehand and goes with an approved
request. The time counts from the letter's receipt to the part's, so that the receiver has verified every byte. The
bare upload goes over the same gunicorn, TLS 1.3 and loopback into a file, without signatures, digests or sealing.

To keep: at least 60 % of the bare upload; every process of both nodes below 256 MB.

    python benchmarks/large_part.py [MIB]
"""

# ruff: noqa: PLC0415 - what needs Django is loaded when the home is known

from __future__ import annotations

import io
import os
import sys
import tempfile
import time
from contextlib import suppress
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))
sys.path.insert(0, str(ROOT / "benchmarks"))

from dedere.cli.demonstration.homes import NETHERLANDS, SENEGAL, pin_each_other  # noqa: E402
from support.running import RunningNode, new_node  # noqa: E402

MIB = 1024 * 1024
_BLOCK = os.urandom(4 * MIB)


class Noise(io.RawIOBase):
    """So many bytes that do not compress."""

    def __init__(self, size: int) -> None:
        self._left = size

    def readable(self) -> bool:
        """It is read."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # as BufferedReader gives it
        """The next bytes."""
        length = min(len(buffer), len(_BLOCK), self._left)
        buffer[:length] = _BLOCK[:length]
        self._left -= length
        return length


def main(arguments: list[str]) -> int:
    """Measure once and print."""
    size = int(arguments[0] if arguments else "10240") * MIB
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sender, receiver = new_node(folder, NETHERLANDS), new_node(folder, SENEGAL)
        pin_each_other(sender.home, receiver.home)
        _approve_with_part(sender, size)
        receiver.start()
        sender.start()
        try:
            receiver.wait()
            seconds, peaks = _travel((sender, receiver))
        finally:
            sender.stop()
            receiver.stop()
        bare = _bare(folder, size)
    ours = size / MIB / seconds
    print(f"bare tus upload {bare:7.0f} MiB/s")
    print(f"between nodes   {ours:7.0f} MiB/s = {100 * ours / bare:.0f} % (to keep: 60 %), {size // MIB} MiB verified")
    for state, peak in peaks.items():
        print(f"  largest process of {state}: {peak / 1024:.0f} MB (to keep: below 256 MB)")
    return 0


def _approve_with_part(sender: RunningNode, size: int) -> None:
    """An approved request with the part, waiting for the sender's worker."""
    from dedere.cli.commands.node import set_up_django

    set_up_django(sender.home.folder)
    from dedere.casework.request import RequestDraft
    from dedere.node.cases import actions
    from dedere.node.cases.actions.drafts import NewAttachment, attach
    from dedere.node.evidence.actions import seal_into_vault
    from support.correspondence import _approved, _begin, _officers
    from support.requests import assistance

    _begin()
    author, _ = _officers()
    request = assistance("hearing-video", "lhc")
    request["request"]["requesting_state"], request["request"]["requested_state"] = "NL", "SN"
    tables = RequestDraft.from_tables(request).as_json()
    draft = actions.start_draft(by=author, partner="SN", title="A large part (fictional)", request=tables)
    stored = seal_into_vault(io.BufferedReader(Noise(size), len(_BLOCK)))
    new = NewAttachment(
        name="film.bin",
        title="A large part (fictional)",
        media_type="application/octet-stream",
        size=stored.size,
        sha256=stored.sha256,
        object_id=stored.id,
    )
    attach(by=author, draft_id=draft.pk, new=new)
    _approved(draft.pk)


def _travel(nodes: tuple[RunningNode, RunningNode]) -> tuple[float, dict[str, int]]:
    """Seconds from the letter's receipt to the part's, and the peak memory (KiB) of the largest process of each."""
    from dedere.node.exchange.models import OutgoingLetter

    peaks = dict.fromkeys((node.home.state for node in nodes), 0)
    began: float | None = None
    while True:
        for node in nodes:
            peaks[node.home.state] = max(peaks[node.home.state], *map(_peak, node.processes()), 0)
        row = OutgoingLetter.objects.first()
        if row is not None and began is None and row.receipt is not None:
            began = time.perf_counter()
        if row is not None and began is not None and row.complete:
            return time.perf_counter() - began, peaks
        time.sleep(0.05)


def _peak(pid: int) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text("ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    return 0


def _bare(folder: Path, size: int) -> float:
    """MiB a second of the bare upload."""
    source = folder / "source"
    with source.open("wb") as file:
        for _ in range(-(-size // len(_BLOCK))):
            file.write(_BLOCK)
    rate: float = import_module("part_transfer").measure_bare(folder, source, size)
    return rate


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
