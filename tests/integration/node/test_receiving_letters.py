"""Letters at the door of a node: what is refused leaves nothing behind but a line in the log."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import pytest

from dedere.node.audit.models import Event
from dedere.node.cases.models import Case, Letter
from dedere.node.exchange.actions import receive_letter, report_compromise
from dedere.node.exchange.models import IncomingLetter, IncomingPart, PartnerCard
from dedere.node.trust import own_card
from dedere.protocol.errors import ProtocolRefusedError
from dedere.protocol.letter import Letter as ProtocolLetter
from support.incoming import a_letter, packed, sealed
from support.offices import Bureau


def receive(bureau: Bureau, data: bytes, letter: ProtocolLetter, *, partner: str = "SN") -> bytes:
    return receive_letter(partner=partner, letter_id=letter.id, sealed=data, at=bureau.clock.now())


def assert_refused(bureau: Bureau, data: bytes, letter: ProtocolLetter, *, code: str, partner: str = "SN") -> None:
    before = sorted(path.name for path in bureau.office.home.letters.iterdir())
    with pytest.raises(ProtocolRefusedError) as refusal:
        receive(bureau, data, letter, partner=partner)
    assert refusal.value.code == code
    assert Letter.objects.filter(pk=letter.id).count() == 0 or Letter.objects.get(pk=letter.id).digest
    assert sorted(path.name for path in bureau.office.home.letters.iterdir()) == before
    last = Event.objects.order_by("-sequence")[0]
    assert (last.action, last.details["code"]) == ("letter-refused", code)


def test_a_true_letter_is_recorded_once_with_its_receipt(bureau: Bureau) -> None:
    letter = a_letter(bureau)
    data = sealed(bureau, packed(bureau, letter))
    first = receive(bureau, data, letter)
    assert receive(bureau, data, letter) == first
    assert Letter.objects.count() == IncomingLetter.objects.count() == Case.objects.count() == 1
    assert [path.name for path in bureau.office.home.letters.iterdir()] == [f"{letter.id}.age"]


@pytest.mark.parametrize("place", [0, 40, 300, 2000, -1, -40])
def test_a_flipped_byte_is_refused_at_the_seal(bureau: Bureau, place: int) -> None:
    letter = a_letter(bureau)
    data = bytearray(sealed(bureau, packed(bureau, letter)))
    data[place] ^= 1
    with pytest.raises(ProtocolRefusedError) as refusal:
        receive(bureau, bytes(data), letter)
    assert refusal.value.code in {"seal-broken", "seal-not-for-us"}
    assert not Letter.objects.exists()
    assert not Case.objects.exists()


def test_a_truncated_letter_is_refused(bureau: Bureau) -> None:
    letter = a_letter(bureau)
    assert_refused(bureau, sealed(bureau, packed(bureau, letter))[:-100], letter, code="seal-broken")


def test_a_letter_for_another_authority_is_refused(bureau: Bureau) -> None:
    letter = a_letter(bureau, recipient=own_card(bureau.other.home).party)
    assert_refused(bureau, sealed(bureau, packed(bureau, letter)), letter, code="recipient-wrong")


def test_a_letter_of_another_than_its_bringer_is_refused(bureau: Bureau) -> None:
    letter = a_letter(bureau)
    data = sealed(bureau, packed(bureau, letter))
    assert_refused(bureau, data, letter, code="sender-differs", partner="FR")


def test_a_letter_under_an_unknown_card_is_refused(bureau: Bureau) -> None:
    letter = a_letter(bureau)
    data = sealed(bureau, packed(bureau, letter))
    PartnerCard.objects.all().delete()
    assert_refused(bureau, data, letter, code="card-unknown")


def test_a_letter_under_an_expired_card_is_refused(bureau: Bureau) -> None:
    letter = a_letter(bureau)
    data = sealed(bureau, packed(bureau, replace(letter, sealed_at=letter.sealed_at.replace(year=2029))))
    with pytest.raises(ProtocolRefusedError) as refusal:
        receive(bureau, data, letter)
    assert refusal.value.code in {"card-expired", "sealed-in-future"}


def test_a_letter_under_a_compromised_card_is_refused(bureau: Bureau) -> None:
    letter = a_letter(bureau)
    data = sealed(bureau, packed(bureau, letter))
    report_compromise(by=None, digest=own_card(bureau.other.home).digest, since=bureau.clock.now())
    with pytest.raises(ProtocolRefusedError) as refusal:
        receive(bureau, data, letter)
    assert refusal.value.code.startswith("card-")


def test_another_letter_under_a_known_identifier_is_refused_and_the_first_stays(bureau: Bureau) -> None:
    letter = a_letter(bureau)
    receive(bureau, sealed(bureau, packed(bureau, letter)), letter)
    digest = Letter.objects.get().digest
    other = replace(letter, case=bureau.other.identifiers.new())
    with pytest.raises(ProtocolRefusedError):
        receive(bureau, sealed(bureau, packed(bureau, other)), other)
    assert Letter.objects.get().digest == digest


def test_an_archive_with_a_path_upwards_is_refused(bureau: Bureau) -> None:
    letter = a_letter(bureau)

    def add(name: str) -> bytes:
        buffer = io.BytesIO(packed(bureau, letter))
        with zipfile.ZipFile(buffer, "a") as archive:
            archive.writestr(name, b"x")
        return buffer.getvalue()

    for name in ("../evil", "/etc/evil", "a\\b"):
        with pytest.raises(ProtocolRefusedError) as refusal:
            receive(bureau, sealed(bureau, add(name)), letter)
        assert refusal.value.code.startswith("container-")
    assert not Letter.objects.exists()


def test_an_unknown_kind_of_act_is_refused(bureau: Bureau) -> None:
    letter = a_letter(bureau)
    letter = replace(letter, act={**letter.act, "kind": "invented"})
    assert_refused(bureau, sealed(bureau, packed(bureau, letter)), letter, code="content-schema")


def test_an_act_that_the_procedure_forbids_is_kept_and_changes_nothing(bureau: Bureau) -> None:
    case = bureau.asked()
    before = case.state["proceedings"]
    bureau.arrives("closure", {"text": "Out of turn (fictional)."}, case=case)
    case.refresh_from_db()
    assert case.state["proceedings"] == before
    assert case.state["timeline"][-1]["status"] == "refused"


def test_parts_are_expected_only_as_announced(bureau: Bureau) -> None:
    bureau.arrives("request", {}, files=None)
    assert not IncomingPart.objects.exists()
