"""Guards: what an act needs, each under the name by which `data/*.toml` asks for it.

A guard looks and answers; it changes nothing. Its answer is empty when the act may go on, else one sentence that says
what the act lacks. Its name is the rule under which the refusal is recorded. This file holds the guards that any
proceeding uses; `guards_of_items`, `guards_of_persons` and `guards_of_teams` hold the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from dedere.casework.docket import Situation, text, texts
from dedere.casework.matters import AssuranceStatus, ConditionStatus

if TYPE_CHECKING:
    from collections.abc import Callable

Guard: TypeAlias = "Callable[[Situation], str]"


def request_has_measures(case: Situation) -> str:
    """A request asks for at least one measure, each with its own id."""
    names = [text(row, "id") for row in case.rows("measures")]
    if not names:
        return "A request for assistance needs at least one measure."
    return "" if len(set(names)) == len(names) else "Two measures of the request have the same id."


def names_measures(case: Situation) -> str:
    """The act names the measures it is about, each once, and the proceeding has them."""
    names = case.named_measures()
    if not names:
        return "The act must name the measures it is about."
    if len(set(names)) != len(names):
        return "The act names a measure twice."
    return _unknown_measures(case)


def received_after_sent(case: Situation) -> str:
    """What is said to have been received was not received before it was sent, nor after saying so."""
    received = case.text("received_on")
    if received > case.sealed_on:
        return "The day of receipt lies after the day of the act."
    sent = _first_sending(case)
    return "The day of receipt lies before the day of sending." if sent and received < sent else ""


def reply_date_ahead(case: Situation) -> str:
    """A date for a reply lies after the day of asking."""
    by = case.text("reply_by")
    return "The date for a reply must lie after the day of asking." if by and by <= case.sealed_on else ""


def questions_new(case: Situation) -> str:
    """Questions carry ids that the proceeding has not used."""
    names = [text(row, "id") for row in case.rows("questions")]
    if len(set(names)) != len(names) or any(name in case.proceeding.questions for name in names):
        return "Every question needs an id of its own, not used before in this proceeding."
    return ""


def questions_name_measures(case: Situation) -> str:
    """A question about a measure names one that exists."""
    named = {text(row, "measure") for row in case.rows("questions")} - {""}
    return "" if named <= set(case.proceeding.measures) else "A question names a measure that was never asked for."


def answers_open_questions(case: Situation) -> str:
    """Answers go to open questions of the other side, each once."""
    names = [text(row, "question") for row in case.rows("answers")]
    if len(set(names)) != len(names):
        return "A question is answered twice in one act."
    for name in names:
        question = case.proceeding.questions.get(name)
        if question is None or not question.is_open or question.asked_by == case.sender:
            return f"There is no open question {name} for this State to answer."
    return ""


def consultation_new(case: Situation) -> str:
    """A consultation carries an id that the proceeding has not used."""
    used = case.text("consultation") in case.proceeding.consultations
    return "A consultation needs an id of its own." if used else ""


def consultation_names_measures(case: Situation) -> str:
    """A consultation about measures names such as exist."""
    return _unknown_measures(case)


def consultation_awaits_this_side(case: Situation) -> str:
    """Only the State that was consulted replies, and once."""
    consultation = case.proceeding.consultations.get(case.text("consultation"))
    if consultation is None or not consultation.is_open or consultation.by == case.sender:
        return "There is no consultation that waits for a reply of this State."
    return ""


def consulted_on_refusal(case: Situation) -> str:
    """Consult before refusing: the consultation was answered, or its date passed."""
    return consulted(case, "refusal")


def consulted_on_postponement(case: Situation) -> str:
    """Consult before postponing: the consultation was answered, or its date passed."""
    return consulted(case, "postponement")


def ground_not_barred(case: Situation) -> str:
    """No ground is quoted that the instrument, as read, forbids to use.

    Whether a ground is available on the facts is asked of `treaty` before the act is made (`refusing`); what is
    folded is only what the letter itself quotes, so that both States compute the same.
    """
    for ground in case.rows("grounds"):
        if text(ground, "force") == "not-available" and text(ground, "status") == "read":
            return f"The ground {text(ground, 'id')} may not be used under this instrument."
    return ""


def reasons_given(case: Situation) -> str:
    """A refusal gives reasons of its own, not the title of the ground."""
    reasons = " ".join(case.text("reasons").split())
    titles = {" ".join(text(ground, "title").split()) for ground in case.rows("grounds")}
    if len(reasons) < _SHORTEST_REASONS or reasons in titles:
        return f"A refusal needs reasons in at least {_SHORTEST_REASONS} characters that are not the ground's title."
    return ""


def conditions_new(case: Situation) -> str:
    """Conditions carry ids that the proceeding has not used."""
    names = [text(row, "id") for row in case.rows("conditions")]
    if len(set(names)) != len(names) or any(name in case.proceeding.conditions for name in names):
        return "Every condition needs an id of its own, not used before in this proceeding."
    return ""


def conditions_name_known(case: Situation) -> str:
    """Conditions name measures and items of this proceeding."""
    known = {*case.docket.items, *(part.id for part in case.act.parts)}
    for row in case.rows("conditions"):
        if not set(texts(row, "measures")) <= set(case.proceeding.measures):
            return "A condition names a measure that was never asked for."
        if not set(texts(row, "items")) <= known:
            return "A condition names an item that was never sent."
    return ""


def conditions_on_own_items(case: Situation) -> str:
    """Only the State that sent an item sets conditions on it."""
    for row in case.rows("conditions"):
        held = (case.docket.items.get(name) for name in texts(row, "items"))
        if any(item is not None and item.sent_by != case.sender for item in held):
            return "Only the State that sent an item can set conditions on it."
    return ""


def condition_replies_open(case: Situation) -> str:
    """Replies go to conditions that the other side proposed and that wait, each once."""
    return waiting_conditions(case, [text(row, "condition") for row in case.rows("replies")])


def waiting_conditions(case: Situation, names: list[str]) -> str:
    """Whether all of these conditions wait for a reply of the sender: empty if so."""
    if len(set(names)) != len(names):
        return "A condition is replied to twice in one act."
    for name in names:
        condition = case.proceeding.conditions.get(name)
        if condition is None or not condition.waits_for(case.sender):
            return f"There is no condition {name} that waits for a reply of this State."
    return ""


def no_open_conditions_on_measures(case: Situation) -> str:
    """A measure is not moved while a condition on it waits for a reply."""
    named = set(case.named_measures())
    for condition in case.proceeding.conditions.values():
        if condition.status is ConditionStatus.PROPOSED and named & set(condition.measures):
            return f"The condition {condition.id} on a named measure still waits for a reply."
    return ""


def assurances_new(case: Situation) -> str:
    """Assurances asked for carry ids that the proceeding has not used."""
    names = [text(row, "id") for row in case.rows("assurances")]
    if len(set(names)) != len(names) or any(name in case.proceeding.assurances for name in names):
        return "Every assurance needs an id of its own, not used before in this proceeding."
    return ""


def assurances_answer_request(case: Situation) -> str:
    """Assurances are given or declined as asked, or offered unasked under a new id."""
    given, declined = [text(row, "id") for row in case.rows("given")], case.words("declined")
    names = [*given, *declined]
    if not names or len(set(names)) != len(names):
        return "The act must give or decline assurances, each once."
    for name in names:
        asked = case.proceeding.assurances.get(name)
        offered = asked is None and name in given
        if not offered and (
            asked is None or asked.status is not AssuranceStatus.ASKED or asked.asked_by == case.sender
        ):
            return f"The assurance {name} was not asked of this State, or has been answered."
    return ""


def consent_on_binding_conditions(case: Situation) -> str:
    """Consent is asked to lift conditions that the other side set and that bind."""
    for name in case.words("conditions"):
        condition = case.proceeding.conditions.get(name)
        if condition is None or not condition.binds or condition.set_by == case.sender:
            return f"There is no condition {name} of the other State that binds."
    return ""


def consent_was_asked(case: Situation) -> str:
    """A reply on consent answers a request that waits, about the same conditions."""
    asked = set(case.words("conditions"))
    for question in case.proceeding.consents:
        if not question.granted and question.asked_by != case.sender and set(question.conditions) == asked:
            return ""
    return "No request for consent about these conditions waits for a reply of this State."


def corrects_own_act(case: Situation) -> str:
    """A State corrects acts of its own, in the same proceeding, that had effect."""
    entry = case.docket.entries.get(case.text("corrects"))
    if entry is None or entry.sender != case.sender or entry.proceeding != case.proceeding.id or entry.rule:
        return "A correction must name an act of the same State in this proceeding that had effect."
    return "A correction is not corrected; send another." if entry.kind == "correction" else ""


def corrects_text_only(case: Situation) -> str:
    """A correction changes what was said, never who, which measures, items, conditions, clauses or decisions."""
    for row in case.rows("changes"):
        if text(row, "path").split(".")[0] not in _CORRECTABLE:
            return f"A correction may change {', '.join(sorted(_CORRECTABLE))} only; the rest needs an act of its own."
    return ""


def notice_of_listed_event(case: Situation) -> str:
    """Notice is given of events that the proceeding knows."""
    known = case.text("event") in case.proceeding.form.notices
    return "" if known else f"This proceeding knows no event {case.text('event')[:60]!r}."


def notice_names_known(case: Situation) -> str:
    """Notice names items and measures that exist, and no day to come."""
    if case.text("on") > case.sealed_on:
        return "Notice is given of what has happened; the day lies ahead."
    if not set(case.words("items")) <= set(case.docket.items):
        return "The notice names an item that was never sent."
    return _unknown_measures(case)


def nothing_left_open(case: Situation) -> str:
    """A proceeding is closed when no question, consultation, condition or consent waits for anybody."""
    here = case.proceeding
    if here.unanswered:
        return "A question is still open."
    if any(consultation.is_open for consultation in here.consultations.values()):
        return "A consultation is still open."
    if any(condition.status is ConditionStatus.PROPOSED for condition in here.conditions.values()):
        return "A condition still waits for a reply."
    waits = any(not question.granted for question in here.consents)
    return "A request for consent still waits for a reply." if waits else ""


def _unknown_measures(case: Situation) -> str:
    unknown = [name for name in case.named_measures() if name not in case.proceeding.measures]
    return f"There is no measure {unknown[0]} in this request." if unknown else ""


def _first_sending(case: Situation) -> str:
    entry = case.docket.entries.get(case.proceeding.opened_in)
    return entry.sealed_at[:10] if entry else ""


def consulted(case: Situation, about: str) -> str:
    """Whether this State consulted on it, about these measures, and was answered or waited in vain: empty if so."""
    consultation = case.proceeding.consultations.get(case.text("consultation"))
    if consultation is None or consultation.about != about or consultation.by != case.sender:
        return f"Consult first: there was no consultation of this State on a {about}."
    if consultation.is_open and not "" < consultation.reply_by < case.sealed_on:
        return "Consult first: the other State has not replied, and the date for its reply has not passed."
    if consultation.measures and not set(case.named_measures()) <= set(consultation.measures):
        return "Consult first: the consultation was not about all of these measures."
    return ""


_SHORTEST_REASONS = 40
_CORRECTABLE = frozenset({"request", "text", "note", "reason", "reasons"})

GENERAL_GUARDS: tuple[Guard, ...] = (
    request_has_measures,
    names_measures,
    received_after_sent,
    reply_date_ahead,
    questions_new,
    questions_name_measures,
    answers_open_questions,
    consultation_new,
    consultation_names_measures,
    consultation_awaits_this_side,
    consulted_on_refusal,
    consulted_on_postponement,
    ground_not_barred,
    reasons_given,
    conditions_new,
    conditions_name_known,
    conditions_on_own_items,
    condition_replies_open,
    no_open_conditions_on_measures,
    assurances_new,
    assurances_answer_request,
    consent_on_binding_conditions,
    consent_was_asked,
    corrects_own_act,
    corrects_text_only,
    notice_of_listed_event,
    notice_names_known,
    nothing_left_open,
)
