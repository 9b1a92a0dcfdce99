"""A protected identity on its way to the other State: its own part, sealed to that State's custodians and nobody else.

A case officer asks for it with a reason, for one draft whose act needs it; a custodian unlocks, and the identity is
sealed in memory to the custodians whom the partner's card names (P-048). What lies in our vault and leaves with the
letter opens with none of our keys. What arrives (P-049) is kept beside its alias until a custodian here opens it.
"""

from __future__ import annotations

import io
import re

from django.db import transaction

from dedere.base.errors import InputError
from dedere.casework.acts import Role
from dedere.casework.persons.travelling import needs_identity
from dedere.crypto.age import parse_recipient
from dedere.crypto.digests import sha256_hex
from dedere.node.accounts.models import Officer
from dedere.node.accounts.permissions import require_role
from dedere.node.audit.actions import Happening, record
from dedere.node.cases.access import require_draft, standing
from dedere.node.cases.actions.drafts import NewAttachment, attach
from dedere.node.cases.leaks import SEALED_IDENTITY
from dedere.node.cases.models import Draft
from dedere.node.errors import UnknownObjectError
from dedere.node.evidence.actions import seal_into_vault
from dedere.node.exchange.directory import partner_card
from dedere.node.office import office
from dedere.node.persons import guard
from dedere.node.persons.actions.custodians import Unlocking, unlock
from dedere.node.persons.actions.identities import (
    open_identity,
    require_sealed,
    seal_identity,
    take_in_identity,
)
from dedere.node.persons.models import Journey
from dedere.node.persons.refusals import logs_refusals
from dedere.vault.reading import open_object

LARGEST_IDENTITY = 256 * 1024
LEAST_REASON = 10
_NAME = re.compile(r"identity-([a-z0-9-]{1,60})\.age")


@logs_refusals
@transaction.atomic
def ask_journey(*, by: Officer, draft_id: str, person_id: str, reason: str) -> Journey:
    """Ask that the identity of a protected person go with this draft.

    Raises:
        UnknownObjectError: no such draft or person of this officer's case.
        InputError: the act does not need it, nothing is sealed here, or the partner's card names no custodian.
    """
    draft = require_draft(by, draft_id)
    person = standing(by, draft.case_id).person(person_id)
    _require_open(draft)
    require_sealed(person)
    requests = list(draft.case.letters.filter(kind="request").values_list("act", flat=True))
    if not needs_identity(draft.kind, draft.body, [act["body"] for act in requests], person.reference):
        raise InputError("No measure asked for concerns this person: the other State does not need to know who it is.")
    _custodians_of(draft.case.partner)
    if len(reason.strip()) < LEAST_REASON:
        raise InputError("Say why the other State needs to know who this is.")
    guard.require_clean(by=by, case=draft.case_id, texts={"The reason": reason})
    if Journey.objects.filter(person=person, draft=draft.pk).exists():
        raise InputError("This was asked for before.")
    journey = Journey.objects.create(
        pk=office().identifiers.new(),
        person=person,
        draft=draft.pk,
        partner=draft.case.partner,
        reason=reason.strip()[:500],
        asker=by,
        asked_at=office().clock.now(),
    )
    _log(by, "journey-asked", journey)
    return journey


@logs_refusals
@transaction.atomic
def seal_journey(*, by: Officer, journey_id: str, with_: Unlocking) -> None:
    """A custodian who did not ask seals the identity to the other State's custodians and attaches it to the draft.

    Raises:
        InputError: the custodian asked for it, the draft is no longer open, or the key does not open the identity.
    """
    require_role(by, Role.CUSTODIAN)
    journey = Journey.objects.select_related("person", "asker").filter(pk=journey_id, sealed_at=None).first()
    if journey is None:
        raise UnknownObjectError
    if journey.asker_id == by.pk:
        raise InputError("You asked for this yourself: another custodian decides on it.")
    draft = Draft.objects.select_related("case").get(pk=journey.draft)
    _require_open(draft)
    person = journey.person
    identity = open_identity(require_sealed(person), unlock(by=by, with_=with_))
    recipients = [parse_recipient(text) for text in _custodians_of(journey.partner)]
    sealed = seal_identity(person, identity, recipients)
    stored = seal_into_vault(io.BytesIO(sealed))
    attach(
        by=journey.asker,
        draft_id=draft.pk,
        new=NewAttachment(
            name=f"identity-{person.reference}.age",
            title=f"Identity of {person.alias}, sealed to the custodians of {journey.partner}",
            media_type=SEALED_IDENTITY,
            size=stored.size,
            sha256=stored.sha256,
            object_id=stored.id,
        ),
    )
    journey.custodian = by
    journey.sealed_at = office().clock.now()
    journey.save()
    _log(by, "identity-sealed-for-partner", journey)


def take_in_if_identity(*, case: str, sender: str, facts: dict[str, object], object_id: str) -> None:
    """A part that came: where it is a sealed identity, keep it beside its alias. Its seal is not ours to open."""
    named = _NAME.fullmatch(str(facts["name"]))
    if facts["media_type"] != SEALED_IDENTITY or named is None or int(str(facts["size"])) > LARGEST_IDENTITY:
        return
    with open_object(office().store, object_id, office().sealing_identities) as reader:
        sealed = reader.read_range(0, LARGEST_IDENTITY)
    take_in_identity(case=case, reference=named[1], sealed=sealed, origin=sender)


def _custodians_of(partner: str) -> tuple[str, ...]:
    """Those whom the partner's card names: post-quantum ones; classical ones only where there is none."""
    named = partner_card(partner).card.custodian_recipients
    hybrid = tuple(text for text in named if text.startswith("age1pq1"))
    if not named:
        raise InputError("The other State's card names no custodian: the identity cannot be sealed to anybody there.")
    return hybrid or named


def _require_open(draft: Draft) -> None:
    if draft.state != Draft.State.OPEN:
        raise InputError("The draft is before the second officer: take it back before an identity goes with it.")


def _log(by: Officer, action: str, journey: Journey) -> None:
    details = {"draft": journey.draft, "partner": journey.partner, "custodians": _digests(journey.partner)}
    happening = Happening(
        actor=by.identifier, action=action, subject=journey.person_id, case=journey.person.case, details=details
    )
    record(happening)


def _digests(partner: str) -> list[str]:
    return [sha256_hex(text.encode("ascii")) for text in _custodians_of(partner)]
