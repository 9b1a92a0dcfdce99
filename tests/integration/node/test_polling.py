"""A node that nobody can reach fetches what partners hold for it: the same checks, the same receipts, once."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from dedere.crypto.digests import sha256_hex
from dedere.node.audit.models import Event
from dedere.node.cases.models import Letter
from dedere.node.evidence.models import Item
from dedere.node.exchange.actions import append_part, pin_card, receive_letter
from dedere.node.exchange.models import IncomingLetter, IncomingPart, PartnerCard
from dedere.node.exchange.polling import Mailboxes, polled_partners
from dedere.node.exchange.sending import open_client
from dedere.node.office import using
from dedere.node.trust import own_card
from dedere.protocol.delivery import OutgoingDelivery
from dedere.protocol.letter import Letter as ProtocolLetter
from dedere.protocol.letter import Part, seal_letter
from dedere.protocol.mailbox import MailboxEntry, MailboxPart, write_mailbox
from dedere.transport.errors import PartnerUnreachableError
from support import exchange
from support.connected import Connected, broken, connect, unreachable, wired
from support.doors import Sent
from support.exchange import identifier
from support.homes import fresh_office
from support.scenarios.letters import flipped

FILE = b"%PDF-1.7 a fictional annex " * 9000


@pytest.fixture
def polling(db: None, tmp_path: Path) -> Iterator[Connected]:
    """The office as a node that nobody can reach, and that empties every mailbox."""
    office = wired(fresh_office(tmp_path / "nl"))
    office = dataclasses.replace(office, home=dataclasses.replace(office.home, polls=("*",)))
    with using(office):
        yield connect(office)


def waits(
    connected: Connected, word: str, *, parts: tuple[tuple[Part, bytes], ...] = (), **changes: object
) -> ProtocolLetter:
    """A letter with its parts waits for us in Senegal's mailbox."""
    home, node = connected.bureau.office.home, connected.node
    letter = exchange.plain_letter(
        "SN",
        "NL",
        id=identifier(word),
        case=identifier(f"case of {word}"),
        recipient=own_card(home).party,
        sealed_at=connected.clock.now(),
        act={**exchange.ACT, "kind": "notification"},
        parts=tuple(part for part, _ in parts),
    )
    letter = dataclasses.replace(letter, **changes)  # type: ignore[arg-type]  # the caller names fields of a letter
    container = exchange.pack(letter)
    sealed = seal_letter(container, own_card(home).card.letter_recipients, chance=node.ids)
    delivery = OutgoingDelivery.queue(letter, connected.clock.now())
    row = Sent(delivery, letter, sha256_hex(container), sealed, tuple(data for _, data in parts))
    node.disk.put(("out", letter.id), row)
    return letter


def a_part(connected: Connected, data: bytes = FILE) -> tuple[Part, bytes]:
    return connected.bureau._sealed_file("record.pdf", data, connected.node.ids)


def spoil(connected: Connected, letter: ProtocolLetter, **changes: object) -> None:
    """What Senegal holds of the letter is something else from now on."""
    row = connected.node.sent(letter.id)
    connected.node.disk.put(("out", letter.id), dataclasses.replace(row, **changes))  # type: ignore[arg-type]


def asked(connected: Connected, start: str) -> int:
    return sum(line.startswith(start) for line in connected.line.asked)


def test_letters_and_parts_are_fetched_and_their_receipts_given_back(polling: Connected) -> None:
    letter = waits(polling, "first", parts=(a_part(polling), a_part(polling, FILE + b"2")))
    polling.work()
    assert Letter.objects.get().pk == letter.id
    assert Item.objects.count() == 2
    assert polling.node.finished()
    assert polling.node.sent(letter.id).receipts == (bytes(IncomingLetter.objects.get().receipt),)
    before = len(polling.line.asked)
    polling.work(4, seconds=10)
    assert asked(polling, "GET /mailbox") == 1 + 2 + 1 + 1  # the list, its parts, the letter, the list again
    assert len(polling.line.asked) - before == 1


def test_a_mailbox_is_emptied_twice_a_minute(polling: Connected) -> None:
    polling.work(30, seconds=10)
    assert asked(polling, "GET /mailbox") == 10


def test_only_the_partners_that_the_settings_name_and_that_have_an_address_are_polled(polling: Connected) -> None:
    assert polled_partners() == ["SN"]
    office = polling.bureau.office
    for polls, found in ((("MN",), []), (("MN", "SN"), ["SN"]), ((), [])):
        with using(dataclasses.replace(office, home=dataclasses.replace(office.home, polls=polls))):
            assert polled_partners() == found
    PartnerCard.objects.all().delete()
    silent = exchange.sign_card(exchange.plain_card("SN", addresses=()))
    pin_card(by=None, container=silent.container, fingerprint=silent.fingerprint)
    assert polled_partners() == []


def test_a_part_that_broke_off_goes_on_where_it_stands(polling: Connected) -> None:
    part, data = a_part(polling)
    letter = waits(polling, "first", parts=((part, data),))
    receive_letter(
        partner="SN", letter_id=letter.id, sealed=polling.node.sent(letter.id).sealed, at=polling.clock.now()
    )
    here = len(data) // 3
    append_part(partner="SN", letter_id=letter.id, part_id=part.id, offset=0, length=here, pieces=[data[:here]])
    ranges = []

    def listen(request: httpx2.Request) -> None:
        ranges.append(request.headers.get("range"))

    polling.line.answer = listen
    polling.work()
    assert f"bytes={here}-{len(data) - 1}" in ranges
    assert Item.objects.get().sha256 == part.sha256
    assert polling.node.finished()


def test_a_receipt_that_was_lost_is_given_again_and_nothing_fetched_twice(polling: Connected) -> None:
    letter = waits(polling, "first", parts=(a_part(polling),))

    def lose_receipts(request: httpx2.Request) -> httpx2.Response | None:
        if request.url.path.endswith("/receipt"):
            raise httpx2.ReadTimeout("The answer was lost.", request=request)
        return None

    polling.line.answer = lose_receipts
    polling.work(3, seconds=40)
    assert Letter.objects.count() == 1
    assert not polling.node.finished()
    polling.line.answer = lambda _request: None
    polling.work(10, seconds=40)
    assert polling.node.finished()
    assert asked(polling, f"GET /mailbox/{letter.id}") == 1 + 1  # the letter once, its part once
    assert Letter.objects.count() == Item.objects.count() == 1


def test_a_partner_that_is_not_reached_is_asked_later(polling: Connected) -> None:
    waits(polling, "first")
    polling.line.cut = unreachable
    polling.work(6, seconds=60)
    assert not Letter.objects.exists()
    polling.line.cut = None
    polling.work(10, seconds=60)
    assert Letter.objects.count() == 1


def test_a_connection_that_breaks_in_the_middle_keeps_what_is_here(polling: Connected) -> None:
    letter = waits(polling, "first", parts=(a_part(polling),))

    def cut_parts(request: httpx2.Request) -> httpx2.Response | None:
        if request.headers.get("range"):
            raise broken(request)
        return None

    polling.line.answer = cut_parts
    with open_client("SN") as client, pytest.raises(PartnerUnreachableError):
        Mailboxes().empty("SN", client)
    assert IncomingLetter.objects.get().pk == letter.id
    polling.line.answer = lambda _request: None
    with open_client("SN") as client:
        assert Mailboxes().empty("SN", client) == 1
    assert polling.node.finished()


def test_a_bad_letter_is_logged_asked_for_ever_more_rarely_and_hinders_no_other(polling: Connected) -> None:
    bad = waits(polling, "bad")
    spoil(polling, bad, sealed=flipped(polling.node.sent(bad.id).sealed, -100))
    good = waits(polling, "good")
    polling.work()
    assert [row.pk for row in Letter.objects.all()] == [good.id]
    assert Event.objects.get(action="letter-refused").details == {"code": "seal-broken", "from": "SN"}
    polling.work(120, seconds=30)
    tries = asked(polling, f"GET /mailbox/{bad.id}")
    assert 60 / 4 <= tries <= 60
    assert tries == Event.objects.filter(action="letter-refused").count()
    # Once the partner has put it right, it is taken.
    bad_again = waits(polling, "bad")
    polling.work(12, seconds=30)
    assert Letter.objects.filter(pk=bad_again.id).exists()


def test_a_false_part_is_forgotten_and_fetched_again_from_its_beginning(polling: Connected) -> None:
    part, data = a_part(polling)
    letter = waits(polling, "first", parts=((part, data),))
    spoil(polling, letter, parts=(flipped(data, -100),))
    polling.work()
    assert not Item.objects.exists()
    assert IncomingPart.objects.get().state == "expected"
    assert Event.objects.get(action="part-refused").details == {"code": "part-digest", "from": "SN"}
    spoil(polling, letter, parts=(data,))
    polling.work(2, seconds=31)
    assert Item.objects.get().sha256 == part.sha256


def listed(connected: Connected, *entries: MailboxEntry) -> None:
    """From now on Senegal's mailbox lists these."""

    def answer(request: httpx2.Request) -> httpx2.Response | None:
        if request.url.path != "/mailbox":
            return None
        return httpx2.Response(200, stream=httpx2.ByteStream(write_mailbox(entries)))

    connected.line.answer = answer


def test_a_part_that_no_letter_announced_is_not_taken(polling: Connected) -> None:
    letter = waits(polling, "first")
    size = len(polling.node.sent(letter.id).sealed)
    listed(polling, MailboxEntry(letter.id, size, (MailboxPart(identifier("stranger"), 500),)))
    polling.work()
    assert Letter.objects.count() == 1
    assert not IncomingPart.objects.exists()
    assert asked(polling, f"GET /mailbox/{letter.id}/") == 0


def test_a_letter_that_is_not_there_although_it_is_listed_hinders_no_other(polling: Connected) -> None:
    good = waits(polling, "good")
    size = len(polling.node.sent(good.id).sealed)
    listed(polling, MailboxEntry(identifier("gone"), 100), MailboxEntry(good.id, size))
    polling.work()
    assert [row.pk for row in Letter.objects.all()] == [good.id]


def test_a_letter_under_another_identifier_than_listed_is_refused(polling: Connected) -> None:
    one, other = waits(polling, "one"), waits(polling, "other")
    spoil(polling, one, sealed=polling.node.sent(other.id).sealed)
    polling.node.disk.rows.pop(("out", other.id))
    polling.work()
    assert not Letter.objects.exists()
    assert Event.objects.get(action="letter-refused").details["code"] == "letter-id-differs"


@pytest.mark.parametrize("answer", [b"no list", b'{"version":"dedere-mailbox/1","letters":7}', b""])
def test_an_answer_that_is_no_list_closes_the_line_for_a_while_and_no_more(polling: Connected, answer: bytes) -> None:
    waits(polling, "first")
    polling.line.answer = lambda request: (
        httpx2.Response(200, stream=httpx2.ByteStream(answer)) if request.url.path == "/mailbox" else None
    )
    polling.work(3, seconds=31)
    assert not Letter.objects.exists()
    polling.line.answer = lambda _request: None
    polling.work(10, seconds=31)
    assert Letter.objects.count() == 1
