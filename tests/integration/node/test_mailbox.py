"""What waits here for a partner that fetches: the same letters and receipts, only that the partner is who calls."""

from __future__ import annotations

import dataclasses
import io

import httpx2
import pytest

from dedere.gateway import urls
from dedere.gateway.admission import Bounds
from dedere.node.audit.models import Event
from dedere.node.evidence.actions import attach_upload
from dedere.node.exchange.actions import pin_card, withdraw_letter
from dedere.node.exchange.actions.refusals import RefusalLog
from dedere.node.exchange.models import OutgoingLetter
from dedere.node.trust import own_card
from dedere.protocol.card import key_id
from dedere.protocol.errors import DeliveryError
from dedere.protocol.letter import MAX_SEALED_BYTES, Part
from dedere.transport.client import NodeClient, Wire
from dedere.transport.errors import PartnerRefusedError
from dedere.transport.http_signature import ClientIdentity
from support import exchange, pki
from support.connected import Connected
from support.doors import wsgi_of
from support.offices import upload

FILE = b"%PDF-1.7 a fictional annex " * 400


def senegal(connected: Connected, state: str = "SN") -> NodeClient:
    """The client of a partner that fetches at our own gateway."""
    gateway = dataclasses.replace(urls.gateway, bounds=Bounds(), refused=RefusalLog().note)
    keys = pki.state(state).gateway
    return NodeClient(
        own_card(connected.bureau.office.home).card,
        ClientIdentity(keys.signer, key_id(keys.certificate.decode())),
        clock=connected.clock,
        ids=connected.node.ids,
        wire=Wire(transport=httpx2.WSGITransport(app=wsgi_of(gateway))),
    )


def queued(connected: Connected, *, files: int = 0) -> OutgoingLetter:
    draft = connected.bureau.drafted()
    for number in range(files):
        annex = upload(f"annex-{number}.pdf", FILE + bytes([number]))
        attach_upload(by=connected.bureau["anna"], draft_id=draft.pk, upload=annex)
    connected.bureau.sent(draft)
    return OutgoingLetter.objects.get()


def fetched(connected: Connected, client: NodeClient, letter: OutgoingLetter) -> bytes:
    """Senegal fetches the letter and takes it in: its receipt."""
    sealed = client.fetch_letter(letter.pk, at_most=MAX_SEALED_BYTES)
    return connected.node.receive_letter(
        partner="NL", letter_id=letter.pk, sealed=sealed, at=connected.clock.now().replace(microsecond=0)
    )


def test_a_letter_with_its_parts_is_fetched_and_every_receipt_given_back(connected: Connected) -> None:
    letter = queued(connected, files=2)
    client = senegal(connected)
    (entry,) = client.mailbox()
    assert (entry.letter, entry.sealed_size, len(entry.parts)) == (letter.pk, letter.sealed_size, 2)
    client.send_receipt(letter.pk, fetched(connected, client, letter))
    (entry,) = client.mailbox()
    assert (entry.sealed_size, len(entry.parts)) == (0, 2)
    for part in letter.parts.all():
        facts, sink = Part.from_json(part.facts), io.BytesIO()
        client.fetch_part(letter.pk, facts, sink)
        where = {"partner": "NL", "letter_id": letter.pk, "part_id": part.pk}
        connected.node.append_part(offset=0, length=facts.sealed_size, pieces=[sink.getvalue()], **where)
        client.send_receipt(letter.pk, connected.node.part_receipt(**where), part_id=part.pk)
    assert client.mailbox() == ()
    letter.refresh_from_db()
    assert (letter.state, letter.complete) == ("delivered", True)
    by_gateway = Event.objects.filter(actor="system:gateway", case=letter.case).values_list("action", "details__by")
    assert list(by_gateway) == [
        ("letter-delivered", "mailbox"),
        ("part-delivered", "mailbox"),
        ("part-delivered", "mailbox"),
    ]


def test_a_letter_that_was_fetched_may_have_been_read_and_cannot_be_taken_back(connected: Connected) -> None:
    letter = queued(connected)
    senegal(connected).fetch_letter(letter.pk, at_most=MAX_SEALED_BYTES)
    with pytest.raises(DeliveryError, match="may have left the house"):
        withdraw_letter(by=connected.bureau["bram"], letter_id=letter.pk)


def test_what_was_taken_back_is_in_no_mailbox(connected: Connected) -> None:
    letter = queued(connected)
    withdraw_letter(by=connected.bureau["bram"], letter_id=letter.pk)
    client = senegal(connected)
    assert client.mailbox() == ()
    with pytest.raises(PartnerRefusedError) as refusal:
        client.fetch_letter(letter.pk, at_most=MAX_SEALED_BYTES)
    assert refusal.value.code == "unknown-object"


def test_nobody_sees_what_waits_for_another(connected: Connected) -> None:
    letter = queued(connected, files=1)
    part = letter.parts.get()
    mongolia = exchange.card_of("MN")
    pin_card(by=None, container=mongolia.container, fingerprint=mongolia.fingerprint)
    client = senegal(connected, "MN")
    assert client.mailbox() == ()
    facts = Part.from_json(part.facts)
    for attempt in (
        lambda: client.fetch_letter(letter.pk, at_most=MAX_SEALED_BYTES),
        lambda: client.fetch_part(letter.pk, facts, io.BytesIO()),
        lambda: client.send_receipt(letter.pk, b"receipt"),
        lambda: client.send_receipt(letter.pk, b"receipt", part_id=part.pk),
    ):
        with pytest.raises(PartnerRefusedError) as refusal:
            attempt()
        assert refusal.value.code == "unknown-object"
    assert OutgoingLetter.objects.get().exposed is False
    assert Event.objects.filter(action="request-refused", details={"code": "unknown-object", "from": "MN"}).count() == 1


def test_a_part_that_is_not_of_this_letter_does_not_exist(connected: Connected) -> None:
    letter = queued(connected, files=1)
    client = senegal(connected)
    facts = dataclasses.replace(Part.from_json(letter.parts.get().facts), id="a" * 26)
    for attempt in (
        lambda: client.fetch_part(letter.pk, facts, io.BytesIO()),
        lambda: client.send_receipt(letter.pk, b"receipt", part_id=facts.id),
    ):
        with pytest.raises(PartnerRefusedError) as refusal:
            attempt()
        assert refusal.value.code == "unknown-object"


def test_a_false_receipt_delivers_nothing_and_is_logged(connected: Connected) -> None:
    letter = queued(connected, files=1)
    client = senegal(connected)
    receipt = fetched(connected, client, letter)
    for false, part in ((b"thank you", None), (receipt, letter.parts.get().pk), (receipt[:-10], None)):
        with pytest.raises(PartnerRefusedError) as refusal:
            client.send_receipt(letter.pk, false, part_id=part)
        assert refusal.value.code == "receipt-wrong"
    letter.refresh_from_db()
    assert (letter.state, letter.receipt) == ("queued", None)
    assert Event.objects.filter(action="request-refused", details={"code": "receipt-wrong", "from": "SN"}).count() == 1
    client.send_receipt(letter.pk, receipt)
    letter.refresh_from_db()
    assert letter.state == "delivered"


def test_a_receipt_given_twice_counts_once(connected: Connected) -> None:
    letter = queued(connected, files=1)
    client = senegal(connected)
    receipt = fetched(connected, client, letter)
    client.send_receipt(letter.pk, receipt)
    delivered = OutgoingLetter.objects.get().delivered_at
    client.send_receipt(letter.pk, receipt)
    assert OutgoingLetter.objects.get().delivered_at == delivered
    assert Event.objects.filter(action="letter-delivered").count() == 1
    part, sink = letter.parts.get(), io.BytesIO()
    client.fetch_part(letter.pk, Part.from_json(part.facts), sink)
    where = {"partner": "NL", "letter_id": letter.pk, "part_id": part.pk}
    connected.node.append_part(offset=0, length=len(sink.getvalue()), pieces=[sink.getvalue()], **where)
    for _ in range(2):
        client.send_receipt(letter.pk, connected.node.part_receipt(**where), part_id=part.pk)
    assert Event.objects.filter(action="part-delivered").count() == 1
