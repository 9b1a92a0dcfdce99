"""What needs this officer today, sorted by what happens when nobody does it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from django.db.models import Case as Choose
from django.db.models import Exists, F, Model, OuterRef, Value, When

from dedere.casework.acts import Role
from dedere.node.accounts.models import Officer
from dedere.node.cases.access import cases_of
from dedere.node.cases.models import Assignment, Case, Debt, Draft, Letter, Member, Telling
from dedere.node.desk.attendance import attendance_calls
from dedere.node.desk.protection import protection_calls
from dedere.node.desk.victims import victim_calls
from dedere.node.exchange.models import Alarm, PartnerCard
from dedere.node.office import office
from dedere.node.persons.custody import calls_for

if TYPE_CHECKING:
    from django.db.models import QuerySet

CARD_WARNS = dt.timedelta(days=60)
SHOWN = 50
_WEIGHTS = ("grave", "serious", "notice")
_Row = TypeVar("_Row", bound=Model)


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
    """What waits, the gravest first, at most `SHOWN`; how much waits altogether, and as of when."""

    now: dt.datetime
    concerns: tuple[Concern, ...]
    total: int


@dataclass(frozen=True, slots=True)
class _Waiting:
    """The first of one kind of thing that waits, and how many of it wait."""

    concerns: tuple[Concern, ...]
    total: int


def today(officer: Officer) -> Today:
    """What waits for this officer, in a fixed number of questions to the database, however much that is.

    Each kind is asked for in the order of the page, so that the first of each are enough to know the first of all.
    """
    now = office().clock.now()
    found = [
        _to_take_up(officer),
        _to_approve(officer),
        _sent_back(officer),
        _owed(officer),
        _undelivered(officer),
        _clocks(officer),
        _measures(officer),
        _listed(_cards(officer, now)),
        _listed(_compartment(officer)),
        _listed(_persons(officer)),
    ]
    concerns = [concern for each in found for concern in each.concerns]
    far = dt.date.max
    concerns.sort(key=lambda each: (_WEIGHTS.index(each.weight), each.due or far, each.since or now))
    return Today(now, tuple(concerns[:SHOWN]), sum(each.total for each in found))


_NOTHING = _Waiting((), 0)
_WEIGHT = "weight"  # the place of a row's weight in `_WEIGHTS`, as the queries below annotate it
_BY_DAY = (_WEIGHT, F("due").asc(nulls_last=True))


def _first(found: QuerySet[_Row], made: Callable[[_Row], Concern]) -> _Waiting:
    rows = list(found[:SHOWN])
    return _Waiting(tuple(map(made, rows)), len(rows) if len(rows) < SHOWN else found.count())


def _listed(concerns: Iterable[Concern]) -> _Waiting:
    every = tuple(concerns)
    return _Waiting(every, len(every))


def _to_take_up(officer: Officer) -> _Waiting:
    """Opening letters of cases that nobody has taken up."""
    if not officer.holds(Role.REGISTRAR):
        return _NOTHING
    came = Exists(Letter.objects.filter(case=OuterRef("pk"), recipient=office().state))
    nobodys = Case.objects.filter(~Exists(Member.objects.filter(case=OuterRef("pk"))), came)
    keys = list(nobodys.order_by("opened_at", "pk").values_list("pk", flat=True)[:SHOWN])
    cases = list(Case.objects.filter(pk__in=keys).order_by("opened_at", "pk").defer("state"))
    opening: dict[str, Letter] = {}
    for letter in Letter.objects.filter(recipient=office().state, case__in=cases).defer("act").order_by("sealed_at"):
        opening.setdefault(letter.case_id, letter)
    concerns = tuple(
        Concern(
            kind="register",
            weight="grave",
            subject=opening[case.pk].kind,
            text=case.title,
            partner=opening[case.pk].sender,
            case_id="",
            case_reference=case.reference,
            object_id=opening[case.pk].pk,
            since=opening[case.pk].recorded_at,
        )
        for case in cases
    )
    return _Waiting(concerns, len(cases) if len(cases) < SHOWN else nobodys.count())


def _to_approve(officer: Officer) -> _Waiting:
    """Drafts that wait for this officer's approval."""
    if not officer.holds(Role.APPROVER):
        return _NOTHING
    waiting = _drafts_of(officer).filter(state=Draft.State.SUBMITTED).exclude(author=officer)
    return _first(waiting, lambda draft: _draft_concern(draft, "approve"))


def _sent_back(officer: Officer) -> _Waiting:
    """Drafts of this officer's that came back."""
    back = _drafts_of(officer).filter(state=Draft.State.OPEN, author=officer).exclude(remark="")
    return _first(back, lambda draft: _draft_concern(draft, "sent-back"))


def _drafts_of(officer: Officer) -> QuerySet[Draft]:
    mine = Draft.objects.filter(case__in=cases_of(officer)).select_related("case")
    return mine.defer("body", "paper", "case__state").order_by("changed_at")


def _draft_concern(draft: Draft, kind: str) -> Concern:
    return Concern(
        kind=kind,
        weight="serious",
        subject=draft.kind,
        text=draft.remark or draft.case.title,
        partner=draft.case.partner,
        case_id=draft.case_id,
        case_reference=draft.case.reference,
        object_id=draft.pk,
        since=draft.changed_at,
    )


def _owed(officer: Officer) -> _Waiting:
    """What our side owes in the officer's cases, as the letters stand; an approver who only approves is spared it."""
    if not officer.holds(Role.CASE_OFFICER, Role.REGISTRAR):
        return _NOTHING
    late = When(due__lt=office().clock.now().date(), then=Value(0))
    weight = Choose(late, When(kind="step", then=Value(2)), default=Value(1))
    owed = Debt.objects.filter(case__in=cases_of(officer)).select_related("case").defer("case__state")
    return _first(owed.annotate(weight=weight).order_by(*_BY_DAY, "case__changed_at"), _debt_concern)


def _debt_concern(debt: Debt) -> Concern:
    return Concern(
        kind="owed",
        weight=_weight_of(debt),
        subject=debt.kind,
        text=debt.what,
        partner=debt.case.partner,
        case_id=debt.case_id,
        case_reference=debt.case.reference,
        object_id="",
        since=debt.case.changed_at,
        due=debt.due,
    )


def _weight_of(row: Model) -> str:
    weight: int = getattr(row, _WEIGHT)
    return _WEIGHTS[weight]


def _undelivered(officer: Officer) -> _Waiting:
    """Alarms about letters of the officer's cases."""
    standing = Alarm.objects.filter(ended_at=None, case__in=cases_of(officer).values("pk")).order_by("raised_at")
    alarms = list(standing[:SHOWN])
    references = dict(Case.objects.filter(pk__in={each.case for each in alarms}).values_list("pk", "reference"))
    concerns = tuple(
        Concern(
            kind="undelivered",
            weight="grave",
            subject=alarm.kind,
            text=alarm.sentence,
            partner="",
            case_id=alarm.case,
            case_reference=references[alarm.case],
            object_id=alarm.cause.rpartition(":")[2],
            since=alarm.raised_at,
        )
        for alarm in alarms
    )
    return _Waiting(concerns, len(alarms) if len(alarms) < SHOWN else standing.count())


def _clocks(officer: Officer) -> _Waiting:
    """What the clocks of the officer's cases told, and that still stands."""
    grave = When(stage__in=[Telling.Stage.REACHED, Telling.Stage.ESCALATION], then=Value(0))
    standing = Telling.objects.filter(ended_at=None, case__in=cases_of(officer)).select_related("case")
    weighed = standing.defer("case__state").annotate(weight=Choose(grave, default=Value(1)))
    return _first(weighed.order_by(*_BY_DAY, "told_at"), _clock_concern)


def _clock_concern(told: Telling) -> Concern:
    return Concern(
        kind="clock",
        weight=_weight_of(told),
        subject=told.stage,
        text=told.sentence,
        partner=told.case.partner,
        case_id=told.case_id,
        case_reference=told.case.reference,
        object_id="",
        since=told.told_at,
        due=told.due,
    )


def _measures(officer: Officer) -> _Waiting:
    """Measures given to this officer on which no report was made."""
    late = When(due__lt=office().clock.now().date(), then=Value(0))
    given = Assignment.objects.filter(officer=officer, reported_at=None).select_related("case").defer("case__state")
    weighed = given.annotate(weight=Choose(late, default=Value(1)))
    return _first(weighed.order_by(*_BY_DAY, "assigned_at"), _measure_concern)


def _measure_concern(given: Assignment) -> Concern:
    return Concern(
        kind="assigned",
        weight=_weight_of(given),
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
    for call in calls_for(officer, cases_of(officer).values_list("pk", flat=True)):
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
