"""Persons who come under safe conduct or out of custody: terms, the clocks they start, what is owed, time served."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from dedere.casework.persons.attendance import (
    AttendanceKind,
    AttendanceSetting,
    Terms,
    TimeServed,
    clocks_of_attendance,
    duties_of_attendance,
    lacks,
    time_served,
)
from dedere.node.accounts.models import Officer
from dedere.node.cases.access import cases_of, require_case
from dedere.node.cases.models import Case
from dedere.node.desk.clocks import ClockRow, clock_row
from dedere.node.desk.persons import relied_on, relied_on_in
from dedere.node.desk.protection import MOST_CALLS, PersonCall, call_for, require_person
from dedere.node.errors import UnknownObjectError
from dedere.node.office import office
from dedere.node.persons.models import Attendance
from dedere.treaty.duties import OwedDuty
from dedere.treaty.limits import Clock, Place
from dedere.treaty.parties import treaties_between


@dataclass(frozen=True, slots=True)
class AttendanceRow:
    """One presence: its terms, what they lack, its clocks and duties as the law's data knows them, time served."""

    id: str
    kind: str
    terms: Terms
    lacks: tuple[str, ...]
    clocks: tuple[ClockRow, ...]
    duties: tuple[OwedDuty, ...]
    served: TimeServed | None


def attendances_of(officer: Officer, case_id: str, person_id: str) -> tuple[AttendanceRow, ...]:
    """Every presence of one person of the case.

    Raises:
        UnknownObjectError: the case is not this officer's, or has no such person.
    """
    case = require_case(officer, case_id)
    found = list(require_person(case, person_id).attendances.all())
    setting = _setting(case, relied_on(case))
    return tuple(_row(each, setting) for each in found)


def attendance_of(officer: Officer, case_id: str, person_id: str, attendance_id: str) -> AttendanceRow:
    """One presence of one person of the case.

    Raises:
        UnknownObjectError: there is none for this officer.
    """
    for row in attendances_of(officer, case_id, person_id):
        if row.id == attendance_id:
            return row
    raise UnknownObjectError


def hosts(officer: Officer, case_id: str) -> tuple[str, str]:
    """The two States of the case: to one of them a person comes; this State first."""
    return office().state, require_case(officer, case_id).partner


@dataclass(frozen=True, slots=True)
class PresenceClocks:
    """The clocks of one person's presence; the person by name or alias."""

    person_id: str
    name: str
    clocks: tuple[ClockRow, ...]


def attendance_clocks(officer: Officer, case_id: str) -> tuple[PresenceClocks, ...]:
    """Every presence in the case that has started a clock.

    Raises:
        UnknownObjectError: the case is not this officer's.
    """
    case = require_case(officer, case_id)
    found = list(Attendance.objects.filter(person__case=case.pk).select_related("person"))
    setting = _setting(case, relied_on(case)) if found else None
    rows = [(each.person, _row(each, setting).clocks) for each in found if setting is not None]
    return tuple(PresenceClocks(person.pk, str(person), clocks) for person, clocks in rows if clocks)


def attendance_calls(officer: Officer) -> Iterator[PersonCall]:
    """Presences whose clock ends soon, may have ended, or has."""
    today = office().clock.now().date()
    soon = today + dt.timedelta(days=office().home.practice.warn_before)
    going = Attendance.objects.filter(person__case__in=cases_of(officer).values("pk"), terms__left_on=None)
    found = list(going.select_related("person")[:MOST_CALLS])
    cases = Case.objects.defer("state").in_bulk({each.person.case for each in found})
    instruments = relied_on_in(list(cases))
    for each in found:
        case = cases[each.person.case]
        clocks = _clocks(each, _setting(case, instruments[case.pk]))
        days = [clock.warn_day for clock in clocks if clock.warn_day is not None and clock.warn_day <= soon]
        if days:
            weight = "grave" if min(days) <= today else "serious"
            yield call_for(f"{each.kind}-clock", weight, each.person, case, due=min(days))


def _row(each: Attendance, setting: AttendanceSetting) -> AttendanceRow:
    kind, terms, today = AttendanceKind(each.kind), Terms.from_json(each.terms), setting.place.day_of(setting.now)
    return AttendanceRow(
        id=each.pk,
        kind=each.kind,
        terms=terms,
        lacks=tuple(lack.value for lack in lacks(kind, terms)),
        clocks=tuple(clock_row(clock, over=clock.stopped is not None) for clock in _clocks(each, setting)),
        duties=duties_of_attendance(office().law, kind, terms, setting=setting),
        served=time_served(kind, terms, today=today),
    )


def _clocks(each: Attendance, setting: AttendanceSetting) -> tuple[Clock, ...]:
    kind, terms = AttendanceKind(each.kind), Terms.from_json(each.terms)
    return clocks_of_attendance(office().law, kind, terms, setting=setting)


def _setting(case: Case, instruments: tuple[str, ...]) -> AttendanceSetting:
    """Days are counted in this office's place, whichever State the person comes to."""
    now, law, own = office().clock.now(), office().law, office().state
    return AttendanceSetting(
        instruments=instruments,
        place=Place(office().home.place, own),
        now=now,
        treaties=treaties_between(law, own, case.partner, on=now.date()),
    )
