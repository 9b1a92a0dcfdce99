"""Whether a person was interviewed before, asked of another State and answered to it.

The question is an act like any other (`questions`), told by its field; who is meant goes sealed to the other State's
custodians (`exchange.journeys`) where it did not go with the request. There a custodian searches under their own key
and chooses what is said: yes, no, or that nothing is said. The answering act is written from that choice alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db import transaction

from dedere.base.errors import InputError
from dedere.node.accounts.models import Officer
from dedere.node.cases.access import require_case, standing
from dedere.node.cases.models import Case, Draft
from dedere.node.errors import UnknownObjectError
from dedere.node.evidence.actions import propose_act
from dedere.node.office import office
from dedere.node.persons.actions import interviews
from dedere.node.persons.models import Inquiry, Person
from dedere.node.persons.refusals import logs_refusals

FIELD = "interview-history"
QUESTION = (
    "Was the person known in this case as {alias} ({reference}) interviewed before by an authority of your State? "
    "A custodian may decline to answer."
)
SENTENCES: Mapping[str, str] = {
    "yes": "Yes.",
    "no": "No interview is known to this authority.",
    "withheld": "This authority neither confirms nor denies it.",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a State about a person's interviews. `answer` is empty until there is one."""

    letter: str
    question: str
    ours: bool
    answer: str


@logs_refusals
@transaction.atomic
def ask_partner(*, by: Officer, case_id: str, person_id: str) -> Draft:
    """Draft the question to the other State, in the proceeding whose request names the person.

    Raises:
        UnknownObjectError: the case is not this officer's, or has no such person.
        InputError: no request of the case names the person, or it was asked and is not answered yet.
        ActRefusedError: the procedure does not allow a question now.
    """
    person = standing(by, case_id).person(person_id)
    case = require_case(by, case_id)
    if any(each.ours and not each.answer for each in questions_about(case, person)):
        raise InputError("The other State was asked, and has not answered yet.")
    question = {
        "id": office().identifiers.new(),
        "text": QUESTION.format(alias=str(person), reference=person.reference),
        "field": f"{FIELD}.{person.reference}",
    }
    return propose_act(
        by=by,
        case_id=case_id,
        proceeding=_proceeding_about(case, person),
        kind="questions",
        body={"questions": [question]},
    )


@logs_refusals
@transaction.atomic
def put_to_custodians(*, by: Officer, case_id: str, person_id: str, letter_id: str, question: str) -> Inquiry:
    """Put the other State's question to our custodians.

    Raises:
        UnknownObjectError: the other State asked no such thing.
    """
    who = standing(by, case_id)
    asked = questions_about(require_case(by, case_id), who.person(person_id))
    if not any((each.letter, each.question, each.ours) == (letter_id, question, False) for each in asked):
        raise UnknownObjectError
    return interviews.ask_history(
        by=who,
        person_id=person_id,
        reason="The other State asks whether this person was interviewed before.",
        letter=letter_id,
        question=question,
    )


@logs_refusals
@transaction.atomic
def answer_inquiry(*, by: Officer, inquiry_id: str, answer: str, remark: str = "") -> Draft | None:
    """A custodian answers; where the other State asked, the act that says so and nothing else is drafted for the asker.

    Raises:
        InputError: what `answer_history` refuses.
        ActRefusedError: the question is answered already.
    """
    inquiry = interviews.answer_history(by=by, inquiry_id=inquiry_id, answer=answer, remark=remark)
    if not inquiry.letter:
        return None
    letter = require_case(inquiry.asker, inquiry.person.case).letters.get(pk=inquiry.letter)
    said = {"question": inquiry.question, "text": SENTENCES[answer], "values": {FIELD: answer}}
    return propose_act(
        by=inquiry.asker,
        case_id=inquiry.person.case,
        proceeding=letter.proceeding,
        kind="answers",
        body={"answers": [said]},
    )


def questions_about(case: Case, person: Person) -> tuple[Asked, ...]:
    """What either State asked the other about a person's interviews, and what was answered; by the letters alone."""
    answers = {
        str(row.get("question")): str(values.get(FIELD, ""))
        for letter in case.letters.filter(kind="answers")
        for row in _rows(letter.act, "answers")
        if isinstance(values := row.get("values"), Mapping)
    }
    wanted = f"{FIELD}.{person.reference}"
    return tuple(
        Asked(letter.pk, str(row["id"]), letter.sender == office().state, answers.get(str(row["id"]), ""))
        for letter in case.letters.filter(kind="questions")
        for row in _rows(letter.act, "questions")
        if row.get("field") == wanted
    )


def _rows(act: Mapping[str, object], name: str) -> Iterator[Mapping[str, object]]:
    body = act.get("body")
    rows = body.get(name) if isinstance(body, Mapping) else None
    yield from (row for row in (rows if isinstance(rows, list) else ()) if isinstance(row, Mapping))


def _proceeding_about(case: Case, person: Person) -> str:
    """The proceeding whose request names the person."""
    for letter in case.letters.filter(kind="request"):
        if person.reference in _named(letter.act):
            return str(letter.proceeding)
    raise InputError("No request of this case names the person: the other State could not know who is meant.")


def _named(act: Mapping[str, object]) -> frozenset[str]:
    found: object = act.get("body")
    for name in ("request", "request", "persons"):
        found = found.get(name) if isinstance(found, Mapping) else None
    rows = found if isinstance(found, (list, tuple)) else ()
    return frozenset(str(row.get("id")) for row in rows if isinstance(row, Mapping))
