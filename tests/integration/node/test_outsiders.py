"""A State that has no part in a case cannot write into it, and no State keeps another's letters or parts out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dedere.casework.acts import ACT_VERSION
from dedere.crypto.age import parse_recipient, seal
from dedere.crypto.digests import sha256_hex
from dedere.node.audit.models import Event
from dedere.node.cases import actions as cases
from dedere.node.cases.models import Case, Letter
from dedere.node.evidence.models import Item
from dedere.node.exchange.actions import append_part, part_receipt, pin_card, receive_letter
from dedere.node.exchange.arriving import arrived_parts, verify_part
from dedere.node.exchange.models import IncomingPart
from dedere.node.trust import own_card
from dedere.protocol.codes import Then, what_then
from dedere.protocol.errors import OrderRefusedError, PartRefusedError
from dedere.protocol.letter import Letter as ProtocolLetter
from dedere.protocol.letter import LetterRef, Part, seal_letter
from support import exchange
from support.conditioned import received
from support.incoming import a_letter, packed, sealed
from support.offices import Bureau


@pytest.fixture
def mongolia(bureau: Bureau) -> str:
    """Mongolia is a partner like any other, with its own cases."""
    card = exchange.card_of("MN")
    pin_card(by=None, container=card.container, fingerprint=card.fingerprint)
    return "MN"


def brings(bureau: Bureau, letter: ProtocolLetter) -> str:
    """A letter of Mongolia's at our door: its identifier."""
    recipients = own_card(bureau.office.home).card.letter_recipients
    data = seal_letter(exchange.pack(letter), recipients, chance=bureau.other.identifiers)
    receive_letter(partner="MN", letter_id=letter.id, sealed=data, at=bureau.clock.now())
    return letter.id


def of_mongolia(bureau: Bureau, word: str, **changes: object) -> ProtocolLetter:
    act = {
        **exchange.ACT,
        "version": ACT_VERSION,
        "kind": "withdrawal",
        "officer": {"name": "Bold (fictional)", "role": "case-officer"},
        "body": {"text": "Not theirs to withdraw (fictional)."},
    }
    letter = exchange.plain_letter(
        "MN",
        "NL",
        id=exchange.identifier(word),
        case=exchange.identifier(f"case of {word}"),
        recipient=own_card(bureau.office.home).party,
        sealed_at=bureau.clock.now(),
        act=act,
    )
    return replace(letter, **changes)  # type: ignore[arg-type]  # the caller names fields of a letter


def test_an_outsiders_letter_is_no_part_of_a_case_whose_identifier_it_learned(bureau: Bureau, mongolia: str) -> None:
    """P-112."""
    case = bureau.asked()
    before, digest = case.state["proceedings"], case.record_digest
    outsider = of_mongolia(
        bureau,
        "outsider",
        case=case.pk,
        answers=tuple(LetterRef(letter.pk, letter.digest) for letter in case.letters.all()),
    )
    outsider = replace(outsider, act={**outsider.act, "proceeding": before[0]["id"]})
    with pytest.raises(OrderRefusedError) as refusal:
        brings(bureau, outsider)
    assert refusal.value.code == "sender-no-party"
    # It may get a part later, by an act that is still on its way.
    assert what_then("sender-no-party") is Then.RETRY
    case.refresh_from_db()
    assert (case.state["proceedings"], case.record_digest) == (before, digest)
    assert not Letter.objects.filter(sender=mongolia).exists()
    last = Event.objects.order_by("-sequence")[0]
    assert (last.action, last.details["code"], last.details["from"]) == ("letter-refused", "sender-no-party", mongolia)
    asked = case.letters.get(sender="SN")
    cases.take_up(by=bureau["rosa"], letter_id=asked.pk)
    body = {"own_reference": case.reference, "received_on": bureau.clock.now().date().isoformat()}
    ours = bureau.sent(bureau.proposed(case, "acknowledgement", body, by="rosa"), author="rosa")
    assert case.letters.get(pk=ours).answers == [[asked.pk, asked.digest]]


def test_a_case_of_its_own_is_open_to_every_partner(bureau: Bureau, mongolia: str) -> None:
    bureau.asked()
    letter = brings(bureau, of_mongolia(bureau, "own"))
    assert Case.objects.get(letters=letter).partner == mongolia


def test_an_act_that_brings_every_state_of_a_case_together_may_come_from_a_new_one(
    bureau: Bureau, mongolia: str
) -> None:
    case = bureau.asked()
    proposal = of_mongolia(bureau, "team", case=case.pk)
    body = {"members": [mongolia, "NL", "SN"], "circular": proposal.id, "circulated_at": "2026-11-24T09:00:00Z"}
    letter = brings(bureau, replace(proposal, act={**proposal.act, "kind": "proposal", "body": body}))
    assert case.letters.get(pk=letter).sender == mongolia
    half = of_mongolia(bureau, "half", case=exchange.identifier("case of half"))
    other = replace(half, case=bureau.requested().pk, act={**half.act, "body": {"members": [mongolia, "NL"]}})
    with pytest.raises(OrderRefusedError):
        brings(bureau, other)


def test_where_nothing_has_effect_yet_a_copy_of_another_state_may_come_first(bureau: Bureau, mongolia: str) -> None:
    early = of_mongolia(bureau, "early")
    brings(bureau, early)
    letter = a_letter(bureau, case=early.case)
    receive_letter(
        partner="SN", letter_id=letter.id, sealed=sealed(bureau, packed(bureau, letter)), at=bureau.clock.now()
    )
    assert {each.sender for each in Letter.objects.filter(case=early.case)} == {mongolia, "SN"}


def parted(bureau: Bureau, name: str, content: bytes) -> tuple[Part, bytes]:
    """A part of Mongolia's under a chosen identifier, sealed to us."""
    recipients = [parse_recipient(text) for text in own_card(bureau.office.home).card.letter_recipients]
    data = seal(content, recipients, chance=bureau.other.identifiers)
    payload = data[data.index(b"\n", data.index(b"\n--- ") + 1) + 1 :]
    part = exchange.part_of(
        "squatted",
        len(content),
        id=name,
        sha256=sha256_hex(content),
        sealed_size=len(data),
        sealed_sha256=sha256_hex(data),
        payload_sha256=sha256_hex(payload),
        conditions=(),
    )
    return part, data


def test_a_part_that_another_state_named_first_comes_in_all_the_same(bureau: Bureau, mongolia: str) -> None:
    """P-108: both parts are kept, and letters go on speaking of each by the name that its letter gave it."""
    name = exchange.identifier("a part in the letters of two States")
    part, data = parted(bureau, name, b"%PDF-1.7 what Mongolia put there (fictional)")
    squat = brings(bureau, of_mongolia(bureau, "squat", parts=(part,)))
    append_part(partner=mongolia, letter_id=squat, part_id=name, offset=0, length=len(data), pieces=[data])
    (arrived,) = arrived_parts()
    verify_part(arrived)

    original = bureau._sealed_file
    setattr(bureau, "_sealed_file", lambda *file: (replace((made := original(*file))[0], id=name), made[1]))  # noqa: B010 - one file under a chosen name
    case, item = received(bureau)

    assert (item.part_id, item.part) == (name, name)
    assert item.pk != name
    assert Item.objects.get(pk=name).origin == mongolia
    assert {row.letter_id: row.part for row in IncomingPart.objects.all()} == {squat: name, item.letter: name}
    receipts = {part_receipt(partner=mongolia, letter_id=squat, part_id=name)}
    receipts.add(part_receipt(partner="SN", letter_id=item.letter, part_id=name))
    assert len(receipts) == 2
    # The custody receipt that `received` sent speaks of the item as Senegal does, and the ledger has it.
    signed = case.letters.get(kind="custody-receipt")
    assert [row["item"] for row in signed.act["body"]["items"]] == [name]
    assert [entry.entry["event"] for entry in item.entries.all()] == ["ingested", "received"]
    case.refresh_from_db()
    assert case.state["timeline"][-1]["status"] == "applied"


def test_one_state_cannot_use_a_name_twice(bureau: Bureau, mongolia: str) -> None:
    name = exchange.identifier("twice")
    part, _data = parted(bureau, name, b"%PDF-1.7 one (fictional)")
    brings(bureau, of_mongolia(bureau, "first of two", parts=(part,)))
    with pytest.raises(PartRefusedError) as refusal:
        brings(bureau, of_mongolia(bureau, "second of two", parts=(part,)))
    assert refusal.value.code == "parts-contradict"
