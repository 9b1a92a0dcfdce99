"""Dossiers that somebody made wrong on purpose: each is refused by the check that is there for it.

A forger who holds a key can seal anything; so the dossiers here are repacked and sealed anew after they were spoiled.
"""

from __future__ import annotations

import datetime as dt
import functools
import json
import os
import shutil
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from dedere.base.clock import format_instant
from dedere.crypto.canonical import canonical_json
from dedere.crypto.digests import sha256_hex
from dedere.dossier import layout
from dedere.dossier.bag import encode_name
from dedere.dossier.contents import EvidenceForm, ExportedLetter
from dedere.dossier.errors import UnknownSubjectError
from dedere.dossier.export import write_dossier
from dedere.dossier.records import recorded_act
from dedere.dossier.report import Subject, Verdict
from dedere.dossier.verify import verify_path
from dedere.protocol.container import Signing, pack_container
from dedere.protocol.errors import ContentRefusedError
from dedere.protocol.letter import pack_letter
from dedere.vault.ledger import CustodyEntry, CustodyEvent, Happening, append, write_ledger
from support import pki
from support.dossiers import LONG_AFTER, START, card_of, export, item_of, keys, signing_of, story
from support.exchange import PDF, plain_letter

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from dedere.dossier.report import Remark, VerificationReport

AT = START + dt.timedelta(days=30)
FIRST = story().told[0].letter.id
RESULT = story().told[3].letter.id
ITEM = next(iter(story().parts))


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sound") / "dossier"
    write_dossier(folder, export())
    return folder


@pytest.fixture
def dossier(sound: Path, tmp_path: Path) -> Path:
    shutil.copytree(sound, tmp_path / "dossier")
    return tmp_path / "dossier"


def verify(path: Path, **more: Any) -> VerificationReport:
    return verify_path(path, at=more.pop("at", AT), **more)


def found(report: VerificationReport, check: str) -> list[Remark]:
    (remarks,) = (each.remarks for each in report.checks if each.name == check)
    return [remark for remark in remarks if remark.verdict is not Verdict.PASSED]


def sentences(report: VerificationReport, check: str) -> str:
    return "\n".join(f"{remark.member}: {remark.sentence}" for remark in found(report, check))


def describe(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Alter the description."""
    path = folder / layout.DESCRIPTION
    value = json.loads(path.read_bytes())
    change(value)
    path.write_bytes(canonical_json(value))


def line_of(value: dict[str, Any], kind: str, identifier: str) -> dict[str, Any]:
    line: dict[str, Any] = next(line for line in value[kind] if line.get("id", line.get("letter")) == identifier)
    return line


def seal_again(folder: Path, **changes: object) -> None:
    """Write manifests and seal as the exporter would."""
    payload = sorted(path.relative_to(folder).as_posix() for path in (folder / "data").rglob("*") if path.is_file())
    digests = {member: sha256_hex((folder / member).read_bytes()) for member in payload}
    lines = (f"{digests[member]}  {encode_name(member)}\n" for member in payload)
    (folder / layout.MANIFEST).write_text("".join(lines))
    tags = "".join(f"{sha256_hex((folder / tag).read_bytes())}  {tag}\n" for tag in sorted(layout.TAG_FILES))
    (folder / layout.TAG_MANIFEST).write_text(tags)
    description = json.loads((folder / layout.DESCRIPTION).read_bytes())
    seal = {
        "version": layout.SEAL_VERSION,
        "exporter": description["exporter"],
        "exported_at": description["exported_at"],
        "dossier": description["id"],
        "case": description["case"],
        "exported_by": description["exported_by"],
        "tagmanifest_sha256": sha256_hex(tags.encode()),
        "record_sha256": description["record_sha256"],
        "files": len(payload),
        "bytes": 0,
        **changes,
    }
    sign(folder / layout.SEAL, layout.SEAL_MEMBER, seal)


def sign(path: Path, member: str, value: dict[str, object], signing: Signing | None = None) -> None:
    signing = signing or signing_of("NL", START + dt.timedelta(days=10))
    path.write_bytes(
        pack_container(
            {member: canonical_json(value)},
            signer=signing.signer,
            signed_at=signing.signed_at,
            timestamper=signing.timestamper,
        )
    )


def test_a_sound_dossier_passes_with_and_without_a_fingerprint(sound: Path) -> None:
    report = verify(sound)
    assert report.verdict is Verdict.PASSED
    assert [check.number for check in report.checks] == list(range(1, 17))
    assert {anchor.state for anchor in report.anchors} == {"NL", "SN"}
    assert not any(anchor.compared for anchor in report.anchors)
    compared = verify(sound, trusted=[card_of("NL").fingerprint, card_of("SN").fingerprint.replace(" ", "-")])
    assert compared.verdict is Verdict.PASSED
    assert all(anchor.compared for anchor in compared.anchors)


def test_a_fingerprint_that_is_another_leaves_a_doubt(sound: Path) -> None:
    report = verify(sound, trusted=[card_of("NL").fingerprint])
    assert report.verdict is Verdict.INDETERMINATE
    assert [remark.sub_indication for remark in found(report, "cards")] == ["NO_CERTIFICATE_CHAIN_FOUND"]


def test_it_still_passes_when_the_signing_certificates_have_expired(sound: Path) -> None:
    assert verify(sound, at=LONG_AFTER).verdict is Verdict.PASSED


def test_without_a_valid_time_stamp_an_expired_certificate_leaves_a_doubt(sound: Path) -> None:
    report = verify(sound, at=dt.datetime(2070, 1, 1, tzinfo=dt.UTC))
    assert report.verdict is Verdict.INDETERMINATE
    assert {remark.sub_indication for remark in found(report, "letters")} == {"OUT_OF_BOUNDS_NO_POE"}
    assert {remark.indication for remark in found(report, "seal")} == {"INDETERMINATE"}


def test_a_dossier_judged_before_it_was_made_leaves_a_doubt(sound: Path) -> None:
    report = verify(sound, at=START)
    assert report.verdict is Verdict.INDETERMINATE
    assert "one of two clocks is wrong" in sentences(report, "seal")


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


def test_a_seal_by_somebody_else_is_refused(dossier: Path) -> None:
    seal: dict[str, object] = {"version": layout.SEAL_VERSION}
    stranger = pki.state("MN").authority.signer
    sign(dossier / layout.SEAL, layout.SEAL_MEMBER, seal, Signing(stranger, START, timestamper=None))
    report = verify(dossier)
    assert "tagmanifest-sha256.txt: The tag manifest is not the one that was sealed" in sentences(report, "seal")
    assert any(remark.sub_indication for remark in found(report, "seal"))


def test_a_seal_of_another_dossier_is_refused(dossier: Path) -> None:
    seal_again(dossier, dossier="another", record_sha256="0" * 64)
    report = verify(dossier)
    assert "differ in dossier" in sentences(report, "seal")
    assert "digest of the record is not the one that was sealed" in sentences(report, "record")


def test_a_seal_of_another_form_is_refused(dossier: Path) -> None:
    sign(dossier / layout.SEAL, layout.SEAL_MEMBER, {"version": "dedere-dossier-seal/9"})
    assert "of version dedere-dossier-seal/1" in sentences(verify(dossier), "seal")
    signing = signing_of("NL", START)
    (dossier / layout.SEAL).write_bytes(
        pack_container({layout.SEAL_MEMBER: b"{not json"}, signer=signing.signer, signed_at=START)
    )
    assert "not canonical JSON" in sentences(verify(dossier), "seal")
    (dossier / layout.SEAL).write_bytes(b"PK no container")
    assert layout.SEAL in sentences(verify(dossier), "seal")


def test_an_exporter_under_the_card_of_another_state_is_refused(dossier: Path) -> None:
    def change(value: dict[str, Any]) -> None:
        value["exporter"]["state"] = "SN"

    describe(dossier, change)
    seal_again(dossier)
    assert "names another State than its card" in sentences(verify(dossier), "seal")


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


def set_field(kind: str, name: str, value: object) -> Callable[[dict[str, Any]], None]:
    def change(description: dict[str, Any]) -> None:
        (description[kind][0] if isinstance(description[kind], list) else description[kind])[name] = value

    return change


def drop(name: str) -> Callable[[dict[str, Any]], None]:
    def change(description: dict[str, Any]) -> None:
        del description[name]

    return change


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


def test_a_card_that_breaks_its_chain_is_refused(dossier: Path) -> None:
    (dossier / layout.card_member("SN", 1)).write_bytes(card_of("NL").container)
    report = verify(dossier)
    assert "cards of SN are those of another State" in sentences(report, "cards")
    (dossier / layout.card_member("SN", 1)).write_bytes(story().told[0].container)
    report = verify(dossier)
    assert layout.card_member("SN", 1) in sentences(report, "cards")
    assert found(report, "letters")


def test_an_exchanged_letter_is_refused(dossier: Path) -> None:
    other = story().told[1]
    (dossier / layout.letter_member(FIRST)).write_bytes(other.container)

    def change(value: dict[str, Any]) -> None:
        line_of(value, "letters", FIRST)["sha256"] = other.digest

    describe(dossier, change)
    seal_again(dossier)
    report = verify(dossier)
    assert "another identifier or case" in sentences(report, "letters")
    assert report.verdict is Verdict.FAILED


def test_a_readable_page_that_is_another_is_refused(dossier: Path) -> None:
    (dossier / layout.act_member(FIRST)).write_bytes(b"%PDF-1.7 something milder\n")
    seal_again(dossier)
    report = verify(dossier)
    assert f"{layout.act_member(FIRST)}: The readable page is not the one" in sentences(report, "letters")


def test_a_receipt_for_another_letter_is_refused(dossier: Path) -> None:
    member = layout.receipt_member(FIRST, 1)
    other = story().told[2].receipts[0]
    (dossier / member).write_bytes(other)
    seal_again(dossier)
    report = verify(dossier)
    assert f"{member}: The receipt is not for what was sent" in sentences(report, "receipts")


def test_a_receipt_for_an_unknown_part_or_letter_is_refused(dossier: Path) -> None:
    member = layout.receipt_member(RESULT, 2)
    (dossier / member).write_bytes(story().told[0].receipts[1])
    seal_again(dossier)
    assert "part that its letter does not have" in sentences(verify(dossier), "receipts")

    def change(value: dict[str, Any]) -> None:
        line_of(value, "receipts", FIRST)["letter"] = "absent"

    describe(dossier, change)
    assert "letter is not in the dossier" in sentences(verify(dossier), "receipts")


def test_a_letter_taken_out_of_the_middle_is_missed(tmp_path: Path) -> None:
    whole = export()
    write_dossier(tmp_path / "dossier", replace(whole, letters=(whole.letters[0], *whole.letters[2:])))
    report = verify(tmp_path / "dossier")
    said = sentences(report, "correspondence")
    assert f"It answers the letter {story().told[1].letter.id}, which is missing" in said
    assert "letter number 1 of this case is missing" in said
    assert report.verdict is Verdict.FAILED


def test_a_letter_left_out_openly_leaves_a_doubt_and_its_digest(tmp_path: Path) -> None:
    whole = export()
    hidden = replace(whole.letters[1], left_out="names a source (fictional)")
    letters = (whole.letters[0], hidden, *whole.letters[2:])
    write_dossier(tmp_path / "dossier", replace(whole, letters=letters))
    report = verify(tmp_path / "dossier")
    assert report.verdict is Verdict.INDETERMINATE
    assert not found(report, "correspondence")
    assert "cannot be computed anew" in sentences(report, "record")
    assert next((each.kind, each.sha256) for each in report.left_out) == ("letter", hidden.digest)


def test_a_record_that_the_letters_do_not_make_is_refused(dossier: Path) -> None:
    path = dossier / layout.RECORD
    path.write_bytes(path.read_bytes().replace(b"closed", b"opened"))

    def change(value: dict[str, Any]) -> None:
        value["record_sha256"] = sha256_hex(path.read_bytes())

    describe(dossier, change)
    seal_again(dossier)
    report = verify(dossier)
    assert "data/record.json: The record is not the one that the letters make" in sentences(report, "record")


def rewrite_ledger(folder: Path, *happenings: Happening, item: str = ITEM) -> None:
    """Another ledger for the item, described and sealed as if it were true."""
    entries: list[CustodyEntry] = []
    for happening in happenings:
        entries.append(append(item, happening, last=entries[-1] if entries else None))
    (folder / layout.ledger_member(ITEM)).write_bytes(write_ledger(entries))

    def change(value: dict[str, Any]) -> None:
        line_of(value, "items", ITEM)["ledger_entries"] = len(entries)
        line_of(value, "items", ITEM)["ledger_head"] = entries[-1].digest()

    describe(folder, change)
    seal_again(folder)


ORIGIN = story().ledgers[ITEM][0].origin


@pytest.mark.parametrize(
    ("happening", "check", "sentence"),
    [
        (Happening(CustodyEvent.INGESTED, START, "m", sha256="0" * 64, origin=ORIGIN), "ledgers", "other content"),
        (Happening(CustodyEvent.INGESTED, START, "m", origin="0" * 64), "ledgers", "does not continue the one"),
        (Happening(CustodyEvent.INGESTED, START, "m", signature="1" * 64), "attestations", "not in the dossier"),
    ],
)
def test_a_ledger_that_lies_is_refused(dossier: Path, happening: Happening, check: str, sentence: str) -> None:
    rewrite_ledger(dossier, happening)
    report = verify(dossier)
    assert sentence in sentences(report, check)
    assert layout.ledger_member(ITEM) in sentences(report, check)


def test_a_ledger_of_another_item_is_refused(dossier: Path) -> None:
    rewrite_ledger(dossier, Happening(CustodyEvent.INGESTED, START, "m"), item="another")
    assert "of another item" in sentences(verify(dossier), "ledgers")


def test_a_clock_that_went_back_is_remarked_and_passes(tmp_path: Path) -> None:
    first = append(ITEM, Happening(CustodyEvent.INGESTED, START, "m"), last=None)
    second = append(ITEM, Happening(CustodyEvent.EXAMINED, START - dt.timedelta(hours=1), "m"), last=first)
    item = replace(item_of(story().parts[ITEM]), ledger=(first, second))
    write_dossier(tmp_path / "dossier", export(items=(item,)))
    report = verify(tmp_path / "dossier")
    assert report.verdict is Verdict.PASSED
    remarks = next(check.remarks for check in report.checks if check.name == "ledgers")
    assert "dated before the one it follows" in remarks[0].sentence


def test_an_unreadable_ledger_is_refused_once_and_by_name(dossier: Path) -> None:
    (dossier / layout.ledger_member(ITEM)).write_bytes(b"not a ledger\n")
    report = verify(dossier)
    assert f"{layout.ledger_member(ITEM)}: Entry 1 of the custody ledger is not JSON" in sentences(report, "ledgers")
    (dossier / layout.ledger_member(ITEM)).unlink()
    assert layout.ledger_member(ITEM) in sentences(verify(dossier), "ledgers")


def test_an_attestation_is_verified_under_the_cards(tmp_path: Path) -> None:
    at = START
    own = pack_container({"note.txt": b"handed over"}, signer=keys("SN").gateway.signer, signed_at=at)
    foreign = pack_container({"note.txt": b"forged"}, signer=pki.state("MN").gateway.signer, signed_at=at)
    for container, passes in ((own, True), (foreign, False)):
        entry = append(ITEM, Happening(CustodyEvent.INGESTED, START, "m", signature=sha256_hex(container)), last=None)
        item = replace(item_of(story().parts[ITEM]), ledger=(entry,), attestations=(container,))
        write_dossier(tmp_path / f"dossier {passes}", export(items=(item,)))
        report = verify(tmp_path / f"dossier {passes}")
        assert (report.verdict is Verdict.PASSED) == passes
        assert bool(found(report, "attestations")) != passes


def test_a_left_out_letter_attests_by_its_digest(tmp_path: Path) -> None:
    whole = export()
    hidden = replace(whole.letters[4], left_out="names a source (fictional)")
    letters = (*whole.letters[:4], hidden, *whole.letters[5:])
    write_dossier(tmp_path / "dossier", replace(whole, letters=letters))
    report = verify(tmp_path / "dossier")
    assert not found(report, "attestations")
    assert any("left out" in remark.sentence for check in report.checks for remark in check.remarks)


def test_exchanged_evidence_is_refused_although_sealed_anew(dossier: Path) -> None:
    (plain,) = (dossier / "data" / "evidence" / ITEM).iterdir()
    plain.write_bytes(b"other evidence")
    sealed = next(path for path in (dossier / "data" / "evidence").rglob("*.age"))
    sealed.write_bytes(sealed.read_bytes()[:-1] + b"x")
    seal_again(dossier)
    said = sentences(verify(dossier), "evidence")
    assert "The item is not the one that its custody is recorded of" in said
    assert "The sealed item is not the one" in said


def test_sealed_evidence_that_is_no_sealed_file_is_refused(dossier: Path) -> None:
    sealed = next(path for path in (dossier / "data" / "evidence").rglob("*.age"))
    sealed.write_bytes(b"plain after all")
    seal_again(dossier)
    assert "The sealed item is not the one" in sentences(verify(dossier), "evidence")


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("part", "absent", "announces no part absent"),
        ("sha256", "0" * 64, "is not the part"),
        ("object", "0" * 64, "sealed form of the item"),
    ],
)
def test_an_item_that_its_letter_did_not_announce_is_refused(
    dossier: Path, name: str, value: str, sentence: str
) -> None:
    def change(description: dict[str, Any]) -> None:
        line_of(description, "items", ITEM)[name] = value

    describe(dossier, change)
    assert sentence in sentences(verify(dossier), "evidence")


def test_a_part_that_disappears_without_a_word_is_missed(dossier: Path) -> None:
    def change(value: dict[str, Any]) -> None:
        value["items"] = [item for item in value["items"] if item["id"] != ITEM]

    describe(dossier, change)
    said = sentences(verify(dossier), "evidence")
    assert f"letter {RESULT} is missing without a word" in said


def test_evidence_that_cannot_be_read_leaves_no_silence(dossier: Path) -> None:
    next((dossier / "data" / "evidence" / ITEM).iterdir()).unlink()
    report = verify(dossier)
    assert "could not be read" in sentences(report, "evidence")
    assert report.verdict is Verdict.FAILED


def test_a_dossier_without_items_left_out_says_so(tmp_path: Path) -> None:
    items = tuple(item_of(part, EvidenceForm.LEFT_OUT) for part in story().parts.values())
    write_dossier(tmp_path / "dossier", export(items=items))
    report = verify(tmp_path / "dossier")
    assert report.verdict is Verdict.PASSED
    assert {each.id for each in report.left_out} >= set(story().parts)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (b"{", "not proven"),
        (b"[]", "no entry of an extract"),
        (b'{"entry":{},"index":"0","proof":[]}', "no entry of an extract"),
        (b'{"entry":{"forged":true},"index":0,"proof":[]}', "not proven"),
        (b'{"entry":{"forged":true},"index":0,"proof":["zz"]}', "not proven"),
    ],
)
def test_a_log_entry_that_is_not_proven_is_refused(dossier: Path, line: bytes, sentence: str) -> None:
    path = dossier / layout.AUDIT_EXTRACT
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([lines[0], line + b"\n", lines[2]]))
    assert f"Line 2: it is {sentence}" in sentences(verify(dossier), "audit log")


def test_a_shortened_extract_and_another_checkpoint_are_refused(dossier: Path) -> None:
    path = dossier / layout.AUDIT_EXTRACT
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])
    sign(dossier / layout.AUDIT_CHECKPOINT, layout.CHECKPOINT_MEMBER, {"version": layout.CHECKPOINT_VERSION})
    said = sentences(verify(dossier), "audit log")
    assert "1 entries; 3 were exported" in said
    assert "not the one that the description names" in said


def test_a_dossier_without_a_log_says_so(tmp_path: Path) -> None:
    write_dossier(tmp_path / "dossier", export(audit=None))
    report = verify(tmp_path / "dossier")
    assert report.verdict is Verdict.PASSED
    assert next(check for check in report.checks if check.name == "audit log").remarks


@pytest.mark.parametrize(
    "data", [b"{", b"[]", b"{}", b'{"@graph":[{"@type":"uco-observable:File"}]}', b'{"@graph":[1]}']
)
def test_a_vocabulary_that_is_none_is_refused(dossier: Path, data: bytes) -> None:
    (dossier / layout.CASE_UCO).write_bytes(data)
    assert "cannot be read" in sentences(verify(dossier), "vocabulary")


def test_a_vocabulary_of_other_items_is_refused(dossier: Path) -> None:
    path = dossier / layout.CASE_UCO
    digest = story().parts[ITEM].sha256.upper().encode()
    path.write_bytes(path.read_bytes().replace(digest, b"0" * 64))
    said = sentences(verify(dossier), "vocabulary")
    assert "leaves out items" in said
    assert "items that the dossier does not have" in said


@pytest.mark.parametrize("text", ["nonsense\n", f"{'0' * 64}  a\n{'0' * 64}  a\n"])
def test_a_manifest_that_is_unreadable_or_repeats_itself_is_refused(dossier: Path, text: str) -> None:
    (dossier / layout.MANIFEST).write_text(text)
    report = verify(dossier)
    assert "unreadable or repeated" in sentences(report, "form")
    assert "manifest could not be read" in sentences(report, "fixity")
    (dossier / layout.MANIFEST).write_bytes(b"\xff\xfe")
    assert "not text in UTF-8" in sentences(verify(dossier), "form")


def test_a_tag_manifest_that_lists_other_files_is_refused(dossier: Path) -> None:
    (dossier / layout.TAG_MANIFEST).write_text(f"{'0' * 64}  bagit.txt\n")
    said = sentences(verify(dossier), "tag files")
    assert "exactly the bag's own files" in said
    assert "bagit.txt: The file was altered" in said


def test_a_bag_of_another_version_is_refused(dossier: Path) -> None:
    (dossier / layout.BAGIT).write_text("BagIt-Version: 0.97\n")
    assert "does not say BagIt 1.0" in sentences(verify(dossier), "form")


def zipped(folder: Path, target: Path, **more: bytes) -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.mkdir("dossier")
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            archive.write(path, f"dossier/{path.relative_to(folder).as_posix()}")
        for name, data in more.items():
            archive.writestr(name, data)
    return target


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


def test_a_letter_of_an_unknown_kind_is_named() -> None:
    letter = plain_letter(
        sender=card_of("NL").party,
        recipient=card_of("SN").party,
        act={"version": "dedere-act/1", "kind": "conquest", "proceeding": "p", "officer": {"name": "x"}, "body": {}},
    )
    container = pack_letter(letter, PDF, signing=signing_of("NL", letter.sealed_at))
    with pytest.raises(ContentRefusedError, match="unknown kind"):
        recorded_act(letter, sha256_hex(container))


def test_two_letters_in_one_place_leave_a_doubt(tmp_path: Path) -> None:
    whole = export()
    first = story().told[0].letter
    rival = replace(first, id=story().told[5].letter.id[::-1].replace("1", "2"), parts=())
    container = pack_letter(rival, PDF, signing=signing_of("NL", rival.sealed_at))
    added = ExportedLetter(id=rival.id, digest=sha256_hex(container), read=functools.partial(bytes, container))
    write_dossier(tmp_path / "dossier", replace(whole, letters=(*whole.letters, added)))
    report = verify(tmp_path / "dossier")
    assert report.verdict is Verdict.INDETERMINATE
    assert "has sent two letters that contradict" in sentences(report, "correspondence")


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
