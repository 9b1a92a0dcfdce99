"""Acts that the procedure forbids: refused with the rule that forbids them, the case unchanged, whoever makes them.

Ours become no draft; the other State's are recorded, have no effect, and say by which rule. Everything is fictional.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

import pytest

from dedere.base.errors import InputError
from dedere.casework.errors import ActRefusedError
from dedere.casework.request import RequestDraft
from dedere.node.cases import actions as cases
from dedere.node.cases.models import Case, Draft
from support.offices import Bureau, measure_of
from support.requests import joint_team, request_of

Body: TypeAlias = Mapping[str, object]
DIGEST = "0" * 64
DONE = {"outcome": "executed", "text": "Done (fictional)."}
ILLEGAL: Mapping[str, tuple[str, str, Callable[[Case], Body]]] = {
    "out of turn": ("closure", "out-of-turn", lambda _: {"text": "Done."}),
    "by the wrong side": ("acceptance", "wrong-side", lambda case: {"measures": [{"measure": measure_of(case)}]}),
    "with a missing measure": (
        "withdrawal",
        "measure-unknown",
        lambda _: {"reason": "x", "measures": [{"measure": "m9"}]},
    ),
    "with a date before its cause": (
        "consultation",
        "reply-date-ahead",
        lambda _: {"consultation": "k1", "about": "costs", "text": "x", "reply_by": "2026-01-01"},
    ),
    "a custody receipt for an item never sent": (
        "custody-receipt",
        "receipt-for-sent-items",
        lambda _: {"received_on": "2026-11-24", "items": [{"item": "i9", "sha256": DIGEST, "intact": True}]},
    ),
}


@pytest.fixture
def asked(bureau: Bureau) -> Case:
    """Our request, acknowledged."""
    case = bureau.requested()
    day = bureau.clock.now().date().isoformat()
    bureau.arrives("acknowledgement", {"own_reference": "SN-1", "received_on": day}, case=case, role="registrar")
    case.refresh_from_db()
    return case


@pytest.mark.parametrize("name", ILLEGAL)
def test_our_own_act_is_refused_and_leaves_nothing(bureau: Bureau, asked: Case, name: str) -> None:
    kind, rule, body = ILLEGAL[name]
    before = asked.record_digest
    with pytest.raises(ActRefusedError) as caught:
        bureau.proposed(asked, kind, body(asked), by="anna")

    assert caught.value.rule == rule
    asked.refresh_from_db()
    assert asked.record_digest == before
    assert not Draft.objects.filter(kind=kind).exists()


THEIRS: Mapping[str, tuple[str, str, str, Callable[[Case], Body]]] = {
    "out of turn": (
        "resumption",
        "case-officer",
        "out-of-turn",
        lambda case: {"measures": [{"measure": measure_of(case)}]},
    ),
    "by the wrong side": ("closure", "case-officer", "wrong-side", lambda _: {"text": "Done."}),
    "by the wrong role": (
        "acceptance",
        "auditor",
        "wrong-role",
        lambda case: {"measures": [{"measure": measure_of(case)}]},
    ),
    "with a missing measure": (
        "acceptance",
        "case-officer",
        "measure-unknown",
        lambda _: {"measures": [{"measure": "m9"}]},
    ),
    "without naming a measure": ("acceptance", "case-officer", "names-measures", lambda _: {"text": "All of it."}),
    "with a date before its cause": (
        "notice",
        "case-officer",
        "notice-names-known",
        lambda _: {"event": "hearing.held", "text": "Tomorrow.", "on": "2027-01-01"},
    ),
    "a custody receipt for an item never sent": (
        "custody-receipt",
        "case-officer",
        "receipt-for-sent-items",
        lambda _: {"received_on": "2026-11-24", "items": [{"item": "i9", "sha256": DIGEST, "intact": True}]},
    ),
}


@pytest.mark.parametrize("name", THEIRS)
def test_the_other_states_act_is_recorded_with_its_rule_and_changes_nothing(
    bureau: Bureau, asked: Case, name: str
) -> None:
    kind, role, rule, body = THEIRS[name]
    before = {**asked.state, "timeline": []}
    letter = bureau.arrives(kind, body(asked), case=asked, role=role)
    asked.refresh_from_db()

    assert {**asked.state, "timeline": []} == before
    entry = asked.state["timeline"][-1]
    assert (entry["letter"], entry["status"], entry["rule"]) == (letter, "refused", rule)
    assert entry["sentence"]


def test_nothing_is_done_against_a_withdrawn_request(bureau: Bureau, asked: Case) -> None:
    bureau.sent(bureau.proposed(asked, "withdrawal", {"reason": "Not needed (fictional)."}, by="anna"))
    asked.refresh_from_db()
    before = asked.state["proceedings"]
    bureau.arrives("acceptance", {"measures": [{"measure": measure_of(asked)}]}, case=asked)
    asked.refresh_from_db()

    assert asked.state["proceedings"] == before
    assert asked.state["timeline"][-1]["rule"] == "out-of-turn"
    with pytest.raises(ActRefusedError) as caught:
        bureau.proposed(asked, "status-question", {"text": "How far?"}, by="anna")
    assert caught.value.rule == "out-of-turn"


def test_a_role_that_prepares_nothing_makes_nothing(bureau: Bureau, asked: Case) -> None:
    cases.add_member(by=bureau["anna"], case_id=asked.pk, officer_id=bureau["bram"].identifier)
    with pytest.raises(ActRefusedError) as caught:
        bureau.proposed(asked, "withdrawal", {"reason": "x"}, by="bram")
    assert caught.value.rule == "wrong-role"
    assert not Draft.objects.filter(kind="withdrawal").exists()


def test_an_arrest_is_not_dated_before_the_request_for_it(bureau: Bureau) -> None:
    from support.request_parts import ARREST
    from support.requests import side_procedure

    tables = side_procedure("provisional-arrest", "provisional_arrest", ARREST, "lhc")
    draft = cases.start_draft(
        by=bureau["anna"],
        partner="SN",
        title="Tesk (fictional)",
        opens="provisional-arrest",
        request=RequestDraft(request_of(tables)).as_json(),
    )
    bureau.sent(draft)
    case = Case.objects.get(pk=draft.case_id)
    day = bureau.clock.now().date().isoformat()
    bureau.arrives("acknowledgement", {"own_reference": "SN-1", "received_on": day}, case=case, role="registrar")
    bureau.arrives("arrest", {"arrested_on": "2026-01-01", "place": "Dakar", "in_custody": True}, case=case)
    case.refresh_from_db()

    assert case.state["proceedings"][0]["status"] == "registered"
    assert case.state["timeline"][-1]["rule"] == "dates-not-before-opening"


def test_a_clause_is_not_changed_after_a_signature(bureau: Bureau) -> None:
    tables = RequestDraft(request_of(joint_team("lhc"))).as_json()
    draft = cases.start_draft(by=bureau["anna"], partner="SN", title="Team (fictional)", opens="jit", request=tables)
    clause = {"id": "law", "title": "Law", "text": "The law of the place."}
    more = {"members": ["NL", "SN"], "clauses": [clause], "until": "2027-12-31"}
    draft = cases.save_body(by=bureau["anna"], draft_id=draft.pk, version=1, body={**draft.body, **more})
    bureau.sent(draft)
    case = Case.objects.get(pk=draft.case_id)
    bureau.arrives("clause-agreement", {"clauses": [{"clause": "law", "version": 1}]}, case=case)
    case.refresh_from_db()
    agreement = case.state["proceedings"][0]["team"]["agreement"]
    bureau.arrives("signature", {"agreement": agreement, "signatory": "Minister (fictional)"}, case=case)
    changed = {"clauses": [{**clause, "text": "Another law."}]}
    with pytest.raises(ActRefusedError) as caught:
        bureau.proposed(case, "amendment", changed, by="anna")
    assert caught.value.rule == "not-signed-yet"
    bureau.arrives("amendment", changed, case=case)
    case.refresh_from_db()

    assert case.state["timeline"][-1]["rule"] == "not-signed-yet"
    assert case.state["proceedings"][0]["team"]["clauses"][0]["text"] == "The law of the place."


def test_what_has_not_the_shape_of_its_kind_is_said_in_one_sentence(bureau: Bureau, asked: Case) -> None:
    with pytest.raises(InputError, match=r"body\.reason is missing"):
        bureau.proposed(asked, "withdrawal", {}, by="anna")
    with pytest.raises(InputError, match="There is no kind of act called 'adventure'"):
        bureau.proposed(asked, "adventure", {}, by="anna")
