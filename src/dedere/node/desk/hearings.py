"""A person's hearings and interviews for officers of the case: what is arranged, what is lacking, what collides."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.casework.persons.hearing_law import (
    DEFENDED,
    ConsentAsked,
    checks_at_hearing,
    consents_asked,
    duties_at_hearing,
    measure_of,
)
from dedere.casework.persons.hearings import Clash, Lack, Mode, lacks
from dedere.casework.persons.moments import hours_apart, shown_in
from dedere.node.accounts.models import Officer
from dedere.node.cases.access import require_case
from dedere.node.desk.persons import relied_on
from dedere.node.errors import UnknownObjectError
from dedere.node.exchange.interviews import Asked, questions_about
from dedere.node.office import office
from dedere.node.persons import hearings as queries
from dedere.node.persons.models import Person
from dedere.node.persons.queries import PersonView

if TYPE_CHECKING:
    from dedere.treaty.duties import OwedDuty
    from dedere.treaty.model import Check


@dataclass(frozen=True, slots=True)
class Heard:
    """A person's hearings and interviews, what custodians were asked, and what the States asked each other."""

    hearings: tuple[queries.HearingRow, ...]
    interviews: tuple[queries.InterviewRow, ...]
    inquiries: tuple[queries.InquiryRow, ...]
    asked: tuple[Asked, ...]
    interviewed_there: bool
    may_ask_partner: bool

    @property
    def again(self) -> bool:
        """Whether an interview is known, so that another one needs a reason."""
        here = any(each.answer == "yes" for each in self.inquiries)
        return bool(self.interviews) or here or self.interviewed_there


@dataclass(frozen=True, slots=True)
class Ends:
    """A hearing on one wall clock: the zone, and its beginning and end as shown there."""

    zone: str
    start: dt.datetime
    end: dt.datetime


@dataclass(frozen=True, slots=True)
class HearingPage:
    """A hearing with everything an officer has to look at. `apart`: hours by which clocks there are ahead."""

    view: queries.HearingView
    ends: tuple[Ends, ...]
    apart: dt.timedelta
    lacks: tuple[Lack, ...]
    clashes: tuple[Clash, ...]
    consents: tuple[ConsentAsked, ...]
    consent_unknown: bool
    duties: tuple[OwedDuty, ...]
    checks: tuple[Check, ...]
    history_asked: bool


def heard(officer: Officer, person: PersonView) -> Heard:
    """What is known of how often a person was heard.

    Raises:
        UnknownObjectError: the case is not this officer's.
    """
    case = require_case(officer, person.case_id)
    found = Person.objects.get(pk=person.id)
    asked = questions_about(case, found)
    return Heard(
        hearings=queries.hearings_of(person.id),
        interviews=queries.interviews_of(person.id),
        inquiries=queries.inquiries_of(person.id),
        asked=asked,
        interviewed_there=any(each.ours and each.answer == "yes" for each in asked),
        may_ask_partner=case.letters.filter(kind="request").exists(),
    )


def hearing_page(officer: Officer, case_id: str, person_id: str, hearing_id: str) -> HearingPage:
    """One hearing.

    Raises:
        UnknownObjectError: the case is not this officer's, or has no such hearing.
    """
    case = require_case(officer, case_id)
    view = queries.find_hearing(case.pk, person_id, hearing_id)
    plan, row, law = view.plan, view.row, office().law
    measure = measure_of(plan.mode, view.roles)
    instruments = relied_on(case)
    consents = consents_asked(law, measure, instruments=instruments)
    defended = bool(DEFENDED & set(view.roles))
    planned = row.state == "planned"
    person = Person.objects.get(pk=person_id)
    asked = person.inquiries.exists() or person.interviews.exists()
    return HearingPage(
        view=view,
        ends=tuple(
            Ends(zone, shown_in(row.starts_at, zone), shown_in(row.ends_at, zone))
            for zone in dict.fromkeys((plan.zone_here, plan.zone_there))
        ),
        apart=hours_apart(row.starts_at, plan.zone_here, plan.zone_there),
        lacks=lacks(plan, consent_asked=bool(consents), has_defence=defended) if planned else (),
        clashes=queries.clashes_of(view, partner=case.partner) if planned else (),
        consents=consents,
        consent_unknown=not consents and plan.mode != Mode.PLACE and defended,
        duties=duties_at_hearing(law, measure, instruments=instruments, on=row.starts_at.date()),
        checks=checks_at_hearing(law),
        history_asked=asked,
    )


def partner_of_person(officer: Officer, case_id: str, person_id: str) -> str:
    """The other State of the case, for whoever has part in it.

    Raises:
        UnknownObjectError: the case is not this officer's, or has no such person.
    """
    case = require_case(officer, case_id)
    if not Person.objects.filter(pk=person_id, case=case.pk).exists():
        raise UnknownObjectError
    return case.partner
