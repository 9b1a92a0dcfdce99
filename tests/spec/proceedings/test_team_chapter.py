"""A joint team of three States: an agreement negotiated clause by clause, signed by all. Everything here is fictional."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dedere.base.identifiers import SeededIdentifiers
from dedere.casework.acts import ProceedingKind
from dedere.casework.fold import fold
from support.bodies import Body, condition, receipt, request
from support.chapters import Chapter, Telling, steps_taken
from support.circulars import MEMBERS, Circle
from support.letters import digest_of, part

if TYPE_CHECKING:
    from collections.abc import Callable

    from dedere.casework.acts import JSON

chapter = Chapter(ProceedingKind.JOINT_TEAM)
STORIES: list[Callable[[Circle], None]] = []


def story(tell: Callable[[Circle], None]) -> Callable[[Circle], None]:
    STORIES.append(tell)
    return tell


def clause(identifier: str, says: str = "As agreed.") -> Body:
    return {"id": identifier, "title": f"Clause {identifier}", "text": says}


def proposal(**more: JSON) -> Body:
    person: Body = {"id": "n1", "name": "Officer Van Dijk (fictional)", "state": "NL"}
    clauses: list[Body] = [clause("purpose"), clause("law")]
    said: Body = {"opens": "joint-team", "request": request("jit"), "members": list(MEMBERS)}
    return {**said, "clauses": clauses, "until": "2026-12-31", "persons": [person], **more}


def agree(case: Circle, by: str, **versions: int) -> None:
    case.says(by, "clause-agreement", clauses=[{"clause": name, "version": each} for name, each in versions.items()])


def signing(case: Circle) -> None:
    case.says("NL", "proposal", **proposal())
    agree(case, "SN", purpose=1, law=1)
    agree(case, "MN", purpose=1, law=1)
    assert case.status == "signing"


def sign(case: Circle, by: str) -> None:
    case.says(by, "signature", agreement=case.team.agreement, signatory="Minister (fictional)")


def active(case: Circle) -> None:
    signing(case)
    for member in MEMBERS:
        sign(case, member)
    assert case.status == "active"


@story
def clauses_are_amended_and_agreed(case: Circle) -> None:
    case.forbidden("team-of-members", "SI", "proposal", **proposal())
    case.forbidden("clauses-once", "NL", "proposal", **proposal(clauses=[clause("law"), clause("law")]))
    case.forbidden("until-ahead", "NL", "proposal", **proposal(until="2026-01-01"))
    stranger: list[Body] = [{"id": "s1", "name": "Officer Novak (fictional)", "state": "SI"}]
    case.forbidden("persons-of-members", "NL", "proposal", **proposal(persons=stranger))
    case.refused("not-circular", "proposal", by="NL", **proposal())
    case.says("NL", "proposal", **proposal())
    case.refused("not-circular", "clause-agreement", by="SN", clauses=[{"clause": "law", "version": 1}])
    agree(case, "SN", purpose=1)
    case.forbidden("clause-versions-current", "SN", "clause-agreement", clauses=[{"clause": "purpose", "version": 1}])
    case.forbidden("clause-versions-current", "SN", "clause-agreement", clauses=[{"clause": "pay", "version": 1}])
    twice: list[Body] = [{"clause": "law", "version": 1}, {"clause": "law", "version": 1}]
    case.forbidden("clause-versions-current", "SN", "clause-agreement", clauses=twice)
    case.says("MN", "amendment", clauses=[clause("law", "The law of the place."), clause("cost")])
    case.forbidden("clause-versions-current", "SN", "clause-agreement", clauses=[{"clause": "law", "version": 1}])
    agree(case, "SN", law=2, cost=1)
    agree(case, "NL", law=2, cost=1)
    assert case.status == "negotiated"
    agree(case, "MN", purpose=1)
    assert case.status == "signing"
    case.says("SN", "amendment", clauses=[clause("cost", "Each its own.")], until="2027-01-31")
    assert {each.agreed_by for each in case.team.clauses} == {("SN",)}
    case.says("NL", "withdrawal", reason="Too late now.")
    assert case.status == "abandoned"


@story
def a_signed_text_stays(case: Circle) -> None:
    signing(case)
    wrong = digest_of("another text")
    case.forbidden("signs-this-text", "SN", "signature", agreement=wrong, signatory="Minister (fictional)")
    sign(case, "SN")
    case.forbidden("signs-once", "SN", "signature", agreement=case.team.agreement, signatory="Minister (fictional)")
    case.forbidden("not-signed-yet", "NL", "amendment", clauses=[clause("law", "Another.")])
    case.forbidden("not-signed-yet", "NL", "withdrawal", reason="Changed our mind.")


@story
def the_team_works_is_extended_and_ends(case: Circle) -> None:
    active(case)
    assert "team.set-up" in {event.event for event in case.here.events}
    joins: list[Body] = [{"id": "s1", "name": "Officer Diop (fictional)", "state": "SN"}]
    case.forbidden("own-persons-change", "NL", "member-change", joins=joins, text="For them.")
    case.forbidden("own-persons-change", "SN", "member-change", leaves=["n1"], text="Away.")
    case.forbidden("own-persons-change", "SN", "member-change", leaves=["x9"], text="Who?")
    case.forbidden("own-persons-change", "SN", "member-change", text="Nobody.")
    case.forbidden("own-persons-change", "NL", "member-change", joins=[{**joins[0], "id": "n1"}], text="Taken.")
    case.says("SN", "member-change", joins=joins, text="Joins.")
    case.says("NL", "member-change", leaves=["n1"], text="Leaves.")
    rule = condition("c1", "no-onward-transfer")
    case.says("NL", "team-evidence", items=[{"part": "part-a"}], parts=(part("a", conditions=(rule,)),))
    made: list[Body] = [{"part": "part-b", "derived_from": ["part-a"]}]
    copied = (part("b", conditions=(rule,)),)
    case.forbidden("items-inherit-conditions", "SN", "team-evidence", items=made, parts=copied)
    case.says("SN", "custody-receipt", items=[receipt("a", "c1")], received_on=case.today())
    assert [each.status for each in case.state().conditions_of("part-a")] == ["proposed"]
    case.says("MN", "custody-receipt", items=[receipt("a", "c1")], received_on=case.today())
    assert [each.status for each in case.state().conditions_of("part-a")] == ["accepted"]
    case.says("MN", "notice", event="officials.caused-damage", text="A broken door.")
    case.forbidden("extension-open", "SN", "extension-agreement", until="2027-06-30")
    case.forbidden("extension-later", "NL", "extension", until="2026-06-30", reason="Shorter.")
    case.says("NL", "extension", until="2027-06-30", reason="Not done.")
    case.forbidden("extension-open", "NL", "extension-agreement", until="2027-06-30")
    case.says("SN", "extension-agreement", until="2027-06-30")
    case.says("MN", "extension-agreement", until="2027-06-30")
    assert case.team.until == "2027-06-30"
    case.says("SN", "team-end", on=case.today(), reason="Done.")
    case.forbidden("ends-once", "SN", "team-end", on=case.today(), reason="Done.")
    case.says("NL", "team-end", on=case.today(), reason="Done.")
    case.says("MN", "team-end", on=case.today(), reason="Done.")
    assert case.status == "evaluated"
    case.forbidden("evaluated-once", "NL", "closure", text="Done.")
    case.says("NL", "evaluation", text="It went well.")
    case.says("NL", "closure", text="Thank you all.")
    assert case.status == "closed"


@story
def a_period_that_ran_out_ends_the_team(case: Circle) -> None:
    active(case)
    late = 400
    case.forbidden("team-not-over", "NL", "team-evidence", items=[{"part": "part-a"}], parts=(part("a"),), days=late)
    case.forbidden("extension-later", "NL", "extension", until="2030-01-01", reason="Late.", days=late)
    case.says("NL", "extension", until="2030-01-01", reason="In time.")
    case.forbidden("extension-open", "SN", "extension-agreement", until="2030-01-01", days=late)
    case.says("NL", "team-end", on=case.today(), reason="The period ran out.", days=late)
    assert case.status == "evaluated"


@pytest.mark.parametrize("tell", STORIES, ids=lambda tell: tell.__name__)
def test_the_story_is_permitted_and_every_member_sees_the_same(tell: Callable[[Circle], None]) -> None:
    case = Circle()
    tell(case)
    expected = case.state().as_json()
    for member in MEMBERS:
        assert case.record_of(member).as_json() == expected
    chance = SeededIdentifiers("team")
    assert fold(case.case, sorted(case.letters, key=lambda _: chance.new())).as_json() == expected


def test_every_step_is_taken() -> None:
    tellings: list[Telling] = []
    for tell in STORIES:
        circle = Circle()
        tell(circle)
        tellings.append(circle)
    assert chapter.steps_to_take() - steps_taken(tellings) == set()


def test_two_members_may_write_plain_letters() -> None:
    case = Telling()
    case.asks("proposal", **proposal(members=["NL", "SN"]))
    case.replies("clause-agreement", clauses=[{"clause": "law", "version": 1}, {"clause": "purpose", "version": 1}])
    assert case.status == "signing"
