"""A node's home in which evidence is taken in by a process that may be killed at any moment. All of it is fictional.

Run as a program it prints one line of JSON, what the node holds when it starts again, then `ready`, and then takes in
the file of the home (`ingest`), or receives the part that Senegal announced (`receive`). `prepare` makes the home.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).parents[2]
PIECE = 1024 * 1024
PUSHED = 32 * PIECE
START = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedere.node.office import Office
    from dedere.protocol.letter import Part
    from support.offices import Bureau


@dataclass(frozen=True)
class Round:
    """One start of the program: what it found, whether it came to its end, and how many seconds it worked."""

    found: dict[str, Any]
    finished: bool
    seconds: float


def run(folder: Path, deed: str, *, after: float | None = None) -> Round:
    """Start the program on the home of `folder`; SIGKILL it `after` seconds of work. None: let it come to its end."""
    words = [sys.executable, "-m", "support.taking", deed, str(folder)]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, cwd=ROOT / "tests")
    with process:
        if process.stdout is None:
            raise RuntimeError("The program has no output.")
        found = process.stdout.readline()
        if process.stdout.readline() != b"ready\n":
            raise RuntimeError(f"The program did not start: {found!r}")
        began = time.monotonic()
        try:
            process.wait(after)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        process.wait()
    return Round(json.loads(found), process.returncode == 0, time.monotonic() - began)


def prepare(folder: Path, size: int) -> None:
    """Make the home, with a measure given to Eva, a file of `size` bytes, and a letter that announces it as a part."""
    words = [sys.executable, "-m", "support.taking", "prepare", str(folder), str(size)]
    subprocess.run(words, check=True, cwd=ROOT / "tests")


def main() -> int:
    """Do what the command line says."""
    from dedere.cli.commands.node import set_up_django

    deed, folder = sys.argv[1], Path(sys.argv[2])
    if deed == "prepare":
        _prepare(folder, int(sys.argv[3]))
        return 0
    set_up_django(folder / "nl")
    from dedere.node.office import using

    with using(_office(folder)) as ours:
        sys.stdout.write(f"{json.dumps(_found(ours, folder))}\nready\n")
        sys.stdout.flush()
        (_ingest if deed == "ingest" else _receive)(folder)
    return 0


def _office(folder: Path) -> Office:
    from dedere.base.clock import FixedClock
    from dedere.base.identifiers import RandomIdentifiers
    from dedere.node.home import load_home
    from dedere.node.office import Office

    return Office(load_home(folder / "nl"), FixedClock(START + dt.timedelta(hours=2)), RandomIdentifiers())


def _founded(folder: Path, state: str, name: str) -> Office:
    """A home with fresh keys, before Django knows it."""
    from dedere.base.clock import FixedClock
    from dedere.base.identifiers import SeededIdentifiers
    from dedere.node.founding import Plan, found
    from dedere.node.office import Office

    plan = Plan(state=state, name=name, languages=("en", "fr"), place="Europe/Amsterdam", demonstration=True)
    clock = FixedClock(START - dt.timedelta(days=30))
    home = found(folder, plan, clock=clock, identifiers=SeededIdentifiers(state), migrate=lambda _folder: None)
    return Office(home, FixedClock(START), SeededIdentifiers(f"{state} at work"))


def _prepare(folder: Path, size: int) -> None:
    from django.core.management import call_command

    from dedere.base.identifiers import SeededIdentifiers
    from dedere.cli.commands.node import set_up_django

    block = SeededIdentifiers("a film").random_bytes(PIECE)
    folder.mkdir(parents=True)
    with (folder / "film.mp4").open("wb") as film:
        for number in range(0, size, PIECE):
            film.write(number.to_bytes(8, "big") + block[8 : min(PIECE, size - number)])
    ours = _founded(folder / "nl", "NL", "Central Authority of the Netherlands (fictional)")
    theirs = _founded(folder / "sn", "SN", "Autorité centrale du Sénégal (fictive)")
    set_up_django(folder / "nl")
    from dedere.node.office import using
    from support.offices import open_bureau

    call_command("migrate", verbosity=0, interactive=False)
    with using(ours):
        bureau = open_bureau(ours, theirs)
        _case, assignment = bureau.assigned()
        part = _sealed_part(folder, bureau)
        letter = _announced(bureau, part)
    facts = {"assignment": assignment, "letter": letter, "part": part.id, "sha256": part.sha256, "size": part.size}
    (folder / "facts.json").write_text(json.dumps(facts))


def _sealed_part(folder: Path, bureau: Bureau) -> Part:
    """The film as Senegal seals it for us, in the file `sealed`."""
    from dedere.crypto.age import SealingWriter, parse_recipient
    from dedere.crypto.digests import sha256_of_file
    from dedere.node.trust import own_card
    from dedere.protocol.letter import Part

    ids = bureau.other.identifiers
    recipients = [parse_recipient(text) for text in own_card(bureau.office.home).card.letter_recipients]
    with (
        (folder / "film.mp4").open("rb") as film,
        (folder / "sealed").open("wb") as sealed,
        SealingWriter(sealed, recipients, chance=ids) as writer,
    ):
        while piece := film.read(4 * PIECE):
            writer.write(piece)
        writer.finish()
    return Part(
        id=ids.new(),
        name="film.mp4",
        media_type="video/mp4",
        size=writer.plain_size,
        sha256=writer.plain_sha256,
        sealed_size=writer.sealed_size,
        sealed_sha256=sha256_of_file(folder / "sealed"),
        payload_sha256=writer.payload_sha256,
    )


def _announced(bureau: Bureau, part: Part) -> str:
    """A request of Senegal whose annex is the part, received at our door: the letter's identifier."""
    from dedere.casework.acts import ACT_VERSION
    from dedere.casework.request import RequestDraft
    from dedere.node.exchange.actions import receive_letter
    from dedere.node.trust import own_card
    from dedere.protocol.container import Signing
    from dedere.protocol.letter import Letter, pack_letter, seal_letter
    from support.offices import request_tables

    ids = bureau.other.identifiers
    letter = Letter(
        id=ids.new(),
        case=ids.new(),
        sender=own_card(bureau.other.home).party,
        recipient=own_card(bureau.office.home).party,
        sequence=1,
        sealed_at=bureau.clock.now().replace(microsecond=0),
        act={
            "version": ACT_VERSION,
            "kind": "request",
            "proceeding": ids.new(),
            "officer": {
                "name": "Awa Diop (fictional)",
                "role": "case-officer",
                "approved_by": {"name": "Moussa Fall (fictional)", "role": "approver"},
            },
            "body": RequestDraft.from_tables(request_tables(by="SN", to="NL")).to_body(),
        },
        parts=(part,),
    )
    signing = Signing(bureau.other.authority_signer, letter.sealed_at, bureau.other.timestamper)
    container = pack_letter(letter, b"%PDF-1.7 a fictional act\n", signing=signing)
    sealed = seal_letter(container, own_card(bureau.office.home).card.letter_recipients, chance=ids)
    receive_letter(partner="SN", letter_id=letter.id, sealed=sealed, at=bureau.clock.now())
    return letter.id


def _found(ours: Office, folder: Path) -> dict[str, object]:
    """What a node that starts again finds: first it tidies up, as its worker does."""
    from dedere.cli.commands.vault import expected_objects
    from dedere.node.evidence.actions import ledger_of
    from dedere.node.evidence.models import Item
    from dedere.node.exchange.arriving import recover_arrivals
    from dedere.vault.check import Scope, check_store
    from dedere.vault.ledger import verify_ledger

    ours.store.sweep()
    recover_arrivals()
    report = check_store(ours.store, Scope(expected_objects(), ours.sealing_identities))
    items = []
    for item in Item.objects.all():
        ledger = verify_ledger(ledger_of(item))
        items.append(
            {
                "sha256": item.sha256,
                "size": item.size,
                "entries": ledger.entries,
                "named": item.sha256 in ledger.contents,
            }
        )
    return {
        "items": items,
        "objects": report.objects,
        "problems": [problem.defect.value for problem in report.problems],
        "left": sorted(path.name for path in (folder / "nl" / "vault" / "temporary").iterdir()),
        "inbox": sorted(path.suffix for path in (folder / "nl" / "inbox").iterdir()),
    }


def _ingest(folder: Path) -> None:
    from dedere.node.accounts.models import Officer
    from dedere.node.evidence import actions
    from dedere.node.office import office

    facts = json.loads((folder / "facts.json").read_text())
    collected = actions.Collected(on=office().clock.now().date(), by="Eva Evers (fictional)", place="Rotterdam")
    eva = Officer.objects.get(sign_in_name="eva")
    with (folder / "film.mp4").open("rb", buffering=0) as film:
        upload = actions.Upload(name="film.mp4", title="A film (fictional)", media_type="video/mp4", source=film)
        actions.ingest(by=eva, assignment_id=facts["assignment"], upload=upload, collected=collected)


def _receive(folder: Path) -> None:
    """The sender begins where the door says that it stands; the worker verifies what has arrived."""
    from dedere.node.exchange.actions import append_part, part_offset
    from dedere.node.exchange.arriving import verify_part
    from dedere.node.exchange.models import IncomingPart

    facts = json.loads((folder / "facts.json").read_text())
    which = {"partner": "SN", "letter_id": facts["letter"], "part_id": facts["part"]}
    offset, size = part_offset(**which)
    with (folder / "sealed").open("rb", buffering=0) as sealed:
        while offset < size:
            length = min(PUSHED, size - offset)
            sealed.seek(offset)
            offset = append_part(**which, offset=offset, length=length, pieces=_pieces(sealed.fileno(), length))
    verify_part(IncomingPart.objects.get(letter=facts["letter"]).pk)


def _pieces(descriptor: int, length: int) -> Iterator[bytes]:
    while length:
        piece = os.read(descriptor, min(PIECE, length))
        length -= len(piece)
        yield piece


if __name__ == "__main__":
    sys.exit(main())
