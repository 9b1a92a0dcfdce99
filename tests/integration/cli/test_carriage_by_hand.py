"""`dedere pack` and `unpack`: a request and its annexes travel on a medium, and the receipts come back on it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest

from dedere.cli.demonstration.attachments import run_script
from dedere.cli.demonstration.homes import NETHERLANDS, SENEGAL, Ports, make_home, pin_each_other
from dedere.cli.demonstration.office import DeedRefusedError, DemonstrationOffice
from support.commands import ROOT, free_port, refused, run, said, until

pytestmark = pytest.mark.network
EXAMPLE = ROOT / "examples" / "nl-sn-mla"


@dataclass
class Waiting:
    """The office of the Netherlands with an approved request that nobody takes: Senegal's node is not there."""

    office: DemonstrationOffice
    senegal: Path
    draft: str
    annexes: int

    def delivery(self) -> dict[str, Any]:
        return self.office.do("look_at_draft", officer="anna", draft=self.draft)


@pytest.fixture
def waiting(tmp_path: Path) -> Iterator[Waiting]:
    homes = [
        make_home(tmp_path / cast.state.lower(), cast, Ports(free_port(), free_port()))
        for cast in (NETHERLANDS, SENEGAL)
    ]
    pin_each_other(*homes)
    request = tmp_path / "request"
    shutil.copytree(EXAMPLE, request)
    run_script(ROOT / "examples" / "make_attachments.py", request, film_size="300K")
    with DemonstrationOffice(homes[0], tmp_path / "nl.log") as office:
        office.do("begin_work", officer="", officers=[asdict(person) for person in NETHERLANDS.officers])
        with pytest.raises(DeedRefusedError, match="There is no officer 'zoë'"):
            office.do("look_for_case", officer="zoë")
        begun = office.do("draft_from_file", officer="anna", path=str(request / "request.toml"))
        digest = office.do("submit", officer="anna", draft=begun["draft"], approver="bram")["digest"]
        office.do("approve", officer="bram", draft=begun["draft"], digest=digest)
        made = Waiting(office, homes[1].folder, begun["draft"], begun["attached"])
        until("the sealed letter", lambda: made.delivery()["total"])
        yield made


def test_a_request_goes_out_and_its_receipts_come_back_on_the_same_medium(waiting: Waiting, tmp_path: Path) -> None:
    medium = tmp_path / "medium"
    medium.mkdir()
    ours, theirs = waiting.office.home.folder, waiting.senegal
    assert "holds no carrier for SN" in refused("unpack", theirs, medium)
    assert "No card of FR is pinned here" in refused("pack", ours, "FR", medium)
    assert "Nothing waits for NL" in refused("pack", theirs, "NL", medium)

    text = said("pack", ours, "SN", medium)
    assert f": 1 letters and {waiting.annexes} parts for SN.\nThey stay queued until their receipts are here" in text
    spoilt = shutil.copytree(medium, tmp_path / "spoilt")
    for path in spoilt.rglob("*"):
        if path.is_file() and path.suffix != ".json" and path.stat().st_size > 10_000:
            path.write_bytes(path.read_bytes()[:-1000] + bytes(1000))
    done = run("unpack", theirs, spoilt)
    assert done.returncode == 1
    assert done.stdout.startswith("Taken in: 0 letters, 0 parts")
    assert all(line.startswith("refused: ") for line in done.stderr.splitlines())

    text = said("unpack", theirs, medium)
    assert text.startswith(f"Taken in: 1 letters, {waiting.annexes} parts, 0 receipts for our own letters.\n")
    assert text.endswith(": the receipts; give the medium back with them.\n")
    assert said("unpack", theirs, medium).startswith("Taken in: 0 letters, 0 parts")
    assert not waiting.delivery()["complete"]

    text = said("unpack", ours, medium)
    assert f"{waiting.annexes + 1} receipts for our own letters" in text
    assert waiting.delivery()["complete"]
    assert "Nothing waits for SN" in refused("pack", ours, "SN", medium)


def test_a_medium_that_cannot_be_written_or_read_loses_nothing(waiting: Waiting, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert refused("pack", waiting.office.home.folder, "SN", tmp_path / "file" / "medium", code=1)
    assert refused("unpack", waiting.senegal, tmp_path / "absent", code=1)
    assert json.loads(json.dumps(waiting.delivery()))["complete"] is False
    assert "1 letters" in said("pack", waiting.office.home.folder, "SN", tmp_path)
