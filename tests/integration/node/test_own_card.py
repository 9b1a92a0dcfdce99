"""Our own card: nothing is signed under one that has ended, and receipts are given under the one that was written to."""

from __future__ import annotations

import datetime as dt

import pytest

from dedere.base.errors import FacilityError
from dedere.node.exchange.directory import answering_card, own_card
from dedere.node.issuing import KeyUse, Wish, issue_next
from support.connected import Connected


def test_nothing_is_signed_under_a_card_of_ours_that_has_ended(connected: Connected) -> None:
    connected.clock.advance(dt.timedelta(days=900))
    with pytest.raises(FacilityError, match="dedere card rotate"):
        own_card()


def test_a_receipt_is_given_under_the_card_that_was_written_to_while_it_names_the_key(connected: Connected) -> None:
    office = connected.bureau.office
    first = own_card()
    second = issue_next(office.home, Wish(), clock=connected.clock, identifiers=office.identifiers)
    assert answering_card(first.digest).digest == first.digest
    third = issue_next(
        office.home,
        Wish(frozenset({KeyUse.GATEWAY}), at_once=True),
        clock=connected.clock,
        identifiers=office.identifiers,
    )
    # The first does not name the key that signs now, and a card that nobody knows proves nothing.
    assert answering_card(first.digest).digest == third.digest
    assert answering_card("0" * 64).digest == third.digest
    assert second.card.serial == 2
