"""`dedere evidence`, `dedere dossier` and `dedere vault check` on an office at work. All of it is fictional."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

from dedere.cli.main import main
from dedere.dossier.report import Verdict
from dedere.dossier.verify import verify_path
from dedere.node.evidence.models import Item
from dedere.vault.files import FileStore
from support.conditioned import received
from support.documents import certificate, on_paper
from support.offices import Bureau

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def dedere(bureau: Bureau, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Dedere:
    for name in ("DJANGO_SETTINGS_MODULE", "DEDERE_HOME", "DEDERE_PROCESS"):
        monkeypatch.setenv(name, os.environ.get(name, ""))  # a command sets them; afterwards they are as before
    return Dedere(bureau, capsys)


class Dedere:
    """Commands as somebody types them at the office's home."""

    def __init__(self, bureau: Bureau, capsys: pytest.CaptureFixture[str]) -> None:
        self._home = str(bureau.office.home.folder)
        self._capsys = capsys

    def __call__(self, command: str, *words: str, code: int = 0) -> str:
        verb, _, what = command.partition(" ")
        assert main([verb, what, self._home, *words]) == code
        told = self._capsys.readouterr()
        return told.out + told.err


WHO = ("--officer", "eva", "--collected-by", "Eva Evers (fictional)", "--collected-on", "2026-11-23")


def test_a_folder_and_a_file_are_taken_in_and_what_cannot_be_is_said(
    bureau: Bureau, dedere: Dedere, tmp_path: Path
) -> None:
    _case, assignment = bureau.assigned()
    phone = tmp_path / "phone"
    (phone / "images").mkdir(parents=True)
    (phone / "images" / "one.jpg").write_bytes(b"\xff\xd8\xff one")
    (phone / "empty").write_bytes(b"")
    (phone / "link").symlink_to("/etc/passwd")
    os.mkfifo(phone / "pipe")
    (phone / "evil\u202egpj.exe").write_bytes(b"MZ")
    (phone / ("x" * 250)).write_bytes(b"long")
    (tmp_path / "note.txt").write_bytes(b"a note")

    said = dedere("evidence add", assignment, str(phone), str(tmp_path / "note.txt"), *WHO, "--place", "Dol", code=1)

    assert "link: The file cannot be opened" in said
    assert "pipe: Only regular files are taken in" in said
    assert "5 items are in the vault, 2 entries were refused." in said
    titles = set(Item.objects.values_list("title", flat=True))
    assert {"images/one.jpg", "empty", "evil_gpj.exe", "note.txt"} < titles
    assert max(map(len, titles)) <= 120
    assert Item.objects.get(title="empty").size == 0
    assert stat.S_ISFIFO((phone / "pipe").stat().st_mode), "what is refused stays where it is"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--officer", "nobody", *WHO[2:]), "No officer at work signs in as 'nobody'"),
        ((*WHO[:-1], "yesterday"), "written like 2026-11-24"),
        ((*WHO[:-1], "2031-01-01"), "in the future"),
    ],
)
def test_what_says_no_origin_is_refused(
    bureau: Bureau, dedere: Dedere, tmp_path: Path, words: tuple[str, ...], sentence: str
) -> None:
    _case, assignment = bureau.assigned()
    (tmp_path / "a").write_bytes(b"a")
    assert sentence in dedere("evidence add", assignment, str(tmp_path / "a"), *words, code=2)
    assert "cannot be opened" in dedere("evidence add", assignment, str(tmp_path / "none"), *WHO, code=1)
    assert not Item.objects.exists()


def test_a_dossier_is_written_whole_or_for_the_defence(bureau: Bureau, dedere: Dedere) -> None:
    case, item = received(bureau)
    whole = dedere("dossier write", case.reference, "--officer", "anna").strip()
    report = verify_path(bureau.office.home.dossiers / whole, at=bureau.clock.now())
    assert (report.verdict, report.left_out) == (Verdict.PASSED, ())
    bureau.tick()
    words = ("--officer", "anna", "--for", "Counsel (fictional)", "--purpose", "this case", "--reason", "a source")

    redacted = dedere("dossier write", case.pk, *words, "--leave-out", f"item:{item.pk}").strip()

    report = verify_path(bureau.office.home.dossiers / redacted, at=bureau.clock.now())
    assert (report.verdict, [each.sha256 for each in report.left_out]) == (Verdict.PASSED, [item.sha256])


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--leave-out", "item:a"), "Say for whom"),
        (("--for", "Counsel", "--purpose", "p", "--leave-out", "page:3"), "written letter:ID or item:ID"),
        (("--for", "Counsel"), "for which purpose"),
        (("--for", "Counsel", "--purpose", "another matter"), "record.pdf"),
    ],
)
def test_a_dossier_that_may_not_be_is_refused(
    bureau: Bureau, dedere: Dedere, words: tuple[str, ...], sentence: str
) -> None:
    case, _item = received(bureau)
    assert sentence in dedere("dossier write", case.pk, "--officer", "anna", *words, code=2)
    assert "has part in no case" in dedere("dossier write", "none", "--officer", "anna", code=2)
    assert not any(bureau.office.home.dossiers.glob(f"{case.reference}*"))


def test_a_check_of_the_vault_finds_each_kind_of_damage(bureau: Bureau, dedere: Dedere) -> None:
    _case, assignment = bureau.assigned()
    store = bureau.office.store
    assert isinstance(store, FileStore)
    on_paper(bureau)
    certificate(bureau, bureau.requested().pk)
    assert "sound" in dedere("vault check")
    folder = bureau.office.home.folder / "to take in"
    folder.mkdir(exist_ok=True)
    for number in range(4):
        (folder / f"{number}.txt").write_bytes(b"%d" % number * 70_000)
    dedere("evidence add", assignment, str(folder), *WHO)
    flipped, cut, lost, orphan = Item.objects.order_by("title").values_list("object", flat=True)[:4]
    objects = store.root / "objects"
    payload = objects / flipped[:2] / f"{flipped}.payload"
    payload.chmod(0o600)
    data = bytearray(payload.read_bytes())
    data[5000] ^= 4
    payload.write_bytes(data)
    payload = objects / cut[:2] / f"{cut}.payload"
    payload.chmod(0o600)
    os.truncate(payload, 60_000)
    (objects / lost[:2] / f"{lost}.payload").unlink()
    # Its record is of another object, as after a mistake: the object belongs to nothing.
    Item.objects.filter(object=orphan).update(object="e" * 64)

    said = dedere("vault check", "--rate", "50", code=1)

    assert f"altered: {flipped}: The payload's SHA-256 is not its name" in said
    assert f"truncated: {cut}: The payload is cut off after 60000 of" in said
    assert f"missing: {lost}: The object's payload is missing." in said
    assert f"orphan: {orphan}: The object belongs to no item." in said
    assert f"missing: {'e' * 64}: Header and payload are missing." in said
    assert "5 problems" in said
