"""DER: written as openssl reads it, read only in its one form."""

from __future__ import annotations

import datetime as dt

import pytest

from dedere.crypto import der
from dedere.crypto.der_reading import DerError, Reader, read_one


@pytest.mark.parametrize("size", [0, 1, 127, 128, 255, 256, 65535, 65536])
def test_every_length_is_written_and_read(size: int) -> None:
    assert read_one(der.octets(bytes(size))).octets() == bytes(size)


@pytest.mark.parametrize("value", [0, 1, 127, 128, 255, 256, 2**63, 2**127 + 1])
def test_numbers_are_written_and_read(value: int) -> None:
    assert read_one(der.integer(value)).integer() == value


@pytest.mark.parametrize(
    "dotted", ["1.2.840.113549.1.7.2", "2.25.150836210183207366530184116407116113513", "0.9", "2.999.3"]
)
def test_identifiers_are_written_and_read(dotted: str) -> None:
    assert read_one(der.identifier(dotted)).identifier() == dotted


def test_times_are_written_and_read() -> None:
    for moment in (dt.datetime(2026, 11, 24, 9, 30, tzinfo=dt.UTC), dt.datetime(2050, 1, 1, tzinfo=dt.UTC)):
        assert read_one(der.time(moment)).time() == read_one(der.generalized_time(moment)).time() == moment
    assert read_one(b"\x17\x0d990101000000Z").time().year == 1999
    assert read_one(der.element(0x18, b"20261124093000.25Z")).time().microsecond == 250_000


def test_a_set_is_sorted() -> None:
    assert der.set_of([der.integer(2), der.integer(1)]) == bytes.fromhex("3106020101020102")


@pytest.mark.parametrize(
    "data",
    [
        "",
        "30",
        "3080020101" + "0000",
        "308101" + "00",
        "30820001" + "00",
        "3002" + "01",
        "1f0100",
        "0500" + "00",
        "30850000000001" + "00",
        "3082",
    ],
    ids=[
        "nothing",
        "no length",
        "indefinite length",
        "long form for a short length",
        "leading zero in the length",
        "cut content",
        "tag in long form",
        "something after the end",
        "length of five bytes",
        "cut length",
    ],
)
def test_another_form_is_refused(data: str) -> None:
    with pytest.raises(DerError):
        read_one(bytes.fromhex(data))


@pytest.mark.parametrize("data", ["0200", "020180", "02020001", "0400", "0202ff01"])
def test_a_number_in_another_form_is_refused(data: str) -> None:
    with pytest.raises(DerError):
        read_one(bytes.fromhex(data)).integer()


@pytest.mark.parametrize("data", ["0600", "060180", "06028001", "06032a8001", "0500"])
def test_an_identifier_in_another_form_is_refused(data: str) -> None:
    with pytest.raises(DerError):
        read_one(bytes.fromhex(data)).identifier()


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        (0x17, b"2611240930Z"),
        (0x17, b"261124093000+0100"),
        (0x17, b"261324093000Z"),
        (0x18, b"20261124093000"),
        (0x18, b"20261124093000.0Z"),
        (0x18, b"20261124093000.Z"),
        (0x18, b"20261124256000Z"),
        (0x04, b"20261124093000Z"),
    ],
)
def test_a_time_in_another_form_is_refused(tag: int, text: bytes) -> None:
    with pytest.raises(DerError):
        read_one(der.element(tag, text)).time()


def test_a_reader_takes_only_what_is_expected() -> None:
    reader = Reader(der.integer(1) + der.NULL)
    assert reader.optional(0x30) is None
    assert reader.next(0x02).integer() == 1
    with pytest.raises(DerError):
        reader.end()
    with pytest.raises(DerError):
        reader.next(0x30)
    with pytest.raises(DerError):
        read_one(der.octets(der.NULL)).only_child()
    with pytest.raises(DerError):
        read_one(der.octets(b"")).children()
    assert list(read_one(der.sequence()).children().rest()) == []
