"""Evidence comes in, is looked at, leaves and is signed for; each step is an entry in the item's custody ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Protocol, TypeAlias

from django.db import transaction

from dedere.base.errors import InputError, PermissionRefusedError
from dedere.casework.acts import ActKind
from dedere.node.accounts.models import Officer
from dedere.node.audit.actions import Happening, record
from dedere.node.cases.access import require_assignment, require_case, require_draft
from dedere.node.cases.actions.drafts import NewAttachment, attach
from dedere.node.cases.actions.drafts import propose_act as new_act
from dedere.node.cases.models import Draft
from dedere.node.evidence.access import require_item
from dedere.node.evidence.models import Item, LedgerEntry
from dedere.node.office import office
from dedere.vault.ingest import StoredObject, ingest_stream
from dedere.vault.ledger import CustodyEntry, CustodyEvent, append
from dedere.vault.ledger import Happening as CustodyHappening
from dedere.vault.media import SNIFF_LENGTH, sniff
from dedere.vault.names import safe_name

GATEWAY = "the gateway"
Progress: TypeAlias = Callable[[int], None]


# Where the body of an act lists the parts that go with it.
_LISTS_ITEMS = {ActKind.SUPPLEMENT.value: "documents"}


class Source(Protocol):
    """Where bytes come from."""

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes; empty at the end."""
        ...


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that an officer gives: its name, what it is, the media type its sender claims, its bytes."""

    name: str
    title: str
    media_type: str
    source: Source


@dataclass(frozen=True, slots=True)
class Collected:
    """Who took the item into custody, on which day, where and how."""

    on: dt.date
    by: str
    place: str = ""
    note: str = ""


def seal_into_vault(source: Source, *, progress: Progress | None = None) -> StoredObject:
    """Stream bytes into the vault, sealed to our own newest key; nothing else of them touches the disk."""
    return ingest_stream(
        source,
        store=office().store,
        recipients=[office().sealing_identities[0].recipient],
        chance=office().identifiers,
        progress=progress,
    )


def ingest(
    *, by: Officer, assignment_id: str, upload: Upload, collected: Collected, progress: Progress | None = None
) -> Item:
    """Take a file into evidence for a measure: streamed, hashed, sealed, its ledger opened.

    A crash leaves a whole item or none.

    Raises:
        UnknownObjectError: the measure was given to somebody else, in a case this officer has no part in.
        PermissionRefusedError: the measure was reported on.
        InputError: the item has no title, or was collected in the future.
    """
    assignment = require_assignment(by, assignment_id)
    if assignment.reported_at is not None:
        raise PermissionRefusedError("This measure was reported on: its evidence is closed.")
    if not upload.title.strip() or not collected.by.strip():
        raise InputError("An item of evidence needs a title, and who collected it.")
    if collected.on > office().clock.now().date():
        raise InputError("An item cannot have been collected in the future.")
    stored = seal_into_vault(upload.source, progress=progress)
    with transaction.atomic():
        item = _new_item(upload, stored, case_id=assignment.case_id, measure=assignment.measure)
        facts = {"object": stored.id, "sha256": stored.sha256}
        midnight = dt.datetime(collected.on.year, collected.on.month, collected.on.day, tzinfo=dt.UTC)
        _enter(
            item,
            CustodyHappening(
                event=CustodyEvent.COLLECTED,
                at=midnight,
                by=collected.by,
                authority=assignment.authority,
                place=collected.place,
                note=collected.note,
                **facts,
            ),
        )
        now = office().clock.now()
        _enter(item, CustodyHappening(event=CustodyEvent.INGESTED, at=now, by=by.name, authority=by.title, **facts))
        _log(by.identifier, "evidence-ingested", item, details={"sha256": item.sha256, "size": item.size})
    return item


def attach_upload(*, by: Officer, draft_id: str, upload: Upload, progress: Progress | None = None) -> str:
    """Stream a file into the vault and attach it to an open draft: the attachment's identifier."""
    require_draft(by, draft_id)
    stored = seal_into_vault(upload.source, progress=progress)
    attachment = attach(
        by=by,
        draft_id=draft_id,
        new=NewAttachment(
            name=safe_name(upload.name),
            title=upload.title.strip() or safe_name(upload.name),
            media_type=media_type_of(stored, declared=upload.media_type),
            size=stored.size,
            sha256=stored.sha256,
            object_id=stored.id,
        ),
    )
    return attachment.pk


@transaction.atomic
def note_look(*, by: Officer, item_id: str, reason: str) -> Item:
    """Log that an officer opens an item, and why, before it is opened."""
    item = require_item(by, item_id)
    _log(by.identifier, "evidence-opened", item, details={"reason": reason[:300]})
    return item


@transaction.atomic
def record_custody(*, by: Officer, item_id: str, event: CustodyEvent, place: str, note: str) -> CustodyEntry:
    """Note in the ledger that the item was examined or copied; other entries follow from acts.

    Raises:
        InputError: another event.
    """
    item = require_item(by, item_id)
    if event not in (CustodyEvent.EXAMINED, CustodyEvent.COPIED):
        raise InputError("Only an examination or a copy is noted by hand; the rest follows from what is done.")
    entry = _enter(
        item,
        CustodyHappening(event=event, at=office().clock.now(), by=by.name, authority=by.title, place=place, note=note),
    )
    _log(by.identifier, f"evidence-{event.value}", item)
    return entry


@transaction.atomic
def propose_act(
    *,
    by: Officer,
    case_id: str,
    proceeding: str,
    kind: str,
    body: Mapping[str, object],
    items: Sequence[str] = (),
) -> Draft:
    """Begin any act of a case; `items` go with it, each with its custody ledger so far.

    Raises:
        InputError: an item is of another case, or was sent before.
        ActRefusedError: the procedure does not allow the act now.
    """
    case = require_case(by, case_id)
    chosen = [require_item(by, item_id) for item_id in items]
    if any(item.case_id != case.pk for item in chosen):
        raise InputError("An item of another case cannot go with this letter.")
    sent = next((item for item in chosen if item.letter), None)
    if sent is not None:
        raise InputError(f"The item {sent.title} was sent before: it cannot be sent twice in one case.")
    content = dict(body)
    if chosen:
        content[_LISTS_ITEMS.get(kind, "items")] = [_item_for_letter(item) for item in chosen]
    return new_act(
        by=by,
        case_id=case.pk,
        proceeding=proceeding,
        kind=kind,
        body=content,
        attachments=[_attachment_of(item) for item in chosen],
    )


def _attachment_of(item: Item) -> NewAttachment:
    return NewAttachment(
        identifier=item.pk,
        item=item.pk,
        name=item.name,
        title=item.title,
        media_type=item.media_type,
        size=item.size,
        sha256=item.sha256,
        object_id=item.object,
        conditions=tuple(item.conditions),
    )


def note_sent(*, items: Sequence[str], letter: str, digest: str, partner: str, by: str) -> None:
    """The letter that carries these items was sealed: an entry in each ledger, attested by the letter's digest."""
    for item in Item.objects.filter(pk__in=list(items)):
        _enter(
            item,
            CustodyHappening(
                event=CustodyEvent.SENT,
                at=office().clock.now(),
                by=by,
                note=f"To the central authority of {partner}, in letter {letter}.",
                signature=digest,
            ),
        )
        item.letter = letter
        item.save(update_fields=["letter"])


def note_custody_receipt(*, act: Mapping[str, object], digest: str, partner: str, at: dt.datetime) -> None:
    """A custody receipt came or left: the receiver's named officer has each item it lists that we hold or sent."""
    body, officer = act["body"], act["officer"]
    if not isinstance(body, Mapping) or not isinstance(officer, Mapping):
        return
    for row in body["items"]:
        item = Item.objects.filter(pk=row["item"], sha256=row["sha256"]).first()
        if item is None:
            continue
        _enter(
            item,
            CustodyHappening(
                event=CustodyEvent.RECEIVED,
                at=at,
                by=str(officer["name"]),
                authority=f"Central authority of {partner}",
                note="" if row["intact"] else "Received, not intact.",
                signature=digest,
            ),
        )
        item.received_by = str(officer["name"])
        item.save(update_fields=["received_by"])


@dataclass(frozen=True, slots=True)
class ArrivedPart:
    """A part of a recorded letter, verified and in the vault. `sender_ledger` are entries as the letter gave them."""

    case: str
    letter: str
    sender: str
    facts: Mapping[str, object]
    stored: StoredObject
    receipt_digest: str
    described: Mapping[str, object]


@transaction.atomic
def take_in(part: ArrivedPart) -> Item:
    """A part that came with a letter becomes an item; its ledger continues the sender's. Twice changes nothing."""
    facts = part.facts
    item, new = Item.objects.get_or_create(
        pk=str(facts["id"]),
        defaults={
            "case_id": part.case,
            "title": str(part.described.get("title") or part.described.get("description") or facts["name"])[:300],
            "name": safe_name(str(facts["name"])),
            "media_type": media_type_of(part.stored, declared=str(facts["media_type"])),
            "size": part.stored.size,
            "sha256": part.stored.sha256,
            "object": part.stored.id,
            "measure": str(part.described.get("measure", "")),
            "letter": part.letter,
            "origin": part.sender,
            "conditions": facts["conditions"],
            "created_at": office().clock.now(),
        },
    )
    if new:
        _enter(
            item,
            CustodyHappening(
                event=CustodyEvent.INGESTED,
                at=office().clock.now(),
                by=GATEWAY,
                authority=office().home.name,
                note=f"From the central authority of {part.sender}, in letter {part.letter}.",
                object=part.stored.id,
                sha256=part.stored.sha256,
                origin=str(part.described.get("ledger_head", "")),
                signature=part.receipt_digest,
            ),
        )
        _log("system:worker", "evidence-arrived", item, details={"sha256": item.sha256, "from": part.sender})
    return item


def ledger_of(item: Item) -> list[CustodyEntry]:
    """The item's ledger, oldest first."""
    return [CustodyEntry(**row.entry) for row in item.entries.all()]


def media_type_of(stored: StoredObject, *, declared: str = "") -> str:
    """The media type by the first bytes, not by the name: what a page may safely say it is."""
    from dedere.vault.reading import open_object  # noqa: PLC0415 - opens keys only when a file came in

    with open_object(office().store, stored.id, office().sealing_identities) as reader:
        return sniff(reader.read(SNIFF_LENGTH), declared).detected


def _item_for_letter(item: Item) -> dict[str, object]:
    entries = ledger_of(item)
    described: dict[str, object] = {
        "part": item.pk,
        "title": item.title,
        "ledger": [asdict(entry) for entry in entries],
        "ledger_head": entries[-1].digest(),
    }
    if item.measure:
        described["measure"] = item.measure
    return described


def _enter(item: Item, happening: CustodyHappening) -> CustodyEntry:
    last = item.entries.order_by("-sequence").first()
    entry = append(item.pk, happening, last=None if last is None else CustodyEntry(**last.entry))
    LedgerEntry.objects.create(item=item, sequence=entry.sequence, entry=asdict(entry), digest=entry.digest())
    return entry


def _new_item(upload: Upload, stored: StoredObject, *, case_id: str, measure: str) -> Item:
    return Item.objects.create(
        pk=office().identifiers.new(),
        case_id=case_id,
        title=upload.title.strip()[:300],
        name=safe_name(upload.name),
        media_type=media_type_of(stored, declared=upload.media_type),
        size=stored.size,
        sha256=stored.sha256,
        object=stored.id,
        measure=measure,
        origin=office().state,
        created_at=office().clock.now(),
    )


def _log(actor: str, action: str, item: Item, *, details: Mapping[str, object] | None = None) -> None:
    record(Happening(actor=actor, action=action, subject=item.pk, case=item.case_id, details=details or {}))
