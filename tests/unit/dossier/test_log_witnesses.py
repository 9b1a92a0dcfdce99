"""A log that partners witness: countersignatures in the dossier, and heads that whoever verifies holds from elsewhere."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from dedere.crypto.canonical import canonical_json
from dedere.crypto.merkle import MerkleTree
from dedere.dossier import layout
from dedere.dossier.contents import AuditExtract, Witness
from dedere.dossier.export import write_dossier
from dedere.dossier.report import Subject, Verdict, VerificationReport
from dedere.dossier.verify import verify_path
from dedere.protocol.container import Signing
from dedere.protocol.log import Checkpoint, Countersignature, Head, pack_checkpoint, pack_countersignature
from support.dossiers import START, audit, card_of, export, keys

if TYPE_CHECKING:
    from pathlib import Path

AT = START + dt.timedelta(days=5)
JUDGED = START + dt.timedelta(days=11)


def tree() -> MerkleTree:
    """The log that `support.dossiers.audit` is an extract of."""
    made = MerkleTree()
    for number in range(10):
        made.append(canonical_json({"version": "dedere-audit/1", "sequence": number, "action": f"step {number}"}))
    return made


def head(size: int) -> Head:
    return Head(size, tree().root(size).hex())


def countersigned(found: Head, *, by: str = "SN", log: str = "NL") -> bytes:
    made = Countersignature(
        log=card_of(log).party,
        head=found,
        checkpoint_sha256=hashlib.sha256(b"a checkpoint").hexdigest(),
        by=card_of(by).party,
        held_at=AT,
    )
    return pack_countersignature(made, signing=Signing(keys(by).gateway.signer, AT))


def checkpoint(found: Head, *, log: str = "NL") -> bytes:
    made = Checkpoint(log=card_of(log).party, at=AT, head=found, after=0, proof=())
    return pack_checkpoint(made, signing=Signing(keys(log).gateway.signer, AT))


def witnessed(size: int = 6, **changes: Any) -> AuditExtract:
    proof = tuple(step.hex() for step in tree().consistency_proof(size))
    witness = replace(Witness(countersigned(head(size)), proof), **changes)
    return replace(audit(), witnesses=(witness,))


def written(folder: Path, extract: AuditExtract | None) -> Path:
    write_dossier(folder / "dossier", export(audit=extract))
    return folder / "dossier"


def verify(dossier: Path, *held: bytes) -> VerificationReport:
    return verify_path(dossier, at=JUDGED, held=held)


def said(report: VerificationReport) -> str:
    (remarks,) = (each.remarks for each in report.checks if each.name == "audit log")
    return "\n".join(remark.sentence for remark in remarks)


def test_p248_a_countersigned_head_that_the_log_extends_passes_and_is_told(tmp_path: Path) -> None:
    report = verify(written(tmp_path, witnessed()))
    assert report.verdict is Verdict.PASSED
    assert "SN holds the head of the first 6 entries since" in said(report)


@pytest.mark.parametrize("size", [1, 10])
def test_p248_the_first_entry_and_the_whole_log_can_be_witnessed(tmp_path: Path, size: int) -> None:
    assert verify(written(tmp_path, witnessed(size))).verdict is Verdict.PASSED


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"proof": ()}, "not the one whose head is held here"),
        ({"proof": ("ab" * 32,) * 3}, "not the one whose head is held here"),
        ({"proof": ("zz",)}, "is no proof"),
        ({"countersignature": countersigned(Head(6, "ab" * 32))}, "not the one whose head is held here"),
    ],
)
def test_p248_a_log_that_does_not_extend_what_a_partner_holds_is_refused(
    tmp_path: Path, changes: dict[str, Any], sentence: str
) -> None:
    report = verify(written(tmp_path, witnessed(**changes)))
    assert report.verdict is Verdict.FAILED
    assert sentence in said(report)


def test_p248_a_countersignature_by_the_exporter_itself_or_of_another_head_is_refused(tmp_path: Path) -> None:
    dossier = written(tmp_path, witnessed())
    member = dossier / layout.witness_member("SN")
    member.write_bytes(countersigned(head(6), by="NL"))
    assert "of another authority" in said(verify(dossier))
    member.write_bytes(countersigned(head(5)))
    assert "of another head than the description names" in said(verify(dossier))
    member.unlink()
    assert verify(dossier).verdict is Verdict.FAILED


def test_p248_witnesses_without_a_log_are_refused(tmp_path: Path) -> None:
    dossier = written(tmp_path, witnessed())
    description = json.loads((dossier / layout.DESCRIPTION).read_bytes())
    description["audit"] = None
    (dossier / layout.DESCRIPTION).write_bytes(canonical_json(description))
    assert "There is no log" in said(verify(dossier))


@pytest.mark.parametrize("kept", [countersigned(head(6)), checkpoint(head(6)), checkpoint(head(10))])
def test_p248_a_head_kept_elsewhere_is_found_in_the_log(tmp_path: Path, kept: bytes) -> None:
    report = verify(written(tmp_path, witnessed()), kept)
    assert report.verdict is Verdict.PASSED
    assert "that is held here is one of this log" in said(report)


@pytest.mark.parametrize(
    ("kept", "verdict", "sentence"),
    [
        (checkpoint(Head(6, "ab" * 32)), Verdict.FAILED, "it was rewritten"),
        (checkpoint(Head(10, "ab" * 32)), Verdict.FAILED, "it was rewritten"),
        (checkpoint(head(7)), Verdict.INDETERMINATE, "no proof for the head of 7 entries"),
        (checkpoint(head(6), log="SN"), Verdict.FAILED, "the log of SN, not of the exporter's"),
        (b"PK no container", Verdict.FAILED, "container"),
    ],
)
def test_p248_a_head_kept_elsewhere_that_does_not_fit_is_told(
    tmp_path: Path, kept: bytes, verdict: Verdict, sentence: str
) -> None:
    report = verify(written(tmp_path, witnessed()), kept)
    assert report.verdict is verdict
    assert sentence in said(report)


def test_p248_a_head_kept_elsewhere_needs_a_log_to_compare(tmp_path: Path) -> None:
    assert "There is no log" in said(verify(written(tmp_path, None), checkpoint(head(6))))


@pytest.mark.parametrize(
    ("data", "subject"),
    [(checkpoint(head(6)), Subject.CHECKPOINT), (countersigned(head(6)), Subject.COUNTERSIGNATURE)],
)
def test_p241_a_head_is_verified_by_itself(tmp_path: Path, data: bytes, subject: Subject) -> None:
    path = tmp_path / "head.asice"
    path.write_bytes(data)
    cards = [card_of("NL").container, card_of("SN").container]
    report = verify_path(path, at=JUDGED, cards=cards)
    assert (report.subject, report.verdict) == (subject, Verdict.PASSED)
    assert report.facts["size"] == "6"
    assert verify_path(path, at=JUDGED).verdict is Verdict.INDETERMINATE
    signer = "SN" if subject is Subject.CHECKPOINT else "NL"
    assert verify_path(path, at=JUDGED, cards=[card_of(signer).container]).verdict is Verdict.FAILED
