"""Cards of partners: pinned by an officer who compared the fingerprint, followed along their chain, reported stolen."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from dedere.base.clock import require_utc
from dedere.base.errors import InputError
from dedere.casework.acts import Role
from dedere.node.accounts.models import Officer
from dedere.node.accounts.permissions import require_role
from dedere.node.audit.actions import Happening, record
from dedere.node.exchange.models import PartnerCard
from dedere.node.office import office
from dedere.protocol.card import CardChain, SignedCard, require_fingerprint

COMMAND_LINE = "system:command-line"


@transaction.atomic
def pin_card(*, by: Officer | None, container: bytes, fingerprint: str) -> SignedCard:
    """Trust a card from now on. `fingerprint` is what the partner told by another way, e.g. a note verbale.

    The first card of a State is pinned on its fingerprint; a later one must also be signed by the card before it.
    `by` is None on the command line, where whoever may read the home may do this.

    Raises:
        InputError: the fingerprint differs; the card is our own; a card is known already.
        ProtocolRefusedError: the card is broken, or does not follow from the one pinned before.
    """
    if by is not None:
        require_role(by, Role.ADMINISTRATOR)
    known = [bytes(row.container) for row in _cards_of_container(container)]
    chain = CardChain.of([*known, container])
    card = chain.newest
    require_fingerprint(card, fingerprint)
    if card.card.state == office().state:
        raise InputError("This is a card of our own State.")
    PartnerCard.objects.create(
        digest=card.digest,
        state=card.card.state,
        serial=card.card.serial,
        name=card.card.name,
        container=container,
        valid_from=_midnight(card.card.valid_from),
        valid_until=_midnight(card.card.valid_until),
        pinned_at=office().clock.now(),
        pinned_by=by.identifier if by else COMMAND_LINE,
    )
    _log(by, "card-pinned", card.digest, state=card.card.state)
    return card


@transaction.atomic
def report_compromise(*, by: Officer | None, digest: str, since: dt.datetime) -> None:
    """Note that whoever stole a partner's key may have used it since an instant. Nothing new under the card is taken.

    Raises:
        InputError: the card is not pinned here.
    """
    if by is not None:
        require_role(by, Role.ADMINISTRATOR)
    row = PartnerCard.objects.filter(pk=digest).first()
    if row is None:
        raise InputError("No card with this digest is pinned here.")
    since = require_utc(since)
    if row.compromised_at is None or since < row.compromised_at:
        row.compromised_at = since
        row.save()
        _log(by, "card-compromised", digest, state=row.state)


def own_cards() -> tuple[bytes, ...]:
    """Our cards' containers, oldest first."""
    return tuple(path.read_bytes() for path in sorted(office().home.cards.glob("*.card.asice")))


def _cards_of_container(container: bytes) -> list[PartnerCard]:
    """The pinned cards of the State that the container claims; its claim is checked by the chain."""
    from dedere.protocol.card import read_card  # noqa: PLC0415 - one use

    claimed = read_card(container)
    rows = list(PartnerCard.objects.filter(state=claimed.state).order_by("serial"))
    if any(row.serial >= claimed.serial for row in rows):
        raise InputError(f"A card of {claimed.state} with this serial or a later one is pinned already.")
    return rows


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)


def _log(by: Officer | None, action: str, digest: str, *, state: str) -> None:
    actor = by.identifier if by else COMMAND_LINE
    record(Happening(actor=actor, action=action, subject=digest, details={"state": state}))
