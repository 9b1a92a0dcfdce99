"""Writing a dossier: a bag that proves a case to somebody who has nothing else.

Everything is written once, hashed as it passes, and appears under its name only when the seal is on it. What a reader
would refuse is refused here first: a dossier that does not hold is not written.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from dedere.base.clock import format_instant
from dedere.base.errors import DefectError, InputError
from dedere.crypto.canonical import canonical_json
from dedere.crypto.digests import sha256_hex
from dedere.dossier import layout
from dedere.dossier.bag import BagWriter, manifest_line, open_place
from dedere.dossier.caseuco import case_uco_pieces
from dedere.dossier.contents import EvidenceForm
from dedere.dossier.description import (
    AuditPart,
    CardLine,
    Description,
    ItemLine,
    LetterLine,
    Lines,
    ReceiptLine,
    WitnessLine,
)
from dedere.dossier.index import index_pieces
from dedere.dossier.items import ItemsWriter
from dedere.dossier.paper import render_paper
from dedere.dossier.records import fold_record, recorded_act
from dedere.protocol.card import read_card
from dedere.protocol.container import open_container, pack_container
from dedere.protocol.letter import ACT_MEMBER, LETTER_LIMITS, read_letter
from dedere.protocol.log import read_countersignature

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from dedere.casework.acts import RecordedAct
    from dedere.casework.state import CaseState
    from dedere.dossier.contents import CaseExport, ExportedLetter
    from dedere.protocol.letter import Letter

NOT_HELD = "not held by the exporter"
"""Why a letter's part is left out when the exporter gave no item for it."""


@dataclass(frozen=True, slots=True)
class WrittenDossier:
    """A dossier that was written. `seal_digest` is the SHA-256 of the tag manifest, which stands for everything."""

    path: Path
    record_digest: str
    seal_digest: str
    files: int
    bytes: int


def write_dossier(
    target: Path, export: CaseExport, *, progress: Callable[[int, str], None] | None = None
) -> WrittenDossier:
    """Write a case to `target`, a new folder, or one file when its name ends in `.zip`.

    Raises:
        DossierTargetError: there is something under that name already, or no folder to put it in.
        InputError: the export contradicts itself; the sentence says where.
        MessageError: a letter, a card or a ledger does not hold.
        FacilityError: the disk failed. Nothing stands under the name then.
    """
    place = open_place(target)
    bag = BagWriter(place, target.parent, progress)
    try:
        written = _Export(bag, export, ItemsWriter(bag, place.at_once)).write(target)
        place.finish()
    except BaseException:
        place.discard()
        raise
    finally:
        bag.close()
    return written


@dataclass(slots=True)
class _Export:
    bag: BagWriter
    export: CaseExport
    items: ItemsWriter
    letters: dict[str, Letter] = field(default_factory=dict)
    acts: list[RecordedAct] = field(default_factory=list)
    authority: str = ""

    def write(self, target: Path) -> WrittenDossier:
        cards = tuple(self._cards())
        letters = tuple(self._letters())
        receipts = self._spooled(self._receipts())
        # Spooled: in a zip one member is written at a time, and here the items are written.
        vocabulary = self.bag.spool()
        for piece in case_uco_pieces(self.export, self.items.written(self.export.items)):
            vocabulary.write(piece)
        self.bag.add_pieces(layout.CASE_UCO, vocabulary.pieces())
        for line in self._parts_without_item():
            self.items.say(line)
        audit = self._audit()
        witnesses = tuple(self._witnesses())
        state, record, digest = self._record()
        description = Description(
            id=self.export.id,
            case=self.export.case,
            title=self.export.title,
            references=self.export.references,
            exporter=self.export.exporter,
            exported_by=self.export.exported_by,
            exported_at=self.export.exported_at,
            purpose=self.export.purpose,
            record=record,
            record_sha256=digest,
            index=layout.INDEX,
            index_pdf=layout.INDEX_PDF,
            case_uco=layout.CASE_UCO,
            cards=cards,
            letters=letters,
            receipts=(),
            items=(),
            attestations=(),
            audit=audit,
            witnesses=witnesses,
        )
        shown = state if record else None
        first = replace(description, items=tuple(self.items.first))
        paper = render_paper(first, shown, export=self.export, authority=self.authority, items=self.items.count)
        if paper:
            self.bag.add(layout.INDEX_PDF, paper)
        else:
            description = replace(description, index_pdf="")
        index = index_pieces(description, shown, rows=self.items.rows.pieces(), ledgers=self.items.ledgers.pieces())
        self.bag.add_pieces(layout.INDEX, index)
        spooled = {"receipts": receipts, "items": self.items.lines, "attestations": self.items.attestations}
        self.bag.add_pieces(layout.DESCRIPTION, description.pieces(spooled))
        return WrittenDossier(
            path=target,
            record_digest=digest,
            seal_digest=self._seal(digest),
            files=self.bag.files,
            bytes=self.bag.total,
        )

    def _spooled(self, lines: Iterable[ReceiptLine]) -> Lines:
        spooled = Lines(self.bag.spool())
        for line in lines:
            spooled.add(line)
        return spooled

    def _cards(self) -> Iterator[CardLine]:
        for container in self.export.cards:
            card = read_card(container)
            member = layout.card_member(card.state, card.serial)
            if card.state == self.export.exporter.state:
                self.authority = card.name
            yield CardLine(card.state, card.serial, self.bag.add(member, container), member)

    def _letters(self) -> Iterator[LetterLine]:
        for exported in self.export.letters:
            if exported.left_out:
                yield LetterLine(exported.id, exported.digest, "", "", exported.left_out)
            else:
                yield self._letter(exported)

    def _letter(self, exported: ExportedLetter) -> LetterLine:
        container = exported.read()
        opened = open_container(container, limits=LETTER_LIMITS)
        letter = read_letter(opened)
        if (letter.id, opened.digest, letter.case) != (exported.id, exported.digest, self.export.case):
            raise InputError(f"The letter {exported.id} is not the one that was to be exported.", code="dossier-letter")
        self.letters[letter.id] = letter
        self.acts.append(recorded_act(letter, opened.digest))
        member, act = layout.letter_member(letter.id), layout.act_member(letter.id)
        self.bag.add(member, container)
        self.bag.add(act, opened.members[ACT_MEMBER])
        return LetterLine(letter.id, opened.digest, member, act, "")

    def _receipts(self) -> Iterator[ReceiptLine]:
        for exported in self.export.letters:
            for number, receipt in enumerate(exported.receipts, start=1):
                member = layout.receipt_member(exported.id, number)
                yield ReceiptLine(exported.id, self.bag.add(member, receipt), member)

    def _parts_without_item(self) -> Iterator[ItemLine]:
        """Parts of exported letters that nobody gave: said openly, so that their absence is no gap."""
        for letter in self.letters.values():
            for part in letter.parts:
                if (letter.id, part.id) not in self.items.given:
                    yield ItemLine(
                        id=part.id,
                        title=part.name,
                        name=part.name,
                        media_type=part.media_type,
                        size=part.size,
                        sha256=part.sha256,
                        object=part.payload_sha256,
                        letter=letter.id,
                        part=part.id,
                        conditions=part.conditions,
                        form=EvidenceForm.LEFT_OUT.value,
                        member="",
                        left_out=NOT_HELD,
                        ledger="",
                        ledger_entries=0,
                        ledger_head="",
                    )

    def _audit(self) -> AuditPart | None:
        audit = self.export.audit
        if audit is None:
            return None
        lines = (
            canonical_json({"index": line.index, "entry": line.entry, "proof": list(line.proof)}) + b"\n"
            for line in audit.entries
        )
        self.bag.add(layout.AUDIT_EXTRACT, b"".join(lines))
        checkpoint = {
            "version": layout.CHECKPOINT_VERSION,
            **self._exporter(),
            "size": audit.size,
            "root": audit.root,
        }
        self.bag.add(layout.AUDIT_CHECKPOINT, self._sign(layout.CHECKPOINT_MEMBER, checkpoint))
        return AuditPart(layout.AUDIT_EXTRACT, layout.AUDIT_CHECKPOINT, audit.size, audit.root, len(audit.entries))

    def _witnesses(self) -> Iterator[WitnessLine]:
        for witness in self.export.audit.witnesses if self.export.audit else ():
            found = read_countersignature(witness.countersignature)[1]
            member = layout.witness_member(found.by.state)
            self.bag.add(member, witness.countersignature)
            yield WitnessLine(found.by.state, found.head.size, found.head.root, member, witness.proof)

    def _record(self) -> tuple[CaseState, str, str]:
        state, record = fold_record(self.export.case, self.acts)
        complete = all(not letter.left_out for letter in self.export.letters)
        digest = sha256_hex(record) if complete else self.export.record_digest
        if self.export.record_digest not in {"", digest}:
            raise DefectError("The record computed from the letters is not the one the exporter holds.")
        if complete:
            self.bag.add(layout.RECORD, record)
        return state, layout.RECORD if complete else "", digest

    def _seal(self, record_digest: str) -> str:
        bag = self.bag
        files, octets = bag.payload_files, bag.payload_bytes
        info = {
            "Bagging-Date": self.export.exported_at.date().isoformat(),
            "Payload-Oxum": f"{octets}.{files}",
            "External-Identifier": self.export.id,
            "Source-Organization": f"Central authority of {self.export.exporter.state}",
        }
        tags = {
            layout.MANIFEST: bag.add_pieces(layout.MANIFEST, bag.manifest_pieces()),
            layout.BAGIT: bag.add(layout.BAGIT, layout.BAGIT_TEXT),
            layout.BAG_INFO: bag.add(
                layout.BAG_INFO, "".join(f"{name}: {value}\n" for name, value in info.items()).encode()
            ),
        }
        digest = bag.add(layout.TAG_MANIFEST, b"".join(manifest_line(tags[member], member) for member in sorted(tags)))
        seal = {
            "version": layout.SEAL_VERSION,
            **self._exporter(),
            "dossier": self.export.id,
            "case": self.export.case,
            "exported_by": self.export.exported_by,
            "tagmanifest_sha256": digest,
            "record_sha256": record_digest,
            "files": files,
            "bytes": octets,
        }
        bag.add(layout.SEAL, self._sign(layout.SEAL_MEMBER, seal))
        return digest

    def _exporter(self) -> dict[str, object]:
        return {"exporter": self.export.exporter.as_json(), "exported_at": format_instant(self.export.exported_at)}

    def _sign(self, member: str, value: dict[str, object]) -> bytes:
        signing = self.export.signing
        return pack_container(
            {member: canonical_json(value)},
            signer=signing.signer,
            signed_at=signing.signed_at,
            timestamper=signing.timestamper,
            second_signer=signing.second_signer,
        )
