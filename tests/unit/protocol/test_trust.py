"""The trust directory: which card counts on which day, and who calls."""

from __future__ import annotations

import datetime as dt

import pytest

from dedere.base.errors import DedereError
from dedere.protocol.card import CardChain, Revocation, key_id, read_card, require_fingerprint
from dedere.protocol.errors import TrustRefusedError
from dedere.protocol.trust import TrustDirectory
from support import exchange, pki
from support.exchange import NOW, card_of, chain_of, plain_card, sign_card
from support.scenarios.cards import next_card

DAY = dt.timedelta(days=1)
NL_GATEWAY = key_id(pki.state("NL").gateway.certificate.decode())


def two_cards(**changes: object) -> CardChain:
    return CardChain.of([card_of("NL").container, sign_card(next_card(**changes)).container])


def revoked(*, since: dt.datetime = NOW, compromised: bool = False, card: str | None = None) -> Revocation:
    return Revocation(card or card_of("NL").digest, since, compromised)


def refused_code(error: pytest.ExceptionInfo[TrustRefusedError]) -> str:
    return error.value.code


def test_p063_pinning_gives_a_new_directory_and_leaves_the_old() -> None:
    empty = TrustDirectory()

    pinned = empty.pinned(chain_of("NL"))

    assert empty.states == ()
    assert pinned.states == ("NL",)
    assert pinned.card(card_of("NL").digest) == card_of("NL")
    assert pinned.pinned(chain_of("SN")).states == ("NL", "SN")
    assert len(pinned.pinned(two_cards()).chain("NL").cards) == 2


def test_p063_what_is_not_pinned_is_unknown() -> None:
    for ask in (lambda: TrustDirectory().chain("NL"), lambda: TrustDirectory().card("0" * 64)):
        with pytest.raises(TrustRefusedError) as error:
            ask()
        assert refused_code(error) == "card-unknown"


def test_p064_the_newest_valid_card_is_used_to_reach_a_partner() -> None:
    chain = two_cards(valid_from=(NOW + DAY).date())
    directory = TrustDirectory([chain])

    assert directory.current("NL", NOW) == chain.first
    assert directory.current("NL", NOW + DAY) == chain.newest


def test_p064_a_partner_without_a_valid_card_is_not_reached() -> None:
    directory = exchange.directory()

    with pytest.raises(TrustRefusedError) as error:
        directory.current("NL", NOW + 800 * DAY)
    assert refused_code(error) == "card-expired"
    with pytest.raises(TrustRefusedError) as error:
        directory.revoked(revoked()).current("NL", NOW)
    assert refused_code(error) == "card-revoked"


def test_p067_a_revocation_counts_from_its_instant() -> None:
    directory = exchange.directory().revoked(revoked(since=NOW))
    digest = card_of("NL").digest

    assert directory.card_for_letter(digest, sealed_at=NOW - DAY, now=NOW + DAY) == card_of("NL")
    with pytest.raises(TrustRefusedError) as error:
        directory.card_for_letter(digest, sealed_at=NOW, now=NOW + DAY)
    assert refused_code(error) == "card-revoked"
    with pytest.raises(TrustRefusedError) as error:
        directory.card_for_letter(digest, sealed_at=NOW - DAY, now=NOW + 91 * DAY)
    assert refused_code(error) == "card-stale"


def test_p068_the_worse_word_about_a_card_stands() -> None:
    directory = exchange.directory().revoked(revoked(since=NOW + DAY, compromised=True)).revoked(revoked(since=NOW))

    assert directory.compromised_since(card_of("NL").digest) == NOW + DAY
    assert directory.revoked(revoked(since=NOW + 2 * DAY)).compromised_since(card_of("NL").digest) == NOW + DAY


def test_p068_a_card_revokes_cards_of_its_own_chain_only() -> None:
    own, other = revoked(since=NOW), revoked(since=NOW, card=card_of("SN").digest)
    chain = two_cards(revocations=(own, other))
    directory = TrustDirectory([chain, chain_of("SN")])

    assert [item.card for item in directory.revocations] == [card_of("NL").digest]
    assert directory.current("NL", NOW) == chain.newest


def test_p069_compromise_has_a_date_from_which_letters_are_looked_at_again() -> None:
    directory = exchange.directory().revoked(revoked(since=NOW - DAY, compromised=True))

    assert directory.compromised_since(card_of("NL").digest) == NOW - DAY
    assert directory.compromised_since(card_of("SN").digest) is None
    assert exchange.directory().revoked(revoked()).compromised_since(card_of("NL").digest) is None


def test_p070_cards_that_end_soon_are_named() -> None:
    directory = exchange.directory()

    assert directory.expiring(NOW, 30 * DAY) == ()
    assert [card.card.state for card in directory.expiring(NOW, 500 * DAY)] == ["NL", "SN"]


def test_p071_a_caller_is_known_by_the_gateway_key_of_a_card_valid_today() -> None:
    caller = exchange.directory().caller(NL_GATEWAY, NOW)

    assert (caller.state, caller.card) == ("NL", card_of("NL"))


def test_p071_a_key_named_by_two_cards_is_that_of_the_newest_valid() -> None:
    chain = two_cards(valid_from=(NOW + DAY).date())
    directory = TrustDirectory([chain])

    assert directory.caller(NL_GATEWAY, NOW).card == chain.first
    assert directory.caller(NL_GATEWAY, NOW + DAY).card == chain.newest


@pytest.mark.parametrize(
    ("directory", "now", "code"),
    [
        (TrustDirectory(), NOW, "card-unknown"),
        (exchange.directory(), NOW + 800 * DAY, "card-expired"),
        (exchange.directory().revoked(revoked()), NOW, "card-revoked"),
        (exchange.directory().revoked(revoked(since=NOW + DAY, compromised=True)), NOW, "card-compromised"),
    ],
)
def test_p071_nobody_else_calls(directory: TrustDirectory, now: dt.datetime, code: str) -> None:
    with pytest.raises(TrustRefusedError) as error:
        directory.caller(NL_GATEWAY, now)
    assert refused_code(error) == code


def test_p054_people_compare_thirty_digits() -> None:
    card = card_of("NL")

    require_fingerprint(card, card.fingerprint)
    require_fingerprint(card, card.fingerprint.replace(" ", " - "))

    assert [len(group) for group in card.fingerprint.split()] == [5] * 6
    with pytest.raises(TrustRefusedError):
        require_fingerprint(card, card.fingerprint[:-1])


def test_p055_letters_go_to_hybrid_recipients_alone_where_there_are_any() -> None:
    hybrid = plain_card("NL").sealing_recipients
    both = plain_card("NL", sealing_recipients=("age1classical", *hybrid))

    assert both.letter_recipients == hybrid
    assert plain_card("NL", sealing_recipients=("age1classical",)).letter_recipients == ("age1classical",)


def test_a_revocation_survives_its_card() -> None:
    item = revoked(compromised=True)
    signed = sign_card(next_card(revocations=(item,)))

    assert read_card(signed.container).revocations == (item,)
    assert signed.party.state == "NL"


def test_a_card_is_signed_twice_when_it_promises_that() -> None:
    from support.scenarios.letters import with_second

    chain, _ = with_second()

    assert chain.newest.card.second_signing_certificates


def test_what_is_no_card_is_not_read() -> None:
    with pytest.raises(DedereError):
        read_card(b"no card")
