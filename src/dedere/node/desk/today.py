"""What needs this officer today, sorted by what happens when nobody does it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.casework.acts import Role
from dedere.node.accounts.models import Officer
from dedere.node.cases.access import cases_of
from dedere.node.cases.models import Assignment, Case, Draft, Letter, Telling
from dedere.node.desk.attendance import attendance_calls
from dedere.node.desk.protection import protection_calls
from dedere.node.desk.recorded import tables, text
from dedere.node.desk.victims import victim_calls
from dedere.node.exchange.models import Alarm, PartnerCard
from dedere.node.office import office
from dedere.node.persons.custody import calls_for

if TYPE_CHECKING:
    from django.db.models import QuerySet

CARD_WARNS = dt.timedelta(days=60)
_WEIGHTS = ("grave", "serious", "notice")


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing that waits for the officer.

    `kind` says what it is, `subject` what it is about (an act, a measure); `text` is free text of the case where there
    is one; `object_id` is what the page opens.
    """

    kind: str
    weight: str
    subject: str
    text: str
    partner: str
    case_id: str
    case_reference: str
    object_id: str
    since: dt.datetime | None = None
    due: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Today:
    """Everything that waits, and as of when."""

    now: dt.datetime
    concerns: tuple[Concern, ...]


def today(officer: Officer) -> Today:
    """What waits for this officer, in a fixed number of questions to the database."""
    now = office().clock.now()
    found = [
        *_to_take_up(officer),
        *_drafts(officer),
        *_owed(officer),
        *_undelivered(officer),
        *_clocks(officer),
        *_measures(officer),
        *_cards(officer, now),
        *_compartment(officer),
        *_persons(officer),
    ]
    far = dt.date.max
    found.sort(key=lambda each: (_WEIGHTS.index(each.weight), each.due or far, each.since or now))
    return Today(now, tuple(found))


def _to_take_up(officer: Officer) -> Iterator[Concern]:
    """Opening letters of cases that nobody has taken up."""
    if not officer.holds(Role.REGISTRAR):
        return
    waiting = Letter.objects.filter(recipient=office().state, case__members=None).select_related("case")
    seen: set[str] = set()
    for letter in waiting.order_by("sealed_at"):
        if letter.case_id not in seen:
            seen.add(letter.case_id)
            yield Concern(
                kind="register",
                weight="grave",
                subject=letter.kind,
                text=letter.case.title,
                partner=letter.sender,
                case_id="",
                case_reference=letter.case.reference,
                object_id=letter.pk,
                since=letter.recorded_at,
            )


def _drafts(officer: Officer) -> Iterator[Concern]:
    """Drafts that wait for this officer's approval, and drafts of theirs that came back."""
    mine = Draft.objects.filter(case__in=cases_of(officer)).select_related("case").defer("body")
    for draft in (
        mine.filter(state=Draft.State.SUBMITTED).exclude(author=officer) if officer.holds(Role.APPROVER) else ()
    ):
        yield _draft_concern(draft, "approve", "serious")
    for draft in mine.filter(state=Draft.State.OPEN, author=officer).exclude(remark=""):
        yield _draft_concern(draft, "sent-back", "serious")


def _draft_concern(draft: Draft, kind: str, weight: str) -> Concern:
    return Concern(
        kind=kind,
        weight=weight,
        subject=draft.kind,
        text=draft.remark or draft.case.title,
        partner=draft.case.partner,
        case_id=draft.case_id,
        case_reference=draft.case.reference,
        object_id=draft.pk,
        since=draft.changed_at,
    )


def _owed(officer: Officer) -> Iterator[Concern]:
    """What our side owes in the officer's cases, as the letters stand; an approver who only approves is spared it."""
    if not officer.holds(Role.CASE_OFFICER, Role.REGISTRAR):
        return
    today_here = office().clock.now().date()
    for case in _with_debts(cases_of(officer)):
        for owed in tables(case.state, "owed"):
            if text(owed, "state") != office().state:
                continue
            by = text(owed, "by")
            due = dt.date.fromisoformat(by) if by else None
            late = due is not None and due < today_here
            yield Concern(
                kind="owed",
                weight="grave" if late else "serious" if text(owed, "kind") != "step" else "notice",
                subject=text(owed, "kind"),
                text=text(owed, "what"),
                partner=case.partner,
                case_id=case.pk,
                case_reference=case.reference,
                object_id="",
                since=case.changed_at,
                due=due,
            )


def _with_debts(mine: QuerySet[Case]) -> QuerySet[Case]:
    return mine.exclude(closed=True).filter(state__owed__0__isnull=False)


def _undelivered(officer: Officer) -> Iterator[Concern]:
    """Alarms about letters of the officer's cases."""
    mine = dict(cases_of(officer).values_list("pk", "reference"))
    for alarm in Alarm.objects.filter(ended_at=None, case__in=list(mine)):
        yield Concern(
            kind="undelivered",
            weight="grave",
            subject=alarm.kind,
            text=alarm.sentence,
            partner="",
            case_id=alarm.case,
            case_reference=mine[alarm.case],
            object_id=alarm.cause.rpartition(":")[2],
            since=alarm.raised_at,
        )


def _clocks(officer: Officer) -> Iterator[Concern]:
    """What the clocks of the officer's cases told, and that still stands."""
    grave = {Telling.Stage.REACHED.value, Telling.Stage.ESCALATION.value}
    standing = Telling.objects.filter(ended_at=None, case__in=cases_of(officer)).select_related("case")
    for told in standing.order_by("told_at"):
        yield Concern(
            kind="clock",
            weight="grave" if told.stage in grave else "serious",
            subject=told.stage,
            text=told.sentence,
            partner=told.case.partner,
            case_id=told.case_id,
            case_reference=told.case.reference,
            object_id="",
            since=told.told_at,
            due=told.due,
        )


def _measures(officer: Officer) -> Iterator[Concern]:
    """Measures given to this officer, and reports on measures of the officer's cases that no letter has answered."""
    today_here = office().clock.now().date()
    for given in Assignment.objects.filter(officer=officer, reported_at=None).select_related("case"):
        late = given.due is not None and given.due < today_here
        yield Concern(
            kind="assigned",
            weight="grave" if late else "serious",
            subject=given.measure,
            text=given.instructions or given.authority,
            partner=given.case.partner,
            case_id="",
            case_reference=given.case.reference,
            object_id=given.pk,
            since=given.assigned_at,
            due=given.due,
        )


_COMPARTMENT_WEIGHTS = {
    "glass-broken": "grave",
    "guard-locked": "grave",
    "look-asked": "serious",
    "journey-asked": "serious",
    "history-asked": "serious",
    "key-waiting": "serious",
    "look-granted": "serious",
    "identity-unread": "serious",
    "rehearsal-due": "notice",
}


def _compartment(officer: Officer) -> Iterator[Concern]:
    """What waits around protected identities; by alias, without the case, since a custodian has no part in it."""
    for call in calls_for(officer, [str(pk) for pk in cases_of(officer).values_list("pk", flat=True)]):
        yield Concern(
            kind=call.kind,
            weight=_COMPARTMENT_WEIGHTS[call.kind],
            subject=call.kind,
            text=call.alias,
            partner="",
            case_id="",
            case_reference="",
            object_id=call.object_id,
            since=call.since,
        )


def _persons(officer: Officer) -> Iterator[Concern]:
    """What is due for persons of the officer's cases: reviews, measures to put, ends of presences, victims to tell."""
    if not officer.holds(Role.CASE_OFFICER, Role.REGISTRAR):
        return
    for call in (*protection_calls(officer), *attendance_calls(officer), *victim_calls(officer)):
        yield Concern(
            kind=call.kind,
            weight=call.weight,
            subject=call.kind,
            text=call.name,
            partner=call.partner,
            case_id=call.case_id,
            case_reference=call.case_reference,
            object_id=call.person_id,
            due=call.due,
        )


def _cards(officer: Officer, now: dt.datetime) -> Iterator[Concern]:
    """Cards of partners that end soon; told to administrators."""
    if not officer.holds(Role.ADMINISTRATOR):
        return
    newest = {card.state: card for card in PartnerCard.objects.order_by("state", "serial").defer("container")}
    for card in newest.values():
        if card.valid_until - now < CARD_WARNS:
            yield Concern(
                kind="card-expiry",
                weight="grave" if card.valid_until < now else "serious",
                subject="card",
                text=card.name,
                partner=card.state,
                case_id="",
                case_reference="",
                object_id=card.state,
                due=card.valid_until.date(),
            )
