"""What a victim wants to hear, what they are to be told, what they claim and from which property it might be paid."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from dedere.casework.persons.victims import (
    CLAIM_FOLLOWS,
    Channel,
    ClaimStage,
    News,
    is_about_property,
    to_tell,
)
from dedere.node.accounts.models import Officer
from dedere.node.cases.access import cases_of, require_case
from dedere.node.cases.models import Case
from dedere.node.desk.protection import MOST_CALLS, PersonCall, call_for, require_person
from dedere.node.desk.recorded import proceedings, tables, text
from dedere.node.errors import UnknownObjectError
from dedere.node.persons.models import Claim, Told, VictimWishes


@dataclass(frozen=True, slots=True)
class WishesRow:
    """What a victim wants."""

    channel: str
    language: str
    through: str
    topics: tuple[str, ...]
    part: str


@dataclass(frozen=True, slots=True)
class ToldRow:
    """A victim was told of an event, or could not be reached."""

    event: str
    happened_on: dt.date
    on: dt.date
    reached: bool
    note: str


@dataclass(frozen=True, slots=True)
class Asset:
    """A measure of the case on property: what a claim might be paid from. `key` is `PROCEEDING/MEASURE`."""

    key: str
    kind: str
    description: str
    stage: str


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One claim with the property it might be paid from."""

    id: str
    form: str
    amount: Decimal | None
    currency: str
    text: str
    stage: str
    made_on: dt.date
    stepped_on: dt.date | None
    assets: tuple[Asset, ...]
    following: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VictimView:
    """Everything about one victim. `wishes` is None while nobody asked them; claims can name the `known_assets`."""

    wishes: WishesRow | None
    to_tell: tuple[News, ...]
    told: tuple[ToldRow, ...]
    claims: tuple[ClaimRow, ...]
    known_assets: tuple[Asset, ...]


def victim_view(officer: Officer, case_id: str, person_id: str) -> VictimView:
    """One victim of the case.

    Raises:
        UnknownObjectError: the case is not this officer's, has no such person, or the person is no victim.
    """
    case = require_case(officer, case_id)
    person = require_person(case, person_id)
    if "victim" not in person.roles:
        raise UnknownObjectError
    wishes = VictimWishes.objects.filter(person=person).first()
    assets = _assets(case)
    return VictimView(
        wishes=None if wishes is None else _wishes_row(wishes),
        to_tell=_to_tell(case, wishes, _told_of([person.pk])),
        told=tuple(_told_row(each) for each in person.told.order_by("-on", "-identifier")),
        claims=tuple(_claim_row(each, assets) for each in person.claims.all()),
        known_assets=assets,
    )


def victim_calls(officer: Officer) -> Iterator[PersonCall]:
    """Victims who are to be told of something that happened in one of the officer's cases."""
    wanting = VictimWishes.objects.exclude(informed_of=[]).exclude(channel=Channel.NOT_AT_ALL.value)
    concerned = list(
        wanting.filter(person__case__in=cases_of(officer).values("pk"))
        .select_related("person")
        .order_by("-changed_at")[:MOST_CALLS]
    )
    cases = Case.objects.in_bulk({wishes.person.case for wishes in concerned})
    told = _told_of([wishes.person_id for wishes in concerned])
    for wishes in concerned:
        case = cases[wishes.person.case]
        if news := _to_tell(case, wishes, told):
            yield call_for("victim-to-tell", "serious", wishes.person, case, due=news[0].on)


def _told_of(persons: Iterable[str]) -> Mapping[str, frozenset[str]]:
    """The keys of what each of these persons was told of."""
    found: dict[str, set[str]] = {}
    for person, event in Told.objects.filter(person__in=list(persons), reached=True).values_list("person", "event"):
        found.setdefault(person, set()).add(event)
    return {person: frozenset(events) for person, events in found.items()}


def _to_tell(case: Case, wishes: VictimWishes | None, told: Mapping[str, frozenset[str]]) -> tuple[News, ...]:
    if wishes is None or wishes.channel == Channel.NOT_AT_ALL.value:
        return ()
    news = [
        News(text(event, "event"), dt.date.fromisoformat(text(event, "on")))
        for proceeding in proceedings(case)
        for event in tables(proceeding, "events")
    ]
    return to_tell(news, topics=wishes.informed_of, told=told.get(wishes.person_id, frozenset()))


def _assets(case: Case) -> tuple[Asset, ...]:
    return tuple(
        Asset(
            key=f"{text(proceeding, 'id')}/{text(measure, 'id')}",
            kind=text(measure, "kind"),
            description=text(measure, "title"),
            stage=text(measure, "status"),
        )
        for proceeding in proceedings(case)
        for measure in tables(proceeding, "measures")
        if is_about_property(text(measure, "kind"))
    )


def _wishes_row(wishes: VictimWishes) -> WishesRow:
    return WishesRow(wishes.channel, wishes.language, wishes.through, tuple(wishes.informed_of), wishes.takes_part)


def _told_row(each: Told) -> ToldRow:
    event, _slash, day = each.event.rpartition("/")
    return ToldRow(event, dt.date.fromisoformat(day), each.on, each.reached, each.note)


def _claim_row(claim: Claim, assets: tuple[Asset, ...]) -> ClaimRow:
    return ClaimRow(
        id=claim.pk,
        form=claim.form,
        amount=claim.amount,
        currency=claim.currency,
        text=claim.text,
        stage=claim.state,
        made_on=claim.made_on,
        stepped_on=claim.stepped_on,
        assets=tuple(asset for asset in assets if asset.key in claim.assets),
        following=tuple(each.value for each in CLAIM_FOLLOWS[ClaimStage(claim.state)]),
    )
