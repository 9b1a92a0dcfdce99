"""What the actions around persons refuse, whoever calls them: pages, commands or other programs."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest

from dedere.base.errors import InputError, PermissionRefusedError
from dedere.casework.persons.attendance import AttendanceKind, Terms
from dedere.casework.persons.protection import Risk, Stage
from dedere.casework.persons.victims import Channel, ClaimStage, News, Part, Reparation
from dedere.node.audit.models import Event
from dedere.node.cases.access import standing
from dedere.node.cases.actions.protection import put_measure
from dedere.node.errors import UnknownObjectError
from dedere.node.persons import actions as persons
from support.offices import Bureau, proceeding_of
from support.persons import MILLER, added, cared_for, today

TERMS = Terms(host="NL", purpose="To testify (fictional).")


def test_actions_refuse_what_no_page_offers(bureau: Bureau) -> None:
    case = bureau.drafted().case
    person = added(bureau, case.pk).pk
    made = cared_for(bureau, case.pk, person)
    accused = added(bureau, case.pk, "accused").pk
    by, now = standing(bureau["anna"], case.pk), today(bureau)
    step = persons.MeasureStep(Stage.GRANTED, now)
    claim = persons.NewClaim(Reparation.OTHER, "A school (fictional).", now)
    wishes = persons.Wishes(Channel.LETTER, (), Part.NONE)
    lent, conduct = AttendanceKind.TEMPORARY_TRANSFER, AttendanceKind.SAFE_CONDUCT
    refused: list[tuple[Callable[[], object], type[Exception], str]] = [
        (lambda: persons.add_person(by=by, new=persons.PlainPerson(MILLER, ())), InputError, "at least one role"),
        (lambda: persons.add_person(by=by, new=persons.PlainPerson(MILLER, ("judge",))), InputError, "from the list"),
        (
            lambda: persons.add_person(
                by=by, new=persons.PlainPerson(dataclasses.replace(MILLER, relocation_pointer="WP-1/17"), ("witness",))
            ),
            InputError,
            "added as a protected person",
        ),
        (
            lambda: persons.assess_risk(
                by=by, person_id=person, new=persons.Assessment(Risk.LOW, " ", now, now + dt.timedelta(days=9))
            ),
            InputError,
            "rests on",
        ),
        (
            lambda: persons.step_measure(by=by, person_id=accused, measure_id=made["measure"], step=step),
            UnknownObjectError,
            "no part in it",
        ),
        (
            lambda: persons.note_attendance(
                by=by, person_id=accused, kind=conduct, terms=TERMS, attendance_id=made["presence"]
            ),
            UnknownObjectError,
            "no part in it",
        ),
        (
            lambda: persons.note_attendance(
                by=by, person_id=person, kind=lent, terms=TERMS, attendance_id=made["presence"]
            ),
            UnknownObjectError,
            "no part in it",
        ),
        (
            lambda: persons.note_attendance(
                by=by, person_id=person, kind=conduct, terms=dataclasses.replace(TERMS, host="FR")
            ),
            InputError,
            "one of the two States",
        ),
        (
            lambda: persons.note_attendance(
                by=by, person_id=person, kind=conduct, terms=dataclasses.replace(TERMS, purpose=" ")
            ),
            InputError,
            "comes for",
        ),
        (lambda: persons.note_wishes(by=by, person_id=accused, wishes=wishes), InputError, "not a victim"),
        (
            lambda: persons.make_claim(
                by=by, person_id=person, new=dataclasses.replace(claim, text=" "), known_assets=[]
            ),
            InputError,
            "what is claimed",
        ),
        (
            lambda: persons.make_claim(
                by=by, person_id=person, new=dataclasses.replace(claim, assets=("p/m",)), known_assets=[]
            ),
            InputError,
            "a measure of this case",
        ),
        (
            lambda: persons.change_claim(
                by=by,
                person_id=person,
                claim_id="unknown",
                step=persons.ClaimStep(ClaimStage.ORDERED, now),
                assets=[],
                known_assets=[],
            ),
            UnknownObjectError,
            "no part in it",
        ),
        (
            lambda: put_measure(
                by=bureau["anna"],
                case_id=case.pk,
                person_id=person,
                measure_id=made["measure"],
                proceeding=proceeding_of(case),
            ),
            InputError,
            "granted and binds",
        ),
    ]
    for action, kind, says in refused:
        with pytest.raises(kind, match=says):
            action()


def test_what_is_done_for_persons_is_in_the_log_without_a_word_of_it(bureau: Bureau) -> None:
    case = bureau.drafted().case
    person = added(bureau, case.pk).pk
    cared_for(bureau, case.pk, person)
    by, now = standing(bureau["anna"], case.pk), today(bureau)
    telling = persons.Telling(News("person.released", now), now, reached=True, note="By telephone (fictional).")
    persons.note_told(by=by, person_id=person, telling=telling)
    new = persons.NewClaim(Reparation.RESTITUTION, "The mill (fictional).", now, Decimal("5.50"), "eur")
    assert persons.make_claim(by=by, person_id=person, new=new, known_assets=[]).currency == "EUR"

    logged = list(Event.objects.filter(case=case.pk).values_list("action", "details"))

    actions = {action for action, _details in logged}
    assert {
        "person-added", "measure-asked", "risk-assessed", "attendance-noted", "victim-wishes-noted", "victim-told",
        "claim-made",
    } <= actions  # fmt: skip
    for word in ("Ljerka", "Horvatin", "mill", "telephone", "night", "5.50"):
        assert word not in str(logged)


def test_an_approver_of_the_case_may_not_write_about_its_persons(bureau: Bureau) -> None:
    case = bureau.requested()
    by = standing(bureau["bram"], case.pk)

    with pytest.raises(PermissionRefusedError, match="may do this"):
        persons.add_person(by=by, new=persons.PlainPerson(MILLER, ("witness",)))
