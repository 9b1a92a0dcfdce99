"""Clocks of cases in the node: wired to the treaty's limits and to the office's practice, each told exactly once."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from dedere.casework.clocks import PracticeTimes
from dedere.casework.request import RequestDraft
from dedere.node.audit.models import Event
from dedere.node.cases.clocks import cases_to_look_at, tell_clocks
from dedere.node.cases.models import Case, Telling
from dedere.node.desk.today import today
from dedere.node.office import Office, using
from support.offices import Bureau, proceeding_of
from support.request_parts import ARREST
from support.requests import request_of, side_procedure


@pytest.fixture
def asked_us(bureau: Bureau) -> Case:
    return bureau.asked()


def tell(times: int = 1) -> int:
    """What a worker does, every now and then."""
    return sum(tell_clocks(case) for _ in range(times) for case in cases_to_look_at())


def stages(case: Case) -> list[str]:
    return list(case.tellings.filter(ended_at=None).values_list("stage", flat=True))


def test_a_request_that_nobody_acknowledges_is_reminded_then_escalated_once_each(
    bureau: Bureau, asked_us: Case
) -> None:
    assert tell(3) == 0
    assert cases_to_look_at() == [], "nothing to look at before the next instant"
    bureau.tick(11 * 24 * 60)
    assert tell(3) == 1
    assert stages(asked_us) == ["reminder"]
    assert "Acknowledge the request" in asked_us.tellings.get().sentence
    bureau.tick(60 * 24 * 60)
    assert tell(3) == 1
    assert stages(asked_us) == ["escalation"], "an escalation stands in the place of its reminder"
    assert asked_us.tellings.count() == 2
    assert Event.objects.filter(action="clock-told").count() == 2


def test_what_was_done_ends_what_was_told(bureau: Bureau) -> None:
    case = bureau.registered()
    tell()
    bureau.tick(31 * 24 * 60)
    tell()
    assert stages(case) == ["reminder"]
    measures = [{"measure": each["id"]} for each in Case.objects.get(pk=case.pk).state["proceedings"][0]["measures"]]
    bureau.sent(bureau.proposed(case, "acceptance", {"measures": measures}, by="rosa"), author="rosa")
    tell()
    assert stages(case) == []
    assert case.tellings.count() == 1


def test_a_crash_between_looking_and_keeping_tells_nothing_twice(bureau: Bureau, asked_us: Case) -> None:
    bureau.tick(11 * 24 * 60)
    with pytest.raises(RuntimeError), _falling_down():
        tell_clocks(asked_us.pk)
    assert asked_us.tellings.count() == 0
    assert tell() == 1
    Case.objects.update(clocks_due_at=None)
    assert tell() == 0
    assert asked_us.tellings.count() == 1


def _falling_down() -> _Fall:
    return _Fall()


class _Fall:
    """The database ends a transaction that was all but done."""

    def __enter__(self) -> None:
        from django.db import transaction

        self._block = transaction.atomic()
        self._block.__enter__()

    def __exit__(self, *_: object) -> None:
        error = RuntimeError("power cut (test)")
        self._block.__exit__(RuntimeError, error, None)
        raise error


def test_what_the_office_expects_is_its_own_setting(bureau: Bureau, asked_us: Case) -> None:
    home = dataclasses.replace(bureau.office.home, practice=PracticeTimes(acknowledge_within=2))
    office: Office = dataclasses.replace(bureau.office, home=home)
    with using(office):
        bureau.tick(3 * 24 * 60)
        assert tell() == 1
    assert stages(asked_us) == ["reminder"]


def test_the_clock_of_an_arrest_warns_before_it_ends_and_shows_on_todays_page(bureau: Bureau) -> None:
    tables = side_procedure("provisional-arrest", "provisional_arrest", ARREST, "lhc")
    tables["request"]["requesting_state"], tables["request"]["requested_state"] = "SN", "NL"
    body = RequestDraft(request_of(tables)).to_body()
    case = Case.objects.get(letters=bureau.arrives("request", body))
    from dedere.node.cases import actions as cases

    cases.take_up(by=bureau["rosa"], letter_id=case.letters.get().pk)
    day = bureau.clock.now().date().isoformat()
    acknowledged = {"own_reference": case.reference, "received_on": day}
    bureau.sent(bureau.proposed(case, "acknowledgement", acknowledged, by="rosa"), author="rosa")
    arrested = {"arrested_on": day, "place": "Rotterdam (fictional)", "in_custody": True}
    bureau.sent(bureau.proposed(case, "arrest", arrested, by="rosa"), author="rosa")
    assert tell() == 0
    told: list[str] = []
    for _ in range(70):
        bureau.tick(24 * 60)
        tell()
        told += [key for key in case.tellings.values_list("key", flat=True) if key not in told]
    limits = [key for key in told if "limit.provisional-arrest" in key]
    assert [key.rpartition("/")[2] for key in limits] == ["warning", "reached"]
    reached = Telling.objects.get(key=limits[1])
    assert reached.provision
    calls = [each for each in today(bureau["rosa"]).concerns if each.kind == "clock"]
    assert reached.sentence in {call.text for call in calls}
    assert {call.weight for call in calls} <= {"grave", "serious"}
    assert proceeding_of(case) == reached.proceeding


def test_a_closed_case_is_looked_at_rarely(bureau: Bureau) -> None:
    case = bureau.requested()
    withdrawal = {"reason": "Not needed any more (fictional)."}
    bureau.sent(bureau.proposed(case, "withdrawal", withdrawal, by="anna"))
    case.refresh_from_db()
    assert case.closed
    tell()
    case.refresh_from_db()
    assert case.clocks_due_at is not None
    assert case.clocks_due_at - bureau.clock.now() > dt.timedelta(days=80)
