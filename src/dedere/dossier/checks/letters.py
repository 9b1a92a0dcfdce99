"""The correspondence: each letter signed under the card of its day, receipted, complete, and folding to one record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedere.base.errors import MessageError
from dedere.crypto.digests import sha256_hex
from dedere.dossier import layout
from dedere.dossier.plan import failed, indeterminate, judged, note, refused
from dedere.dossier.reading import read_small
from dedere.dossier.records import fold_record, recorded_act
from dedere.protocol.container import open_container, verify_container
from dedere.protocol.intake import check_container
from dedere.protocol.letter import ACT_MEMBER, LETTER_LIMITS, MAX_CONTAINER_BYTES, read_letter
from dedere.protocol.receipt import (
    PartReceipt,
    SentLetter,
    accept_machine_receipt,
    accept_part_receipt,
    read_receipt,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from dedere.dossier.description import LetterLine, ReceiptLine
    from dedere.dossier.plan import Scene
    from dedere.dossier.report import Remark
    from dedere.protocol.container import OpenedContainer
    from dedere.protocol.letter import Letter
    from dedere.protocol.trust import TrustDirectory


def check_letters(scene: Scene) -> Iterator[Remark]:
    """Each letter is whole and was signed by the authority it names, under the card of the day it was sealed."""
    for line in scene.description.letters:
        if line.member:
            scene.counted += 1
            try:
                yield from _letter(scene, line)
            except MessageError as error:
                yield refused(error, line.member)


def _letter(scene: Scene, line: LetterLine) -> Iterator[Remark]:
    container = read_small(scene.members, line.member, limit=MAX_CONTAINER_BYTES)
    letter, opened, report = verified_letter(container, scene.directory, at=scene.at)
    yield from report
    if (letter.id, letter.case) != (line.id, scene.description.case):
        yield failed("The letter has another identifier or case than the dossier says.", line.member)
        return
    act = scene.measured.get(line.act)
    if act is not None and act.sha256 != sha256_hex(opened.members[ACT_MEMBER]):
        yield failed("The readable page is not the one in the signed letter.", line.act)
    if letter.id in scene.letters:
        yield failed("Two letters have this identifier.", line.member)
    scene.letters[letter.id] = letter
    scene.acts.append(recorded_act(letter, opened.digest))


def verified_letter(
    container: bytes, directory: TrustDirectory, *, at: dt.datetime, member: str = ""
) -> tuple[Letter, OpenedContainer, tuple[Remark, ...]]:
    """A letter that holds under the card of its day; the remarks are doubts that only a time-stamp could have removed.

    Raises:
        ProtocolRefusedError: it does not hold.
    """
    # A letter is judged as of the day it was sealed: that it came in time was checked when it came.
    sealed_at = read_letter(open_container(container, limits=LETTER_LIMITS)).sealed_at
    letter, opened, checked = check_container(container, directory, now=sealed_at)
    card = checked.card.card
    report = verify_container(opened, trusted=card.signing_certificates, stamps=card.timestamp_certificates, at=at)
    return letter, opened, tuple(judged(report, member or layout.letter_member(letter.id)))


def check_receipts(scene: Scene) -> Iterator[Remark]:
    """Each receipt is signed by the receiver's gateway, for a letter or a part of this case."""
    digests = {line.id: line.sha256 for line in scene.description.letters}
    for line in scene.description.receipts:
        scene.counted += 1
        try:
            yield from _receipt(scene, line, digest=digests.get(line.letter, ""))
        except MessageError as error:
            yield refused(error, line.member)


def _receipt(scene: Scene, line: ReceiptLine, *, digest: str) -> Iterator[Remark]:
    data = read_small(scene.members, line.member)
    opened, receipt = read_receipt(data)
    letter = scene.letters.get(line.letter)
    if letter is None:
        yield indeterminate("The receipt's letter is not in the dossier, or does not hold.", line.member)
        return
    sent = SentLetter.of(letter, digest)
    # As for letters: judged as of the day it was given.
    if isinstance(receipt, PartReceipt):
        part = next((part for part in letter.parts if part.id == receipt.part), None)
        if part is None:
            yield failed("The receipt is for a part that its letter does not have.", line.member)
            return
        accept_part_receipt(data, part, letter=sent, directory=scene.directory, now=receipt.received_at)
    else:
        accept_machine_receipt(data, sent, directory=scene.directory, now=receipt.received_at)
    card = scene.directory.card(receipt.received_by.card).card
    report = verify_container(
        opened, trusted=card.gateway_certificates, stamps=card.timestamp_certificates, at=scene.at
    )
    yield from judged(report, line.member)
    scene.receipts[line.sha256] = receipt


def check_correspondence(scene: Scene) -> Iterator[Remark]:
    """No letter is missing between others, and none contradicts another."""
    state, scene.record = fold_record(scene.description.case, scene.acts)
    scene.counted = len(scene.acts)
    left_out = {line.id for line in scene.description.letters if line.left_out}
    for waiting in state.waiting:
        member = layout.letter_member(waiting.letter)
        for missing in waiting.answers_missing:
            if missing in left_out:
                yield note(f"It answers the letter {missing}, which was left out.", member)
            else:
                yield failed(f"It answers the letter {missing}, which is missing.", member)
        for number in waiting.sequence_missing:
            if left_out:
                yield note(f"The sender's letter number {number} of this case was left out.", member)
            else:
                yield failed(f"The sender's letter number {number} of this case is missing.", member)
    for contradiction in state.contradictions:
        # The dossier proves it and is sound; what the case says is in doubt.
        yield indeterminate(f"{contradiction.sender} has sent two letters that contradict: {contradiction.about}.")


def check_record(scene: Scene) -> Iterator[Remark]:
    """The state of the case, computed anew from the letters, is the one that was exported and sealed."""
    description = scene.description
    if not description.record:
        yield indeterminate("Letters are left out, so the record cannot be computed anew; its digest alone is sealed.")
        return
    if len(scene.letters) != len(description.letters):
        yield indeterminate("Not every letter could be read, so the record cannot be computed anew.")
        return
    if read_small(scene.members, description.record) != scene.record:
        yield failed("The record is not the one that the letters make.", description.record)
    if sha256_hex(scene.record) != scene.sealed_record:
        yield failed("The digest of the record is not the one that was sealed.", layout.SEAL)
    scene.counted = 1
