"""The commands of docs/use/check-with-stock-tools.md, run as they stand on the page, on a letter and its receipt."""

from __future__ import annotations

import datetime as dt
import functools
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from dedere.base.clock import FixedClock
from dedere.base.identifiers import SeededIdentifiers
from dedere.crypto import age
from dedere.crypto.digests import sha256_hex
from dedere.crypto.keys import Purpose
from dedere.crypto.timestamps import LocalTimestamper
from dedere.protocol.container import Signing
from dedere.protocol.letter import pack_letter
from dedere.protocol.receipt import MachineReceipt, pack_receipt
from support import exchange, pki
from support.agejudges import JUDGES
from support.requirement import require_program

pytestmark = pytest.mark.judge

PAGE = Path(__file__).parents[3] / "docs" / "use" / "check-with-stock-tools.md"
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
OPENING, CHECKING = BLOCKS[0], "".join(BLOCKS[1:])
CHANCE = SeededIdentifiers("stock tools")
IDENTITY = age.HybridIdentity.generate(CHANCE)


def machine_time() -> dt.datetime:
    """The time that openssl will judge by."""
    seconds = subprocess.run([require_program("date"), "+%s"], capture_output=True, check=True).stdout
    return dt.datetime.fromtimestamp(int(seconds), tz=dt.UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as the page wants it, made today."""
    for program in ("sh", "unzip", "openssl", "grep", "sed", "cut", "tr"):
        require_program(program)
    now = machine_time()
    holder = functools.partial(
        pki.holder, valid_from=now - dt.timedelta(days=1), valid_until=now + dt.timedelta(days=1)
    )
    authority, gateway = holder(Purpose.AUTHORITY), holder(Purpose.GATEWAY, "SN")
    stamps = {state: holder(Purpose.TIMESTAMP, state) for state in ("NL", "SN")}
    stampers = {state: LocalTimestamper(each.signer, clock=FixedClock(now)) for state, each in stamps.items()}
    letter = exchange.plain_letter(sealed_at=now)
    container = pack_letter(letter, exchange.PDF, signing=Signing(authority.signer, now, timestamper=stampers["NL"]))
    sealed = age.seal(container, [IDENTITY.recipient], chance=CHANCE)
    receipt = MachineReceipt(
        letter=letter.id,
        sender=letter.sender,
        container_sha256=sha256_hex(container),
        sealed_sha256=sha256_hex(sealed),
        received_at=now,
        received_by=letter.recipient,
    )
    contents = {
        "letter.age": sealed,
        "letter.asice": container,
        "sealing.age": age.write_identities([IDENTITY], chance=CHANCE),
        "receipt.asice": pack_receipt(receipt, signing=Signing(gateway.signer, now, timestamper=stampers["SN"])),
        "authority.pem": authority.certificate,
        "gateway.pem": gateway.certificate,
        "timestamp.pem": stamps["NL"].certificate,
        "receipt-timestamp.pem": stamps["SN"].certificate,
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


def in_shell(commands: str, folder: Path) -> subprocess.CompletedProcess[str]:
    path = f"{JUDGES / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["sh", "-eu"],
        input=commands,
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_page_has_a_step_for_everything() -> None:
    assert len(BLOCKS) == 8


def test_the_commands_pass_and_say_what_the_page_says(folder: Path) -> None:
    done = in_shell(CHECKING, folder)
    assert done.returncode == 0, done.stderr
    for sentence in (
        "letter.json: as signed",
        "act.pdf: as signed",
        "Verification: OK",
        "Time stamp: ",
        "receipt for this letter",
        "in this sealed form",
    ):
        assert sentence in done.stdout
    assert done.stderr.count("CAdES Verification successful") == 2


def test_the_receipts_time_stamp_is_checked_in_the_same_way(folder: Path) -> None:
    swapped = CHECKING.replace("letter/", "receipt/").replace("timestamp.pem", "receipt-timestamp.pem")
    steps = "".join(f"{block}" for block in swapped.partition("places=")[1:])
    before = "unzip -o -q receipt.asice -d receipt\n"
    done = in_shell(before + steps.partition("unzip ")[0], folder)
    assert done.returncode == 0, done.stderr
    assert "Verification: OK" in done.stdout


@pytest.mark.parametrize("member", ["letter/letter.json", "letter/META-INF/ASiCManifest001.xml"])
def test_the_commands_notice_a_changed_file(folder: Path, member: str) -> None:
    first, unzipped, rest = CHECKING.partition("ls letter letter/META-INF\n")
    spoil = f"printf x >> {member}\n"
    done = in_shell(first + unzipped + spoil + rest, folder)
    noticed = "letter.json: as signed" not in done.stdout or done.returncode != 0
    assert noticed


def test_age_opens_the_letter(folder: Path) -> None:
    program = shutil.which("age", path=f"{JUDGES / 'bin'}{os.pathsep}{os.environ['PATH']}")
    version = subprocess.run([program or "true", "--version"], capture_output=True, text=True, check=True).stdout
    if not re.match(r"v?(1\.([3-9]|\d\d)|[2-9])", version):
        pytest.skip("needs age 1.3 or later; tests/judges/install-age.sh builds it")
    expected = (folder / "letter.asice").read_bytes()
    (folder / "letter.asice").unlink()
    done = in_shell(OPENING, folder)
    assert done.returncode == 0, done.stderr
    assert (folder / "letter.asice").read_bytes() == expected
