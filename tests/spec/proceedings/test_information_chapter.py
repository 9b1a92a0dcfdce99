"""Spontaneous information, consultation and notification: what States tell each other unasked. Fictional."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dedere.casework.acts import ProceedingKind
from support.bodies import Body, condition, consulting, question, receipt
from support.chapters import Chapter, Telling, retold_in_any_order, steps_taken
from support.letters import part

if TYPE_CHECKING:
    from collections.abc import Callable

information = Chapter(ProceedingKind.SPONTANEOUS_INFORMATION)
consultation = Chapter(ProceedingKind.CONSULTATION)
notification = Chapter(ProceedingKind.NOTIFICATION)
chapters = (information, consultation, notification)


@information.story
def information_comes_with_conditions(case: Telling) -> None:
    rule = condition("c1", "confidentiality", items=["part-list"])
    case.asks(
        "information",
        opens="spontaneous-information",
        subject="A list of names (fictional)",
        text="Found in another case.",
        items=[{"part": "part-list"}],
        parts=(part("list"),),
        conditions=[rule],
    )
    case.replies("acknowledgement", own_reference="SN-3", received_on=case.today(), questions=[question("q1")])
    case.asks("answers", answers=[{"question": "q1", "text": "In a drawer."}])
    case.refused("no-open-conditions", "outcome", by="SN", outcome="used", on=case.today(), text="A trial.")
    case.replies("custody-receipt", items=[receipt("list", "c1")], received_on=case.today())
    case.refused("dates-not-ahead", "outcome", by="SN", outcome="used", on=case.today(9), text="A trial.")
    case.replies("outcome", outcome="used", on=case.today(), text="It led to a trial.")
    case.asks("information", subject="More", text="A second list.")
    case.replies("notice", event="exculpatory.disclosure-planned", text="The defence has a right to it.")
    case.replies("outcome", outcome="not-used", on=case.today(), text="Nothing new.")
    case.asks("closure", text="Thank you.")
    assert case.state().closed
    assert [body["outcome"] for body in case.here.facts["outcome"]] == ["used", "not-used"]  # type: ignore[union-attr, index, call-overload] # plain JSON


@consultation.story
def a_consultation_goes_to_and_fro(case: Telling) -> None:
    case.asks("consultation", opens="consultation", **consulting("jurisdiction"))
    case.replies("consultation-reply", consultation="k1", text="We would rather prosecute here.")
    case.refused("consultation-new", "consultation", by="NL", **consulting("jurisdiction"))
    case.asks("consultation", **consulting("jurisdiction", "k2"))
    case.refused("out-of-turn", "closure", by="NL", text="Agreed.")
    case.replies("consultation-reply", consultation="k2", text="Agreed.")
    case.replies("closure", text="Senegal prosecutes (fictional).")
    assert case.state().closed


@notification.story
def a_notification_is_acknowledged(case: Telling) -> None:
    told: Body = {"opens": "notification", "subject": "A suspect", "text": "Held here (fictional).", "on": "2026-03-02"}
    case.refused("notice-of-listed-event", "notification", by="NL", event="hearing.held", **told)
    case.asks("notification", event="suspect.in-custody", **told)
    assert [event.event for event in case.here.events] == ["suspect.in-custody"]
    case.replies("acknowledgement", own_reference="SN-4", received_on=case.today())
    assert case.status == "acknowledged"


@pytest.mark.parametrize("tell", [tell for each in chapters for tell in each.stories], ids=lambda tell: tell.__name__)
def test_the_story_is_permitted_and_its_wrong_turns_are_not(tell: Callable[[Telling], None]) -> None:
    case = Telling()
    tell(case)
    retold_in_any_order(case)


@pytest.mark.parametrize("chapter", chapters, ids=lambda chapter: chapter.kind)
def test_every_step_is_taken(chapter: Chapter) -> None:
    assert chapter.steps_to_take() - steps_taken(chapter.told()) == set()
