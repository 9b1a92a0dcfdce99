"""Connections to partners: kept for the next errand, never lent twice, made anew under another card."""

from __future__ import annotations

import dataclasses

import pytest

from dedere.node.exchange.clients import IDLE_EACH, Clients
from dedere.node.office import office
from dedere.transport.errors import PartnerUnreachableError
from support import exchange
from support.connected import Connected


def test_a_client_is_lent_again_after_it_came_back(connected: Connected) -> None:
    clients = Clients()
    with clients.lent("SN") as first:
        pass
    with clients.lent("SN") as again, clients.lent("SN") as other:
        assert again is first
        assert other is not first
    clients.close()


def test_a_client_whose_errand_failed_is_not_lent_again(connected: Connected) -> None:
    clients = Clients()
    with pytest.raises(PartnerUnreachableError), clients.lent("SN") as first:
        raise PartnerUnreachableError("No answer.")
    with clients.lent("SN") as other:
        assert other is not first


def test_no_more_than_a_few_idle_clients_are_kept(connected: Connected) -> None:
    clients = Clients()
    lent = [clients.lent("SN") for _ in range(IDLE_EACH + 2)]
    made = [each.__enter__() for each in lent]
    for each in lent:
        each.__exit__(None, None, None)
    again = [clients.lent("SN") for _ in range(IDLE_EACH + 2)]
    kept = [each.__enter__() for each in again]
    assert len(set(map(id, made)) & set(map(id, kept))) == IDLE_EACH


def test_a_client_made_under_another_card_is_not_lent(connected: Connected) -> None:
    from dedere.node.exchange.actions import pin_cards

    clients = Clients()
    with clients.lent("SN") as first:
        pass
    card = exchange.card_of("SN")
    following = dataclasses.replace(card.card, serial=2, previous=card.digest, name="Renamed (fictional)")
    pin_cards(by=None, containers=[exchange.sign_card(following).container])
    with clients.lent("SN") as other:
        assert other is not first
    assert office().state == "NL"
