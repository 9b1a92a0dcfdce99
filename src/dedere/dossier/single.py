"""Verifying one letter, receipt, card, or head of an audit log by itself.

  1. *form*       it is exactly a container of the protocol and its manifest holds
  2. *content*    its JSON is canonical, of a known version and as its schema says
  3. *trust*      the cards given make unbroken chains, and lead to a trusted fingerprint where one is given
  4. *signature*  it is signed as the card that it names promises

Without cards nobody can say who signed: the last two are then indeterminate.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dedere.base.clock import format_instant
from dedere.base.errors import MessageError
from dedere.dossier.checks.letters import verified_letter
from dedere.dossier.checks.trust import anchor_of, chains_of
from dedere.dossier.errors import UnknownSubjectError
from dedere.dossier.plan import NotCheckedError, Step, judged, refused, run_plan
from dedere.dossier.report import Anchor, Remark, Subject, Verdict, VerificationReport
from dedere.protocol.card import CARD_MEMBER, fingerprint, read_card
from dedere.protocol.container import MIMETYPE, OpenedContainer, open_container, require_passed, verify_container
from dedere.protocol.letter import LETTER_LIMITS, LETTER_MEMBER, MAX_CONTAINER_BYTES, read_letter
from dedere.protocol.log import (
    CHECKPOINT_MEMBER,
    COUNTERSIGNATURE_MEMBER,
    read_checkpoint,
    read_countersignature,
    verified_head,
)
from dedere.protocol.receipt import RECEIPT_MEMBER, MachineReceipt, read_receipt
from dedere.protocol.trust import TrustDirectory

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from dedere.protocol.card import Card
    from dedere.protocol.letter import Letter
    from dedere.protocol.log import Checkpoint, Countersignature
    from dedere.protocol.receipt import PartReceipt

    _Content = Letter | MachineReceipt | PartReceipt | Card | Checkpoint | Countersignature

_SUBJECTS = {
    LETTER_MEMBER: Subject.LETTER,
    RECEIPT_MEMBER: Subject.RECEIPT,
    CARD_MEMBER: Subject.CARD,
    CHECKPOINT_MEMBER: Subject.CHECKPOINT,
    COUNTERSIGNATURE_MEMBER: Subject.COUNTERSIGNATURE,
}
_NO_CARDS = Remark(
    Verdict.INDETERMINATE,
    "No card was given, so nobody can say whose signature this is; give the signer's cards.",
    indication="INDETERMINATE",
    sub_indication="NO_CERTIFICATE_CHAIN_FOUND",
)


def is_container(first: bytes) -> bool:
    """Whether the first 256 bytes of a file are those of a container, also when one of them was altered."""
    return first[30:38] == b"mimetype" or first.startswith(MIMETYPE, 38)


def verify_single(path: Path, *, at: dt.datetime, trusted: Sequence[str], cards: Sequence[bytes]) -> VerificationReport:
    """Verify one container.

    Raises:
        UnknownSubjectError: it is of a kind that is verified only within a dossier.
    """
    with path.open("rb") as file:
        data = file.read(MAX_CONTAINER_BYTES + 1)
    subject = next((subject for member, subject in _SUBJECTS.items() if member.encode() in data), None)
    if subject is None:
        raise UnknownSubjectError(f"The container {path.name} holds no letter, receipt, card or head of a log.")
    single = _Single(path.name, subject, data, at, tuple(trusted), tuple(cards))
    checks = run_plan(_PLAN, single)
    return VerificationReport(subject, path.name, at, checks, tuple(single.anchors), facts=single.facts)


@dataclass(slots=True)
class _Single:
    name: str
    subject: Subject
    data: bytes
    at: dt.datetime
    trusted: tuple[str, ...]
    cards: tuple[bytes, ...]
    counted: int = 1
    opened: OpenedContainer | None = None
    content: _Content | None = None
    directory: TrustDirectory = field(default_factory=TrustDirectory)
    anchors: list[Anchor] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)


def _check_form(single: _Single) -> Iterator[Remark]:
    try:
        single.opened = open_container(single.data, limits=LETTER_LIMITS)
    except MessageError as error:
        yield refused(error, single.name)


def _check_content(single: _Single) -> Iterator[Remark]:
    opened = _opened(single)
    try:
        match single.subject:
            case Subject.LETTER:
                single.content = letter = read_letter(opened)
                single.facts = _letter_facts(letter, opened.digest)
            case Subject.RECEIPT:
                single.content = receipt = read_receipt(single.data)[1]
                single.facts = _receipt_facts(receipt)
            case Subject.CHECKPOINT:
                single.content = checkpoint = read_checkpoint(single.data)[1]
                single.facts = _checkpoint_facts(checkpoint)
            case Subject.COUNTERSIGNATURE:
                single.content = countersignature = read_countersignature(single.data)[1]
                single.facts = _countersignature_facts(countersignature)
            case _:
                single.content = card = read_card(single.data)
                single.facts = _card_facts(card, opened.digest)
    except MessageError as error:
        yield refused(error, single.name)


def _check_trust(single: _Single) -> Iterator[Remark]:
    containers = single.cards
    if single.subject is Subject.CARD and not containers:
        containers = (single.data,)
    if not containers:
        yield _NO_CARDS
    for chain in chains_of(containers):
        single.directory = single.directory.pinned(chain)
        anchor, remark = anchor_of(chain, single.trusted, member="")
        single.anchors.append(anchor)
        yield remark


def _check_signature(single: _Single) -> Iterator[Remark]:
    content = _content(single)
    if not single.directory.states:
        yield _NO_CARDS
        return
    try:
        match single.subject:
            case Subject.LETTER:
                yield from verified_letter(single.data, single.directory, at=single.at, member=single.name)[2]
            case Subject.RECEIPT:
                # `_check_content` has read a receipt for this subject.
                yield from _receipt_signature(single, content)  # type: ignore[arg-type]
            case Subject.CHECKPOINT | Subject.COUNTERSIGNATURE:
                verified_head(single.data, directory=single.directory, now=single.at)
            case _:
                # A card is verified as a link of its chain, which was made in the check before.
                single.directory.card(_opened(single).digest)
    except MessageError as error:
        yield refused(error, single.name)


def _receipt_signature(single: _Single, receipt: MachineReceipt | PartReceipt) -> Iterator[Remark]:
    at = receipt.received_at
    card = single.directory.card_for_letter(receipt.received_by.card, sealed_at=at, now=at).card
    opened = _opened(single)
    for moment in (at, single.at):
        report = verify_container(
            opened, trusted=card.gateway_certificates, stamps=card.timestamp_certificates, at=moment
        )
        if moment == at:
            require_passed(report)
        yield from judged(report, single.name)


def _opened(single: _Single) -> OpenedContainer:
    if single.opened is None:
        raise NotCheckedError("the container does not open")
    return single.opened


def _content(single: _Single) -> _Content:
    if single.content is None:
        raise NotCheckedError("the content could not be read")
    return single.content


def _letter_facts(letter: Letter, digest: str) -> dict[str, str]:
    return {
        "letter": letter.id,
        "case": letter.case,
        "sender": letter.sender.state,
        "recipient": letter.recipient.state,
        "sequence": str(letter.sequence),
        "act": str(letter.act.get("kind", "")),
        "sealed_at": format_instant(letter.sealed_at),
        "sha256": digest,
    }


def _receipt_facts(receipt: MachineReceipt | PartReceipt) -> dict[str, str]:
    facts = {"letter": receipt.letter, "received_by": receipt.received_by.state}
    if isinstance(receipt, MachineReceipt):
        facts["container_sha256"] = receipt.container_sha256
    else:
        facts["part"] = receipt.part
    return {**facts, "received_at": format_instant(receipt.received_at)}


def _checkpoint_facts(checkpoint: Checkpoint) -> dict[str, str]:
    head = checkpoint.head
    return {
        "log": checkpoint.log.state,
        "size": str(head.size),
        "root": head.root,
        "at": format_instant(checkpoint.at),
    }


def _countersignature_facts(found: Countersignature) -> dict[str, str]:
    return {
        "log": found.log.state,
        "size": str(found.head.size),
        "root": found.head.root,
        "held_by": found.by.state,
        "held_at": format_instant(found.held_at),
    }


def _card_facts(card: Card, digest: str) -> dict[str, str]:
    return {
        "state": card.state,
        "name": card.name,
        "serial": str(card.serial),
        "valid_from": card.valid_from.isoformat(),
        "valid_until": card.valid_until.isoformat(),
        "fingerprint": fingerprint(digest),
    }


_PLAN = (
    Step("form", "Is it exactly a container, and does its manifest hold?", _check_form),
    Step("content", "Is its content of a known version and as its schema says?", _check_content),
    Step("trust", "Do the cards given make unbroken chains?", _check_trust),
    Step("signature", "Is it signed as the card that it names promises?", _check_signature),
)
