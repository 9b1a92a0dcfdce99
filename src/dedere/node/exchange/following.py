"""Partners' newest cards: looked for twice a day, and when something shows that there is one that we do not have.

A card that a partner's node gives us counts only when it is signed by a key of the card that we have, and that card was
not stolen. Everything else is an alarm for a person.
"""

from __future__ import annotations

import datetime as dt

from dedere.base.errors import DedereError, MessageError
from dedere.crypto.digests import sha256_hex
from dedere.node.errors import ComparisonNeededError
from dedere.node.exchange.actions.cards import follow_cards
from dedere.node.exchange.alarms import end_alarm, raise_alarm
from dedere.node.exchange.directory import can_be_called, trust_directory
from dedere.node.exchange.models import CardLook
from dedere.node.office import office
from dedere.protocol.card import read_card
from dedere.protocol.errors import TrustRefusedError
from dedere.transport.client import NodeClient

LOOK_EVERY = dt.timedelta(hours=12)
LOOK_AGAIN = dt.timedelta(minutes=1)
MOST_AT_ONCE = 50

_CONTRADICTS = (
    "{partner} shows a card that does not follow from the one pinned here. Ask that authority by another way before "
    "anything is sent to it."
)
_STOLEN = (
    "{partner} has a new card, and the one before it was stolen. Compare the new card's fingerprint with that "
    "authority, then pin it."
)


def cards_to_look_for() -> list[str]:
    """The partners whose newest card is to be asked for now. Whoever has no address cannot be asked."""
    now = office().clock.now()
    looks = {row.state: row for row in CardLook.objects.all()}
    partners = [state for state in trust_directory().states if state != office().state]
    return [state for state in partners if can_be_called(state) and _is_due(looks.get(state), now)]


def _is_due(look: CardLook | None, now: dt.datetime) -> bool:
    if look is None or look.looked_at is None:
        return True
    wanted = look.wanted_at is not None and look.wanted_at >= look.looked_at
    return look.looked_at + (LOOK_AGAIN if wanted else LOOK_EVERY) <= now


def look_for_card(partner: str, client: NodeClient) -> None:
    """Ask a partner for the cards that we do not have, and take over what follows from what we have.

    Raises:
        PartnerUnreachableError: no answer; asked again later.
    """
    code = ""
    try:
        _follow(partner, client)
        end_alarm(f"card:{partner}")
    except ComparisonNeededError as error:
        code = error.code
        raise_alarm(f"card:{partner}", kind="card", sentence=_STOLEN.format(partner=partner))
    except MessageError as error:
        code = error.code
        raise_alarm(f"card:{partner}", kind="card", sentence=_CONTRADICTS.format(partner=partner))
    except DedereError as error:
        code = error.code
        raise
    finally:
        CardLook.objects.update_or_create(state=partner, defaults={"looked_at": office().clock.now(), "code": code})


def _follow(partner: str, client: NodeClient) -> None:
    known = trust_directory().chain(partner).newest
    newest = client.fetch_card()
    if sha256_hex(newest) == known.digest:
        return
    first, last = known.card.serial + 1, read_card(newest).serial
    if not first <= last < first + MOST_AT_ONCE:
        raise TrustRefusedError("The card does not follow the newest known one.", code="card-chain")
    between = [client.fetch_card(serial) for serial in range(first, last)]
    follow_cards(partner=partner, containers=[*between, newest])
