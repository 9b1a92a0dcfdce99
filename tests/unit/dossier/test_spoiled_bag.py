"""Bags and zips that somebody made wrong on purpose: each is refused by the check that is there for it."""

from __future__ import annotations

import datetime as dt
import json
import os
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from dedere.base.clock import format_instant
from dedere.dossier import layout
from dedere.dossier.errors import UnknownSubjectError
from dedere.dossier.export import write_dossier
from dedere.dossier.report import Subject, Verdict
from dedere.vault.ledger import CustodyEvent, Happening, append
from support.dossiers import START, export, item_of, story

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


from support.spoiling import AT, ITEM, RESULT, describe, seal_again, sentences, verify


def set_field(kind: str, name: str, value: object) -> Callable[[dict[str, Any]], None]:
    def change(description: dict[str, Any]) -> None:
        (description[kind][0] if isinstance(description[kind], list) else description[kind])[name] = value

    return change


def drop(name: str) -> Callable[[dict[str, Any]], None]:
    def change(description: dict[str, Any]) -> None:
        del description[name]

    return change


def zipped(folder: Path, target: Path, **more: bytes) -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.mkdir("dossier")
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            archive.write(path, f"dossier/{path.relative_to(folder).as_posix()}")
        for name, data in more.items():
            archive.writestr(name, data)
    return target


def test_progress_counts_every_byte_of_the_payload(sound: Path) -> None:
    told: dict[str, int] = {}

    def progress(member: str, count: int) -> None:
        told[member] = told.get(member, 0) + count

    verify(sound, progress=progress)
    assert told == {
        path.relative_to(sound).as_posix(): path.stat().st_size
        for path in (sound / "data").rglob("*")
        if path.is_file()
    }


def test_a_missing_file_is_named(dossier: Path) -> None:
    (dossier / layout.letter_member(RESULT)).unlink()
    report = verify(dossier)
    assert report.verdict is Verdict.FAILED
    assert layout.letter_member(RESULT) in sentences(report, "completeness")
    assert "could not be" in sentences(report, "record") or "Not every letter" in sentences(report, "record")


def test_an_added_file_is_named(dossier: Path) -> None:
    (dossier / "data" / "letters" / "forged.asice").write_bytes(b"forged")
    (dossier / "note.txt").write_text("a note")
    report = verify(dossier)
    assert "data/letters/forged.asice: The file was added" in sentences(report, "completeness")
    assert "note.txt: The file was added" in sentences(report, "completeness")


@pytest.mark.parametrize("member", [*layout.TAG_FILES, layout.TAG_MANIFEST, layout.SEAL])
def test_a_missing_bag_file_is_named(dossier: Path, member: str) -> None:
    (dossier / member).unlink()
    report = verify(dossier)
    assert report.verdict is Verdict.FAILED
    assert f"{member}: The file is missing" in sentences(report, "form")


def test_links_are_never_followed(dossier: Path, tmp_path: Path) -> None:
    (tmp_path / "outside").write_bytes((dossier / layout.RECORD).read_bytes())
    (dossier / layout.RECORD).unlink()
    (dossier / layout.RECORD).symlink_to(tmp_path / "outside")
    (dossier / "data" / "loop").symlink_to(dossier / "data")
    report = verify(dossier)
    assert "data/record.json: The entry is a link" in sentences(report, "form")
    assert "data/loop: The entry is a link" in sentences(report, "form")
    assert report.verdict is Verdict.FAILED


def test_a_name_that_is_no_text_is_told_and_harms_nobody(dossier: Path) -> None:
    (dossier / "data" / os.fsdecode(b"caf\xe9")).write_text("added")
    report = verify(dossier)
    assert "data/caf?: The entry has a name that is not text" in sentences(report, "form")
    assert json.dumps(report.as_json(), ensure_ascii=False).encode()


def test_a_file_added_and_sealed_but_not_described_is_refused(dossier: Path) -> None:
    (dossier / "data" / "extra.txt").write_text("extra")
    seal_again(dossier)
    assert "data/extra.txt: The file was added" in sentences(verify(dossier), "description")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"{", "not canonical JSON"),
        (b"[]", "not of a version"),
        (b'{"version":"dedere-dossier/9"}', "not of a version"),
        (b'{"version":"dedere-dossier/1"}', "no day of export"),
        (b'{"exported_at":"2026-01-01T00:00:00Z","version":"dedere-dossier/1"}', "no Party"),
    ],
)
def test_a_description_that_is_none_fails_and_the_rest_is_not_checked(
    dossier: Path, data: bytes, sentence: str
) -> None:
    (dossier / layout.DESCRIPTION).write_bytes(data)
    report = verify(dossier)
    assert sentence in sentences(report, "description")
    assert "Not checked" in sentences(report, "letters")
    assert report.facts == {}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (drop("items"), "no list items"),
        (drop("title"), "no Description"),
        (set_field("items", "size", "many"), "size is of the wrong kind"),
        (set_field("items", "size", True), "size is of the wrong kind"),
        (set_field("items", "extra", "x"), "no ItemLine"),
        (set_field("items", "form", "shown"), "unknown form"),
        (set_field("items", "left_out", "a reason"), "contradicts itself about the item"),
        (set_field("letters", "left_out", "a reason"), "contradicts itself about the letter"),
        (set_field("audit", "size", None), "size is of the wrong kind"),
    ],
)
def test_a_description_that_contradicts_itself_is_refused(
    dossier: Path, change: Callable[[dict[str, Any]], None], sentence: str
) -> None:
    describe(dossier, change)
    assert sentence in sentences(verify(dossier), "description")


def test_a_description_of_other_files_is_refused(dossier: Path) -> None:
    def change(value: dict[str, Any]) -> None:
        value["letters"][0]["sha256"] = "0" * 64
        value["case_uco"] = value["index"]

    describe(dossier, change)
    seal_again(dossier)
    said = sentences(verify(dossier), "description")
    assert "not the one that the description means" in said
    assert "names a file for two things" in said
    assert "data/case.jsonld: The file was added: the description" in said


def test_a_clock_that_went_back_is_remarked_and_passes(tmp_path: Path) -> None:
    first = append(ITEM, Happening(CustodyEvent.INGESTED, START, "m"), last=None)
    second = append(ITEM, Happening(CustodyEvent.EXAMINED, START - dt.timedelta(hours=1), "m"), last=first)
    item = replace(item_of(story().parts[ITEM]), ledger=(first, second))
    write_dossier(tmp_path / "dossier", export(items=(item,)))
    report = verify(tmp_path / "dossier")
    assert report.verdict is Verdict.PASSED
    remarks = next(check.remarks for check in report.checks if check.name == "ledgers")
    assert "dated before the one it follows" in remarks[0].sentence


def test_a_tag_manifest_that_lists_other_files_is_refused(dossier: Path) -> None:
    (dossier / layout.TAG_MANIFEST).write_text(f"{'0' * 64}  bagit.txt\n")
    said = sentences(verify(dossier), "tag files")
    assert "exactly the bag's own files" in said
    assert "bagit.txt: The file was altered" in said


def test_a_bag_of_another_version_is_refused(dossier: Path) -> None:
    (dossier / layout.BAGIT).write_text("BagIt-Version: 0.97\n")
    assert "does not say BagIt 1.0" in sentences(verify(dossier), "form")


def test_a_dossier_that_was_zipped_by_hand_passes(sound: Path, tmp_path: Path) -> None:
    assert verify(zipped(sound, tmp_path / "by hand.zip")).verdict is Verdict.PASSED


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_zip_with_hostile_entries_is_refused(sound: Path, tmp_path: Path) -> None:
    hostile = {
        "dossier/../../outside": b"x",
        "no folder": b"x",
        "/absolute": b"x",
        "dossier/bagit.txt": b"twice",
        "dossier/data/bomb": bytes(30_000_000),
    }
    path = zipped(sound, tmp_path / "hostile.zip", **hostile)
    report = verify(path)
    said = sentences(report, "form")
    assert said.count("does not lie within the dossier") == 3
    assert "stands twice" in said
    assert report.verdict is Verdict.FAILED


def test_a_bomb_is_not_unpacked(sound: Path, tmp_path: Path) -> None:
    path = zipped(sound, tmp_path / "bomb.zip")
    data = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        entry = archive.getinfo("dossier/data/record.json")
    stated = entry.file_size.to_bytes(4, "little")
    packed = entry.compress_size.to_bytes(4, "little")
    assert data.count(packed + stated) == 2
    path.write_bytes(data.replace(packed + stated, packed + (0xF0000000).to_bytes(4, "little")))
    report = verify(path)
    assert "would unpack to far more" in sentences(report, "form")


def test_a_zip_packed_by_a_method_that_takes_any_memory_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "packed.zip", "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("dossier/bagit.txt", b"text")
    assert "bagit.txt: The entry is packed by a method" in sentences(verify(tmp_path / "packed.zip"), "form")


def test_an_encrypted_zip_is_refused(sound: Path, tmp_path: Path) -> None:
    path = zipped(sound, tmp_path / "encrypted.zip")
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(mark, data.find(b"dossier/bagit.txt") - 60 if mark[2] == 3 else data.find(b"PK\x01\x02"))
        while place >= 0:
            data[place + offset] |= 1
            place = data.find(mark, place + 4)
    path.write_bytes(data)
    assert "is encrypted" in sentences(verify(path), "form")


def test_a_zip_that_is_damaged_fails_and_names_itself(sound: Path, tmp_path: Path) -> None:
    path = zipped(sound, tmp_path / "cut.zip")
    path.write_bytes(path.read_bytes()[:-30])
    report = verify(path)
    assert report.verdict is Verdict.FAILED
    assert "cut.zip: The entry cannot be read as a zip file" in sentences(report, "form")
    assert report.subject is Subject.DOSSIER


def test_a_member_whose_packed_bytes_are_damaged_is_named(sound: Path, tmp_path: Path) -> None:
    path = zipped(sound, tmp_path / "damaged.zip")
    with zipfile.ZipFile(path) as archive:
        entry = archive.getinfo("dossier/data/record.json")
    data = bytearray(path.read_bytes())
    for place in range(entry.header_offset + 80, entry.header_offset + 200):
        data[place] ^= 0xFF
    path.write_bytes(data)
    assert "data/record.json" in sentences(verify(path), "fixity")


def test_what_is_no_subject_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_text("text")
    for path in (tmp_path, tmp_path / "absent", tmp_path / "text.txt"):
        with pytest.raises(UnknownSubjectError):
            verify(path)


def test_the_report_is_plain_data(sound: Path) -> None:
    plain = verify(sound).as_json()
    assert json.loads(json.dumps(plain)) == plain
    assert plain["at"] == format_instant(AT)
