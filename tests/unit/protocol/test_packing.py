"""Packing: the same bytes for the same members, and nothing that the reader would refuse."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest

from dedere.base.errors import DefectError
from dedere.crypto.errors import Indication, SubIndication
from dedere.protocol.archive import ArchiveLimits, read_archive, write_archive
from dedere.protocol.container import (
    Signing,
    open_container,
    pack_container,
    require_passed,
    size_class,
    verify_container,
)
from dedere.protocol.content import MAX_JSON_BYTES, VERSIONS, check_content, load_schema, write_content
from dedere.protocol.errors import (
    ContainerRefusedError,
    ContentRefusedError,
    ProtocolUseError,
    SealRefusedError,
    SignatureRefusedError,
)
from dedere.protocol.intake import check_letter
from dedere.protocol.letter import MAX_SEALED_BYTES, pack_letter
from dedere.protocol.mailbox import MailboxEntry, MailboxPart, read_mailbox, write_mailbox
from dedere.protocol.receipt import SentLetter, pack_receipt, read_receipt
from support import exchange, pki
from support.exchange import NOW, identifier, part_of, plain_letter
from support.scenarios.receipts import machine, of_part

NL = pki.state("NL")


def test_p010_any_zip_program_reads_the_same_members() -> None:
    container = exchange.good_container()

    with zipfile.ZipFile(io.BytesIO(container)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        act = archive.read("act.pdf")

    assert names[0] == "mimetype"
    assert names[-1] == "META-INF/padding"
    assert act == exchange.PDF
    assert open_container(container).members["act.pdf"] == act


def test_p010_the_same_members_give_the_same_bytes() -> None:
    members = {"b.txt": b"b", "a.txt": b"a"}

    assert write_archive(members) == write_archive(dict(members))
    assert read_archive(write_archive(members), ArchiveLimits()) == members


def test_p010_an_empty_zip_is_no_container() -> None:
    empty = io.BytesIO()
    zipfile.ZipFile(empty, "w").close()

    with pytest.raises(ContainerRefusedError) as error:
        open_container(empty.getvalue())
    assert error.value.code == "container-form"


@pytest.mark.parametrize("name", ["../a", "/a", "a\\b", "", "mimetype", "META-INF/x", "ä", "\ud800"])
def test_p012_a_name_that_would_be_refused_is_not_packed(name: str) -> None:
    with pytest.raises(DefectError):
        pack_container({name: b""}, signer=NL.authority.signer, signed_at=NOW)


def test_nothing_is_not_packed() -> None:
    with pytest.raises(ProtocolUseError):
        pack_container({}, signer=NL.authority.signer, signed_at=NOW)
    with pytest.raises(ProtocolUseError):
        write_archive({})


@pytest.mark.parametrize("length", [0, 1, 5_000, 14_000, 15_500, 16_000, 100_000])
def test_p026_padding_brings_the_whole_to_its_class(length: int) -> None:
    container = pack_container({"a.txt": bytes(length)}, signer=NL.authority.signer, signed_at=NOW, pad=True)

    assert size_class(len(container)) == len(container)
    assert open_container(container).padded


def test_p025_two_signatures_are_verified_each() -> None:
    container = pack_container(
        {"a.txt": b"a"}, signer=NL.authority.signer, signed_at=NOW, second_signer=NL.gateway.signer
    )
    opened = open_container(container)

    verify_container(opened, trusted=[NL.authority.certificate.decode()], at=NOW)
    verify_container(opened, trusted=[NL.gateway.certificate.decode()], at=NOW, number=2)

    with pytest.raises(SignatureRefusedError) as error:
        verify_container(opened, trusted=[NL.gateway.certificate.decode()], at=NOW, number=3)
    assert error.value.code == "signature-missing"


def test_p027_what_cannot_be_determined_is_refused() -> None:
    container = pack_container({"a.txt": b"a"}, signer=NL.authority.signer, signed_at=NOW)
    report = verify_container(open_container(container), trusted=[NL.authority.certificate.decode()], at=None)

    assert report.indication is Indication.INDETERMINATE
    with pytest.raises(SignatureRefusedError) as error:
        require_passed(report)
    assert error.value.code == "signature-invalid"


def test_p027_a_claim_of_a_time_after_the_stamp_is_refused() -> None:
    late = NOW + dt.timedelta(days=1)
    container = pack_container(
        {"a.txt": b"a"}, signer=NL.authority.signer, signed_at=late, timestamper=NL.timestamper(NOW)
    )
    report = verify_container(
        open_container(container),
        trusted=[NL.authority.certificate.decode()],
        stamps=[NL.timestamp.certificate.decode()],
        at=late,
    )

    assert report.sub_indication is SubIndication.TIMESTAMP_ORDER_FAILURE
    with pytest.raises(SignatureRefusedError) as error:
        require_passed(report)
    assert error.value.code == "signature-time"


def test_p031_every_version_has_a_schema_that_is_one() -> None:
    for name in VERSIONS.values():
        schema = load_schema(name)
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert schema["description"]


def test_p034_what_its_reader_would_refuse_is_not_written() -> None:
    with pytest.raises(ProtocolUseError):
        write_content({"version": "dedere-letter/1"})
    with pytest.raises(ProtocolUseError):
        pack_letter(plain_letter(sequence=0), exchange.PDF, signing=Signing(NL.authority.signer, NOW))


def test_p034_json_over_its_limit_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(ContentRefusedError):
        check_content(b" " * (MAX_JSON_BYTES + 1), kinds=("letter",))


def test_p101_a_letter_over_its_limit_is_refused_before_it_is_opened() -> None:
    with pytest.raises(SealRefusedError) as error:
        check_letter(
            bytes(MAX_SEALED_BYTES + 1), exchange.receiver_of(), arrival=exchange.ARRIVAL, record=exchange.Record()
        )
    assert error.value.code == "letter-too-large"


def test_p100_what_passed_is_given_back_whole() -> None:
    letter = plain_letter(parts=(part_of("film"),))
    container = exchange.pack(letter)

    received = check_letter(
        exchange.seal(container), exchange.receiver_of(), arrival=exchange.ARRIVAL, record=exchange.Record()
    )

    assert received.letter == letter
    assert received.container == container
    assert received.act_pdf == exchange.PDF
    assert (received.signed_at, received.stamped_at) == (NOW, NOW)
    assert received.card == exchange.card_of("NL")
    assert not received.duplicate


def test_p181_a_mailbox_is_read_as_it_was_written() -> None:
    entries = (MailboxEntry(identifier("a"), 100, (MailboxPart(identifier("b"), 5),)), MailboxEntry(identifier("c"), 0))

    assert read_mailbox(write_mailbox(entries)) == entries
    with pytest.raises(ContentRefusedError):
        read_mailbox(b"{}")


def test_p086_both_kinds_of_receipt_are_read_back() -> None:
    signing = Signing(pki.state("SN").gateway.signer, NOW)

    assert read_receipt(pack_receipt(machine(), signing=signing))[1] == machine()
    assert read_receipt(pack_receipt(of_part(), signing=signing))[1] == of_part()


def test_p080_a_padded_receipt_is_none() -> None:
    content = write_content(machine().as_json())
    padded = pack_container({"receipt.json": content}, signer=pki.state("SN").gateway.signer, signed_at=NOW, pad=True)

    with pytest.raises((ContentRefusedError, ContainerRefusedError)):
        read_receipt(padded)


def test_what_is_sent_is_known_by_its_facts() -> None:
    part = part_of("film")

    sent = SentLetter.of(plain_letter(parts=(part,)), "0" * 64)

    assert sent == SentLetter(identifier("letter"), "0" * 64, "SN", (part.id,))
