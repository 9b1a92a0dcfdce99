"""From provisional arrest to surrender, and what follows a refusal. Everything here is fictional."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dedere.casework.acts import ProceedingKind
from dedere.casework.fold import fold
from support.bodies import Body, condition, consulting, question, receipt, refusing, request
from support.chapters import Chapter, Telling, retold_in_any_order, steps_taken
from support.letters import part

if TYPE_CHECKING:
    from collections.abc import Callable

    from dedere.casework.acts import JSON

arrest = Chapter(ProceedingKind.PROVISIONAL_ARREST)
extradition = Chapter(ProceedingKind.EXTRADITION)
prosecution = Chapter(ProceedingKind.PROSECUTION)
consent = Chapter(ProceedingKind.CONSENT)
transit = Chapter(ProceedingKind.TRANSIT)
chapters = (arrest, extradition, prosecution, consent, transit)


def acknowledge(case: Telling, **more: Any) -> None:  # spread into a body that the fold checks
    case.replies("acknowledgement", own_reference="SN-7", received_on=case.today(), **more)


def ask_arrest(case: Telling) -> None:
    case.proceeding = "arrest"
    case.asks("request", opens="provisional-arrest", request=request("provisional-arrest"))
    acknowledge(case)


def made_arrest(case: Telling) -> None:
    ask_arrest(case)
    case.replies("arrest", arrested_on=case.today(), place="Port (fictional)", in_custody=True)


def ask_extradition(case: Telling, *links: str) -> None:
    case.proceeding = "extradition"
    more: Body = {"links": list(links)} if links else {}
    case.asks("request", opens="extradition", request=request("extradition"), **more)


def statement(case: Telling, says: str = "consents", **more: JSON) -> Body:
    facts: Body = {"before": "Court (fictional)", "informed": True, "counsel": True}
    return {"statement": says, "stated_on": case.today(), **facts, **more}


def decision(case: Telling, outcome: str = "granted", **more: JSON) -> Body:
    said: Body = {"authority": "Court (fictional)", "text": "As the court found."}
    return {"outcome": outcome, "decided_on": case.today(), **said, **more}


def surrender(case: Telling, kind: str = "final", **more: JSON) -> Body:
    return {"kind": kind, "on": case.today(), "place": "Airport (fictional)", "detention_days": 41, **more}


def granted(case: Telling, **more: Any) -> None:  # spread into a body that the fold checks
    ask_extradition(case)
    acknowledge(case)
    case.replies("decision", **decision(case, offences=["offence one"], **more))


def arranged(case: Telling) -> None:
    granted(case)
    case.replies("surrender-arrangement", date=case.today(9), place="Airport (fictional)", detention_days=40)


def surrendered(case: Telling) -> None:
    arranged(case)
    case.replies("surrender", days=9, **surrender(case) | {"on": case.today(9)})


@arrest.story
@extradition.story
def an_arrest_is_followed_by_the_file(case: Telling) -> None:
    made_arrest(case)
    assert [(owed.state, owed.kind) for owed in case.state().owed] == [("NL", "step")]
    ask_extradition(case, "arrest")
    assert case.state().proceeding("arrest").status == "file-sent"
    acknowledge(case, questions=[question("q1")])
    assert case.state().proceeding("arrest").status == "arrested"
    case.asks("answers", answers=[{"question": "q1", "text": "Born there."}])
    case.asks("supplement", text="A photograph.", documents=[{"part": "part-photo"}], parts=(part("photo"),))
    case.asks("supplement", text="The whole file.", complete=True)
    followed = case.state().proceeding("arrest")
    assert followed.status == "followed"
    assert followed.events[-1].event == "documents.received"


@arrest.story
@extradition.story
def a_complete_file_ends_the_waiting_at_once(case: Telling) -> None:
    made_arrest(case)
    case.asks("status-question", text="Is the person held?")
    ask_extradition(case, "arrest")
    acknowledge(case)
    assert case.state().proceeding("arrest").status == "followed"


@arrest.story
def an_arrest_that_comes_to_nothing(case: Telling) -> None:
    ask_arrest(case)
    case.replies("progress", text="Not found yet.")
    case.refused("dates-not-ahead", "arrest", by="SN", arrested_on=case.today(9), place="Port", in_custody=True)
    case.refused("dates-not-before-opening", "arrest", by="SN", arrested_on="2026-01-01", place="Port", in_custody=True)
    case.replies("arrest", arrested_on=case.today(), place="Port (fictional)", in_custody=True)
    case.replies("notice", event="suspect.in-custody", text="Consul told.")
    freed: Body = {"decided_by": "Court (fictional)", "text": "The period has run out."}
    case.refused("released-after-arrest", "release", by="SN", reason="decision", released_on="2026-03-03", **freed)
    case.refused(
        "period-ended-names-limit", "release", by="SN", reason="period-ended", released_on=case.today(), **freed
    )
    limit = "limit.provisional-arrest"
    case.replies("release", reason="period-ended", limit=limit, released_on=case.today(40), days=40, **freed)
    assert case.status == "released"


@arrest.story
def an_arrest_is_refused(case: Telling) -> None:
    ask_arrest(case)
    case.replies("consultation", **consulting("refusal"))
    case.asks("consultation-reply", consultation="k1", text="Please do.")
    case.replies("refusal", **refusing())
    assert case.status == "refused"


@arrest.story
def an_arrest_is_no_longer_wanted(case: Telling) -> None:
    ask_arrest(case)
    case.refused("request-without-measures", "withdrawal", by="NL", reason="x", measures=[{"measure": "m1"}])
    case.asks("withdrawal", reason="The person was found elsewhere.")
    assert case.status == "withdrawn"


@extradition.story
def the_person_consents_under_arrest(case: Telling) -> None:
    case.proceeding = "extradition"
    opening: Body = {"opens": "extradition", "as_": "requested", "links": ["arrest"]}
    case.refused("links-arrest", "person-consent", by="SN", **opening, **statement(case))
    made_arrest(case)
    case.proceeding = "extradition"
    case.refused("links-arrest", "person-consent", by="NL", **opening, **statement(case))
    case.refused("person-informed", "person-consent", by="SN", **opening, **statement(case, informed=False))
    case.refused("person-informed", "person-consent", by="SN", **opening, **statement(case, counsel=False))
    case.replies("person-consent", **opening, **statement(case, speciality_renounced=True))
    assert case.state().proceeding("arrest").status == "followed"
    assert case.status == "consented"
    case.replies("decision", **decision(case))
    assert case.here.conditions == ()


@extradition.story
def a_consent_is_given_and_taken_back(case: Telling) -> None:
    ask_extradition(case)
    acknowledge(case)
    case.replies("person-consent", **statement(case))
    case.replies("person-consent", **statement(case, "revokes"))
    assert case.status == "registered"


@extradition.story
def a_grant_waits_for_conditions_and_assurances(case: Telling) -> None:
    ask_extradition(case)
    acknowledge(case)
    case.asks("status-question", text="How far is it?")
    case.replies("progress", text="Before the court.")
    case.replies("conditions", conditions=[condition("c1", "handling")])
    case.refused("no-open-conditions", "decision", by="SN", **decision(case))
    case.asks("conditions-reply", replies=[{"condition": "c1", "accepted": True}])
    case.replies("assurance-request", assurances=[{"id": "a1", "kind": "assurance.retrial", "text": "A new trial."}])
    case.refused("no-open-assurances", "decision", by="SN", **decision(case))
    case.asks("assurance", authority="Minister (fictional)", given=[{"id": "a1", "kind": "k", "text": "A new trial."}])
    case.refused("decision-names-accepted-conditions", "decision", by="SN", **decision(case, conditions=["c9"]))
    case.replies("decision", **decision(case, conditions=["c1"]))
    assert case.status == "granted"
    assert {each.id for each in case.here.conditions} == {"c1", "speciality", "onward-surrender"}


@extradition.story
def a_surrender_is_arranged_postponed_and_made(case: Telling) -> None:
    granted(case)
    case.refused(
        "arranged-date-ahead", "surrender-arrangement", by="SN", date="2026-03-01", place="Airport", detention_days=1
    )
    case.replies("surrender-arrangement", date=case.today(9), place="Airport (fictional)", detention_days=40)
    case.asks("notice", event="surrender.impossible", text="A storm.")
    case.replies("surrender-arrangement", date=case.today(3), place="Airport (fictional)", detention_days=41)
    case.replies("postponement", reason="A trial here.")
    lent = surrender(case, "temporary")
    case.refused("lent-until-a-date", "surrender", by="SN", **lent)
    case.replies("surrender", **surrender(case, "temporary", return_by="2026-12-01"))
    assert [owed.state for owed in case.state().owed] == ["NL"]
    case.asks("surrender", **surrender(case, "return"))
    case.replies("surrender-arrangement", date=case.today(9), place="Airport (fictional)", detention_days=90)
    case.replies("surrender", **surrender(case))
    handed: list[Body] = [{"id": "g1", "description": "A watch."}]
    case.replies("property-handover", handed_over_on=case.today(), property=handed)
    case.asks("closure", text="Tried and sentenced (fictional).")
    assert case.state().closed


@extradition.story
def nobody_came_to_collect_the_person(case: Telling) -> None:
    arranged(case)
    freed: Body = {"reason": "not-collected", "decided_by": "Court (fictional)", "text": "Nobody came."}
    case.refused("released-after-date-for-surrender", "release", by="SN", released_on=case.today(), **freed)
    case.replies("release", released_on=case.today(30), days=30, **freed)
    assert case.status == "lapsed"


@extradition.story
def a_request_is_withdrawn(case: Telling) -> None:
    case.refused("links-known", "request", by="NL", opens="extradition", request=request("extradition"), links=["none"])
    ask_extradition(case)
    case.asks("withdrawal", reason="The person died (fictional).")
    assert case.status == "withdrawn"


@extradition.story
@prosecution.story
def a_refusal_opens_the_duty_to_prosecute(case: Telling) -> None:
    ask_extradition(case)
    acknowledge(case)
    case.replies("consultation", **consulting("refusal"))
    case.asks("consultation-reply", consultation="k1", text="Please reconsider.")
    case.replies("refusal", **refusing(offences=["offence two"]))
    assert case.status == "registered"
    case.replies("refusal", **refusing())
    assert case.status == "refused"
    in_part, whole = case.state().proceedings[1:]
    assert {in_part.kind, whole.kind} == {"prosecution"}
    assert whole.sides == (("NL", "informed"), ("SN", "prosecuting"))
    case.proceeding = whole.id
    case.asks("supplement", text="Our file.", documents=[{"part": "part-file"}], parts=(part("file"),))
    case.replies("custody-receipt", items=[receipt("file")], received_on=case.today())
    case.replies("referral", referred_on=case.today(), authority="Prosecutor (fictional)")
    case.replies("decision", **decision(case, "prosecute"))
    case.replies("outcome", outcome="convicted", on=case.today(), text="Ten years.")
    case.asks("closure", text="Thank you.")
    case.proceeding = in_part.id
    case.replies("referral", referred_on=case.today(), authority="Prosecutor (fictional)")
    case.replies("decision", **decision(case, "no-prosecution"))
    case.asks("closure", text="Noted.")
    assert case.state().closed


@prosecution.story
def a_prosecution_is_asked_for(case: Telling) -> None:
    case.asks("request", opens="prosecution", request=request("prosecution-of-national"))
    assert case.status == "owed"
    assert case.state().owed[0].state == "SN"
    case.refused("dates-not-before-opening", "referral", by="SN", referred_on="2025-01-01", authority="Prosecutor")


@consent.story
def consent_to_more_than_was_granted(case: Telling) -> None:
    more: Body = {"opens": "consent", "variant": "speciality-consent", "links": ["extradition"]}
    granted(case)
    case.proceeding = "consent-1"
    case.refused("links-surrender", "request", by="NL", request=request("speciality-consent"), **more)
    case = surrendered_case(case)
    case.proceeding = "consent-1"
    case.refused("links-surrender", "request", by="SN", request=request("speciality-consent"), **more)
    case.asks("request", request=request("speciality-consent"), **more)
    acknowledge(case)
    case.refused("speciality-names-offences", "decision", by="SN", **decision(case))
    case.replies("decision", **decision(case, offences=["offence two"]))
    bound = {each.id: each for each in case.state().proceeding("extradition").conditions}
    assert bound["speciality"].purposes == ("offence one", "offence two")
    case.proceeding = "consent-2"
    more = {"opens": "consent", "variant": "re-extradition-consent", "links": ["extradition"]}
    case.asks("request", request=request("re-extradition-consent"), **more)
    acknowledge(case)
    case.refused("speciality-names-offences", "decision", by="SN", **decision(case, offences=["offence two"]))
    case.replies("decision", **decision(case, states=["SI"]))
    bound = {each.id: each for each in case.state().proceeding("extradition").conditions}
    assert bound["onward-surrender"].states == ("SI",)


def surrendered_case(case: Telling) -> Telling:
    case.proceeding = "extradition"
    case.replies("surrender-arrangement", date=case.today(1), place="Airport (fictional)", detention_days=40)
    case.replies("surrender", **surrender(case))
    return case


@consent.story
def consent_is_refused_or_no_longer_wanted(case: Telling) -> None:
    surrendered(case)
    more: Body = {"opens": "consent", "variant": "speciality-consent", "links": ["extradition"]}
    case.proceeding = "consent-1"
    case.asks("request", request=request("speciality-consent"), **more)
    acknowledge(case)
    case.replies("consultation", **consulting("refusal"))
    case.asks("consultation-reply", consultation="k1", text="Please reconsider.")
    case.replies("refusal", **refusing())
    case.proceeding = "consent-2"
    case.asks("request", request=request("speciality-consent"), **more)
    case.asks("withdrawal", reason="No longer needed.")
    assert [each.status for each in case.state().proceedings] == ["surrendered", "refused", "withdrawn"]


def report(case: Telling, kind: str) -> Body:
    return {"kind": kind, "on": case.today(), "place": "Airport (fictional)"}


def ask_transit(case: Telling) -> None:
    case.asks("request", opens="transit", request=request("transit"))
    acknowledge(case)


@transit.story
def a_transit_is_made_with_an_unscheduled_landing(case: Telling) -> None:
    ask_transit(case)
    case.replies("decision", **decision(case))
    case.asks("transit-report", **report(case, "started"))
    case.replies("transit-report", **report(case, "unscheduled-landing"))
    case.asks("supplement", text="The request for the new route.")
    case.asks("transit-report", **report(case, "completed"))
    assert case.status == "completed"


@transit.story
def a_landing_without_a_request_ends_in_release(case: Telling) -> None:
    ask_transit(case)
    case.replies("decision", **decision(case))
    case.replies("transit-report", **report(case, "unscheduled-landing"))
    freed: Body = {"decided_by": "Court (fictional)", "text": "No request came."}
    limit = "limit.transit-landing"
    case.replies("release", reason="period-ended", limit=limit, released_on=case.today(4), days=4, **freed)
    assert case.status == "released"


@transit.story
def a_transit_is_refused(case: Telling) -> None:
    ask_transit(case)
    case.replies("consultation", **consulting("refusal"))
    case.asks("consultation-reply", consultation="k1", text="Another route would be long.")
    case.replies("refusal", **refusing())
    assert case.status == "refused"


@transit.story
def a_transit_is_not_needed(case: Telling) -> None:
    ask_transit(case)
    case.asks("withdrawal", reason="Another route was found.")
    assert case.status == "withdrawn"


@pytest.mark.parametrize(
    "tell", list({t: 0 for each in chapters for t in each.stories}), ids=lambda tell: tell.__name__
)
def test_the_story_is_permitted_and_its_wrong_turns_are_not(tell: Callable[[Telling], None]) -> None:
    case = Telling()
    tell(case)
    retold_in_any_order(case)


@pytest.mark.parametrize("chapter", chapters, ids=lambda chapter: chapter.kind)
def test_every_step_is_taken(chapter: Chapter) -> None:
    assert chapter.steps_to_take() - steps_taken(chapter.told()) == set()


def test_an_act_that_another_proceeding_overtook_is_overtaken_and_not_refused() -> None:
    case = Telling()
    made_arrest(case)
    ask_extradition(case, "arrest")
    seen = tuple(case.letters)
    acknowledge(case)
    case.proceeding = "arrest"
    late = case.compose("questions", {"questions": [question("q9")]}, by="NL", to="SN", seen=seen)

    entry = fold(case.case, [*case.letters, late]).docket.entries[late.letter]

    assert (entry.status, entry.rule) == ("overtaken", "out-of-turn")
