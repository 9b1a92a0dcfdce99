"""Rules of form that hold for every act, and what happens when acts cross. Everything here is fictional."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from dedere.casework.errors import ActRefusedError
from dedere.casework.fold import fold
from dedere.casework.matters import EntryStatus
from dedere.casework.permitted import check_act
from support.bodies import Body, condition, consulting, receipt, refusing, request
from support.chapters import Telling
from support.circulars import MEMBERS, Circle
from support.letters import digest_of, officer_of, part

if TYPE_CHECKING:
    from dedere.casework.acts import RecordedAct

MEASURES: list[Body] = [{"id": "m1", "kind": "records"}, {"id": "m2", "kind": "records"}]


def opened() -> Telling:
    case = Telling()
    case.asks("request", opens="mla", request=request(), measures=MEASURES)
    case.replies("acknowledgement", own_reference="SN-14", received_on=case.today())
    return case


def crossing(case: Telling, *acts: tuple[str, str, Body]) -> list[RecordedAct]:
    """Acts written by both sides before either saw the other's."""
    seen = tuple(case.letters)
    letters = []
    for kind, by, body in acts:
        letter = case.compose(kind, body, by=by, to="SN" if by == "NL" else "NL", seen=seen)
        letters.append(replace(letter, letter=f"crossed-{kind}", digest=digest_of(f"crossed-{kind}")))
    for letter in letters:
        case.add(letter)
    return letters


def rule_for(case: Telling, letter: RecordedAct) -> str:
    with pytest.raises(ActRefusedError) as caught:
        check_act(case.state(), letter)
    assert fold(case.case, [*case.letters, letter]).timeline[-1].rule == caught.value.rule
    return caught.value.rule


ACCEPT: Body = {"measures": [{"measure": "m1"}]}


def proposal() -> Body:
    clauses = [{"id": "law", "title": "Law", "text": "The law of the place."}]
    body: Body = {"opens": "joint-team", "request": request("jit"), "members": list(MEMBERS), "clauses": clauses}
    return {**body, "until": "2026-12-31"}


def letter_of(case: Telling) -> RecordedAct:
    return case.compose("acceptance", ACCEPT, by="SN", to="NL")


def test_an_act_belongs_to_its_case_its_proceeding_and_its_parties() -> None:
    case = opened()
    letter = letter_of(case)

    assert rule_for(case, replace(letter, case="another")) == "another-case"
    assert rule_for(case, replace(letter, proceeding="p9")) == "proceeding-unknown"
    assert rule_for(case, replace(letter, sender="SI", sequence=1)) == "not-a-party"
    assert rule_for(case, replace(letter, recipient="SN", sequence=1)) == "same-state"
    assert rule_for(case, replace(letter, kind=letter.kind.ARREST, body={})) == "body-shape"


def test_an_act_that_the_proceeding_does_not_know_is_refused() -> None:
    case = opened()
    body: Body = {"arrested_on": case.today(), "place": "Port", "in_custody": True}

    case.refused("act-unknown-here", "arrest", by="SN", **body)
    case.refused("proceeding-kind-unknown", "request", by="NL", opens="adventure", request=request())
    case.proceeding = "p2"
    case.refused("does-not-open", "request", by="NL", opens="mla", as_="requested", request=request())
    case.refused("does-not-open", "consultation", by="NL", opens="mla", **consulting("costs"))


def test_two_officers_stand_behind_every_act() -> None:
    case = opened()
    letter = letter_of(case)
    alone = {key: value for key, value in officer_of("SN").items() if key != "approved_by"}
    twice: Body = {**alone, "approved_by": {"name": str(alone["name"]).upper(), "role": "approver"}}
    wrong: Body = {**alone, "approved_by": {"name": "Officer Fall (fictional)", "role": "auditor"}}

    assert rule_for(case, replace(letter, officer=alone)) == "four-eyes"
    assert rule_for(case, replace(letter, officer=twice)) == "four-eyes"
    assert rule_for(case, replace(letter, officer=wrong)) == "wrong-approver"
    assert rule_for(case, replace(letter, officer=officer_of("SN", "auditor"))) == "wrong-role"
    assert rule_for(case, replace(letter, officer={"name": "x"})) == "body-shape"


def test_an_act_comes_after_its_cause_and_answers_it_as_it_was() -> None:
    case = opened()
    letter = letter_of(case)
    early = replace(letter, sealed_at=case.letters[0].sealed_at - dt.timedelta(days=1))
    other = replace(letter, answers=((case.letters[-1].letter, digest_of("other")),))
    slightly = replace(letter, sealed_at=case.letters[-1].sealed_at - dt.timedelta(minutes=5))

    assert rule_for(case, early) == "before-its-cause"
    assert rule_for(case, other) == "answers-another-text"
    check_act(case.state(), slightly)


def test_an_act_that_answers_something_unknown_waits_visibly() -> None:
    case = opened()
    letter = replace(letter_of(case), answers=(("letter-99-nl", digest_of("x")),))

    with pytest.raises(ActRefusedError) as caught:
        check_act(case.state(), letter)
    state = fold(case.case, [*case.letters, letter])

    assert caught.value.rule == "answers-unknown"
    assert [(each.letter, each.answers_missing) for each in state.waiting] == [(letter.letter, ("letter-99-nl",))]
    assert state.proceedings == case.state().proceedings


def test_a_gap_in_the_sequence_makes_a_letter_wait() -> None:
    case = opened()
    letter = replace(letter_of(case), sequence=4)

    assert fold(case.case, [*case.letters, letter]).waiting[0].sequence_missing == (2, 3)


def test_a_part_is_sent_once_and_its_conditions_have_a_shape() -> None:
    case = opened()
    case.asks("supplement", text="x", documents=[{"part": "part-a"}], parts=(part("a"),))
    again, twice = (part("a"),), (part("b"), part("b"))
    shapeless = (part("b", conditions=({"id": "c1"},)),)

    documents: list[Body] = [{"part": "part-a"}]
    case.refused("part-id-used", "supplement", by="NL", text="x", documents=documents, parts=again)
    case.refused("part-id-used", "supplement", by="NL", text="x", documents=[{"part": "part-b"}], parts=twice)
    case.refused("body-shape", "supplement", by="NL", text="x", documents=[{"part": "part-b"}], parts=shapeless)


def test_a_declined_condition_is_not_set_again() -> None:
    case = opened()
    case.replies("conditions", conditions=[condition("c1")])
    case.asks("conditions-reply", replies=[{"condition": "c1", "accepted": False}])
    case.replies("acceptance", **ACCEPT)
    done: list[Body] = [{"measure": "m1", "outcome": "executed", "text": "Done."}]
    sent = (part("a", conditions=(condition("c1"),)),)

    case.refused("items-are-parts", "result", by="SN", measures=done, items=[{"part": "part-a"}], parts=sent)


def test_a_withdrawal_that_crosses_an_acceptance_goes_first() -> None:
    case = opened()
    crossing(case, ("acceptance", "SN", ACCEPT), ("withdrawal", "NL", {"reason": "Not needed."}))
    state = case.state()

    assert state.proceedings[0].status == "withdrawn"
    assert [(each.kind, each.status) for each in state.timeline[2:]] == [
        ("withdrawal", EntryStatus.APPLIED),
        ("acceptance", EntryStatus.OVERTAKEN),
    ]


def test_a_result_that_crosses_a_withdrawal_stands() -> None:
    case = opened()
    case.replies("acceptance", measures=[{"measure": "m1"}, {"measure": "m2"}])
    done: Body = {"measures": [{"measure": "m1", "outcome": "executed", "text": "Done."}]}
    crossing(case, ("withdrawal", "NL", {"reason": "Not needed."}), ("result", "SN", done))

    assert [each.status for each in case.state().proceedings[0].measures] == ["executed", "withdrawn"]
    assert case.state().proceedings[0].status == "withdrawn"


def test_equal_acts_that_cross_go_by_time_then_state() -> None:
    case = opened()
    body = consulting("costs")
    first, second = crossing(
        case, ("consultation", "SN", body), ("notice", "NL", {"event": "trial.ended", "text": "x"})
    )
    mine = replace(second, kind=first.kind, body=body, letter="crossed-nl", digest=digest_of("crossed-nl"))
    state = fold(case.case, [*case.letters[:-1], mine])

    assert [(each.sender, each.status) for each in state.timeline[2:]] == [
        ("NL", EntryStatus.APPLIED),
        ("SN", EntryStatus.OVERTAKEN),
    ]


def test_a_sender_who_tells_two_stories_is_found_out() -> None:
    case = opened()
    one = letter_of(case)
    same_id = replace(one, digest=digest_of("another story"), body={"measures": [{"measure": "m2"}]})
    same_place = replace(one, letter="letter-x", digest=digest_of("a third story"))

    state = fold(case.case, [*case.letters, one, same_id, same_place])

    assert {each.about for each in state.contradictions} == {f"letter {one.letter}", "sequence 2 to NL"}
    assert [each.rule for each in state.timeline].count("sequence-repeated") == 1
    assert state.as_json() == fold(case.case, [same_place, same_id, one, *case.letters]).as_json()


def test_nothing_is_owed_when_nothing_was_ever_asked() -> None:
    state = fold("empty", [])

    assert state.owed == ()
    assert not state.closed


def test_an_item_sent_but_not_signed_for_keeps_a_case_open() -> None:
    case = opened()
    case.asks("supplement", text="x", documents=[{"part": "part-a"}], parts=(part("a"),))
    case.asks("withdrawal", reason="Not needed.")
    assert not case.state().closed
    case.replies("custody-receipt", items=[receipt("a")], received_on=case.today())
    assert case.state().closed


def test_a_refusal_by_the_wrong_side_names_the_provision() -> None:
    case = opened()
    letter = case.compose("refusal", refusing(measures=[{"measure": "m1"}]), by="NL", to="SN")

    with pytest.raises(ActRefusedError) as caught:
        check_act(case.state(), letter)
    assert (caught.value.rule, caught.value.provision) == ("wrong-side", "mla.refusal-procedure")


def test_copies_of_one_act_say_when_it_was_made() -> None:
    case = Circle()
    _, copies = case._copies("NL", "proposal", proposal(), parts=(), days=1)
    silent = replace(copies[0], body={key: value for key, value in copies[0].body.items() if key != "circulated_at"})
    vague = replace(copies[0], body={**copies[0].body, "circulated_at": "last week"})

    assert rule_for(case, silent) == "circular-without-instant"
    assert rule_for(case, vague) == "body-shape"


def test_a_sender_who_tells_each_member_another_story_is_found_out() -> None:
    case = Circle()
    _, (one, other) = case._copies("NL", "proposal", proposal(), parts=(), days=1)
    changed = replace(other, body={**other.body, "until": "2029-01-01"})
    state = fold(case.case, [one, changed])

    assert [each.about for each in state.contradictions] == [f"act {one.circular}"]
    assert state.as_json() == fold(case.case, [changed, one]).as_json()
