"""Carriage by hand: what was packed comes out, and what was spoiled on the way is named."""

from __future__ import annotations

import io
import json
import os
from typing import TYPE_CHECKING

import pytest

from dedere.base.clock import FixedClock
from dedere.crypto.canonical import canonical_json
from dedere.protocol.letter import MAX_SEALED_BYTES
from dedere.transport.carrier import Bearing, CarriedPart, CarrierWriter, carriers_on, open_carrier
from dedere.transport.errors import CarrierError, CarrierFacilityError
from support import exchange
from support.doors import MemoryNode, sealed_part
from support.exchange import NOW, identifier, plain_letter

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LETTER, PART = identifier("letter"), identifier("part")
BEARING = Bearing("NL", "SN", NOW)


@pytest.fixture
def carrier(tmp_path: Path) -> Path:
    folder = tmp_path / "medium" / "carrier"
    writer = CarrierWriter(folder)
    writer.put_letter(LETTER, b"a sealed letter")
    writer.put_part(LETTER, PART, io.BytesIO(b"a sealed part"))
    writer.put_receipt(LETTER, b"a receipt")
    writer.put_receipt(LETTER, b"a part receipt", part_id=PART)
    writer.finish(BEARING)
    return folder


def test_p230_what_was_packed_comes_out(carrier: Path) -> None:
    opened = open_carrier(carrier)

    assert (opened.sender, opened.recipient) == ("NL", "SN")
    assert opened.letters == (LETTER,)
    assert opened.parts == (CarriedPart(LETTER, PART),)
    assert set(opened.receipts) == {(LETTER, None), (LETTER, PART)}
    assert opened.read_letter(LETTER) == b"a sealed letter"
    assert opened.read_receipt(LETTER) == b"a receipt"
    assert opened.read_receipt(LETTER, part_id=PART) == b"a part receipt"
    assert opened.part_size(CarriedPart(LETTER, PART)) == len(b"a sealed part")
    with opened.open_part(CarriedPart(LETTER, PART)) as stream:
        assert stream.read() == b"a sealed part"


def test_p231_a_medium_holds_carriers(carrier: Path) -> None:
    (carrier.parent / "holiday pictures").mkdir()

    assert carriers_on(carrier.parent) == (carrier,)
    assert carriers_on(carrier) == (carrier,)
    with pytest.raises(CarrierFacilityError):
        carriers_on(carrier.parent / "nothing")


def test_p232_a_carrier_that_was_not_finished_is_none(tmp_path: Path) -> None:
    writer = CarrierWriter(tmp_path / "half")
    writer.put_letter(LETTER, b"a sealed letter")

    assert carriers_on(tmp_path) == ()
    with pytest.raises(CarrierError) as error:
        open_carrier(tmp_path / "half")
    assert error.value.code == "carrier-missing"


def test_p232_a_folder_that_exists_is_not_written_into(tmp_path: Path) -> None:
    with pytest.raises(CarrierFacilityError):
        CarrierWriter(tmp_path)


def listed(folder: Path, change: Callable[[dict[str, object]], None]) -> None:
    path = folder / "carrier.json"
    value = json.loads(path.read_text("utf-8"))
    change(value)
    path.write_bytes(canonical_json(value))


def twice(value: dict[str, object]) -> None:
    files = value["files"]
    assert isinstance(files, list)
    files.append(files[0])


def climbing(value: dict[str, object]) -> None:
    files = value["files"]
    assert isinstance(files, list)
    files[0]["path"] = "letters/../../etc/passwd"


@pytest.mark.parametrize("change", [twice, climbing, lambda value: value.update(version="dedere-carrier/9")])
def test_p233_a_list_that_is_none_is_refused(carrier: Path, change: Callable[[dict[str, object]], None]) -> None:
    listed(carrier, change)

    with pytest.raises(CarrierError) as error:
        open_carrier(carrier)
    assert error.value.code == "carrier-form"


def test_p234_a_file_that_is_gone_or_cut_is_named(carrier: Path) -> None:
    path = carrier / "letters" / f"{LETTER}.age"
    path.write_bytes(b"a sealed")
    with pytest.raises(CarrierError) as error:
        open_carrier(carrier)
    assert error.value.code == "carrier-missing"

    path.unlink()
    with pytest.raises(CarrierError) as error:
        open_carrier(carrier)
    assert error.value.code == "carrier-missing"


def test_p234_a_file_that_was_changed_is_refused_when_it_is_read(carrier: Path) -> None:
    (carrier / "letters" / f"{LETTER}.age").write_bytes(b"A sealed letter")

    opened = open_carrier(carrier)
    with pytest.raises(CarrierError) as error:
        opened.read_letter(LETTER)
    assert error.value.code == "carrier-digest"
    with pytest.raises(CarrierError) as error:
        opened.read_letter(PART)
    assert error.value.code == "carrier-missing"


def test_p235_links_and_devices_are_refused(carrier: Path) -> None:
    path = carrier / "letters" / f"{LETTER}.age"
    path.rename(carrier / "elsewhere")
    path.symlink_to(carrier / "elsewhere")
    with pytest.raises(CarrierError):
        open_carrier(carrier)

    path.unlink()
    os.mkfifo(path)
    with pytest.raises(CarrierError):
        open_carrier(carrier)


def test_p235_a_linked_folder_is_refused(carrier: Path) -> None:
    (carrier / "letters").rename(carrier / "elsewhere")
    (carrier / "letters").symlink_to(carrier / "elsewhere")

    with pytest.raises(CarrierError):
        open_carrier(carrier)


def test_p236_a_letter_over_its_limit_is_not_read(tmp_path: Path) -> None:
    writer = CarrierWriter(tmp_path / "carrier")
    writer.put_letter(LETTER, bytes(MAX_SEALED_BYTES + 1))
    writer.finish(BEARING)

    with pytest.raises(CarrierError) as error:
        open_carrier(tmp_path / "carrier").read_letter(LETTER)
    assert error.value.code == "carrier-limits"


def test_p237_a_letter_with_a_part_goes_by_hand_and_the_receipts_come_back(tmp_path: Path) -> None:
    clock = FixedClock(NOW)
    ours, theirs = MemoryNode("NL", clock), MemoryNode("SN", clock)
    part, sealed = sealed_part("film", b"a fictional film")
    ours.send(plain_letter(parts=(part,)), parts=(sealed,))
    there, back = CarrierWriter(tmp_path / "there"), CarrierWriter(tmp_path / "back")

    there.put_letter(LETTER, ours.sent(LETTER).sealed)
    there.put_part(LETTER, part.id, io.BytesIO(sealed))
    there.finish(BEARING)
    carried = open_carrier(tmp_path / "there")
    receipt = theirs.receive_letter(partner=None, letter_id=LETTER, sealed=carried.read_letter(LETTER), at=NOW)
    with carried.open_part(carried.parts[0]) as stream:
        pieces = [stream.read()]
    theirs.append_part(partner="NL", letter_id=LETTER, part_id=part.id, offset=0, length=len(sealed), pieces=pieces)
    back.put_receipt(LETTER, receipt)
    back.put_receipt(LETTER, theirs.part_receipt(partner="NL", letter_id=LETTER, part_id=part.id), part_id=part.id)
    back.finish(Bearing("SN", "NL", NOW))
    returned = open_carrier(tmp_path / "back")
    for letter_id, part_id in sorted(returned.receipts, key=str):
        data = returned.read_receipt(letter_id, part_id=part_id)
        ours.mailbox_receipt(partner="SN", letter_id=letter_id, part_id=part_id, receipt=data, at=NOW)

    assert ours.finished()
    assert theirs.taken(LETTER).letter.sender == exchange.card_of("NL").party
