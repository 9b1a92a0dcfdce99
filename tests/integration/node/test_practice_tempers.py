"""The practice partner at work in a node, in each temper: lawful to the last letter, and felt. All fictional."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from dedere.base.clock import FixedClock
from dedere.base.identifiers import SeededIdentifiers
from dedere.casework.acts import ActKind
from dedere.casework.fold import fold
from dedere.casework.practice.dice import Dice
from dedere.casework.practice.partner import Temper
from dedere.node.cases.actions.record import recorded_acts
from dedere.node.cases.models import Case, Draft
from dedere.node.exchange.sealing import seal_draft
from dedere.node.jobs.practice import DESK, SECOND, PracticePartner
from dedere.node.practising import Practice

if TYPE_CHECKING:
    from dedere.casework.state import CaseState
    from support.offices import Bureau

_DAY = 24 * 60
_PATIENCE = 150


def state_of(case: Case) -> CaseState:
    return fold(case.pk, recorded_acts(case))


def played(bureau: Bureau, temper: Temper, *, seed: str) -> tuple[CaseState, list[int]]:
    """A request of Senegal and what the partner makes of it, and after how many days it acted each time.

    It keeps real hours. Senegal answers whatever is asked of it.
    """
    partner = PracticePartner(Practice(temper, 3_600.0), Dice(SeededIdentifiers(seed)))
    case, waited, theirs = bureau.asked(), [0], bureau.other.clock
    assert isinstance(theirs, FixedClock)
    for _ in range(_PATIENCE):
        bureau.tick(_DAY)
        theirs.advance(bureau.clock.now() - theirs.now())
        waited[-1] += 1
        if case.pk not in partner.waiting():
            continue
        partner.act(case.pk)
        for draft in Draft.objects.filter(case=case, state=Draft.State.APPROVED):
            seal_draft(draft.pk)
            waited.append(0)
        state = state_of(case)
        if state.proceedings[0].status == "executed":
            return state, waited[:-1]
        answered(bureau, case, state)
    return state_of(case), waited[:-1]


def answered(bureau: Bureau, case: Case, state: CaseState) -> None:
    """Senegal replies to questions, consultations and conditions."""
    for owed in (each for each in state.owed if each.state == "SN"):
        match owed.kind:
            case ActKind.ANSWERS:
                answer = {"question": owed.subject, "text": "As in the request (fictional)."}
                bureau.arrives(owed.kind, {"answers": [answer]}, case=case)
            case ActKind.CONSULTATION_REPLY:
                reply = {"consultation": owed.subject, "text": "Please reconsider (fictional)."}
                bureau.arrives(owed.kind, reply, case=case)
            case ActKind.CONDITIONS_REPLY:
                replies = {"replies": [{"condition": owed.subject, "accepted": True}]}
                bureau.arrives(owed.kind, replies, case=case)
            case _:
                pass


def acts_of(state: CaseState) -> Counter[str]:
    """What the partner wrote, by kind; all of it lawful, and by two of its accounts."""
    assert not [entry.sentence for entry in state.timeline if entry.rule]
    own = [entry for entry in state.timeline if entry.sender == "NL"]
    assert {(entry.officer, entry.approved_by) for entry in own} == {(DESK.name, SECOND.name)}
    return Counter(entry.kind for entry in own)


def test_a_slow_partner_makes_the_other_wait_and_answers_in_the_end(bureau: Bureau) -> None:
    state, waited = played(bureau, Temper.SLOW, seed="slow 5")

    assert acts_of(state) == {"acknowledgement": 1, "acceptance": 1, "result": 1}
    assert max(waited) > 20
    assert state.proceedings[0].status == "executed"


def test_a_pedantic_partner_asks_and_sets_conditions_before_it_answers(bureau: Bureau) -> None:
    state, _ = played(bureau, Temper.PEDANTIC, seed="pedantic 5")

    acts = acts_of(state)
    assert acts["questions"]
    assert acts["conditions"]
    assert all(question.answer for question in state.proceedings[0].questions)
    assert state.proceedings[0].status == "executed"


def test_a_refusing_partner_consults_and_quotes_a_ground_that_the_law_makes_available(bureau: Bureau) -> None:
    state, _ = played(bureau, Temper.REFUSING, seed="refusing 1")

    here = state.proceedings[0]
    assert acts_of(state)["refusal"] == 1
    refusal = here.refusals[0]
    consultation = next(each for each in here.consultations if each.id == refusal.consultation)
    assert (consultation.about, consultation.by) == ("refusal", "NL")
    assert consultation.reply
    assert refusal.grounds[0]["instrument"] == "lhc"
    assert refusal.grounds[0]["circumstance"]
    assert [measure.status for measure in here.measures] == ["refused"]
