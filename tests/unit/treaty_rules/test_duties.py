"""Duties: which event brings about which duty, and of which State."""

from __future__ import annotations

import pytest

from dedere.base.finding import Outcome
from dedere.treaty.duties import DutyQuestion, duties_owed
from dedere.treaty.errors import LawQuestionError
from dedere.treaty.words import Measure, Side
from support.clocks import on, the_law

SIDES = {Side.REQUESTING: ("NL",), Side.REQUESTED: ("SN",), Side.BOTH: ("NL", "SN")}
REFUSED = on("extradition.refused", 2026, 11, 2)


def test_a_refusal_to_extradite_brings_the_duty_to_submit_the_case() -> None:
    question = DutyQuestion(instruments=("lhc",), sides=SIDES, kinds=frozenset({"extradition"}))

    owed = {duty.datum: duty for duty in duties_owed(the_law(), [REFUSED], question=question)}

    submit = owed["lhc/duty.ext.refer-to-prosecution"]
    assert submit.states == ("SN",)
    assert submit.owed_by is Side.REQUESTED
    assert submit.reference.place == "LHC Art. 14 (working number)"
    assert not submit.reference.verified
    assert submit.as_json()["event"] == {"name": "extradition.refused", "at": "2026-11-02", "subject": ""}


def test_an_event_that_brings_no_duty_and_an_event_twice() -> None:
    question = DutyQuestion(instruments=("lhc",))

    assert duties_owed(the_law(), [on("signature.opened", 2024, 2, 14)], question=question) == ()
    once = duties_owed(the_law(), [REFUSED], question=question)
    assert duties_owed(the_law(), [REFUSED, REFUSED], question=question) == once


def test_measures_and_kinds_narrow_the_duties() -> None:
    served = on("service.effected", 2026, 11, 2)

    def data(*measures: Measure) -> list[str]:
        question = DutyQuestion(instruments=("lhc",), kinds=frozenset({"mla"}), measures=measures)
        return [duty.datum for duty in duties_owed(the_law(), [served], question=question)]

    assert data(Measure.SERVICE) == ["lhc/duty.mla.service-proof"]
    assert data(Measure.SERVICE_POST) == ["lhc/duty.mla.service-proof"]
    assert data(Measure.SEARCH) == []


def test_a_protocol_that_may_not_bind_is_told_and_one_that_does_not_is_left_out() -> None:
    ended = on("observation.ended", 2026, 11, 2)

    def doubts(binds: Outcome) -> list[str]:
        question = DutyQuestion(instruments=("ets030",), treaties={"ets182": binds})
        return [duty.doubt for duty in duties_owed(the_law(), [ended], question=question)]

    assert set(doubts(Outcome.HOLDS)) == {""}
    assert set(doubts(Outcome.UNSETTLED)) == {"Whether ETS 182 binds both States is not known."}
    assert doubts(Outcome.DOES_NOT_HOLD) == []


def test_an_unknown_instrument_is_refused() -> None:
    with pytest.raises(LawQuestionError):
        duties_owed(the_law(), [REFUSED], question=DutyQuestion(instruments=("nothing",)))
