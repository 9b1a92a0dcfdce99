"""A medium carried by hand: the same bytes, checks and receipts as by network, whatever else is on it."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from dedere.base.errors import FacilityError, InputError
from dedere.node.audit.models import Event
from dedere.node.cases.models import Case, Letter
from dedere.node.evidence.actions import attach_upload
from dedere.node.evidence.models import Item
from dedere.node.exchange.actions import append_part, withdraw_letter
from dedere.node.exchange.actions.receiving_parts import hold_part
from dedere.node.exchange.models import IncomingLetter, IncomingPart, OutgoingLetter
from dedere.node.exchange.packing import pack
from dedere.node.exchange.sending import recover_deliveries
from dedere.node.exchange.unpacking import unpack
from dedere.node.trust import own_card
from dedere.protocol.errors import DeliveryError
from dedere.protocol.letter import Letter as ProtocolLetter
from dedere.protocol.letter import Part, seal_letter
from dedere.transport.carrier import Bearing, CarriedPart, CarrierWriter, open_carrier
from dedere.transport.errors import CarrierFacilityError
from support import exchange
from support.connected import Connected, unreachable
from support.exchange import identifier
from support.offices import upload
from support.scenarios.letters import flipped

FILE = b"%PDF-1.7 a fictional annex " * 400


@dataclass
class Carried:
    """What goes onto a medium: sealed letters, parts and receipts, by their identifiers."""

    letters: dict[str, bytes] = field(default_factory=dict)
    parts: dict[tuple[str, str], bytes] = field(default_factory=dict)
    receipts: dict[tuple[str, str | None], bytes] = field(default_factory=dict)

    def write(self, folder: Path, connected: Connected, *, to: str = "NL", by: str = "SN") -> Path:
        writer = CarrierWriter(folder)
        for letter, data in self.letters.items():
            writer.put_letter(letter, data)
        for (letter, part), data in self.parts.items():
            writer.put_part(letter, part, io.BytesIO(data))
        for (letter, of), data in self.receipts.items():
            writer.put_receipt(letter, data, part_id=of)
        writer.finish(Bearing(by, to, connected.clock.now()))
        return folder


def senegals(connected: Connected, word: str, **changes: object) -> tuple[ProtocolLetter, bytes]:
    """A letter from Senegal to us, sealed."""
    home = connected.bureau.office.home
    letter = exchange.plain_letter(
        "SN",
        "NL",
        id=identifier(word),
        case=identifier(f"case of {word}"),
        recipient=own_card(home).party,
        sealed_at=connected.clock.now(),
        act={**exchange.ACT, "kind": "notification"},
    )
    letter = dataclasses.replace(letter, **changes)  # type: ignore[arg-type]  # the caller names fields of a letter
    sealed = seal_letter(exchange.pack(letter), own_card(home).card.letter_recipients, chance=connected.node.ids)
    return letter, sealed


def part_for_us(connected: Connected, data: bytes = FILE) -> tuple[Part, bytes]:
    return connected.bureau._sealed_file("record.pdf", data, connected.node.ids)


def queued(connected: Connected, *, files: int = 0) -> OutgoingLetter:
    """Our request, sealed and queued."""
    draft = connected.bureau.drafted()
    for number in range(files):
        annex = upload(f"annex-{number}.pdf", FILE + bytes([number]))
        attach_upload(by=connected.bureau["anna"], draft_id=draft.pk, upload=annex)
    connected.bureau.sent(draft)
    return OutgoingLetter.objects.get()


def taken_in_there(connected: Connected, folder: Path) -> Carried:
    """Senegal's node takes a carrier in: the receipts it gives."""
    carrier, node = open_carrier(folder), connected.node
    at = connected.clock.now()
    receipts: dict[tuple[str, str | None], bytes] = {}
    for letter in carrier.letters:
        receipts[letter, None] = node.receive_letter(
            partner=None, letter_id=letter, sealed=carrier.read_letter(letter), at=at
        )
    for part in carrier.parts:
        with carrier.open_part(part) as source:
            data = source.read()
        node.append_part(
            partner="NL", letter_id=part.letter, part_id=part.part, offset=0, length=len(data), pieces=[data]
        )
        receipts[part.letter, part.part] = node.part_receipt(partner="NL", letter_id=part.letter, part_id=part.part)
    return Carried(receipts=receipts)


def logged(action: str) -> list[Mapping[str, object]]:
    return list(Event.objects.filter(action=action).values_list("details", flat=True))


def codes() -> list[object]:
    return [details["code"] for details in logged("carried-refused")]


# ---- out


def test_a_letter_goes_out_and_its_receipts_come_back_on_the_medium(connected: Connected, tmp_path: Path) -> None:
    letter = queued(connected, files=2)
    packed = pack(partner="SN", medium=tmp_path)
    assert (packed.letters, packed.parts) == (1, 2)
    assert packed.folder.name == f"NL-SN-{connected.clock.now():%Y%m%dT%H%M%SZ}"
    assert logged("carrier-packed") == [{"to": "SN", "letters": 1, "parts": 2}]
    carrier = open_carrier(packed.folder)
    assert (carrier.sender, carrier.recipient) == ("NL", "SN")
    assert carrier.read_letter(letter.pk) == bytes(letter.sealed)
    for part in letter.parts.all():
        with carrier.open_part(CarriedPart(letter.pk, part.pk)) as source:
            assert hashlib.sha256(source.read()).hexdigest() == part.facts["sealed_sha256"]
    taken_in_there(connected, packed.folder).write(tmp_path / "answer", connected)
    done = unpack(medium=tmp_path)
    assert (done.letters, done.parts, done.receipts_taken, done.refusals) == (0, 0, 3, [])
    letter.refresh_from_db()
    assert (letter.state, letter.complete, letter.receipt is not None) == ("delivered", True, True)
    assert logged("letter-delivered") == [{"to": "SN", "by": "mailbox"}]
    assert len(logged("part-delivered")) == 2
    with pytest.raises(InputError, match="Nothing waits for SN"):
        pack(partner="SN", medium=tmp_path)
    # Taken in again, nothing changes.
    assert unpack(medium=tmp_path).receipts_taken == 3
    letter.refresh_from_db()
    assert letter.complete


def test_what_was_packed_may_have_been_seen_and_the_network_still_tries(connected: Connected, tmp_path: Path) -> None:
    letter = queued(connected)
    pack(partner="SN", medium=tmp_path)
    with pytest.raises(DeliveryError, match="may have left the house"):
        withdraw_letter(by=connected.bureau["bram"], letter_id=letter.pk)
    connected.work()
    letter.refresh_from_db()
    assert letter.state == "delivered"


def test_only_what_is_missing_over_there_is_packed(connected: Connected, tmp_path: Path) -> None:
    queued(connected, files=1)
    connected.work()  # the letter arrives, its part is not yet begun
    first = pack(partner="SN", medium=tmp_path)
    assert (first.letters, first.parts) == (0, 1)
    second = pack(partner="SN", medium=tmp_path)
    assert second.folder.name == f"{first.folder.name}-2"
    third = pack(partner="SN", medium=tmp_path)
    assert third.folder.name == f"{first.folder.name}-3"


def test_what_is_refused_or_taken_back_is_not_packed(connected: Connected, tmp_path: Path) -> None:
    letter = queued(connected)
    withdraw_letter(by=connected.bureau["bram"], letter_id=letter.pk)
    with pytest.raises(InputError, match="Nothing waits"):
        pack(partner="SN", medium=tmp_path)
    assert list(tmp_path.iterdir()) == [connected.bureau.office.home.folder]


@pytest.mark.parametrize("partner", ["NL", "MN", "", "../SN"])
def test_only_a_partner_whose_card_is_pinned_gets_a_carrier(connected: Connected, tmp_path: Path, partner: str) -> None:
    queued(connected)
    with pytest.raises(InputError, match="No card of"):
        pack(partner=partner, medium=tmp_path)
    assert OutgoingLetter.objects.get().exposed is False


def test_a_medium_that_cannot_be_written_leaves_no_carrier_and_the_letter_waits(
    connected: Connected, tmp_path: Path
) -> None:
    letter = queued(connected)
    (tmp_path / "file").write_bytes(b"no folder")
    with pytest.raises(CarrierFacilityError):
        pack(partner="SN", medium=tmp_path / "file")
    letter.refresh_from_db()
    assert (letter.state, letter.exposed) == ("queued", True)


def test_an_object_that_is_gone_from_the_vault_ends_the_packing_before_there_is_a_carrier(
    connected: Connected, tmp_path: Path
) -> None:
    queued(connected, files=1)
    for path in connected.bureau.office.home.vault.rglob("*"):
        if path.is_file():
            path.unlink()
    medium = tmp_path / "medium"
    with pytest.raises(Exception, match=r"\."):
        pack(partner="SN", medium=medium)
    assert list(medium.glob("*/carrier.json")) == []
    with pytest.raises(InputError, match="holds no carrier"):
        unpack(medium=medium)


# ---- in


def test_a_letter_with_a_part_is_taken_in_and_receipts_go_back(connected: Connected, tmp_path: Path) -> None:
    part, data = part_for_us(connected)
    letter, sealed = senegals(connected, "first", parts=(part,))
    medium = tmp_path / "medium"
    Carried({letter.id: sealed}, {(letter.id, part.id): data}).write(medium / "outward", connected)
    done = unpack(medium=medium)
    assert (done.letters, done.parts, done.refusals) == (1, 1, [])
    assert Letter.objects.get().pk == letter.id
    assert Item.objects.get().sha256 == part.sha256
    (folder,) = done.receipts
    assert folder.parent == medium
    back = open_carrier(folder)
    assert (back.sender, back.recipient) == ("NL", "SN")
    assert back.read_receipt(letter.id) == bytes(IncomingLetter.objects.get().receipt)
    assert back.read_receipt(letter.id, part_id=part.id) == bytes(IncomingPart.objects.get().receipt or b"")
    assert logged("carrier-unpacked") == [{"letters": 1, "parts": 1, "refused": 0}]
    # Again, with the receipts on the medium already: nothing new, and no second carrier.
    again = unpack(medium=medium)
    assert (again.letters, again.parts, again.receipts, again.refusals) == (0, 0, [], [])
    assert Letter.objects.count() == Item.objects.count() == 1


def test_the_receipts_of_a_medium_that_is_a_carrier_itself_lie_beside_it(connected: Connected, tmp_path: Path) -> None:
    letter, sealed = senegals(connected, "first")
    medium = Carried({letter.id: sealed}).write(tmp_path / "bag" / "carrier", connected)
    (folder,) = unpack(medium=medium).receipts
    assert folder.parent == tmp_path / "bag"


def test_a_part_that_began_by_network_is_finished_by_hand(connected: Connected, tmp_path: Path) -> None:
    part, data = part_for_us(connected)
    letter, sealed = senegals(connected, "first", parts=(part,))
    medium = tmp_path / "medium"
    Carried({letter.id: sealed}).write(medium / "1", connected)
    unpack(medium=medium)
    half = len(data) // 2
    append_part(partner="SN", letter_id=letter.id, part_id=part.id, offset=0, length=half, pieces=[data[:half]])
    Carried(parts={(letter.id, part.id): data}).write(medium / "2", connected)
    assert unpack(medium=medium).parts == 1
    assert Item.objects.get().sha256 == part.sha256


def test_parts_are_taken_after_the_letters_that_announce_them_wherever_they_lie(
    connected: Connected, tmp_path: Path
) -> None:
    part, data = part_for_us(connected)
    letter, sealed = senegals(connected, "first", parts=(part,))
    medium = tmp_path / "medium"
    # The carrier with the part comes first by name: its part waits for the medium to be taken in again.
    Carried(parts={(letter.id, part.id): data}).write(medium / "1", connected)
    Carried({letter.id: sealed}).write(medium / "2", connected)
    first = unpack(medium=medium)
    again = unpack(medium=medium)
    assert (first.letters + again.letters, first.parts + again.parts) == (1, 1)


# ---- refused


def test_what_is_refused_is_named_logged_and_hinders_nothing_else(connected: Connected, tmp_path: Path) -> None:
    part, data = part_for_us(connected)
    good, sealed = senegals(connected, "good", parts=(part,))
    bad, false = senegals(connected, "bad")
    nobody = identifier("nobody announced it")
    medium = tmp_path / "medium"
    Carried(
        {bad.id: flipped(false, -100), good.id: sealed},
        {(good.id, nobody): data, (good.id, part.id): data},
        {(good.id, None): b"no receipt"},
    ).write(medium / "one", connected)
    done = unpack(medium=medium)
    assert (done.letters, done.parts, done.receipts_taken) == (1, 1, 0)
    assert len(done.refusals) == 3
    assert any(bad.id in sentence and "seal" in sentence.lower() for sentence in done.refusals)
    assert any(nobody in sentence and "announced" in sentence for sentence in done.refusals)
    assert logged("letter-refused") == [{"code": "seal-broken", "from": "by hand"}]
    assert sorted(map(str, codes())) == ["unknown-object", "unknown-object"]
    assert logged("carrier-unpacked") == [{"letters": 1, "parts": 1, "refused": 3}]


def test_a_false_part_is_forgotten_and_the_true_one_is_taken_later(connected: Connected, tmp_path: Path) -> None:
    part, data = part_for_us(connected)
    letter, sealed = senegals(connected, "first", parts=(part,))
    medium = tmp_path / "medium"
    false = Carried({letter.id: sealed}, {(letter.id, part.id): flipped(data, -50)})
    false.write(medium / "1", connected)
    done = unpack(medium=medium)
    assert (done.letters, done.parts) == (1, 0)
    assert "not what its letter says" in done.refusals[0]
    assert logged("part-refused") == [{"code": "part-digest", "from": "SN"}]
    assert not Item.objects.exists()
    (medium / "1" / "carrier.json").unlink()
    Carried(parts={(letter.id, part.id): data}).write(medium / "2", connected)
    assert unpack(medium=medium).parts == 1


@pytest.mark.parametrize("cut", [1, 5000])
def test_a_part_of_another_length_than_announced_is_refused(connected: Connected, tmp_path: Path, cut: int) -> None:
    part, data = part_for_us(connected)
    letter, sealed = senegals(connected, "first", parts=(part,))
    medium = tmp_path / "medium"
    Carried({letter.id: sealed}, {(letter.id, part.id): data[:-cut]}).write(medium / "1", connected)
    done = unpack(medium=medium)
    assert (done.letters, done.parts) == (1, 0)
    assert codes() == ["part-length"]
    assert IncomingPart.objects.get().state == "expected"


def test_a_file_that_changed_on_the_way_is_refused_by_the_carriers_own_list(
    connected: Connected, tmp_path: Path
) -> None:
    letter, sealed = senegals(connected, "first")
    medium = tmp_path / "medium"
    folder = Carried({letter.id: sealed}).write(medium / "1", connected)
    (folder / "letters" / f"{letter.id}.age").write_bytes(flipped(sealed, 900))
    done = unpack(medium=medium)
    assert (done.letters, len(done.refusals)) == (0, 1)
    assert codes() == ["carrier-digest"]
    assert not IncomingLetter.objects.exists()


def test_a_broken_carrier_beside_a_good_one_is_named(connected: Connected, tmp_path: Path) -> None:
    letter, sealed = senegals(connected, "first")
    medium = tmp_path / "medium"
    Carried({letter.id: sealed}).write(medium / "good", connected)
    (medium / "broken").mkdir()
    (medium / "broken" / "carrier.json").write_text(json.dumps({"version": "dedere-carrier/1", "files": "../../etc"}))
    done = unpack(medium=medium)
    assert done.letters == 1
    assert [sentence.partition(":")[0] for sentence in done.refusals] == ["broken"]
    assert codes() == ["carrier-form"]


def test_a_medium_with_nothing_but_a_broken_carrier_says_so_once(connected: Connected, tmp_path: Path) -> None:
    (tmp_path / "medium" / "broken").mkdir(parents=True)
    (tmp_path / "medium" / "broken" / "carrier.json").write_bytes(b"[" * 1000)
    done = unpack(medium=tmp_path / "medium")
    assert len(done.refusals) == 1
    assert done.receipts == []


@pytest.mark.parametrize("to", ["SN", "MN"])
def test_a_carrier_for_another_authority_is_left_alone(connected: Connected, tmp_path: Path, to: str) -> None:
    letter, sealed = senegals(connected, "first")
    Carried({letter.id: sealed}).write(tmp_path / "medium" / "theirs", connected, to=to)
    with pytest.raises(InputError, match="holds no carrier for NL"):
        unpack(medium=tmp_path / "medium")
    assert not IncomingLetter.objects.exists()


def test_a_letter_in_a_bag_of_another_sender_is_judged_by_its_own_signature(
    connected: Connected, tmp_path: Path
) -> None:
    letter, sealed = senegals(connected, "first")
    Carried({letter.id: sealed}).write(tmp_path / "medium" / "1", connected, by="MN")
    done = unpack(medium=tmp_path / "medium")
    assert done.letters == 1
    # The receipt is for whoever signed the letter.
    assert open_carrier(done.receipts[0]).recipient == "SN"
    assert IncomingLetter.objects.get().partner == "SN"


def test_a_receipt_of_another_letter_does_not_deliver_ours(connected: Connected, tmp_path: Path) -> None:
    letter = queued(connected)
    case = Case.objects.get(pk=letter.case)
    second = connected.bureau.sent(
        connected.bureau.proposed(case, "supplement", {"text": "One thing more (fictional)."}, by="anna")
    )
    packed = pack(partner="SN", medium=tmp_path)
    receipts = taken_in_there(connected, packed.folder).receipts
    swapped: dict[tuple[str, str | None], bytes] = {
        (letter.pk, None): receipts[second, None],
        (second, None): receipts[letter.pk, None],
    }
    Carried(receipts=swapped).write(tmp_path / "answer", connected)
    done = unpack(medium=tmp_path)
    assert (done.receipts_taken, len(done.refusals)) == (0, 2)
    assert codes() == ["receipt-wrong", "receipt-wrong"]
    assert set(OutgoingLetter.objects.values_list("state", flat=True)) == {"queued"}


def test_an_upload_that_is_under_way_is_not_disturbed(connected: Connected, tmp_path: Path) -> None:
    part, data = part_for_us(connected)
    letter, sealed = senegals(connected, "first", parts=(part,))
    Carried({letter.id: sealed}, {(letter.id, part.id): data}).write(tmp_path / "medium" / "1", connected)
    with hold_part(part.id), pytest.raises(FacilityError, match="Another upload"):
        unpack(medium=tmp_path / "medium")
    assert unpack(medium=tmp_path / "medium").parts == 1


def test_a_medium_that_cannot_be_read_is_the_environments_fault(connected: Connected, tmp_path: Path) -> None:
    with pytest.raises(CarrierFacilityError):
        unpack(medium=tmp_path / "nothing")


def test_a_receipt_by_hand_ends_what_the_network_could_not_bring(connected: Connected, tmp_path: Path) -> None:
    letter = queued(connected)
    connected.line.cut = unreachable
    connected.work(3, seconds=5)
    packed = pack(partner="SN", medium=tmp_path)
    taken_in_there(connected, packed.folder).write(tmp_path / "answer", connected)
    unpack(medium=tmp_path)
    recover_deliveries()
    letter.refresh_from_db()
    assert (letter.state, letter.failures, letter.last_code) == ("delivered", 0, "")


def test_all_of_these_use_no_line(connected: Connected, tmp_path: Path) -> None:
    queued(connected)
    pack(partner="SN", medium=tmp_path)
    with pytest.raises(InputError):
        unpack(medium=tmp_path)
    assert connected.line.asked == []
