"""Effects: what an act that may go on does to the docket, each under the name by which `data/*.toml` asks for it.

An effect trusts that the guards let the act through. It replaces frozen matters and forgets none. This file holds the
effects that any proceeding uses; `effects_of_persons` and `effects_of_teams` hold the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from dedere.casework.docket import Situation, text, texts
from dedere.casework.guards_of_items import listed_items, objects
from dedere.casework.matters import (
    Assurance,
    AssuranceStatus,
    Condition,
    ConditionStatus,
    ConsentQuestion,
    Consultation,
    Event,
    Item,
    Measure,
    Question,
    Refusal,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dedere.casework.acts import JSON, JSONObject
    from dedere.casework.transitions import Raise

Effect: TypeAlias = "Callable[[Situation], None]"
MeasureEffect: TypeAlias = "Callable[[Measure, Mapping[str, object]], Measure]"


def record_request(case: Situation) -> None:
    """Keep what was asked."""
    request = case.act.body.get("request")
    case.proceeding.request = dict(request) if isinstance(request, dict) else {}


def open_measures(case: Situation) -> None:
    """Every measure asked for begins its own life."""
    for row in case.rows("measures"):
        name = text(row, "id")
        case.proceeding.measures[name] = Measure(
            id=name,
            kind=text(row, "kind"),
            title=text(row, "title"),
            status=next(iter(case.proceeding.form.measure_states)),
            letter=case.key,
            deadline=text(row, "deadline"),
        )


def record_reference(case: Situation) -> None:
    """The State's own reference stands beside the shared one."""
    case.proceeding.references[case.sender] = case.text("own_reference")


def open_questions(case: Situation) -> None:
    """Questions wait for answers, one by one."""
    for row in case.rows("questions"):
        name = text(row, "id")
        case.proceeding.questions[name] = Question(
            id=name,
            text=text(row, "text"),
            asked_by=case.sender,
            letter=case.key,
            asked_at=case.sealed_at,
            measure=text(row, "measure"),
            field=text(row, "field"),
            provision=text(row, "provision"),
            answer_by=text(row, "answer_by"),
        )
        case.proceeding.unanswered[name] = case.sender
    if case.rows("questions") and case.sender == case.proceeding.state_with("requested"):
        raise_event(case, "supplement.requested", on=case.sealed_on)


def close_questions(case: Situation) -> None:
    """Answers stand beside their questions."""
    questions = case.proceeding.questions
    for row in case.rows("answers"):
        name = text(row, "question")
        questions[name] = replace(questions[name], answer=text(row, "text"), answered_in=case.key)
        del case.proceeding.unanswered[name]
    owes_more = any(asked_by != case.sender for asked_by in case.proceeding.unanswered.values())
    if not owes_more and case.sender == case.proceeding.state_with("requesting"):
        raise_event(case, "supplement.received", on=case.sealed_on)


def drop_questions(case: Situation) -> None:
    """Nobody need answer any more."""
    for name in case.proceeding.unanswered:
        case.proceeding.questions[name] = replace(case.proceeding.questions[name], dropped=True)
    case.proceeding.unanswered.clear()


def open_consultation(case: Situation) -> None:
    """A consultation waits for a reply."""
    name = case.text("consultation")
    case.proceeding.consultations[name] = Consultation(
        id=name,
        about=case.text("about"),
        by=case.sender,
        text=case.text("text"),
        letter=case.key,
        opened_on=case.sealed_on,
        measures=case.words("measures"),
        reply_by=case.text("reply_by"),
    )


def close_consultation(case: Situation) -> None:
    """The reply stands beside the consultation."""
    name = case.text("consultation")
    held = case.proceeding.consultations[name]
    case.proceeding.consultations[name] = replace(held, reply=case.text("text"), replied_in=case.key)


def propose_conditions(case: Situation) -> None:
    """Conditions wait for a reply each, and cling to the items they name."""
    for row in case.rows("conditions"):
        add_condition(case, row)
        for item in texts(row, "items"):
            held = case.docket.items[item]
            case.docket.items[item] = replace(held, conditions=(*held.conditions, text(row, "id")))


def add_condition(case: Situation, row: Mapping[str, object]) -> None:
    """One condition, proposed by the sender."""
    name = text(row, "id")
    case.proceeding.conditions[name] = Condition(
        id=name,
        kind=text(row, "kind"),
        text=text(row, "text"),
        set_by=case.sender,
        status=ConditionStatus.PROPOSED,
        letter=case.key,
        purposes=texts(row, "purposes"),
        states=texts(row, "states"),
        by=text(row, "by"),
        provision=text(row, "provision"),
        items=texts(row, "items"),
        measures=texts(row, "measures"),
    )


def reply_to_conditions(case: Situation) -> None:
    """Each condition is accepted or declined on its own."""
    reply_to(case, case.rows("replies"))


def reply_to(case: Situation, replies: Sequence[JSONObject]) -> None:
    """Note accepted and declined conditions. One is accepted when every other State of the proceeding accepts it."""
    for reply in replies:
        held = case.proceeding.conditions[text(reply, "condition")]
        accepted_by, status = held.accepted_by, ConditionStatus.DECLINED
        if reply.get("accepted") is True:
            accepted_by = tuple(sorted((*held.accepted_by, case.sender)))
            everybody = set(case.proceeding.others(held.set_by)) <= set(accepted_by)
            status = ConditionStatus.ACCEPTED if everybody else ConditionStatus.PROPOSED
        case.proceeding.conditions[held.id] = replace(held, status=status, accepted_by=accepted_by, replied_in=case.key)
    if any(reply.get("accepted") is True for reply in replies):
        raise_event(case, "conditions.accepted", on=case.sealed_on)


def ask_assurances(case: Situation) -> None:
    """Assurances wait to be given or declined."""
    for row in case.rows("assurances"):
        _set_assurance(case, row, status=AssuranceStatus.ASKED)


def give_assurances(case: Situation) -> None:
    """Assurances are given, also unasked, or declined."""
    held = case.proceeding.assurances
    for row in case.rows("given"):
        name = text(row, "id")
        if name in held:
            held[name] = replace(held[name], text=text(row, "text"), status=AssuranceStatus.GIVEN)
        else:
            _set_assurance(case, row, status=AssuranceStatus.GIVEN)
    for name in case.words("declined"):
        held[name] = replace(held[name], status=AssuranceStatus.DECLINED)
    for name in (*(text(row, "id") for row in case.rows("given")), *case.words("declined")):
        held[name] = replace(held[name], given_by=case.sender, authority=case.text("authority"), replied_in=case.key)


def ask_consent(case: Situation) -> None:
    """A request to lift conditions waits for a reply; wanting another use is an event of the law."""
    case.proceeding.consents.append(
        ConsentQuestion(
            letter=case.key,
            asked_by=case.sender,
            conditions=case.words("conditions"),
            use=case.text("use"),
            reply_by=case.text("reply_by"),
        )
    )
    raise_event(case, "evidence.other-use-wanted", on=case.sealed_on)


def reply_consent(case: Situation) -> None:
    """Consent lifts the conditions it was asked about; without consent they stay."""
    granted = case.act.body.get("granted") is True
    asked = set(case.words("conditions"))
    place, question = next(
        (place, each)
        for place, each in enumerate(case.proceeding.consents)
        if not each.granted and each.asked_by != case.sender and set(each.conditions) == asked
    )
    answered = replace(question, granted="yes" if granted else "no", replied_in=case.key)
    case.proceeding.consents[place] = answered
    for name in sorted(asked) if granted else ():
        condition = case.proceeding.conditions[name]
        case.proceeding.conditions[name] = replace(condition, status=ConditionStatus.LIFTED, replied_in=case.key)


def ask_status(case: Situation) -> None:
    """The other side owes news."""
    case.proceeding.status_asked = case.key


def answer_status(case: Situation) -> None:
    """News was given."""
    case.proceeding.status_asked = ""


def send_items(case: Situation) -> None:
    """The parts of the letter become items with their conditions."""
    parts = {part.id: part for part in case.act.parts}
    for row in listed_items(case):
        part = parts[text(row, "part")]
        for raw in part.conditions:
            if text(raw, "id") not in case.proceeding.conditions:
                add_condition(case, raw)
        case.docket.items[part.id] = Item(
            id=part.id,
            name=part.name,
            media_type=part.media_type,
            size=part.size,
            sha256=part.sha256,
            proceeding=case.proceeding.id,
            letter=case.key,
            sent_by=case.sender,
            sent_to=case.proceeding.others(case.sender),
            description=text(row, "description"),
            measure=text(row, "measure"),
            conditions=tuple(text(raw, "id") for raw in part.conditions),
            derived_from=texts(row, "derived_from"),
        )


def receive_items(case: Situation) -> None:
    """Items are signed for, with replies to their conditions."""
    for row in case.rows("items"):
        item = case.docket.items[text(row, "item")]
        damaged = item.damaged_for if row.get("intact") is True else (*item.damaged_for, case.sender)
        case.docket.items[item.id] = replace(item, signed_for=(*item.signed_for, case.sender), damaged_for=damaged)
    reply_to(case, [reply for row in case.rows("items") for reply in objects(row, "condition_replies")])


def return_items(case: Situation) -> None:
    """Items are on their way back."""
    for row in case.rows("items"):
        item = case.docket.items[text(row, "item")]
        case.docket.items[item.id] = replace(item, returned_by=(*item.returned_by, case.sender), returned_in=case.key)


def receive_return(case: Situation) -> None:
    """Items are back where they came from."""
    for row in case.rows("items"):
        item = case.docket.items[text(row, "item")]
        case.docket.items[item.id] = replace(item, taken_back_from=item.returned_by)


def record_refusal(case: Situation) -> None:
    """The refusal is kept whole: grounds as quoted, reasons, and what was considered instead."""
    case.proceeding.refusals.append(
        Refusal(
            letter=case.key,
            by=case.sender,
            measures=case.named_measures(),
            offences=case.words("offences"),
            consultation=case.text("consultation"),
            grounds=tuple(case.rows("grounds")),
            reasons=case.text("reasons"),
            alternatives=tuple(case.rows("alternatives")),
        )
    )


def withdraw_open_measures(case: Situation) -> None:
    """What was asked for and not yet answered is no longer wanted."""
    for name, measure in case.proceeding.measures.items():
        if not case.proceeding.form.measure_states[measure.status].final:
            case.proceeding.measures[name] = replace(measure, status="withdrawn", letter=case.key)


def record_notice(case: Situation) -> None:
    """What happened, and when, counts for the law."""
    raise_event(case, case.text("event"), on=case.text("on") or case.sealed_on)


def correct(case: Situation) -> None:
    """The corrected act points to its correction; what was asked for is read as corrected."""
    docket, key = case.docket, case.text("corrects")
    entry = docket.entries[key]
    docket.entries[key] = replace(entry, corrected_by=(*entry.corrected_by, case.key))
    if key == case.proceeding.opened_in:
        for row in case.rows("changes"):
            path = text(row, "path").split(".")
            if path[0] == "request":
                case.proceeding.request = _changed(case.proceeding.request, path[1:], row.get("value"))


def note_authority(measure: Measure, row: Mapping[str, object]) -> Measure:
    """Who carries the measure out, as far as the requested State says."""
    return replace(measure, authority=text(row, "authority"), expected_on=text(row, "expected_on"), postponed_until="")


def note_expected(measure: Measure, row: Mapping[str, object]) -> Measure:
    """When a result may be expected."""
    return replace(measure, expected_on=text(row, "expected_on") or measure.expected_on)


def note_result(measure: Measure, row: Mapping[str, object]) -> Measure:
    """What came of it."""
    return replace(measure, result=text(row, "text"), carried_out_on=text(row, "carried_out_on"))


def note_postponed(measure: Measure, row: Mapping[str, object]) -> Measure:
    """Until when it waits, if that is known."""
    return replace(measure, postponed_until=text(row, "until"))


def raise_events(case: Situation, raised: tuple[Raise, ...], row: Mapping[str, object]) -> None:
    """The events of a step, dated as the step says."""
    for each in raised:
        raise_event(case, each.event, on=text(row, each.date_field) or case.sealed_on)


def raise_event(case: Situation, event: str, *, on: str) -> None:
    """Something the law counts from has happened on that day."""
    case.proceeding.events.append(Event(event=event, on=on, at=case.sealed_at, by=case.sender, letter=case.key))


def _set_assurance(case: Situation, row: JSONObject, *, status: AssuranceStatus) -> None:
    case.proceeding.assurances[text(row, "id")] = Assurance(
        id=text(row, "id"),
        kind=text(row, "kind"),
        text=text(row, "text"),
        status=status,
        asked_by=case.sender,
        letter=case.key,
        provision=text(row, "provision"),
    )


def _changed(value: JSON, path: list[str], new: JSON) -> dict[str, JSON]:
    """`value` with what stands at `path` replaced; missing tables are made."""
    table: dict[str, JSON] = dict(value) if isinstance(value, Mapping) else {}
    if not path:
        return dict(new) if isinstance(new, Mapping) else table
    table[path[0]] = new if len(path) == 1 else _changed(table.get(path[0]), path[1:], new)
    return table


GENERAL_EFFECTS: tuple[Effect, ...] = (
    record_request,
    open_measures,
    record_reference,
    open_questions,
    close_questions,
    drop_questions,
    open_consultation,
    close_consultation,
    propose_conditions,
    reply_to_conditions,
    ask_assurances,
    give_assurances,
    ask_consent,
    reply_consent,
    ask_status,
    answer_status,
    send_items,
    receive_items,
    return_items,
    receive_return,
    record_refusal,
    withdraw_open_measures,
    record_notice,
    correct,
)

MEASURE_EFFECTS: tuple[MeasureEffect, ...] = (note_authority, note_expected, note_result, note_postponed)
