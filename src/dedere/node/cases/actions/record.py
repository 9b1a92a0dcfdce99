"""The record: letters, sent and received, and the state that follows from them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import prefetch_related_objects

from dedere.casework.acts import ActKind, PartFacts, RecordedAct
from dedere.casework.fold import fold
from dedere.casework.matters import EntryStatus
from dedere.casework.state import CaseState
from dedere.crypto.canonical import canonical_json
from dedere.crypto.digests import sha256_hex
from dedere.node.audit.actions import Happening, record
from dedere.node.cases.listing import note_debts, note_listing
from dedere.node.cases.models import Case, Draft, Letter
from dedere.node.cases.reference import next_reference
from dedere.node.office import office
from dedere.node.persons.actions import note_persons
from dedere.node.search.actions import forget_passage, index_passage
from dedere.treaty.wording import capital
from dedere.treaty.words import RequestKind


@dataclass(frozen=True, slots=True)
class NewLetter:
    """A letter as it is recorded, whichever way it went."""

    identifier: str
    case: str
    sender: str
    recipient: str
    sequence: int
    answers: tuple[tuple[str, str], ...]
    act: Mapping[str, object]
    parts: tuple[Mapping[str, object], ...]
    sealed_at: dt.datetime
    digest: str
    sender_card: str


@transaction.atomic(savepoint=False)
def record_letter(new: NewLetter) -> tuple[Letter, ...]:
    """Add a letter to its case, opening the case when it is new here, and compute the state anew.

    Answers the letters that have effect now and had none before: this one, unless it waits or a rule forbids it, and
    any that had waited for it. Recording the same letter again changes nothing.
    """
    partner = new.recipient if new.sender == office().state else new.sender
    case = _case_for(new, partner)
    if Letter.objects.filter(pk=new.identifier).exists():
        return ()
    before = acts_with_effect(case)
    Letter.objects.create(
        identifier=new.identifier,
        case=case,
        sender=new.sender,
        recipient=new.recipient,
        sequence=new.sequence,
        answers=[list(answer) for answer in new.answers],
        kind=str(new.act["kind"]),
        proceeding=str(new.act["proceeding"]),
        act=dict(new.act),
        parts=[dict(part) for part in new.parts],
        sealed_at=new.sealed_at,
        recorded_at=office().clock.now(),
        digest=new.digest,
        sender_card=new.sender_card,
    )
    index_passage(source=f"letter:{new.identifier}", case=case.pk, content=[new.act["body"], _names_of(new.parts)])
    prefetch_related_objects([case], "letters")  # they are read twice from here on, and do not change
    refold(case)
    effective = tuple(_first_letters(case, acts_with_effect(case) - before))
    for letter in effective:
        note_persons(case=case.pk, act=letter.act)
    return effective


def acts_with_effect(case: Case) -> set[str]:
    """The acts that have effect, by the ids under which the state names them."""
    return {entry["letter"] for entry in case.state.get("timeline", []) if entry["status"] == EntryStatus.APPLIED}


def _first_letters(case: Case, acts: set[str]) -> Iterator[Letter]:
    """One letter for each of these acts: its own, or of its copies the first."""
    letters = {letter.pk: letter for letter in case.letters.all()} if acts else {}
    found: dict[str, str] = {}
    for pk in sorted(letters):
        found.setdefault(as_recorded_act(letters[pk]).circular, pk)
    yield from (letters[found[act]] for act in sorted(acts))


def refold(case: Case) -> CaseState:
    """Compute the case's state from its letters and keep it beside them."""
    state = fold(case.pk, recorded_acts(case))
    plain = state.as_json()
    case.state = plain
    case.record_digest = sha256_hex(canonical_json(plain))
    case.closed = state.closed
    case.clocks_due_at = None
    case.changed_at = office().clock.now()
    note_listing(case, state)
    case.save()
    note_debts(case, state)
    return state


def recorded_acts(case: Case) -> list[RecordedAct]:
    """The case's letters in the form the fold reads."""
    return [as_recorded_act(letter) for letter in case.letters.all()]


def as_recorded_act(letter: Letter) -> RecordedAct:
    """One recorded letter as casework knows it."""
    act = letter.act
    return RecordedAct(
        letter=letter.pk,
        digest=letter.digest,
        case=letter.case_id,
        proceeding=letter.proceeding,
        sender=letter.sender,
        recipient=letter.recipient,
        sequence=letter.sequence,
        answers=tuple((answer[0], answer[1]) for answer in letter.answers),
        sealed_at=letter.sealed_at,
        kind=ActKind(letter.kind),
        officer=act["officer"],
        body=act["body"],
        parts=tuple(
            PartFacts(
                id=part["id"],
                name=part["name"],
                media_type=part["media_type"],
                size=part["size"],
                sha256=part["sha256"],
                conditions=tuple(part["conditions"]),
            )
            for part in letter.parts
        ),
    )


def _names_of(parts: tuple[Mapping[str, object], ...]) -> list[object]:
    return [part.get("name", "") for part in parts]


def mark_sent(draft: Draft, letter: str) -> None:
    """The draft has become this letter."""
    draft.state = Draft.State.SENT
    draft.letter = letter
    draft.changed_at = office().clock.now()
    draft.save(update_fields=["state", "letter", "changed_at"])
    forget_passage(source=draft_source(draft))


def draft_source(draft: Draft) -> str:
    """The name under which the words of a draft are found, until they are those of its letter."""
    return f"draft:{draft.pk}"


def _case_for(new: NewLetter, partner: str) -> Case:
    now = office().clock.now()
    case, opened = Case.objects.get_or_create(
        pk=new.case,
        defaults={
            "partner": partner,
            "reference": lambda: next_reference(partner),  # type: ignore[misc]  # called where the case is new
            "title": title_of(new.act),
            "opened_at": now,
            "changed_at": now,
        },
    )
    if opened:
        record(Happening(actor="system:gateway", action="case-opened", subject=case.pk, case=case.pk))
    return case


def title_of(act: Mapping[str, object]) -> str:
    """What an opening act calls its matter; the kind of act and the sender's reference where it has no title."""
    body = act.get("body")
    tables = body.get("request") if isinstance(body, Mapping) else None
    request = tables.get("request") if isinstance(tables, Mapping) else None
    facts = request if isinstance(request, Mapping) else {}
    title = facts.get("title")
    if isinstance(title, str) and title.strip():
        return title.strip()[:300]
    kind = str(facts.get("kind") or act.get("kind") or "letter")
    phrase = RequestKind(kind).phrase if kind in set(RequestKind) else kind.replace("-", " ")
    return f"{capital(phrase)} {facts.get('reference') or ''}".strip()[:300]
