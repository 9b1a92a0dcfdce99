"""What every proceeding knows: questions, consultations, conditions, assurances, consent, items, corrections. Fictional."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dedere.casework.acts import ProceedingKind
from support.bodies import Body, condition, consulting, question, receipt, request
from support.chapters import Telling, common_ids, retold_in_any_order, steps_taken
from support.letters import digest_of, part

if TYPE_CHECKING:
    from collections.abc import Callable

STORIES: list[Callable[[Telling], None]] = []


def story(tell: Callable[[Telling], None]) -> Callable[[Telling], None]:
    STORIES.append(tell)
    return tell


def opened(case: Telling) -> None:
    case.asks("request", opens="mla", request=request(), measures=[{"id": "m1", "kind": "records"}])
    case.replies("acknowledgement", own_reference="SN-14", received_on=case.today())


def evidence(case: Telling, *names: str, conditions: tuple[str, ...] = ()) -> None:
    case.replies("acceptance", measures=[{"measure": "m1"}])
    rules = tuple(condition(name) for name in conditions)
    case.replies(
        "result",
        measures=[{"measure": "m1", "outcome": "partly-executed", "text": "A first lot."}],
        items=[{"part": f"part-{name}"} for name in names],
        parts=tuple(part(name, conditions=rules) for name in names),
    )


@story
def questions_go_both_ways(case: Telling) -> None:
    opened(case)
    case.asks("questions", questions=[question("q1"), question("q2")])
    case.refused("answers-open-questions", "answers", by="NL", answers=[{"question": "q1", "text": "To myself."}])
    case.refused("answers-open-questions", "answers", by="SN", answers=[{"question": "q9", "text": "To nothing."}])
    twice = [{"question": "q1", "text": "Once."}, {"question": "q1", "text": "Twice."}]
    case.refused("answers-open-questions", "answers", by="SN", answers=twice)
    case.replies("answers", answers=[{"question": "q1", "text": "Once."}])
    assert [each.id for each in case.state().open_questions()] == ["q2"]
    case.refused("answers-open-questions", "answers", by="SN", answers=[{"question": "q1", "text": "Again."}])


@story
def consultations_wait_for_the_other_side(case: Telling) -> None:
    opened(case)
    case.asks("consultation", **consulting("coordination"))
    case.refused("consultation-awaits-this-side", "consultation-reply", by="NL", consultation="k1", text="To myself.")
    case.replies("consultation-reply", consultation="k1", text="Let us meet.")
    case.refused("consultation-awaits-this-side", "consultation-reply", by="SN", consultation="k1", text="Again.")
    assert case.here.consultations[0].reply == "Let us meet."


@story
def conditions_are_answered_one_by_one_and_lifted_by_consent(case: Telling) -> None:
    opened(case)
    evidence(case, "a")
    stray = [condition("c1", measures=["m9"])]
    case.refused("conditions-name-known", "conditions", by="SN", conditions=stray)
    case.refused("conditions-name-known", "conditions", by="SN", conditions=[condition("c1", items=["part-x"])])
    case.refused("conditions-on-own-items", "conditions", by="NL", conditions=[condition("c1", items=["part-a"])])
    case.refused("conditions-new", "conditions", by="SN", conditions=[condition("c1"), condition("c1")])
    both = [condition("c1", items=["part-a"]), condition("c2", items=["part-a"])]
    case.replies("conditions", conditions=both)
    case.refused("conditions-new", "conditions", by="SN", conditions=[condition("c1")])
    case.refused("condition-replies-open", "conditions-reply", by="SN", replies=[{"condition": "c1", "accepted": True}])
    twice: list[Body] = [{"condition": "c1", "accepted": True}, {"condition": "c1", "accepted": False}]
    case.refused("condition-replies-open", "conditions-reply", by="NL", replies=twice)
    answers: list[Body] = [
        {"condition": "c1", "accepted": True},
        {"condition": "c2", "accepted": False, "reason": "Too narrow."},
    ]
    case.asks("conditions-reply", replies=answers)
    assert [each.status for each in case.state().conditions_of("part-a")] == ["accepted", "declined"]
    case.refused("consent-on-binding-conditions", "consent-request", by="NL", conditions=["c2"], use="Press.")
    case.refused("consent-on-binding-conditions", "consent-request", by="SN", conditions=["c1"], use="Press.")
    case.refused("consent-was-asked", "consent", by="SN", conditions=["c1"], granted=True)
    case.asks("consent-request", conditions=["c1"], use="A second trial.")
    case.refused("consent-was-asked", "consent", by="NL", conditions=["c1"], granted=True)
    case.replies("consent", conditions=["c1"], granted=False)
    case.asks("consent-request", conditions=["c1"], use="A second trial, with redactions.")
    case.replies("consent", conditions=["c1"], granted=True)
    assert case.state().conditions_of("part-a")[0].status == "lifted"


@story
def assurances_are_asked_for_given_declined_and_offered(case: Telling) -> None:
    opened(case)
    asked = [{"id": "a1", "kind": "assurance.treatment", "text": "No ill-treatment."}]
    case.refused("assurances-new", "assurance-request", by="SN", assurances=[*asked, *asked])
    case.replies("assurance-request", assurances=[*asked, {"id": "a2", "kind": "other", "text": "A visit a month."}])
    case.refused("assurances-new", "assurance-request", by="SN", assurances=asked)
    case.refused("assurances-answer-request", "assurance", by="NL", authority="Ministry")
    case.refused("assurances-answer-request", "assurance", by="SN", authority="Ministry", declined=["a1"])
    case.asks("assurance", authority="Ministry (fictional)", given=asked, declined=["a2"])
    case.refused("assurances-answer-request", "assurance", by="NL", authority="Ministry", declined=["a2"])
    case.asks("assurance", authority="Ministry (fictional)", given=[{"id": "a3", "kind": "other", "text": "Unasked."}])
    assert [each.status for each in case.here.assurances] == ["given", "declined", "given"]


@story
def items_are_signed_for_and_returned(case: Telling) -> None:
    opened(case)
    evidence(case, "a", "b", conditions=("c1",))
    today = case.today()
    other = {**receipt("a", "c1"), "sha256": digest_of("something else")}
    case.refused("receipt-digests-agree", "custody-receipt", by="NL", items=[other], received_on=today)
    case.refused("receipt-replies-open", "custody-receipt", by="NL", items=[receipt("a")], received_on=today)
    case.refused("receipt-replies-open", "custody-receipt", by="NL", items=[receipt("a", "c9")], received_on=today)
    case.refused("receipt-for-sent-items", "custody-receipt", by="NL", items=[receipt("x")], received_on=today)
    case.refused("receipt-for-sent-items", "custody-receipt", by="SN", items=[receipt("a")], received_on=today)
    twice = [receipt("a", "c1"), receipt("a")]
    case.refused("receipt-for-sent-items", "custody-receipt", by="NL", items=twice, received_on=today)
    case.refused("returns-held-items", "return", by="NL", items=[{"item": "part-a"}], returned_on=today)
    case.asks("custody-receipt", items=[receipt("a", "c1"), {**receipt("b"), "intact": False}], received_on=today)
    case.refused("receipt-for-sent-items", "custody-receipt", by="NL", items=[receipt("a")], received_on=today)
    assert case.state().item("part-b").damaged_for == ("NL",)
    case.refused(
        "return-receipt-for-returned", "return-receipt", by="SN", items=[{"item": "part-a"}], received_on=today
    )
    case.asks("return", items=[{"item": "part-a"}], returned_on=case.today())
    assert case.state().owed[-1].kind == "return-receipt"
    case.refused(
        "return-receipt-for-returned", "return-receipt", by="NL", items=[{"item": "part-a"}], received_on=today
    )
    case.replies("return-receipt", items=[{"item": "part-a"}], received_on=case.today())
    case.refused("returns-held-items", "return", by="NL", items=[{"item": "part-a"}], returned_on=case.today())


@story
def an_item_made_from_others_inherits(case: Telling) -> None:
    opened(case)
    evidence(case, "a", conditions=("c1",))
    case.asks("custody-receipt", items=[receipt("a", "c1")], received_on=case.today())
    made = [{"part": "part-extract", "derived_from": ["part-a"]}]
    stray = [{"part": "part-extract", "derived_from": ["part-x"]}]
    done = [{"measure": "m1", "outcome": "executed", "text": "The rest."}]
    bare, carrying = (part("extract"),), (part("extract", conditions=(condition("c1"),)),)
    case.refused("items-inherit-conditions", "result", by="SN", measures=done, items=stray, parts=bare)
    other = (part("extract", conditions=({**condition("c1"), "text": "Another text."},)),)
    case.refused("items-are-parts", "result", by="SN", measures=done, items=made, parts=other)
    case.replies("result", measures=done, items=made, parts=carrying)
    assert case.state().item("part-extract").conditions == ("c1",)


@story
def a_correction_supersedes_and_erases_nothing(case: Telling) -> None:
    first = case.asks("request", opens="mla", request=request(), measures=[{"id": "m1", "kind": "records"}])
    reply = case.replies("acknowledgement", own_reference="SN-14", received_on=case.today())
    right = [{"path": "request.request.facts.summary", "value": "The mill burned twice (fictional)."}]
    wrong = [{"path": "measures", "value": []}]
    case.refused("corrects-own-act", "correction", by="SN", corrects=first.letter, changes=right, reason="Slip.")
    case.refused("corrects-text-only", "correction", by="NL", corrects=first.letter, changes=wrong, reason="Slip.")
    second = case.asks("correction", corrects=first.letter, changes=right, reason="A slip of the pen.")
    case.refused("corrects-own-act", "correction", by="NL", corrects=second.letter, changes=right, reason="Slip.")
    case.replies("correction", corrects=reply.letter, changes=[{"path": "note", "value": "x"}], reason="Slip.")
    assert case.here.request == {"request": {"kind": "mla", "facts": {"summary": "The mill burned twice (fictional)."}}}
    assert case.state().timeline[0].corrected_by == (second.letter,)


@pytest.mark.parametrize("tell", STORIES, ids=lambda tell: tell.__name__)
def test_the_story_is_permitted_and_its_wrong_turns_are_not(tell: Callable[[Telling], None]) -> None:
    case = Telling()
    tell(case)
    retold_in_any_order(case)


def test_every_common_step_is_taken() -> None:
    tellings = []
    for tell in STORIES:
        tellings.append(Telling())
        tell(tellings[-1])
    assert common_ids(ProceedingKind.MLA) <= steps_taken(tellings)
