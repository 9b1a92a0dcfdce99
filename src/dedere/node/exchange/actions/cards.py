"""Cards of partners: pinned by an officer who compared the fingerprint, followed along their chain, reported stolen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from dedere.base.clock import require_utc
from dedere.base.errors import InputError
from dedere.casework.acts import Role
from dedere.node.accounts.models import Officer
from dedere.node.accounts.permissions import require_role
from dedere.node.audit.actions import Happening, record
from dedere.node.errors import ComparisonNeededError
from dedere.node.exchange.directory import trust_directory
from dedere.node.exchange.models import CardLook, PartnerCard
from dedere.node.office import office
from dedere.node.trust import own_chain
from dedere.protocol.card import CardChain, SignedCard, read_card, require_fingerprint
from dedere.protocol.trust import TrustDirectory

COMMAND_LINE = "system:command-line"
WORKER = "system:worker"


def pin_card(*, by: Officer | None, container: bytes, fingerprint: str = "") -> SignedCard:
    """Trust one card from now on; see `pin_cards`."""
    return pin_cards(by=by, containers=[container], fingerprint=fingerprint)


@transaction.atomic
def pin_cards(*, by: Officer | None, containers: Sequence[bytes], fingerprint: str = "") -> SignedCard:
    """Trust cards of one State from now on, oldest first; the newest of them.

    `fingerprint` is that of the newest, as the partner told it by another way, e.g. a note verbale. It must be
    compared when no card of that State is pinned yet, and when a card before was stolen. Otherwise a card that is
    signed by a key of the card before it follows from the comparison made then; a fingerprint given is compared too.
    `by` is None on the command line, where whoever may read the home may do this.

    Raises:
        InputError: the fingerprint is missing; the card is our own; this card or a later one is known already.
        ProtocolRefusedError: a card is broken, does not follow from the one before, or has another fingerprint.
    """
    if by is not None:
        require_role(by, Role.ADMINISTRATOR)
    state = read_card(containers[0]).state
    if state == office().state:
        raise InputError("This is a card of our own State.")
    known = _pinned(state)
    if known and read_card(containers[0]).serial <= known[-1].serial:
        raise InputError(f"A card of {state} with this serial or a later one is pinned already.")
    chain = CardChain.of([*(bytes(row.container) for row in known), *containers])
    new = chain.cards[len(known) :]
    if fingerprint:
        require_fingerprint(chain.newest, fingerprint)
    elif not known:
        raise InputError("The first card of a State is pinned on its fingerprint: compare it with the authority.")
    elif _stolen(chain, new):
        raise ComparisonNeededError
    for card in new:
        _keep(card, pinned_by=by.identifier if by else COMMAND_LINE)
        _log(by, "card-pinned", card.digest, state=state)
    return chain.newest


@transaction.atomic
def follow_cards(*, partner: str, containers: Sequence[bytes]) -> SignedCard:
    """Take over cards that a partner's node gave us, when they follow from the pinned ones; nobody is asked.

    Raises:
        ProtocolRefusedError: they do not follow.
        ComparisonNeededError: the card before was stolen, so that its key proves nothing.
    """
    chain = CardChain.of([*(bytes(row.container) for row in _pinned(partner)), *containers])
    new = chain.cards[len(chain.cards) - len(containers) :]
    if _stolen(chain, new):
        raise ComparisonNeededError
    for card in new:
        _keep(card, pinned_by=WORKER)
        details = {"state": partner, "serial": card.card.serial}
        record(Happening(actor=WORKER, action="card-followed", subject=card.digest, details=details))
    return chain.newest


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


def want_card(partner: str) -> None:
    """Something shows that a partner has a card that we do not have: look for it soon."""
    if partner in trust_directory().states:
        CardLook.objects.update_or_create(state=partner, defaults={"wanted_at": office().clock.now()})


def own_cards() -> tuple[bytes, ...]:
    """Our cards' containers, oldest first."""
    return tuple(path.read_bytes() for path in sorted(office().home.cards.glob("*.card.asice")))


@transaction.atomic
def note_issued_card() -> None:
    """Log that the command line issued our newest card."""
    card = own_chain(office().home).newest
    details = {"serial": card.card.serial, "revokes": [item.card for item in card.card.revocations]}
    record(Happening(actor=COMMAND_LINE, action="card-issued", subject=card.digest, details=details))


def _pinned(state: str) -> list[PartnerCard]:
    return list(PartnerCard.objects.filter(state=state).order_by("serial"))


def _stolen(chain: CardChain, new: Sequence[SignedCard]) -> bool:
    """Whether a card whose key signed one of the new cards was stolen, by our own knowledge or by the chain's word."""
    signing = {card.digest for card in chain.cards[-len(new) - 1 : -1]}
    told = PartnerCard.objects.filter(digest__in=signing, compromised_at__isnull=False)
    said = TrustDirectory([chain])
    return any(said.compromised_since(digest) is not None for digest in signing) or told.exists()


def _keep(card: SignedCard, *, pinned_by: str) -> None:
    PartnerCard.objects.create(
        digest=card.digest,
        state=card.card.state,
        serial=card.card.serial,
        name=card.card.name,
        container=card.container,
        valid_from=_midnight(card.card.valid_from),
        valid_until=_midnight(card.card.valid_until),
        pinned_at=office().clock.now(),
        pinned_by=pinned_by,
    )


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)


def _log(by: Officer | None, action: str, digest: str, *, state: str) -> None:
    actor = by.identifier if by else COMMAND_LINE
    record(Happening(actor=actor, action=action, subject=digest, details={"state": state}))
