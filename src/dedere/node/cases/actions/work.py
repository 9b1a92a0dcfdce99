"""Work inside the house: who has part in a case, and which executing authority does what."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from dedere.base.errors import InputError, PermissionRefusedError
from dedere.casework.acts import Role
from dedere.node.accounts.models import Officer
from dedere.node.accounts.permissions import require_officer, require_role
from dedere.node.audit.actions import Happening, record
from dedere.node.cases.access import require_assignment, require_case, require_letter
from dedere.node.cases.leaks import require_clean_to_keep
from dedere.node.cases.models import Assignment, Case, Member
from dedere.node.office import office
from dedere.node.persons.refusals import logs_refusals


@dataclass(frozen=True, slots=True)
class AssignmentDetails:
    """What the executing authority is told. `authority` is its name; empty: the officer's own title."""

    authority: str = ""
    instructions: str = ""
    due: dt.date | None = None


@transaction.atomic
def take_up(*, by: Officer, letter_id: str) -> Case:
    """A registrar takes a case that arrived: they become its first member."""
    letter = require_letter(by, letter_id)
    if not letter.case.members.filter(officer=by).exists():
        require_role(by, Role.REGISTRAR)
        Member.objects.create(case=letter.case, officer=by, since=office().clock.now())
        _log(by, "case-taken-up", letter.case_id, case=letter.case)
    return letter.case


@transaction.atomic
def add_member(*, by: Officer, case_id: str, officer_id: str) -> None:
    """Give an officer part in a case. Whoever has part may; adding twice changes nothing."""
    case = require_case(by, case_id)
    officer = require_officer(officer_id)
    _, added = Member.objects.get_or_create(case=case, officer=officer, defaults={"since": office().clock.now()})
    if added:
        _log(by, "member-added", officer.identifier, case=case)


@logs_refusals
@transaction.atomic
def assign_measure(
    *, by: Officer, case_id: str, proceeding: str, measure: str, officer_id: str, details: AssignmentDetails
) -> Assignment:
    """Give one measure to an executing authority, in the person of one officer of it.

    Raises:
        InputError: the case has no such measure, it was given before, or the officer executes nothing.
    """
    case = require_case(by, case_id)
    require_role(by, Role.CASE_OFFICER, Role.REGISTRAR)
    if measure not in _measures(case, proceeding):
        raise InputError("The request has no such measure.")
    officer = require_officer(officer_id)
    if not officer.holds(Role.EXECUTING_AUTHORITY):
        raise InputError("Choose an officer of an executing authority.")
    if Assignment.objects.filter(proceeding=proceeding, measure=measure).exists():
        raise InputError("This measure was given to an executing authority before.")
    require_clean_to_keep(by, case.pk, {"authority": details.authority, "instructions": details.instructions})
    assignment = Assignment.objects.create(
        pk=office().identifiers.new(),
        case=case,
        proceeding=proceeding,
        measure=measure,
        authority=details.authority.strip() or officer.title or officer.name,
        officer=officer,
        instructions=details.instructions.strip(),
        due=details.due,
        assigned_at=office().clock.now(),
    )
    _log(by, "measure-assigned", assignment.pk, case=case)
    return assignment


@logs_refusals
@transaction.atomic
def report_result(*, by: Officer, assignment_id: str, report: str) -> Assignment:
    """The executing authority says that the measure was carried out, and how.

    Raises:
        PermissionRefusedError: the measure was given to somebody else.
        InputError: the report is empty, or was made before.
    """
    assignment = require_assignment(by, assignment_id)
    if assignment.officer_id != by.pk:
        raise PermissionRefusedError("Only the officer to whom the measure was given reports on it.")
    if assignment.reported_at is not None:
        raise InputError("This measure was reported on before.")
    if not report.strip():
        raise InputError("Say what was done.")
    require_clean_to_keep(by, assignment.case_id, {"report": report})
    assignment.reported_at = office().clock.now()
    assignment.report = report.strip()
    assignment.save()
    _log(by, "measure-reported", assignment.pk, case=assignment.case)
    return assignment


def _measures(case: Case, proceeding: str) -> set[str]:
    return {
        measure["id"]
        for each in case.state.get("proceedings", [])
        if each["id"] == proceeding
        for measure in each["measures"]
    }


def _log(by: Officer, action: str, subject: str, *, case: Case) -> None:
    record(Happening(actor=by.identifier, action=action, subject=subject, case=case.pk))
