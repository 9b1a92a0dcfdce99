"""Hearings of a person, as pages show them. Who may see the case is asked before."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from dedere.casework.acts import Role
from dedere.casework.persons.attendance import Terms
from dedere.casework.persons.hearings import Around, Booking, Clash, Plan, booking_of, clashes
from dedere.node.accounts.models import Officer
from dedere.node.accounts.permissions import require_role
from dedere.node.errors import UnknownObjectError
from dedere.node.office import office
from dedere.node.persons.actions.hearings import PLANNED, plan_of, version_of
from dedere.node.persons.models import Hearing, Inquiry, Interview, Person
from dedere.treaty.limits import Place


@dataclass(frozen=True, slots=True)
class HearingRow:
    """A hearing in a list."""

    id: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    mode: str
    state: str


@dataclass(frozen=True, slots=True)
class HearingView:
    """One hearing. `sheet` is the document that records it, `item` the evidence that it became."""

    row: HearingRow
    person_id: str
    case_id: str
    name: str
    roles: tuple[str, ...]
    plan: Plan
    version: str
    repeat_reason: str
    sheet: str
    item: str
    called_off: str


@dataclass(frozen=True, slots=True)
class InterviewRow:
    """An interview that took place."""

    on: dt.date
    by: str
    recorded: bool
    repeat_reason: str
    item: str


@dataclass(frozen=True, slots=True)
class InquiryRow:
    """Whether the person was interviewed before, asked of the custodians; `answer` empty while nobody has said."""

    id: str
    asked_at: dt.datetime
    asker: str
    reason: str
    answer: str
    remark: str
    letter: str
    question: str
    searched: bool
    name: str

    @property
    def of_partner(self) -> bool:
        """Whether the other State asks."""
        return bool(self.letter)


def hearings_of(person_id: str) -> tuple[HearingRow, ...]:
    """The hearings of a person, the last one first."""
    found = Hearing.objects.filter(person=person_id).order_by("-starts_at", "identifier")
    return tuple(_row(each) for each in found)


def interviews_of(person_id: str) -> tuple[InterviewRow, ...]:
    """The interviews of a person, the last one first."""
    found = Interview.objects.filter(person=person_id).order_by("-on", "identifier")
    return tuple(InterviewRow(each.on, each.by, each.recorded, each.repeat_reason, each.item) for each in found)


def inquiries_of(person_id: str) -> tuple[InquiryRow, ...]:
    """What the custodians were asked about a person's interviews, the last one first."""
    found = Inquiry.objects.select_related("asker", "person").filter(person=person_id)
    return tuple(inquiry_row(each) for each in found)


def find_hearing(case_id: str, person_id: str, hearing_id: str) -> HearingView:
    """One hearing of a person of a case.

    Raises:
        UnknownObjectError: there is none.
    """
    found = (
        Hearing.objects.select_related("person").filter(pk=hearing_id, person=person_id, person__case=case_id).first()
    )
    if found is None:
        raise UnknownObjectError
    return HearingView(
        row=_row(found),
        person_id=person_id,
        case_id=case_id,
        name=str(found.person),
        roles=found.person.roles,
        plan=plan_of(found),
        version=version_of(found),
        repeat_reason=found.repeat_reason,
        sheet=str(found.protocol.get("sheet", "")),
        item=found.item,
        called_off=str(found.protocol.get("called_off", "")),
    )


def clashes_of(view: HearingView, *, partner: str) -> tuple[Clash, ...]:
    """What a planned hearing collides with now: other hearings of this office, free days, night, clocks, a presence."""
    start, end = view.row.starts_at, view.row.ends_at
    others = Hearing.objects.filter(state=PLANNED, starts_at__lt=end, ends_at__gt=start).exclude(pk=view.row.id)
    booked = booking_of(view.row.id, view.person_id, view.plan, start=start, end=end)
    around = Around(
        others=tuple(_booking(each) for each in others),
        here=Place(view.plan.zone_here, office().state),
        there=Place(view.plan.zone_there, partner),
        now=office().clock.now(),
        terms=_terms(view.person_id),
    )
    return clashes(view.plan, booked, around)


def waiting_inquiries(officer: Officer) -> tuple[InquiryRow, ...]:
    """What custodians are asked about interviews, for a custodian.

    Raises:
        PermissionRefusedError: the officer is no custodian.
    """
    require_role(officer, Role.CUSTODIAN)
    return tuple(inquiry_row(each) for each in Inquiry.objects.select_related("asker", "person").filter(answer=""))


def waiting_inquiry(officer: Officer, inquiry_id: str) -> InquiryRow:
    """One of them.

    Raises:
        PermissionRefusedError: the officer is no custodian.
        UnknownObjectError: none waits under this identifier.
    """
    found = next((each for each in waiting_inquiries(officer) if each.id == inquiry_id), None)
    if found is None:
        raise UnknownObjectError
    return found


def inquiry_row(found: Inquiry) -> InquiryRow:
    """An inquiry as a page shows it."""
    return InquiryRow(
        id=found.pk,
        asked_at=found.asked_at,
        asker=found.asker.name,
        reason=found.reason,
        answer=found.answer,
        remark=found.remark,
        letter=found.letter,
        question=found.question,
        searched=found.searched_at is not None,
        name=str(found.person),
    )


def _terms(person_id: str) -> tuple[Terms, ...]:
    person = Person.objects.get(pk=person_id)
    return tuple(Terms.from_json(each.terms) for each in person.attendances.all())


def _booking(found: Hearing) -> Booking:
    return booking_of(found.pk, found.person_id, plan_of(found), start=found.starts_at, end=found.ends_at)


def _row(found: Hearing) -> HearingRow:
    return HearingRow(found.pk, found.starts_at, found.ends_at, str(found.plan.get("mode", "")), found.state)
