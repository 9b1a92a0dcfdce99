"""Evidence leaves with letters, comes back, and is signed for; no condition lets an item go where it may not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from django.db import transaction

from dedere.base.errors import InputError
from dedere.casework.acts import ActKind
from dedere.node.accounts.models import Officer
from dedere.node.cases.access import require_case, require_draft
from dedere.node.cases.actions import drafts
from dedere.node.cases.actions.drafts import NewAttachment
from dedere.node.cases.models import Draft
from dedere.node.evidence.access import items_called, require_item
from dedere.node.evidence.conditions import for_letter, require_release
from dedere.node.evidence.ledgers import enter, ledger_of
from dedere.node.evidence.models import Item
from dedere.node.office import office
from dedere.node.persons.refusals import logs_refusals
from dedere.vault.ledger import CustodyEvent
from dedere.vault.ledger import Happening as CustodyHappening

# Where the body of an act lists the parts that go with it.
_LISTS_ITEMS = {ActKind.SUPPLEMENT.value: "documents"}


@logs_refusals
@transaction.atomic
def propose_act(
    *,
    by: Officer,
    case_id: str,
    proceeding: str,
    kind: str,
    body: Mapping[str, object],
    items: Sequence[str | NewAttachment] = (),
) -> Draft:
    """Begin any act of a case; `items` go with it, each with its custody ledger so far and its conditions.

    An item is named by its identifier; what is given as an attachment is a file of the vault that is no item here.

    Raises:
        InputError: an item is of another case, or was sent before.
        UseForbiddenError: a condition keeps an item from a State to which the act goes.
        ActRefusedError: the procedure does not allow the act now.
    """
    case = require_case(by, case_id)
    chosen = [require_item(by, each) for each in items if isinstance(each, str)]
    documents = [each for each in items if isinstance(each, NewAttachment)]
    if any(item.case_id != case.pk for item in chosen):
        raise InputError("An item of another case cannot go with this letter: bring it into this case first.")
    sent = next((item for item in chosen if item.letter), None)
    if sent is not None:
        raise InputError(f"The item {sent.title} was sent before: it cannot be sent twice in one case.")
    content = _as_letters_call(body)
    if chosen:
        content[_LISTS_ITEMS.get(kind, "items")] = [_item_for_letter(item) for item in chosen]
    draft = drafts.propose_act(
        by=by,
        case_id=case.pk,
        proceeding=proceeding,
        kind=kind,
        body=content,
        attachments=[*(_attachment_of(item) for item in chosen), *documents],
    )
    require_release(draft)
    return draft


@logs_refusals
@transaction.atomic
def submit_draft(*, by: Officer, draft_id: str, approver_id: str = "") -> Draft:
    """Put a draft before a second officer, if no condition keeps a file of it from the State it goes to.

    Raises:
        UseForbiddenError: one does; and what `cases` refuses.
    """
    require_release(require_draft(by, draft_id))
    return drafts.submit_draft(by=by, draft_id=draft_id, approver_id=approver_id)


@logs_refusals
@transaction.atomic
def approve_draft(*, by: Officer, draft_id: str, digest: str) -> Draft:
    """The second officer's yes, if no condition that came or changed meanwhile keeps a file from that State.

    Raises:
        UseForbiddenError: one does; and what `cases` refuses.
    """
    require_release(require_draft(by, draft_id))
    return drafts.approve_draft(by=by, draft_id=draft_id, digest=digest)


def note_sent(*, items: Sequence[str], letter: str, digest: str, partner: str, by: str) -> None:
    """The letter that carries these items was sealed: an entry in each ledger, attested by the letter's digest."""
    for item in Item.objects.filter(pk__in=list(items)):
        enter(
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


def note_custody_receipt(case: str, *, act: Mapping[str, object], digest: str, partner: str, at: dt.datetime) -> None:
    """A custody receipt came or left: the receiver's named officer has each item it lists that we hold or sent."""
    body, officer = act["body"], act["officer"]
    if not isinstance(body, Mapping) or not isinstance(officer, Mapping):
        return
    for row in body["items"]:
        item = items_called(row["item"], case=case).filter(sha256=row["sha256"], destroyed_at=None).first()
        if item is None:
            continue
        enter(
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


def note_return(case: str, *, act: Mapping[str, object], digest: str, partner: str, at: dt.datetime) -> None:
    """Items were given back, by us or by the State that had them: an entry in the ledger of each that we hold.

    `partner` is the State that returns; its named officer signs with the letter.
    """
    body, officer = act["body"], act["officer"]
    if not isinstance(body, Mapping) or not isinstance(officer, Mapping):
        return
    for row in body["items"]:
        item = items_called(row["item"], case=case).filter(destroyed_at=None).first()
        if item is not None:
            enter(
                item,
                CustodyHappening(
                    event=CustodyEvent.RETURNED,
                    at=at,
                    by=str(officer["name"]),
                    authority=f"Central authority of {partner}",
                    note="To the State that sent it.",
                    signature=digest,
                ),
            )


def _as_letters_call(body: Mapping[str, object]) -> dict[str, object]:
    """The body with each item that it signs for or gives back named as its letter named it."""
    content, rows = dict(body), body.get("items")
    if isinstance(rows, list) and all(isinstance(row, Mapping) and "item" in row for row in rows):
        named = dict(
            Item.objects.exclude(part="").filter(pk__in=[row["item"] for row in rows]).values_list("pk", "part")
        )
        content["items"] = [{**row, "item": named.get(row["item"], row["item"])} for row in rows]
    return content


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
        conditions=tuple(for_letter(item)),
    )


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
    parents = Item.objects.filter(pk__in=item.derived_from, case_id=item.case_id).exclude(letter="")
    if known := sorted(parent.part_id for parent in parents):
        described["derived_from"] = known
    return described
