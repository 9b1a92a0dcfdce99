"""Victims: how they want to hear of the case, what they were told, and what they claim."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from dedere.base.errors import InputError
from dedere.casework.acts import Role
from dedere.casework.persons.roles import PersonRole
from dedere.casework.persons.victims import Channel, ClaimStage, News, Part, Reparation, Topic, require_claim_step
from dedere.node.accounts.permissions import require_role
from dedere.node.audit.actions import Happening, record
from dedere.node.errors import UnknownObjectError
from dedere.node.office import office
from dedere.node.persons import guard
from dedere.node.persons.models import Claim, Person, Told, VictimWishes
from dedere.node.persons.refusals import logs_refusals
from dedere.node.persons.standing import Standing

_LONGEST_CURRENCY = 3


@dataclass(frozen=True, slots=True)
class Wishes:
    """How and of what a victim wants to hear, and what part they take. `through`: whom to tell in their place."""

    channel: Channel
    topics: tuple[Topic, ...]
    part: Part
    language: str = ""
    through: str = ""


@dataclass(frozen=True, slots=True)
class Telling:
    """A victim was told of something that happened, or could not be reached."""

    news: News
    on: dt.date
    reached: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class NewClaim:
    """What a victim claims. `assets` are measures of the case on property: `PROCEEDING/MEASURE`."""

    form: Reparation
    text: str
    made_on: dt.date
    amount: Decimal | None = None
    currency: str = ""
    assets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimStep:
    """What a claim became, on which day."""

    stage: ClaimStage
    on: dt.date


@logs_refusals
@transaction.atomic
def note_wishes(*, by: Standing, person_id: str, wishes: Wishes) -> VictimWishes:
    """Note what a victim wants, in place of what was noted before.

    Raises:
        InputError: the person is no victim, or is to be told through somebody who is not named.
        LeakError, GuardLockedError
    """
    person = _victim(by, person_id)
    if wishes.channel in {Channel.COUNSEL, Channel.SUPPORT_SERVICE} and not wishes.through.strip():
        raise InputError("Say who is told in the victim's place.")
    guard.require_clean(by=by.officer, case=by.case, texts={"Whom to tell": wishes.through})
    noted, _new = VictimWishes.objects.update_or_create(
        person=person,
        defaults={
            "channel": wishes.channel.value,
            "language": wishes.language,
            "through": wishes.through.strip(),
            "informed_of": [topic.value for topic in wishes.topics],
            "takes_part": wishes.part.value,
            "changed_at": office().clock.now(),
        },
    )
    _log(by, "victim-wishes-noted", person.pk, {"topics": noted.informed_of, "part": noted.takes_part})
    return noted


@logs_refusals
@transaction.atomic
def note_told(*, by: Standing, person_id: str, telling: Telling) -> Told:
    """Note that a victim was told, or that nobody could be reached: then it is still to be told.

    Raises:
        InputError: that was before it happened, or lies ahead.
        LeakError, GuardLockedError
    """
    person = _victim(by, person_id)
    if telling.on < telling.news.on:
        raise InputError("Nobody is told of something before it happens.")
    if telling.on > _today():
        raise InputError("This day lies ahead: what has not happened yet is not recorded.")
    guard.require_clean(by=by.officer, case=by.case, texts={"The note": telling.note})
    told = Told.objects.create(
        identifier=office().identifiers.new(),
        person=person,
        event=telling.news.key,
        on=telling.on,
        reached=telling.reached,
        note=telling.note.strip(),
    )
    _log(by, "victim-told", person.pk, {"event": told.event, "reached": told.reached})
    return told


@logs_refusals
@transaction.atomic
def make_claim(*, by: Standing, person_id: str, new: NewClaim, known_assets: Sequence[str]) -> Claim:
    """Note what a victim claims. `known_assets` are the measures on property that the case has.

    Raises:
        InputError: nothing is said, the amount has no currency or the other way round, or an asset is unknown.
        LeakError, GuardLockedError
    """
    person = _victim(by, person_id)
    currency = new.currency.strip().upper()
    if not new.text.strip():
        raise InputError("Say what is claimed.")
    if new.made_on > _today():
        raise InputError("This day lies ahead: what has not happened yet is not recorded.")
    if (new.amount is None) != (not currency):
        raise InputError("An amount has a currency, and a currency an amount.")
    if currency and not (len(currency) == _LONGEST_CURRENCY and currency.isascii() and currency.isalpha()):
        raise InputError("A currency is written with three letters, like EUR.")
    if new.amount is not None and new.amount <= 0:
        raise InputError("An amount is more than nothing.")
    _require_known(new.assets, known_assets)
    guard.require_clean(by=by.officer, case=by.case, texts={"What is claimed": new.text})
    claim = Claim.objects.create(
        identifier=office().identifiers.new(),
        person=person,
        form=new.form.value,
        amount=new.amount,
        currency=currency,
        text=new.text.strip(),
        state=ClaimStage.MADE.value,
        assets=list(dict.fromkeys(new.assets)),
        made_on=new.made_on,
    )
    _log(by, "claim-made", claim.pk, {"person": person.pk, "form": claim.form})
    return claim


@transaction.atomic
def change_claim(
    *,
    by: Standing,
    person_id: str,
    claim_id: str,
    step: ClaimStep | None,
    assets: Sequence[str],
    known_assets: Sequence[str],
) -> Claim:
    """Note what became of a claim (`step`, nothing where it stands as it did) and say anew what it might be paid from.

    Raises:
        InputError: the step cannot follow, or not on this day; an asset is no measure on property of the case.
    """
    claim = _victim(by, person_id).claims.filter(pk=claim_id).first()
    if claim is None:
        raise UnknownObjectError
    _require_known(assets, known_assets)
    if step is not None:
        since = claim.stepped_on or claim.made_on
        require_claim_step(ClaimStage(claim.state), step.stage, since=since, on=step.on, today=_today())
        claim.state, claim.stepped_on = step.stage.value, step.on
    claim.assets = list(dict.fromkeys(assets))
    claim.save(update_fields=["state", "stepped_on", "assets"])
    _log(by, "claim-changed", claim.pk, {"state": claim.state, "assets": claim.assets})
    return claim


def _victim(by: Standing, person_id: str) -> Person:
    require_role(by.officer, Role.CASE_OFFICER, Role.REGISTRAR)
    person = by.person(person_id)
    if PersonRole.VICTIM.value not in person.roles:
        raise InputError("This person is not a victim in the case.")
    return person


def _require_known(assets: Sequence[str], known: Sequence[str]) -> None:
    if not set(assets) <= set(known):
        raise InputError("A claim can be paid from property that a measure of this case is about.")


def _today() -> dt.date:
    return office().clock.now().date()


def _log(by: Standing, action: str, subject: str, details: dict[str, object]) -> None:
    record(Happening(actor=by.officer.identifier, action=action, subject=subject, case=by.case, details=details))
