"""`dedere verify`: what it prints, its exit codes, single containers, and that it needs no Django."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from dedere.cli.main import main
from dedere.dossier.contents import EvidenceForm
from dedere.dossier.export import write_dossier
from dedere.protocol.container import pack_container
from dedere.protocol.receipt import PartReceipt, read_receipt
from support.dossiers import START, card_of, export, item_of, keys, story

if TYPE_CHECKING:
    from pathlib import Path

AT = "2027-01-01T00:00:00Z"


@pytest.fixture(scope="module")
def dossier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("command") / "dossier"
    items = (item_of(next(iter(story().parts.values())), EvidenceForm.LEFT_OUT), list(export().items)[1])
    write_dossier(folder, export(items=items, title="A title with \x1b[31mcolour"))
    return folder


def said(capsys: pytest.CaptureFixture[str], *words: str, code: int) -> str:
    assert main(["verify", *words]) == code
    return capsys.readouterr().out


def test_a_sound_dossier_is_told_in_numbered_lines(dossier: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = said(capsys, str(dossier), "--at", AT, code=0)
    assert "  1. form            passed" in text
    assert " 16. vocabulary      passed" in text
    assert "left out: item" in text
    assert card_of("NL").fingerprint in text
    assert text.endswith("verdict: passed\n")
    assert "\x1b" not in text


def test_a_fingerprint_is_taken_as_typed(dossier: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trust = [word for state in ("NL", "SN") for word in ("--trust", card_of(state).fingerprint)]
    text = said(capsys, str(dossier), "--at", AT, *trust, code=0)
    assert text.count("one you have compared") == 2
    text = said(capsys, str(dossier), "--at", AT, "--trust", "12345 67890", code=2)
    assert "NO_CERTIFICATE_CHAIN_FOUND" in text


def test_many_failures_are_shortened_and_listed_whole_in_json(
    dossier: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(30):
        (dossier / f"added {number}").write_text("x")
    try:
        text = said(capsys, str(dossier), "--at", AT, code=1)
        report = json.loads(said(capsys, str(dossier), "--at", AT, "--json", code=1))
    finally:
        for number in range(30):
            (dossier / f"added {number}").unlink()
    assert "… and 10 more; --json lists them all" in text
    (completeness,) = (check for check in report["checks"] if check["name"] == "completeness")
    assert len(completeness["findings"]) == 30
    assert report["kind"] == "dossier"


def test_without_an_instant_the_clock_is_asked(dossier: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(dossier)]) in {0, 2}
    assert "judged as of 20" in capsys.readouterr().out


def container(tmp_path: Path, data: bytes, name: str = "it.asice") -> str:
    path = tmp_path / name
    path.write_bytes(data)
    return str(path)


@pytest.fixture
def cards(tmp_path: Path) -> list[str]:
    return [word for state in ("NL", "SN") for word in ("--card", container(tmp_path, card_of(state).container, state))]


def test_a_letter_alone(tmp_path: Path, cards: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    letter = container(tmp_path, story().told[3].container)
    assert "NO_CERTIFICATE_CHAIN_FOUND" in said(capsys, letter, "--at", AT, code=2)
    text = said(capsys, letter, "--at", AT, *cards, code=0)
    assert "act: result" in text
    assert "sealed at: 2026-11-27T09:30:00Z" in text
    assert said(capsys, letter, "--at", "2041-01-01T00:00:00Z", *cards, code=0)
    assert said(capsys, letter, "--at", "2071-01-01T00:00:00Z", *cards, code=2)


def test_receipts_alone(tmp_path: Path, cards: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    for data in story().told[3].receipts[:2]:
        text = said(capsys, container(tmp_path, data), "--at", AT, *cards, code=0)
        assert ("part:" in text) == isinstance(read_receipt(data)[1], PartReceipt)
        assert "received at: 2026-11-27T09:30:00Z" in text


def test_a_card_alone_shows_its_fingerprint(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = said(capsys, container(tmp_path, card_of("SN").container), code=0)
    assert card_of("SN").fingerprint in text
    said(
        capsys,
        container(tmp_path, card_of("SN").container),
        *("--card", container(tmp_path, card_of("NL").container, "n")),
        code=1,
    )


def test_a_receipt_under_foreign_cards_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = container(tmp_path, card_of("SN").container, "card")
    receipt = container(tmp_path, story().told[3].receipts[0])
    assert "card-unknown" in said(capsys, receipt, "--at", AT, "--card", other, code=1)


def test_altered_containers_fail(tmp_path: Path, cards: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    data = bytearray(story().told[3].container)
    data[60] ^= 1
    text = said(capsys, container(tmp_path, bytes(data)), "--at", AT, *cards, code=1)
    assert "Not checked: the container does not open" in text
    empty = pack_container({"letter.json": b"{}"}, signer=keys("NL").authority.signer, signed_at=START)
    text = said(capsys, container(tmp_path, empty), "--at", AT, *cards, code=1)
    assert "Not checked: the content could not be read" in text


def test_what_cannot_be_verified_is_said_in_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = pack_container({"seal.json": b"{}"}, signer=keys("NL").authority.signer, signed_at=START)
    for words in (
        [container(tmp_path, other, "other")],
        [str(tmp_path / "absent")],
        [container(tmp_path, story().told[0].container), "--card", str(tmp_path / "absent")],
        [container(tmp_path, story().told[0].container), "--at", "yesterday"],
    ):
        assert main(["verify", *words]) == 2
        assert capsys.readouterr().err.startswith("dedere: ")


def test_it_runs_where_django_is_not_installed(dossier: Path) -> None:
    # Finding any of these raises, as if they were absent.
    program = (
        "import sys\n"
        "class Absent:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] in {'django', 'allauth', 'ninja', 'boto3', 'typst'}:\n"
        "            raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, Absent())\n"
        "from dedere.cli.main import main\n"
        f"sys.exit(main(['verify', {str(dossier)!r}, '--at', {AT!r}]))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "verdict: passed" in done.stdout
