"""The protocol of a hearing: made from its plan and what the officer says of how it went, signed, kept as evidence.

It is a document like any other of a case (`sheets`): a second officer approves it and the worker signs it. The worker
then puts the signed document into evidence, with a custody ledger of its own.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from dedere.base.clock import parse_instant
from dedere.base.errors import InputError
from dedere.casework.persons.hearing_law import measure_of
from dedere.casework.persons.hearings import Plan, Recording
from dedere.casework.persons.moments import shown_in
from dedere.casework.persons.travelling import measures_that_need
from dedere.node.accounts.models import Officer
from dedere.node.cases.access import standing
from dedere.node.cases.actions.papers import PaperChoice
from dedere.node.cases.models import Case
from dedere.node.evidence.actions import seal_into_vault
from dedere.node.evidence.actions.intake import Beginning, new_item
from dedere.node.evidence.ledgers import enter, log
from dedere.node.office import office
from dedere.node.papers.models import Sheet
from dedere.node.papers.sheets import WORKER, make_sheet
from dedere.node.persons.actions import hearings
from dedere.node.persons.models import Hearing
from dedere.node.persons.refusals import logs_refusals
from dedere.papers.composing.sheets import SheetKind
from dedere.vault.ledger import CustodyEvent
from dedere.vault.ledger import Happening as CustodyHappening
from dedere.vault.reading import open_object


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """How a hearing went, as the officer who was there tells it. Instants are UTC; None: it was not said."""

    started_at: dt.datetime
    ended_at: dt.datetime
    place: str
    conducted_by: str
    text: str
    present: tuple[str, ...] = ()
    rights_explained: bool | None = None
    oath: bool | None = None
    remarks: str = ""


@logs_refusals
@transaction.atomic
def make_protocol(*, by: Officer, case_id: str, hearing_id: str, account: Account, choice: PaperChoice) -> Sheet:
    """Record that a hearing took place, and make its protocol, which waits for a second officer.

    Raises:
        UnknownObjectError: the case is not this officer's, or has no such hearing.
        InputError: it has not taken place, was called off, or has a protocol already.
        DocumentInputError: something that a protocol must hold is missing; nothing is kept.
        LeakError: it gives a protected person away.
    """
    who = standing(by, case_id)
    hearing = hearings.require_hearing(who, hearing_id)
    if hearing.state == hearings.HELD and not _is_discarded(hearing):
        raise InputError("This hearing has its protocol: discard that document before you make another.")
    data = _data(hearing, account)
    sheet = make_sheet(by=by, case_id=case_id, kind=SheetKind.HEARING_PROTOCOL, data=data, choice=choice)
    if hearing.state == hearings.HELD:
        hearings.renew_protocol(by=who, hearing_id=hearing_id, sheet=sheet.pk)
    else:
        held = hearings.Held(
            started_at=account.started_at,
            ended_at=account.ended_at,
            conducted_by=account.conducted_by,
            sheet=sheet.pk,
        )
        hearings.hold_hearing(by=who, hearing_id=hearing_id, held=held)
    return sheet


def protocols_to_keep() -> list[str]:
    """Hearings whose protocol is signed and not yet in evidence."""
    waiting = Hearing.objects.filter(state=hearings.HELD, item="")
    named = {each.pk: str(each.protocol.get("sheet", "")) for each in waiting}
    signed = set(Sheet.objects.filter(pk__in=named.values(), state=Sheet.State.SIGNED).values_list("pk", flat=True))
    return [hearing for hearing, sheet in named.items() if sheet in signed]


def keep_protocol(hearing_id: str) -> None:
    """Put a hearing's signed protocol into evidence. A crash leaves a whole item or none."""
    hearing = Hearing.objects.select_related("person").get(pk=hearing_id)
    sheet = Sheet.objects.select_related("case").get(pk=str(hearing.protocol["sheet"]))
    with open_object(office().store, sheet.object, office().sealing_identities) as reader:
        signed = reader.read_range(0, sheet.size)
    # Sealed anew: an item is destroyed with its object, and the document of the case stays.
    stored = seal_into_vault(io.BytesIO(signed))
    with transaction.atomic():
        if Hearing.objects.select_for_update().get(pk=hearing_id).item:
            return
        day = hearing.starts_at.date().isoformat()
        item = new_item(
            stored,
            Beginning(
                case_id=sheet.case_id,
                title=f"Protocol of the hearing of {hearing.person}, {day}",
                name=f"hearing-protocol-{day}.pdf",
                declared="application/pdf",
                measure=_measure(sheet.case, hearing),
            ),
        )
        facts = {"object": stored.id, "sha256": stored.sha256}
        by = str(hearing.protocol.get("conducted_by", ""))
        place = str(sheet.data.get("place", ""))
        enter(item, CustodyHappening(event=CustodyEvent.COLLECTED, at=hearing.ends_at, by=by, place=place, **facts))
        now = office().clock.now()
        enter(
            item,
            CustodyHappening(event=CustodyEvent.INGESTED, at=now, by=WORKER, authority=office().home.name, **facts),
        )
        log(WORKER, "evidence-ingested", item, details={"sha256": item.sha256, "sheet": sheet.pk})
        hearings.note_kept_protocol(hearing_id=hearing_id, item=item.pk)


def _is_discarded(hearing: Hearing) -> bool:
    return Sheet.objects.filter(pk=str(hearing.protocol.get("sheet", "")), state=Sheet.State.DISCARDED).exists()


def _measure(case: Case, hearing: Hearing) -> str:
    """The measure that the hearing carries out, where exactly one asked for concerns the person."""
    acts = case.letters.filter(kind="request").values_list("act", flat=True)
    named = {each for act in acts for each in measures_that_need(act["body"], hearing.person.reference)}
    return named.pop() if len(named) == 1 else ""


def _data(hearing: Hearing, account: Account) -> dict[str, object]:
    """Everything that the protocol says; a protected person stands in it by alias."""
    plan = hearings.plan_of(hearing)
    said: dict[str, object] = {
        "person": str(hearing.person),
        "heard_on": shown_in(account.started_at, plan.zone_here).date().isoformat(),
        "place": account.place,
        "started": _in_both(account.started_at, plan.zone_here, plan.zone_there),
        "ended": _in_both(account.ended_at, plan.zone_here, plan.zone_there),
        "measure": measure_of(plan.mode, hearing.person.roles).value,
        "conducted_by": account.conducted_by,
        "present": list(account.present),
        "interpreter": ", ".join(filter(None, (plan.interpreter, plan.interpreter_certificate))),
        "language": plan.language,
        "rights_explained": account.rights_explained,
        "oath": account.oath,
        "text": account.text,
        "remarks": account.remarks,
        "summons": plan.summoned_by,
        "counsel": plan.counsel,
        "documents": list(plan.documents),
        "recording": "" if plan.recording == Recording.MINUTES else plan.recording,
        "technical_test": _tested(plan),
    }
    return _without_blanks(said)


def _tested(plan: Plan) -> str:
    if not plan.test_at:
        return ""
    at = _in_both(parse_instant(plan.test_at), plan.zone_here, plan.zone_there)
    return ", ".join(filter(None, (at, plan.test_result, plan.test_note)))


def _in_both(instant: dt.datetime, here: str, there: str) -> str:
    """An instant on both wall clocks."""
    zones = dict.fromkeys((here, there))
    return ", ".join(f"{shown_in(instant, zone):%Y-%m-%d %H:%M} {zone}" for zone in zones)


def _without_blanks(said: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in said.items() if value not in ("", [], None)}
