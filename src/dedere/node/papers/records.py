"""What the office's records say for a document that is no letter's: nobody types off what is kept already.

A list of annexes, a chain of custody and the certificate of a destruction are made from records alone; for every other
document the records are a beginning that an officer completes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.base.errors import InputError
from dedere.casework.acts import ActKind
from dedere.casework.persons.hearings import Plan
from dedere.node.accounts.models import Officer
from dedere.node.cases.access import require_case
from dedere.node.cases.models import Case, Draft
from dedere.node.errors import UnknownObjectError
from dedere.node.evidence.destroying import METHOD
from dedere.node.evidence.ledgers import ledger_of
from dedere.node.evidence.models import Destruction, Item
from dedere.node.evidence.queries import ledger_fault
from dedere.node.papers.models import PaperRequest
from dedere.node.persons.models import Hearing, Person
from dedere.papers.composing.sheets import SheetKind
from dedere.papers.errors import DocumentInputError

if TYPE_CHECKING:
    from django.db.models import QuerySet

LONGEST = 2_000
"""Entries of a list that are printed one by one; a longer one is read in the dossier."""

_ABOUT_PERSONS = (
    SheetKind.CONSENT_DECLARATION,
    SheetKind.HEARING_PROTOCOL,
    SheetKind.INTERVIEW_PLAN,
    SheetKind.SAFE_CONDUCT,
)
_WHOLE = frozenset({SheetKind.ANNEX_LIST, SheetKind.CUSTODY_RECORD, SheetKind.DESTRUCTION_CERTIFICATE})


@dataclass(frozen=True, slots=True)
class Offer:
    """Something in a case that a document can be made about: `about` its identifier, `caption` its own words.

    `act` is the kind of the letter or draft that it is, empty for anything else.
    """

    kind: SheetKind
    about: str
    caption: str = ""
    act: str = ""
    at: dt.datetime | None = None


def is_whole(kind: SheetKind, about: str) -> bool:
    """Whether a document about this is made from records alone, so that nobody types anything."""
    return bool(about) and kind in _WHOLE


def offers(officer: Officer, case_id: str) -> tuple[Offer, ...]:
    """Everything in the case that a document can be made about, newest first.

    Raises:
        UnknownObjectError: the case is not this officer's.
    """
    return tuple(_offers(require_case(officer, case_id)))


def beginning(officer: Officer, case_id: str, kind: SheetKind, about: str) -> dict[str, object]:
    """What the records say for one document, by the members it asks for; `about` as an offer names it.

    Raises:
        UnknownObjectError: the case is not this officer's, or has nothing of this kind there.
        DocumentInputError: it has more entries than a document takes.
    """
    case = require_case(officer, case_id)
    source = _SOURCES.get(kind)
    found = source(case, about) if source is not None else None
    if found is None:
        raise UnknownObjectError
    return _without_blanks(found)


# ---------------------------------------------------------------- what there is


def _offers(case: Case) -> Iterator[Offer]:
    for letter in case.letters.order_by("-sealed_at"):
        if letter.parts:
            yield Offer(SheetKind.ANNEX_LIST, letter.pk, act=letter.kind, at=letter.sealed_at)
        if letter.kind == ActKind.SURRENDER:
            yield Offer(SheetKind.SURRENDER_RECORD, letter.pk, act=letter.kind, at=letter.sealed_at)
    for draft in _drafts(case).exclude(attachments=None).distinct():
        yield Offer(SheetKind.ANNEX_LIST, draft.pk, act=draft.kind, at=draft.changed_at)
    for item in case.items.order_by("-created_at"):
        yield Offer(SheetKind.CUSTODY_RECORD, item.pk, caption=item.title or item.name)
    for done in Destruction.objects.filter(item__case=case, done_at__isnull=False).select_related("item"):
        caption = done.item.title or done.item.name
        yield Offer(SheetKind.DESTRUCTION_CERTIFICATE, done.pk, caption=caption, at=done.done_at)
    for person in Person.objects.filter(case=case.pk).defer("details"):
        yield from (Offer(kind, person.pk, caption=str(person)) for kind in _ABOUT_PERSONS)
    paper = PaperRequest.objects.filter(case=case).first()
    if paper is not None:
        yield Offer(SheetKind.ACKNOWLEDGEMENT, paper.pk, caption=paper.title)


# ---------------------------------------------------------------- what it says


def _annexes(case: Case, about: str) -> dict[str, object] | None:
    """The files of a letter, as its parts name them; those of a draft, as they would leave now."""
    letter = case.letters.filter(pk=about).first()
    if letter is not None:
        return {"letter": letter.pk, "entries": _entries([_annex(part) for part in letter.parts])}
    draft = _drafts(case).filter(pk=about).first()
    if draft is None:
        return None
    attached = draft.attachments.values("name", "title", "media_type", "size", "sha256", "conditions")
    return {"letter": draft.pk, "entries": _entries([_annex(each) for each in attached])}


def _annex(facts: Mapping[str, object]) -> dict[str, object]:
    conditions = facts.get("conditions")
    said = [str(each.get("text", "")) for each in conditions] if isinstance(conditions, list) else []
    return {
        "title": facts.get("title", ""),
        "path": facts["name"],
        "media_type": facts["media_type"],
        "size": str(facts["size"]),
        "sha256": facts["sha256"],
        "conditions": said,
    }


def _custody(case: Case, about: str) -> dict[str, object] | None:
    """Every entry of an item's ledger, verified now; what does not hold is said on the paper, too."""
    item = case.items.filter(pk=about).first()
    if item is None:
        return None
    ledger = ledger_of(item)
    fault, _sound = ledger_fault(ledger)
    steps: list[dict[str, object]] = [
        {
            "sequence": str(each.sequence),
            "event": each.event,
            "at": each.at,
            "by": ", ".join(filter(None, (each.by, each.authority))),
            "place": each.place,
            "note": each.note,
            "signature": each.signature,
            "previous": each.previous,
            "digest": each.digest(),
        }
        for each in ledger
    ]
    return {**_of_item(item), "note": fault, "entries": _entries(steps)}


def _destruction(case: Case, about: str) -> dict[str, object] | None:
    done = Destruction.objects.filter(pk=about, item__case=case, done_at__isnull=False).first()
    if done is None or done.done_at is None:
        return None
    return {
        "items": [_of_item(done.item)],
        "method": METHOD,
        "destroyed_on": done.done_at.date().isoformat(),
        "by": done.ordered_by.name,
        "approved_by": done.approved_by.name if done.approved_by else "",
        "authority": done.authority,
        "reference": done.reference,
    }


def _of_item(item: Item) -> dict[str, object]:
    file = {"name": item.name, "media_type": item.media_type, "size": str(item.size), "sha256": item.sha256}
    return {"title": item.title, **file}


def _about_person(case: Case, about: str) -> dict[str, object] | None:
    """The person as the case knows them: a protected one by alias alone."""
    person = Person.objects.filter(case=case.pk, pk=about).first()
    if person is None:
        return None
    agreed = person.attendances.filter(kind="safe-conduct").order_by("-identifier").first()
    return {"person": _person(person), "purpose": agreed.terms.get("purpose", "") if agreed else ""}


def _person(person: Person) -> dict[str, object]:
    if person.protected:
        return {"name": person.alias}
    nationality = person.details.get("nationality")
    return {"name": person.name, "nationality": nationality[0] if isinstance(nationality, list) and nationality else ""}


def _at_hearing(case: Case, about: str) -> dict[str, object] | None:
    """The person, and when they are heard, where a hearing of theirs is planned or was held."""
    person = Person.objects.filter(case=case.pk, pk=about).first()
    if person is None:
        return None
    hearing = Hearing.objects.filter(person=person).exclude(state="called-off").order_by("-starts_at").first()
    when: dict[str, object] = {}
    if hearing is not None:
        day = hearing.starts_at.date().isoformat()
        when = {"heard_on": day, "planned_on": day}
        when |= {"started": f"{hearing.starts_at:%H:%M} UTC", "ended": f"{hearing.ends_at:%H:%M} UTC"}
        when |= _planned(hearing)
    return {"person": str(person), **when}


def _planned(hearing: Hearing) -> dict[str, object]:
    """What the plan of a hearing arranges; nothing of a plan in a form that this version does not read."""
    try:
        plan = Plan.from_json(hearing.plan)
    except InputError:
        return {}
    present = list(plan.present)
    return {
        "place": plan.place_there or plan.place,
        "mode": plan.mode,
        "technical_test": plan.test_at[:10],
        "participants": present,
        "present": present,
        "language": plan.language,
        "interpreter": plan.interpreter,
    }


def _surrender(case: Case, about: str) -> dict[str, object] | None:
    """What the letter of surrender says; the person, where the case has exactly one who can be surrendered."""
    letter = case.letters.filter(pk=about, kind=ActKind.SURRENDER).first()
    if letter is None:
        return None
    body = letter.act["body"]
    persons = [each for each in Person.objects.filter(case=case.pk) if _SURRENDERED & set(each.roles)]
    return {
        "person": _person(persons[0]) if len(persons) == 1 else {},
        "surrendered_on": body["on"],
        "place": body["place"],
        "detention_days": body["detention_days"],
        "property": _handed_over(case, letter.proceeding),
    }


_SURRENDERED = frozenset({"suspect", "accused", "convicted"})


def _handed_over(case: Case, proceeding: str) -> list[str]:
    letters = case.letters.filter(proceeding=proceeding, kind=ActKind.PROPERTY_HANDOVER)
    rows = [row for letter in letters for row in letter.act["body"].get("property", ())]
    return [str(row.get("description") or row.get("title") or row.get("id")) for row in rows]


def _acknowledgement(case: Case, about: str) -> dict[str, object] | None:
    paper = PaperRequest.objects.filter(case=case, pk=about).first()
    if paper is None:
        return None
    days = {"received_on": paper.received_on.isoformat()}
    return {"title": paper.title, "reference": paper.their_reference, "own_reference": paper.reference, **days}


# ---------------------------------------------------------------- shared


def _drafts(case: Case) -> QuerySet[Draft]:
    return case.drafts.exclude(state__in=[Draft.State.SENT, Draft.State.DISCARDED])


def _entries(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    if len(rows) > LONGEST:
        raise DocumentInputError(
            f"A document lists at most {LONGEST:,} entries, and this has {len(rows):,}: write a dossier."
        )
    return rows


def _without_blanks(value: Mapping[str, object]) -> dict[str, object]:
    return {name: _tidied(member) for name, member in value.items() if member not in ("", [], {}, None)}


def _tidied(member: object) -> object:
    if isinstance(member, Mapping):
        return _without_blanks(member)
    if isinstance(member, list):
        return [_tidied(each) for each in member]
    return member


_SOURCES: Mapping[SheetKind, Callable[[Case, str], dict[str, object] | None]] = {
    SheetKind.ACKNOWLEDGEMENT: _acknowledgement,
    SheetKind.ANNEX_LIST: _annexes,
    SheetKind.CONSENT_DECLARATION: _about_person,
    SheetKind.CUSTODY_RECORD: _custody,
    SheetKind.DESTRUCTION_CERTIFICATE: _destruction,
    SheetKind.HEARING_PROTOCOL: _at_hearing,
    SheetKind.INTERVIEW_PLAN: _at_hearing,
    SheetKind.SAFE_CONDUCT: _about_person,
    SheetKind.SURRENDER_RECORD: _surrender,
}
