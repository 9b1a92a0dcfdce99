"""The evidence: each item is what its letter and its ledger say, and each hand it passed through is attested."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedere.base.errors import MessageError
from dedere.dossier.checks.trust import certificates_at
from dedere.dossier.contents import EvidenceForm
from dedere.dossier.plan import failed, indeterminate, judged, note, refused
from dedere.dossier.reading import read_small, readable
from dedere.protocol.container import open_container, verify_container
from dedere.vault.errors import LedgerError
from dedere.vault.ledger import CustodyEntry, verify_ledger, verify_ledger_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dedere.dossier.description import AttestationLine, ItemLine
    from dedere.dossier.plan import Scene
    from dedere.dossier.report import Remark
    from dedere.protocol.letter import Part


def check_ledgers(scene: Scene) -> Iterator[Remark]:
    """Each custody ledger holds together from its first entry, and is of the item it stands for."""
    stated = _Stated(scene)
    for item in scene.description.items:
        if item.ledger:
            scene.counted += 1
            try:
                yield from _ledger(scene, item, stated)
            except LedgerError as error:
                yield failed(error.sentence, item.ledger, code=error.code)
            except MessageError as error:
                yield refused(error, item.ledger)


def _ledger(scene: Scene, item: ItemLine, stated: _Stated) -> Iterator[Remark]:
    with scene.members.open(item.ledger) as lines, readable(item.ledger):
        report = verify_ledger_lines(lines)
    scene.signed[item.id] = report.signed
    if (report.item, report.entries, report.head) != (item.id, item.ledger_entries, item.ledger_head):
        yield failed("The ledger is of another item, or does not end where the description says.", item.ledger)
    if report.contents - {item.sha256}:
        yield failed("An entry of the ledger is of other content than the item.", item.ledger)
    for sentence in report.remarks:
        yield note(sentence, item.ledger)
    if report.origin:
        yield from _origin(item, report.origin, stated.of(item))


def _origin(item: ItemLine, origin: str, stated: Mapping[str, object]) -> Iterator[Remark]:
    """A ledger that continues another State's: the letter that brought the item must carry that other one's end."""
    if stated.get("ledger_head", origin) != origin:
        yield failed("The ledger does not continue the one that the sender's letter names.", item.ledger)
    entries = stated.get("ledger")
    if isinstance(entries, list):
        try:
            report = verify_ledger(CustodyEntry(**entry) for entry in entries)
        except (TypeError, LedgerError) as error:
            yield failed(f"The sender's own ledger in the letter does not hold: {error}", item.ledger)
        else:
            if report.head != origin:
                yield failed("The sender's own ledger ends elsewhere than this one begins.", item.ledger)


class _Stated:
    """What letters say of the parts that they bring, each letter gone through once."""

    def __init__(self, scene: Scene) -> None:
        self._letters = scene.letters
        self._known: dict[str, dict[str, Mapping[str, object]]] = {}

    def of(self, item: ItemLine) -> Mapping[str, object]:
        """What its letter says of an item; nothing where the letter is not here or lists it not."""
        if item.letter not in self._known:
            letter = self._letters.get(item.letter)
            body = letter.act.get("body") if letter is not None else None
            items = body.get("items") if isinstance(body, dict) else None
            listed = [each for each in items if isinstance(each, dict)] if isinstance(items, list) else []
            # The first that names a part counts.
            self._known[item.letter] = {str(each.get("part")): each for each in reversed(listed)}
        return self._known[item.letter].get(item.part, {})


def check_attestations(scene: Scene) -> Iterator[Remark]:
    """Each signature that a ledger names is there and holds: a letter, a receipt, or a container of its own."""
    attested = {line.sha256 for line in scene.description.letters if line.member and line.id in scene.letters}
    attested |= scene.receipts.keys()
    for attestation in scene.description.attestations:
        scene.counted += 1
        try:
            yield from _attestation(scene, attestation)
        except MessageError as error:
            yield refused(error, attestation.member)
        else:
            attested.add(attestation.sha256)
    left_out = {line.sha256 for line in scene.description.letters if line.left_out}
    for item in scene.description.items:
        if item.ledger:
            yield from _named_signatures(scene, item, attested=attested, left_out=left_out)


def _attestation(scene: Scene, attestation: AttestationLine) -> Iterator[Remark]:
    signers, stamps = certificates_at(scene.directory)
    opened = open_container(read_small(scene.members, attestation.member))
    yield from judged(verify_container(opened, trusted=signers, stamps=stamps, at=scene.at), attestation.member)


def _named_signatures(scene: Scene, item: ItemLine, *, attested: set[str], left_out: set[str]) -> Iterator[Remark]:
    # Where none are known, the check of ledgers has said why.
    for sequence, digest in scene.signed.get(item.id, ()):
        scene.counted += 1
        if digest in left_out:
            yield note(f"Entry {sequence} is attested by a letter that was left out.", item.ledger)
        elif digest not in attested:
            yield failed(
                f"Entry {sequence} names a signature ({digest[:16]}…) that is not in the dossier or does not hold.",
                item.ledger,
            )


def check_evidence(scene: Scene) -> Iterator[Remark]:
    """Each item is, bit for bit, what its letter announced; every announced part is there or said to be left out."""
    parts = {letter.id: {part.id: part for part in letter.parts} for letter in scene.letters.values()}
    missing = {(letter, part) for letter, announced in parts.items() for part in announced}
    for item in scene.description.items:
        scene.counted += 1
        missing.discard((item.letter, item.part))
        yield from _content(scene, item)
        if item.letter in parts:
            yield from _announced(item, parts[item.letter].get(item.part))
    for letter, announced in parts.items():
        for part in announced.values():
            if (letter, part.id) in missing:
                yield failed(f"The part {part.name[:80]!r} of the letter {letter} is missing without a word.")


def _content(scene: Scene, item: ItemLine) -> Iterator[Remark]:
    found = scene.measured.get(item.member)
    if item.form == EvidenceForm.LEFT_OUT:
        yield note(f"The item {item.id} was left out: {item.left_out}.")
    elif found is None:
        yield indeterminate("The item could not be read.", item.member)
    elif item.form == EvidenceForm.PLAIN and (found.sha256, found.size) != (item.sha256, item.size):
        yield failed("The item is not the one that its custody is recorded of.", item.member)
    elif item.form == EvidenceForm.SEALED and found.payload_sha256 != item.object:
        yield failed("The sealed item is not the one that its custody is recorded of.", item.member)


def _announced(item: ItemLine, part: Part | None) -> Iterator[Remark]:
    where = item.member or item.ledger
    if part is None:
        yield failed(f"The letter {item.letter} announces no part {item.part or 'of this item'}.", where)
    elif (part.sha256, part.size) != (item.sha256, item.size):
        yield failed(f"The item is not the part {part.id} that the letter {item.letter} announced.", where)
    elif part.payload_sha256 != item.object:
        yield failed(f"The sealed form of the item is not the one that the letter {item.letter} announced.", where)
