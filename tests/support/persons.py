"""Persons of a case for tests: by name and by alias, in danger, coming under safe conduct, claiming; all fictional."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from dedere.casework.persons.attendance import AttendanceKind, Terms
from dedere.casework.persons.identity import Document, Identity, Place, UncertainDate, WrittenName
from dedere.casework.persons.protection import Protection, Risk
from dedere.casework.persons.victims import Channel, Part, Reparation, Topic
from dedere.node.cases.access import standing
from dedere.node.persons import actions as persons

if TYPE_CHECKING:
    from dedere.node.persons.models import Person
    from support.offices import Bureau

MILLER = Identity(
    names=(WrittenName("Horvatinčić", "Ljerka"), WrittenName("Хорватинчић", "Љерка")),
    born=UncertainDate("~1958"),
    born_at="Dol (fictional)",
    nationality=("HR",),
    documents=(Document("identity card", "004 881 (fictional)", "HR", "2030"),),
    places=(Place("home", "12 Mill Lane, Dol (fictional)"),),
    languages=("hr",),
)


def today(bureau: Bureau) -> dt.date:
    """The day at the office."""
    return bureau.clock.now().date()


def added(bureau: Bureau, case: str, *roles: str, by: str = "anna") -> Person:
    """A person known by name, a victim and witness unless told otherwise."""
    new = persons.PlainPerson(MILLER, roles or ("victim", "witness"))
    return persons.add_person(by=standing(bureau[by], case), new=new)


def cared_for(bureau: Bureau, case: str, person: str, *, by: str = "anna") -> dict[str, str]:
    """Everything that can be done for a victim, once: the identifiers of the measure, the presence and the claim."""
    officer, day = standing(bureau[by], case), today(bureau)
    risk = persons.Assessment(Risk.HIGH, "Two calls at night (fictional).", day, day + dt.timedelta(days=5))
    persons.assess_risk(by=officer, person_id=person, new=risk)
    asked = persons.AskedMeasure(
        Protection.DISTORTION, day, "Also in the recording.", "Court of Dol", binds_partner=True
    )
    measure = persons.ask_measure(by=officer, person_id=person, new=asked)
    terms = Terms(
        host="NL",
        purpose="To testify about the mill (fictional).",
        agreement="Letter of 2 November 2026",
        arrived_on=day - dt.timedelta(days=12),
        not_needed_since=day - dt.timedelta(days=10),
    )
    presence = persons.note_attendance(by=officer, person_id=person, kind=AttendanceKind.SAFE_CONDUCT, terms=terms)
    wishes = persons.Wishes(Channel.LETTER, (Topic.REQUESTS, Topic.RELEASE), Part.HEARD, language="hr")
    persons.note_wishes(by=officer, person_id=person, wishes=wishes)
    new = persons.NewClaim(Reparation.COMPENSATION, "For the mill that was burned (fictional).", day)
    claim = persons.make_claim(by=officer, person_id=person, new=new, known_assets=[])
    return {"measure": measure.pk, "presence": presence.pk, "claim": claim.pk}
