"""What is made from evidence: an extract, a translation, a copy for another case; under the same conditions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from dedere.base.errors import InputError
from dedere.casework.conditions import Use, UseKind
from dedere.node.accounts.models import Officer
from dedere.node.cases.access import require_case
from dedere.node.cases.leaks import require_clean_to_keep
from dedere.node.evidence.access import require_item
from dedere.node.evidence.actions.intake import Beginning, Progress, Upload, new_item, seal_into_vault
from dedere.node.evidence.conditions import require_use
from dedere.node.evidence.ledgers import enter, ledger_of, log
from dedere.node.evidence.models import Item
from dedere.node.office import office
from dedere.node.persons.refusals import logs_refusals
from dedere.vault.ingest import StoredObject
from dedere.vault.ledger import CustodyEvent
from dedere.vault.ledger import Happening as CustodyHappening


@dataclass(frozen=True, slots=True)
class Made:
    """How something was made from items, and for which purpose (a line as the conditions write it)."""

    how: str
    purpose: str


@logs_refusals
def derive_item(
    *, by: Officer, sources: Sequence[str], upload: Upload, made: Made, progress: Progress | None = None
) -> Item:
    """Take in what was made from items of one case: it inherits every condition of each.

    Raises:
        UnknownObjectError: an item is not this officer's.
        UseForbiddenError: a condition on one of them forbids a copy for this purpose.
        InputError: nothing says how it was made, the items are of several cases, or what was typed gives a protected
            person away.
    """
    parents = [require_item(by, item_id) for item_id in dict.fromkeys(sources)]
    if not parents or len({item.case_id for item in parents}) != 1:
        raise InputError("Something is made from at least one item, and from items of one case alone.")
    if not upload.title.strip() or not made.how.strip():
        raise InputError("Say what it is, and how it was made.")
    _require_copy(parents, purpose=made.purpose)
    typed = {"title": upload.title, "how": made.how, "purpose": made.purpose}
    require_clean_to_keep(by, parents[0].case_id, typed, names={"The file's name": upload.name})
    stored = seal_into_vault(upload.source, progress=progress)
    with transaction.atomic():
        begins = Beginning(
            parents[0].case_id,
            upload.title,
            upload.name,
            upload.media_type,
            measure=parents[0].measure,
            derived_from=tuple(item.pk for item in parents),
        )
        item = new_item(stored, begins)
        _open_ledger(item, stored, by=by, note=f"Made from {_listed(parents)}: {made.how.strip()}"[:2000])
        for parent in parents:
            _note_copy(parent, by=by, note=f"Used to make the item {item.pk}: {made.how.strip()}"[:2000])
        log(by.identifier, "evidence-derived", item, details={"from": [each.pk for each in parents]})
    return item


@transaction.atomic
def carry_over(*, by: Officer, item_id: str, case_id: str) -> Item:
    """Bring an item into another case, to send it on from there: a new item on the same sealed bytes.

    Raises:
        UnknownObjectError: item or case is not this officer's.
        UseForbiddenError: a condition keeps it from the State of the other case.
        InputError: it is of that case already.
    """
    source, case = require_item(by, item_id), require_case(by, case_id)
    if source.case_id == case.pk:
        raise InputError("The item is of this case already.")
    require_use(source, Use(UseKind.TRANSFER, office().clock.now().date(), state=case.partner))
    stored = StoredObject(source.object, source.size, source.sha256, office().store.payload_size(source.object), 0)
    item = new_item(stored, Beginning(case.pk, source.title, source.name, source.media_type, derived_from=(source.pk,)))
    head = ledger_of(source)[-1].digest()
    _open_ledger(
        item,
        stored,
        by=by,
        note=f"From the item {source.pk} of another case of this authority; its ledger ends {head}.",
    )
    _note_copy(source, by=by, note=f"Brought into another case with {case.partner} as the item {item.pk}.")
    log(by.identifier, "evidence-carried-over", item, details={"from": source.pk})
    log(by.identifier, "evidence-copied", source, details={"into": item.pk})
    return item


def _require_copy(items: Sequence[Item], *, purpose: str) -> None:
    for item in items:
        require_use(item, Use(UseKind.COPY, office().clock.now().date(), purpose=purpose.strip()))


def _open_ledger(item: Item, stored: StoredObject, *, by: Officer, note: str) -> None:
    enter(
        item,
        CustodyHappening(
            event=CustodyEvent.INGESTED,
            at=office().clock.now(),
            by=by.name,
            authority=by.title,
            note=note,
            object=stored.id,
            sha256=stored.sha256,
        ),
    )


def _note_copy(item: Item, *, by: Officer, note: str) -> None:
    happening = CustodyHappening(
        event=CustodyEvent.COPIED, at=office().clock.now(), by=by.name, authority=by.title, note=note
    )
    enter(item, happening)


def _listed(items: Sequence[Item]) -> str:
    return "the item " + items[0].pk if len(items) == 1 else "the items " + ", ".join(item.pk for item in items)
