"""Ledgers, evidence and logs that lie, in dossiers that were sealed again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from dedere.crypto.digests import sha256_hex
from dedere.dossier import layout
from dedere.dossier.contents import EvidenceForm
from dedere.dossier.export import write_dossier
from dedere.dossier.report import Verdict
from dedere.protocol.container import pack_container
from dedere.vault.ledger import CustodyEntry, CustodyEvent, Happening, append, write_ledger
from support import pki
from support.dossiers import START, export, item_of, keys, story

if TYPE_CHECKING:
    from pathlib import Path


from support.spoiling import ITEM, RESULT, describe, found, line_of, seal_again, sentences, sign, verify


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
    (plain,) = (dossier / "data" / "evidence").glob(f"{ITEM}-*")
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
    next((dossier / "data" / "evidence").glob(f"{ITEM}-*")).unlink()
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
