"""Evidence comes in: from an officer's file or folder, or with a letter; its custody ledger is opened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol, TypeAlias

from django.db import transaction

from dedere.base.errors import InputError, PermissionRefusedError
from dedere.node.accounts.models import Officer
from dedere.node.audit.actions import record
from dedere.node.cases.access import require_assignment, require_draft
from dedere.node.cases.actions.drafts import NewAttachment, attach
from dedere.node.cases.leaks import require_clean_to_keep
from dedere.node.cases.models import Assignment
from dedere.node.evidence.access import items_called
from dedere.node.evidence.conditions import require_may_leave
from dedere.node.evidence.ledgers import enter, log
from dedere.node.evidence.models import Item
from dedere.node.office import office
from dedere.node.persons.refusals import LoggedRefusalError, logs_refusals
from dedere.node.search.actions import index_passage
from dedere.vault.errors import SourceError
from dedere.vault.folder import FolderRefusal
from dedere.vault.folder import ingest_folder as seal_folder
from dedere.vault.ingest import Sealing, StoredObject, ingest_stream
from dedere.vault.ingest import ingest_file as seal_file
from dedere.vault.ledger import CustodyEvent
from dedere.vault.ledger import Happening as CustodyHappening
from dedere.vault.media import SNIFF_LENGTH, sniff
from dedere.vault.names import safe_name
from dedere.vault.reading import open_object

GATEWAY = "the gateway"
Progress: TypeAlias = Callable[[int], None]


class Source(Protocol):
    """Where bytes come from."""

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes; empty at the end."""
        ...


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that an officer gives: its name, what it is, the media type its sender claims.

    `source` are its bytes, or what puts into the vault bytes that are here already, sealed.
    """

    name: str
    title: str
    media_type: str
    source: Source | Callable[[], StoredObject]


@dataclass(frozen=True, slots=True)
class Collected:
    """Who took the item into custody, on which day, where and how."""

    on: dt.date
    by: str
    place: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class FolderResult:
    """One entry of a folder: the item it became, or the sentence that says why it did not."""

    path: str
    item: str = ""
    refusal: str = ""


def seal_into_vault(source: Source | Callable[[], StoredObject], *, progress: Progress | None = None) -> StoredObject:
    """Stream bytes into the vault, sealed to our own newest key; nothing else of them touches the disk."""
    if callable(source):
        return source()
    sealing = own_sealing()
    return ingest_stream(
        source, store=sealing.store, recipients=sealing.recipients, chance=sealing.chance, progress=progress
    )


def own_sealing() -> Sealing:
    """Our vault, and our own newest key."""
    return Sealing(office().store, [office().sealing_identities[0].recipient], office().identifiers)


@logs_refusals
def ingest(
    *, by: Officer, assignment_id: str, upload: Upload, collected: Collected, progress: Progress | None = None
) -> Item:
    """Take a file into evidence for a measure: streamed, hashed, sealed, its ledger opened.

    A crash leaves a whole item or none.

    Raises:
        UnknownObjectError: the measure was given to somebody else, in a case this officer has no part in.
        PermissionRefusedError: the measure was reported on.
        InputError: the item has no title, was collected in the future, or what was typed gives a protected person away.
    """
    assignment = _open_assignment(by, assignment_id)
    _require_origin(upload.title, collected)
    _require_clean(by, assignment, upload, collected)
    stored = seal_into_vault(upload.source, progress=progress)
    return _take_for_measure(by, assignment, upload, stored=stored, collected=collected)


def ingest_folder(
    *, by: Officer, assignment_id: str, folder: Path, collected: Collected, workers: int = 2
) -> Iterator[FolderResult]:
    """Take every file below a folder of this machine into evidence for a measure; its structure stays in the titles.

    What cannot be taken in is said with its path, and does not stop the rest.

    Raises:
        UnknownObjectError, PermissionRefusedError, InputError: as for `ingest`.
        SourceError: the folder cannot be read.
        StoreError: the store failed; what was given back so far is kept.
    """
    assignment = _open_assignment(by, assignment_id)
    _require_origin("a folder", collected)
    for found in seal_folder(folder, own_sealing(), workers=workers):
        if isinstance(found, FolderRefusal):
            yield FolderResult(found.path, refusal=found.sentence)
        else:
            yield _take_found(by, assignment, found.path, stored=found.stored, collected=collected)


def ingest_file(*, by: Officer, assignment_id: str, path: Path, collected: Collected) -> FolderResult:
    """Take one file of this machine into evidence for a measure, or say why it cannot be.

    Raises:
        UnknownObjectError, PermissionRefusedError, InputError: as for `ingest`.
        StoreError: the store failed; nothing is kept then.
    """
    assignment = _open_assignment(by, assignment_id)
    _require_origin("a file", collected)
    sealing, name = own_sealing(), safe_name(path.name)
    try:
        stored = seal_file(path, store=sealing.store, recipients=sealing.recipients, chance=sealing.chance)
    except SourceError as error:
        return FolderResult(name, refusal=error.sentence)
    return _take_found(by, assignment, name, stored=stored, collected=collected)


def attach_upload(*, by: Officer, draft_id: str, upload: Upload, progress: Progress | None = None) -> str:
    """Stream a file into the vault and attach it to an open draft: the attachment's identifier.

    Raises:
        UseForbiddenError: the file is evidence that a condition keeps from the State to which the draft goes.
    """
    draft = require_draft(by, draft_id)
    stored = seal_into_vault(upload.source, progress=progress)
    require_may_leave(stored.sha256, partner=draft.case.partner)
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


@dataclass(frozen=True, slots=True)
class ArrivedPart:
    """A part of a recorded letter, verified and in the vault. `key` is what it is called here, not in its letter."""

    case: str
    letter: str
    sender: str
    key: str
    facts: Mapping[str, object]
    stored: StoredObject
    receipt_digest: str
    described: Mapping[str, object]


@transaction.atomic
def take_in(part: ArrivedPart) -> Item:
    """A part that came with a letter becomes an item; its ledger continues the sender's. Twice changes nothing."""
    facts = part.facts
    item, new = Item.objects.get_or_create(
        pk=part.key,
        defaults={
            "part": "" if part.key == facts["id"] else str(facts["id"]),
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
            "derived_from": _parents(part),
            "created_at": office().clock.now(),
        },
    )
    if new:
        _index(item)
        enter(
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
        log("system:worker", "evidence-arrived", item, details={"sha256": item.sha256, "from": part.sender})
    return item


def media_type_of(stored: StoredObject, *, declared: str = "") -> str:
    """The media type by the first bytes, not by the name: what a page may safely say it is."""
    with open_object(office().store, stored.id, office().sealing_identities) as reader:
        return sniff(reader.read(SNIFF_LENGTH), declared).detected


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a new item is besides its bytes."""

    case_id: str
    title: str
    name: str
    declared: str = ""
    measure: str = ""
    derived_from: tuple[str, ...] = ()


def new_item(stored: StoredObject, begins: Beginning) -> Item:
    """An item of our own; its ledger is still to be opened."""
    item = Item.objects.create(
        pk=office().identifiers.new(),
        case_id=begins.case_id,
        title=begins.title.strip()[:300],
        name=safe_name(begins.name),
        media_type=media_type_of(stored, declared=begins.declared),
        size=stored.size,
        sha256=stored.sha256,
        object=stored.id,
        measure=begins.measure,
        origin=office().state,
        derived_from=list(begins.derived_from),
        created_at=office().clock.now(),
    )
    _index(item)
    return item


def _index(item: Item) -> None:
    index_passage(source=f"item:{item.pk}", case=item.case_id, content=[item.title, item.name])


def _take_found(
    by: Officer, assignment: Assignment, path: str, *, stored: StoredObject, collected: Collected
) -> FolderResult:
    """Make an item of what is in the vault, called as it was found."""
    upload = Upload(path.rpartition("/")[2], path, "", partial(_as_is, stored))
    try:
        _require_clean(by, assignment, upload, collected)
    except LoggedRefusalError as error:
        record(error.happening)
        return FolderResult(path, refusal=error.sentence)
    return FolderResult(path, _take_for_measure(by, assignment, upload, stored=stored, collected=collected).pk)


def _as_is(stored: StoredObject) -> StoredObject:
    return stored


def _parents(part: ArrivedPart) -> list[str]:
    """What the letter says the part was made from, as far as we have it."""
    named = part.described.get("derived_from")
    wanted = [str(each) for each in named] if isinstance(named, list) else []
    return [item.pk for name in wanted for item in items_called(name, case=part.case)[:1]]


def _open_assignment(by: Officer, assignment_id: str) -> Assignment:
    assignment = require_assignment(by, assignment_id)
    if assignment.reported_at is not None:
        raise PermissionRefusedError("This measure was reported on: its evidence is closed.")
    return assignment


def _require_clean(by: Officer, assignment: Assignment, upload: Upload, collected: Collected) -> None:
    typed = {"title": upload.title, "by": collected.by, "place": collected.place, "note": collected.note}
    require_clean_to_keep(by, assignment.case_id, typed, names={"The file's name": upload.name})


def _require_origin(title: str, collected: Collected) -> None:
    if not title.strip() or not collected.by.strip():
        raise InputError("An item of evidence needs a title, and who collected it.")
    if collected.on > office().clock.now().date():
        raise InputError("An item cannot have been collected in the future.")


@transaction.atomic
def _take_for_measure(
    by: Officer, assignment: Assignment, upload: Upload, *, stored: StoredObject, collected: Collected
) -> Item:
    begins = Beginning(assignment.case_id, upload.title, upload.name, upload.media_type, assignment.measure)
    item = new_item(stored, begins)
    facts = {"object": stored.id, "sha256": stored.sha256}
    midnight = dt.datetime(collected.on.year, collected.on.month, collected.on.day, tzinfo=dt.UTC)
    enter(
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
    enter(item, CustodyHappening(event=CustodyEvent.INGESTED, at=now, by=by.name, authority=by.title, **facts))
    log(by.identifier, "evidence-ingested", item, details={"sha256": item.sha256, "size": item.size})
    return item
