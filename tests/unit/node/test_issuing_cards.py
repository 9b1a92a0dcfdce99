"""The next card: signed by a key the last one names; old connection keys for a while, old sealing keys for ever."""

from __future__ import annotations

import dataclasses
import datetime as dt
import fcntl
from pathlib import Path

import pytest

from dedere.base.clock import FixedClock
from dedere.base.errors import FacilityError, InputError
from dedere.base.identifiers import SeededIdentifiers
from dedere.crypto.age import parse_recipient, seal
from dedere.crypto.keys import certificate_der, file_address
from dedere.node.home import Home, KeyPlaces
from dedere.node.issuing import KeyUse, Wish, issue_next, revocation_of
from dedere.node.keys import make_pair, pairs, read_sealing_identities
from dedere.node.office import Office
from dedere.node.trust import OVERLAP, certificate_in_use, own_card, own_chain
from dedere.protocol.card import CardChain, SignedCard
from dedere.protocol.trust import TrustDirectory
from support.homes import NOW, fresh_home

EVERY = Wish(frozenset(KeyUse))


class Issuer:
    """An authority that issues cards as time passes."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.clock = FixedClock(NOW)
        self.chance = SeededIdentifiers("issuing")

    def issue(self, wish: Wish = Wish(), *, days: int = 0) -> SignedCard:  # noqa: B008 - a frozen value
        self.clock.advance(dt.timedelta(days=days))
        return issue_next(self.home, wish, clock=self.clock, identifiers=self.chance)

    @property
    def today(self) -> dt.date:
        return self.clock.now().date()


@pytest.fixture
def issuer(tmp_path: Path) -> Issuer:
    return Issuer(fresh_home(tmp_path / "nl"))


def test_a_card_without_a_wish_is_the_same_authority_for_longer(issuer: Issuer) -> None:
    first = own_card(issuer.home)
    issuer.home = dataclasses.replace(issuer.home, name="A new name (fictional)", languages=("fr",))
    second = issuer.issue()
    assert own_card(issuer.home).digest == second.digest
    assert (second.card.serial, second.card.previous) == (2, first.digest)
    assert (second.card.name, second.card.languages) == ("A new name (fictional)", ("fr",))
    assert second.card.valid_until > first.card.valid_until
    for name in ("signing", "gateway", "tls", "timestamp"):
        assert getattr(second.card, f"{name}_certificates") == getattr(first.card, f"{name}_certificates")
    assert second.card.sealing_recipients == first.card.sealing_recipients


def test_a_partner_follows_the_chain_from_the_first_card(issuer: Issuer) -> None:
    chain = own_chain(issuer.home)
    for wish in (EVERY, Wish(), Wish(frozenset({KeyUse.AUTHORITY})), EVERY):
        chain = chain.extended(issuer.issue(wish, days=1).container)
    assert [card.digest for card in own_chain(issuer.home).cards] == [card.digest for card in chain.cards]


def test_new_keys_are_new_and_the_connection_keeps_its_old_key_for_two_weeks(issuer: Issuer) -> None:
    first = own_card(issuer.home).card
    second = issuer.issue(EVERY, days=3).card
    assert set(second.signing_certificates).isdisjoint(first.signing_certificates)
    assert set(second.timestamp_certificates).isdisjoint(first.timestamp_certificates)
    for name in ("gateway", "tls"):
        new, old = getattr(second, f"{name}_certificates")
        assert (old,) == getattr(first, f"{name}_certificates")
        assert certificate_in_use(second, name, issuer.today) == old
        assert certificate_in_use(second, name, issuer.today + OVERLAP - dt.timedelta(days=1)) == old
        assert certificate_in_use(second, name, issuer.today + OVERLAP) == new
    assert certificate_in_use(second, "authority", issuer.today) == second.signing_certificates[0]


def test_the_old_connection_key_is_named_until_the_overlap_is_over(issuer: Issuer) -> None:
    first = own_card(issuer.home).card.gateway_certificates
    second = issuer.issue(EVERY).card.gateway_certificates
    within = issuer.issue(days=5).card.gateway_certificates
    assert within == second
    again = issuer.issue(Wish(frozenset({KeyUse.GATEWAY})), days=5).card.gateway_certificates
    assert again[1:] == first
    assert issuer.issue(days=OVERLAP.days).card.gateway_certificates == again[:1]


def test_after_a_theft_the_old_keys_are_named_no_more(issuer: Issuer) -> None:
    first = own_card(issuer.home)
    revocation = revocation_of(issuer.home, first.digest[:10], since=NOW, stolen=True, reason="Fictional theft.")
    second = issuer.issue(Wish(frozenset(KeyUse), at_once=True, revocations=(revocation,)))
    for name in ("signing", "gateway", "tls", "timestamp"):
        assert set(getattr(second.card, f"{name}_certificates")).isdisjoint(getattr(first.card, f"{name}_certificates"))
    directory = TrustDirectory([own_chain(issuer.home)])
    assert directory.compromised_since(first.digest) == NOW
    assert directory.current("NL", NOW).digest == second.digest


@pytest.mark.parametrize("digest", ["", "0" * 64, "z"])
def test_only_a_card_of_ours_is_revoked(issuer: Issuer, digest: str) -> None:
    with pytest.raises(InputError, match="by its digest"):
        revocation_of(issuer.home, digest, since=NOW, stolen=False, reason="")


def test_what_is_sealed_to_an_old_key_stays_readable(issuer: Issuer) -> None:
    from dedere.crypto.age import open_sealed

    old = [parse_recipient(text) for text in own_card(issuer.home).card.letter_recipients]
    sealed = seal(b"fictional", old, chance=issuer.chance)
    second = issuer.issue(Wish(frozenset({KeyUse.SEALING}))).card
    identities = read_sealing_identities(issuer.home)
    assert second.letter_recipients == (identities[0].recipient.encode(),)
    assert open_sealed(sealed, identities) == b"fictional"


def test_a_running_process_uses_the_new_keys_at_once(issuer: Issuer) -> None:
    office = Office(issuer.home, issuer.clock, issuer.chance)
    before = (office.authority_signer, office.gateway_signer, office.sealing_identities)
    assert office.authority_signer is before[0]
    card = issuer.issue(EVERY).card
    assert office.authority_signer.certificate_chain[0] == certificate_der(card.signing_certificates[0])
    assert office.timestamper.stamp(b"fictional")
    assert len(office.sealing_identities) == 2
    assert office.gateway_signer.certificate_chain == before[1].certificate_chain
    issuer.clock.advance(OVERLAP)
    assert office.gateway_signer.certificate_chain[0] == certificate_der(card.gateway_certificates[0])
    assert office.gateway_certificate == card.gateway_certificates[0]


def test_a_key_whose_certificate_would_end_first_is_made_anew_unasked(issuer: Issuer) -> None:
    first = own_card(issuer.home).card
    kept = issuer.issue(days=365 * 2).card
    assert kept.signing_certificates == first.signing_certificates
    renewed = issuer.issue(days=365 * 2 - 40).card
    assert set(renewed.signing_certificates).isdisjoint(first.signing_certificates)
    assert renewed.timestamp_certificates == first.timestamp_certificates


def test_trouble_before_the_card_leaves_keys_that_nobody_names(issuer: Issuer) -> None:
    in_the_way = issuer.home.cards / "0002.card.asice.new"
    in_the_way.mkdir()
    with pytest.raises(FacilityError, match="cannot be written"):
        issuer.issue(EVERY)
    card = own_card(issuer.home).card
    assert card.serial == 1
    office = Office(issuer.home, issuer.clock, issuer.chance)
    assert office.authority_signer.certificate_chain[0] == certificate_der(card.signing_certificates[0])
    in_the_way.rmdir()
    assert issuer.issue(EVERY).card.serial == 2
    assert len(list(pairs(issuer.home, "authority"))) == 2


def test_a_key_in_a_device_is_taken_as_it_is_put_first(issuer: Issuer, tmp_path: Path) -> None:
    device = fresh_home(tmp_path / "device")
    certificate = make_pair(device, "authority", serial=7, clock=issuer.clock, identifiers=issuer.chance)
    address = file_address(device.keys / "authority.7.key")
    issuer.home = dataclasses.replace(issuer.home, places=KeyPlaces(authority=(address,)))
    second = issuer.issue(Wish(frozenset({KeyUse.AUTHORITY}))).card
    assert second.signing_certificates == (certificate,)
    assert issuer.issue(days=365 * 4).card.valid_until <= issuer.today + dt.timedelta(days=366)
    with pytest.raises(InputError, match="names this authority key already"):
        issuer.issue(Wish(frozenset({KeyUse.AUTHORITY})))


def test_a_clock_that_stands_before_the_newest_card_issues_nothing(issuer: Issuer) -> None:
    issuer.issue()
    issuer.clock = FixedClock(NOW - dt.timedelta(days=2))
    with pytest.raises(InputError, match="clock is wrong"):
        issuer.issue()


def test_without_the_key_that_the_last_card_names_nothing_is_issued(issuer: Issuer) -> None:
    (issuer.home.keys / "authority.key").unlink()
    with pytest.raises(FacilityError, match="restore it from the backup"):
        issuer.issue(EVERY)
    assert own_card(issuer.home).card.serial == 1


def test_two_do_not_issue_at_once(issuer: Issuer) -> None:
    with (issuer.home.run / "issuing.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(FacilityError, match="being issued at this moment"):
            issuer.issue()


def test_cards_that_are_gone_or_spoilt_are_named(issuer: Issuer) -> None:
    own_chain(issuer.home)
    path = issuer.home.cards / "0001.card.asice"
    content = path.read_bytes()
    path.write_bytes(content[:-1])
    with pytest.raises(Exception, match="ends early"):
        own_chain(issuer.home)
    path.write_bytes(content)
    assert isinstance(own_chain(issuer.home), CardChain)
    path.unlink()
    with pytest.raises(FacilityError, match="holds no card"):
        own_chain(issuer.home)
    (issuer.home.cards / "0001.card.asice").mkdir()
    with pytest.raises(FacilityError, match="cannot be read"):
        own_chain(issuer.home)


def test_a_card_without_a_key_for_a_use_is_named(issuer: Issuer) -> None:
    card = dataclasses.replace(own_card(issuer.home).card, tls_certificates=())
    with pytest.raises(FacilityError, match="names no tls key"):
        certificate_in_use(card, "tls", issuer.today)
