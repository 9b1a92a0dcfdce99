"""Partners' cards: pinned by comparison, followed along their chain, taken by themselves only where that proves who."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from dedere.base.errors import InputError, PermissionRefusedError
from dedere.crypto.keys import Purpose
from dedere.node.audit.models import Event
from dedere.node.errors import ComparisonNeededError
from dedere.node.exchange.actions import follow_cards, pin_card, pin_cards, receive_letter, report_compromise
from dedere.node.exchange.actions.cards import want_card
from dedere.node.exchange.directory import partner_card, trust_directory
from dedere.node.exchange.following import cards_to_look_for, look_for_card
from dedere.node.exchange.models import Alarm, CardLook, PartnerCard
from dedere.node.exchange.sending import open_client
from dedere.node.trust import own_card
from dedere.protocol.card import Card, Revocation, SignedCard, pack_card
from dedere.protocol.container import Signing
from dedere.protocol.errors import ProtocolRefusedError, TrustRefusedError
from dedere.protocol.letter import seal_letter
from support import exchange, pki
from support.connected import Connected, unreachable
from support.offices import Bureau

NEW_KEY = pki.holder(Purpose.AUTHORITY, "SN")


def following(card: SignedCard, **changes: object) -> SignedCard:
    """Senegal's next card, signed by the key that `card` names."""
    content: Card = replace(card.card, serial=card.card.serial + 1, previous=card.digest, **changes)  # type: ignore[arg-type]
    signer = pki.state("SN").authority.signer
    if card.card.signing_certificates[0] == NEW_KEY.certificate.decode():
        signer = NEW_KEY.signer
    return pack_card(content, signing=Signing(signer, exchange.NOW))


def rotated(card: SignedCard, **changes: object) -> SignedCard:
    """The same with a new authority key."""
    return following(card, signing_certificates=(NEW_KEY.certificate.decode(),), **changes)


FIRST = exchange.card_of("SN")
SECOND = rotated(FIRST)
THIRD = following(SECOND)


def shown(connected: Connected, *cards: SignedCard) -> None:
    """From now on Senegal's node shows these cards."""
    connected.node.own_cards = lambda: tuple(card.container for card in cards)  # type: ignore[method-assign]


def look(connected: Connected) -> None:
    with open_client("SN") as client:
        look_for_card("SN", client)


def serials() -> list[int]:
    return list(PartnerCard.objects.order_by("serial").values_list("serial", flat=True))


# ---- pinned by a person


def test_the_first_card_needs_the_fingerprint_that_the_partner_told(bureau: Bureau) -> None:
    PartnerCard.objects.all().delete()
    card = own_card(bureau.other.home)
    with pytest.raises(InputError, match="on its fingerprint"):
        pin_card(by=None, container=card.container)
    with pytest.raises(TrustRefusedError) as refusal:
        pin_card(by=None, container=card.container, fingerprint="1" * 30)
    assert refusal.value.code == "card-fingerprint"
    assert not PartnerCard.objects.exists()
    assert pin_card(by=bureau["max"], container=card.container, fingerprint=card.fingerprint).digest == card.digest
    row = PartnerCard.objects.get()
    assert (row.pinned_by, row.state, row.serial) == (bureau["max"].identifier, "SN", 1)
    assert Event.objects.filter(action="card-pinned", subject=card.digest).count() == 2


def test_only_an_administrator_pins_or_reports(bureau: Bureau) -> None:
    card = own_card(bureau.other.home)
    for officer in ("anna", "bram", "rosa", "ada"):
        with pytest.raises(PermissionRefusedError, match="Only an administrator"):
            pin_card(by=bureau[officer], container=card.container, fingerprint=card.fingerprint)
        with pytest.raises(PermissionRefusedError, match="Only an administrator"):
            report_compromise(by=bureau[officer], digest=card.digest, since=bureau.clock.now())


def test_our_own_card_and_a_known_one_are_not_pinned(bureau: Bureau) -> None:
    ours, theirs = own_card(bureau.office.home), own_card(bureau.other.home)
    with pytest.raises(InputError, match="our own State"):
        pin_card(by=None, container=ours.container, fingerprint=ours.fingerprint)
    with pytest.raises(InputError, match="pinned already"):
        pin_card(by=None, container=theirs.container, fingerprint=theirs.fingerprint)
    with pytest.raises(ProtocolRefusedError):
        pin_card(by=None, container=b"no card", fingerprint="")


def test_a_following_card_is_pinned_on_the_signature_of_the_last(connected: Connected) -> None:
    pin_card(by=None, container=SECOND.container)
    pin_card(by=None, container=THIRD.container, fingerprint=THIRD.fingerprint)
    assert serials() == [1, 2, 3]
    assert partner_card("SN").digest == THIRD.digest


def test_a_following_card_with_another_fingerprint_than_told_is_refused(connected: Connected) -> None:
    with pytest.raises(TrustRefusedError, match="fingerprint"):
        pin_card(by=None, container=SECOND.container, fingerprint=FIRST.fingerprint)
    assert serials() == [1]


def test_a_whole_chain_is_pinned_on_the_newest_cards_fingerprint(connected: Connected) -> None:
    PartnerCard.objects.all().delete()
    chain = [card.container for card in (FIRST, SECOND, THIRD)]
    with pytest.raises(TrustRefusedError):
        pin_cards(by=None, containers=chain, fingerprint=FIRST.fingerprint)
    pin_cards(by=None, containers=chain, fingerprint=THIRD.fingerprint)
    assert serials() == [1, 2, 3]


@pytest.mark.parametrize(
    "card",
    [
        THIRD,
        pack_card(replace(SECOND.card), signing=Signing(NEW_KEY.signer, exchange.NOW)),
        pack_card(
            replace(SECOND.card, previous="0" * 64), signing=Signing(pki.state("SN").authority.signer, exchange.NOW)
        ),
    ],
    ids=["a serial left out", "signed by its own key", "another before it"],
)
def test_a_card_that_does_not_follow_is_pinned_by_nobody(connected: Connected, card: SignedCard) -> None:
    with pytest.raises(ProtocolRefusedError):
        pin_card(by=None, container=card.container, fingerprint=card.fingerprint)
    assert serials() == [1]


# ---- stolen


def test_after_a_theft_only_a_comparison_counts(connected: Connected) -> None:
    report_compromise(by=None, digest=FIRST.digest, since=connected.clock.now())
    with pytest.raises(ComparisonNeededError):
        pin_card(by=None, container=SECOND.container)
    with pytest.raises(ComparisonNeededError):
        follow_cards(partner="SN", containers=[SECOND.container])
    pin_card(by=None, container=SECOND.container, fingerprint=SECOND.fingerprint)
    # The key of the second was not stolen: what it signs follows again by itself.
    follow_cards(partner="SN", containers=[THIRD.container])
    assert serials() == [1, 2, 3]


def test_a_card_that_tells_of_the_theft_itself_is_not_believed_alone(connected: Connected) -> None:
    word = Revocation(FIRST.digest, connected.clock.now(), compromised=True, reason="Fictional theft.")
    card = rotated(FIRST, revocations=(word,))
    with pytest.raises(ComparisonNeededError):
        follow_cards(partner="SN", containers=[card.container])
    pin_card(by=None, container=card.container, fingerprint=card.fingerprint)
    assert trust_directory().compromised_since(FIRST.digest) is not None


def test_a_mere_revocation_is_followed(connected: Connected) -> None:
    word = Revocation(FIRST.digest, connected.clock.now(), compromised=False, reason="An error in it (fictional).")
    card = rotated(FIRST, revocations=(word,))
    assert follow_cards(partner="SN", containers=[card.container]).digest == card.digest


def test_of_two_reports_the_earlier_counts(bureau: Bureau) -> None:
    digest, now = own_card(bureau.other.home).digest, bureau.clock.now()
    for since in (now, now - dt.timedelta(days=1), now):
        report_compromise(by=bureau["max"], digest=digest, since=since)
    assert PartnerCard.objects.get().compromised_at == now - dt.timedelta(days=1)
    assert Event.objects.filter(action="card-compromised").count() == 2
    with pytest.raises(InputError, match="No card with this digest"):
        report_compromise(by=None, digest="0" * 64, since=now)
    with pytest.raises(InputError, match="time zone"):
        report_compromise(by=None, digest=digest, since=now.replace(tzinfo=None))


# ---- fetched


def test_new_cards_are_fetched_and_followed_one_by_one(connected: Connected) -> None:
    shown(connected, FIRST, SECOND, THIRD)
    look(connected)
    assert serials() == [1, 2, 3]
    assert set(PartnerCard.objects.filter(serial__gt=1).values_list("pinned_by", flat=True)) == {"system:worker"}
    assert list(Event.objects.filter(action="card-followed").values_list("details__serial", flat=True)) == [2, 3]
    look(connected)
    assert serials() == [1, 2, 3]
    assert not Alarm.objects.exists()


@pytest.mark.parametrize(
    "cards",
    [
        (
            pack_card(
                replace(FIRST.card, name="Another"), signing=Signing(pki.state("SN").authority.signer, exchange.NOW)
            ),
        ),
        (FIRST, pack_card(replace(SECOND.card), signing=Signing(NEW_KEY.signer, exchange.NOW))),
        (exchange.card_of("MN"),),
        (FIRST, exchange.card_of("NL")),
    ],
    ids=["another first card", "signed by itself", "another State's", "our own State's"],
)
def test_a_card_that_contradicts_is_an_alarm_and_changes_nothing(
    connected: Connected, cards: tuple[SignedCard, ...]
) -> None:
    shown(connected, *cards)
    look(connected)
    assert serials() == [1]
    alarm = Alarm.objects.get()
    assert (alarm.kind, alarm.cause) == ("card", "card:SN")
    assert "does not follow" in alarm.sentence
    shown(connected, FIRST)
    look(connected)
    alarm.refresh_from_db()
    assert alarm.ended_at is not None


def test_after_a_theft_the_new_card_waits_for_a_person(connected: Connected) -> None:
    report_compromise(by=None, digest=FIRST.digest, since=connected.clock.now())
    shown(connected, FIRST, SECOND)
    with open_client("SN", FIRST.card) as client:
        look_for_card("SN", client)
    assert serials() == [1]
    assert "Compare the new card's fingerprint" in Alarm.objects.get().sentence
    assert CardLook.objects.get().code == "comparison-needed"


def test_partners_are_asked_twice_a_day_and_sooner_with_a_reason(connected: Connected) -> None:
    def asked() -> int:
        return connected.line.asked.count("GET /card")

    shown(connected, FIRST)
    connected.work()
    assert asked() == 1
    connected.work(60, seconds=600)
    assert asked() == 1
    connected.work(13, seconds=600)
    assert asked() == 2
    CardLook.objects.update(wanted_at=connected.clock.now())
    connected.work(2, seconds=30)
    assert asked() == 3


def test_a_partner_that_does_not_answer_is_asked_again(connected: Connected) -> None:
    connected.line.cut = unreachable
    connected.work(1, seconds=600)
    assert CardLook.objects.get().code == "partner-unreachable"
    assert cards_to_look_for() == []


def test_a_letter_under_an_unknown_card_is_taken_once_the_card_was_fetched(connected: Connected) -> None:
    connected.work(1, seconds=120)
    second = following(FIRST)
    shown(connected, FIRST, second)
    letter = exchange.plain_letter(
        "SN",
        "NL",
        sender=second.party,
        recipient=own_card(connected.bureau.office.home).party,
        act={**exchange.ACT, "kind": "notification"},
        sealed_at=connected.clock.now(),
    )
    recipients = own_card(connected.bureau.office.home).card.letter_recipients
    data = seal_letter(exchange.pack(letter), recipients, chance=connected.node.ids)

    def receive() -> bytes:
        return receive_letter(partner="SN", letter_id=letter.id, sealed=data, at=connected.clock.now())

    with pytest.raises(ProtocolRefusedError) as refusal:
        receive()
    assert refusal.value.code == "card-unknown"
    connected.work(1, seconds=5)
    assert serials() == [1, 2]
    assert receive()


def test_a_stranger_makes_us_look_for_nothing(connected: Connected) -> None:
    want_card("FR")
    assert not CardLook.objects.exists()


def test_a_card_that_ended_is_no_reason_not_to_ask_for_the_next(connected: Connected) -> None:
    second = following(FIRST, valid_until=dt.date(2030, 1, 1))
    shown(connected, FIRST, second)
    connected.clock.advance(dt.timedelta(days=500))
    with pytest.raises(TrustRefusedError):
        partner_card("SN")
    connected.work(1, seconds=5)
    assert partner_card("SN").digest == second.digest
