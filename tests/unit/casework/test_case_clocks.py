"""Clocks start and end with what happened, tell once, and decide nothing by themselves. Everything here is fictional."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from dedere.casework.clocks import (
    CaseClock,
    ClockSetting,
    Firing,
    PracticeTimes,
    Stage,
    clocks_of,
    firings,
    next_telling,
)
from dedere.casework.duties import DutySetting, duties_of
from dedere.treaty.limits import Place, Setting, Standing, Suspension
from dedere.treaty.quantity import Quantity
from dedere.treaty.words import Unit
from support.bodies import condition, consulting, request
from support.chapters import Telling
from support.lawbook import packaged
from support.letters import START

if TYPE_CHECKING:
    from dedere.treaty.law import Law
    from support.bodies import Body

DAKAR = Place("Africa/Dakar", "SN")
TIMES = PracticeTimes()


@pytest.fixture(scope="module")
def law() -> Law:
    return packaged()


def setting(days: int, **more: object) -> ClockSetting:
    now = START + dt.timedelta(days=days)
    return ClockSetting(instruments=("lhc",), place=DAKAR, now=now, **more)  # type: ignore[arg-type] # a table


def of(clocks: tuple[CaseClock, ...], limit: str) -> CaseClock:
    return next(each for each in clocks if each.clock.datum == f"lhc/limit.{limit}")


def told(case: Telling, law: Law, days: int, **more: object) -> tuple[Firing, ...]:
    state, at = case.state(), setting(days, **more)
    return firings(state, clocks_of(state, law, setting=at), now=at.now, times=TIMES)


def arrested() -> Telling:
    case = Telling()
    case.asks("request", opens="provisional-arrest", request=request("provisional-arrest"))
    case.replies("acknowledgement", own_reference="SN-1", received_on=case.today())
    case.replies("arrest", arrested_on=case.today(), place="Port (fictional)", in_custody=True)
    return case


def test_an_arrest_starts_the_clock_and_the_file_stops_it(law: Law) -> None:
    case = arrested()
    clock = of(clocks_of(case.state(), law, setting=setting(5)), "provisional-arrest")
    assert (clock.over, clock.clock.decides, clock.clock.standing) == (False, False, Standing.RUNNING)
    assert clock.key.startswith("p1/lhc/limit.provisional-arrest/letter-3")
    case.proceeding = "p2"
    case.asks("request", opens="extradition", request=request("extradition"), links=["p1"])
    case.replies("acknowledgement", own_reference="SN-1", received_on=case.today())

    stopped = of(clocks_of(case.state(), law, setting=setting(90)), "provisional-arrest")

    assert stopped.over
    assert stopped.clock.stopped is not None


def test_a_clock_on_an_unverified_number_warns_once_and_never_says_that_it_ended(law: Law) -> None:
    case = arrested()

    early = [each for each in told(case, law, 5) if "provisional-arrest" in each.key]
    warned = [each for each in told(case, law, 16) if "limit.provisional-arrest" in each.key]
    over = [each for each in told(case, law, 80) if "limit.provisional-arrest" in each.key]

    assert [each.stage for each in early if each.stage is Stage.WARNING and "limit.provisional" in each.key] == []
    assert [each.stage for each in warned] == [Stage.WARNING]
    assert [each.stage for each in over] == [Stage.REACHED]
    assert "may, by the shortest number" in over[0].sentence
    assert not over[0].verified
    state, at = case.state(), setting(80)
    known = frozenset(each.key for each in told(case, law, 80))
    assert firings(state, clocks_of(state, law, setting=at), now=at.now, times=TIMES, told=known) == ()


def test_a_verified_number_decides_and_a_suspended_clock_is_silent(law: Law) -> None:
    case = arrested()
    datum = "lhc/limit.provisional-arrest"
    sixty = Setting(datum, "An agreement (fictional)", length=Quantity(60, Unit.DAYS), verified=True)
    pause = Suspension(datum, dt.date(2026, 3, 10), None, "A stay (fictional)")

    over = [each for each in told(case, law, 80, settings=(sixty,)) if "limit.provisional-arrest" in each.key]
    paused = [each for each in told(case, law, 80, suspensions=(pause,)) if "limit.provisional-arrest" in each.key]

    assert [each.stage for each in over] == [Stage.REACHED]
    assert over[0].verified or "may" in over[0].sentence
    assert paused == []


def test_the_end_of_a_proceeding_ends_its_deadlines_but_no_effect_in_law(law: Law) -> None:
    case = arrested()
    case.replies(
        "release", released_on=case.today(), reason="decision", decided_by="Court (fictional)", text="Not needed."
    )
    assert of(clocks_of(case.state(), law, setting=setting(9)), "provisional-arrest").over
    case = surrendered()
    case.asks("notice", event="person.finally-discharged", text="Free.", on=case.today())
    case.asks("closure", text="Done.")

    assert not of(clocks_of(case.state(), law, setting=setting(40)), "speciality").over


def surrendered() -> Telling:
    case = Telling()
    case.asks("request", opens="extradition", request=request("extradition"))
    case.replies("acknowledgement", own_reference="SN-1", received_on=case.today())
    decided: Body = {"outcome": "granted", "decided_on": case.today(), "authority": "Court (fictional)", "text": "Yes."}
    case.replies("decision", **decided)
    case.replies("surrender-arrangement", date=case.today(), place="Airport (fictional)", detention_days=1)
    case.replies("surrender", kind_="final", on=case.today(), place="Airport (fictional)", detention_days=1)
    return case


def test_a_refusal_leaves_the_clock_of_the_referral_with_the_prosecution(law: Law) -> None:
    case = Telling()
    case.asks("request", opens="extradition", request=request("extradition"))
    case.replies("acknowledgement", own_reference="SN-1", received_on=case.today())
    case.replies("consultation", **consulting("refusal"))
    case.asks("consultation-reply", consultation="k1", text="Please do.")
    ground: Body = {"id": "x", "instrument": "lhc", "provision": "ext.grounds", "force": "may", "status": "modelled"}
    why = "A reason that is long enough to be one, and fictional."
    thought: list[Body] = [{"kind": "consult", "considered": "We did."}]
    case.replies("refusal", consultation="k1", grounds=[ground], reasons=why, alternatives=thought)
    state = case.state()

    found = [each for each in clocks_of(state, law, setting=setting(20)) if "prosecute" in each.clock.datum]

    assert [each.proceeding for each in found] == [state.proceedings[1].id]
    duties = duties_of(state, law, setting=DutySetting(instruments=("lhc",)))
    refer = [each for each in duties if each.duty.datum == "lhc/duty.ext.refer-to-prosecution"]
    assert {(each.proceeding == state.proceedings[1].id, each.met) for each in refer} == {(True, False), (False, False)}
    assert {each.duty.states for each in refer} == {("SN",)}


def test_a_limit_in_hours_runs_from_the_instant_or_from_the_start_of_the_day(law: Law) -> None:
    case = Telling()
    case.asks("request", opens="transit", request=request("transit"))
    case.replies("acknowledgement", own_reference="SN-1", received_on=case.today())
    decided: Body = {"outcome": "granted", "decided_on": case.today(), "authority": "Court (fictional)", "text": "Yes."}
    case.replies("decision", **decided)
    landed = case.today()
    case.replies("transit-report", kind_="unscheduled-landing", on=landed, place="Airport (fictional)", days=2)

    clock = of(clocks_of(case.state(), law, setting=setting(6)), "transit-landing").clock

    assert isinstance(clock.started.at, dt.datetime)
    assert clock.started.at.date().isoformat() == landed


def test_duties_are_met_by_the_steps_that_say_so(law: Law) -> None:
    case = Telling()
    case.asks("request", opens="mla", request=request(), measures=[{"id": "m1", "kind": "service"}])
    case.replies("acknowledgement", own_reference="SN-1", received_on=case.today())
    case.asks("status-question", text="How far?")
    before = {
        each.duty.datum: each.met for each in duties_of(case.state(), law, setting=DutySetting(instruments=("lhc",)))
    }
    case.replies("progress", text="Under way.")
    after = {
        each.duty.datum: each.met for each in duties_of(case.state(), law, setting=DutySetting(instruments=("lhc",)))
    }

    assert before["lhc/duty.mla.status"] is False
    assert after["lhc/duty.mla.status"] is True


def test_whoever_owes_is_reminded_and_then_it_is_escalated_each_once() -> None:
    case = Telling()
    case.asks("request", opens="mla", request=request(), measures=[{"id": "m1", "kind": "records"}])
    state = case.state()

    def stages(days: int, told: frozenset[str] = frozenset()) -> list[Stage]:
        now = START + dt.timedelta(days=days)
        return [each.stage for each in firings(state, (), now=now, times=TIMES, told=told)]

    assert stages(5) == []
    assert stages(12) == [Stage.REMINDER]
    assert stages(61) == [Stage.ESCALATION]
    key = firings(state, (), now=START + dt.timedelta(days=12), times=TIMES)[0].key
    assert stages(12, frozenset({key})) == []


def test_a_date_set_for_a_reply_brings_the_reminder_forward() -> None:
    case = Telling()
    case.asks("request", opens="mla", request=request(), measures=[{"id": "m1", "kind": "records"}])
    case.replies("acknowledgement", own_reference="SN-1", received_on=case.today())
    case.asks("questions", questions=[{"id": "q1", "text": "When?", "answer_by": case.today(5)}])
    case.replies("conditions", conditions=[condition("c1")])
    state = case.state()
    now = START + dt.timedelta(days=11)

    found = firings(state, (), now=now, times=PracticeTimes(remind_after=9))

    assert [(each.due, each.stage) for each in found if each.due] == [("2026-03-09", Stage.REMINDER)]
    asked = next(each.sentence for each in found if each.due)
    assert asked.endswith("Answer the question: When?")
    assert all(each.sentence.endswith(".") for each in found if not each.due)


def test_what_is_told_a_day_late_is_counted_from_when_it_happened(law: Law) -> None:
    case = Telling()
    case.asks("request", opens="provisional-arrest", request=request("provisional-arrest"))
    case.replies("acknowledgement", own_reference="SN-1", received_on=case.today())
    day = case.at.date()
    case.replies("arrest", arrested_on=day.isoformat(), place="Port (fictional)", in_custody=True, days=2)
    clock = of(clocks_of(case.state(), law, setting=setting(9)), "provisional-arrest")
    assert clock.clock.started.at == day


def test_hours_told_a_day_late_are_counted_from_the_beginning_of_that_day(law: Law) -> None:
    case = Telling()
    case.asks("request", opens="transit", variant="transit", request=request("transit"))
    case.replies("acknowledgement", own_reference="SN-1", received_on=case.today())
    case.replies("decision", outcome="granted", decided_on=case.today(), authority="Ministry", text="Granted.")
    case.asks("transit-report", kind="started", on=case.today(), place="Airport (fictional)")
    day = case.at.date()
    landed: Body = {"kind": "unscheduled-landing", "on": day.isoformat(), "place": "Airport (fictional)"}
    case.asks("transit-report", days=2, **landed)
    clocks = clocks_of(case.state(), law, setting=setting(20))
    started = [each.clock.started.at for each in clocks if each.clock.started.name == "transit.unscheduled-landing"]
    assert dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC) in started


def test_the_next_telling_is_a_reminder_an_escalation_or_the_end_of_a_period(law: Law) -> None:
    case = Telling()
    assert next_telling(case.state(), (), now=START, times=TIMES) is None
    case.asks("request", opens="provisional-arrest", request=request("provisional-arrest"))
    sent = case.at
    assert next_telling(case.state(), (), now=sent, times=TIMES) == sent + dt.timedelta(days=TIMES.acknowledge_within)
    later = sent + dt.timedelta(days=TIMES.acknowledge_within)
    assert next_telling(case.state(), (), now=later, times=TIMES) == sent + dt.timedelta(days=TIMES.escalate_after)
    case.replies("acknowledgement", own_reference="SN-1", received_on=case.today())
    case.replies("arrest", arrested_on=case.today(), place="Port (fictional)", in_custody=True)
    state, at = case.state(), setting(4)
    clocks = (of(clocks_of(state, law, setting=at), "provisional-arrest"),)
    ends = clocks[0].clock.warn_at
    assert ends is not None
    warned = ends - dt.timedelta(days=TIMES.warn_before)
    assert next_telling(state, clocks, now=at.now, times=TIMES) == warned
    impatient = PracticeTimes(escalate_after=1, remind_after=1)
    assert next_telling(state, clocks, now=ends, times=impatient) is None
    over = (replace(clocks[0], over=True),)
    assert next_telling(state, over, now=at.now, times=impatient) is None


def test_where_nothing_happened_that_starts_a_period_there_is_no_clock(law: Law) -> None:
    case = Telling()
    case.asks("consultation", opens="consultation", **consulting("costs"))

    assert clocks_of(case.state(), law, setting=setting(1)) == ()
