"""Measures that protect a person, step by step, and how great the danger is held to be."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from dedere.base.errors import InputError
from dedere.casework.acts import Role
from dedere.casework.persons.protection import Protection, Risk, Stage, require_can_bind, require_sayable, require_step
from dedere.node.accounts.permissions import require_role
from dedere.node.audit.actions import Happening, record
from dedere.node.errors import UnknownObjectError
from dedere.node.office import office
from dedere.node.persons import guard
from dedere.node.persons.models import Person, ProtectiveMeasure, RiskAssessment
from dedere.node.persons.refusals import logs_refusals
from dedere.node.persons.standing import Standing


@dataclass(frozen=True, slots=True)
class AskedMeasure:
    """A measure asked for. `text` says what it is to do; `binds_partner`: the other State has to keep it too."""

    kind: Protection
    asked_on: dt.date
    text: str = ""
    authority: str = ""
    binds_partner: bool = False


@dataclass(frozen=True, slots=True)
class MeasureStep:
    """What a measure became, on which day, and by whose decision."""

    stage: Stage
    on: dt.date
    authority: str = ""


@dataclass(frozen=True, slots=True)
class Assessment:
    """How great the danger is held to be, why, and by when it is to be looked at again."""

    level: Risk
    text: str
    made_on: dt.date
    review_by: dt.date


@logs_refusals
@transaction.atomic
def ask_measure(*, by: Standing, person_id: str, new: AskedMeasure) -> ProtectiveMeasure:
    """Note that a measure was asked for.

    Raises:
        InputError: it was asked for in the future, or says something of a relocation.
        LeakError, GuardLockedError
    """
    person = _person_to_protect(by, person_id)
    if new.asked_on > _today():
        raise InputError("This day lies ahead: what has not happened yet is not recorded.")
    require_sayable(new.kind, new.text)
    if new.binds_partner:
        require_can_bind(new.kind)
    _require_clean(by, {"What the measure does": new.text, "The authority": new.authority})
    measure = ProtectiveMeasure.objects.create(
        identifier=office().identifiers.new(),
        person=person,
        kind=new.kind.value,
        state=Stage.ASKED.value,
        authority=new.authority.strip(),
        binds_partner=new.binds_partner,
        text=new.text.strip(),
        asked_on=new.asked_on,
    )
    _log(by, "measure-asked", measure.pk, {"kind": measure.kind, "person": person.pk})
    return measure


@logs_refusals
@transaction.atomic
def step_measure(*, by: Standing, person_id: str, measure_id: str, step: MeasureStep) -> ProtectiveMeasure:
    """Note what a measure became: granted or refused, in force, ended.

    Raises:
        InputError: that cannot follow what it is, or not on this day.
        LeakError, GuardLockedError
    """
    measure = require_measure(by, person_id, measure_id)
    days = (measure.asked_on, measure.decided_on, measure.begins_on, measure.ended_on)
    since = max(day for day in days if day is not None)
    require_step(Stage(measure.state), step.stage, since=since, on=step.on, today=_today())
    _require_clean(by, {"The authority": step.authority})
    measure.state = step.stage.value
    if step.stage in {Stage.GRANTED, Stage.REFUSED}:
        measure.decided_on = step.on
    elif step.stage is Stage.IN_FORCE:
        measure.begins_on = step.on
    else:
        measure.ended_on = step.on
    measure.authority = step.authority.strip() or measure.authority
    measure.save()
    _log(by, "measure-stepped", measure.pk, {"kind": measure.kind, "state": measure.state})
    return measure


@logs_refusals
@transaction.atomic
def assess_risk(*, by: Standing, person_id: str, new: Assessment) -> RiskAssessment:
    """Note how great the danger to a person is held to be; earlier assessments stay.

    Raises:
        InputError: no reasons, made in the future or before the last one, or the review does not lie after it.
        LeakError, GuardLockedError
    """
    person = _person_to_protect(by, person_id)
    last = person.assessments.first()
    if not new.text.strip():
        raise InputError("Say what the assessment rests on.")
    if new.made_on > _today():
        raise InputError("This day lies ahead: what has not happened yet is not recorded.")
    if last is not None and new.made_on < last.made_on:
        raise InputError(f"The last assessment was made later, on {last.made_on.isoformat()}.")
    if new.review_by <= new.made_on:
        raise InputError("The next review must lie after the assessment.")
    _require_clean(by, {"What the assessment rests on": new.text})
    made = RiskAssessment.objects.create(
        identifier=office().identifiers.new(),
        person=person,
        level=new.level.value,
        text=new.text.strip(),
        made_on=new.made_on,
        review_by=new.review_by,
        by=by.officer,
    )
    _log(by, "risk-assessed", person.pk, {"level": made.level, "review_by": made.review_by.isoformat()})
    return made


def require_measure(by: Standing, person_id: str, measure_id: str) -> ProtectiveMeasure:
    """One measure of one person of the case, for an officer who may change it.

    Raises:
        UnknownObjectError: there is none.
    """
    person = _person_to_protect(by, person_id)
    found = person.measures.filter(pk=measure_id).first()
    if found is None:
        raise UnknownObjectError
    return found


def _person_to_protect(by: Standing, person_id: str) -> Person:
    require_role(by.officer, Role.CASE_OFFICER, Role.REGISTRAR)
    return by.person(person_id)


def _require_clean(by: Standing, texts: dict[str, str]) -> None:
    guard.require_clean(by=by.officer, case=by.case, texts=texts)


def _today() -> dt.date:
    return office().clock.now().date()


def _log(by: Standing, action: str, subject: str, details: dict[str, object]) -> None:
    record(Happening(actor=by.officer.identifier, action=action, subject=subject, case=by.case, details=details))
