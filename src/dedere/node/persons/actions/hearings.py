"""Hearings are planned, changed, tested, called off and held; nothing here makes a document or leaves the house."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.db import transaction

from dedere.base.errors import InputError
from dedere.casework.acts import Role
from dedere.casework.persons.hearings import LONGEST, Plan, booking_of
from dedere.crypto.canonical import canonical_json
from dedere.crypto.digests import sha256_hex
from dedere.node.accounts.permissions import require_role
from dedere.node.audit.actions import Happening, record
from dedere.node.errors import UnknownObjectError
from dedere.node.office import office
from dedere.node.persons import guard
from dedere.node.persons.actions.interviews import require_repeat_reason
from dedere.node.persons.models import Hearing, Interview
from dedere.node.persons.refusals import logs_refusals
from dedere.node.persons.standing import Standing

LEAST_REASON = 10
PLANNED, HELD, CALLED_OFF = "planned", "held", "called-off"
_LONGEST_REASON = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class NewHearing:
    """A hearing as an officer plans it: from when (UTC), for how long, what is arranged, why once more.

    `interviewed_there`: the other State answered that the person was interviewed before.
    """

    starts_at: dt.datetime
    minutes: int
    plan: Plan
    repeat_reason: str = ""
    interviewed_there: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """How a hearing went. `sheet` is the document that records it."""

    started_at: dt.datetime
    ended_at: dt.datetime
    conducted_by: str
    sheet: str


@logs_refusals
@transaction.atomic
def plan_hearing(*, by: Standing, person_id: str, new: NewHearing) -> Hearing:
    """Plan a hearing of a person of the case.

    Raises:
        InputError: it lies in the past or is too long, the person is heard elsewhere at that time, or was interviewed
            before and no reason is given for doing it again.
        LeakError, GuardLockedError
    """
    _require_role(by)
    person = by.person(person_id)
    hearing = Hearing(identifier=office().identifiers.new(), person=person, state=PLANNED)
    _write(by, hearing, new)
    _log(by, "hearing-planned", hearing)
    return hearing


@logs_refusals
@transaction.atomic
def change_hearing(*, by: Standing, hearing_id: str, new: NewHearing, seen: str) -> Hearing:
    """Change a planned hearing; `seen` is the `version_of` what the officer started from.

    Raises:
        UnknownObjectError: the case has no such hearing.
        InputError: as for `plan_hearing`, it is held or called off, or somebody else changed it since.
    """
    _require_role(by)
    hearing = require_planned(by, hearing_id)
    if version_of(hearing) != seen:
        raise InputError("Another officer changed this hearing meanwhile: look at their version before you save yours.")
    _write(by, hearing, new)
    _log(by, "hearing-changed", hearing)
    return hearing


@logs_refusals
@transaction.atomic
def call_off_hearing(*, by: Standing, hearing_id: str, reason: str) -> Hearing:
    """A planned hearing does not take place."""
    _require_role(by)
    hearing = require_planned(by, hearing_id)
    if len(reason.strip()) < LEAST_REASON:
        raise InputError("Say why the hearing is called off.")
    guard.require_clean(by=by.officer, case=by.case, texts={"The reason": reason})
    hearing.state = CALLED_OFF
    hearing.protocol = {"called_off": reason.strip()[:_LONGEST_REASON]}
    hearing.save()
    _log(by, "hearing-called-off", hearing)
    return hearing


@logs_refusals
@transaction.atomic
def note_test(*, by: Standing, hearing_id: str, passed: bool, note: str) -> Hearing:
    """Record how the technical test with the other end went.

    Raises:
        InputError: it is planned for later, or for no time.
    """
    _require_role(by)
    hearing = require_planned(by, hearing_id)
    plan = plan_of(hearing)
    if not plan.test_at:
        raise InputError("No technical test is planned: put its time into the plan first.")
    if dt.datetime.fromisoformat(plan.test_at) > office().clock.now():
        raise InputError("The technical test is planned for later.")
    guard.require_clean(by=by.officer, case=by.case, texts={"The note": note})
    tested = replace(plan, test_result="passed" if passed else "failed", test_note=note.strip())
    hearing.plan = tested.as_json()
    hearing.save()
    _log(by, "hearing-tested", hearing, details={"passed": passed})
    return hearing


@transaction.atomic
def hold_hearing(*, by: Standing, hearing_id: str, held: Held) -> Hearing:
    """The hearing took place; from now on the person counts as interviewed.

    Raises:
        InputError: it ended before it began, or has not taken place yet.
    """
    _require_role(by)
    hearing = require_planned(by, hearing_id)
    if not held.started_at < held.ended_at <= held.started_at + 2 * LONGEST:
        raise InputError("The hearing ended after it began, and within a day.")
    if held.ended_at > office().clock.now():
        raise InputError("The hearing has not ended yet.")
    plan = plan_of(hearing)
    hearing.state, hearing.starts_at, hearing.ends_at = HELD, held.started_at, held.ended_at
    hearing.protocol = {"sheet": held.sheet, "conducted_by": held.conducted_by}
    hearing.save()
    Interview.objects.create(
        identifier=office().identifiers.new(),
        person=hearing.person,
        on=held.started_at.date(),
        by=held.conducted_by[:200],
        recorded=plan.recording in {"audio", "video"},
        repeat_reason=hearing.repeat_reason,
    )
    _log(by, "hearing-held", hearing, details={"sheet": held.sheet})
    return hearing


@transaction.atomic
def renew_protocol(*, by: Standing, hearing_id: str, sheet: str) -> Hearing:
    """Another document records a hearing that was held, in place of one that was discarded."""
    _require_role(by)
    hearing = require_hearing(by, hearing_id)
    if hearing.state != HELD or hearing.item:
        raise InputError("The protocol of this hearing is signed, or the hearing was not held.")
    hearing.protocol = {**hearing.protocol, "sheet": sheet}
    hearing.save(update_fields=["protocol"])
    _log(by, "hearing-protocol-renewed", hearing, details={"sheet": sheet})
    return hearing


@transaction.atomic
def note_kept_protocol(*, hearing_id: str, item: str) -> None:
    """The signed protocol is an item of evidence now. The worker does this, and nobody else."""
    hearing = Hearing.objects.select_for_update().select_related("person").get(pk=hearing_id)
    hearing.item = item
    hearing.save(update_fields=["item"])
    hearing.person.interviews.filter(item="", on=hearing.starts_at.date()).update(item=item)
    details = {"person": hearing.person_id, "item": item}
    happening = Happening("system:worker", "hearing-protocol-kept", subject=hearing.pk, case=hearing.person.case)
    record(replace(happening, details=details))


def require_hearing(by: Standing, hearing_id: str) -> Hearing:
    """A hearing of a person of the case.

    Raises:
        UnknownObjectError: the case has none under this identifier.
    """
    found = Hearing.objects.select_related("person").filter(pk=hearing_id, person__case=by.case).first()
    if found is None:
        raise UnknownObjectError
    return found


def require_planned(by: Standing, hearing_id: str) -> Hearing:
    """The same, if it is still to come.

    Raises:
        InputError: it was held or called off.
    """
    found = require_hearing(by, hearing_id)
    if found.state != PLANNED:
        raise InputError("This hearing was held or called off: it is not changed any more.")
    return found


def plan_of(hearing: Hearing) -> Plan:
    """What is arranged for a hearing."""
    return Plan.from_json(hearing.plan)


def version_of(hearing: Hearing) -> str:
    """A digest of a hearing as it is: it changes with every change."""
    when = [hearing.starts_at.isoformat(), hearing.ends_at.isoformat()]
    return sha256_hex(canonical_json({"when": when, "state": hearing.state, "plan": hearing.plan}))


def _write(by: Standing, hearing: Hearing, new: NewHearing) -> None:
    length = dt.timedelta(minutes=new.minutes)
    if not dt.timedelta(0) < length <= LONGEST:
        raise InputError(f"A hearing lasts between one minute and {LONGEST // dt.timedelta(hours=1)} hours.")
    if new.starts_at <= office().clock.now():
        raise InputError("A hearing is planned for a time to come.")
    texts = guard.texts_in(new.plan.as_json(), place="plan")
    guard.require_clean(by=by.officer, case=by.case, texts={**texts, "The reason": new.repeat_reason})
    plan = _with_test(hearing, new.plan)
    hearing.starts_at, hearing.ends_at = new.starts_at, new.starts_at + length
    _require_one_at_a_time(hearing, plan)
    hearing.plan = plan.as_json()
    hearing.repeat_reason = require_repeat_reason(hearing.person, new.repeat_reason, elsewhere=new.interviewed_there)
    hearing.save()


def _with_test(hearing: Hearing, plan: Plan) -> Plan:
    """What a test showed stays with a plan that keeps its time."""
    if not hearing.plan:
        return plan
    before = plan_of(hearing)
    if before.test_at != plan.test_at:
        return plan
    return replace(plan, test_result=before.test_result, test_note=before.test_note)


def _require_one_at_a_time(hearing: Hearing, plan: Plan) -> None:
    """Nobody is heard twice at one time."""
    others = Hearing.objects.filter(person=hearing.person, state=PLANNED).exclude(pk=hearing.pk)
    booked = booking_of(hearing.pk, hearing.person_id, plan, start=hearing.starts_at, end=hearing.ends_at)
    for other in others:
        if booking_of(other.pk, other.person_id, plan_of(other), start=other.starts_at, end=other.ends_at).overlaps(
            booked
        ):
            raise InputError("This person is heard at that time already: choose another time, or change that hearing.")


def _require_role(by: Standing) -> None:
    require_role(by.officer, Role.CASE_OFFICER, Role.REGISTRAR)


def _log(by: Standing, action: str, hearing: Hearing, *, details: Mapping[str, object] | None = None) -> None:
    said = {"person": hearing.person_id, **(details or {})}
    record(Happening(by.officer.identifier, action, subject=hearing.pk, case=by.case, details=said))


__all__ = [
    "Held",
    "NewHearing",
    "call_off_hearing",
    "change_hearing",
    "hold_hearing",
    "note_kept_protocol",
    "note_test",
    "plan_hearing",
    "plan_of",
    "renew_protocol",
    "require_hearing",
    "version_of",
]
