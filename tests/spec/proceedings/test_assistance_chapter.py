"""Mutual legal assistance: one request, measures that live their own lives. Everything here is fictional."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dedere.casework.acts import ProceedingKind
from support.bodies import Body, condition, consulting, ground, question, receipt, refusing, request
from support.chapters import Chapter, Telling, retold_in_any_order, steps_taken
from support.letters import part

if TYPE_CHECKING:
    from collections.abc import Callable

    from dedere.casework.acts import JSON

chapter = Chapter(ProceedingKind.MLA)


def measures(*names: str) -> list[Body]:
    return [{"id": name, "kind": "records"} for name in names]


def named(*names: str, **more: JSON) -> list[Body]:
    return [{"measure": name, **more} for name in names]


def open_request(case: Telling, *names: str) -> None:
    case.asks("request", opens="mla", request=request(), measures=measures(*names))


def register(case: Telling, **more: Any) -> None:  # spread into a body that the fold checks
    case.replies("acknowledgement", own_reference="SN-14", received_on=case.today(), **more)


def result(name: str, outcome: str = "executed") -> Body:
    return {"measure": name, "outcome": outcome, "text": "This is what was found."}


@chapter.story
def each_measure_goes_its_own_way(case: Telling) -> None:
    open_request(case, "m1", "m2", "m3", "m4", "m5")
    register(case)
    case.replies("acceptance", measures=named("m1", "m2", "m3", "m4"))
    assert case.status == "executing"
    case.replies("progress", text="Under way.", measures=named("m1", expected_on="2026-05-01"))
    case.replies("result", measures=[result("m1", "partly-executed")], items=[], text="More follows.")
    case.replies("result", measures=[result("m1")], items=[{"part": "part-a", "measure": "m1"}], parts=(part("a"),))
    case.replies("result", measures=[result("m2", "not-executed")])
    case.asks("withdrawal", reason="No longer needed.", measures=named("m3"))
    case.replies("consultation", **consulting("postponement", measures=["m4"]))
    case.asks("consultation-reply", consultation="k1", text="We can wait.")
    case.replies(
        "postponement", consultation="k1", reason="An inquiry here.", measures=named("m4", reason="An inquiry here.")
    )
    case.replies("resumption", measures=named("m4"))
    case.replies("result", measures=[result("m4")])
    case.replies("consultation", **consulting("refusal", "k2", reply_by=case.today(30)))
    case.asks("consultation-reply", consultation="k2", text="We see it otherwise.")
    case.replies("refusal", **refusing("k2", measures=named("m5")))
    assert case.status == "executed"
    assert [measure.status for measure in case.here.measures] == [
        "executed",
        "not-executed",
        "withdrawn",
        "executed",
        "refused",
    ]
    case.asks("custody-receipt", items=[receipt("a")], received_on=case.today())
    case.asks("closure", text="Thank you.")
    assert case.status == "closed"
    assert case.state().closed


@chapter.story
def news_is_asked_for_and_given(case: Telling) -> None:
    open_request(case, "m1")
    register(case)
    case.asks("status-question", text="How far is it?")
    assert [(owed.state, owed.kind) for owed in case.state().owed] == [("SN", "step"), ("SN", "progress")]
    case.replies("progress", text="In the queue.")
    assert [owed.kind for owed in case.state().owed] == ["step"]
    case.replies("notice", event="costs.substantial-expected", text="An expert is needed.", measures=["m1"])
    case.asks("supplement", text="A map.", documents=[{"part": "part-map"}], parts=(part("map"),))
    case.asks("withdrawal", reason="The case here was dropped.")
    assert case.status == "withdrawn"
    assert case.here.measures[0].status == "withdrawn"
    assert [(owed.state, owed.kind) for owed in case.state().owed] == [("SN", "custody-receipt")]


@chapter.story
def a_silent_partner_does_not_block_a_refusal_for_ever(case: Telling) -> None:
    open_request(case, "m1")
    register(case)
    case.replies("consultation", **consulting("refusal", reply_by=case.today(31)))
    case.refused("consulted-on-refusal", "refusal", by="SN", **refusing(measures=named("m1")))
    case.replies("refusal", **refusing(measures=named("m1")), days=60)
    assert case.here.refusals[0].consultation == "k1"
    assert case.status == "executed"


@chapter.story
def what_a_request_may_not_be(case: Telling) -> None:
    case.refused("request-has-measures", "request", by="NL", opens="mla", request=request())
    twice = measures("m1", "m1")
    case.refused("request-has-measures", "request", by="NL", opens="mla", request=request(), measures=twice)
    open_request(case, "m1", "m2")
    case.refused("proceeding-exists", "request", by="NL", opens="mla", request=request(), measures=measures("m1"))


@chapter.story
def what_a_registrar_may_not_write(case: Telling) -> None:
    open_request(case, "m1")
    case.refused("out-of-turn", "acceptance", by="SN", measures=named("m1"))
    ahead, before = case.today(2), "2026-03-01"
    case.refused("received-after-sent", "acknowledgement", by="SN", own_reference="SN-1", received_on=ahead)
    case.refused("received-after-sent", "acknowledgement", by="SN", own_reference="SN-1", received_on=before)
    case.refused("wrong-side", "acknowledgement", by="NL", own_reference="NL-1", received_on=case.today())
    stray = [question("q1", measure="m9")]
    rest: Body = {"own_reference": "SN-1", "received_on": case.today()}
    case.refused("questions-name-measures", "acknowledgement", by="SN", questions=stray, **rest)
    twice = [question("q1"), question("q1")]
    case.refused("questions-new", "acknowledgement", by="SN", questions=twice, **rest)
    register(case, questions=[question("q1", measure="m1")])
    assert case.here.references == (("SN", "SN-14"),)
    case.refused("questions-new", "questions", by="SN", questions=[question("q1")])
    case.asks("answers", answers=[{"question": "q1", "text": "In the north."}])
    assert {"supplement.requested", "supplement.received"} <= {event.event for event in case.here.events}


@chapter.story
def what_may_not_be_done_to_a_measure(case: Telling) -> None:
    open_request(case, "m1", "m2")
    register(case)
    case.refused("names-measures", "acceptance", by="SN", text="All of it.")
    case.refused("names-measures", "acceptance", by="SN", measures=named("m1", "m1"))
    case.refused("measure-unknown", "acceptance", by="SN", measures=named("m9"))
    case.refused("measure-out-of-turn", "result", by="SN", measures=[result("m1")])
    case.replies("conditions", conditions=[condition("c1", measures=["m1"])])
    case.refused("no-open-conditions-on-measures", "acceptance", by="SN", measures=named("m1"))
    case.asks("conditions-reply", replies=[{"condition": "c1", "accepted": True}])
    assert case.here.events[-1].event == "conditions.accepted"
    case.replies("acceptance", measures=named("m1"))
    stray: list[Body] = [{"part": "part-a", "measure": "m2"}]
    case.refused(
        "items-name-listed-measures", "result", by="SN", measures=[result("m1")], items=stray, parts=(part("a"),)
    )
    case.refused("items-are-parts", "result", by="SN", measures=[result("m1")], parts=(part("a"),))


@chapter.story
def how_a_refusal_may_not_be_made(case: Telling) -> None:
    open_request(case, "m1", "m2")
    register(case)
    case.refused("consulted-on-refusal", "refusal", by="SN", **refusing(measures=named("m1")))
    case.refused("reply-date-ahead", "consultation", by="SN", **consulting("refusal", reply_by=case.today()))
    case.refused("consultation-names-measures", "consultation", by="SN", **consulting("refusal", measures=["m9"]))
    case.replies("consultation", **consulting("refusal", measures=["m1"]))
    case.refused("consultation-new", "consultation", by="SN", **consulting("refusal"))
    case.refused("consulted-on-refusal", "refusal", by="SN", **refusing(measures=named("m1")))
    case.asks("consultation-reply", consultation="k1", text="Please reconsider.")
    case.refused("consulted-on-refusal", "refusal", by="SN", **refusing(measures=named("m1", "m2")))
    barred = ground("mla.ground.bank-secrecy", force="not-available", status="read")
    case.refused("ground-not-barred", "refusal", by="SN", **refusing(measures=named("m1"), grounds=[barred]))
    case.refused("reasons-given", "refusal", by="SN", **refusing(measures=named("m1"), reasons="No."))
    title = ground(title="The same words as the title of the ground, and nothing more")
    copied = refusing(measures=named("m1"), grounds=[title], reasons=str(title["title"]))
    case.refused("reasons-given", "refusal", by="SN", **copied)
    postponed = named("m1", reason="An inquiry here.")
    case.refused(
        "consulted-on-postponement", "postponement", by="SN", measures=postponed, consultation="k1", reason="Wait."
    )
    case.refused("wrong-side", "refusal", by="NL", **refusing(measures=named("m1")))


@chapter.story
def what_keeps_a_request_from_being_closed(case: Telling) -> None:
    open_request(case, "m1")
    register(case)
    case.refused("notice-of-listed-event", "notice", by="SN", event="treaty.in-force", text="Elsewhere.")
    case.refused("notice-names-known", "notice", by="SN", event="service.effected", text="Soon.", on=case.today(5))
    case.refused("notice-names-known", "notice", by="SN", event="service.effected", text="What?", items=["part-x"])
    case.replies("acceptance", measures=named("m1"))
    rule = condition("c1", "confidentiality")
    case.replies("result", measures=[result("m1")], items=[{"part": "part-a"}], parts=(part("a", conditions=(rule,)),))
    case.refused("every-item-signed-for", "closure", by="NL", text="Done.")
    case.asks("custody-receipt", items=[receipt("a", "c1")], received_on=case.today())
    case.asks("consent-request", conditions=["c1"], use="Show it to the defence.")
    case.refused("nothing-left-open", "closure", by="NL", text="Done.")
    case.replies("consent", granted=False, conditions=["c1"], reason="Not yet.")
    case.asks("questions", questions=[question("q1")])
    case.refused("nothing-left-open", "closure", by="NL", text="Done.")
    case.replies("answers", answers=[{"question": "q1", "text": "It was so."}])
    case.replies("conditions", conditions=[condition("c2", items=["part-a"])])
    case.refused("nothing-left-open", "closure", by="NL", text="Done.")
    case.asks("conditions-reply", replies=[{"condition": "c2", "accepted": False}])
    case.asks("consultation", **consulting("costs"))
    case.refused("nothing-left-open", "closure", by="NL", text="Done.")
    case.replies("consultation-reply", consultation="k1", text="Each its own.")
    case.asks("closure", text="Done.")


@pytest.mark.parametrize("tell", chapter.stories, ids=lambda tell: tell.__name__)
def test_the_story_is_permitted_and_its_wrong_turns_are_not(tell: Callable[[Telling], None]) -> None:
    case = Telling()
    tell(case)
    retold_in_any_order(case)


def test_every_step_is_taken() -> None:
    assert chapter.steps_to_take() - steps_taken(chapter.told()) == set()
