"""Interviews are noted, and whether there were any is asked of the custodians.

Who was interviewed is found by marks: those of protected persons lie in the blind index (`node.persons.guard`), which
opens with a custodian's key; those of others are made from their names at the moment of the search. Whom a person
resembles is shown to the custodian and kept nowhere; the asker learns what the custodian chooses to say.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction

from dedere.base.errors import InputError
from dedere.casework.acts import Role
from dedere.casework.persons.history import Likeness, likenesses
from dedere.casework.persons.identity import Identity, WrittenName
from dedere.casework.persons.marks import Mark, Meaning, marks_of
from dedere.node.accounts.models import Officer
from dedere.node.accounts.permissions import require_role
from dedere.node.audit.actions import Happening, record
from dedere.node.errors import UnknownObjectError
from dedere.node.office import office
from dedere.node.persons import guard
from dedere.node.persons.actions.custodians import Unlocking, unlock
from dedere.node.persons.actions.identities import open_guard, open_identity, require_sealed
from dedere.node.persons.models import GuardSecret, Inquiry, Interview, Person, SealedIdentity
from dedere.node.persons.refusals import logs_refusals
from dedere.node.persons.standing import Standing

LEAST_REASON = 10
ANSWERS = ("yes", "no", "withheld")
_LONGEST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class NewInterview:
    """An interview that took place: when, by whom, whether it was recorded, why it was not the first."""

    on: dt.date
    by: str
    recorded: bool
    repeat_reason: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who was interviewed and resembles the person asked about; for a custodian's eyes."""

    name: str
    likeness: Likeness
    interviews: tuple[tuple[dt.date, str, bool], ...]


@dataclass(frozen=True, slots=True)
class Searched:
    """What a search found. `unread` are sealed identities that nobody has opened here yet: they were not looked at."""

    own: tuple[tuple[dt.date, str, bool], ...]
    candidates: tuple[Candidate, ...]
    unread: int


@logs_refusals
@transaction.atomic
def note_interview(*, by: Standing, person_id: str, new: NewInterview) -> Interview:
    """Note that a person of the case was interviewed, by whomever.

    Raises:
        InputError: it lies ahead, nobody is named, or there were others before and no reason is given for this one.
        LeakError, GuardLockedError
    """
    require_role(by.officer, Role.CASE_OFFICER, Role.REGISTRAR)
    person = by.person(person_id)
    if not new.by.strip():
        raise InputError("Say who interviewed the person.")
    if new.on > office().clock.now().date():
        raise InputError("An interview that lies ahead is planned as a hearing.")
    texts = {"Who interviewed": new.by, "The reason": new.repeat_reason}
    guard.require_clean(by=by.officer, case=by.case, texts=texts)
    interview = Interview.objects.create(
        identifier=office().identifiers.new(),
        person=person,
        on=new.on,
        by=new.by.strip()[:200],
        recorded=new.recorded,
        repeat_reason=require_repeat_reason(person, new.repeat_reason, before=new.on),
    )
    _log(by.officer, "interview-noted", person, details={"interview": interview.pk})
    return interview


@logs_refusals
@transaction.atomic
def ask_history(*, by: Standing, person_id: str, reason: str, letter: str = "", question: str = "") -> Inquiry:
    """Ask the custodians whether this person was interviewed before, here or in another case.

    Raises:
        InputError: no reason, it waits for an answer already, or this office keeps no identity of a protected person.
        LeakError, GuardLockedError
    """
    person = by.person(person_id)
    if person.protected:
        require_sealed(person)
    if len(reason.strip()) < LEAST_REASON:
        raise InputError("Say why you need to know whether the person was interviewed before.")
    if person.inquiries.filter(answer="", letter=letter, question=question).exists():
        raise InputError("This was asked, and a custodian has not answered yet.")
    if letter and person.inquiries.filter(letter=letter, question=question).exists():
        raise InputError("The custodians answered this question of the other State.")
    guard.require_clean(by=by.officer, case=by.case, texts={"The reason": reason})
    inquiry = Inquiry.objects.create(
        identifier=office().identifiers.new(),
        person=person,
        asker=by.officer,
        reason=reason.strip()[:_LONGEST],
        asked_at=office().clock.now(),
        letter=letter,
        question=question,
    )
    _log(by.officer, "history-asked", person, details={"inquiry": inquiry.pk})
    return inquiry


@logs_refusals
@transaction.atomic
def search_history(*, by: Officer, inquiry_id: str, with_: Unlocking) -> Searched:
    """A custodian who did not ask searches the whole office under their key; the search is logged, its result is not.

    Raises:
        InputError: the custodian asked, or the key is wrong or does not open the identity.
    """
    inquiry = require_waiting(by, inquiry_id)
    key = unlock(by=by, with_=with_)
    person = inquiry.person
    identity = open_identity(require_sealed(person), key) if person.protected else identity_of(person)
    marks = marks_of(identity)
    found: dict[str, Likeness] = {}
    if GuardSecret.objects.exists():
        found |= likenesses(marks, guard.known_marks(open_guard(key))(list(marks)))
    interviewed = Person.objects.filter(interviews__isnull=False).exclude(pk=person.pk).distinct()
    found |= likenesses(marks, _marks_in_clear(interviewed.filter(protected=False)))
    order = list(Likeness)
    candidates = [Candidate(str(each), found[each.pk], _rows(each)) for each in interviewed.filter(pk__in=list(found))]
    inquiry.searched_at = office().clock.now()
    inquiry.save(update_fields=["searched_at"])
    _log(by, "history-searched", person, details={"inquiry": inquiry.pk})
    unread = SealedIdentity.objects.filter(indexed=False).exclude(person=person).count()
    return Searched(_rows(person), tuple(sorted(candidates, key=lambda each: order.index(each.likeness))), unread)


@logs_refusals
@transaction.atomic
def answer_history(*, by: Officer, inquiry_id: str, answer: str, remark: str = "") -> Inquiry:
    """What the custodian chooses to say. The remark is for the asker here and never leaves the house.

    Raises:
        InputError: the custodian asked, it is none of the answers, or yes or no without a search.
        LeakError, GuardLockedError
    """
    inquiry = require_waiting(by, inquiry_id)
    if answer not in ANSWERS:
        raise InputError("Choose one of the answers.")
    if answer != "withheld" and inquiry.searched_at is None:
        raise InputError("Search first: without a search you can only decline to answer.")
    guard.require_clean(by=by, case=inquiry.person.case, texts={"The remark": remark})
    inquiry.answer, inquiry.custodian, inquiry.decided_at = answer, by, office().clock.now()
    inquiry.remark = remark.strip()[:_LONGEST]
    inquiry.save()
    _log(by, "history-answered", inquiry.person, details={"inquiry": inquiry.pk})
    return inquiry


def require_waiting(by: Officer, inquiry_id: str) -> Inquiry:
    """An inquiry that waits for a custodian who did not ask it.

    Raises:
        PermissionRefusedError: `by` is no custodian.
        UnknownObjectError: none waits under this identifier.
        InputError: the custodian asked it.
    """
    require_role(by, Role.CUSTODIAN)
    found = Inquiry.objects.select_related("person", "asker").filter(pk=inquiry_id, answer="").first()
    if found is None:
        raise UnknownObjectError
    if found.asker_id == by.pk:
        raise InputError("You asked this yourself: another custodian answers it.")
    return found


def was_interviewed(person: Person, *, before: dt.date | None = None) -> bool:
    """Whether an interview is known: one of this case, or one of which a custodian, here or there, said yes."""
    known = person.interviews.all() if before is None else person.interviews.filter(on__lt=before)
    return known.exists() or person.inquiries.filter(answer="yes").exists()


def require_repeat_reason(
    person: Person, reason: str, *, before: dt.date | None = None, elsewhere: bool = False
) -> str:
    """The reason for interviewing somebody again, tidied; none is needed the first time. `elsewhere`: another did.

    Raises:
        InputError: the person was interviewed before, and none is given.
    """
    given = reason.strip()[:_LONGEST]
    if len(given) < LEAST_REASON and (elsewhere or was_interviewed(person, before=before)):
        raise InputError("This person was interviewed before: say why it is needed once more.")
    return given


def identity_of(person: Person) -> Identity:
    """What this office knows about an unprotected person: what was written down, otherwise the name as it was given."""
    written = person.details.get("identity")
    if isinstance(written, Mapping):
        return Identity.from_json(written)
    given, _space, family = person.name.strip().rpartition(" ")
    return Identity(names=(WrittenName(family, given),))


def _marks_in_clear(persons: Iterable[Person]) -> Mapping[Mark, Mapping[str, Meaning]]:
    known: dict[Mark, dict[str, Meaning]] = {}
    for person in persons:
        if person.name.strip():
            for mark, meaning in marks_of(identity_of(person)).items():
                known.setdefault(mark, {})[person.pk] = meaning
    return known


def _rows(person: Person) -> tuple[tuple[dt.date, str, bool], ...]:
    return tuple((each.on, each.by, each.recorded) for each in person.interviews.all())


def _log(by: Officer, action: str, person: Person, *, details: Mapping[str, object]) -> None:
    record(Happening(by.identifier, action, subject=person.pk, case=person.case, details=details))
