"""Persons who come to another State under safe conduct or out of custody: their terms are written and corrected."""

from __future__ import annotations

from django.db import transaction

from dedere.base.errors import InputError
from dedere.casework.acts import Role
from dedere.casework.persons.attendance import AttendanceKind, Terms
from dedere.node.accounts.permissions import require_role
from dedere.node.audit.actions import Happening, record
from dedere.node.errors import UnknownObjectError
from dedere.node.office import office
from dedere.node.persons import guard
from dedere.node.persons.models import Attendance
from dedere.node.persons.refusals import logs_refusals
from dedere.node.persons.standing import Standing

_HAPPENED = ("arrived_on", "not_needed_since", "left_on", "hindered_from", "hindered_until", "consented_on")


@logs_refusals
@transaction.atomic
def note_attendance(
    *, by: Standing, person_id: str, kind: AttendanceKind, terms: Terms, attendance_id: str = ""
) -> Attendance:
    """Write the terms of a presence, or, where `attendance_id` names one, put these in place of what was written.

    Raises:
        UnknownObjectError: the person has no such presence.
        InputError: the host is neither of the two States, no purpose, or something is said to have happened that lies
            ahead.
        LeakError, GuardLockedError
    """
    require_role(by.officer, Role.CASE_OFFICER, Role.REGISTRAR)
    person = by.person(person_id)
    _require_possible(by, terms)
    texts = {"The purpose": terms.purpose, "The agreement": terms.agreement, "The terms of custody": terms.custody}
    guard.require_clean(by=by.officer, case=by.case, texts=texts)
    if attendance_id:
        found = person.attendances.filter(pk=attendance_id, kind=kind.value).first()
        if found is None:
            raise UnknownObjectError
    else:
        found = Attendance(identifier=office().identifiers.new(), person=person, kind=kind.value)
    found.terms = terms.as_json()
    found.save()
    details = {"kind": kind.value, "person": person.pk}
    action = "attendance-changed" if attendance_id else "attendance-noted"
    record(Happening(actor=by.officer.identifier, action=action, subject=found.pk, case=by.case, details=details))
    return found


def _require_possible(by: Standing, terms: Terms) -> None:
    if terms.host not in {by.partner, office().state}:
        raise InputError("The person comes to one of the two States of the case.")
    if not terms.purpose.strip():
        raise InputError("Say what the person comes for.")
    today = office().clock.now().date()
    if any((day := getattr(terms, name)) is not None and day > today for name in _HAPPENED):
        raise InputError("A day on which something happened lies ahead: leave it empty until it has happened.")
