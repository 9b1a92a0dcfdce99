"""Cards, seals, letters and receipts that do not hold, in dossiers that were sealed again."""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from dedere.crypto.digests import sha256_hex
from dedere.dossier import layout
from dedere.dossier.contents import ExportedLetter
from dedere.dossier.export import write_dossier
from dedere.dossier.records import recorded_act
from dedere.dossier.report import Verdict
from dedere.protocol.container import Signing, pack_container
from dedere.protocol.errors import ContentRefusedError
from dedere.protocol.letter import pack_letter
from support import pki
from support.dossiers import LONG_AFTER, START, card_of, export, signing_of, story
from support.exchange import PDF, plain_letter

if TYPE_CHECKING:
    from pathlib import Path


from support.spoiling import FIRST, RESULT, describe, found, line_of, seal_again, sentences, sign, verify


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


@pytest.mark.parametrize("text", ["nonsense\n", f"{'0' * 64}  a\n{'0' * 64}  a\n"])
def test_a_manifest_that_is_unreadable_or_repeats_itself_is_refused(dossier: Path, text: str) -> None:
    (dossier / layout.MANIFEST).write_text(text)
    report = verify(dossier)
    assert "unreadable or repeated" in sentences(report, "form")
    assert "manifest could not be read" in sentences(report, "fixity")
    (dossier / layout.MANIFEST).write_bytes(b"\xff\xfe")
    assert "not text in UTF-8" in sentences(verify(dossier), "form")


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
