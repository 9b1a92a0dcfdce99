"""Evidence is used: looked at, handed out, examined; and conditions are set on what is ours."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from dedere.base.errors import InputError
from dedere.casework.conditions import ConditionKind, Use, UseKind
from dedere.node.accounts.models import Officer
from dedere.node.cases.leaks import require_clean_to_keep
from dedere.node.cases.models import Attachment
from dedere.node.evidence.access import require_item
from dedere.node.evidence.conditions import require_use
from dedere.node.evidence.ledgers import enter, log
from dedere.node.evidence.models import Item
from dedere.node.office import office
from dedere.node.persons.refusals import logs_refusals
from dedere.vault.ledger import CustodyEntry, CustodyEvent
from dedere.vault.ledger import Happening as CustodyHappening

_MOST_REASON = 300


@dataclass(frozen=True, slots=True)
class HandOut:
    """A copy of an item for somebody: to whom, for which purpose, and as what (copy, evidence or disclosure).

    `purpose` is a line as the conditions write it. `reported`: the use as evidence is reported to the State that asked
    for that. `exculpatory`: the content speaks for an accused, to whom it is disclosed.
    """

    kind: UseKind
    to: str
    purpose: str
    place: str = ""
    reported: bool = False
    exculpatory: bool = False


@dataclass(frozen=True, slots=True)
class NewCondition:
    """A condition that we set on an item of ours before it is sent; the fields are those of casework's conditions."""

    kind: ConditionKind
    text: str
    purposes: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    by: dt.date | None = None


@logs_refusals
@transaction.atomic
def note_look(*, by: Officer, item_id: str, reason: str) -> Item:
    """Log that an officer opens an item, and why, before it is opened.

    Raises:
        UnknownObjectError: there is no such item for this officer.
        UseForbiddenError: a condition on it was not accepted, was declined, or has run out.
        InputError: this authority asks for a reason, and none was given, or it gives a protected person away.
    """
    item = require_item(by, item_id)
    if office().home.evidence.reason_for_looks and not reason.strip():
        raise InputError("Say why you open the item: this authority keeps the reason of every look.")
    require_use(item, Use(UseKind.LOOK, office().clock.now().date()))
    require_clean_to_keep(by, item.case_id, {"reason": reason})
    log(by.identifier, "evidence-opened", item, details={"reason": reason.strip()[:_MOST_REASON]})
    return item


@logs_refusals
@transaction.atomic
def hand_out(*, by: Officer, item_id: str, out: HandOut) -> Item:
    """Give a copy of an item to somebody: an entry in its ledger, if no condition forbids it.

    Raises:
        UnknownObjectError: there is no such item for this officer.
        UseForbiddenError: a condition forbids it; the sentence says which, and whose.
        InputError: nobody is named, or no purpose, or what was typed gives a protected person away.
    """
    item = require_item(by, item_id)
    if out.kind not in (UseKind.COPY, UseKind.EVIDENCE, UseKind.DISCLOSURE):
        raise InputError("A copy is handed out for work in the house, as evidence, or as a disclosure.")
    if not out.to.strip() or not out.purpose.strip():
        raise InputError("A copy is handed out to somebody, and for a purpose.")
    use = Use(
        out.kind,
        office().clock.now().date(),
        purpose=out.purpose.strip(),
        reported=out.reported,
        exculpatory=out.exculpatory,
    )
    require_use(item, use)
    require_clean_to_keep(by, item.case_id, {"to": out.to, "purpose": out.purpose, "place": out.place})
    enter(
        item,
        CustodyHappening(
            event=CustodyEvent.COPIED,
            at=office().clock.now(),
            by=by.name,
            authority=by.title,
            place=out.place.strip(),
            note=_words(out),
        ),
    )
    log(by.identifier, "evidence-handed-out", item, details={"as": out.kind.value})
    return item


@logs_refusals
@transaction.atomic
def record_custody(*, by: Officer, item_id: str, event: CustodyEvent, place: str, note: str) -> CustodyEntry:
    """Note in the ledger that the item was examined; other entries follow from what is done.

    Raises:
        InputError: another event, or what was typed gives a protected person away.
        UseForbiddenError: a condition does not let the item be looked at.
    """
    item = require_item(by, item_id)
    if event is not CustodyEvent.EXAMINED:
        raise InputError("Only an examination is noted by hand; a copy is handed out, the rest follows from acts.")
    require_use(item, Use(UseKind.LOOK, office().clock.now().date()))
    require_clean_to_keep(by, item.case_id, {"place": place, "note": note})
    entry = enter(
        item,
        CustodyHappening(event=event, at=office().clock.now(), by=by.name, authority=by.title, place=place, note=note),
    )
    log(by.identifier, f"evidence-{event.value}", item)
    return entry


@logs_refusals
@transaction.atomic
def set_condition(*, by: Officer, item_id: str, new: NewCondition) -> Item:
    """Set a condition of use on an item of ours; it goes with the item, and binds whoever gets it.

    Raises:
        InputError: the item is not ours, is in a letter or a draft, or the condition lacks what its kind needs, or it
            gives a protected person away.
    """
    item = _own_and_here(by, item_id)
    _require_whole(new)
    require_clean_to_keep(by, item.case_id, {"text": new.text, "purposes": list(new.purposes)})
    raw: dict[str, object] = {"id": office().identifiers.new(), "kind": new.kind.value, "text": new.text.strip()}
    if new.purposes:
        raw["purposes"] = list(new.purposes)
    if new.states:
        raw["states"] = list(new.states)
    if new.by is not None:
        raw["by"] = new.by.isoformat()
    item.conditions = [*item.conditions, raw]
    item.save(update_fields=["conditions"])
    log(by.identifier, "condition-set", item, details={"condition": raw["id"], "kind": new.kind.value})
    return item


@transaction.atomic
def unset_condition(*, by: Officer, item_id: str, condition: str) -> Item:
    """Take a condition of ours off an item that nobody was sent. Inherited ones cannot be taken off.

    Raises:
        InputError: the item is not ours or is on its way, or has no such condition of ours.
    """
    item = _own_and_here(by, item_id)
    left = [raw for raw in item.conditions if raw["id"] != condition]
    if len(left) == len(item.conditions):
        raise InputError("The item has no such condition of ours.")
    item.conditions = left
    item.save(update_fields=["conditions"])
    log(by.identifier, "condition-taken-off", item, details={"condition": condition})
    return item


def _own_and_here(by: Officer, item_id: str) -> Item:
    item = require_item(by, item_id)
    if item.origin != office().state:
        raise InputError("The item is another State's: only it sets conditions on it.")
    drafted = Attachment.objects.filter(item=item.pk).exclude(draft__state="discarded").exists()
    if item.letter or drafted:
        raise InputError("The item is in a letter or in a draft: its conditions stand as they are.")
    return item


def _require_whole(new: NewCondition) -> None:
    if not new.text.strip():
        raise InputError("A condition is written out, in the words that the other State will read.")
    if new.kind in (ConditionKind.USE_LIMITATION, ConditionKind.SPECIALITY) and not new.purposes:
        raise InputError("A limit of use names at least one purpose that is allowed.")
    if new.kind in (ConditionKind.RETURN_BY, ConditionKind.DESTROY_BY) and new.by is None:
        raise InputError("A condition to give the item up names the day.")


def _words(out: HandOut) -> str:
    heads = {UseKind.COPY: "Working copy", UseKind.EVIDENCE: "Copy for use as evidence"}
    head = heads.get(out.kind, "Disclosure")
    marks = ["exculpatory, after notice" if out.exculpatory else "", "reported" if out.reported else ""]
    more = "".join(f" ({mark})" for mark in marks if mark)
    return f"{head} to {out.to.strip()}{more}. Purpose: {out.purpose.strip()}."[:2000]
