"""Whatever bytes come, the parsers give a value or one of their own refusals, in bounded time, and nothing else."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedere.crypto.canonical import canonical_json
from dedere.protocol.archive import ArchiveLimits, read_archive, write_archive
from dedere.protocol.card import CardChain, read_card
from dedere.protocol.container import open_container
from dedere.protocol.content import VERSIONS, check_content
from dedere.protocol.errors import ContainerRefusedError, ProtocolRefusedError
from dedere.protocol.intake import check_container, check_letter
from dedere.protocol.mailbox import read_mailbox
from dedere.protocol.manifest import read_manifest
from dedere.protocol.receipt import read_receipt
from dedere.transport.http_signature import RequestHead, require_signed
from support import exchange
from support.exchange import NOW, plain_letter
from support.scenarios.containers import manifest_text
from support.scenarios.requests import URL, signed
from support.zips import Entry, Zip

LIMITS = ArchiveLimits(members=16, member_bytes=4096, total_bytes=65536)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=20,
)
NAMES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{0,20}(/[a-z0-9]{1,8}){0,3}", fullmatch=True)


def refused_or_fine(parse: object, *arguments: object) -> None:
    assert callable(parse)
    try:
        parse(*arguments)
    except ProtocolRefusedError:
        return


@given(st.dictionaries(NAMES, st.binary(max_size=500), min_size=1, max_size=8))
def test_p010_what_is_written_is_read(members: dict[str, bytes]) -> None:
    if len({name.lower() for name in members}) != len(members):
        return

    assert read_archive(write_archive(members), LIMITS) == members


@given(st.binary(max_size=2000))
def test_p011_any_bytes_as_a_zip(data: bytes) -> None:
    with pytest.raises(ContainerRefusedError):
        read_archive(data, LIMITS)


ENTRIES = st.builds(
    Entry,
    name=st.binary(max_size=30) | NAMES.map(str.encode),
    content=st.binary(max_size=60),
    method=st.sampled_from([0, 0, 8, 12, 65535]),
    flags=st.sampled_from([0, 0, 1, 8, 2048]),
    checksum=st.none() | st.integers(0, 2**32 - 1),
    size=st.none() | st.integers(0, 2**32 - 1),
    extra=st.sampled_from([b"", b"", b"\x01\x00\x02\x00xx"]),
)


@given(st.lists(ENTRIES, max_size=5), st.binary(max_size=5), st.booleans())
def test_p016_a_zip_that_is_accepted_is_the_one_we_would_write(
    entries: list[Entry],
    comment: bytes,
    hide: bool,  # noqa: FBT001 - drawn
) -> None:
    data = Zip(entries, entries[1:] if hide else None, comment).data()
    try:
        members = read_archive(data, LIMITS)
    except ContainerRefusedError:
        return

    assert write_archive({name: bytes(content) for name, content in members.items()}) == data


@given(st.data())
def test_p102_to_p106_a_flipped_bit_anywhere_is_refused(data: st.DataObject) -> None:
    sealed = exchange.good_sealed()
    place = data.draw(st.integers(0, len(sealed) - 1))
    bit = data.draw(st.integers(0, 7))
    spoiled = sealed[:place] + bytes([sealed[place] ^ (1 << bit)]) + sealed[place + 1 :]

    with pytest.raises(ProtocolRefusedError):
        check_letter(spoiled, exchange.receiver_of(), arrival=exchange.ARRIVAL, record=exchange.Record())


@given(st.data())
def test_p103_to_p106_a_flipped_bit_inside_the_seal_is_refused(data: st.DataObject) -> None:
    container = exchange.good_container()
    place = data.draw(st.integers(0, len(container) - 1))
    spoiled = container[:place] + bytes([container[place] ^ 1]) + container[place + 1 :]

    with pytest.raises(ProtocolRefusedError):
        check_container(spoiled, exchange.directory(), now=NOW)


@given(st.integers(0, 16383))
def test_p011_a_letter_cut_anywhere_is_refused(length: int) -> None:
    with pytest.raises(ContainerRefusedError):
        open_container(exchange.good_container()[:length])


@given(st.binary(max_size=500) | st.text(max_size=500).map(str.encode))
def test_p021_any_bytes_as_a_manifest(data: bytes) -> None:
    refused_or_fine(read_manifest, data)


@given(st.data())
def test_p021_a_spoiled_manifest(data: st.DataObject) -> None:
    text = manifest_text()
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 40)))
    new = data.draw(st.sampled_from(["", "<", ">", '"', "&x;", "<!--", "]]>", "<!DOCTYPE a>", text[end : end + 30]]))

    refused_or_fine(read_manifest, (text[:start] + new + text[end:]).encode())


@given(st.binary(max_size=300))
def test_p032_any_bytes_as_content(data: bytes) -> None:
    for kind in ("letter", "card", "machine-receipt", "mailbox"):
        with pytest.raises(ProtocolRefusedError):
            check_content(data, kinds=(kind,))


@given(JSON, st.sampled_from(sorted(VERSIONS)))
def test_p034_any_json_as_content(value: object, version: str) -> None:
    data = canonical_json({"version": version, "more": value})

    with pytest.raises(ProtocolRefusedError):
        check_content(data, kinds=(version.partition("/")[0].removeprefix("dedere-"),))


@given(st.data())
def test_p034_a_letter_with_anything_in_one_place(data: st.DataObject) -> None:
    value = plain_letter().as_json()
    key = data.draw(st.sampled_from(sorted(value)))
    value[key] = data.draw(JSON)

    refused_or_fine(lambda: check_content(canonical_json(value), kinds=("letter",)))


@given(st.binary(max_size=300))
def test_any_bytes_as_card_receipt_or_mailbox(data: bytes) -> None:
    for parse in (read_card, CardChain.begin, read_receipt, read_mailbox):
        refused_or_fine(parse, data)


HEADER = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=200)


@given(HEADER, HEADER, HEADER, st.sampled_from(["GET", "POST", "HEAD"]))
def test_p150_any_headers_as_a_signature(inputs: str, signature: str, other: str, method: str) -> None:
    headers = {"Signature-Input": inputs, "Signature": signature, "content-digest": other, "dedere-to": "SN"}

    with pytest.raises(ProtocolRefusedError):
        require_signed(RequestHead(method, URL, headers), exchange.directory(), recipient="SN", now=NOW)


@settings(max_examples=150)
@given(st.data())
def test_p152_a_signed_request_with_one_character_changed_is_refused(data: st.DataObject) -> None:
    headers = signed(dedere_letter=plain_letter().id)
    covered = ["dedere-to", "content-digest", "dedere-letter", "Signature-Input"]
    name = data.draw(st.sampled_from(covered))
    place = data.draw(st.integers(0, len(headers[name]) - 1))
    new = data.draw(st.characters(min_codepoint=33, max_codepoint=126))
    if headers[name][place].lower() == new.lower():
        return
    changed = {**headers, name: headers[name][:place] + new + headers[name][place + 1 :]}
    if name == "Signature-Input" and json.dumps(changed[name]).count("dedere=") == 0:
        # The label alone is not signed; with another label the signature is not found.
        assert changed[name] != headers[name]

    with pytest.raises(ProtocolRefusedError):
        require_signed(RequestHead("POST", URL, changed), exchange.directory(), recipient="SN", now=NOW)
