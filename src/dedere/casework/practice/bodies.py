"""Bodies for the acts of any proceeding, made by rule and chance from the case as it stands. All content is fictional.

A maker answers `None` when nothing sensible can be said now. What it makes is judged like anybody's act.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from dedere.casework.acts import ActKind
from dedere.casework.conditions import ConditionKind
from dedere.casework.matters import AssuranceStatus, ConditionStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dedere.casework.acts import JSON
    from dedere.casework.matters import Measure
    from dedere.casework.practice.desk import Desk

Body: TypeAlias = "dict[str, JSON]"
Maker: TypeAlias = "Callable[[Desk], Body | None]"

REASONS = "Granting this would prejudice an investigation that is under way here (practice, fictional)."


def _acknowledgement(desk: Desk) -> Body:
    body: Body = {"own_reference": f"{desk.state}-{desk.dice.below(10_000)}", "received_on": desk.day}
    choice = desk.step.choice
    if choice.having == "questions" or (choice.lacking != "questions" and desk.dice.percent(25)):
        body["questions"] = _new_questions(desk)
    return body


def _new_questions(desk: Desk) -> list[JSON]:
    question: dict[str, JSON] = {"id": desk.dice.name("q"), "text": "Which document is meant?"}
    if desk.here.measures:
        question["measure"] = desk.dice.one_of(list(desk.here.measures))
    return [question]


def _questions(desk: Desk) -> Body | None:
    return {"questions": _new_questions(desk)} if len(desk.here.unanswered) < _ENOUGH else None


def _answers(desk: Desk) -> Body | None:
    asked = [name for name, by in desk.here.unanswered.items() if by != desk.state]
    answers: list[JSON] = [{"question": name, "text": "The one named in annex 2."} for name in desk.dice.some_of(asked)]
    return {"answers": answers} if answers else None


def _supplement(desk: Desk) -> Body:
    body: Body = {"text": "Further documents."}
    if desk.step.choice.having == "complete":
        body["complete"] = True
    if desk.dice.percent(40):
        body["documents"] = [{"part": desk.enclose("annex")}]
    return body


def _named(measures: list[Measure]) -> list[JSON]:
    return [{"measure": measure.id} for measure in measures]


def _free(desk: Desk) -> list[Measure]:
    """Measures to which the act applies and on which no condition waits for a reply."""
    held = {
        name
        for condition in desk.here.conditions.values()
        if condition.status is ConditionStatus.PROPOSED
        for name in condition.measures
    }
    return [measure for measure in desk.measures() if measure.id not in held]


def _acceptance(desk: Desk) -> Body | None:
    chosen = desk.dice.some_of(_free(desk))
    return {"measures": _named(chosen)} if chosen else None


def _progress(desk: Desk) -> Body:
    body: Body = {"text": "The executing authority is at work."}
    running = desk.dice.some_of(desk.measures())
    if running and desk.dice.percent(70):
        body["measures"] = [{"measure": measure.id, "expected_on": desk.ahead(20)} for measure in running]
    return body


def _condition(desk: Desk, **targets: JSON) -> Body:
    kind = desk.dice.one_of(list(ConditionKind))
    body: Body = {"id": desk.dice.name("c"), "kind": kind.value, "text": f"A condition of {kind.value}.", **targets}
    if kind in {ConditionKind.USE_LIMITATION, ConditionKind.SPECIALITY}:
        body["purposes"] = ["this case"]
    if kind in {ConditionKind.RETURN_BY, ConditionKind.DESTROY_BY}:
        body["by"] = desk.ahead(200)
    return body


def _conditions(desk: Desk) -> Body | None:
    if len(desk.here.conditions) >= _ENOUGH:
        return None
    open_measures = [each.id for each in desk.here.measures.values() if each.status in {"requested", "accepted"}]
    own = [item.id for item in desk.items() if item.sent_by == desk.state]
    targets: dict[str, JSON] = {}
    if open_measures and desk.side == "requested":
        targets["measures"] = [desk.dice.one_of(open_measures)]
    elif own:
        targets["items"] = [desk.dice.one_of(own)]
    return {"conditions": [_condition(desk, **targets)]}


def _replied(desk: Desk, names: list[str]) -> list[JSON]:
    return [{"condition": name, "accepted": desk.dice.percent(85)} for name in names]


def _conditions_reply(desk: Desk) -> Body | None:
    waiting = [each.id for each in desk.here.conditions.values() if each.waits_for(desk.state)]
    replies = _replied(desk, desk.dice.some_of(waiting))
    return {"replies": replies} if replies else None


def _consultation(desk: Desk) -> Body | None:
    if len(desk.here.consultations) >= _ENOUGH:
        return None
    about = dict(desk.step.choice.when).get("about") or desk.dice.one_of(["coordination", "costs", "pardon", "other"])
    body: Body = {"consultation": desk.dice.name("k"), "about": about, "text": f"We would speak with you on {about}."}
    if desk.dice.percent(50):
        body["reply_by"] = desk.ahead(14)
    return body


def _consultation_reply(desk: Desk) -> Body | None:
    waiting = [each.id for each in desk.here.consultations.values() if each.is_open and each.by != desk.state]
    return {"consultation": desk.dice.one_of(waiting), "text": "We see it so, too."} if waiting else None


def _assurance_request(desk: Desk) -> Body | None:
    if len(desk.here.assurances) >= _ENOUGH:
        return None
    wanted: Body = {"id": desk.dice.name("a"), "kind": "assurance.treatment", "text": "Humane treatment."}
    return {"assurances": [wanted]}


def _assurance(desk: Desk) -> Body | None:
    asked = [
        each
        for each in desk.here.assurances.values()
        if each.status is AssuranceStatus.ASKED and each.asked_by != desk.state
    ]
    if not asked:
        return None
    given: list[JSON] = []
    declined: list[JSON] = []
    for each in asked:
        if desk.dice.percent(80):
            given.append({"id": each.id, "kind": each.kind, "text": each.text})
        else:
            declined.append(each.id)
    return {"authority": "Minister (fictional)", "given": given, "declined": declined}


def _consent_request(desk: Desk) -> Body | None:
    pending = {name for each in desk.here.consents if not each.granted for name in each.conditions}
    binding = [
        each.id
        for each in desk.here.conditions.values()
        if each.binds and each.set_by != desk.state and each.id not in pending
    ]
    if not binding or len(desk.here.consents) >= _ENOUGH:
        return None
    return {"conditions": [desk.dice.one_of(binding)], "use": "Use in a second trial."}


def _consent(desk: Desk) -> Body:
    waiting = [each for each in desk.here.consents if not each.granted and each.asked_by != desk.state]
    return {"conditions": list(waiting[0].conditions), "granted": desk.dice.percent(60)}


def _status_question(desk: Desk) -> Body | None:
    return None if desk.here.status_asked else {"text": "How far has it come?"}


def _result(desk: Desk) -> Body | None:
    chosen = desk.dice.some_of(_free(desk))
    measures: list[JSON] = []
    items: list[JSON] = []
    for measure in chosen:
        outcome = desk.dice.one_of(["executed", "executed", "partly-executed", "not-executed"])
        measures.append({"measure": measure.id, "outcome": outcome, "text": "As found (fictional)."})
        if outcome != "not-executed":
            conditions = [_condition(desk)] if desk.dice.percent(40) else []
            items.append({"part": desk.enclose("evidence", *conditions), "measure": measure.id})
    return {"measures": measures, "items": items} if measures else None


def _custody_receipt(desk: Desk) -> Body | None:
    unsigned = [each for each in desk.items() if desk.state in each.sent_to and desk.state not in each.signed_for]
    rows: list[JSON] = []
    replied: set[str] = set()
    for item in unsigned:
        waiting = [
            name for name in item.conditions if desk.here.conditions[name].waits_for(desk.state) and name not in replied
        ]
        replied.update(waiting)
        replies = _replied(desk, waiting)
        rows.append({"item": item.id, "sha256": item.sha256, "intact": True, "condition_replies": replies})
    return {"items": rows, "received_on": desk.day} if rows else None


def _return(desk: Desk) -> Body | None:
    held = [each.id for each in desk.items() if desk.state in each.signed_for and desk.state not in each.returned_by]
    return {"items": [{"item": desk.dice.one_of(held)}], "returned_on": desk.day} if held else None


def _return_receipt(desk: Desk) -> Body | None:
    back = [
        each.id
        for each in desk.items()
        if each.sent_by == desk.state and not set(each.returned_by) <= set(each.taken_back_from)
    ]
    return {"items": [{"item": name} for name in back], "received_on": desk.day} if back else None


def _refusal(desk: Desk) -> Body | None:
    if desk.dice.percent(50):
        return None
    consultation = desk.consultation("refusal")
    about = desk.here.consultations.get(consultation)
    if about is None:
        return None
    body: Body = {
        "consultation": consultation,
        "grounds": [
            {
                "id": "mla.ground.essential-interests",
                "instrument": "lhc",
                "provision": desk.step.provision,
                "force": "may",
                "status": "modelled",
            }
        ],
        "reasons": REASONS,
        "alternatives": [{"kind": "postpone", "considered": "Waiting would change nothing."}],
    }
    if desk.here.measures:
        open_to = [each for each in desk.measures() if not about.measures or each.id in about.measures]
        body["measures"] = _named(desk.dice.some_of(open_to))
    if desk.step.choice.having == "offences":
        body["offences"] = ["the second offence"]
    return body


def _postponement(desk: Desk) -> Body | None:
    if not desk.here.measures:
        return {"reason": "Proceedings here come first."}
    consultation = desk.consultation("postponement")
    chosen: list[JSON] = [{"measure": each.id, "reason": "Proceedings here."} for each in desk.measures()[:1]]
    if not consultation:
        return None
    return {"consultation": consultation, "measures": chosen, "reason": "Proceedings here come first."}


def _resumption(desk: Desk) -> Body:
    return {"measures": _named(desk.measures())}


def _withdrawal(desk: Desk) -> Body | None:
    if desk.dice.percent(80):
        return None
    body: Body = {"reason": "It is no longer needed."}
    if desk.step.choice.having == "measures":
        body["measures"] = _named(desk.measures()[:1])
    return body


def _closure(_: Desk) -> Body:
    return {"text": "With thanks; nothing more is asked."}


def _correction(desk: Desk) -> Body | None:
    own = [
        entry.letter
        for entry in desk.docket.entries.values()
        if entry.sender == desk.state and entry.proceeding == desk.here.id and not entry.rule
        if entry.kind != "correction"
    ]
    if not own:
        return None
    change: Body = {"path": "request.request.facts.summary", "value": "As corrected (fictional)."}
    return {"corrects": desk.dice.one_of(own), "changes": [change], "reason": "A slip of the pen."}


def _notice(desk: Desk) -> Body | None:
    events = sorted(desk.here.form.notices)
    return {"event": desk.dice.one_of(events), "text": "For your information."} if events else None


_ENOUGH = 4

GENERAL_MAKERS: Mapping[ActKind, Maker] = {
    ActKind.ACKNOWLEDGEMENT: _acknowledgement,
    ActKind.QUESTIONS: _questions,
    ActKind.ANSWERS: _answers,
    ActKind.SUPPLEMENT: _supplement,
    ActKind.ACCEPTANCE: _acceptance,
    ActKind.PROGRESS: _progress,
    ActKind.CONDITIONS: _conditions,
    ActKind.CONDITIONS_REPLY: _conditions_reply,
    ActKind.CONSULTATION: _consultation,
    ActKind.CONSULTATION_REPLY: _consultation_reply,
    ActKind.ASSURANCE_REQUEST: _assurance_request,
    ActKind.ASSURANCE: _assurance,
    ActKind.CONSENT_REQUEST: _consent_request,
    ActKind.CONSENT: _consent,
    ActKind.STATUS_QUESTION: _status_question,
    ActKind.RESULT: _result,
    ActKind.CUSTODY_RECEIPT: _custody_receipt,
    ActKind.RETURN: _return,
    ActKind.RETURN_RECEIPT: _return_receipt,
    ActKind.REFUSAL: _refusal,
    ActKind.POSTPONEMENT: _postponement,
    ActKind.RESUMPTION: _resumption,
    ActKind.WITHDRAWAL: _withdrawal,
    ActKind.CLOSURE: _closure,
    ActKind.CORRECTION: _correction,
    ActKind.NOTICE: _notice,
}
