"""TLS to exactly the partner's certificate, over real sockets and the real server."""

from __future__ import annotations

import http.client
import io
import socket
import ssl
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from dedere.base.clock import FixedClock
from dedere.base.identifiers import RandomIdentifiers
from dedere.protocol.card import key_id
from dedere.transport.client import NodeClient
from dedere.transport.errors import PartnerUnreachableError
from dedere.transport.http_signature import ClientIdentity
from support import exchange, pki
from support.doors import MemoryNode, sealed_part
from support.served import served, tls_holder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


pytestmark = pytest.mark.network


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("door")
    node = MemoryNode("SN", FixedClock(exchange.NOW))
    with served(node, folder) as found:
        yield found


def client_to(address: str, *, pinned: str = "SN") -> NodeClient:
    keys = pki.state("NL").gateway
    tls = (tls_holder(pinned).certificate.decode(),)
    card = replace(exchange.card_of("SN").card, addresses=(address,), tls_certificates=tls)
    identity = ClientIdentity(keys.signer, key_id(keys.certificate.decode()))
    return NodeClient(card, identity, clock=FixedClock(exchange.NOW), ids=RandomIdentifiers())


def test_p160_letter_and_part_over_real_tls(address: str) -> None:
    part, sealed = sealed_part("film", b"a fictional film " * 1_000_000)
    letter = exchange.plain_letter(parts=(part,))
    sealed_letter = exchange.seal(exchange.pack(letter))

    with client_to(address) as client:
        receipt = client.deliver_letter(letter.id, sealed_letter)
        part_receipt = client.push_part(letter.id, part, io.BytesIO(sealed))

    assert receipt.startswith(b"PK")
    assert part_receipt.startswith(b"PK")


def test_p160_another_certificate_ends_the_connection_before_a_byte_is_sent(address: str) -> None:
    with client_to(address, pinned="NL") as client, pytest.raises(PartnerUnreachableError) as refused:
        client.fetch_card()

    assert refused.value.code == "partner-certificate"
    assert not refused.value.exposed


def test_p171_a_dead_partner_is_unreachable_and_nothing_was_exposed() -> None:
    with client_to("https://127.0.0.1:9") as client, pytest.raises(PartnerUnreachableError) as refused:
        client.fetch_card()

    assert refused.value.code == "partner-unreachable"
    assert not refused.value.exposed


def test_p200_strangers_learn_nothing(address: str) -> None:
    host, port = address.removeprefix("https://").split(":")
    context = ssl.create_default_context(cadata=tls_holder("SN").certificate.decode())
    for path in ("/letters", "/card", "/parts", "/admin", "/mailbox", "/"):
        connection = http.client.HTTPSConnection(host, int(port), context=context)
        connection.request("GET", path)
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (404, b"")
        connection.close()


def test_p161_tls_before_1_3_is_refused(address: str) -> None:
    host, port = address.removeprefix("https://").split(":")
    context = ssl.create_default_context(cadata=tls_holder("SN").certificate.decode())
    context.maximum_version = ssl.TLSVersion.TLSv1_2

    with socket.create_connection((host, int(port))) as plain, pytest.raises(ssl.SSLError):
        context.wrap_socket(plain, server_hostname=host)
