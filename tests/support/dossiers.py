"""A fictional case told letter by letter with real signatures, parts and ledgers, and its dossier."""

from __future__ import annotations

import datetime as dt
import functools
import io
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, BinaryIO, cast

from dedere.casework.acts import ACT_VERSION
from dedere.casework.fold import fold
from dedere.crypto.canonical import canonical_json
from dedere.crypto.digests import sha256_hex
from dedere.crypto.keys import Purpose
from dedere.crypto.merkle import MerkleTree
from dedere.dossier.contents import AuditExtract, AuditLine, CaseExport, EvidenceForm, ExportedItem, ExportedLetter
from dedere.dossier.records import recorded_act
from dedere.protocol.container import Signing
from dedere.protocol.letter import Letter, LetterRef, Part, pack_letter
from dedere.protocol.receipt import MachineReceipt, PartReceipt, pack_receipt
from dedere.vault.ledger import CustodyEntry, CustodyEvent, Happening, append
from dedere.vault.memory import MemoryStore
from dedere.vault.reading import open_object, prepare_copy, sealed_stream
from support import pki
from support.exchange import PDF, identifier, plain_card, sign_card
from support.letters import officer_of
from support.vaults import CHANCE, content, identity, keep

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dedere.casework.acts import RecordedAct
    from dedere.protocol.card import SignedCard

START = pki.TIME
LONG_AFTER = dt.datetime(2041, 1, 1, tzinfo=dt.UTC)
"""When every certificate but those of the time-stampers has expired."""
CASE = identifier("dossier case")
STORE = MemoryStore()


@functools.cache
def keys(code: str) -> pki.StateKeys:
    """The keys of a fictional authority whose time-stamper outlives them, as an archive's should."""
    long_lived = pki.holder(Purpose.TIMESTAMP, code, valid_until=dt.datetime(2060, 1, 1, tzinfo=dt.UTC))
    return replace(pki.state(code), timestamp=long_lived)


@functools.cache
def card_of(code: str) -> SignedCard:
    """Its card."""
    return sign_card(plain_card(code, timestamp_certificates=(keys(code).timestamp.certificate.decode(),)))


def signing_of(code: str, at: dt.datetime) -> Signing:
    """How it signs."""
    return Signing(keys(code).authority.signer, at, timestamper=keys(code).timestamper(at))


@dataclass
class Told:
    """One letter that was sent, with what the dossier needs of it."""

    letter: Letter
    container: bytes
    digest: str
    act: RecordedAct
    receipts: tuple[bytes, ...] = ()


@dataclass
class Story:
    """The case as both sides hold it: letters in order, items with their ledgers at the requesting State."""

    told: list[Told] = field(default_factory=list)
    ledgers: dict[str, tuple[CustodyEntry, ...]] = field(default_factory=dict)
    parts: dict[str, Part] = field(default_factory=dict)

    def send(self, kind: str, body: Mapping[str, object], *, by: str, parts: tuple[Part, ...] = ()) -> Told:
        """Write, sign and receipt a letter; it answers everything before it."""
        to = "SN" if by == "NL" else "NL"
        at = START + dt.timedelta(days=len(self.told))
        state = fold(CASE, [each.act for each in self.told])
        letter = Letter(
            id=identifier(f"dossier letter {len(self.told)}"),
            case=CASE,
            sender=card_of(by).party,
            recipient=card_of(to).party,
            sequence=1 + sum(each.letter.sender.state == by for each in self.told),
            sealed_at=at,
            act={
                "version": ACT_VERSION,
                "kind": kind,
                "proceeding": identifier("proceeding"),
                "officer": officer_of(by, "registrar" if kind == "acknowledgement" else "case-officer"),
                "body": body,
            },
            answers=tuple(LetterRef(*head) for head in state.heads),
            parts=parts,
        )
        container = pack_letter(letter, PDF + letter.id.encode(), signing=signing_of(by, at))
        digest = sha256_hex(container)
        told = Told(letter, container, digest, recorded_act(letter, digest), _receipts(letter, digest, to, at))
        self.told.append(told)
        return told


def _receipts(letter: Letter, digest: str, to: str, at: dt.datetime) -> tuple[bytes, ...]:
    signing = Signing(keys(to).gateway.signer, at, timestamper=keys(to).timestamper(at))
    machine = MachineReceipt(
        letter=letter.id,
        sender=letter.sender,
        container_sha256=digest,
        sealed_sha256=sha256_hex(b"sealed " + digest.encode()),
        received_at=at,
        received_by=card_of(to).party,
        parts=tuple(part.id for part in letter.parts),
    )
    receipts = [pack_receipt(machine, signing=signing)]
    for part in letter.parts:
        receipt = PartReceipt(
            letter=letter.id,
            part=part.id,
            sealed_size=part.sealed_size,
            sealed_sha256=part.sealed_sha256,
            payload_sha256=part.payload_sha256,
            received_at=at,
            received_by=card_of(to).party,
        )
        receipts.append(pack_receipt(receipt, signing=signing))
    return tuple(receipts)


def _part(name: str, data: bytes, conditions: tuple[Mapping[str, object], ...] = ()) -> Part:
    stored = keep(STORE, data)
    copy = prepare_copy(
        STORE,
        stored.id,
        identities=[identity("vault")],
        recipients=[identity("receiving State").recipient],
        chance=CHANCE,
    )
    return Part(
        id=identifier(f"part {name}"),
        name=name,
        media_type="application/octet-stream",
        size=stored.size,
        sha256=stored.sha256,
        sealed_size=copy.sealed_size,
        sealed_sha256=copy.sealed_sha256,
        payload_sha256=stored.id,
        conditions=conditions,
    )


def _ledger(item: str, *happenings: Happening) -> tuple[CustodyEntry, ...]:
    entries: list[CustodyEntry] = []
    for happening in happenings:
        entries.append(append(item, happening, last=entries[-1] if entries else None))
    return tuple(entries)


@functools.cache
def story() -> Story:
    """NL asks SN for two records, gets them, signs for them and closes."""
    story = Story()
    annex = _part("annex.pdf", b"%PDF-1.7 a fictional annex\n")
    story.send(
        "request",
        {
            "opens": "mla",
            "request": {"request": {"kind": "mla", "facts": {"summary": "A mill burned (fictional)."}}},
            "measures": [{"id": "m1", "kind": "records"}],
        },
        by="NL",
        parts=(annex,),
    )
    story.send("acknowledgement", {"own_reference": "SN-2026-14", "received_on": "2026-11-25"}, by="SN")
    story.send("acceptance", {"measures": [{"measure": "m1"}]}, by="SN")
    condition = {"id": "c1", "kind": "use-limitation", "text": "For this case only.", "purposes": ["this case"]}
    parts = (
        _part("ledger of the mill.csv", content(90_000), (condition,)),
        _part("film.mp4", content(200_000, "film")),
    )
    senders = {
        part.id: _ledger(
            identifier(f"their {part.name}"),
            Happening(CustodyEvent.COLLECTED, START, "Officer Diop (fictional)", "SN", "Saint-Louis"),
            Happening(CustodyEvent.INGESTED, START, "machine", "SN", sha256=part.sha256, object=part.payload_sha256),
            Happening(CustodyEvent.SENT, START, "machine", "SN", sha256=part.sha256),
        )
        for part in parts
    }
    result = story.send(
        "result",
        {
            "measures": [{"measure": "m1", "outcome": "executed", "text": "The ledger of the mill, and a film."}],
            "items": [
                {
                    "part": part.id,
                    "measure": "m1",
                    "ledger_head": senders[part.id][-1].digest(),
                    "ledger": [_plain(entry) for entry in senders[part.id]],
                }
                for part in parts
            ],
        },
        by="SN",
        parts=parts,
    )
    receipt = story.send(
        "custody-receipt",
        {
            "received_on": "2026-11-28",
            "items": [
                {
                    "item": part.id,
                    "sha256": part.sha256,
                    "intact": True,
                    "condition_replies": [{"condition": "c1", "accepted": True}] if part.conditions else [],
                }
                for part in parts
            ],
        },
        by="NL",
    )
    story.send("closure", {"text": "Thank you."}, by="NL")
    part_receipts = {part.id: sha256_hex(data) for part, data in zip(parts, result.receipts[1:], strict=True)}
    for part in parts:
        story.parts[part.id] = part
        story.ledgers[part.id] = _ledger(
            part.id,
            Happening(
                CustodyEvent.INGESTED,
                START + dt.timedelta(days=3),
                "machine",
                "NL",
                object=part.payload_sha256,
                sha256=part.sha256,
                origin=senders[part.id][-1].digest(),
                signature=part_receipts[part.id],
            ),
            Happening(
                CustodyEvent.RECEIVED,
                START + dt.timedelta(days=4),
                "Officer Van Dijk (fictional)",
                "NL",
                "The Hague",
                sha256=part.sha256,
                signature=receipt.digest,
            ),
        )
    return story


def _plain(entry: CustodyEntry) -> dict[str, object]:
    return {name: getattr(entry, name) for name in CustodyEntry.__slots__}


def opener(object_id: str, *, sealed: bool) -> Callable[[], BinaryIO]:
    """How the exporter opens an object: plain, or sealed as it is."""
    if sealed:
        return lambda: cast("BinaryIO", sealed_stream(STORE, object_id))
    return lambda: cast("BinaryIO", open_object(STORE, object_id, [identity("vault")]))


def item_of(part: Part, form: EvidenceForm = EvidenceForm.PLAIN) -> ExportedItem:
    """The item that a part of the story became."""
    left_out = form is EvidenceForm.LEFT_OUT
    return ExportedItem(
        id=part.id,
        title=f"Fictional {part.name}",
        name=part.name,
        media_type=part.media_type,
        size=part.size,
        sha256=part.sha256,
        conditions=part.conditions,
        object=part.payload_sha256,
        ledger=story().ledgers[part.id],
        form=form,
        open=None if left_out else opener(part.payload_sha256, sealed=form is EvidenceForm.SEALED),
        letter=story().told[3].letter.id,
        part=part.id,
        left_out="protects a witness (fictional)" if left_out else "",
    )


def audit() -> AuditExtract:
    """Three entries of a log of ten."""
    entries = [{"version": "dedere-audit/1", "sequence": number, "action": f"step {number}"} for number in range(10)]
    tree = MerkleTree()
    for entry in entries:
        tree.append(canonical_json(entry))
    lines = tuple(
        AuditLine(number, entries[number], tuple(step.hex() for step in tree.inclusion_proof(number)))
        for number in (0, 4, 9)
    )
    return AuditExtract(tree.size, tree.root().hex(), lines)


def export(**changes: object) -> CaseExport:
    """The export of the story, by NL."""
    at = START + dt.timedelta(days=10)
    made = CaseExport(
        id=identifier("dossier"),
        case=CASE,
        title="The fictional mill",
        references={"NL": "NL-2026-7", "SN": "SN-2026-14"},
        exporter=card_of("NL").party,
        exported_by="Officer Van Dijk (fictional)",
        exported_at=at,
        purpose="For the fictional court",
        cards=(card_of("NL").container, card_of("SN").container),
        letters=tuple(
            ExportedLetter(
                id=told.letter.id,
                digest=told.digest,
                read=functools.partial(bytes, told.container),
                # Those of the letters with parts: enough to show everything, and quick.
                receipts=told.receipts if told.letter.parts else (),
            )
            for told in story().told
        ),
        items=tuple(
            item_of(part, form)
            for part, form in zip(story().parts.values(), (EvidenceForm.PLAIN, EvidenceForm.SEALED), strict=True)
        ),
        signing=signing_of("NL", at),
        audit=audit(),
    )
    return replace(made, **changes)  # type: ignore[arg-type] # the caller names fields of an export


def stream(data: bytes) -> BinaryIO:
    """Bytes as an opened file."""
    return io.BytesIO(data)
